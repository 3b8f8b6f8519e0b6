// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * host_radix.c - "exo,mmu-radix" for the host's machine: walker and a cache of its results that
 * keeps an entry until it is invalidated (exo/machine.h).
 */
#include "host.h"

#include <stdlib.h>
#include <string.h>

#define ENTRIES 64u

struct entry {
    bool valid;
    uint64_t va;
    uint32_t asid, frame, flags;
};
struct walker {
    struct entry entry[ENTRIES];
    uint64_t root, va;
    uint32_t asid, op_asid, next;
};
static struct walker walker[HOST_NCORE];
static uint64_t param[M_RADIX_ASID_BITS + 1];
const uint32_t host_mmu_kind = EXO_MMU_RADIX;
const struct host_mmu_calls host_mmu_calls = {
    .bind = EXO_CALL_pt_map,
    .unbind = EXO_CALL_pt_unmap,
    .protect = EXO_CALL_pt_protect,
    .batch = EXO_CALL_pt_batch,
    .first = EXO_CALL_pt_root,
    .last = EXO_CALL_pt_read,
};

/* Sv39, and a two-level format of 4-byte entries with x86's old meaning of the low bits. */
static const uint64_t variants[2][M_RADIX_ASID_BITS + 1] = {
    {3, 9, 12, 8, 10, 44, 1,    1,    0xf,  1,    0, 0,
     2, 2, 4,  4, 8,  8,  0x10, 0x10, 0x40, 0x80, 8, 6},
    {2, 10, 12, 4, 12, 20, 1, 1, 1, 1, 0, 0, 1, 1, 2, 2, 0, 0, 4, 4, 0x20, 0x40, 9, 6}};

void host_mmu_describe(struct exo_hw_device *dev, const struct host_config *config)
{
    memcpy(param, variants[config->variant], sizeof param);
    param[M_RADIX_PAGE_SHIFT] = host.page_shift;
    if (config->asid_bits != 0)
        param[M_RADIX_ASID_BITS] = config->asid_bits;
    dev->nparams = M_RADIX_ASID_BITS + 1;
    memcpy(dev->params, param, sizeof param);
}

static bool pte_is(uint64_t pte, unsigned mask)
{
    return (pte & param[mask]) == param[mask + 1];
}

static uint64_t *register64(struct walker *w, uint32_t reg)
{
    return reg < M_RADIX_ASID ? &w->root : &w->va;
}

static uint32_t *register32(struct walker *w, uint32_t reg)
{
    switch (reg) {
    case M_RADIX_ROOT:
    case M_RADIX_VA: return (uint32_t *)register64(w, reg);
    case M_RADIX_ROOT + 4:
    case M_RADIX_VA + 4: return (uint32_t *)register64(w, reg) + 1;
    case M_RADIX_ASID: return &w->asid;
    case M_RADIX_OP_ASID: return &w->op_asid;
    default: abort();
    }
}

uint32_t host_mmu_read(uint32_t core, uint32_t reg)
{
    return *register32(&walker[core], reg);
}

static void invalidate(struct walker *w, uint32_t op, uint64_t va, uint32_t asid)
{
    uint64_t mask = (1u << host.page_shift) - 1;
    for (uint32_t i = 0; i < ENTRIES; i++) {
        struct entry *e = &w->entry[i];
        if (op == M_RADIX_OP_INVALIDATE_ALL ||
            (e->asid == asid &&
             (op == M_RADIX_OP_INVALIDATE_ASID || e->va == (va & ~mask))))
            e->valid = false;
    }
}

void host_mmu_write(uint32_t core, uint32_t reg, uint32_t value)
{
    struct walker *w = &walker[core];
    if (reg != M_RADIX_OP) {
        *register32(w, reg) = value;
        return;
    }
    for (uint32_t k = 0; k < host.cores; k++)
        if (k == core || value & M_MMU_BROADCAST)
            invalidate(&walker[k], value & 0xff, w->va, w->op_asid);
}

