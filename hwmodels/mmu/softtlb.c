// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * softtlb.c - "exo,mmu-softtlb": a software-refilled translation buffer like the MIPS R3000's
 * (Kane and Heinrich, MIPS RISC Architecture, chapter 4), with 64-bit registers so that any
 * ISA can drive it. A miss traps (HW_CAUSE_TLB_MISS); the kernel writes an entry.
 *
 *   0x00 ASID       rw  current address space
 *   0x04 INDEX      rw  slot of WRITE_INDEX and READ; result of PROBE, bit 31 = none
 *   0x08 HI         rw  64-bit LO/HI: virtual page address
 *   0x10 LO         rw  64-bit LO/HI: physical page address | V 1, R 2, W 4, X 8, G 0x10
 *   0x18 HI_ASID    rw  address space of the entry in HI, LO
 *   0x1c OP         wo  1 write random, 2 write index, 3 probe, 4 read; 5 invalidate the entry
 *                       of HI, HI_ASID; 6 all of HI_ASID; 7 all; 8 all of LO's physical page.
 *                       5 to 8 with 0x100: on every core
 *
 * A write first drops any other entry for the same page and address space (on an R3000 a
 * second match shuts the TLB down). Random replacement takes any slot that is not wired, by
 * a generator seeded from the board; it does not look at which entries were used. A miss loads
 * HI and HI_ASID, so that a refill writes only LO and OP.
 * Faults: no entry = TLB_MISS; an entry without the right = PROT; an address beyond
 * exo,va-bits = PAGE. A core's instance is its own; only broadcasts reach others.
 */
#include "models.h"
#include "tlb.h"
#include "values.h"
#include <stdlib.h>

enum {
    REG_ASID = 0x00,
    REG_INDEX = 0x04,
    REG_HI = 0x08,
    REG_LO = 0x10,
    REG_HI_ASID = 0x18,
    REG_OP = 0x1c
};
enum {
    OP_WRITE_RANDOM = 1,
    OP_WRITE_INDEX = 2,
    OP_PROBE = 3,
    OP_READ = 4,
    OP_INVALIDATE = 5,
    OP_INVALIDATE_ASID = 6,
    OP_INVALIDATE_ALL = 7,
    OP_INVALIDATE_FRAME = 8,
    OP_BROADCAST = 0x100
};
enum { LO_V = 0x01, LO_R = 0x02, LO_W = 0x04, LO_X = 0x08, LO_G = 0x10, LO_FLAGS = 0x1f };
#define INDEX_NONE 0x80000000u
#define SOFTTLB_STATE 0x424c5453u /* "STLB" */

enum { P_ENTRIES, P_ASID_BITS, P_PAGE_SHIFT, P_WIRED, P_VA_BITS, P_MISS, P_OP, P_COUNT };
/* Slots that are not wired: one instruction can need six pages at once (x86: two of code, two
 * each of two operands), and must not evict what it waits for. */
#define UNWIRED_MIN 8u

static const struct hw_param softtlb_params[] = {
    {"exo,entries", HW_PARAM_U64, "entries", 64, 8, 4096, NULL, "size of the TLB"},
    {"exo,asid-bits", HW_PARAM_U64, "bits", 6, 0, 12, NULL, "address space identifier"},
    {"exo,page-shift", HW_PARAM_U64, "bits", 12, 12, 16, NULL, "log2 of the page size"},
    {"exo,wired", HW_PARAM_U64, "entries", 8, 0, 4088, NULL,
     "lowest slots, never replaced at random"},
    {"exo,va-bits", HW_PARAM_U64, "bits", 32, 20, 64, NULL, "virtual address"},
    {"exo,miss-cycles", HW_PARAM_U64, "cycles", 0, 0, 100000, NULL,
     "charged when a miss traps, beside the handler's instructions"},
    {"exo,op-cycles", HW_PARAM_U64, "cycles", 0, 0, 100000, NULL,
     "charged for each operation, beside the store to OP"},
};
_Static_assert(sizeof softtlb_params / sizeof softtlb_params[0] == P_COUNT, "parameters");

