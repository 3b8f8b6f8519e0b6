// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * softtlb_calls.c - the calls tlb_* (calls.def) and what always holds of the software TLB
 * and of this core's hardware TLB (inv_mmu).
 *
 * A wired translation is changed by tlb_wire only: tlb_write there is -EXO_EBUSY, the
 * other calls pass it by. Batch calls stop at the first error; what came before it is
 * done.
 */
#include "softtlb.h"

#define SYS(name)                                                                        \
    exo_sword sys_##name(struct ctx *c, exo_word a0, exo_word a1, exo_word a2,           \
                         exo_word a3, exo_word a4)

static bool is_wired(const struct stlb_entry *e)
{
    return softtlb.is_wired[e - softtlb.entry];
}

static void unbind(struct ctx *t, exo_word va)
{
    struct stlb_entry *e = stlb_find(t->id, va);
    if (e == NULL)
        hardware_forget(t->asid, va);
    else if (!is_wired(e))
        stlb_remove(e);
}

/* Caller c binds va | flags of t to a frame. Without rights: unbinds. */
static int bind(struct ctx *c, struct ctx *t, exo_word arg, exo_word frame, exo_word cap)
{
    exo_word va;
    uint32_t flags = (uint32_t)arg & RIGHTS;
    int error = page_arg(arg, softtlb.page_mask, softtlb.va_end, &va);
    if (error != 0)
        return error;
    if (flags == 0) {
        unbind(t, va);
        return 0;
    }
    struct stlb_entry *e = stlb_find(t->id, va);
    if (e != NULL ? is_wired(e)
                  : t->miss != 0 && kept_wired(&softtlb.kept, t->id, va) != NULL)
        return -EXO_EBUSY;
    if (frame >= softtlb.nframes)
        return -EXO_EFRAME;
    error = frame_may_bind(c->id, t->id, cap, (uint32_t)frame, flags);
    if (error != 0)
        return error;

    exo_word lo = stlb_lo((uint32_t)frame, flags);
    if (e == NULL || e->lo != lo) {
        stlb_place(t, va, (uint32_t)frame, flags, false);
        if (t != c || softtlb.asids.broadcast)
            hardware_forget(t->asid, va);
    }
    if (t == c) /* spare it the miss; this replaces what the hardware had for va */
        hardware_write(t, va, lo);
    return 0;
}

SYS(tlb_write)
{
    struct ctx *t;
    int error = env_target(c->id, a0, a1, EXO_CAP_W, &t);
    if (error != 0)
        return error;
    return bind(c, t, a2, a3, a4);
}

SYS(tlb_batch)
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
                    : bind(c, t, (exo_word)op[i].va, op[i].frame, op[i].cap);
    return error;
}

/* The pages a2 | flags, n of them, of the environment named by a0, a1. */
static int range(struct ctx *c, exo_word env, exo_word cap, exo_word arg, exo_word n,
                 struct ctx **t, exo_word *va)
{
    int error = env_target(c->id, env, cap, EXO_CAP_W, t);
    if (error == 0)
        error = page_arg(arg, softtlb.page_mask, softtlb.va_end, va);
    if (error == 0)
        error = range_arg(*va, n, softtlb.shift, softtlb.va_end);
    return error;
}

SYS(tlb_invalidate)
{
    (void)a4;
    struct ctx *t;
    exo_word va;
    int error = range(c, a0, a1, a2, a3, &t, &va);
    if (error != 0)
        return error;

    for (exo_word n = a3; n > 0; n--, va += (exo_word)1 << softtlb.shift)
        unbind(t, va);
    return 0;
}

/* Rights that are not there stay away: who wants more binds anew. */
static void cut(struct ctx *t, exo_word va, uint32_t flags)
{
    struct stlb_entry *e = stlb_find(t->id, va);
    if (e == NULL)
        hardware_forget(t->asid, va);
    if (e == NULL || is_wired(e) || !(stlb_flags(e) & ~flags))
        return;
    uint32_t frame = stlb_frame(e), rights = stlb_flags(e) & flags;
    if (rights != 0)
        stlb_insert(t, va, frame, rights, false);
    else
        stlb_remove(e);
}

