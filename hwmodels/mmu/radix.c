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
 * Each table entry read by a walk costs exo,walk-cycles, and once more if accessed or dirty is
 * written back. Changing tables or ROOT drops nothing: software invalidates. The TLB behind
 * the walker is walked.c.
 */
#include "models.h"
#include "radix_walk.h"
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
    struct walked walked;
    struct radix_format format;
    uint64_t root, va;
    uint32_t op_asid;
    uint64_t walk_cycles;
    uint64_t table_params[RADIX_P_TABLE_COUNT];
};

static struct walk_result walk(void *model, uint64_t va, enum hw_access access)
{
    const struct radix *d = model;
    struct walk_result r = radix_walk(&d->format, &d->walked.env, d->root, va, access);
    r.cycles = (r.reads + r.updated) * d->walk_cycles;
    return r;
}

/* ---- operations ------------------------------------------------------------------- */

/* a = virtual address (INVALIDATE), b = address space: as in hw_mmu_ops.broadcast. */
static void radix_broadcast(void *mmu, uint32_t op, uint64_t a, uint64_t b)
{
    struct radix *d = mmu;
    switch (op) {
    case OP_INVALIDATE: walked_drop_page(&d->walked, op, a, (uint32_t)b); break;
    case OP_INVALIDATE_ASID: walked_drop_asid(&d->walked, op, (uint32_t)b); break;
    default: walked_drop_all(&d->walked, op); break;
    }
}

static void operate(struct radix *d, uint32_t value)
{
    const struct hw_env *env = &d->walked.env;
    uint32_t op = value & ~(uint32_t)OP_BROADCAST;
    if (op < OP_INVALIDATE || op > OP_INVALIDATE_ALL) {
        env->guest_error(env->host, "radix: OP = 0x%" PRIx32 ": no such operation",
                         value);
        return;
    }
    uint64_t a = op == OP_INVALIDATE ? d->va : 0;
    uint64_t b = op == OP_INVALIDATE_ALL ? 0 : d->op_asid;
    env->charge(env->host, d->walked.op_cycles);
    radix_broadcast(d, op, a, b);
    if (value & OP_BROADCAST)
        env->mmu_broadcast(env->host, op, a, b);
}

/* ---- registers -------------------------------------------------------------------- */

static uint32_t radix_read(void *dev, unsigned core, uint32_t off)
{
    struct radix *d = dev;
    const struct hw_env *env = &d->walked.env;
    (void)core;
    switch (off) {
    case REG_ROOT: return (uint32_t)d->root;
    case REG_ROOT + 4: return (uint32_t)(d->root >> 32);
    case REG_ASID: return d->walked.asid;
    case REG_VA: return (uint32_t)d->va;
    case REG_VA + 4: return (uint32_t)(d->va >> 32);
    case REG_OP_ASID: return d->op_asid;
    default:
        env->guest_error(
            env->host, "radix: read of offset 0x%" PRIx32 ": no readable register", off);
        return 0;
    }
}

static uint32_t asid_value(struct radix *d, uint32_t value)
{
    const struct hw_env *env = &d->walked.env;
    if (value & ~d->walked.asid_mask)
        env->guest_error(env->host, "radix: ASID %" PRIu32 " is larger than %" PRIu32,
                         value, d->walked.asid_mask);
    return value & d->walked.asid_mask;
}

static uint32_t page_part(const struct radix *d, uint32_t low)
{
    return (uint32_t)(low & ~walked_offset_mask(&d->walked));
}

static void set_root_low(struct radix *d, uint32_t value)
{
    const struct hw_env *env = &d->walked.env;
    if (value != page_part(d, value))
        env->guest_error(env->host, "radix: ROOT 0x%" PRIx32 " is not page aligned",
                         value);
    d->root = (d->root >> 32 << 32) | page_part(d, value);
}

static void radix_write(void *dev, unsigned core, uint32_t off, uint32_t value)
{
    struct radix *d = dev;
    const struct hw_env *env = &d->walked.env;
    (void)core;
    switch (off) {
    case REG_ROOT: set_root_low(d, value); return;
    case REG_ROOT + 4: d->root = (d->root & 0xffffffffu) | (uint64_t)value << 32; return;
    case REG_ASID: walked_set_asid(&d->walked, asid_value(d, value)); return;
    case REG_VA: d->va = (d->va >> 32 << 32) | page_part(d, value); return;
    case REG_VA + 4: d->va = (d->va & 0xffffffffu) | (uint64_t)value << 32; return;
    case REG_OP_ASID: d->op_asid = asid_value(d, value); return;
    case REG_OP: operate(d, value); return;
    default:
        env->guest_error(env->host, "radix: write to offset 0x%" PRIx32 ": no register",
                         off);
    }
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
    struct radix *d = calloc(1, sizeof *d);
    if (!d)
        return hw_refuse(err, "out of memory");
    if (walked_init(&d->walked, env, v[RADIX_P_TLB_ENTRIES].u, v[RADIX_P_REPLACEMENT].s,
                    err)) {
        free(d);
        return -1;
    }
    d->format = format;
    d->walked.walk = walk;
    d->walked.page_shift = format.page_shift;
    d->walked.va_bits = format.va_bits;
    d->walked.asid_mask = (1u << v[RADIX_P_ASID_BITS].u) - 1;
    d->walked.op_cycles = v[RADIX_P_OP_CYCLES].u;
    d->walk_cycles = v[RADIX_P_WALK_CYCLES].u;
    for (unsigned i = 0; i < RADIX_P_TABLE_COUNT; i++)
        d->table_params[i] = v[i].u;
    *out = d;
    return 0;
}

static void radix_destroy(void *dev)
{
    struct radix *d = dev;
    walked_free(&d->walked);
    free(d);
}

static size_t radix_save(void *dev, uint8_t *buf, size_t max)
{
    struct radix *d = dev;
    struct state_out o = {buf, max, 0};
    state_put32(&o, RADIX_STATE);
    state_put32(&o, d->op_asid);
    state_put64(&o, d->root);
    state_put64(&o, d->va);
    walked_put(&d->walked, &o);
    return o.at;
}

static int radix_restore(void *dev, const uint8_t *buf, size_t len)
{
    struct radix *d = dev;
    struct state_in in = {buf, len, 0, false};
    if (len != radix_save(d, NULL, 0) || state_get32(&in) != RADIX_STATE)
        return -1;
    d->op_asid = state_get32(&in) & d->walked.asid_mask;
    d->root = state_get64(&in) & ~walked_offset_mask(&d->walked);
    d->va = state_get64(&in) & ~walked_offset_mask(&d->walked);
    return walked_get(&d->walked, &in) && state_done(&in) ? 0 : -1;
}

static size_t radix_describe(void *dev, char *buf, size_t max)
{
    struct radix *d = dev;
    struct text t = text_start(buf, max);
    text_add(&t, "root 0x%" PRIx64 "\n", d->root);
    walked_describe(&d->walked, &t);
    radix_describe_tables(&d->format, &d->walked.env, d->root, &t);
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
    .lookup = walked_lookup,
    .miss = walked_miss,
    .stats = walked_stats,
    .broadcast = radix_broadcast,
    .page_shift = walked_page_shift,
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
