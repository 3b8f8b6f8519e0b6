// SPDX-License-Identifier: GPL-2.0-or-later
/* disk_authority.c - attacks by extents, units and memory that are not the attacker's. */
#include "evil_disk.h"

static const char *no_disk(void)
{
    REFUSED(exo_extent_alloc(0, 0, 1, 0), EXO_ENODEVCALL);
    REFUSED(exo_extent_hold(0, 0, 0), EXO_ENODEVCALL);
    REFUSED(exo_extent_free(0), EXO_ENODEVCALL);
    REFUSED(exo_sector_io(EVIL_ARENA), EXO_ENODEVCALL);
    REFUSED(exo_block_io(EVIL_ARENA, 1), EXO_ENODEVCALL);
    REFUSED(exo_flash_io(EVIL_ARENA), EXO_ENODEVCALL);
    return NULL;
}

const struct evil_attack evil_disk_none[] = {
    {"calls of a disk the board does not have", no_disk, false},
    {NULL, NULL, false},
};

/* -- extents -- */

static const char *foreign_extent(void)
{
    static const uint32_t ops[] = {EXO_IO_READ, EXO_IO_WRITE};
    TRY(evil_disk_open());
    for (unsigned i = 0; i < 2; i++) {
        struct evil_request r = evil_request(ops[i]);
        r.extent = EVIL_VICTIM_ROW;
        REFUSED(evil_disk->ask(&r), EXO_ENOTHELD);
    }
    struct evil_request r = evil_request(EXO_IO_FLUSH);
    if (evil_disk->kind == EXO_DISK_FLASH)
        r.op = EXO_IO_ERASE;
    r.extent = EVIL_VICTIM_ROW;
    REFUSED(evil_disk->ask(&r), EXO_ENOTHELD);
    return NULL;
}

static const char *steal_extent(void)
{
    REFUSED(exo_extent_hold(EVIL_VICTIM_ROW, 0, 0), EXO_EPERM);
    REFUSED(exo_extent_hold(EVIL_VICTIM_ROW, 0, 9), EXO_ECAP);
    REFUSED(exo_extent_hold(EVIL_VICTIM_ROW, evil_shared->victim, 0), EXO_EPERM);
    REFUSED(exo_extent_free(EVIL_VICTIM_ROW), EXO_ENOTHELD);
    REFUSED(exo_extent_revoke(EVIL_VICTIM_ROW, evil_shared->victim, 0, 0), EXO_EPERM);
    REFUSED(exo_extent_alloc(EVIL_VICTIM_ROW, EVIL_FIRST, 1, 0), EXO_EBUSY);
    return NULL;
}

static const char *overlap_extent(void)
{
    const exo_word first = EVIL_VICTIM_FIRST, n = EVIL_VICTIM_UNITS;
    exo_word high = (exo_word)1 << (sizeof(exo_word) * 8 - 1);
    REFUSED(exo_extent_alloc(EVIL_ROW, first, n, 0), EXO_EOVERLAP);
    REFUSED(exo_extent_alloc(EVIL_ROW, first - 1, 2, 0), EXO_EOVERLAP);
    REFUSED(exo_extent_alloc(EVIL_ROW, first + n - 1, 2, 0), EXO_EOVERLAP);
    REFUSED(exo_extent_alloc(EVIL_ROW, first + 3, 1, 0), EXO_EOVERLAP);
    REFUSED(exo_extent_alloc(EVIL_ROW, 0, first + n + 5, 0), EXO_EOVERLAP);
    REFUSED(exo_extent_alloc(EVIL_ROW, first, 0, 0), EXO_ERANGE);
    REFUSED(exo_extent_alloc(EVIL_ROW, 0, (exo_word)-1, 0), EXO_ERANGE);
    REFUSED(exo_extent_alloc(EVIL_ROW, (exo_word)-1, 2, 0), EXO_ERANGE);
    REFUSED(exo_extent_alloc(EVIL_ROW, EVIL_FIRST, 0u - EVIL_FIRST + first + 1, 0),
            EXO_ERANGE);
    REFUSED(exo_extent_alloc(EVIL_ROW, high | EVIL_FIRST, 1, 0), EXO_ERANGE);
    REFUSED(exo_extent_alloc(EVIL_ROW, EVIL_FIRST, high | 1, 0), EXO_ERANGE);
    REFUSED(exo_extent_alloc(EXO_NEXTENT, EVIL_FIRST, 1, 0), EXO_ENAME);
    REFUSED(exo_extent_alloc(high | EVIL_ROW, EVIL_FIRST, 1, 0), EXO_ENAME);
    return NULL;
}

