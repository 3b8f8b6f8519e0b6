// SPDX-License-Identifier: GPL-2.0-or-later
/* exo_disk.c - disk requests on every kind of disk: done, refused, in any order. */
#include "exo_disk.h"

#define AT HOST_DATA_VA
#define COUNT 2u /* sectors of a request */

uint32_t disk_kind, data_frame, done_frame;

void boot_disk(uint32_t kind, uint32_t programs)
{
    disk_kind = kind;
    boot_config(
        (struct host_config){.cores = 1, .programs = programs, .disk_kind = kind});
}

void boot_request(uint32_t kind)
{
    boot_disk(kind, 2);
    EXPECT(CALL(extent_alloc, X, DISK_FIRST, DISK_COUNT, 0), 0);
    data_frame = take_frame();
    done_frame = take_frame();
}

uint32_t ask_bytes(void)
{
    return disk_kind == EXO_DISK_PIO     ? COUNT * 512
           : disk_kind == EXO_DISK_QUEUE ? M_DQ_BLOCK_SIZE
                                         : HOST_FLASH_PAGE;
}

struct ask ask_for(uint32_t op)
{
    return (struct ask){.op = op,
                        .extent = X,
                        .count = COUNT,
                        .data = {.frame = data_frame},
                        .done = {.frame = done_frame, .offset = 8}};
}

exo_sword ask(const struct ask *a)
{
    const struct exo_sector_io pio = {.op = a->op,
                                      .extent = a->extent,
                                      .cap = a->cap,
                                      .sector = a->unit,
                                      .count = a->count,
                                      .data = a->data,
                                      .done = a->done};
    const struct exo_block_io queue = {a->op,   a->extent, a->cap,
                                       a->unit, a->data,   a->done};
    const struct exo_flash_io flash = {a->op,   a->extent, a->cap, a->unit,
                                       a->data, a->oob,    a->done};
    switch (disk_kind) {
    case EXO_DISK_PIO: put(AT, &pio, sizeof pio); return CALL(sector_io, AT);
    case EXO_DISK_QUEUE: {
        put(AT, &queue, sizeof queue);
        exo_sword n = CALL(block_io, AT, 1);
        return n == 1 ? 0 : n == 0 ? HOST_GONE : n;
    }
    default: put(AT, &flash, sizeof flash); return CALL(flash_io, AT);
    }
}

void disk_does(uint32_t i, bool ok)
{
    host_disk_done(i, ok);
    host_poll(0);
}

uint32_t *status_at(const struct ask *a)
{
    return (uint32_t *)(void *)((uint8_t *)frame_bytes(a->done.frame) + a->done.offset);
}

uint8_t *data_at(const struct ask *a)
{
    return (uint8_t *)frame_bytes(a->data.frame) + a->data.offset;
}

uint8_t *medium_at(uint32_t unit)
{
    uint32_t first =
        disk_kind == EXO_DISK_FLASH ? DISK_FIRST * HOST_FLASH_BLOCK : DISK_FIRST;
    return host_disk_unit(first + unit);
}

static void fill(uint8_t *to, uint32_t bytes, uint32_t seed)
{
    for (uint32_t i = 0; i < bytes; i++)
        to[i] = (uint8_t)(i * 7 + i / 256 + seed);
}

DISK_TEST(written)
{
    boot_request(kind);
    struct balance before = balance();
    struct ask a = ask_for(EXO_IO_WRITE);
    uint32_t turns = machine.io->disk_turns;
    fill(data_at(&a), ask_bytes(), 1);
    *status_at(&a) = 77;
    EXPECT(ask(&a), 0);
    CHECK(*status_at(&a) == 0 && host_disk_waiting() == 1);
    CHECK(machine.frame[data_frame].pins == 1 && machine.frame[done_frame].pins == 1);
    CHECK(machine.extent[X].requests == 1 && machine.io->disk_turns == turns);
    disk_does(0, true);
    CHECK(*status_at(&a) == EXO_IO_DONE && machine.io->disk_turns != turns);
    CHECK(memcmp(medium_at(0), data_at(&a), ask_bytes()) == 0);
    CHECK(balanced(&before) && machine.extent[X].requests == 0);
}

