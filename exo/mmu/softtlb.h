// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * softtlb.h - what the files of the softtlb kind share: softtlb.c (the software TLB, the
 * seam to the core), softtlb_calls.c (tlb_* and inv_mmu).
 */
#ifndef EXO_MMU_SOFTTLB_H
#define EXO_MMU_SOFTTLB_H

#include "kept.h"
#include "lists.h"

#define STLB_WINDOW (EXO_NSTLB / 2)
#define STLB_STRIDE                                                                      \
    (STLB_WINDOW / EXO_NENV) /* windows of consecutive environments overlap */
#define RIGHTS (EXO_R | EXO_W | EXO_X)

/* Read by entry.S as two registers of the ISA. tag 0 = empty. */
struct stlb_entry {
    exo_word tag; /* page address | environment */
    exo_word lo;  /* the hardware's LO: physical page address | M_TLB_V, R, W, X */
};

struct softtlb {
    uint32_t base, shift, nframes, hardware_entries;
    exo_word va_end, page_mask;
    struct stlb_entry *entry; /* [EXO_NSTLB] */
    uint8_t *is_wired;        /* [EXO_NSTLB]: the entry is one of the wired ones */
    struct lists lists;
    struct kept kept;
    struct asids asids;
};
extern struct softtlb softtlb;

static inline uint32_t stlb_index(uint32_t env, exo_word va)
{
    exo_word page = va >> 12;
    return (uint32_t)((page ^ page >> 12) & (STLB_WINDOW - 1)) + env * STLB_STRIDE;
}

static inline exo_word stlb_tag(uint32_t env, exo_word va)
{
    return va | env;
}

static inline exo_word stlb_va(const struct stlb_entry *e)
{
    return e->tag & softtlb.page_mask;
}

static inline uint32_t stlb_env(const struct stlb_entry *e)
{
    return (uint32_t)e->tag & (EXO_NENV - 1);
}

static inline uint32_t stlb_frame(const struct stlb_entry *e)
{
    return (uint32_t)e->lo >> softtlb.shift;
}

/* M_TLB_R, W, X are EXO_R, W, X shifted by one. */
static inline uint32_t stlb_flags(const struct stlb_entry *e)
{
    return (uint32_t)e->lo >> 1 & RIGHTS;
}

static inline exo_word stlb_lo(uint32_t frame, uint32_t flags)
{
    return (exo_word)frame << softtlb.shift | (flags & RIGHTS) << 1 | M_TLB_V;
}

/* The environment's entry for va, NULL if it is not there. */
static inline struct stlb_entry *stlb_find(uint32_t env, exo_word va)
{
    struct stlb_entry *e = &softtlb.entry[stlb_index(env, va)];
    return e->tag == stlb_tag(env, va) ? e : NULL;
}

/* Make the binding, in place of what was in its slot. After stlb_place the hardware may
 * still hold what va was bound to before; after stlb_insert it does not. */
void stlb_place(struct ctx *c, exo_word va, uint32_t frame, uint32_t flags, bool wired);
void stlb_insert(struct ctx *c, exo_word va, uint32_t frame, uint32_t flags, bool wired);
void stlb_remove(struct stlb_entry *e);
/* Every core's hardware TLB: no translation of va, or none at all, of this ASID. */
void hardware_forget(uint32_t asid, exo_word va);
void hardware_forget_all(uint32_t asid);
/* Write the entry into this core's hardware TLB; c is what runs or will run here. */
void hardware_write(const struct ctx *c, exo_word va, exo_word lo);

#endif
