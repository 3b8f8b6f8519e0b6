// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * radix_calls.c - the calls pt_* (calls.def) and what always holds of page tables
 * (inv_mmu).
 *
 * Range and batch calls stop at the first error; what came before it is done.
 */
#include "radix_priv.h"

#define SYS(name)                                                                        \
    exo_sword sys_##name(struct ctx *c, exo_word a0, exo_word a1, exo_word a2,           \
                         exo_word a3, exo_word a4)

SYS(pt_root)
{
    (void)a3, (void)a4;
    struct ctx *t;
    int error = env_target(c->id, a0, a1, EXO_CAP_W, &t);
    if (error != 0)
        return error;
    if (radix_has_root(t))
        return -EXO_EBUSY;
    if (a2 >= radix.nframes)
        return -EXO_EFRAME;
    error = frame_make_table(t->id, (uint32_t)a2);
    if (error != 0)
        return error;

    radix_new_table((uint32_t)a2);
    t->root = (uint64_t)a2 << radix.shift;
    if (t == c)
        mmu_switch(t);
    return 0;
}

/* Frame 0 takes an unused table out again. */
static exo_sword drop_table(struct ctx *t, uint32_t above, uint32_t i)
{
    uint64_t pte = slot_read(above, i);
    if (!holds(&radix.present, pte))
        return -EXO_ENOTABLE;
    uint32_t table = frame_of(pte);
    if (radix.table_of[table].live != 0)
        return -EXO_EBUSY;

    slot_write(above, i, 0);
    radix.table_of[above].live--;
    radix_forget_tables(t);
    radix_forget_all(t);
    frame_drop_table(t->id, table);
    return 0;
}

SYS(pt_table)
{
    struct ctx *t;
    exo_word va;
    int error = env_target(c->id, a0, a1, EXO_CAP_W, &t);
    if (error != 0)
        return error;
    error = page_arg(a2, radix.page_mask, radix.va_end, &va);
    if (error != 0)
        return error;
    if (a3 >= radix.levels - 1)
        return -EXO_ERANGE;
    if (a4 >= radix.nframes)
        return -EXO_EFRAME;
    uint32_t level = (uint32_t)a3 + 1, i = index_of(va, level);
    uint32_t above = radix_walk(t, va, level);
    if (above == 0)
        return -EXO_ENOTABLE;
    if (a4 == 0)
        return drop_table(t, above, i);
    if (holds(&radix.present, slot_read(above, i)))
        return -EXO_EBUSY;
    error = frame_make_table(t->id, (uint32_t)a4);
    if (error != 0)
        return error;

    radix_add_table(above, i, (uint32_t)a4);
    return 0;
}

SYS(pt_map)
{
    struct ctx *t;
    int error = env_target(c->id, a0, a1, EXO_CAP_W, &t);
    if (error != 0)
        return error;
    return radix_bind(c, t, a2, a3, a4);
}

SYS(pt_batch)
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

    for (exo_word i = 0; i < a3 && error == 0; i++)
        error = (exo_word)op[i].va != op[i].va
                    ? -EXO_EVA
                    : radix_bind(c, t, (exo_word)op[i].va, op[i].frame, op[i].cap);
    return error;
}

SYS(pt_unmap)
{
    (void)a4;
    struct ctx *t;
    exo_word va;
    int error = env_target(c->id, a0, a1, EXO_CAP_W, &t);
    if (error != 0)
        return error;
    error = page_arg(a2, radix.page_mask, radix.va_end, &va);
    if (error != 0)
        return error;
    error = range_arg(va, a3, radix.shift, radix.va_end);
    if (error != 0)
        return error;

    for (exo_word n = a3; n > 0; n--, va += (exo_word)1 << radix.shift) {
        uint32_t table = radix_last_table(t, va);
        if (table != 0)
            radix_unbind(t, va, table);
    }
    return 0;
}

/* Rights that the entry does not give yet are authorised anew: some capability of the
 * caller must allow them. */
static int authorise(struct ctx *c, struct ctx *t, uint64_t old, uint32_t rights)
{
    int error = rights & ~radix_rights(old) ? -EXO_EPERM : 0;
    for (uint32_t cap = 0; cap < EXO_NCAP && error != 0; cap++)
        error = frame_may_bind(c->id, t->id, cap, frame_of(old), rights);
    return error == -EXO_ECAP ? -EXO_EPERM : error;
}

static int protect(struct ctx *c, struct ctx *t, exo_word va, exo_word flags)
{
    uint32_t table = radix_last_table(t, va), i = index_of(va, 0);
    uint64_t old = table != 0 ? slot_read(table, i) : 0;
    if (table == 0 || !holds(&radix.present, old))
        return 0;
    int error = authorise(c, t, old, (uint32_t)(flags & RIGHTS));
    if (error != 0)
        return error;

    uint64_t kept = old & (radix.accessed | radix.dirty);
    slot_write(table, i, entry_of(frame_of(old), radix_bits(flags) | kept));
    radix_forget(t, va);
    return 0;
}

