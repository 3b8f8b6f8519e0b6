// SPDX-License-Identifier: GPL-2.0-or-later
/* disk_queue_test.c - exo,disk-queue: rings, channels, flush, errors of entries and of rings. The
 * fake machine's cycle is a microsecond. */
#include "rig.h"
#include "suites.h"
#include <exo/machine.h>
#include <stdlib.h>
#include <string.h>

#define SQ 0x10000u
#define CQ 0x20000u
#define BUF 0x100000u
#define DEPTH 8u

/* 4 channels; read 100 us, write 20, flush 500; the link takes no time worth a cycle but 1. */
static const struct rig_set four[] = {
    {"exo,blocks", 256, NULL},
    {"exo,depth", 16, NULL},
    {"exo,channels", 4, NULL},
    {"exo,read-us", 100, NULL},
    {"exo,write-us", 20, NULL},
    {"exo,flush-us", 500, NULL},
    {"exo,link-bytes-per-second", UINT64_C(4096000000), NULL},
    {0}};

static void start(struct rig *r)
{
    rig_open(r, "exo,disk-queue", four);
    rig_write64(r, M_DQ_SQ, SQ);
    rig_write64(r, M_DQ_CQ, CQ);
    rig_write(r, M_DQ_DEPTH, DEPTH);
    rig_write(r, M_DQ_ENABLE, 1);
    CU_ASSERT(rig_read(r, M_DQ_STATUS) == 1 && r->f.errors == 0);
}

static void submit(struct rig *r, uint32_t index, uint32_t op, uint64_t block,
                   uint64_t pa, uint32_t count)
{
    uint32_t e[8] = {
        op,           1000 + index,         (uint32_t)block, (uint32_t)(block >> 32),
        (uint32_t)pa, (uint32_t)(pa >> 32), count,           0};
    memcpy(r->f.ram + SQ + index % DEPTH * M_DQ_SUBMIT_SIZE, e, sizeof e);
}

static void tail(struct rig *r, uint32_t tail)
{
    rig_write(r, M_DQ_SQ_TAIL, tail);
}

static void pass(struct rig *r, uint64_t us)
{
    fake_env_run(&r->f, r->ops, r->dev, r->f.now + us);
}

struct done {
    uint32_t tag, status, consumed, index;
};

/* Completion i; index is 0 if it is not there. */
static struct done done(const struct rig *r, uint32_t i)
{
    struct done d;
    memcpy(&d, r->f.ram + CQ + i % DEPTH * M_DQ_COMPLETE_SIZE, sizeof d);
    if (d.index != i + 1)
        d.index = 0;
    return d;
}

static bool is(const struct rig *r, uint32_t i, uint32_t tag, uint32_t status)
{
    struct done d = done(r, i);
    return d.index && d.tag == 1000 + tag && d.status == status;
}

static void data(void)
{
    struct rig r;
    start(&r);
    for (unsigned i = 0; i < 8192; i++)
        r.f.ram[BUF + i] = (uint8_t)(i * 7 + i / 256);
    submit(&r, 0, M_DISK_WRITE, 9, BUF, 2);
    tail(&r, 1);
    pass(&r, 20);
    CU_ASSERT(!r.f.irq && done(&r, 0).index == 0 && r.f.store_writes == 0);
    pass(&r, 2); /* two blocks cross the link */
    CU_ASSERT(r.f.irq && is(&r, 0, 0, M_DQ_OK) && done(&r, 0).consumed == 1);
    CU_ASSERT(r.f.store_writes == 2);
    CU_ASSERT(memcmp(r.f.store + 9 * 4096, r.f.ram + BUF, 8192) == 0);
    rig_write(&r, M_DQ_CQ_HEAD, 1);
    rig_write(&r, M_DQ_ACK, 1);
    CU_ASSERT(!r.f.irq);
    submit(&r, 1, M_DISK_READ, 10, BUF + 0x5000, 1);
    tail(&r, 2);
    pass(&r, 101);
    CU_ASSERT(r.f.irq && is(&r, 1, 1, M_DQ_OK));
    CU_ASSERT(memcmp(r.f.ram + BUF + 0x5000, r.f.ram + BUF + 4096, 4096) == 0);
    struct hw_disk_stats s;
    r.disk->stats(r.dev, &s);
    CU_ASSERT(s.reads == 1 && s.writes == 1 && s.bytes_read == 4096);
    CU_ASSERT(s.bytes_written == 8192 && s.errors == 0 && r.f.errors == 0);
    rig_close(&r);
}

