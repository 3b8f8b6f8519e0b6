// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * radix_priv.h - what the files of the radix kind share: radix_format.c (what entries can
 * say), radix.c (tables and bindings, the seam to the core), radix_calls.c (pt_* and
 * inv_mmu).
 */
#ifndef EXO_MMU_RADIX_PRIV_H
#define EXO_MMU_RADIX_PRIV_H

#include "common.h"

#define RADIX_LEVELS_MAX 6
#define RADIX_LAST 4 /* last level tables remembered for an environment, a power of 2 */
#define RADIX_USES_MANY 255 /* uses[] sticks here: "perhaps more" */
#define RIGHTS (EXO_R | EXO_W | EXO_X)

struct rule {
    uint64_t mask, value;
};

/* first: no entry in use is before it; it only falls. */
struct radix_table {
    uint16_t live, first;
};

/* A last level table used lately. key: 1 + first address it covers, 0 = none. */
struct radix_last {
    exo_word key;
    uint32_t table;
};

struct radix {
    uint32_t base, levels, bits, shift, pte_size, pfn_lsb;
    uint64_t pfn_mask; /* shifted down */
    struct rule present, table, leaf, user,
        access[3]; /* access: 0 read, 1 write, 2 fetch */
    uint64_t accessed, dirty, soft_mask;
    uint32_t soft_lsb;
    uint64_t table_bits;   /* an entry that points to a table, without its page number */
    uint64_t leaf_bits[8]; /* by R|W|X: an entry that maps a page, without its number */
    bool can[8];           /* the layout can say so */
    exo_word va_end, page_mask,
        last_mask;     /* last: address without what a last table covers */
    uint64_t empty_pa; /* root of an environment that has none */
    uint32_t nframes;
    struct radix_table *table_of; /* [nframes], of table frames */
    uint8_t *uses;                /* [nframes][EXO_NENV] */
    struct asids asids;
    struct radix_last last[EXO_NENV][RADIX_LAST]; /* the last level table used last */
};
extern struct radix radix;

static inline bool holds(const struct rule *r, uint64_t pte)
{
    return (pte & r->mask) == r->value;
}

static inline uint32_t frame_of(uint64_t pte)
{
    return (uint32_t)(pte >> radix.pfn_lsb & radix.pfn_mask);
}

static inline uint64_t entry_of(uint32_t frame, uint64_t bits)
{
    return (uint64_t)frame << radix.pfn_lsb | bits;
}

static inline void *slot(uint32_t table, uint32_t index)
{
    return arch_phys(((uint64_t)table << radix.shift) + index * radix.pte_size);
}

static inline uint64_t slot_read(uint32_t table, uint32_t index)
{
    void *p = slot(table, index);
    return radix.pte_size == 8 ? *(volatile uint64_t *)p : *(volatile uint32_t *)p;
}

/* On a 32-bit ISA another core's walker could see half of a 64-bit entry: go through
 * zero. */
static inline void slot_write(uint32_t table, uint32_t index, uint64_t pte)
{
    volatile uint32_t *half = slot(table, index);
    if (radix.pte_size == 4) {
        *half = (uint32_t)pte;
    } else if (sizeof(exo_word) == 8) {
        *(volatile uint64_t *)(volatile void *)half = pte;
    } else {
        half[0] = 0;
        half[1] = (uint32_t)(pte >> 32);
        half[0] = (uint32_t)pte;
    }
}

static inline uint32_t index_of(exo_word va, uint32_t level)
{
    uint32_t shift = radix.shift + level * radix.bits;
    if (shift >= 8 * sizeof va)
        return 0;
    return (uint32_t)(va >> shift) & ((1u << radix.bits) - 1);
}

static inline bool radix_has_root(const struct ctx *c)
{
    return c->root != radix.empty_pa;
}

/* Environment c's entries that point to the frame. */
static inline uint8_t *radix_uses(const struct ctx *c, uint32_t frame)
{
    return &radix.uses[frame * EXO_NENV + c->id];
}

/* radix_format.c: read the layout; false if the kernel cannot work with it. */
bool radix_format(const struct exo_hw_device *dev);
/* Entry bits for EXO_R/W/X/SOFT; only for rights with radix.can[]. */
uint64_t radix_bits(exo_word flags);
uint32_t radix_rights(uint64_t pte); /* EXO_R/W/X it gives user mode */

void radix_forget_tables(const struct ctx *c); /* the remembered ones */

/* radix.c: tables; 0 = there is none */
uint32_t radix_walk(const struct ctx *c, exo_word va, uint32_t level);
uint32_t radix_last_table(const struct ctx *c, exo_word va);
void radix_new_table(uint32_t frame);
/* The frame becomes a table, at this unused entry of the one above. */
void radix_add_table(uint32_t above, uint32_t index, uint32_t frame);
/* The hardware forgets one translation, or all of an environment's. */
void radix_forget(const struct ctx *c, exo_word va);
void radix_forget_all(const struct ctx *c);
void radix_unbind(struct ctx *t, exo_word va, uint32_t table);
/* Caller c binds va | flags of t to a frame. Without rights: unbinds. */
int radix_bind(struct ctx *c, struct ctx *t, exo_word arg, exo_word frame, exo_word cap);

/* Walks all entries in use of an address space, in address order, without recursion. */
struct radix_cursor {
    uint32_t level, table[RADIX_LEVELS_MAX], index[RADIX_LEVELS_MAX],
        left[RADIX_LEVELS_MAX];
};
void radix_cursor_start(struct radix_cursor *k, const struct ctx *c);
/*
 * The next entry in use of a last table: true, with its table and index + 1 in level 0.
 * Else false, and the cursor stands on a table it has seen all of, which is the root if
 * radix_cursor_up() then says false.
 */
bool radix_cursor_next(struct radix_cursor *k);
bool radix_cursor_up(struct radix_cursor *k);
exo_word radix_cursor_va(const struct radix_cursor *k);

#endif