SYS(pt_protect)
{
    (void)a4;
    struct ctx *t;
    exo_word va;
    int error = env_target(c->id, a0, a1, EXO_CAP_W, &t);
    if (error != 0)
        return error;
    error = page_arg(a2, radix.page_mask, radix.va_end, &va);
    if (error != 0)
        return error;
    error = range_arg(va, a3, radix.shift, radix.va_end);
    if (error != 0)
        return error;
    if (!radix.can[a2 & RIGHTS])
        return -EXO_EINVAL;

    for (exo_word n = a3; n > 0 && error == 0; n--, va += (exo_word)1 << radix.shift)
        error = protect(c, t, va, a2);
    return error;
}

SYS(pt_read)
{
    (void)a3, (void)a4;
    struct ctx *t;
    exo_word va;
    int error = env_target(c->id, a0, a1, EXO_CAP_R, &t);
    if (error != 0)
        return error;
    error = page_arg(a2, radix.page_mask, radix.va_end, &va);
    if (error != 0)
        return error;
    uint32_t table = radix_last_table(t, va);
    if (table == 0)
        return -EXO_ENOTABLE;

    uint64_t pte = slot_read(table, index_of(va, 0));
    arch_set_result2(c, sizeof(exo_word) == 4 ? (exo_word)(pte >> 32) : 0);
    return (exo_sword)pte;
}

/* ---- invariants ---- */

/* An entry of a last table names a frame that its environment may still use like that. */
static bool inv_entry(const struct ctx *c, uint64_t pte)
{
    const struct exo_frame *f = frame_get(frame_of(pte));
    bool writable = radix_rights(pte) & EXO_W;
    if (f == NULL || !holds(&radix.leaf, pte))
        return false;
    switch (f->type) {
    case EXO_FRAME_EXPORT:
    case EXO_FRAME_MODULE: return !writable;
    case EXO_FRAME_TABLE: return !writable && frame_held(c->id, frame_of(pte));
    case EXO_FRAME_USER: return frame_held(c->id, frame_of(pte));
    default: return false;
    }
}

static bool inv_table(uint32_t table)
{
    const struct radix_table *t = &radix.table_of[table];
    uint32_t n = 0;
    for (uint32_t i = 0; i < 1u << radix.bits; i++)
        if (holds(&radix.present, slot_read(table, i))) {
            n++;
            if (i < t->first)
                return false;
        }
    return n == t->live;
}

/* Counts each entry once out of uses[] (step -1), or back in (step 1). */
static const char *inv_walk(const struct ctx *c, int step)
{
    struct radix_cursor k;
    radix_cursor_start(&k, c);
    do {
        while (radix_cursor_next(&k)) {
            uint64_t pte = slot_read(k.table[0], k.index[0] - 1);
            uint8_t *uses = radix_uses(c, frame_of(pte));
            if (step < 0 && !inv_entry(c, pte))
                return "radix: an entry names a frame its environment may not use so";
            if (step < 0 && *uses == 0)
                return "radix: more entries than counted";
            if (*uses != RADIX_USES_MANY)
                *uses = (uint8_t)(*uses + step);
        }
        const struct exo_frame *f = frame_get(k.table[k.level]);
        if (f == NULL || f->type != EXO_FRAME_TABLE ||
            !frame_held(c->id, k.table[k.level]))
            return "radix: a table is not its environment's table frame";
        if (!inv_table(k.table[k.level]))
            return "radix: a table's entries are not as counted";
    } while (radix_cursor_up(&k));
    return NULL;
}

static const char *inv_env(const struct ctx *c)
{
    if (!radix_has_root(c))
        return NULL;
    const char *wrong = inv_walk(c, -1);
    if (wrong != NULL)
        return wrong;
    for (uint32_t f = 0; f < radix.nframes; f++)
        if (*radix_uses(c, f) != 0 && *radix_uses(c, f) != RADIX_USES_MANY)
            return "radix: fewer entries than counted";
    return inv_walk(c, 1);
}

bool inv_mmu(const char **what)
{
    for (uint32_t id = 1; id < EXO_NENV; id++) {
        const char *wrong = inv_env(env_ctx(id));
        if (wrong != NULL) {
            *what = wrong;
            return false;
        }
    }
    for (uint32_t f = 0; f < radix.nframes; f++) {
        uint32_t sum = 0;
        bool many = false;
        for (uint32_t id = 1; id < EXO_NENV; id++) {
            sum += radix.uses[f * EXO_NENV + id];
            many |= radix.uses[f * EXO_NENV + id] == RADIX_USES_MANY;
        }
        const struct exo_frame *frame = frame_get(f);
        if (frame != NULL && !many && frame->maps != sum) {
            *what = "radix: a frame's maps are not the entries that point to it";
            return false;
        }
    }
    return true;
}