static const char *outside_extent(void)
{
    TRY(evil_disk_open());
    uint32_t end = evil_disk_end(), per_unit = end / EVIL_UNITS;
    uint32_t back = (EVIL_FIRST - EVIL_VICTIM_FIRST) * per_unit;
    const uint32_t units[] = {end,
                              end + 1,
                              UINT32_MAX,
                              0u - evil_disk->step,
                              0u - back,
                              0x80000000u,
                              0u - EVIL_FIRST * per_unit};
    for (unsigned i = 0; i < sizeof units / sizeof units[0]; i++) {
        struct evil_request r = evil_request(EXO_IO_READ);
        r.unit = units[i];
        REFUSED(evil_disk->ask(&r), EXO_ERANGE);
        r.op = EXO_IO_WRITE;
        REFUSED(evil_disk->ask(&r), EXO_ERANGE);
    }
    if (evil_disk->step > 1) {
        struct evil_request r = evil_request(EXO_IO_READ);
        r.unit = end - evil_disk->step + 1;
        REFUSED(evil_disk->ask(&r), EXO_ERANGE);
    }
    return NULL;
}

static const char *no_extent(void)
{
    static const uint32_t rows[] = {EVIL_ROW + 1, EXO_NEXTENT, UINT32_MAX, 0x80000000u};
    TRY(evil_disk_open());
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct evil_request r = evil_request(EXO_IO_READ);
        r.extent = rows[i];
        REFUSED(evil_disk->ask(&r), EXO_ENAME);
    }
    return NULL;
}

static const char *no_capability(void)
{
    TRY(evil_disk_open());
    struct evil_request r = evil_request(EXO_IO_READ);
    r.cap = 9;
    REFUSED(evil_disk->ask(&r), EXO_ECAP);
    r.cap = UINT32_MAX;
    REFUSED(evil_disk->ask(&r), EXO_ECAP);
    WORKS(exo_cap_derive(0, 9, 1, EXO_CAP_ALL)); /* longer than the guard */
    r.cap = 9;
    REFUSED(evil_disk->ask(&r), EXO_EPERM);
    r = evil_request(EXO_IO_READ);
    r.data.cap = 9;
    REFUSED(evil_disk->ask(&r), EXO_EPERM);
    r = evil_request(EXO_IO_READ);
    r.done.cap = 9;
    REFUSED(evil_disk->ask(&r), EXO_EPERM);
    WORKS(exo_cap_drop(0));
    r = evil_request(EXO_IO_READ);
    REFUSED(evil_disk->ask(&r), EXO_ECAP);
    return NULL;
}

/* -- memory -- */

static const char *bad_frames(struct evil_request *r, struct exo_io_memory *m)
{
    const struct exo_hw_table *t = evil_hardware();
    uint32_t shift = EVIL_KINFO->page_shift;
    const uint32_t frames[] = {
        (uint32_t)(M_KERNEL_BASE >> shift),
        evil_frame_of_type(EXO_FRAME_KERNEL),
        evil_frame_of_type(EXO_FRAME_EXPORT),
        evil_frame_of_type(EXO_FRAME_MODULE),
        evil_frame_of_type(EXO_FRAME_TABLE),
        EVIL_KINFO->first_free,
        EVIL_KINFO->nframes,
        t->device[0].base >> shift,
        UINT32_MAX,
        evil_shared->secret_frame | 0x80000000u,
    };
    for (unsigned i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        m->frame = frames[i];
        if (m->frame != 0)
            REFUSED(evil_disk->ask(r), EXO_EFRAME);
    }
    m->frame = evil_shared->secret_frame;
    REFUSED(evil_disk->ask(r), EXO_ENOTHELD);
    m->frame = evil_env(evil_shared->victim)->upage_frame;
    REFUSED(evil_disk->ask(r), EXO_ENOTHELD);
    return NULL;
}

static const char *foreign_memory(void)
{
    TRY(evil_disk_open());
    struct evil_request r = evil_request(EXO_IO_READ);
    TRY(bad_frames(&r, &r.data));
    r = evil_request(EXO_IO_WRITE);
    return bad_frames(&r, &r.data);
}

static const char *foreign_status(void)
{
    TRY(evil_disk_open());
    struct evil_request r = evil_request(EXO_IO_READ);
    TRY(bad_frames(&r, &r.done));
    r.done.frame = 0;
    REFUSED(evil_disk->ask(&r), EXO_EFRAME);
    return NULL;
}