struct softtlb {
    struct hw_env env;
    struct tlb tlb;
    uint64_t hi, lo, random;
    uint32_t asid, index, hi_asid;
    uint32_t asid_mask, wired, va_bits, shift, asid_bits;
    uint64_t miss_cycles, op_cycles;
    struct hw_mmu_stats stats;
};

/* ---- helpers ---------------------------------------------------------------------- */

static bool va_ok(const struct softtlb *d, uint64_t va)
{
    return d->va_bits == 64 || va >> d->va_bits == 0;
}

static uint64_t page_mask(const struct softtlb *d)
{
    return ~((UINT64_C(1) << d->shift) - 1);
}

static void tell_cpu(struct softtlb *d)
{
    tlb_told(&d->tlb);
    d->env.mmu_changed(d->env.host);
}

static uint64_t flags_of(const struct tlb_entry *e)
{
    uint64_t f = e->valid ? LO_V : 0;
    f |= e->allowed & (1u << HW_READ) ? LO_R : 0;
    f |= e->allowed & (1u << HW_WRITE) ? LO_W : 0;
    f |= e->allowed & (1u << HW_FETCH) ? LO_X : 0;
    return f | (e->global ? LO_G : 0);
}

static void trace_entry(struct softtlb *d, enum hw_event ev, const struct tlb_entry *e)
{
    d->env.trace(d->env.host, ev, e->page << d->shift | e->asid, e->pa | flags_of(e));
}

static void lost(void *ctx, const struct tlb_entry *old)
{
    trace_entry(ctx, HW_EV_EVICT, old);
}

/* ---- operations ------------------------------------------------------------------- */

static void op_write(struct softtlb *d, uint32_t slot)
{
    struct tlb_entry e = {
        .page = d->hi >> d->shift,
        .pa = d->lo & page_mask(d),
        .asid = d->lo & LO_G ? 0 : d->hi_asid,
        .allowed = (uint8_t)((d->lo & LO_R ? 1u << HW_READ : 0) |
                             (d->lo & LO_W ? 1u << HW_WRITE : 0) |
                             (d->lo & LO_X ? 1u << HW_FETCH : 0)),
        .valid = true,
        .global = d->lo & LO_G,
    };
    if (slot >= d->tlb.size) {
        d->env.guest_error(d->env.host, "softtlb: write to slot %u of %u", slot,
                           d->tlb.size);
        return;
    }
    if (!(d->lo & LO_V)) {
        if (d->tlb.entry[slot].valid)
            lost(d, &d->tlb.entry[slot]);
        tlb_drop(&d->tlb, slot);
    } else if (!va_ok(d, d->hi)) {
        d->env.guest_error(d->env.host, "softtlb: HI 0x%" PRIx64 " has more than %u bits",
                           d->hi, d->va_bits);
        return;
    } else {
        tlb_set(&d->tlb, slot, &e, lost, d);
        d->stats.inserts++;
        trace_entry(d, HW_EV_INSERT, &e);
    }
    if (tlb_stale(&d->tlb))
        tell_cpu(d);
}

static void op_read(struct softtlb *d)
{
    if (d->index >= d->tlb.size) {
        d->env.guest_error(d->env.host, "softtlb: read of slot %u of %u", d->index,
                           d->tlb.size);
        return;
    }
    const struct tlb_entry *e = &d->tlb.entry[d->index];
    d->hi = e->page << d->shift;
    d->lo = e->pa | flags_of(e);
    d->hi_asid = e->asid;
}

/* Drop what op names; a and b as in hw_mmu_ops.broadcast: a = virtual address (INVALIDATE) or
 * physical page (FRAME), b = address space (INVALIDATE, ASID). */
