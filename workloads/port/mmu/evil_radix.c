// SPDX-License-Identifier: GPL-2.0-or-later
/* evil_radix.c - bindings in hardware-walked page tables, and attacks on their calls. See evil.h. */
#include "evil.h"

static exo_sword bind(uint32_t env, uintptr_t va_rights, exo_word frame, exo_word cap)
{
    return exo_pt_map(env, 0, va_rights, frame, cap);
}

static exo_sword unbind(uint32_t env, uintptr_t va, exo_word pages)
{
    return exo_pt_unmap(env, 0, va, pages);
}

static exo_sword protect(uint32_t env, uintptr_t va_rights, exo_word pages)
{
    return exo_pt_protect(env, 0, va_rights, pages);
}

static exo_sword batch(uint32_t env, const struct exo_map *maps, exo_word n)
{
    return exo_pt_batch(env, 0, (exo_word)maps, n);
}

static uint32_t levels(void)
{
    const struct exo_hw_table *t = evil_hardware();
    for (uint32_t i = 0; i < t->ndevices; i++)
        if (t->device[i].class_ == EXO_HW_MMU)
            return (uint32_t)t->device[i].params[M_RADIX_LEVELS];
    return 0;
}

/* Every table on the way that is not there yet. */
static exo_sword prepare(uintptr_t va)
{
    uintptr_t page = va & ~(evil_page() - 1);
    for (uint32_t level = levels() - 1; level-- > 0;) {
        uint32_t frame = evil_take_frame();
        if (frame == 0)
            return -EXO_EFULL;
        exo_sword r = exo_pt_table(0, 0, page, level, frame);
        if (r < 0)
            exo_frame_free(frame);
        if (r < 0 && r != -EXO_EBUSY)
            return r;
    }
    return 0;
}

static exo_sword foreign_call(void)
{
    return exo_tlb_flush(0, 0);
}

static const char *new_root(void)
{
    uint32_t frame = evil_take_frame();
    REFUSED(exo_pt_root(0, 0, frame), EXO_EBUSY);
    REFUSED(exo_pt_root(evil_shared->victim, 0, frame), EXO_EPERM);
    return NULL;
}

static const char *table_in_victim(void)
{
    uint32_t frame = evil_take_frame();
    REFUSED(exo_pt_table(evil_shared->victim, 0, EVIL_ARENA, 0, frame), EXO_EPERM);
    return NULL;
}

/* An embryo of ours as the place to try what our own address space has already. */
static uint32_t embryo(void)
{
    uint32_t env = evil_free_env();
    return exo_env_create(env, 0) < 0 ? 0 : env;
}

static const char *root_of_others(void)
{
    uint32_t env = embryo();
    exo_sword secret = exo_pt_root(env, 0, evil_shared->secret_frame);
    exo_sword kernel = exo_pt_root(env, 0, M_KERNEL_BASE >> EVIL_KINFO->page_shift);
    exo_sword none = exo_pt_root(env, 0, EVIL_KINFO->nframes);
    exo_sword table = exo_pt_root(env, 0, evil_env(evil_self())->root_frame);
    WORKS(exo_env_destroy(env, 0, 0));
    WORKS(exo_env_free(env, 0));
    REFUSED(secret, EXO_ENOTHELD);
    REFUSED(kernel, EXO_EFRAME);
    REFUSED(none, EXO_EFRAME);
    REFUSED(table, EXO_EFRAME);
    return NULL;
}

/* Where a last table is missing and may be put; 0 if nowhere. */
static uintptr_t place_for_table(void)
{
    uint32_t frame = evil_take_frame();
    uintptr_t step = (uintptr_t)1 << 21, found = 0;
    for (uintptr_t va = 0x60000000; va < 0x70000000 && found == 0; va += step)
        if (exo_pt_table(0, 0, va, 0, frame) == 0 && exo_pt_table(0, 0, va, 0, 0) == 0)
            found = va;
    exo_frame_free(frame);
    return found;
}

/* A frame we can write must never become a table while we can write it. */
static const char *writable_table(void)
{
    uint32_t frame;
    TRY(evil_own_page(EVIL_ARENA, &frame));
    evil_write(EVIL_ARENA);
    uintptr_t va = place_for_table();
    if (va == 0)
        return "no place for a table";
    REFUSED(exo_pt_table(0, 0, va, 0, frame), EXO_EBUSY);
    return NULL;
}

