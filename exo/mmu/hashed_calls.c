// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hashed_calls.c - the calls hpt_* (calls.def) and what always holds of the table (inv_mmu).
 *
 * A wired translation is changed by hpt_wire only: hpt_insert there is -EXO_EBUSY, the other
 * calls pass it by.
 */
#include "hashed.h"

#define SYS(name)                                                                        \
    exo_sword sys_##name(struct ctx *c, exo_word a0, exo_word a1, exo_word a2,           \
                         exo_word a3, exo_word a4)

static void unbind(struct ctx *t, exo_word va)
{
    struct hpt_page p = hpt_page(t->id, va);
    uint32_t free = HPT_NONE, slot = hpt_find(&p, &free);
    if (slot != HPT_NONE && !hpt.is_wired[slot])
        hpt_remove(slot);
}

/* Place 1..16 of a page that is not in the table, 0: any that is free. *slot is its, to be
 * emptied if it is in use. 0, -EXO_EFULL or -EXO_EBUSY. */
static int choose(const struct hpt_page *p, exo_word place, uint32_t free, uint32_t *slot)
{
    *slot = free;
    if (place == 0)
        return free != HPT_NONE ? 0 : -EXO_EFULL;
    *slot = hpt_slot(p, (uint32_t)place - 1);
    return hpt.owner[*slot] == 0 || hpt_may_take(p->env, *slot) ? 0 : -EXO_EBUSY;
}

/* Caller c binds va | flags of t to a frame, at a place of the page's. Without rights: unbinds. */
static int bind(struct ctx *c, struct ctx *t, exo_word arg, exo_word frame, exo_word cap,
                exo_word place)
{
    exo_word va;
    uint32_t flags = (uint32_t)arg & RIGHTS, free = HPT_NONE, slot = HPT_NONE;
    int error = page_arg(arg, hpt.page_mask, hpt.va_end, &va);
    if (error != 0)
        return error;
    if (flags == 0) {
        unbind(t, va);
        return 0;
    }
    if (place > PLACES)
        return -EXO_ERANGE;
    if (frame >= hpt.nframes)
        return -EXO_EFRAME;
    struct hpt_page p = hpt_page(t->id, va);
    uint32_t there = hpt_find(&p, &free);
    if (there != HPT_NONE ? hpt.is_wired[there]
                          : t->miss != 0 && kept_wired(&hpt.kept, t->id, va) != NULL)
        return -EXO_EBUSY;
    error = there == HPT_NONE ? choose(&p, place, free, &slot) : 0;
    if (error != 0)
        return error;
    error = frame_may_bind(c->id, t->id, cap, (uint32_t)frame, flags);
    if (error != 0)
        return error;

    if (there != HPT_NONE) {
        hpt_change(there, hpt_lo((uint32_t)frame, flags));
        return 0;
    }
    if (hpt.owner[slot] != 0) {
        hpt.hand++;
        hpt_remove(slot);
    }
    hpt_set(&p, slot, (uint32_t)frame, flags, false);
    return 0;
}

/* Six arguments, one more than a sys_fn gets: the place is the sixth. */
SYS(hpt_insert)
{
    struct ctx *t;
    int error = env_target(c->id, a0, a1, EXO_CAP_W, &t);
    if (error != 0)
        return error;
    return bind(c, t, a2, a3, a4, arch_arg(c, 5));
}

SYS(hpt_batch)
{
    (void)a4;
    struct ctx *t;
    struct exo_map op[EXO_BATCH_MAX];
    int error = env_target(c->id, a0, a1, EXO_CAP_W, &t);
    if (error != 0)
        return error;
    if (a3 > EXO_BATCH_MAX)
        return -EXO_ERANGE;
    exo_sword fault = copy_from_user(c, op, a2, a3 * sizeof op[0]);
    if (fault != 0)
        return fault;

    for (exo_word i = 0; i < a3; i++) {
        error = (exo_word)op[i].va != op[i].va
                    ? -EXO_EVA
                    : bind(c, t, (exo_word)op[i].va, op[i].frame, op[i].cap, 0);
        if (error != 0 && error != -EXO_EFULL)
            return error;
    }
    return 0;
}

/* The pages a2 | flags, n of them, of the environment named by a0, a1. */
static int range(struct ctx *c, exo_word env, exo_word cap, exo_word arg, exo_word n,
                 struct ctx **t, exo_word *va)
{
    int error = env_target(c->id, env, cap, EXO_CAP_W, t);
    if (error == 0)
        error = page_arg(arg, hpt.page_mask, hpt.va_end, va);
    if (error == 0)
        error = range_arg(*va, n, hpt.shift, hpt.va_end);
    return error;
}

SYS(hpt_evict)
{
    (void)a4;
    struct ctx *t;
    exo_word va;
    int error = range(c, a0, a1, a2, a3, &t, &va);
    if (error != 0)
        return error;

    for (exo_word n = a3; n > 0; n--, va += (exo_word)1 << hpt.shift)
        unbind(t, va);
    return 0;
}

/* Rights that are not there stay away: who wants more binds anew. */
static void cut(struct ctx *t, exo_word va, uint32_t flags)
{
    struct hpt_page p = hpt_page(t->id, va);
    uint32_t free = HPT_NONE, slot = hpt_find(&p, &free);
    if (slot == HPT_NONE || hpt.is_wired[slot] || !(hpt_flags(slot) & ~flags))
        return;
    uint32_t rights = hpt_flags(slot) & flags;
    if (rights == 0)
        hpt_remove(slot);
    else
        hpt_change(slot, hpt_lo(hpt_frame(slot), rights) |
                             (hpt.entry[slot].lo & (M_HPT_R | M_HPT_C)));
}