DISK_TEST(read)
{
    boot_request(kind);
    struct balance before = balance();
    struct ask a = ask_for(EXO_IO_READ);
    a.unit = 1;
    a.data.offset = kind == EXO_DISK_QUEUE ? 0 : 1024;
    fill(medium_at(1), ask_bytes(), 2);
    EXPECT(ask(&a), 0);
    disk_does(0, true);
    CHECK(*status_at(&a) == EXO_IO_DONE);
    CHECK(memcmp(medium_at(1), data_at(&a), ask_bytes()) == 0);
    CHECK(balanced(&before));
}

DISK_TEST(failed)
{
    boot_request(kind);
    struct balance before = balance();
    struct ask a = ask_for(EXO_IO_READ);
    EXPECT(ask(&a), 0);
    disk_does(0, false);
    CHECK(*status_at(&a) == EXO_IO_ERROR && balanced(&before));
    EXPECT(ask(&a), 0);
    disk_does(0, true);
    CHECK(*status_at(&a) == EXO_IO_DONE && balanced(&before));
}

DISK_TEST(without_data)
{
    boot_request(kind);
    struct ask a = ask_for(kind == EXO_DISK_FLASH ? EXO_IO_ERASE : EXO_IO_FLUSH);
    struct balance before = balance();
    a.data.frame = 0;
    a.count = 0;
    medium_at(0)[0] = 0;
    EXPECT(ask(&a), 0);
    CHECK(machine.frame[0].pins == 0);
    disk_does(0, true);
    CHECK(*status_at(&a) == EXO_IO_DONE && balanced(&before));
    CHECK(medium_at(0)[0] == (kind == EXO_DISK_FLASH ? 0xff : 0));
}

DISK_TEST(sleeps_until_done)
{
    boot_request(kind);
    struct ask a = ask_for(EXO_IO_READ);
    EXPECT(bind(0, 0, FREE_VA | EXO_R, done_frame, 0), 0);
    EXPECT(ask(&a), 0);
    struct exo_pred pred = {.op = EXO_PRED_NE, .va = FREE_VA + 8, .value = 0};
    put(AT, &pred, sizeof pred);
    CALL(sleep, AT, 1);
    CHECK(state_of(1) == EXO_ENV_STATE_SLEEP && host_env(0) == 2);
    CALL(env_exit, 0);
    CHECK(host_stop(0) == HOST_IDLE); /* not stuck: the disk will interrupt */
    disk_does(0, true);
    CHECK(host_env(0) == 1 && kernel_ctx[1].regs[0] == 0);
    CHECK(word(FREE_VA + 8) == EXO_IO_DONE);
}

/* The interrupt comes while another runs: the sleeper is runnable at once. */
DISK_TEST(wakes_beside_another)
{
    boot_request(kind);
    struct ask a = ask_for(EXO_IO_READ);
    EXPECT(bind(0, 0, FREE_VA | EXO_R, done_frame, 0), 0);
    EXPECT(ask(&a), 0);
    struct exo_pred pred = {.op = EXO_PRED_NE, .va = FREE_VA + 8, .value = 0};
    put(AT, &pred, sizeof pred);
    CALL(sleep, AT, 1);
    CHECK(host_env(0) == 2);
    disk_does(0, true);
    CHECK(host_env(0) == 2 && state_of(1) == EXO_ENV_STATE_READY);
}

DISK_TEST(refused_extent)
{
    boot_request(kind);
    struct ask a = ask_for(EXO_IO_READ);
    const struct ask good = a;
    uint32_t units = DISK_COUNT * (kind == EXO_DISK_FLASH ? HOST_FLASH_BLOCK : 1);
    a.op = 0;
    EXPECT(ask(&a), -EXO_EINVAL);
    a.op = kind == EXO_DISK_FLASH ? EXO_IO_FLUSH : EXO_IO_ERASE;
    EXPECT(ask(&a), -EXO_EINVAL);
    a = good, a.extent = 4;
    EXPECT(ask(&a), -EXO_ENAME);
    a.extent = UINT32_MAX;
    EXPECT(ask(&a), -EXO_ENAME);
    a = good, a.cap = 5;
    EXPECT(ask(&a), -EXO_ECAP);
    a = good, a.unit = units;
    EXPECT(ask(&a), -EXO_ERANGE);
    a.unit = UINT32_MAX;
    EXPECT(ask(&a), -EXO_ERANGE);
    if (kind == EXO_DISK_PIO) {
        a.unit = units - 1;
        EXPECT(ask(&a), -EXO_ERANGE);
        a = good, a.count = 0;
        EXPECT(ask(&a), -EXO_ERANGE);
        a.count = M_PIO_COUNT_MAX + 1;
        EXPECT(ask(&a), -EXO_ERANGE);
        a = good, a.unit = UINT32_MAX; /* first + count wraps */
        EXPECT(ask(&a), -EXO_ERANGE);
    }
    EXPECT(CALL(cap_derive, 0, 6, 1, EXO_CAP_R), 0); /* does not dominate the guard */
    a = good, a.cap = 6;
    EXPECT(ask(&a), -EXO_EPERM);
    EXPECT(CALL(extent_free, X), 0);
    EXPECT(ask(&good), -EXO_ENAME);
    CHECK(host_disk_waiting() == 0 && machine.frame[data_frame].pins == 0);
}