static const char *beyond_the_frame(void)
{
    uint32_t page = (uint32_t)evil_page();
    TRY(evil_disk_open());
    struct evil_request r = evil_request(EXO_IO_READ);
    r.data.offset = page;
    REFUSED(evil_disk->ask(&r), EXO_ERANGE);
    r.data.offset = page - 512;
    REFUSED(evil_disk->ask(&r), EXO_ERANGE);
    r.data.offset = 0u - 512;
    REFUSED(evil_disk->ask(&r), EXO_ERANGE);
    r.data.offset = 1;
    REFUSED(evil_disk->ask(&r), EXO_EVA);
    r = evil_request(EXO_IO_READ);
    r.done.offset = page;
    REFUSED(evil_disk->ask(&r), EXO_ERANGE);
    r.done.offset = page - 2;
    REFUSED(evil_disk->ask(&r), EXO_EVA);
    r.done.offset = 0u - 4;
    REFUSED(evil_disk->ask(&r), EXO_ERANGE);
    return NULL;
}

/* A frame shared for reading is not written, neither with data nor with a status word. */
static const char *read_only_memory(void)
{
    TRY(evil_disk_open());
    if (evil_disk->kind == EXO_DISK_FLASH) {
        struct evil_request e = evil_request(EXO_IO_ERASE);
        TRY(evil_disk_do(&e));
    }
    WORKS(exo_cap_derive(0, 9, 1, EXO_CAP_ALL));
    WORKS(exo_frame_guard(evil_data_frame, 0, 9, EXO_CAP_R));
    struct evil_request r = evil_request(EXO_IO_READ);
    r.data.cap = 9;
    REFUSED(evil_disk->ask(&r), EXO_EPERM);
    r = evil_request(EXO_IO_READ);
    r.done = (struct exo_io_memory){evil_data_frame, 0, 9, 0};
    REFUSED(evil_disk->ask(&r), EXO_EPERM);
    r = evil_request(EXO_IO_WRITE);
    r.data.cap = 9;
    return evil_disk_do(&r);
}

/* -- the call -- */

static const char *wrong_kind(void)
{
    REFUSED(evil_disk->foreign_call(), EXO_ENODEVCALL);
    return NULL;
}

static const char *wrong_operation(void)
{
    static const uint32_t ops[] = {0, 5, 255, UINT32_MAX};
    TRY(evil_disk_open());
    for (unsigned i = 0; i < sizeof ops / sizeof ops[0]; i++) {
        struct evil_request r = evil_request(ops[i]);
        REFUSED(evil_disk->ask(&r), EXO_EINVAL);
    }
    struct evil_request r =
        evil_request(evil_disk->kind == EXO_DISK_FLASH ? EXO_IO_FLUSH : EXO_IO_ERASE);
    REFUSED(evil_disk->ask(&r), EXO_EINVAL);
    return NULL;
}

static void ask_there(uintptr_t va)
{
    evil_disk->ask_at(va);
}

/* Where a handler can take it the caller has the fault, else the call fails. */
static const char *wrong_pointer(void)
{
    TRY(evil_must_fault(ask_there, EVIL_KERNEL_VA, SIGSEGV, SIGBUS));
    REFUSED(evil_disk->ask_at((uintptr_t)-16), EXO_EFAULT);
    if (evil_disk->kind == EXO_DISK_QUEUE) {
        REFUSED(exo_block_io(EVIL_ARENA, 0), EXO_ERANGE);
        REFUSED(exo_block_io(EVIL_ARENA, EXO_BLOCKS_MAX + 1), EXO_ERANGE);
        REFUSED(exo_block_io(EVIL_ARENA, (exo_word)-1), EXO_ERANGE);
    }
    return NULL;
}

const struct evil_attack evil_disk_authority[] = {
    {"read, write, flush or erase the victim's extent", foreign_extent, false},
    {"hold, free, revoke, rename the victim's extent", steal_extent, false},
    {"take units that are the victim's", overlap_extent, false},
    {"units outside the extent, by overflow too", outside_extent, false},
    {"an extent that is none", no_extent, false},
    {"without a capability, or with the wrong one", no_capability, false},
    {"data in memory that is not the caller's", foreign_memory, false},
    {"a status word in memory that is not the caller's", foreign_status, false},
    {"memory that reaches beyond its frame", beyond_the_frame, false},
    {"writing memory that may only be read", read_only_memory, false},
    {"a call of another kind of disk", wrong_kind, false},
    {"operations the disk does not have", wrong_operation, false},
    {"requests that lie where the caller cannot read", wrong_pointer, false},
    {"all this without a trace on the victim's disk", evil_disk_intact, false},
    {NULL, NULL, false},
};