SYS(hpt_protect)
{
    (void)a4;
    struct ctx *t;
    exo_word va;
    int error = range(c, a0, a1, a2, a3, &t, &va);
    if (error != 0)
        return error;

    for (exo_word n = a3; n > 0; n--, va += (exo_word)1 << hpt.shift)
        cut(t, va, (uint32_t)a2 & RIGHTS);
    return 0;
}

SYS(hpt_wire)
{
    return kept_wire(&hpt.kept, c, a0, a1, a2, a3, a4);
}

/* One page of the environment named by a0, a1, for reading. */
static int one(struct ctx *c, exo_word env, exo_word cap, exo_word arg,
               struct hpt_page *p)
{
    struct ctx *t;
    exo_word va;
    int error = env_target(c->id, env, cap, EXO_CAP_R, &t);
    if (error == 0)
        error = page_arg(arg, hpt.page_mask, hpt.va_end, &va);
    if (error == 0)
        *p = hpt_page(t->id, va);
    return error;
}

SYS(hpt_read)
{
    (void)a3, (void)a4;
    struct hpt_page p;
    int error = one(c, a0, a1, a2, &p);
    if (error != 0)
        return error;

    uint32_t free = HPT_NONE, slot = hpt_find(&p, &free);
    return slot != HPT_NONE ? (exo_sword)hpt.entry[slot].lo : 0;
}

SYS(hpt_group)
{
    (void)a4;
    struct hpt_page p;
    int error = one(c, a0, a1, a2, &p);
    if (error != 0)
        return error;
    if (a3 > 1)
        return -EXO_ERANGE;

    uint32_t first = p.first[a3], result = (hpt.hand & 15) << EXO_HPT_HAND_SHIFT;
    const struct hpt_entry *e = &hpt.entry[first];
    const uint8_t *owner = &hpt.owner[first];
    for (uint32_t i = 0; i < M_HPT_GROUP; i++) {
        uint32_t what = owner[i] == p.env ? EXO_HPT_OWN : 0;
        if (owner[i] == 0 || hpt_may_take(p.env, first + i))
            what |= EXO_HPT_MAY;
        if (owner[i] != 0 && e[i].lo & M_HPT_R)
            what |= EXO_HPT_USED;
        result |= what << i * EXO_HPT_BITS;
    }
    return (exo_sword)result;
}

SYS(hpt_table)
{
    (void)c, (void)a1, (void)a2, (void)a3, (void)a4;
    switch (a0) {
    case EXO_HPT_GROUPS: return (exo_sword)hpt.groups;
    case EXO_HPT_ENTRIES_FRAME: return (exo_sword)(arch_pa(hpt.entry) >> hpt.shift);
    case EXO_HPT_OWNERS_FRAME: return (exo_sword)(arch_pa(hpt.owner) >> hpt.shift);
    default: return -EXO_EINVAL;
    }
}

/* ---- invariants ---- */

static const char *inv_entry(uint32_t slot)
{
    const struct hpt_entry *e = &hpt.entry[slot];
    uint32_t env = hpt.owner[slot], free = HPT_NONE;
    if (!(e->hi & M_HPT_V))
        return env != 0 || hpt.is_wired[slot] ? "hashed: a free place has an owner"
                                              : NULL;
    if (env == 0 || env >= EXO_NENV)
        return "hashed: an entry without an owner";
    struct hpt_page p = hpt_page(env, hpt_va(slot));
    if (hpt_find(&p, &free) != slot)
        return "hashed: an entry is not its owner's, or one of two for a page";
    if (hpt_frame(slot) >= hpt.nframes ||
        !kept_may_use(env, hpt_frame(slot), hpt_flags(slot)))
        return "hashed: an entry names a frame its environment may not use so";
    if (!lists_inv(&hpt.lists, slot, hpt_frame(slot), env))
        return "hashed: an entry is not on the list of its frame or environment";
    return NULL;
}

static const char *inv_wired(uint32_t env)
{
    uint32_t away = 0;
    for (uint32_t s = 0; s < EXO_NWIRED; s++) {
        const struct wired *w = &hpt.kept.wired[env][s];
        if (w->flags == 0)
            continue;
        struct hpt_page p = hpt_page(env, w->va);
        uint32_t free = HPT_NONE, slot = hpt_find(&p, &free);
        away += slot == HPT_NONE;
        if (slot != HPT_NONE && (!hpt.is_wired[slot] ||
                                 (hpt.entry[slot].lo & ~(uint32_t)(M_HPT_R | M_HPT_C)) !=
                                     hpt_lo(w->frame, w->flags)))
            return "hashed: an entry contradicts a wired translation";
    }
    if (env_ctx(env)->miss != away)
        return "hashed: wired translations that are away";
    return kept_inv(&hpt.kept, env);
}

bool inv_mmu(const char **what)
{
    const char *wrong = NULL;
    for (uint32_t slot = 0; slot < hpt.slots && wrong == NULL; slot++)
        wrong = inv_entry(slot);
    for (uint32_t env = 1; env < EXO_NENV && wrong == NULL; env++)
        wrong = inv_wired(env);
    if (wrong != NULL)
        *what = wrong;
    return wrong == NULL;
}
