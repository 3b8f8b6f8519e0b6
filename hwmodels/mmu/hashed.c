// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hashed.c - "exo,mmu-hashed": a hashed page table in memory, as the PowerPC's, searched by
 * hardware, and a small TLB in front of it. The table's form is hashed_search.h, the TLB
 * walked.c.
 *
 *   0x00 SPACE     rw  current address space, 12 bits
 *   0x04 OP_SPACE  rw  operand of INVALIDATE
 *   0x08 VA        rw  64-bit LO/HI: operand of INVALIDATE
 *   0x10 SDR1      rw  where the table is and its size; 0 = there is none
 *   0x1c OP        wo  5 invalidate the entry of VA, OP_SPACE (tlbie); 7 all (tlbia). With 0x100:
 *                      on every core
 *
 * A search costs exo,pteg-cycles for each group read, and exo,update-cycles if R or C is
 * written back. A search that finds nothing traps with cause TLB_MISS: the table is full where
 * software wanted to put the page (overflow), or the page was never there. Changing the table
 * or SDR1 drops nothing from the TLB: software invalidates.
 */
#include "hashed_search.h"
#include "models.h"
#include "values.h"
#include <stdlib.h>

enum {
    REG_SPACE = 0x00,
    REG_OP_SPACE = 0x04,
    REG_VA = 0x08,
    REG_SDR1 = 0x10,
    REG_OP = 0x1c
};
enum { OP_INVALIDATE = 5, OP_INVALIDATE_ALL = 7, OP_BROADCAST = 0x100 };
#define HASHED_STATE 0x44485348u /* "HSHD" */
#define SPACE_MASK ((1u << HASHED_SPACE_BITS) - 1)

enum {
    P_PAGE_SHIFT,
    P_TLB_ENTRIES,
    P_REPLACEMENT,
    P_PTEG_CYCLES,
    P_UPDATE_CYCLES,
    P_OP_CYCLES,
    P_COUNT
};

/* The hardware table gives page size, address bits, address space bits, TLB entries: in this
 * order, part of the guest's view. */
static const struct hw_param hashed_params[P_COUNT] = {
    {"exo,page-shift", HW_PARAM_U64, "bits", 12, 12, 16, NULL, "log2 of the page size"},
    {"exo,tlb-entries", HW_PARAM_U64, "entries", 128, 8, 65536, NULL, "size of the TLB"},
    {"exo,replacement", HW_PARAM_STRING, "", 0, 0, 0, "fifo",
     "of TLB entries: fifo or random"},
    {"exo,pteg-cycles", HW_PARAM_U64, "cycles", 20, 0, 100000, NULL,
     "charged for each group of 8 entries read by a search"},
    {"exo,update-cycles", HW_PARAM_U64, "cycles", 12, 0, 100000, NULL,
     "charged when a search writes R or C back"},
    {"exo,op-cycles", HW_PARAM_U64, "cycles", 0, 0, 100000, NULL,
     "charged for each operation, beside the store to OP"},
};

struct hashed {
    struct walked walked;
    struct hashed_table table;
    uint64_t va;
    uint32_t sdr1, op_space;
    uint64_t pteg_cycles, update_cycles;
};

static struct walk_result search(void *model, uint64_t va, enum hw_access access)
{
    const struct hashed *d = model;
    struct walk_result r = hashed_search(&d->table, &d->walked.env, d->walked.page_shift,
                                         d->walked.asid, va, access);
    r.cycles = r.reads * d->pteg_cycles + r.updated * d->update_cycles;
    return r;
}

/* ---- operations ------------------------------------------------------------------- */

/* a = virtual address (INVALIDATE), b = address space: as in hw_mmu_ops.broadcast. */
static void hashed_broadcast(void *mmu, uint32_t op, uint64_t a, uint64_t b)
{
    struct hashed *d = mmu;
    if (op == OP_INVALIDATE)
        walked_drop_page(&d->walked, op, a, (uint32_t)b);
    else
        walked_drop_all(&d->walked, op);
}

static void operate(struct hashed *d, uint32_t value)
{
    const struct hw_env *env = &d->walked.env;
    uint32_t op = value & ~(uint32_t)OP_BROADCAST;
    if (op != OP_INVALIDATE && op != OP_INVALIDATE_ALL) {
        env->guest_error(env->host, "hashed: OP = 0x%" PRIx32 ": no such operation",
                         value);
        return;
    }
    uint64_t a = op == OP_INVALIDATE ? d->va : 0;
    uint64_t b = op == OP_INVALIDATE ? d->op_space : 0;
    env->charge(env->host, d->walked.op_cycles);
    hashed_broadcast(d, op, a, b);
    if (value & OP_BROADCAST)
        env->mmu_broadcast(env->host, op, a, b);
}

/* ---- registers -------------------------------------------------------------------- */

static uint32_t hashed_read(void *dev, unsigned core, uint32_t off)
{
    struct hashed *d = dev;
    const struct hw_env *env = &d->walked.env;
    (void)core;
    switch (off) {
    case REG_SPACE: return d->walked.asid;
    case REG_OP_SPACE: return d->op_space;
    case REG_VA: return (uint32_t)d->va;
    case REG_VA + 4: return (uint32_t)(d->va >> 32);
    case REG_SDR1: return d->sdr1;
    default:
        env->guest_error(
            env->host, "hashed: read of offset 0x%" PRIx32 ": no readable register", off);
        return 0;
    }
}