static void invalidate(struct softtlb *d, uint32_t op, uint64_t a, uint64_t b)
{
    d->stats.flushes++;
    d->env.trace(d->env.host, HW_EV_FLUSH, op,
                 op == OP_INVALIDATE         ? a | b
                 : op == OP_INVALIDATE_FRAME ? a
                                             : b);
    if (op == OP_INVALIDATE) {
        uint32_t i = tlb_find(&d->tlb, a >> d->shift, (uint32_t)b);
        if (i != TLB_NONE)
            tlb_drop(&d->tlb, i);
    } else {
        for (uint32_t i = 0; i < d->tlb.size; i++) {
            const struct tlb_entry *e = &d->tlb.entry[i];
            if (op == OP_INVALIDATE_ALL || (op == OP_INVALIDATE_FRAME && e->pa == a) ||
                (op == OP_INVALIDATE_ASID && e->asid == b && !e->global))
                tlb_drop(&d->tlb, i);
        }
    }
    if (tlb_stale(&d->tlb))
        tell_cpu(d);
}

static void op_invalidate(struct softtlb *d, uint32_t op, bool everywhere)
{
    uint64_t a = op == OP_INVALIDATE         ? d->hi
                 : op == OP_INVALIDATE_FRAME ? d->lo & page_mask(d)
                                             : 0;
    uint64_t b = op == OP_INVALIDATE || op == OP_INVALIDATE_ASID ? d->hi_asid : 0;
    invalidate(d, op, a, b);
    if (everywhere)
        d->env.mmu_broadcast(d->env.host, op, a, b);
}

static void operate(struct softtlb *d, uint32_t value)
{
    uint32_t op = value & ~(uint32_t)OP_BROADCAST;
    bool everywhere = value & OP_BROADCAST;
    if (op < OP_WRITE_RANDOM || op > OP_INVALIDATE_FRAME ||
        (everywhere && op < OP_INVALIDATE)) {
        d->env.guest_error(d->env.host, "softtlb: OP = 0x%" PRIx32 ": no such operation",
                           value);
        return;
    }
    d->env.charge(d->env.host, d->op_cycles);
    if (op >= OP_INVALIDATE) {
        op_invalidate(d, op, everywhere);
    } else if (op == OP_PROBE) {
        uint32_t i = tlb_find(&d->tlb, d->hi >> d->shift, d->hi_asid);
        d->index = i == TLB_NONE ? INDEX_NONE : i;
    } else if (op == OP_READ) {
        op_read(d);
    } else {
        op_write(d, op == OP_WRITE_INDEX
                        ? d->index
                        : d->wired + tlb_random(&d->random) % (d->tlb.size - d->wired));
    }
}

/* ---- registers -------------------------------------------------------------------- */

static uint32_t softtlb_read(void *dev, unsigned core, uint32_t off)
{
    struct softtlb *d = dev;
    (void)core;
    switch (off) {
    case REG_ASID: return d->asid;
    case REG_INDEX: return d->index;
    case REG_HI: return (uint32_t)d->hi;
    case REG_HI + 4: return (uint32_t)(d->hi >> 32);
    case REG_LO: return (uint32_t)d->lo;
    case REG_LO + 4: return (uint32_t)(d->lo >> 32);
    case REG_HI_ASID: return d->hi_asid;
    default:
        d->env.guest_error(d->env.host,
                           "softtlb: read of offset 0x%" PRIx32 ": no readable register",
                           off);
        return 0;
    }
}

static uint32_t asid_value(struct softtlb *d, uint32_t value)
{
    if (value & ~d->asid_mask)
        d->env.guest_error(d->env.host, "softtlb: ASID %" PRIu32 " has more than %u bits",
                           value, d->asid_bits);
    return value & d->asid_mask;
}

static void set_asid(struct softtlb *d, uint32_t value)
{
    uint32_t asid = asid_value(d, value);
    if (asid == d->asid)
        return;
    d->asid = asid;
    if (d->tlb.any_handed)
        tell_cpu(d);
}

