// SPDX-License-Identifier: GPL-2.0-or-later
/* calls_bind.c - the model's bindings: lists of what each page may be bound to, and the calls of
 * all MMU kinds on them. */
#include "calls_model.h"

#include <string.h>

/* -- bindings -- */

struct model_binding *model_binding_at(uint32_t env, uint64_t va, bool make)
{
    struct model_env *e = &model.env[env];
    for (uint32_t i = 0; i < e->nbindings; i++)
        if (e->binding[i].va == va)
            return &e->binding[i];
    if (!make)
        return NULL;
    if (e->nbindings == MODEL_BINDINGS)
        complain("the model's table of bindings is too small");
    e->binding[e->nbindings] = (struct model_binding){.va = va};
    return &e->binding[e->nbindings++];
}

void model_bind_add(uint32_t env, uint64_t va, uint32_t frame, uint32_t flags,
                    bool lasting)
{
    struct model_binding *b = model_binding_at(env, va, true);
    for (uint32_t i = 0; i < b->n; i++)
        if (b->may[i].frame == frame && b->may[i].lasting == lasting) {
            b->may[i].flags |= flags;
            return;
        }
    if (b->n == MODEL_CANDIDATES) { /* forget the oldest that does not last */
        uint32_t i = 0;
        while (i + 1 < b->n && b->may[i].lasting)
            i++;
        memmove(&b->may[i], &b->may[i + 1], (b->n - i - 1) * sizeof b->may[0]);
        b->n--;
    }
    b->may[b->n].frame = frame;
    b->may[b->n].flags = flags;
    b->may[b->n++].lasting = lasting;
}

static void bind_remove(uint32_t env, uint64_t va, bool lasting_too)
{
    struct model_binding *b = model_binding_at(env, va, false);
    uint32_t kept = 0;
    for (uint32_t i = 0; b != NULL && i < b->n; i++)
        if (b->may[i].lasting && !lasting_too)
            b->may[kept++] = b->may[i];
    if (b != NULL)
        b->n = kept;
}

void model_forget_frame(uint32_t env, uint32_t frame)
{
    struct model_env *e = &model.env[env];
    for (uint32_t k = 0; k < e->nbindings; k++) {
        struct model_binding *b = &e->binding[k];
        uint32_t kept = 0;
        for (uint32_t i = 0; i < b->n; i++)
            if (b->may[i].frame != frame)
                b->may[kept++] = b->may[i];
        b->n = kept;
    }
    model_windows_forget(env, frame, false);
}

/* Is binding this allowed to the caller for the environment t? */
bool model_bind_legal(const struct model_call *call, uint32_t t, exo_word frame,
                      exo_word cap, uint32_t flags)
{
    if (!model_frame_exists(frame))
        return false;
    const struct model_frame *f = &model.frame[frame];
    if (f->type == EXO_FRAME_EXPORT)
        return (flags & (EXO_W | EXO_X)) == 0;
    if (f->type == EXO_FRAME_MODULE)
        return (flags & EXO_W) == 0;
    if (f->type == EXO_FRAME_TABLE && flags & (EXO_W | EXO_X))
        return false;
    return (f->type == EXO_FRAME_USER || f->type == EXO_FRAME_TABLE) &&
           model_holds(t, (uint32_t)frame) &&
           model_may_touch(call->env, cap, (uint32_t)frame,
                           flags & EXO_W ? EXO_CAP_R | EXO_CAP_W : EXO_CAP_R);
}

static uint64_t page_of(uint64_t va)
{
    return va >> host.page_shift << host.page_shift;
}

#define RIGHTS (EXO_R | EXO_W | EXO_X)

void model_bind(const struct model_call *call, exo_word va, exo_word frame, exo_word cap,
                bool wired)
{
    uint32_t t = model_target(call, ARG(0)), flags = (uint32_t)va & RIGHTS;
    LEGAL(model_controls(call, ARG(0), ARG(1), EXO_CAP_W));
    if (flags == 0) {
        JUDGED;
        if (!wired)
            bind_remove(t, page_of(va), false);
        return; /* which page a wired slot named the model does not know */
    }
    LEGAL(model_bind_legal(call, t, frame, cap, flags));
    JUDGED;
    bind_remove(t, page_of(va), false);
    model_bind_add(t, page_of(va), (uint32_t)frame, flags, wired);
}

void model_batch(const struct model_call *call, exo_sword result)
{
    uint32_t t = model_target(call, ARG(0));
    bool allowed = model_controls(call, ARG(0), ARG(1), EXO_CAP_W);
    LEGAL(result != 0 || allowed);
    for (uint32_t i = 0; allowed && i < call->in.nmap; i++) {
        const struct exo_map *m = &call->in.map[i];
        if (result == 0)
            model_bind(call, (exo_word)m->va, m->frame, m->cap, false);
        else if (m->va & RIGHTS &&
                 model_bind_legal(call, t, m->frame, m->cap, m->va & RIGHTS))
            model_bind_add(t, page_of(m->va), m->frame, (uint32_t)m->va & RIGHTS, false);
    }
}

/* Any capability of the caller may give the rights (radix); the others only take away. */
void model_protect(const struct model_call *call, exo_sword result)
{
    uint32_t t = model_target(call, ARG(0)), flags = (uint32_t)ARG(2) & RIGHTS;
    bool allowed = model_controls(call, ARG(0), ARG(1), EXO_CAP_W);
    LEGAL(result != 0 || allowed);
    uint64_t end = page_of(ARG(2)) + ((uint64_t)ARG(3) << host.page_shift);
    for (uint64_t va = page_of(ARG(2)); allowed && ARG(3) <= EXO_RANGE_MAX && va < end;
         va += 1ull << host.page_shift) {
        struct model_binding *b = model_binding_at(t, va, false);
        for (uint32_t i = 0; b != NULL && i < b->n; i++) {
            bool may = false;
            for (uint32_t cap = 0; cap < EXO_NCAP && !may; cap++)
                may = model_bind_legal(call, t, b->may[i].frame, cap, flags);
            uint32_t more = host_mmu_kind == EXO_MMU_RADIX && may ? flags : 0;
            if (b->may[i].lasting && host_mmu_calls.wire != 0)
                continue;
            if (result == 0)
                b->may[i].flags = (b->may[i].flags & flags) | more;
            else
                b->may[i].flags |= more;
        }
    }
}

void model_unbind_range(const struct model_call *call)
{
    LEGAL(model_controls(call, ARG(0), ARG(1), EXO_CAP_W));
    LEGAL(ARG(3) <= EXO_RANGE_MAX);
    JUDGED;
    for (exo_word i = 0; i < ARG(3); i++)
        bind_remove(model_target(call, ARG(0)),
                    page_of(ARG(2)) + ((uint64_t)i << host.page_shift),
                    host_mmu_kind == EXO_MMU_RADIX);
}

void model_flush(const struct model_call *call)
{
    LEGAL(model_controls(call, ARG(0), ARG(1), EXO_CAP_W));
    JUDGED;
    uint32_t t = model_target(call, ARG(0));
    for (uint32_t i = 0; i < model.env[t].nbindings; i++)
        bind_remove(t, model.env[t].binding[i].va, false);
}
