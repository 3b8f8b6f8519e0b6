// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vmsa.c - "exo,mmu-vmsa": the short-descriptor translation tables of the Arm Architecture Reference
 * Manual, ARMv7-A edition (DDI 0406C), section B3.5, with TTBCR.N = 1: 2 GiB of virtual addresses,
 * pages of 4 KiB, 8-bit ASIDs, and a TLB behind the walker (walked.h).
 *
 *   TTBR0 -> 2048 descriptors of 1 MiB each      31..10 second-level table     1..0 = 01
 *         -> 256 descriptors of a page each      31..12 page   9 AP[2]   5..4 AP[1:0]
 *                                                1 = 1 (small page)      0 XN
 *   user mode may read if AP[1:0] = 3, write if AP[2] = 0 besides, fetch if XN = 0 besides
 *
 *   0x00 TTBR0      rw  physical address of the first-level table, 8 KiB aligned
 *   0x04 ASID       rw  of CONTEXTIDR
 *   0x08 TLBIMVA    wo  invalidate: 31..12 virtual page, 7..0 ASID
 *   0x0c TLBIASID   wo  invalidate all of an ASID
 *   0x10 TLBIALL    wo  invalidate all
 *   0x18, 0x1c, 0x20    the same on every core (TLBIMVAIS, TLBIASIDIS, TLBIALLIS)
 *
 * Not modelled: sections, large pages (they fault as PAGE), domains (all are clients), memory
 * attributes, the access flag (SCTLR.AFE = 0).
 */
#include "models.h"
#include "state.h"
#include "values.h"
#include "walked.h"
#include <stdlib.h>

enum { REG_TTBR0 = 0x00, REG_ASID = 0x04, REG_MVA = 0x08, REG_BY_ASID = 0x0c };
enum { REG_ALL = 0x10, REG_SHARED = 0x10 }; /* REG_SHARED: added to the three before */
enum { OP_MVA = 1, OP_ASID = 2, OP_ALL = 3 };
#define PAGE_BITS 12u
#define VA_BITS 31u
#define ASID_MASK 0xffu
#define TABLE_ALIGN 0x1fffu
#define VMSA_STATE 0x41534d56u /* "VMSA" */

enum { P_TLB_ENTRIES, P_REPLACEMENT, P_WALK_CYCLES, P_OP_CYCLES, P_COUNT };

static const struct hw_param vmsa_params[] = {
    {"exo,tlb-entries", HW_PARAM_U64, "entries", 512, 1, 65536, NULL,
     "translations the TLB holds"},
    {"exo,replacement", HW_PARAM_STRING, "", 0, 0, 0, "fifo",
     "fifo or random: which entry a refill replaces"},
    {"exo,walk-cycles", HW_PARAM_U64, "cycles", 12, 0, 100000, NULL,
     "charged for each descriptor read"},
    {"exo,op-cycles", HW_PARAM_U64, "cycles", 1, 0, 100000, NULL,
     "charged for each invalidation, beside the store"},
};
_Static_assert(sizeof vmsa_params / sizeof vmsa_params[0] == P_COUNT, "parameters");

struct vmsa {
    struct walked walked;
    uint32_t ttbr0;
    uint64_t walk_cycles;
};

/* ---- the walk --------------------------------------------------------------------- */