static void softtlb_write(void *dev, unsigned core, uint32_t off, uint32_t value)
{
    struct softtlb *d = dev;
    (void)core;
    const uint64_t low = UINT64_C(0xffffffff);
    switch (off) {
    case REG_ASID: set_asid(d, value); return;
    case REG_INDEX: d->index = value; return;
    case REG_HI: d->hi = (d->hi & ~low) | (value & page_mask(d)); return;
    case REG_HI + 4: d->hi = (d->hi & low) | (uint64_t)value << 32; return;
    case REG_LO: d->lo = (d->lo & ~low) | (value & (page_mask(d) | LO_FLAGS)); return;
    case REG_LO + 4: d->lo = (d->lo & low) | (uint64_t)value << 32; return;
    case REG_HI_ASID: d->hi_asid = asid_value(d, value); return;
    case REG_OP: operate(d, value); return;
    default:
        d->env.guest_error(d->env.host,
                           "softtlb: write to offset 0x%" PRIx32 ": no register", off);
    }
}

/* ---- translation ------------------------------------------------------------------ */

static bool softtlb_lookup(void *mmu, uint64_t va, enum hw_access access,
                           struct hw_mmu_entry *out)
{
    struct softtlb *d = mmu;
    if (!va_ok(d, va))
        return false;
    uint32_t i = tlb_find(&d->tlb, va >> d->shift, d->asid);
    if (i == TLB_NONE || !(d->tlb.entry[i].allowed & 1u << access))
        return false;
    tlb_hand_out(&d->tlb, i);
    out->pa = d->tlb.entry[i].pa | (va & ~page_mask(d));
    out->allowed = d->tlb.entry[i].allowed;
    out->page_shift = d->shift;
    return true;
}

static int softtlb_miss(void *mmu, uint64_t va, enum hw_access access, uint64_t *cycles)
{
    struct softtlb *d = mmu;
    *cycles = 0;
    if (!va_ok(d, va)) {
        d->stats.faults++;
        return HW_CAUSE_PAGE;
    }
    uint32_t i = tlb_find(&d->tlb, va >> d->shift, d->asid);
    if (i == TLB_NONE) {
        d->stats.misses++;
        d->hi = va & page_mask(d);
        d->hi_asid = d->asid;
        *cycles = d->miss_cycles;
        d->env.trace(d->env.host, HW_EV_MISS, va & page_mask(d), access);
        return HW_CAUSE_TLB_MISS;
    }
    if (d->tlb.entry[i].allowed & 1u << access)
        return 0;
    d->stats.faults++;
    return HW_CAUSE_PROT;
}

static void softtlb_stats(void *mmu, struct hw_mmu_stats *out)
{
    *out = ((struct softtlb *)mmu)->stats;
}

static void softtlb_broadcast(void *mmu, uint32_t op, uint64_t a, uint64_t b)
{
    invalidate(mmu, op, a, b);
}

static unsigned softtlb_page_shift(void *mmu)
{
    return ((struct softtlb *)mmu)->shift;
}

static unsigned softtlb_table_params(void *mmu, uint64_t params[HW_MAX_PARAMS])
{
    const struct softtlb *d = mmu;
    params[0] = d->tlb.size;
    params[1] = d->asid_bits;
    params[2] = d->shift;
    params[3] = d->wired;
    params[4] = d->va_bits;
    return 5;
}

/* ---- life ------------------------------------------------------------------------- */

static int softtlb_create(const struct hw_env *env, const struct hw_value *v,
                          unsigned cores, void **out, struct hw_err *err)
{
    (void)cores;
    if (values_check(softtlb_params, P_COUNT, v, err))
        return -1;
    if (v[P_WIRED].u + UNWIRED_MIN > v[P_ENTRIES].u)
        return hw_refuse(err,
                         "exo,wired is %" PRIu64 " of exo,entries %" PRIu64
                         ", expected at least %u entries that are not wired",
                         v[P_WIRED].u, v[P_ENTRIES].u, UNWIRED_MIN);
    struct softtlb *d = calloc(1, sizeof *d);
    if (!d || !tlb_init(&d->tlb, (uint32_t)v[P_ENTRIES].u)) {
        free(d);
        return hw_refuse(err, "out of memory");
    }
    d->env = *env;
    d->asid_bits = (uint32_t)v[P_ASID_BITS].u;
    d->asid_mask = (1u << d->asid_bits) - 1;
    d->shift = (uint32_t)v[P_PAGE_SHIFT].u;
    d->wired = (uint32_t)v[P_WIRED].u;
    d->va_bits = (uint32_t)v[P_VA_BITS].u;
    d->miss_cycles = v[P_MISS].u;
    d->op_cycles = v[P_OP].u;
    d->random = tlb_random_state(env->random(env->host));
    *out = d;
    return 0;
}

