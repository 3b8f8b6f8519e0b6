// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * evil_regions.c - bindings by base/limit windows, and attacks on their calls. See evil.h. A page is
 * a window here, told by its address, from the last one down: the library takes low numbers first
 * and leaves alone what it did not set.
 */
#include "evil.h"

#define WINDOWS 8u

static exo_word window_of(uintptr_t va)
{
    return EXO_NWINDOW - 1 - va / evil_page() % WINDOWS;
}

/* A capability slot out of range in 64 bits must not become one that exists. */
static exo_sword bind(uint32_t env, uintptr_t va_rights, exo_word frame, exo_word cap)
{
    exo_word slot = cap > 0xffff ? 0xffff : cap;
    return exo_region_set(env, 0, window_of(va_rights) | slot << 8, va_rights, frame, 1);
}

/* Of several pages: that many windows. */
static exo_sword unbind(uint32_t env, uintptr_t va, exo_word pages)
{
    return exo_region_clear(env, 0, window_of(va), pages);
}

static exo_sword protect(uint32_t env, uintptr_t va_rights, exo_word pages)
{
    exo_word rights = va_rights & (EXO_R | EXO_W | EXO_X);
    return exo_region_protect(env, 0, pages == 1 ? window_of(va_rights) : pages, rights);
}

static exo_sword batch(uint32_t env, const struct exo_map *maps, exo_word n)
{
    return exo_region_batch(env, 0, (exo_word)maps, n);
}

static exo_sword prepare(uintptr_t va)
{
    (void)va;
    return 0;
}

static exo_sword foreign_call(void)
{
    return exo_pt_root(0, 0, 1);
}

static const char *windows_of_victim(void)
{
    uint32_t frame = evil_take_frame(), victim = evil_shared->victim;
    REFUSED(exo_region_set(victim, 0, 3, EVIL_ARENA | EXO_R, frame, 1), EXO_EPERM);
    REFUSED(exo_region_clear(victim, 0, 0, EXO_NWINDOW), EXO_EPERM);
    REFUSED(exo_region_read(victim, 0, 0, EXO_REGION_FRAME), EXO_EPERM);
    return NULL;
}

/* The first frame is ours, the window reaches into what is not. */
static const char *reach_over(void)
{
    uint32_t frame = evil_take_frame(), secret = evil_shared->secret_frame;
    exo_sword r = exo_region_set(0, 0, 15, EVIL_ARENA | EXO_R, secret - 1, 2);
    if (r >= 0)
        return evil_result("a window that ends in the victim's frame", r, EXO_ENOTHELD);
    REFUSED(exo_region_set(0, 0, 15, EVIL_ARENA | EXO_R, secret, 1), EXO_ENOTHELD);
    REFUSED(exo_region_set(0, 0, 15, EVIL_ARENA | EXO_R, M_KERNEL_BASE / evil_page(), 4),
            EXO_EFRAME);
    REFUSED(exo_region_set(0, 0, 15, EVIL_ARENA | EXO_R, EVIL_KINFO->nframes - 1, 2),
            EXO_EFRAME);
    REFUSED(exo_region_set(0, 0, 15, EVIL_ARENA | EXO_R, frame, EXO_REGION_PAGES * 2),
            EXO_ERANGE);
    REFUSED(exo_region_set(0, 0, 15, EVIL_ARENA | EXO_R, frame, (exo_word)-1),
            EXO_ERANGE);
    return evil_must_fault(evil_read, EVIL_ARENA, SIGSEGV, 0);
}

static const char *windows_nowhere(void)
{
    uint32_t frame = evil_take_frame();
    REFUSED(exo_region_set(0, 0, EXO_NWINDOW, EVIL_ARENA | EXO_R, frame, 1), EXO_ERANGE);
    REFUSED(exo_region_set(0, 0, 0xff, EVIL_ARENA | EXO_R, frame, 1), EXO_ERANGE);
    REFUSED(exo_region_clear(0, 0, (exo_word)-1, 1), EXO_ERANGE);
    REFUSED(exo_region_clear(0, 0, 1, (exo_word)-1), EXO_ERANGE);
    REFUSED(exo_region_protect(0, 0, EXO_NWINDOW, EXO_R), EXO_ERANGE);
    REFUSED(exo_region_read(0, 0, EXO_NWINDOW, EXO_REGION_VA), EXO_ERANGE);
    return NULL;
}

/* A window goes with its frames, however it was protected. */
static const char *keep_window(void)
{
    uint32_t frame = evil_take_frame();
    WORKS(bind(0, EVIL_ARENA | EXO_R | EXO_W, frame, 0));
    evil_write(EVIL_ARENA);
    WORKS(exo_frame_free(frame));
    return evil_must_fault(evil_read, EVIL_ARENA, SIGSEGV, SIGBUS);
}

static const char *batch_with_secret(void)
{
    uint32_t frame = evil_take_frame();
    struct exo_region op[3] = {
        {EVIL_ARENA | EXO_R, frame, 1, 13, 0},
        {(EVIL_ARENA + evil_page()) | EXO_R, evil_shared->secret_frame, 1, 14, 0},
        {(EVIL_ARENA + 2 * evil_page()) | EXO_R, frame, 1, 15, 0}};
    REFUSED(exo_region_batch(0, 0, (exo_word)op, 3), EXO_ENOTHELD);
    return evil_must_fault(evil_read, EVIL_ARENA + evil_page(), SIGSEGV, 0);
}

static const struct evil_attack attacks[] = {
    {"change the victim's windows", windows_of_victim, false},
    {"let a window reach into the victim's frame", reach_over, false},
    {"windows that do not exist", windows_nowhere, false},
    {"keep a window on a freed frame", keep_window, false},
    {"hide the victim's frame in a batch", batch_with_secret, false},
    {0},
};

const struct evil_mmu evil_mmu_regions = {
    .kind = EXO_MMU_REGIONS,
    .bind = bind,
    .unbind = unbind,
    .protect = protect,
    .batch = batch,
    .prepare = prepare,
    .foreign_call = foreign_call,
    .attacks = attacks,
};