/* Nor may one that is a table be bound writable. */
static const char *write_table(void)
{
    WORKS(prepare(EVIL_ARENA));
    uint32_t root = 0;
    for (uint32_t i = 1; i < EVIL_KINFO->nframes && root == 0; i++)
        if (evil_frame(i)->type == EXO_FRAME_TABLE &&
            bind(0, EVIL_ARENA | EXO_R, i, 0) == 0)
            root = i; /* one of our own: reading it is allowed */
    if (root == 0)
        return NULL; /* not even reading */
    REFUSED(bind(0, EVIL_ARENA | EXO_R | EXO_W, root, 0), EXO_EPERM);
    return evil_must_fault(evil_write, EVIL_ARENA, SIGSEGV, 0);
}

static const char *read_victims_tables(void)
{
    uint32_t root = evil_env(evil_shared->victim)->root_frame;
    WORKS(prepare(EVIL_ARENA));
    if (root != 0)
        REFUSED(bind(0, EVIL_ARENA | EXO_R, root, 0), EXO_ENOTHELD);
    REFUSED(
        exo_pt_read(evil_shared->victim, 0, evil_shared->secret_va & ~(evil_page() - 1)),
        EXO_EPERM);
    return NULL;
}

static const char *bad_level(void)
{
    uint32_t frame = evil_take_frame();
    REFUSED(exo_pt_table(0, 0, EVIL_ARENA, levels() - 1, frame), EXO_ERANGE);
    REFUSED(exo_pt_table(0, 0, EVIL_ARENA, (exo_word)-1, frame), EXO_ERANGE);
    REFUSED(exo_pt_table(0, 0, EVIL_ARENA, (exo_word)-2, frame), EXO_ERANGE);
    return NULL;
}

static const char *drop_used_table(void)
{
    uint32_t frame;
    TRY(evil_own_page(EVIL_ARENA, &frame));
    REFUSED(exo_pt_table(0, 0, EVIL_ARENA & ~(evil_page() - 1), 0, 0), EXO_EBUSY);
    return NULL;
}

static const char *free_table(void)
{
    uint32_t frame = evil_take_frame();
    uintptr_t va = place_for_table();
    if (va == 0)
        return "no place for a table";
    WORKS(exo_pt_table(0, 0, va, 0, frame));
    REFUSED(exo_frame_free(frame), EXO_EBUSY);
    REFUSED(exo_env_set(0, 0, EXO_ENV_UPAGE, frame), EXO_EFRAME);
    REFUSED(exo_frame_guard(frame, 0, 0, EXO_CAP_R), EXO_EFRAME);
    return NULL;
}

static const char *batch_with_secret(void)
{
    uint32_t frame = evil_take_frame();
    struct exo_map op[3] = {
        {EVIL_ARENA | EXO_R, frame, 0},
        {(EVIL_ARENA + evil_page()) | EXO_R, evil_shared->secret_frame, 0},
        {(EVIL_ARENA + 2 * evil_page()) | EXO_R, frame, 0}};
    WORKS(prepare(EVIL_ARENA));
    REFUSED(batch(0, op, 3), EXO_ENOTHELD);
    return evil_must_fault(evil_read, EVIL_ARENA + evil_page(), SIGSEGV, 0);
}

static const struct evil_attack attacks[] = {
    {"put a new root under oneself and the victim", new_root, false},
    {"put a table into the victim's address space", table_in_victim, false},
    {"make others' frames a page table", root_of_others, false},
    {"make a writable page a page table", writable_table, false},
    {"write a page table", write_table, false},
    {"read the victim's page tables", read_victims_tables, false},
    {"put tables at levels that do not exist", bad_level, false},
    {"take away a table in use", drop_used_table, false},
    {"free a page table", free_table, false},
    {"hide the victim's frame in a batch", batch_with_secret, false},
    {0},
};

const struct evil_mmu evil_mmu_radix = {
    .kind = EXO_MMU_RADIX,
    .bind = bind,
    .unbind = unbind,
    .protect = protect,
    .batch = batch,
    .prepare = prepare,
    .foreign_call = foreign_call,
    .attacks = attacks,
};
