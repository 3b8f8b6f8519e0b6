// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * radix.c - "exo,mmu-radix": a multi-level page table walked by hardware, and a finite TLB
 * tagged with address spaces. The table's format is the board's (radix_walk.h); Sv39, Sv32,
 * x86-64 4-level and AArch64 4 KiB are parameter sets (boards/).
 *
 *   0x00 ROOT     rw  64-bit LO/HI: physical address of the root table, page aligned
 *   0x08 ASID     rw  current address space
 *   0x10 VA       rw  64-bit LO/HI: operand of INVALIDATE
 *   0x18 OP_ASID  rw  operand of INVALIDATE and INVALIDATE_ASID
 *   0x1c OP       wo  5 invalidate the entry of VA, OP_ASID; 6 all of OP_ASID; 7 all. With
 *                     0x100: on every core
 *
 * A miss, or a hit that lacks the right (as the first write to a clean page does), walks:
 * exo,walk-cycles for each table entry read, and once more if accessed or dirty is written
 * back. A walk that succeeds puts the page into the TLB; one that faults does not, and drops
 * an entry that says more than the tables do. Changing tables or ROOT drops nothing: software
 * invalidates. Replacement does not look at use: fifo (the slots in turn) or random by a
 * generator seeded from the board.
 */
#include "models.h"
#include "radix_walk.h"
#include "tlb.h"
#include "values.h"
#include <stdlib.h>
#include <string.h>

enum {
    REG_ROOT = 0x00,
    REG_ASID = 0x08,
    REG_VA = 0x10,
    REG_OP_ASID = 0x18,
    REG_OP = 0x1c
};
enum {
    OP_INVALIDATE = 5,
    OP_INVALIDATE_ASID = 6,
    OP_INVALIDATE_ALL = 7,
    OP_BROADCAST = 0x100
};
#define RADIX_STATE 0x58444152u /* "RADX" */

struct radix {
    struct hw_env env;
    struct radix_format format;
    struct tlb tlb;
    uint64_t root, va, random;
    uint32_t asid, op_asid, asid_mask, hand; /* hand: next slot of fifo */
    bool replace_random;
    uint64_t walk_cycles, op_cycles;
    uint64_t table_params[RADIX_P_TABLE_COUNT];
    struct hw_mmu_stats stats;
};

/* ---- helpers ---------------------------------------------------------------------- */

static uint64_t offset_mask(const struct radix *d)
{
    return (UINT64_C(1) << d->format.page_shift) - 1;
}

static bool va_ok(const struct radix *d, uint64_t va)
{
    return d->format.va_bits == 64 || va >> d->format.va_bits == 0;
}

static void tell_cpu(struct radix *d)
{
    tlb_told(&d->tlb);
    d->env.mmu_changed(d->env.host);
}

static void tell_cpu_if_stale(struct radix *d)
{
    if (tlb_stale(&d->tlb))
        tell_cpu(d);
}

static uint32_t victim(struct radix *d)
{
    if (d->replace_random)
        return tlb_random(&d->random) % d->tlb.size;
    uint32_t slot = d->hand;
    d->hand = slot + 1 == d->tlb.size ? 0 : slot + 1;
    return slot;
}

static void trace_entry(struct radix *d, enum hw_event ev, const struct tlb_entry *e)
{
    d->env.trace(d->env.host, ev, e->page << d->format.page_shift | e->asid,
                 e->pa | e->allowed);
}

static void lost(void *ctx, const struct tlb_entry *old)
{
    trace_entry(ctx, HW_EV_EVICT, old);
}

/* ---- translation ------------------------------------------------------------------ */

static bool radix_lookup(void *mmu, uint64_t va, enum hw_access access,
                         struct hw_mmu_entry *out)
{
    struct radix *d = mmu;
    if (!va_ok(d, va))
        return false;
    uint32_t i = tlb_find(&d->tlb, va >> d->format.page_shift, d->asid);
    if (i == TLB_NONE || !(d->tlb.entry[i].allowed & 1u << access))
        return false;
    tlb_hand_out(&d->tlb, i);
    out->pa = d->tlb.entry[i].pa | (va & offset_mask(d));
    out->allowed = d->tlb.entry[i].allowed;
    out->page_shift = d->format.page_shift;
    return true;
}

