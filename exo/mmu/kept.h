// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kept.h - translations an environment is guaranteed, for the kinds whose tables may lose a
 * binding (softtlb, hashed): the kernel puts them back itself.
 *
 *   wired      named by the environment, EXO_NWIRED slots; where one is missing ctx.miss
 *              counts it, and a miss goes to mmu_trap() first
 *   boot runs  what the boot loader bound, as long as the environment has no exception
 *              handler to bring it back itself
 *
 * The kind keeps struct kept and looks here when its table has no entry; it provides
 * wired_set() and wired_clear(). Frames are numbered below nframes, addresses end at va_end.
 */
#ifndef EXO_MMU_KEPT_H
#define EXO_MMU_KEPT_H

#include "common.h"

struct wired {
    exo_word va;
    uint32_t frame, flags; /* EXO_R/W/X; 0 = empty slot */
};

/* Consecutive pages in consecutive frames, bound by the boot loader. pages 0 = empty. */
#define BOOT_RUNS 16
struct boot_run {
    exo_word va;
    uint32_t frame, pages, flags;
};

struct kept {
    uint32_t shift, nframes; /* shift: of pages */
    exo_word va_end;
    struct wired wired[EXO_NENV][EXO_NWIRED];
    struct boot_run boot[EXO_NENV][BOOT_RUNS];
};

/* -- provided by the kind -- */
/* Fill a slot that may be in use; ctx.miss counts it until it is in the kind's table. */
void wired_set(struct ctx *c, struct wired *w, exo_word va, uint32_t frame,
               uint32_t flags);
void wired_clear(struct ctx *c, struct wired *w);

/* NULL: no such wired translation. */
static inline struct wired *kept_wired(struct kept *k, uint32_t env, exo_word va)
{
    for (uint32_t s = 0; s < EXO_NWIRED; s++)
        if (k->wired[env][s].flags != 0 && k->wired[env][s].va == va)
            return &k->wired[env][s];
    return NULL;
}

static inline void kept_note_boot(struct kept *k, uint32_t env, exo_word va,
                                  uint32_t frame, uint32_t flags)
{
    struct boot_run *r = k->boot[env];
    for (uint32_t i = 0; i < BOOT_RUNS; i++, r++) {
        if (r->pages == 0) {
            *r = (struct boot_run){.va = va, .frame = frame, .pages = 1, .flags = flags};
            return;
        }
        if (r->flags == flags && va - r->va == (exo_word)r->pages << k->shift &&
            frame - r->frame == r->pages) {
            r->pages++;
            return;
        }
    }
    kernel_panic("MMU: a boot program of too many pieces");
}

/* The run with va in it; NULL: none. */
static inline const struct boot_run *kept_boot(const struct kept *k, uint32_t env,
                                               exo_word va)
{
    const struct boot_run *r = k->boot[env];
    for (uint32_t i = 0; i < BOOT_RUNS; i++, r++)
        if (va >= r->va && (va - r->va) >> k->shift < r->pages)
            return r;
    return NULL;
}

/* The environment no longer holds the frame: forget its run. All, if it is dead or has a
 * handler by now. Runs stay together at the front. */
static inline void kept_forget_boot(struct kept *k, uint32_t env, uint32_t frame,
                                    bool all)
{
    struct boot_run *run = k->boot[env];
    uint32_t kept = 0;
    for (uint32_t i = 0; i < BOOT_RUNS; i++)
        if (!all && run[i].pages != 0 && frame - run[i].frame >= run[i].pages)
            run[kept++] = run[i];
    for (; kept < BOOT_RUNS; kept++)
        run[kept] = (struct boot_run){0};
}

/* The environment is dead. */
static inline void kept_forget(struct kept *k, uint32_t env)
{
    for (uint32_t s = 0; s < EXO_NWIRED; s++)
        k->wired[env][s].flags = 0;
    kept_forget_boot(k, env, 0, true);
}

static inline void kept_break_in(struct kept *k, struct ctx *c, uint32_t frame)
{
    struct wired *w = k->wired[c->id];
    for (uint32_t s = 0; s < EXO_NWIRED; s++)
        if (w[s].flags != 0 && w[s].frame == frame)
            wired_clear(c, &w[s]);
    if (k->boot[c->id][0].pages != 0)
        kept_forget_boot(k, c->id, frame, c->exc_entry != 0);
}