static bool descriptor(const struct vmsa *d, uint32_t pa, uint32_t *out)
{
    uint8_t b[4];
    if (d->walked.env.dma_read(d->walked.env.host, pa, b, sizeof b))
        return false;
    *out = (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
           (uint32_t)b[3] << 24;
    return true;
}

static unsigned allowed(uint32_t page)
{
    if ((page >> 4 & 3) != 3)
        return 0;
    return 1u << HW_READ | (page >> 9 & 1 ? 0 : 1u << HW_WRITE) |
           (page & 1 ? 0 : 1u << HW_FETCH);
}

static struct walk_result vmsa_walk(void *model, uint64_t va, enum hw_access access)
{
    const struct vmsa *d = model;
    struct walk_result r = {.cause = HW_CAUSE_PAGE, .reads = 1};
    uint32_t table, page;
    r.cycles = d->walk_cycles;
    if (!descriptor(d, d->ttbr0 + (uint32_t)(va >> 20) * 4, &table) || (table & 3) != 1)
        return r;
    r.reads = 2;
    r.cycles += d->walk_cycles;
    if (!descriptor(d, (table & ~0x3ffu) + ((uint32_t)(va >> 12) & 255) * 4, &page) ||
        !(page & 2))
        return r;
    r.leaf = true;
    r.pa = page & ~0xfffu;
    r.allowed = allowed(page);
    r.cause = r.allowed & 1u << access ? 0 : HW_CAUSE_PROT;
    return r;
}

/* ---- registers -------------------------------------------------------------------- */

/* What another core's operation does here, too. */
static void vmsa_broadcast(void *mmu, uint32_t op, uint64_t a, uint64_t b)
{
    struct vmsa *d = mmu;
    switch (op) {
    case OP_MVA: walked_drop_page(&d->walked, op, a, (uint32_t)b & ASID_MASK); return;
    case OP_ASID: walked_drop_asid(&d->walked, op, (uint32_t)b & ASID_MASK); return;
    default: walked_drop_all(&d->walked, op);
    }
}

static void operate(struct vmsa *d, uint32_t op, uint32_t value, bool shared)
{
    const struct hw_env *env = &d->walked.env;
    uint64_t a = op == OP_MVA ? value & ~0xfffu : 0;
    uint64_t b = op == OP_ALL ? 0 : value & ASID_MASK;
    env->charge(env->host, d->walked.op_cycles);
    vmsa_broadcast(d, op, a, b);
    if (shared)
        env->mmu_broadcast(env->host, op, a, b);
}

static uint32_t vmsa_read(void *dev, unsigned core, uint32_t off)
{
    struct vmsa *d = dev;
    const struct hw_env *env = &d->walked.env;
    (void)core;
    switch (off) {
    case REG_TTBR0: return d->ttbr0;
    case REG_ASID: return d->walked.asid;
    default:
        env->guest_error(env->host,
                         "vmsa: read of offset 0x%" PRIx32 ": no readable register", off);
        return 0;
    }
}

static void vmsa_write(void *dev, unsigned core, uint32_t off, uint32_t value)
{
    struct vmsa *d = dev;
    const struct hw_env *env = &d->walked.env;
    (void)core;
    switch (off) {
    case REG_TTBR0:
        if (value & TABLE_ALIGN)
            env->guest_error(env->host, "vmsa: TTBR0 0x%" PRIx32 " is not 8 KiB aligned",
                             value);
        d->ttbr0 = value & ~TABLE_ALIGN;
        return;
    case REG_ASID:
        if (value & ~ASID_MASK)
            env->guest_error(env->host, "vmsa: ASID %" PRIu32 " has more than 8 bits",
                             value);
        walked_set_asid(&d->walked, value & ASID_MASK);
        return;
    case REG_MVA:
    case REG_MVA + REG_SHARED: operate(d, OP_MVA, value, off != REG_MVA); return;
    case REG_BY_ASID:
    case REG_BY_ASID + REG_SHARED: operate(d, OP_ASID, value, off != REG_BY_ASID); return;
    case REG_ALL:
    case REG_ALL + REG_SHARED: operate(d, OP_ALL, value, off != REG_ALL); return;
    default:
        env->guest_error(env->host, "vmsa: write to offset 0x%" PRIx32 ": no register",
                         off);
    }
}

/* ---- life ------------------------------------------------------------------------- */

/* In the order of M_VMSA_PARAM_* (exo/mmu_vmsa.h). */
static unsigned vmsa_table_params(void *mmu, uint64_t params[HW_MAX_PARAMS])
{
    (void)mmu;
    params[0] = PAGE_BITS;
    params[1] = VA_BITS;
    params[2] = 8; /* ASID bits */
    return 3;
}

static int vmsa_create(const struct hw_env *env, const struct hw_value *v, unsigned cores,
                       void **out, struct hw_err *err)
{
    (void)cores;
    struct vmsa *d = calloc(1, sizeof *d);
    if (!d)
        return hw_refuse(err, "out of memory");
    if (walked_init(&d->walked, env, v[P_TLB_ENTRIES].u, v[P_REPLACEMENT].s, err)) {
        free(d);
        return -1;
    }
    d->walked.walk = vmsa_walk;
    d->walked.page_shift = PAGE_BITS;
    d->walked.va_bits = VA_BITS;
    d->walked.asid_mask = ASID_MASK;
    d->walked.op_cycles = v[P_OP_CYCLES].u;
    d->walk_cycles = v[P_WALK_CYCLES].u;
    *out = d;
    return 0;
}

static void vmsa_destroy(void *dev)
{
    struct vmsa *d = dev;
    walked_free(&d->walked);
    free(d);
}

static size_t vmsa_save(void *dev, uint8_t *buf, size_t max)
{
    struct vmsa *d = dev;
    struct state_out o = {buf, max, 0};
    state_put32(&o, VMSA_STATE);
    state_put32(&o, d->ttbr0);
    walked_put(&d->walked, &o);
    return o.at;
}

static int vmsa_restore(void *dev, const uint8_t *buf, size_t len)
{
    struct vmsa *d = dev;
    struct state_in in = {buf, len, 0, false};
    if (len != vmsa_save(d, NULL, 0) || state_get32(&in) != VMSA_STATE)
        return -1;
    d->ttbr0 = state_get32(&in) & ~TABLE_ALIGN;
    return walked_get(&d->walked, &in) && state_done(&in) ? 0 : -1;
}

static size_t vmsa_describe(void *dev, char *buf, size_t max)
{
    struct vmsa *d = dev;
    struct text t = text_start(buf, max);
    text_add(&t, "ttbr0 0x%" PRIx32 "\n", d->ttbr0);
    walked_describe(&d->walked, &t);
    return t.at;
}

static const struct hw_mmu_ops vmsa_ops = {
    .dev =
        {
            .create = vmsa_create,
            .destroy = vmsa_destroy,
            .read = vmsa_read,
            .write = vmsa_write,
            .save = vmsa_save,
            .restore = vmsa_restore,
            .describe = vmsa_describe,
        },
    .kind = 5,
    .lookup = walked_lookup,
    .miss = walked_miss,
    .stats = walked_stats,
    .broadcast = vmsa_broadcast,
    .page_shift = walked_page_shift,
    .table_params = vmsa_table_params,
};

const struct hw_model hw_mmu_vmsa = {
    .abi = HW_ABI,
    .class_ = HW_CLASS_MMU,
    .compatible = "exo,mmu-vmsa",
    .summary = "ARMv7 short-descriptor tables walked by hardware, a finite tagged TLB",
    .params = vmsa_params,
    .nparams = P_COUNT,
    .ops = &vmsa_ops,
};