/* Does the entry promise nothing that the tables (a leaf found by r) do not? */
static bool agrees(const struct tlb_entry *e, const struct radix_result *r)
{
    return r->leaf && e->pa == r->pa && (e->allowed & ~r->allowed) == 0;
}

/* A walk succeeded: the page's entry (slot i, or TLB_NONE) becomes what it found. */
static void refill(struct radix *d, uint32_t i, uint64_t va, const struct radix_result *r)
{
    struct tlb_entry e = {
        .page = va >> d->format.page_shift,
        .pa = r->pa,
        .asid = d->asid,
        .allowed = (uint8_t)r->allowed,
        .valid = true,
    };
    if (i != TLB_NONE && agrees(&d->tlb.entry[i], r))
        d->tlb.entry[i].allowed =
            e.allowed; /* more rights: what was handed out still holds */
    else
        tlb_set(&d->tlb, i != TLB_NONE ? i : victim(d), &e, lost, d);
    d->stats.inserts++;
    trace_entry(d, HW_EV_INSERT, &e);
}

static int radix_miss(void *mmu, uint64_t va, enum hw_access access, uint64_t *cycles)
{
    struct radix *d = mmu;
    uint64_t page = va >> d->format.page_shift;
    *cycles = 0;
    if (!va_ok(d, va)) {
        d->stats.faults++;
        return HW_CAUSE_PAGE;
    }
    uint32_t i = tlb_find(&d->tlb, page, d->asid);
    if (i == TLB_NONE) {
        d->stats.misses++;
        d->env.trace(d->env.host, HW_EV_MISS, va & ~offset_mask(d), access);
    } else if (d->tlb.entry[i].allowed & 1u << access) {
        return 0;
    }
    struct radix_result r = radix_walk(&d->format, &d->env, d->root, va, access);
    d->stats.walks++;
    *cycles = (r.reads + r.updated) * d->walk_cycles;
    d->env.trace(d->env.host, HW_EV_WALK, va & ~offset_mask(d), r.reads);
    if (r.cause == 0) {
        refill(d, i, va, &r);
    } else {
        d->stats.faults++;
        if (i != TLB_NONE && !agrees(&d->tlb.entry[i], &r)) {
            lost(d, &d->tlb.entry[i]);
            tlb_drop(&d->tlb, i);
        }
    }
    tell_cpu_if_stale(d);
    return r.cause;
}

/* ---- operations ------------------------------------------------------------------- */

/* a = virtual address (INVALIDATE), b = address space: as in hw_mmu_ops.broadcast. */
static void invalidate(struct radix *d, uint32_t op, uint64_t a, uint64_t b)
{
    d->stats.flushes++;
    d->env.trace(d->env.host, HW_EV_FLUSH, op, a | b);
    if (op == OP_INVALIDATE) {
        uint32_t i = tlb_find(&d->tlb, a >> d->format.page_shift, (uint32_t)b);
        if (i != TLB_NONE)
            tlb_drop(&d->tlb, i);
    } else {
        for (uint32_t i = 0; i < d->tlb.size && d->tlb.used > 0; i++)
            if (op == OP_INVALIDATE_ALL || d->tlb.entry[i].asid == b)
                tlb_drop(&d->tlb, i);
    }
    tell_cpu_if_stale(d);
}

static void operate(struct radix *d, uint32_t value)
{
    uint32_t op = value & ~(uint32_t)OP_BROADCAST;
    if (op < OP_INVALIDATE || op > OP_INVALIDATE_ALL) {
        d->env.guest_error(d->env.host, "radix: OP = 0x%" PRIx32 ": no such operation",
                           value);
        return;
    }
    uint64_t a = op == OP_INVALIDATE ? d->va : 0;
    uint64_t b = op == OP_INVALIDATE_ALL ? 0 : d->op_asid;
    d->env.charge(d->env.host, d->op_cycles);
    invalidate(d, op, a, b);
    if (value & OP_BROADCAST)
        d->env.mmu_broadcast(d->env.host, op, a, b);
}

