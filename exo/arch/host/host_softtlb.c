// SPDX-License-Identifier: GPL-2.0-or-later
/* host_softtlb.c - the registers of "exo,mmu-softtlb" for the host's machine (exo/machine.h). */
#include "host.h"

#include <stdio.h>
#include <stdlib.h>

#define ENTRIES 16u
#define WIRED 2u
#define ASID_BITS 6u
#define VA_BITS 32u

struct entry {
    uint64_t hi, lo;
    uint32_t asid;
};
struct tlb {
    struct entry entry[ENTRIES];
    uint64_t hi, lo;
    uint32_t asid, index, hi_asid, victim;
};
static struct tlb tlb[HOST_NCORE];
const uint32_t host_mmu_kind = EXO_MMU_SOFTTLB;
const struct host_mmu_calls host_mmu_calls = {
    .bind = EXO_CALL_tlb_write,
    .unbind = EXO_CALL_tlb_invalidate,
    .protect = EXO_CALL_tlb_protect,
    .batch = EXO_CALL_tlb_batch,
    .wire = EXO_CALL_tlb_wire,
    .first = EXO_CALL_tlb_write,
    .last = EXO_CALL_tlb_protect,
};
/* Misses go to mmu_trap() here. */
const char miss_vector[1], miss_vector_shared[1];

void host_mmu_describe(struct exo_hw_device *dev, const struct host_config *config)
{
    dev->nparams = 5;
    dev->params[M_SOFTTLB_ENTRIES] = ENTRIES;
    dev->params[M_SOFTTLB_ASID_BITS] = config->asid_bits ? config->asid_bits : ASID_BITS;
    dev->params[M_SOFTTLB_PAGE_SHIFT] = host.page_shift;
    dev->params[M_SOFTTLB_WIRED] = WIRED;
    dev->params[M_SOFTTLB_VA_BITS] = VA_BITS;
}

static uint64_t page(uint64_t address)
{
    return address >> host.page_shift;
}

static bool matches(const struct entry *e, uint64_t va, uint32_t asid)
{
    return (e->lo & M_TLB_V) && page(e->hi) == page(va) &&
           (e->asid == asid || (e->lo & M_TLB_G));
}

static uint32_t find(const struct tlb *t, uint64_t va, uint32_t asid)
{
    for (uint32_t i = 0; i < ENTRIES; i++)
        if (matches(&t->entry[i], va, asid))
            return i;
    return ENTRIES;
}

static void write_entry(struct tlb *t, uint32_t i)
{
    if (i >= ENTRIES)
        return;
    uint32_t other = find(t, t->hi, t->hi_asid);
    if (other < ENTRIES &&
        other != i) { /* two matching entries: a real R3000 shuts down */
        if (!(t->lo & M_TLB_V))
            return;
        fprintf(stderr, "two TLB entries for page %#llx\n", (unsigned long long)t->hi);
        abort();
    }
    t->entry[i] = (struct entry){t->hi, t->lo, t->hi_asid};
}

static void invalidate(struct tlb *t, uint32_t op, uint64_t hi, uint64_t lo,
                       uint32_t asid)
{
    for (uint32_t i = 0; i < ENTRIES; i++) {
        struct entry *e = &t->entry[i];
        bool gone = op == M_TLB_OP_INVALIDATE         ? matches(e, hi, asid)
                    : op == M_TLB_OP_INVALIDATE_ASID  ? e->asid == asid
                    : op == M_TLB_OP_INVALIDATE_FRAME ? page(e->lo) == page(lo)
                                                      : true;
        if (gone)
            *e = (struct entry){0};
    }
}

static void operate(uint32_t core, uint32_t op)
{
    struct tlb *t = &tlb[core];
    uint32_t i;
    switch (op & 0xff) {
    case M_TLB_OP_WRITE_RANDOM:
        i = find(t, t->hi, t->hi_asid);
        t->victim = (t->victim + 1) % (ENTRIES - WIRED);
        write_entry(t, i < ENTRIES && i >= WIRED ? i : WIRED + t->victim);
        break;
    case M_TLB_OP_WRITE_INDEX: write_entry(t, t->index); break;
    case M_TLB_OP_PROBE:
        i = find(t, t->hi, t->hi_asid);
        t->index = i < ENTRIES ? i : 0x80000000u;
        break;
    case M_TLB_OP_READ:
        i = t->index % ENTRIES;
        t->hi = t->entry[i].hi;
        t->lo = t->entry[i].lo;
        t->hi_asid = t->entry[i].asid;
        break;
    default:
        for (uint32_t k = 0; k < host.cores; k++)
            if (k == core || op & M_MMU_BROADCAST)
                invalidate(&tlb[k], op & 0xff, t->hi, t->lo, t->hi_asid);
        break;
    }
}

static uint32_t *reg_word(struct tlb *t, uint32_t reg)
{
    switch (reg) {
    case M_TLB_ASID: return &t->asid;
    case M_TLB_INDEX: return &t->index;
    case M_TLB_HI: return (uint32_t *)&t->hi;
    case M_TLB_HI + 4: return (uint32_t *)&t->hi + 1;
    case M_TLB_LO: return (uint32_t *)&t->lo;
    case M_TLB_LO + 4: return (uint32_t *)&t->lo + 1;
    case M_TLB_HI_ASID: return &t->hi_asid;
    default: abort();
    }
}

uint32_t host_mmu_read(uint32_t core, uint32_t reg)
{
    return *reg_word(&tlb[core], reg);
}

void host_mmu_write(uint32_t core, uint32_t reg, uint32_t value)
{
    if (reg == M_TLB_OP)
        operate(core, value);
    else
        *reg_word(&tlb[core], reg) = value;
}

static uint32_t flags(uint64_t lo)
{
    return (lo & M_TLB_R ? EXO_R : 0) | (lo & M_TLB_W ? EXO_W : 0) |
           (lo & M_TLB_X ? EXO_X : 0);
}

uint32_t host_mmu_translate(uint32_t core, uint64_t va, uint32_t flag, uint64_t *pa)
{
    struct tlb *t = &tlb[core];
    if (va >= 1ull << VA_BITS)
        return M_CAUSE_PAGE;
    uint32_t i = find(t, va, t->asid);
    if (i == ENTRIES) {
        t->hi = page(va) << host.page_shift;
        t->hi_asid = t->asid;
        return M_CAUSE_TLB_MISS;
    }
    if (!(flags(t->entry[i].lo) & flag))
        return M_CAUSE_PROT;
    uint64_t mask = (1u << host.page_shift) - 1;
    *pa = (t->entry[i].lo & ~mask) | (va & mask);
    return 0;
}

uint32_t host_entries(uint32_t core, struct host_entry *out, uint32_t max)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < ENTRIES && n < max; i++) {
        const struct entry *e = &tlb[core].entry[i];
        if (e->lo & M_TLB_V)
            out[n++] =
                (struct host_entry){e->hi, (uint32_t)page(e->lo), e->asid, flags(e->lo)};
    }
    return n;
}
