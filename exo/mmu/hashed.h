// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hashed.h - what the files of the hashed kind share: hashed.c (the table, the seam to the core),
 * hashed_place.c (who may have which place), hashed_calls.c (hpt_* and inv_mmu).
 */
#ifndef EXO_MMU_HASHED_H
#define EXO_MMU_HASHED_H

#include <exo/hpt.h>

#include "kept.h"
#include "lists.h"

#define RIGHTS (EXO_R | EXO_W | EXO_X)
#define PLACES                                                                           \
    (2 * M_HPT_GROUP) /* a page has: 0..7 in its primary group, 8..15 in the other */

struct hpt_entry {
    uint32_t hi, lo; /* words 0 and 1; hi & M_HPT_V: in use */
};

struct hpt {
    uint32_t base, shift, groups, slots, nframes, tlb_entries;
    uint32_t share; /* entries of a group that a running environment need not fear for */
    uint32_t hand;  /* displacements so far */
    exo_word va_end, page_mask;
    struct hpt_entry *entry; /* [slots], exported */
    uint8_t *owner;          /* [slots], exported: environment, 0 = free */
    uint8_t *is_wired;       /* [slots]: one of its owner's wired translations */
    struct lists lists;
    struct kept kept;
    struct asids asids;
};
extern struct hpt hpt;

/* A page of an address space, and where it may lie. */
struct hpt_page {
    uint32_t env, tag; /* tag: word 0 of its entry in the primary group */
    uint32_t first[2]; /* slot of each group's first entry */
};

/* Slot of place 0..15. */
static inline uint32_t hpt_slot(const struct hpt_page *p, uint32_t place)
{
    return p->first[place / M_HPT_GROUP] + place % M_HPT_GROUP;
}

static inline uint32_t hpt_frame(uint32_t slot)
{
    return hpt.entry[slot].lo >> hpt.shift;
}

static inline uint32_t hpt_flags(uint32_t slot)
{
    uint32_t lo = hpt.entry[slot].lo;
    uint32_t flags = (lo & M_HPT_PP) == M_HPT_PP_WRITE ? EXO_R | EXO_W : EXO_R;
    return lo & M_HPT_N ? flags : flags | EXO_X;
}

/* Word 1 of an entry. What can be written or run can be read. */
static inline uint32_t hpt_lo(uint32_t frame, uint32_t flags)
{
    return frame << hpt.shift | (flags & EXO_W ? M_HPT_PP_WRITE : M_HPT_PP_READ) |
           (flags & EXO_X ? 0 : M_HPT_N);
}

/* ---- hashed.c ---- */
struct hpt_page hpt_page(uint32_t env, exo_word va);
exo_word hpt_va(uint32_t slot); /* page address an entry in use translates */
#define HPT_NONE UINT32_MAX
/* The page's slot, HPT_NONE: not there; then *free is the first free one, or HPT_NONE. */
uint32_t hpt_find(const struct hpt_page *p, uint32_t *free);
/* Put a binding into a free slot of the page's. */
void hpt_set(const struct hpt_page *p, uint32_t slot, uint32_t frame, uint32_t flags,
             bool wired);
/* An entry in use goes, from the table and from every core's TLB. */
void hpt_remove(uint32_t slot);
/* Another binding for the page that has this slot. */
void hpt_change(uint32_t slot, uint32_t lo);

/* ---- hashed_place.c ---- */
/* May env put an entry of its own where this one is, which is in use? */
bool hpt_may_take(uint32_t env, uint32_t slot);
/* A slot for a page that its environment is guaranteed: free, or made so. */
uint32_t hpt_make_room(const struct hpt_page *p, uint32_t free);

#endif