static void radix_broadcast(void *mmu, uint32_t op, uint64_t a, uint64_t b)
{
    invalidate(mmu, op, a, b);
}

/* ---- registers -------------------------------------------------------------------- */

static uint32_t radix_read(void *dev, unsigned core, uint32_t off)
{
    struct radix *d = dev;
    (void)core;
    switch (off) {
    case REG_ROOT: return (uint32_t)d->root;
    case REG_ROOT + 4: return (uint32_t)(d->root >> 32);
    case REG_ASID: return d->asid;
    case REG_VA: return (uint32_t)d->va;
    case REG_VA + 4: return (uint32_t)(d->va >> 32);
    case REG_OP_ASID: return d->op_asid;
    default:
        d->env.guest_error(d->env.host,
                           "radix: read of offset 0x%" PRIx32 ": no readable register",
                           off);
        return 0;
    }
}

static uint32_t asid_value(struct radix *d, uint32_t value)
{
    if (value & ~d->asid_mask)
        d->env.guest_error(d->env.host, "radix: ASID %" PRIu32 " is larger than %" PRIu32,
                           value, d->asid_mask);
    return value & d->asid_mask;
}

static void set_root_low(struct radix *d, uint32_t value)
{
    if (value & offset_mask(d))
        d->env.guest_error(d->env.host, "radix: ROOT 0x%" PRIx32 " is not page aligned",
                           value);
    d->root = (d->root >> 32 << 32) | (value & ~offset_mask(d) & 0xffffffffu);
}

static void set_asid(struct radix *d, uint32_t value)
{
    uint32_t asid = asid_value(d, value);
    if (asid == d->asid)
        return;
    d->asid = asid;
    if (d->tlb.any_handed)
        tell_cpu(d);
}

static void radix_write(void *dev, unsigned core, uint32_t off, uint32_t value)
{
    struct radix *d = dev;
    (void)core;
    switch (off) {
    case REG_ROOT: set_root_low(d, value); return;
    case REG_ROOT + 4: d->root = (d->root & 0xffffffffu) | (uint64_t)value << 32; return;
    case REG_ASID: set_asid(d, value); return;
    case REG_VA:
        d->va = (d->va >> 32 << 32) | (value & ~offset_mask(d) & 0xffffffffu);
        return;
    case REG_VA + 4: d->va = (d->va & 0xffffffffu) | (uint64_t)value << 32; return;
    case REG_OP_ASID: d->op_asid = asid_value(d, value); return;
    case REG_OP: operate(d, value); return;
    default:
        d->env.guest_error(d->env.host,
                           "radix: write to offset 0x%" PRIx32 ": no register", off);
    }
}

static void radix_stats(void *mmu, struct hw_mmu_stats *out)
{
    *out = ((struct radix *)mmu)->stats;
}

static unsigned radix_page_shift(void *mmu)
{
    return ((struct radix *)mmu)->format.page_shift;
}

static unsigned radix_table_params(void *mmu, uint64_t params[HW_MAX_PARAMS])
{
    memcpy(params, ((struct radix *)mmu)->table_params,
           sizeof(uint64_t) * RADIX_P_TABLE_COUNT);
    return RADIX_P_TABLE_COUNT;
}

/* ---- life ------------------------------------------------------------------------- */