SYS(tlb_protect)
{
    (void)a4;
    struct ctx *t;
    exo_word va;
    int error = range(c, a0, a1, a2, a3, &t, &va);
    if (error != 0)
        return error;

    for (exo_word n = a3; n > 0; n--, va += (exo_word)1 << softtlb.shift)
        cut(t, va, (uint32_t)a2 & RIGHTS);
    return 0;
}

SYS(tlb_flush)
{
    (void)a2, (void)a3, (void)a4;
    struct ctx *t;
    int error = env_target(c->id, a0, a1, EXO_CAP_W, &t);
    if (error != 0)
        return error;

    uint16_t next;
    for (uint16_t i = softtlb.lists.env_head[t->id]; i != 0; i = next) {
        next = softtlb.lists.link[i].env_next;
        if (!softtlb.is_wired[i - 1])
            stlb_remove(&softtlb.entry[i - 1]);
    }
    hardware_forget_all(t->asid);
    return 0;
}

SYS(tlb_wire)
{
    return kept_wire(&softtlb.kept, c, a0, a1, a2, a3, a4);
}

/* ---- invariants ---- */

static const char *inv_entry(uint32_t i)
{
    const struct stlb_entry *e = &softtlb.entry[i];
    if (e->tag == 0)
        return softtlb.is_wired[i] ? "softtlb: an empty entry is wired" : NULL;
    if (stlb_env(e) == 0 || i != stlb_index(stlb_env(e), stlb_va(e)))
        return "softtlb: an entry is where nobody looks for it";
    if (!kept_may_use(stlb_env(e), stlb_frame(e), stlb_flags(e)))
        return "softtlb: an entry names a frame its environment may not use so";
    if (!lists_inv(&softtlb.lists, i, stlb_frame(e), stlb_env(e)))
        return "softtlb: an entry is not on the list of its frame or environment";
    return NULL;
}

static const char *inv_wired(uint32_t env)
{
    uint32_t away = 0;
    for (uint32_t s = 0; s < EXO_NWIRED; s++) {
        const struct wired *w = &softtlb.kept.wired[env][s];
        if (w->flags == 0)
            continue;
        const struct stlb_entry *e = stlb_find(env, w->va);
        if (e != NULL && (!is_wired(e) || e->lo != stlb_lo(w->frame, w->flags)))
            return "softtlb: an entry contradicts a wired translation";
        away += e == NULL;
    }
    const char *wrong = kept_inv(&softtlb.kept, env);
    if (wrong != NULL)
        return wrong;
    return env_ctx(env)->miss != away ? "softtlb: wired translations that are away"
                                      : NULL;
}

/* What this core's hardware TLB holds is as in the software TLB, or still allowed. */
static const char *inv_hardware(void)
{
    for (uint32_t i = 0; i < softtlb.hardware_entries && softtlb.asids.unique; i++) {
        arch_mmio_write(softtlb.base + M_TLB_INDEX, i);
        arch_mmio_write(softtlb.base + M_TLB_OP, M_TLB_OP_READ);
        uint32_t lo = arch_mmio_read(softtlb.base + M_TLB_LO);
        if (!(lo & M_TLB_V))
            continue;
        uint64_t hi = arch_mmio_read(softtlb.base + M_TLB_HI + 4);
        exo_word va = (exo_word)(hi << 32 | arch_mmio_read(softtlb.base + M_TLB_HI));
        uint32_t env = arch_mmio_read(softtlb.base + M_TLB_HI_ASID);
        const struct stlb_entry *e = env < EXO_NENV ? stlb_find(env, va) : NULL;
        uint32_t flags = lo >> 1 & RIGHTS;
        if (e != NULL ? e->lo != lo : !kept_may_use(env, lo >> softtlb.shift, flags))
            return "softtlb: the hardware holds what its environment may not use so";
    }
    return NULL;
}

bool inv_mmu(const char **what)
{
    const char *wrong = inv_hardware();
    for (uint32_t i = 0; i < EXO_NSTLB && wrong == NULL; i++)
        wrong = inv_entry(i);
    for (uint32_t env = 1; env < EXO_NENV && wrong == NULL; env++)
        wrong = inv_wired(env);
    if (wrong != NULL)
        *what = wrong;
    return wrong == NULL;
}