/* Four at once, the fifth when a channel is free. */
static void channels(void)
{
    struct rig r;
    start(&r);
    for (uint32_t i = 0; i < 5; i++)
        submit(&r, i, M_DISK_READ, i, BUF + i * 4096, 1);
    tail(&r, 5);
    pass(&r, 101);
    CU_ASSERT(is(&r, 0, 0, M_DQ_OK) && done(&r, 1).index == 0);
    CU_ASSERT(done(&r, 0).consumed == 4);
    pass(&r, 3);
    CU_ASSERT(is(&r, 3, 3, M_DQ_OK) && done(&r, 4).index == 0);
    pass(&r, 98);
    CU_ASSERT(is(&r, 4, 4, M_DQ_OK));
    CU_ASSERT(r.f.now == 202); /* the fifth began at 101 */
    rig_close(&r);
}

static void overtaking(void)
{
    struct rig r;
    start(&r);
    submit(&r, 0, M_DISK_READ, 0, BUF, 1);
    submit(&r, 1, M_DISK_WRITE, 1, BUF, 1);
    tail(&r, 2);
    pass(&r, 200);
    CU_ASSERT(is(&r, 0, 1, M_DQ_OK) && is(&r, 1, 0, M_DQ_OK));
    rig_close(&r);
}

/* A flush ends after the writes before it and then its own time; what follows does not wait. */
static void flush(void)
{
    struct rig r;
    start(&r);
    submit(&r, 0, M_DISK_WRITE, 0, BUF, 1);
    submit(&r, 1, M_DISK_FLUSH, 77, BUF, 3);
    submit(&r, 2, M_DISK_WRITE, 1, BUF, 1);
    submit(&r, 3, M_DISK_READ, 2, BUF + 4096, 1);
    tail(&r, 4);
    pass(&r, 300);
    CU_ASSERT(is(&r, 0, 0, 0) && is(&r, 1, 2, 0) && is(&r, 2, 3, 0));
    CU_ASSERT(done(&r, 3).index == 0 && r.f.store_flushes == 0);
    pass(&r, 520 + 1 - 300);
    CU_ASSERT(is(&r, 3, 1, 0) && r.f.store_flushes == 1);
    rig_close(&r);
}

static void flush_alone(void)
{
    struct rig r;
    start(&r);
    submit(&r, 0, M_DISK_FLUSH, 0, 0, 0);
    tail(&r, 1);
    pass(&r, 499);
    CU_ASSERT(done(&r, 0).index == 0);
    pass(&r, 1);
    CU_ASSERT(is(&r, 0, 0, 0) && r.f.store_flushes == 1);
    rig_close(&r);
}

/* Many laps of both rings, one entry at a time and many. */
static void laps(void)
{
    struct rig r;
    uint64_t rng = 5;
    uint32_t submitted = 0, completed = 0;
    start(&r);
    while (submitted < 1000) {
        uint32_t n = (uint32_t)(rig_random(&rng) % (DEPTH - (submitted - completed)) + 1);
        for (uint32_t i = 0; i < n; i++, submitted++)
            submit(&r, submitted, rig_random(&rng) % 2 ? M_DISK_READ : M_DISK_WRITE,
                   rig_random(&rng) % 256, BUF + rig_random(&rng) % 64 * 4096, 1);
        tail(&r, submitted);
        pass(&r, rig_random(&rng) % 200);
        while (completed < submitted && done(&r, completed).index) {
            CU_ASSERT(done(&r, completed).status == 0);
            completed++;
        }
        rig_write(&r, M_DQ_CQ_HEAD, completed);
        rig_write(&r, M_DQ_ACK, 1);
        if (submitted - completed == DEPTH)
            pass(&r, 1000);
        while (completed < submitted && done(&r, completed).index)
            completed++;
        rig_write(&r, M_DQ_CQ_HEAD, completed);
    }
    pass(&r, 1000);
    CU_ASSERT(done(&r, submitted - 1).index != 0 && r.f.errors == 0);
    rig_close(&r);
}