/* mmu_break_frame: what could be put back of the frame, in c (NULL: in all). */
static inline void kept_break(struct kept *k, struct ctx *c, uint32_t frame)
{
    if (c != NULL)
        kept_break_in(k, c, frame);
    for (uint32_t id = 1; c == NULL && id < EXO_NENV; id++)
        kept_break_in(k, env_ctx(id), frame);
}

/* mmu_wire_upage: the last slot; the library may use it for something else. */
static inline void kept_wire_upage(struct kept *k, struct ctx *c, uint32_t frame)
{
    struct wired *w = kept_wired(k, c->id, EXO_UPAGE_VA);
    if (w == NULL)
        w = &k->wired[c->id][EXO_NWIRED - 1];
    wired_set(c, w, EXO_UPAGE_VA, frame, EXO_R | EXO_W);
}

/* The body of the kind's call: slot a2 of the environment named by a0, a1 = page a3 | flags,
 * frame a4. Six arguments, one more than a sys_fn gets: the frame's capability is the sixth. */
static inline exo_sword kept_wire(struct kept *k, struct ctx *c, exo_word a0, exo_word a1,
                                  exo_word a2, exo_word a3, exo_word a4)
{
    struct ctx *t;
    exo_word va;
    uint32_t flags = (uint32_t)a3 & (EXO_R | EXO_W | EXO_X);
    int error = env_target(c->id, a0, a1, EXO_CAP_W, &t);
    if (error != 0)
        return error;
    if (a2 >= EXO_NWIRED)
        return -EXO_ERANGE;
    struct wired *w = &k->wired[t->id][a2];
    if (flags == 0) {
        wired_clear(t, w);
        return 0;
    }
    error = page_arg(a3, ~(((exo_word)1 << k->shift) - 1), k->va_end, &va);
    if (error != 0)
        return error;
    struct wired *same = kept_wired(k, t->id, va);
    if (same != NULL && same != w)
        return -EXO_EBUSY;
    if (a4 >= k->nframes)
        return -EXO_EFRAME;
    error = frame_may_bind(c->id, t->id, arch_arg(c, 5), (uint32_t)a4, flags);
    if (error != 0)
        return error;

    wired_set(t, w, va, (uint32_t)a4, flags);
    return 0;
}

/* What c is guaranteed for va: its frame and flags. false: nothing. */
static inline bool kept_find(struct kept *k, const struct ctx *c, exo_word va,
                             uint32_t *frame, uint32_t *flags, bool *wired)
{
    const struct wired *w = c->miss != 0 ? kept_wired(k, c->id, va) : NULL;
    const struct boot_run *r = c->exc_entry == 0 ? kept_boot(k, c->id, va) : NULL;
    *wired = w != NULL;
    if (w != NULL) {
        *frame = w->frame;
        *flags = w->flags;
    } else if (r != NULL) {
        *frame = r->frame + (uint32_t)((va - r->va) >> k->shift);
        *flags = r->flags;
    }
    return w != NULL || r != NULL;
}

/* For inv_mmu: may the environment still use the frame like that? */
static inline bool kept_may_use(uint32_t env, uint32_t frame, uint32_t flags)
{
    const struct exo_frame *f = frame_get(frame);
    if (f == NULL)
        return false;
    if (f->type == EXO_FRAME_EXPORT || f->type == EXO_FRAME_MODULE)
        return !(flags & EXO_W);
    return f->type == EXO_FRAME_USER && frame_held(env, frame);
}

/* All guaranteed to env may still be used so. NULL, or what is wrong. */
static inline const char *kept_inv(const struct kept *k, uint32_t env)
{
    for (uint32_t s = 0; s < EXO_NWIRED; s++) {
        const struct wired *w = &k->wired[env][s];
        if (w->flags != 0 && !kept_may_use(env, w->frame, w->flags))
            return "MMU: a wired translation to a frame its environment may not use so";
    }
    for (uint32_t r = 0; r < BOOT_RUNS; r++)
        for (uint32_t p = 0; p < k->boot[env][r].pages; p++)
            if (!kept_may_use(env, k->boot[env][r].frame + p, k->boot[env][r].flags))
                return "MMU: a boot run names a frame its environment may not use so";
    return NULL;
}

#endif
