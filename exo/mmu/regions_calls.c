// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * regions_calls.c - the calls region_* (calls/mmu_regions.def) and what always holds of the
 * windows and of this core's hardware (inv_mmu). Batch calls stop at the first error; what came
 * before it is done.
 */
#include "regions.h"

#define SYS(name)                                                                        \
    exo_sword sys_##name(struct ctx *c, exo_word a0, exo_word a1, exo_word a2,           \
                         exo_word a3, exo_word a4)

static const struct window empty;

/* Caller c shows frames [frame, + pages) of t at va | flags. */
static int set(struct ctx *c, struct ctx *t, exo_word i, exo_word arg, exo_word frame,
               exo_word pages, exo_word cap)
{
    exo_word va;
    uint32_t flags = (uint32_t)arg & RIGHTS;
    if (i >= regions.count)
        return -EXO_ERANGE;
    int error = page_arg(arg, regions.page_mask, regions.va_end, &va);
    if (error == 0)
        error = window_check(va, pages);
    if (error != 0)
        return error;
    if (flags == 0)
        return -EXO_EINVAL;
    if (frame >= regions.nframes || regions.nframes - frame < pages)
        return -EXO_EFRAME;
    for (exo_word k = 0; k < pages && error == 0; k++)
        error = frame_may_bind(c->id, t->id, cap, (uint32_t)(frame + k), flags);
    if (error != 0)
        return error;

    struct window w = {va, (uint32_t)pages, (uint32_t)frame, flags};
    window_put(t, (uint32_t)i, &w);
    return 0;
}

/* Six arguments, one more than a sys_fn gets: the number of pages is the sixth. */
SYS(region_set)
{
    struct ctx *t;
    int error = env_target(c->id, a0, a1, EXO_CAP_W, &t);
    if (error != 0)
        return error;
    return set(c, t, a2 & 0xff, a3, a4, arch_arg(c, 5), a2 >> 8);
}

SYS(region_clear)
{
    (void)a4;
    struct ctx *t;
    int error = env_target(c->id, a0, a1, EXO_CAP_W, &t);
    if (error != 0)
        return error;
    if (a2 >= regions.count || a3 > regions.count - a2)
        return -EXO_ERANGE;

    for (exo_word i = a2; i < a2 + a3; i++)
        if (regions.window[t->id][i].pages != 0)
            window_put(t, (uint32_t)i, &empty);
    return 0;
}

/* Rights that are not there stay away: who wants more sets the window anew. */
SYS(region_protect)
{
    (void)a4;
    struct ctx *t;
    int error = env_target(c->id, a0, a1, EXO_CAP_W, &t);
    if (error != 0)
        return error;
    if (a2 >= regions.count)
        return -EXO_ERANGE;
    if (a3 & ~(exo_word)RIGHTS)
        return -EXO_EINVAL;

    struct window w = regions.window[t->id][a2];
    w.flags &= (uint32_t)a3 | WINDOW_BOOT;
    if ((w.flags & RIGHTS) == 0)
        w = empty;
    window_put(t, (uint32_t)a2, &w);
    return 0;
}

/* One of region_batch: pages 0 empties the window. */
static int one(struct ctx *c, struct ctx *t, const struct exo_region *op)
{
    if (op->window >= regions.count)
        return -EXO_ERANGE;
    if ((exo_word)op->va != op->va)
        return -EXO_EVA;
    if (op->pages != 0)
        return set(c, t, op->window, (exo_word)op->va, op->frame, op->pages, op->cap);
    window_put(t, op->window, &empty);
    return 0;
}

SYS(region_batch)
{
    (void)a4;
    struct ctx *t;
    struct exo_region op[EXO_NWINDOW];
    int error = env_target(c->id, a0, a1, EXO_CAP_W, &t);
    if (error != 0)
        return error;
    if (a3 > EXO_NWINDOW)
        return -EXO_ERANGE;
    exo_sword fault = copy_from_user(c, op, a2, a3 * sizeof op[0]);
    if (fault != 0)
        return fault;
    uint32_t pages = 0;
    for (exo_word i = 0; i < a3; i++) {
        if (op[i].pages > EXO_REGION_PAGES - pages)
            return -EXO_ERANGE;
        pages += op[i].pages;
    }

    for (exo_word i = 0; i < a3 && error == 0; i++)
        error = one(c, t, &op[i]);
    return error;
}

SYS(region_read)
{
    (void)a4;
    struct ctx *t;
    int error = env_target(c->id, a0, a1, EXO_CAP_R, &t);
    if (error != 0)
        return error;
    if (a2 >= regions.count)
        return -EXO_ERANGE;
    const struct window *w = &regions.window[t->id][a2];
    switch (a3) {
    case EXO_REGION_VA: return (exo_sword)(w->va | (w->flags & RIGHTS));
    case EXO_REGION_FRAME: return (exo_sword)w->frame;
    case EXO_REGION_COUNT: return (exo_sword)w->pages;
    default: return -EXO_EINVAL;
    }
}

/* ---- invariants ---- */

static const char *inv_window(uint32_t env, uint32_t i)
{
    const struct window *w = &regions.window[env][i];
    if (w->pages == 0)
        return w->flags != 0 ? "regions: an empty window has rights" : NULL;
    if (window_check(w->va, w->pages) != 0 || (w->va & ~regions.page_mask) != 0)
        return "regions: a window the hardware cannot hold";
    for (uint32_t k = 0; k < w->pages; k++)
        if (!kept_may_use(env, w->frame + k, w->flags))
            return "regions: a window shows a frame its environment may not use so";
    return (w->flags & RIGHTS) == 0 ? "regions: a window without rights" : NULL;
}

/* This core's hardware holds what the environment loaded there has, or less. */
static const char *inv_hardware(void)
{
    uint32_t env = regions.loaded[arch_mmio_read(M_CORE_BASE + M_COREID)];
    for (uint32_t i = 0; i < regions.count; i++) {
        const struct window *w = &regions.window[env][i];
        arch_mmio_write(regions.base + M_REGIONS_INDEX, i);
        arch_mmio_write(regions.base + M_REGIONS_OP, M_REGIONS_OP_READ);
        uint32_t pa = arch_mmio_read(regions.base + M_REGIONS_PA);
        exo_word size = (exo_word)arch_mmio_read(regions.base + M_REGIONS_LIMIT) -
                        (exo_word)arch_mmio_read(regions.base + M_REGIONS_BASE);
        if (!(pa & M_REGIONS_V))
            continue;
        if (w->pages == 0 || pa >> regions.shift != w->frame ||
            (pa >> 1 & RIGHTS) != (w->flags & RIGHTS) ||
            size != (exo_word)w->pages << regions.shift ||
            arch_mmio_read(regions.base + M_REGIONS_BASE) != (uint32_t)w->va)
            return "regions: the hardware holds a window its environment does not have";
    }
    return NULL;
}

bool inv_mmu(const char **what)
{
    const char *wrong = inv_hardware();
    for (uint32_t env = 1; env < EXO_NENV && wrong == NULL; env++) {
        for (uint32_t i = 0; i < regions.count && wrong == NULL; i++)
            wrong = inv_window(env, i);
        if (wrong == NULL)
            wrong = kept_inv(&regions.kept, env);
    }
    if (wrong != NULL)
        *what = wrong;
    return wrong == NULL;
}