static void softtlb_destroy(void *dev)
{
    struct softtlb *d = dev;
    tlb_free(&d->tlb);
    free(d);
}

static size_t softtlb_save(void *dev, uint8_t *buf, size_t max)
{
    struct softtlb *d = dev;
    struct state_out o = {buf, max, 0};
    state_put32(&o, SOFTTLB_STATE);
    state_put32(&o, d->asid);
    state_put32(&o, d->index);
    state_put32(&o, d->hi_asid);
    state_put64(&o, d->hi);
    state_put64(&o, d->lo);
    state_put64(&o, d->random);
    tlb_put_stats(&d->stats, &o);
    tlb_put(&d->tlb, &o);
    return o.at;
}

static bool entry_ok(const void *ctx, const struct tlb_entry *e)
{
    const struct softtlb *d = ctx;
    return va_ok(d, e->page << d->shift) && e->page << d->shift >> d->shift == e->page &&
           (e->pa & ~page_mask(d)) == 0 && (e->asid & ~d->asid_mask) == 0 &&
           e->allowed < 8;
}

static int softtlb_restore(void *dev, const uint8_t *buf, size_t len)
{
    struct softtlb *d = dev;
    struct state_in in = {buf, len, 0, false};
    if (len != softtlb_save(d, NULL, 0) || state_get32(&in) != SOFTTLB_STATE)
        return -1;
    d->asid = state_get32(&in) & d->asid_mask;
    d->index = state_get32(&in);
    d->hi_asid = state_get32(&in) & d->asid_mask;
    d->hi = state_get64(&in) & page_mask(d);
    d->lo = state_get64(&in) & (page_mask(d) | LO_FLAGS);
    d->random = tlb_random_state(state_get64(&in));
    tlb_get_stats(&d->stats, &in);
    bool good = tlb_get(&d->tlb, &in, entry_ok, d) && state_done(&in);
    tell_cpu(d);
    return good ? 0 : -1;
}

static size_t softtlb_describe(void *dev, char *buf, size_t max)
{
    struct softtlb *d = dev;
    struct text t = text_start(buf, max);
    text_add(&t, "asid %" PRIu32 "\nused %" PRIu32 " of %" PRIu32 "\n", d->asid,
             d->tlb.used, d->tlb.size);
    tlb_describe(&d->tlb, d->shift, &t);
    return t.at;
}

static const struct hw_mmu_ops softtlb_ops = {
    .dev =
        {
            .create = softtlb_create,
            .destroy = softtlb_destroy,
            .read = softtlb_read,
            .write = softtlb_write,
            .save = softtlb_save,
            .restore = softtlb_restore,
            .describe = softtlb_describe,
        },
    .kind = HW_MMU_SOFTTLB,
    .lookup = softtlb_lookup,
    .miss = softtlb_miss,
    .stats = softtlb_stats,
    .broadcast = softtlb_broadcast,
    .page_shift = softtlb_page_shift,
    .table_params = softtlb_table_params,
};

const struct hw_model hw_mmu_softtlb = {
    .abi = HW_ABI,
    .class_ = HW_CLASS_MMU,
    .compatible = "exo,mmu-softtlb",
    .summary = "software-refilled TLB with address spaces and wired entries; misses trap",
    .params = softtlb_params,
    .nparams = P_COUNT,
    .ops = &softtlb_ops,
};