/* With a capability that may only read, an extent can be read and nothing else. */
DISK_TEST(reading_is_not_writing)
{
    boot_request(kind);
    EXPECT(CALL(cap_derive, 0, 6, 1, EXO_CAP_ALL), 0);
    EXPECT(CALL(cap_derive, 6, 7, 2, EXO_CAP_ALL), 0);
    EXPECT(CALL(cap_drop, 6), 0);
    make_child(9);
    EXPECT(CALL(extent_free, X), 0);
    EXPECT(CALL(extent_alloc, X, DISK_FIRST, DISK_COUNT, 7), 0);
    /* slot 6: the guard's very name, reading only */
    struct exo_name read_only = envs[1].cap[7];
    read_only.rights = EXO_CAP_R;
    envs[1].cap[6] = read_only;
    struct ask a = ask_for(EXO_IO_READ);
    a.cap = 6;
    EXPECT(ask(&a), 0);
    disk_does(0, true);
    a.op = EXO_IO_WRITE;
    EXPECT(ask(&a), -EXO_EPERM);
    a.op = kind == EXO_DISK_FLASH ? EXO_IO_ERASE : EXO_IO_FLUSH;
    EXPECT(ask(&a), -EXO_EPERM);
    a.cap = 7;
    EXPECT(ask(&a), 0);
    disk_does(0, true);
}

static void refused_memory_of(struct ask *a, struct exo_io_memory *m, uint32_t bytes,
                              bool written)
{
    const struct exo_io_memory good = *m;
    uint32_t table = 0, export = machine.kinfo->export_frame;
    for (uint32_t i = 1; i < machine.nframes && table == 0; i++)
        if (machine.frame[i].type == EXO_FRAME_TABLE)
            table = i;
    const uint32_t wrong_type[] = {
        1, export, 0x10, free_frame(), machine.nframes, UINT32_MAX, table};
    for (uint32_t i = 0; i < sizeof wrong_type / sizeof wrong_type[0]; i++) {
        m->frame = wrong_type[i];
        if (m->frame != 0)
            EXPECT(ask(a), -EXO_EFRAME);
    }
    m->frame = machine.env[2].upage_frame; /* another's */
    EXPECT(ask(a), -EXO_ENOTHELD);
    *m = good, m->offset = machine.page_size - bytes + 4;
    if (disk_kind == EXO_DISK_QUEUE && bytes > 4)
        m->offset = 512;
    EXPECT(ask(a), -EXO_ERANGE);
    m->offset = 0u - 512;
    EXPECT(ask(a), -EXO_ERANGE);
    *m = good, m->offset += 2;
    EXPECT(ask(a), -EXO_EVA);
    *m = good, m->cap = 12;
    EXPECT(ask(a), -EXO_ECAP);
    m->cap = 11; /* the frame's guard, reading only */
    if (written)
        EXPECT(ask(a), -EXO_EPERM);
    *m = good;
}

