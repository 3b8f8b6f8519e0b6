// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * radix_walk.h - the page-table format of "exo,mmu-radix" and its walk. A format is numbers from
 * the board: levels, index bits, and masks and values that say what an entry means.
 *
 *   virtual address   | 0 ... 0 | index n-1 | ... | index 0 | offset |
 *                                 exo,index-bits each        exo,page-shift
 *
 * Bits above levels * index-bits + page-shift must be zero: there is no kernel half, as the
 * kernel runs on physical addresses. A table is one page of 2^index-bits entries. Entry e
 *   exists         if (e & present.mask) == present.value         else fault PAGE
 *   is a table     if (e & table.mask) == table.value             (inner levels) else PAGE
 *   is a leaf      if (e & leaf.mask) == leaf.value               (last level) else PAGE
 *   is the user's  if (e & user.mask) == user.value               (last level) else PROT
 *   allows A       if (e & A.mask) == A.value                     (last level) else PROT
 * and points to page (e >> pfn-lsb) & (2^pfn-bits - 1). A table outside RAM is fault BUS. Large
 * pages do not exist: a leaf on an inner level is not a table, so PAGE.
 */
#ifndef HWMODELS_MMU_RADIX_WALK_H
#define HWMODELS_MMU_RADIX_WALK_H

#include "walked.h"

/* Indices of the parameters: those up to RADIX_P_TABLE_COUNT go to the hardware table, so their
 * order is part of the guest's view. */
enum radix_param {
    RADIX_P_LEVELS,
    RADIX_P_INDEX_BITS,
    RADIX_P_PAGE_SHIFT,
    RADIX_P_PTE_SIZE,
    RADIX_P_PFN_LSB,
    RADIX_P_PFN_BITS,
    RADIX_P_PRESENT_MASK,
    RADIX_P_PRESENT_VALUE,
    RADIX_P_TABLE_MASK,
    RADIX_P_TABLE_VALUE,
    RADIX_P_LEAF_MASK,
    RADIX_P_LEAF_VALUE,
    RADIX_P_READ_MASK,
    RADIX_P_READ_VALUE,
    RADIX_P_WRITE_MASK,
    RADIX_P_WRITE_VALUE,
    RADIX_P_EXEC_MASK,
    RADIX_P_EXEC_VALUE,
    RADIX_P_USER_MASK,
    RADIX_P_USER_VALUE,
    RADIX_P_ACCESSED,
    RADIX_P_DIRTY,
    RADIX_P_SOFT_LSB,
    RADIX_P_ASID_BITS,
    RADIX_P_TABLE_COUNT,
    RADIX_P_TLB_ENTRIES = RADIX_P_TABLE_COUNT,
    RADIX_P_REPLACEMENT,
    RADIX_P_WALK_CYCLES,
    RADIX_P_OP_CYCLES,
    RADIX_P_COUNT
};
_Static_assert((int)RADIX_P_TABLE_COUNT <= HW_MAX_PARAMS, "hardware table holds them");

extern const struct hw_param radix_params[RADIX_P_COUNT];

struct radix_rule {
    uint64_t mask, value;
};

struct radix_format {
    unsigned levels, index_bits, page_shift, pte_size, pfn_lsb, pfn_bits, va_bits;
    struct radix_rule present, table, leaf, user;
    struct radix_rule access[3]; /* by enum hw_access */
    uint64_t accessed, dirty;    /* one bit each, or 0 */
};

/* Parameters to format: 0, or -1 and a sentence that names the property. */
int radix_format(const struct hw_value *values, struct radix_format *out,
                 struct hw_err *err);

/* Walk for one access and set its accessed and dirty bits (only if the access is allowed). */
struct walk_result radix_walk(const struct radix_format *f, const struct hw_env *env,
                              uint64_t root, uint64_t va, enum hw_access access);

/* The tables as a tree, a line an entry that exists, as far as they fit: "node 0 0x0 -> 0x236000 table",
 * "node 2 0x17c00000 -> 0x5d000 r-x". Reads memory only. */
void radix_describe_tables(const struct radix_format *f, const struct hw_env *env,
                           uint64_t root, struct text *out);

#endif
