// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * calls_windows.c - the model where the MMU is a set of windows: a list of them for each
 * environment, from which the bindings of its pages are made anew after every change. Nothing
 * here on other kinds.
 */
#include "calls_model.h"

#ifdef MMU_REGIONS
#define RIGHTS (EXO_R | EXO_W | EXO_X)

struct window { /* pages 0 = empty */
    uint64_t va;
    uint32_t pages, frame, flags;
};
static struct window windows[EXO_NENV][EXO_NWINDOW];

bool model_windows_call(uint32_t number)
{
    return number >= EXO_CALL_region_set && number <= EXO_CALL_region_read;
}

static void rebuild(uint32_t env)
{
    struct model_env *e = &model.env[env];
    for (uint32_t k = 0; k < e->nbindings; k++) {
        struct model_binding *b = &e->binding[k];
        uint32_t kept = 0;
        for (uint32_t i = 0; i < b->n; i++)
            if (b->may[i].lasting)
                b->may[kept++] = b->may[i];
        b->n = kept;
    }
    for (uint32_t i = 0; i < EXO_NWINDOW; i++)
        for (uint32_t p = 0; p < windows[env][i].pages; p++)
            model_bind_add(env, windows[env][i].va + ((uint64_t)p << host.page_shift),
                           windows[env][i].frame + p, windows[env][i].flags, false);
}

void model_windows_forget(uint32_t env, uint32_t frame, bool all)
{
    for (uint32_t i = 0; i < EXO_NWINDOW; i++)
        if (all || frame - windows[env][i].frame < windows[env][i].pages)
            windows[env][i] = (struct window){0};
    rebuild(env);
}

static bool legal(const struct model_call *call, uint32_t t, const struct exo_region *r)
{
    uint32_t flags = (uint32_t)r->va & RIGHTS;
    bool good = r->pages > 0 && r->pages <= EXO_REGION_PAGES && flags != 0 &&
                r->window < EXO_NWINDOW;
    for (uint32_t i = 0; i < r->pages && good; i++)
        good = model_bind_legal(call, t, (exo_word)r->frame + i, r->cap, flags);
    return good;
}

static struct window made(const struct exo_region *r)
{
    uint64_t mask = ((uint64_t)1 << host.page_shift) - 1;
    return (struct window){r->va & ~mask, r->pages, r->frame, (uint32_t)r->va & RIGHTS};
}

static void set(const struct model_call *call)
{
    struct exo_region r = {
        .va = ARG(3), .pages = (uint32_t)ARG(5), .cap = (uint32_t)(ARG(2) >> 8)};
    uint32_t t = model_target(call, ARG(0));
    LEGAL(model_controls(call, ARG(0), ARG(1), EXO_CAP_W));
    LEGAL(ARG(4) < machine.nframes && ARG(5) <= EXO_REGION_PAGES &&
          ARG(2) >> 8 < EXO_NCAP);
    r.frame = (uint32_t)ARG(4);
    r.window = ARG(2) & 0xff;
    LEGAL(legal(call, t, &r));
    JUDGED;
    windows[t][r.window] = made(&r);
    rebuild(t);
}

static void clear(const struct model_call *call)
{
    uint32_t t = model_target(call, ARG(0));
    LEGAL(model_controls(call, ARG(0), ARG(1), EXO_CAP_W));
    LEGAL(ARG(2) < EXO_NWINDOW && ARG(3) <= EXO_NWINDOW - ARG(2));
    JUDGED;
    for (exo_word i = 0; i < ARG(3); i++)
        windows[t][ARG(2) + i] = (struct window){0};
    rebuild(t);
}

static void protect(const struct model_call *call)
{
    uint32_t t = model_target(call, ARG(0));
    LEGAL(model_controls(call, ARG(0), ARG(1), EXO_CAP_W));
    LEGAL(ARG(2) < EXO_NWINDOW);
    JUDGED;
    struct window *w = &windows[t][ARG(2)];
    w->flags &= (uint32_t)ARG(3);
    if (w->flags == 0)
        *w = (struct window){0};
    rebuild(t);
}

static uint64_t ask(uint32_t t, uint32_t i, enum exo_region_field field)
{
    return (uint64_t)sys_region_read(&kernel_ctx[t], 0, 0, i, field, 0);
}

/* Is that what the kernel says of t's window? */
static bool is(uint32_t t, uint32_t i, const struct window *w)
{
    return ask(t, i, EXO_REGION_COUNT) == w->pages &&
           (w->pages == 0 || (ask(t, i, EXO_REGION_VA) == (w->va | w->flags) &&
                              ask(t, i, EXO_REGION_FRAME) == w->frame));
}

/* All were done; or of those before the one that failed each window has what one of them, that
 * was allowed, put there, or what it had. */
static void batch(const struct model_call *call, exo_sword result)
{
    uint32_t t = model_target(call, ARG(0));
    bool allowed = model_controls(call, ARG(0), ARG(1), EXO_CAP_W);
    LEGAL(result != 0 || allowed);
    if (!allowed)
        return;
    for (uint32_t k = 0; k < call->in.nregion; k++) {
        const struct exo_region *r = &call->in.region[k];
        struct window w = made(r);
        bool may = r->window < EXO_NWINDOW && (r->pages == 0 || legal(call, t, r));
        LEGAL(result != 0 || may);
        if (r->pages == 0)
            w = (struct window){0};
        if (may && (result == 0 || is(t, r->window, &w)))
            windows[t][r->window] = w;
    }
    rebuild(t);
}

void model_windows_perform(const struct model_call *call, exo_sword result)
{
    switch (call->number) {
    case EXO_CALL_region_set: set(call); break;
    case EXO_CALL_region_clear: clear(call); break;
    case EXO_CALL_region_protect: protect(call); break;
    case EXO_CALL_region_batch:
        if (result <= 0)
            batch(call, result);
        break;
    default: LEGAL(model_controls(call, ARG(0), ARG(1), EXO_CAP_R)); break;
    }
}

void model_windows_capture(struct model_call *call)
{
    struct model_input *in = &call->in;
    in->nregion = 0;
    if (call->number == EXO_CALL_region_batch && ARG(3) <= EXO_NWINDOW &&
        model_capture_bytes(call->env, ARG(2), in->region, ARG(3) * sizeof in->region[0]))
        in->nregion = (uint32_t)ARG(3);
}
#else
bool model_windows_call(uint32_t number)
{
    (void)number;
    return false;
}

void model_windows_forget(uint32_t env, uint32_t frame, bool all)
{
    (void)env, (void)frame, (void)all;
}

void model_windows_perform(const struct model_call *call, exo_sword result)
{
    (void)call, (void)result;
}

void model_windows_capture(struct model_call *call)
{
    call->in.nregion = 0;
}
#endif