DISK_TEST(refused_memory)
{
    boot_request(kind);
    struct ask a = ask_for(EXO_IO_READ);
    struct exo_name read_only = envs[1].cap[0];
    read_only.rights = EXO_CAP_R;
    envs[1].cap[11] = read_only;
    refused_memory_of(&a, &a.data, ask_bytes(), true);
    refused_memory_of(&a, &a.done, 4, true);
    if (kind == EXO_DISK_FLASH) {
        a.oob.frame = data_frame;
        a.oob.offset = 2048;
        refused_memory_of(&a, &a.oob, HOST_FLASH_OOB, true);
        a.data.frame = a.oob.frame = 0;
        EXPECT(ask(&a), -EXO_EINVAL);
    }
    a = ask_for(EXO_IO_WRITE);
    refused_memory_of(&a, &a.data, ask_bytes(), false);
    a.data.cap = 11;
    EXPECT(ask(&a), 0); /* reading it is enough to write the disk */
    disk_does(0, true);
    CHECK(*status_at(&a) == EXO_IO_DONE);
}

DISK_TEST(bad_pointer)
{
    boot_request(kind);
    uint32_t call = kind == EXO_DISK_PIO     ? EXO_CALL_sector_io
                    : kind == EXO_DISK_QUEUE ? EXO_CALL_block_io
                                             : EXO_CALL_flash_io;
    EXPECT(rig_call(call, (const exo_word[6]){0x600000, 1}), -EXO_EFAULT);
    EXPECT(rig_call(call, (const exo_word[6]){(exo_word)-16, 1}), -EXO_EFAULT);
    if (kind == EXO_DISK_QUEUE) {
        EXPECT(CALL(block_io, AT, 0), -EXO_ERANGE);
        EXPECT(CALL(block_io, AT, EXO_BLOCKS_MAX + 1), -EXO_ERANGE);
        EXPECT(CALL(block_io, AT, (exo_word)-1), -EXO_ERANGE);
    }
}

DISK_TEST(busy)
{
    boot_request(kind);
    struct balance before = balance();
    struct ask a = ask_for(EXO_IO_READ);
    uint32_t most = kind == EXO_DISK_QUEUE ? HOST_DISK_DEPTH : 1;
    for (uint32_t i = 0; i < most; i++)
        EXPECT(ask(&a), 0);
    EXPECT(ask(&a), -EXO_EBUSY);
    a.done.frame = 1;
    EXPECT(ask(&a), -EXO_EFRAME); /* what is wrong is wrong, busy or not */
    a.done.frame = done_frame;
    disk_does(0, true);
    EXPECT(ask(&a), 0);
    for (uint32_t i = 0; i < most; i++)
        disk_does(0, true);
    CHECK(balanced(&before));
}

/* -- queue -- */

static void blocks(struct exo_block_io *b, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        const struct ask a = ask_for(EXO_IO_READ);
        b[i] = (struct exo_block_io){.op = EXO_IO_READ,
                                     .extent = X,
                                     .block = i % DISK_COUNT,
                                     .data = a.data,
                                     .done = {.frame = done_frame, .offset = i * 4}};
    }
    put(AT, b, n * (uint32_t)sizeof b[0]);
}

EXO_TEST(several_out_of_order)
{
    boot_request(EXO_DISK_QUEUE);
    struct balance before = balance();
    struct exo_block_io b[4];
    blocks(b, 4);
    EXPECT(CALL(block_io, AT, 4), 4);
    const uint32_t *status = frame_bytes(done_frame);
    host_disk_done(2, true);
    host_disk_done(0, false);
    host_poll(0);
    CHECK(status[2] == EXO_IO_DONE && status[0] == EXO_IO_ERROR);
    CHECK(status[1] == 0 && status[3] == 0 && machine.extent[X].requests == 2);
    disk_does(1, true);
    disk_does(0, true);
    CHECK(status[1] == EXO_IO_DONE && status[3] == EXO_IO_DONE && balanced(&before));
}

EXO_TEST(first_error_or_count)
{
    boot_request(EXO_DISK_QUEUE);
    struct exo_block_io b[4];
    blocks(b, 4);
    b[2].block = DISK_COUNT;
    put(AT, b, sizeof b);
    EXPECT(CALL(block_io, AT, 4), 2);
    EXPECT(CALL(block_io, AT + 2 * sizeof b[0], 2), -EXO_ERANGE);
    CHECK(host_disk_waiting() == 2);
}

