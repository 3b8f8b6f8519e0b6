// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tlb.h - a finite, tagged translation buffer: the part the software-refilled and the
 * hardware-walked MMU share. It knows no registers, costs or formats; it holds entries in
 * numbered slots, finds them by hash, and remembers which were handed out to the CPU.
 *
 * An entry is found for (page, asid) if it is global or has that asid. tlb_set() keeps the
 * invariant that at most one entry is found for any (page, asid): it drops the others.
 *
 * Handed out: the CPU may cache what tlb_hand_out() was called for. Removing such an entry
 * makes tlb_stale() true until tlb_told(). The marks depend on the host (its engine decides
 * when to ask), so nothing but that one question may depend on them; they are not state.
 *
 * Ownership: struct tlb belongs to one MMU instance; tlb_free() releases its tables.
 */
#ifndef HWMODELS_MMU_TLB_H
#define HWMODELS_MMU_TLB_H

#include "hw.h"
#include "state.h"
#include "text.h"

#define TLB_NONE UINT32_MAX

struct tlb_entry {
    uint64_t page; /* virtual address >> page shift */
    uint64_t pa;   /* physical address of the page */
    uint32_t asid;
    uint8_t allowed; /* bit (1 << enum hw_access) */
    bool valid, global;
};

struct tlb {
    uint32_t size; /* slots */
    struct tlb_entry *entry;
    uint32_t *next;   /* slot -> next slot of the same bucket */
    uint32_t *bucket; /* hash -> first slot */
    uint64_t *handed; /* slot -> epoch in which it was handed out last */
    uint32_t bucket_mask;
    uint32_t globals; /* valid entries that are global */
    uint32_t used;    /* valid entries */
    uint64_t epoch;   /* now; starts at 1 */
    bool any_handed;  /* some entry was handed out in this epoch */
    bool stale;       /* a handed-out entry was removed in this epoch */
};

/* false: out of memory (nothing to free). size > 0. */
bool tlb_init(struct tlb *t, uint32_t size);
void tlb_free(struct tlb *t);

/* The slot that translates page for asid, or TLB_NONE. Constant time. */
uint32_t tlb_find(const struct tlb *t, uint64_t page, uint32_t asid);

/* Empty slot i. */
void tlb_drop(struct tlb *t, uint32_t i);
/* Put a valid entry into slot i and drop every other entry that would be found for the same
 * (page, asid). lost(ctx, old) is called before each entry that goes, the old one of slot i
 * included. */
void tlb_set(struct tlb *t, uint32_t i, const struct tlb_entry *e,
             void (*lost)(void *ctx, const struct tlb_entry *old), void *ctx);

static inline void tlb_hand_out(struct tlb *t, uint32_t i)
{
    t->handed[i] = t->epoch;
    t->any_handed = true;
}

/* Must the CPU be told? Then tell it and call tlb_told(). */
static inline bool tlb_stale(const struct tlb *t)
{
    return t->stale;
}
void tlb_told(struct tlb *t);

/* Entries as bytes. get: false (and an empty TLB) if the bytes are no state of a TLB of this
 * size, or hold an entry for which ok() says no, or two for one (page, asid). */
void tlb_put(const struct tlb *t, struct state_out *o);
bool tlb_get(struct tlb *t, struct state_in *in,
             bool (*ok)(const void *ctx, const struct tlb_entry *e), const void *ctx);

/* The lines "tlbN ..." of describe(), one for each valid entry. */
void tlb_describe(const struct tlb *t, unsigned page_shift, struct text *out);

/* The counters of hw_mmu_ops.stats as part of the state. */
void tlb_put_stats(const struct hw_mmu_stats *s, struct state_out *o);
void tlb_get_stats(struct hw_mmu_stats *s, struct state_in *in);

/* Random replacement: xorshift64* (Marsaglia, "Xorshift RNGs", 2003; Vigna, 2016). Its state is
 * never 0; tlb_random_state() makes one of any number. */
uint32_t tlb_random(uint64_t *state);
static inline uint64_t tlb_random_state(uint64_t any)
{
    return any != 0 ? any : 1;
}

#endif