/* Completions that nobody consumed stop the device; CQ_HEAD lets it go on. */
static void full(void)
{
    struct rig r;
    start(&r);
    for (uint32_t i = 0; i < DEPTH; i++)
        submit(&r, i, M_DISK_WRITE, i, BUF, 1);
    tail(&r, DEPTH);
    pass(&r, 1000);
    CU_ASSERT(is(&r, 7, 7, 0));
    for (uint32_t i = DEPTH; i < 2 * DEPTH; i++)
        submit(&r, i, M_DISK_WRITE, i, BUF, 1);
    tail(&r, 2 * DEPTH);
    pass(&r, 10000);
    for (uint32_t i = 0; i < DEPTH; i++) /* none was overwritten */
        CU_ASSERT(is(&r, i, i, 0));
    rig_write(&r, M_DQ_CQ_HEAD, 3);
    CU_ASSERT(is(&r, 8, 8, 0) && is(&r, 10, 10, 0) && is(&r, 3, 3, 0));
    rig_write(&r, M_DQ_ACK, 1);
    CU_ASSERT(r.f.irq); /* completions are left */
    rig_write(&r, M_DQ_CQ_HEAD, 11);
    pass(&r, 1000);
    CU_ASSERT(is(&r, 15, 15, 0));
    rig_write(&r, M_DQ_CQ_HEAD, 16);
    rig_write(&r, M_DQ_ACK, 1);
    CU_ASSERT(!r.f.irq && r.f.errors == 0);
    rig_close(&r);
}

static void bad_entries(void)
{
    static const struct {
        uint32_t op;
        uint64_t block, pa;
        uint32_t count, status;
    } bad[] = {{0, 0, BUF, 1, M_DQ_BAD_OP},
               {4, 0, BUF, 1, M_DQ_BAD_OP},
               {0xffffffff, 0, BUF, 1, M_DQ_BAD_OP},
               {M_DISK_READ, 256, BUF, 1, M_DQ_BAD_RANGE},
               {M_DISK_READ, 255, BUF, 2, M_DQ_BAD_RANGE},
               {M_DISK_READ, 0, BUF, 0, M_DQ_BAD_RANGE},
               {M_DISK_READ, UINT64_MAX, BUF, 1, M_DQ_BAD_RANGE},
               {M_DISK_READ, 0, BUF, 0xffffffff, M_DQ_BAD_RANGE},
               {M_DISK_READ, 0, RIG_RAM, 1, M_DQ_BAD_ADDRESS},
               {M_DISK_READ, 0, RIG_RAM - 4095, 1, M_DQ_BAD_ADDRESS},
               {M_DISK_READ, 0, RIG_RAM - 4096, 2, M_DQ_BAD_ADDRESS},
               {M_DISK_WRITE, 0, UINT64_MAX - 100, 1, M_DQ_BAD_ADDRESS},
               {M_DISK_WRITE, 0, UINT64_C(1) << 63, 1, M_DQ_BAD_ADDRESS}};
    struct rig r;
    start(&r);
    for (uint32_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        submit(&r, i, bad[i].op, bad[i].block, bad[i].pa, bad[i].count);
        tail(&r, i + 1);
        pass(&r, 1000);
        CU_ASSERT(is(&r, i, i, bad[i].status));
        rig_write(&r, M_DQ_CQ_HEAD, i + 1);
    }
    CU_ASSERT(r.f.store_writes == 0 && rig_read(&r, M_DQ_STATUS) == (1 | 4));
    /* the last address that fits */
    uint32_t i = sizeof bad / sizeof *bad;
    submit(&r, i, M_DISK_READ, 255, RIG_RAM - 4096, 1);
    tail(&r, i + 1);
    pass(&r, 1000);
    CU_ASSERT(is(&r, i, i, M_DQ_OK));
    struct hw_disk_stats s;
    r.disk->stats(r.dev, &s);
    CU_ASSERT(s.errors == i && s.reads == 1);
    rig_close(&r);
}