static int radix_create(const struct hw_env *env, const struct hw_value *v,
                        unsigned cores, void **out, struct hw_err *err)
{
    struct radix_format format;
    (void)cores;
    if (radix_format(v, &format, err))
        return -1;
    const char *replacement = v[RADIX_P_REPLACEMENT].s;
    bool replace_random = strcmp(replacement, "random") == 0;
    if (!replace_random && strcmp(replacement, "fifo") != 0)
        return hw_refuse(err,
                         "exo,replacement is \"%s\", expected \"fifo\" or \"random\"",
                         replacement);
    struct radix *d = calloc(1, sizeof *d);
    if (!d || !tlb_init(&d->tlb, (uint32_t)v[RADIX_P_TLB_ENTRIES].u)) {
        free(d);
        return hw_refuse(err, "out of memory");
    }
    d->env = *env;
    d->format = format;
    d->replace_random = replace_random;
    d->asid_mask = (1u << v[RADIX_P_ASID_BITS].u) - 1;
    d->walk_cycles = v[RADIX_P_WALK_CYCLES].u;
    d->op_cycles = v[RADIX_P_OP_CYCLES].u;
    for (unsigned i = 0; i < RADIX_P_TABLE_COUNT; i++)
        d->table_params[i] = v[i].u;
    d->random = tlb_random_state(env->random(env->host));
    *out = d;
    return 0;
}

static void radix_destroy(void *dev)
{
    struct radix *d = dev;
    tlb_free(&d->tlb);
    free(d);
}

static size_t radix_save(void *dev, uint8_t *buf, size_t max)
{
    struct radix *d = dev;
    struct state_out o = {buf, max, 0};
    state_put32(&o, RADIX_STATE);
    state_put32(&o, d->asid);
    state_put32(&o, d->op_asid);
    state_put32(&o, d->hand);
    state_put64(&o, d->root);
    state_put64(&o, d->va);
    state_put64(&o, d->random);
    tlb_put_stats(&d->stats, &o);
    tlb_put(&d->tlb, &o);
    return o.at;
}

static bool entry_ok(const void *ctx, const struct tlb_entry *e)
{
    const struct radix *d = ctx;
    unsigned shift = d->format.page_shift;
    return va_ok(d, e->page << shift) && e->page << shift >> shift == e->page &&
           !e->global && (e->pa & offset_mask(d)) == 0 &&
           (e->asid & ~d->asid_mask) == 0 && e->allowed < 8;
}

static int radix_restore(void *dev, const uint8_t *buf, size_t len)
{
    struct radix *d = dev;
    struct state_in in = {buf, len, 0, false};
    if (len != radix_save(d, NULL, 0) || state_get32(&in) != RADIX_STATE)
        return -1;
    d->asid = state_get32(&in) & d->asid_mask;
    d->op_asid = state_get32(&in) & d->asid_mask;
    d->hand = state_get32(&in) % d->tlb.size;
    d->root = state_get64(&in) & ~offset_mask(d);
    d->va = state_get64(&in) & ~offset_mask(d);
    d->random = tlb_random_state(state_get64(&in));
    tlb_get_stats(&d->stats, &in);
    bool good = tlb_get(&d->tlb, &in, entry_ok, d) && state_done(&in);
    tell_cpu(d);
    return good ? 0 : -1;
}

static size_t radix_describe(void *dev, char *buf, size_t max)
{
    struct radix *d = dev;
    struct text t = text_start(buf, max);
    text_add(&t,
             "root 0x%" PRIx64 "\nasid %" PRIu32 "\nused %" PRIu32 " of %" PRIu32 "\n",
             d->root, d->asid, d->tlb.used, d->tlb.size);
    tlb_describe(&d->tlb, d->format.page_shift, &t);
    return t.at;
}

static const struct hw_mmu_ops radix_ops = {
    .dev =
        {
            .create = radix_create,
            .destroy = radix_destroy,
            .read = radix_read,
            .write = radix_write,
            .save = radix_save,
            .restore = radix_restore,
            .describe = radix_describe,
        },
    .kind = HW_MMU_RADIX,
    .lookup = radix_lookup,
    .miss = radix_miss,
    .stats = radix_stats,
    .broadcast = radix_broadcast,
    .page_shift = radix_page_shift,
    .table_params = radix_table_params,
};

const struct hw_model hw_mmu_radix = {
    .abi = HW_ABI,
    .class_ = HW_CLASS_MMU,
    .compatible = "exo,mmu-radix",
    .summary = "page tables walked by hardware, a finite tagged TLB behind it",
    .params = radix_params,
    .nparams = RADIX_P_COUNT,
    .ops = &radix_ops,
};