/* Address of the entry for va at a level (0 = last) of the table at pa. */
static void *pte_at(uint64_t pa, uint64_t va, uint32_t level)
{
    uint32_t bits = (uint32_t)param[M_RADIX_INDEX_BITS];
    uint64_t index = va >> (host.page_shift + level * bits) & ((1u << bits) - 1);
    return arch_phys(pa + index * param[M_RADIX_PTE_SIZE]);
}

static uint64_t pte_get(const void *p)
{
    uint64_t v = 0;
    memcpy(&v, p, (size_t)param[M_RADIX_PTE_SIZE]);
    return v;
}

static uint64_t pte_target(uint64_t pte)
{
    uint64_t mask = (1ull << param[M_RADIX_PFN_BITS]) - 1;
    return (pte >> param[M_RADIX_PFN_LSB] & mask) << host.page_shift;
}

static uint32_t pte_flags(uint64_t pte)
{
    if (!pte_is(pte, M_RADIX_USER_MASK))
        return 0;
    return (pte_is(pte, M_RADIX_READ_MASK) ? EXO_R : 0) |
           (pte_is(pte, M_RADIX_WRITE_MASK) ? EXO_W : 0) |
           (pte_is(pte, M_RADIX_EXEC_MASK) ? EXO_X : 0);
}

/* 0 and the entry, or the cause. */
static uint32_t walk(struct walker *w, uint64_t va, uint32_t flag, struct entry *out)
{
    uint32_t levels = (uint32_t)param[M_RADIX_LEVELS];
    uint64_t bits = host.page_shift + levels * param[M_RADIX_INDEX_BITS];
    uint64_t pa = w->root, mask = (1u << host.page_shift) - 1;
    if (va >= 1ull << bits || pa == 0)
        return M_CAUSE_PAGE;
    for (uint32_t level = levels; level-- > 0;) {
        void *p = pte_at(pa, va, level);
        uint64_t pte = pte_get(p);
        if (!pte_is(pte, M_RADIX_PRESENT_MASK))
            return M_CAUSE_PAGE;
        if (level > 0 && !pte_is(pte, M_RADIX_TABLE_MASK))
            return M_CAUSE_PAGE;
        pa = pte_target(pte);
        if (level > 0)
            continue;
        if (!pte_is(pte, M_RADIX_LEAF_MASK))
            return M_CAUSE_PAGE;
        if (!(pte_flags(pte) & flag))
            return M_CAUSE_PROT;
        pte |= param[M_RADIX_ACCESSED] | (flag == EXO_W ? param[M_RADIX_DIRTY] : 0);
        memcpy(p, &pte, (size_t)param[M_RADIX_PTE_SIZE]);
        *out = (struct entry){true, va & ~mask, w->asid,
                              (uint32_t)(pa >> host.page_shift), pte_flags(pte)};
    }
    return 0;
}

uint32_t host_mmu_translate(uint32_t core, uint64_t va, uint32_t flag, uint64_t *pa)
{
    struct walker *w = &walker[core];
    uint64_t mask = (1u << host.page_shift) - 1;
    struct entry *hit = NULL;
    for (uint32_t i = 0; i < ENTRIES && hit == NULL; i++)
        if (w->entry[i].valid && w->entry[i].asid == w->asid &&
            w->entry[i].va == (va & ~mask))
            hit = &w->entry[i];
    if (hit == NULL || !(hit->flags & flag)) {
        struct entry e;
        uint32_t cause = walk(w, va, flag, &e);
        if (cause != 0)
            return cause;
        if (hit == NULL)
            hit = &w->entry[w->next++ % ENTRIES];
        *hit = e;
    }
    *pa = (uint64_t)(hit->frame << host.page_shift) | (va & mask);
    return 0;
}

uint32_t host_entries(uint32_t core, struct host_entry *out, uint32_t max)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < ENTRIES && n < max; i++) {
        const struct entry *e = &walker[core].entry[i];
        if (e->valid)
            out[n++] = (struct host_entry){e->va, e->frame, e->asid, e->flags};
    }
    return n;
}