static void bad_rings(void)
{
    static const struct {
        uint64_t sq, cq;
        uint32_t depth;
        bool good;
    } cases[] = {{SQ, CQ, 16, true},
                 {SQ, CQ, 2, true},
                 {RIG_RAM - 512, RIG_RAM - 256, 16, true},
                 {SQ, CQ, 0, false},
                 {SQ, CQ, 1, false},
                 {SQ, CQ, 12, false},
                 {SQ, CQ, 32, false}, /* the board's is 16 */
                 {SQ, CQ, 0x80000000, false},
                 {RIG_RAM - 511, CQ, 16, false},
                 {SQ, RIG_RAM - 255, 16, false},
                 {RIG_RAM, CQ, 2, false},
                 {UINT64_MAX - 8, CQ, 2, false},
                 {SQ, UINT64_C(1) << 40, 2, false}};
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rig r;
        rig_open(&r, "exo,disk-queue", four);
        rig_write64(&r, M_DQ_SQ, cases[i].sq);
        rig_write64(&r, M_DQ_CQ, cases[i].cq);
        rig_write(&r, M_DQ_DEPTH, cases[i].depth);
        rig_write(&r, M_DQ_ENABLE, 1);
        CU_ASSERT(rig_read(&r, M_DQ_STATUS) == (cases[i].good ? 1u : 2u));
        CU_ASSERT(r.f.errors == !cases[i].good);
        if (!cases[i].good) {
            tail(&r, 1); /* does nothing */
            CU_ASSERT(r.f.deadline[0] == UINT64_MAX);
            rig_write64(&r, M_DQ_SQ, SQ);
            rig_write64(&r, M_DQ_CQ, CQ);
            rig_write(&r, M_DQ_DEPTH, 4);
            rig_write(&r, M_DQ_ENABLE, 1);
            CU_ASSERT(rig_read(&r, M_DQ_STATUS) == 1); /* a second try */
        }
        rig_close(&r);
    }
}

static void bad_indexes(void)
{
    struct rig r;
    start(&r);
    tail(&r, DEPTH + 1);
    CU_ASSERT(rig_read(&r, M_DQ_STATUS) == 3 && r.f.errors == 1);
    rig_write(&r, M_DQ_CQ_HEAD, 1); /* nothing has completed */
    CU_ASSERT(r.f.errors == 2);
    submit(&r, 0, M_DISK_READ, 0, BUF, 1);
    submit(&r, 1, M_DISK_READ, 0, BUF, 1);
    tail(&r, 2);
    tail(&r, 1); /* back: 2 stays submitted, and is more than DEPTH ahead of nothing */
    CU_ASSERT(r.f.errors == 3);
    pass(&r, 1000);
    CU_ASSERT(is(&r, 1, 1, M_DQ_OK));
    rig_write(&r, M_DQ_ENABLE, 2);
    CU_ASSERT(r.f.errors == 4 && rig_read(&r, M_DQ_ENABLE) == 1);
    rig_write64(&r, M_DQ_SQ, 0x30000); /* not while it is enabled */
    CU_ASSERT(r.f.errors == 6 && rig_read64(&r, M_DQ_SQ) == SQ);
    rig_close(&r);
}

static void stop(void)
{
    struct rig r;
    start(&r);
    submit(&r, 0, M_DISK_WRITE, 3, BUF, 1);
    tail(&r, 1);
    pass(&r, 10);
    rig_write(&r, M_DQ_ENABLE, 0);
    CU_ASSERT(r.f.deadline[0] == UINT64_MAX && rig_read(&r, M_DQ_STATUS) == 0);
    pass(&r, 1000);
    CU_ASSERT(r.f.store_writes == 0 && done(&r, 0).index == 0 && !r.f.irq);
    rig_write(&r, M_DQ_ENABLE, 1); /* indexes begin at 0 again */
    tail(&r, 1);
    pass(&r, 1000);
    CU_ASSERT(r.f.store_writes == 1 && is(&r, 0, 0, M_DQ_OK));
    rig_close(&r);
}