EXO_TEST(ring_fills_and_wraps)
{
    boot_request(EXO_DISK_QUEUE);
    struct balance before = balance();
    struct exo_block_io b[EXO_BLOCKS_MAX];
    blocks(b, EXO_BLOCKS_MAX);
    for (uint32_t round = 0; round < 9; round++) {
        EXPECT(CALL(block_io, AT, EXO_BLOCKS_MAX), HOST_DISK_DEPTH);
        EXPECT(CALL(block_io, AT, 1), -EXO_EBUSY);
        for (uint32_t i = 0; i < HOST_DISK_DEPTH; i++)
            host_disk_done(i * 5 % (HOST_DISK_DEPTH - i), true);
        host_poll(0);
        CHECK(balanced(&before) && host_disk_waiting() == 0);
    }
}

EXO_TEST(depths)
{
    boot_config((struct host_config){
        .cores = 1, .programs = 2, .disk_kind = EXO_DISK_QUEUE, .disk_depth = 1024});
    disk_kind = EXO_DISK_QUEUE;
    EXPECT(CALL(extent_alloc, X, DISK_FIRST, DISK_COUNT, 0), 0);
    data_frame = take_frame();
    done_frame = take_frame();
    struct balance before = balance();
    struct exo_block_io b[EXO_BLOCKS_MAX];
    blocks(b, EXO_BLOCKS_MAX);
    for (uint32_t n = 0; n < EXO_NIO; n += EXO_BLOCKS_MAX)
        EXPECT(CALL(block_io, AT, EXO_BLOCKS_MAX), EXO_BLOCKS_MAX);
    EXPECT(CALL(block_io, AT, 1), -EXO_EBUSY);
    for (uint32_t n = 0; n < EXO_NIO; n++)
        host_disk_done(0, true);
    host_poll(0);
    CHECK(balanced(&before));
}

/* -- flash -- */

EXO_TEST(page_and_oob)
{
    boot_request(EXO_DISK_FLASH);
    struct ask a = ask_for(EXO_IO_WRITE);
    uint32_t page = 3 * HOST_FLASH_BLOCK + 2;
    a.unit = page;
    a.oob = (struct exo_io_memory){.frame = done_frame, .offset = 128};
    fill(data_at(&a), HOST_FLASH_PAGE, 1);
    memset((uint8_t *)frame_bytes(done_frame) + 128, 0x5a, HOST_FLASH_OOB);
    EXPECT(ask(&a), 0);
    CHECK(machine.frame[done_frame].pins == 2);
    disk_does(0, true);
    CHECK(memcmp(medium_at(page), data_at(&a), HOST_FLASH_PAGE) == 0);
    CHECK(medium_at(page)[HOST_FLASH_PAGE + 63] == 0x5a);
    a.op = EXO_IO_READ;
    a.data.frame = 0;
    memset((uint8_t *)frame_bytes(done_frame) + 128, 0, HOST_FLASH_OOB);
    EXPECT(ask(&a), 0);
    disk_does(0, true);
    CHECK(((uint8_t *)frame_bytes(done_frame))[128 + 63] == 0x5a);
    a.op = EXO_IO_ERASE;
    a.unit = 3 * HOST_FLASH_BLOCK;
    EXPECT(ask(&a), 0);
    disk_does(0, true);
    CHECK(medium_at(page)[0] == 0xff && medium_at(page)[HOST_FLASH_PAGE] == 0xff);
}

EXO_TEST(last_page_of_the_extent)
{
    boot_request(EXO_DISK_FLASH);
    struct ask a = ask_for(EXO_IO_ERASE);
    a.unit = DISK_COUNT * HOST_FLASH_BLOCK - 1;
    EXPECT(ask(&a), 0);
    disk_does(0, true);
    a.unit++;
    EXPECT(ask(&a), -EXO_ERANGE);
}

const struct rig_test exo_disk_tests[] = {
    DISK_ROWS(written),
    DISK_ROWS(read),
    DISK_ROWS(failed),
    DISK_ROWS(without_data),
    DISK_ROWS(sleeps_until_done),
    DISK_ROWS(wakes_beside_another),
    DISK_ROWS(refused_extent),
    DISK_ROWS(reading_is_not_writing),
    DISK_ROWS(refused_memory),
    DISK_ROWS(bad_pointer),
    DISK_ROWS(busy),
    RIG_ROW(several_out_of_order),
    RIG_ROW(first_error_or_count),
    RIG_ROW(ring_fills_and_wraps),
    RIG_ROW(depths),
    RIG_ROW(page_and_oob),
    RIG_ROW(last_page_of_the_extent),
    RIG_END,
};
