// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * walked.h - a finite tagged TLB that hardware refills from tables in memory: what the MMUs with a
 * walker share. It knows address spaces, replacement, costs of operations, trace and
 * counters; the tables and how to search them are the model's (walk).
 *
 * A miss, or a hit that lacks the right (as the first write to a clean page does), walks. A walk
 * that succeeds puts the page into the TLB; one that faults does not, and drops an entry that
 * says more than the tables do. Replacement does not look at use: fifo (the slots in turn) or
 * random by a generator seeded from the board.
 *
 * Use: struct walked is the first member of the model's state, so that walked_lookup() and
 * walked_stats() serve as its operations; walked_init() comes first, walked_free() last.
 */
#ifndef HWMODELS_MMU_WALKED_H
#define HWMODELS_MMU_WALKED_H

#include "tlb.h"

/* What a walk found. */
struct walk_result {
    int cause;       /* 0, or the enum hw_cause to trap with */
    unsigned reads;  /* table entries, or groups of them, read: for the trace */
    uint64_t cycles; /* to be charged; the caller of the model's walk fills it in */
    bool updated;    /* an entry was written back (accessed, dirty) */
    bool leaf;       /* there is a translation: pa and allowed are valid */
    uint64_t pa;     /* physical page */
    unsigned
        allowed; /* accesses the walker need not see again: a write only if dirty is set */
};

struct walked {
    struct hw_env env;
    struct tlb tlb;
    /* Search the tables for the current address space, set accessed and dirty bits. */
    struct walk_result (*walk)(void *model, uint64_t va, enum hw_access access);
    unsigned page_shift, va_bits;
    uint32_t asid, asid_mask, hand; /* hand: next slot of fifo */
    bool replace_random;
    uint64_t random, op_cycles;
    struct hw_mmu_stats stats;
};

/* Fill in everything but walk. replacement: "fifo" or "random". 0, or -1 and a sentence. */
int walked_init(struct walked *d, const struct hw_env *env, uint64_t entries,
                const char *replacement, struct hw_err *err);
void walked_free(struct walked *d);

/* hw_mmu_ops.lookup, .miss, .stats, .page_shift */
bool walked_lookup(void *mmu, uint64_t va, enum hw_access access,
                   struct hw_mmu_entry *out);
int walked_miss(void *mmu, uint64_t va, enum hw_access access, uint64_t *cycles);
void walked_stats(void *mmu, struct hw_mmu_stats *out);
unsigned walked_page_shift(void *mmu);

static inline uint64_t walked_offset_mask(const struct walked *d)
{
    return (UINT64_C(1) << d->page_shift) - 1;
}

/* Another address space from now on. */
void walked_set_asid(struct walked *d, uint32_t asid);
/* Invalidate: the page of va in one address space, all of one, or everything. `op`, `a` and
 * `b` are what the trace and the other cores see. */
void walked_drop_page(struct walked *d, uint32_t op, uint64_t va, uint32_t asid);
void walked_drop_asid(struct walked *d, uint32_t op, uint32_t asid);
void walked_drop_all(struct walked *d, uint32_t op);

/* State: put and get (false: no state of such a TLB); get tells the CPU. */
void walked_put(const struct walked *d, struct state_out *o);
bool walked_get(struct walked *d, struct state_in *in);
/* The lines of the TLB in describe(). */
void walked_describe(const struct walked *d, struct text *out);

#endif