static void persistence(void)
{
    struct rig r;
    uint32_t atom = 0;
    rig_open(&r, "exo,disk-queue", four);
    CU_ASSERT(r.disk->persist(r.dev, &atom) == HW_PERSIST_CACHED && atom == 512);
    rig_close(&r);
    struct rig_set set[] = {{"exo,write-cache", 0, NULL}, {0}};
    rig_open(&r, "exo,disk-queue", set);
    CU_ASSERT(r.disk->persist(r.dev, &atom) == HW_PERSIST_ORDERED && atom == 512);
    rig_close(&r);
}

static void images(void)
{
    struct rig r;
    rig_with_image(&r, "exo,disk-queue", four, 4096 * 777);
    CU_ASSERT_FATAL(r.dev != NULL);
    CU_ASSERT(rig_read64(&r, M_DQ_BLOCKS) == 777);
    uint64_t p[HW_MAX_PARAMS];
    CU_ASSERT(r.disk->table_params(r.dev, p) == 3);
    CU_ASSERT(p[0] == 777 && p[M_DQ_PARAM_DEPTH] == 16 && p[M_DQ_PARAM_CHANNELS] == 4);
    rig_close(&r);
    rig_with_image(&r, "exo,disk-queue", four, 4096 + 1024);
    CU_ASSERT(r.dev == NULL && strstr(r.err.msg, "multiple of 4096") != NULL);
    struct rig_set set[] = {{"exo,depth", 100, NULL}, {0}};
    CU_ASSERT(rig_try(&r, rig_model("exo,disk-queue"), set, 1, 1) == -1);
    CU_ASSERT(strstr(r.err.msg, "exo,depth is 100") != NULL);
}

/* State saved with entries in every stage: the same future. */
static void saved(void)
{
    struct rig a, b;
    size_t len;
    start(&a);
    rig_open(&b, "exo,disk-queue", four);
    submit(&a, 0, 9, 0, BUF, 1);
    submit(&a, 1, M_DISK_WRITE, 1, BUF, 2);
    submit(&a, 2, M_DISK_FLUSH, 0, 0, 0);
    for (uint32_t i = 3; i < DEPTH; i++)
        submit(&a, i, M_DISK_READ, i, BUF + i * 4096, 1);
    tail(&a, DEPTH);
    pass(&a, 10);
    uint8_t *state = rig_save(&a, &len);
    memcpy(b.f.ram, a.f.ram, RIG_RAM);
    b.f.now = a.f.now;
    CU_ASSERT(b.ops->restore(b.dev, state, len) == 0);
    CU_ASSERT(rig_same_state(&a, &b) && b.f.irq == a.f.irq);
    pass(&a, 5000);
    pass(&b, 5000);
    CU_ASSERT(rig_same_state(&a, &b) && is(&a, DEPTH - 1, 2, 0));
    CU_ASSERT(memcmp(a.f.ram, b.f.ram, RIG_RAM) == 0);
    free(state);
    rig_close(&a);
    rig_close(&b);
}

void disk_queue_suite(void)
{
    CU_pSuite s = CU_add_suite("disk_queue", NULL, NULL);
    CU_add_test(s, "data both ways, times, interrupt", data);
    CU_add_test(s, "as many at once as channels", channels);
    CU_add_test(s, "entries overtake each other", overtaking);
    CU_add_test(s, "flush: after the writes before it", flush);
    CU_add_test(s, "flush of nothing", flush_alone);
    CU_add_test(s, "rings wrap", laps);
    CU_add_test(s, "a full completion ring", full);
    CU_add_test(s, "wrong entries have their status", bad_entries);
    CU_add_test(s, "wrong rings", bad_rings);
    CU_add_test(s, "wrong indexes, registers while enabled", bad_indexes);
    CU_add_test(s, "stop forgets requests", stop);
    CU_add_test(s, "what a power cut does", persistence);
    CU_add_test(s, "sizes of images, parameters", images);
    CU_add_test(s, "state saved with entries under way", saved);
}
