// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * host_hashed.c - "exo,mmu-hashed" for the host's machine: the search of the table and a cache of
 * what it found, which keeps an entry until it is invalidated (exo/machine.h).
 */
#include "host.h"

#include <stdlib.h>

#define ENTRIES 64u
#define VA_BITS 32u

struct entry {
    bool valid;
    uint64_t va;
    uint32_t space, frame, flags;
};
struct hashed {
    struct entry entry[ENTRIES];
    uint64_t va;
    uint32_t space, op_space, sdr1, next;
};
static struct hashed hashed[HOST_NCORE];
const uint32_t host_mmu_kind = EXO_MMU_HASHED;
const struct host_mmu_calls host_mmu_calls = {
    .bind = EXO_CALL_hpt_insert,
    .unbind = EXO_CALL_hpt_evict,
    .protect = EXO_CALL_hpt_protect,
    .batch = EXO_CALL_hpt_batch,
    .wire = EXO_CALL_hpt_wire,
    .first = EXO_CALL_hpt_insert,
    .last = EXO_CALL_hpt_table,
};
/* Misses go to mmu_trap() here. */
const char miss_vector[1];

void host_mmu_describe(struct exo_hw_device *dev, const struct host_config *config)
{
    (void)config; /* address spaces are never few here */
    dev->nparams = M_HASHED_TLB_ENTRIES + 1;
    dev->params[M_HASHED_PAGE_SHIFT] = host.page_shift;
    dev->params[M_HASHED_VA_BITS] = VA_BITS;
    dev->params[M_HASHED_SPACE_BITS] = M_HPT_SPACE_BITS;
    dev->params[M_HASHED_TLB_ENTRIES] = ENTRIES;
}

static uint32_t *reg_word(struct hashed *h, uint32_t reg)
{
    switch (reg) {
    case M_HPT_SPACE: return &h->space;
    case M_HPT_OP_SPACE: return &h->op_space;
    case M_HPT_VA: return (uint32_t *)&h->va;
    case M_HPT_VA + 4: return (uint32_t *)&h->va + 1;
    case M_HPT_SDR1: return &h->sdr1;
    default: abort();
    }
}

uint32_t host_mmu_read(uint32_t core, uint32_t reg)
{
    return *reg_word(&hashed[core], reg);
}

static void invalidate(struct hashed *h, uint32_t op, uint64_t va, uint32_t space)
{
    for (uint32_t i = 0; i < ENTRIES; i++) {
        struct entry *e = &h->entry[i];
        if (op == M_HPT_OP_INVALIDATE_ALL ||
            (e->space == space && e->va >> host.page_shift == va >> host.page_shift))
            e->valid = false;
    }
}

void host_mmu_write(uint32_t core, uint32_t reg, uint32_t value)
{
    struct hashed *h = &hashed[core];
    if (reg != M_HPT_OP) {
        *reg_word(h, reg) = value;
        return;
    }
    if ((value & 0xff) != M_HPT_OP_INVALIDATE &&
        (value & 0xff) != M_HPT_OP_INVALIDATE_ALL)
        abort();
    for (uint32_t k = 0; k < host.cores; k++)
        if (k == core || value & M_MMU_BROADCAST)
            invalidate(&hashed[k], value & 0xff, h->va, h->op_space);
}

/* Words of the entry that translates va, NULL: none. */
static uint32_t *search(const struct hashed *h, uint64_t va)
{
    uint32_t segment = (uint32_t)(va >> 28);
    uint32_t vsid = ((h->space << 4 | segment) * M_HPT_VSID_FACTOR) & 0xffffff;
    uint32_t index = (uint32_t)(va & 0x0fffffff) >> host.page_shift;
    uint32_t tag =
        M_HPT_V | vsid << M_HPT_VSID_SHIFT | ((uint32_t)(va >> 22) & M_HPT_API);
    uint32_t groups = ((h->sdr1 & 0x1ff) + 1) * M_HPT_GROUPS_MIN;
    uint32_t *table = arch_phys(h->sdr1 & 0xffff0000u);
    uint32_t hash = vsid ^ index;
    for (uint32_t second = 0; second < 2; second++, hash = ~hash, tag |= M_HPT_H)
        for (uint32_t i = 0; i < M_HPT_GROUP; i++) {
            uint32_t *e = table + (hash % groups * M_HPT_GROUP + i) * 2;
            if (e[0] == tag)
                return e;
        }
    return NULL;
}

static uint32_t flags(uint32_t lo)
{
    uint32_t pp = lo & M_HPT_PP;
    if (pp == 0)
        return 0;
    return EXO_R | (pp == M_HPT_PP_WRITE ? EXO_W : 0) | (lo & M_HPT_N ? 0 : EXO_X);
}

uint32_t host_mmu_translate(uint32_t core, uint64_t va, uint32_t flag, uint64_t *pa)
{
    struct hashed *h = &hashed[core];
    uint64_t mask = (1u << host.page_shift) - 1;
    struct entry *hit = NULL;
    if (va >= 1ull << VA_BITS)
        return M_CAUSE_PAGE;
    for (uint32_t i = 0; i < ENTRIES && hit == NULL; i++)
        if (h->entry[i].valid && h->entry[i].space == h->space &&
            h->entry[i].va == (va & ~mask))
            hit = &h->entry[i];
    if (hit == NULL || !(hit->flags & flag)) {
        uint32_t *e = search(h, va);
        if (e == NULL)
            return M_CAUSE_TLB_MISS;
        if (!(flags(e[1]) & flag))
            return M_CAUSE_PROT;
        e[1] |= flag == EXO_W ? M_HPT_R | M_HPT_C : M_HPT_R;
        if (hit == NULL)
            hit = &h->entry[h->next++ % ENTRIES];
        *hit = (struct entry){true, va & ~mask, h->space, e[1] >> host.page_shift,
                              flags(e[1])};
    }
    *pa = (uint64_t)(hit->frame << host.page_shift) | (va & mask);
    return 0;
}

uint32_t host_entries(uint32_t core, struct host_entry *out, uint32_t max)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < ENTRIES && n < max; i++) {
        const struct entry *e = &hashed[core].entry[i];
        if (e->valid)
            out[n++] = (struct host_entry){e->va, e->frame, e->space, e->flags};
    }
    return n;
}