static uint32_t space_value(struct hashed *d, uint32_t value)
{
    const struct hw_env *env = &d->walked.env;
    if (value & ~SPACE_MASK)
        env->guest_error(env->host,
                         "hashed: address space %" PRIu32 " is larger than %" PRIu32,
                         value, SPACE_MASK);
    return value & SPACE_MASK;
}

static void set_sdr1(struct hashed *d, uint32_t value)
{
    const struct hw_env *env = &d->walked.env;
    struct hashed_table table;
    if (!hashed_table(value, &table)) {
        env->guest_error(env->host,
                         "hashed: SDR1 = 0x%" PRIx32 ": bits 8..0 must be 2^n - 1, bits "
                         "31..16 a multiple of the table's size, all others 0",
                         value);
        return;
    }
    d->sdr1 = value;
    d->table = table;
}

static void hashed_write(void *dev, unsigned core, uint32_t off, uint32_t value)
{
    struct hashed *d = dev;
    const struct hw_env *env = &d->walked.env;
    uint32_t page = (uint32_t)(value & ~walked_offset_mask(&d->walked));
    (void)core;
    switch (off) {
    case REG_SPACE: walked_set_asid(&d->walked, space_value(d, value)); return;
    case REG_OP_SPACE: d->op_space = space_value(d, value); return;
    case REG_VA: d->va = (d->va >> 32 << 32) | page; return;
    case REG_VA + 4: d->va = (d->va & 0xffffffffu) | (uint64_t)value << 32; return;
    case REG_SDR1: set_sdr1(d, value); return;
    case REG_OP: operate(d, value); return;
    default:
        env->guest_error(env->host, "hashed: write to offset 0x%" PRIx32 ": no register",
                         off);
    }
}

static unsigned hashed_table_params(void *mmu, uint64_t params[HW_MAX_PARAMS])
{
    const struct hashed *d = mmu;
    params[0] = d->walked.page_shift;
    params[1] = HASHED_VA_BITS;
    params[2] = HASHED_SPACE_BITS;
    params[3] = d->walked.tlb.size;
    return 4;
}

/* ---- life ------------------------------------------------------------------------- */

static int hashed_create(const struct hw_env *env, const struct hw_value *v,
                         unsigned cores, void **out, struct hw_err *err)
{
    (void)cores;
    if (values_check(hashed_params, P_COUNT, v, err))
        return -1;
    struct hashed *d = calloc(1, sizeof *d);
    if (!d)
        return hw_refuse(err, "out of memory");
    if (walked_init(&d->walked, env, v[P_TLB_ENTRIES].u, v[P_REPLACEMENT].s, err)) {
        free(d);
        return -1;
    }
    d->walked.walk = search;
    d->walked.page_shift = (unsigned)v[P_PAGE_SHIFT].u;
    d->walked.va_bits = HASHED_VA_BITS;
    d->walked.asid_mask = SPACE_MASK;
    d->walked.op_cycles = v[P_OP_CYCLES].u;
    d->pteg_cycles = v[P_PTEG_CYCLES].u;
    d->update_cycles = v[P_UPDATE_CYCLES].u;
    *out = d;
    return 0;
}

static void hashed_destroy(void *dev)
{
    struct hashed *d = dev;
    walked_free(&d->walked);
    free(d);
}

static size_t hashed_save(void *dev, uint8_t *buf, size_t max)
{
    struct hashed *d = dev;
    struct state_out o = {buf, max, 0};
    state_put32(&o, HASHED_STATE);
    state_put32(&o, d->sdr1);
    state_put32(&o, d->op_space);
    state_put64(&o, d->va);
    walked_put(&d->walked, &o);
    return o.at;
}

static int hashed_restore(void *dev, const uint8_t *buf, size_t len)
{
    struct hashed *d = dev;
    struct state_in in = {buf, len, 0, false};
    if (len != hashed_save(d, NULL, 0) || state_get32(&in) != HASHED_STATE)
        return -1;
    d->sdr1 = state_get32(&in);
    bool good = hashed_table(d->sdr1, &d->table);
    if (!good)
        d->sdr1 = 0;
    d->op_space = state_get32(&in) & SPACE_MASK;
    d->va = state_get64(&in) & ~walked_offset_mask(&d->walked);
    return walked_get(&d->walked, &in) && state_done(&in) && good ? 0 : -1;
}

static size_t hashed_describe(void *dev, char *buf, size_t max)
{
    struct hashed *d = dev;
    struct text t = text_start(buf, max);
    text_add(&t, "table 0x%" PRIx64 "\ngroups %" PRIu32 "\n", d->table.base,
             d->table.groups);
    walked_describe(&d->walked, &t);
    hashed_describe_table(&d->table, &d->walked.env, d->walked.page_shift, &t);
    return t.at;
}

static const struct hw_mmu_ops hashed_ops = {
    .dev =
        {
            .create = hashed_create,
            .destroy = hashed_destroy,
            .read = hashed_read,
            .write = hashed_write,
            .save = hashed_save,
            .restore = hashed_restore,
            .describe = hashed_describe,
        },
    .kind = HW_MMU_HASHED,
    .lookup = walked_lookup,
    .miss = walked_miss,
    .stats = walked_stats,
    .broadcast = hashed_broadcast,
    .page_shift = walked_page_shift,
    .table_params = hashed_table_params,
};

const struct hw_model hw_mmu_hashed = {
    .abi = HW_ABI,
    .class_ = HW_CLASS_MMU,
    .compatible = "exo,mmu-hashed",
    .summary = "hashed page table searched by hardware, groups of 8, a small TLB",
    .params = hashed_params,
    .nparams = P_COUNT,
    .ops = &hashed_ops,
};
