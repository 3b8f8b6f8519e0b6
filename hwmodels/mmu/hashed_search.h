// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hashed_search.h - the hashed page table of "exo,mmu-hashed" and its search: the 32-bit PowerPC's
 * (PowerPC Microprocessor Family: The Programming Environments, chapter 7), but for what is
 * said below. The table is 2^n groups (PTEGs) of 8 entries of 8 bytes:
 *
 *           31  30                        7   6  5     0
 *   word 0  | V | VSID                    | H  | API   |
 *           31            page-shift       8   7        2   1 0
 *   word 1  | physical page | software | R | C | soft. | N | PP |
 *
 *   virtual address   | segment | page index       | offset     |
 *                      31     28 27      page-shift
 *   VSID  = (space << 4 | segment) * 0x111 mod 2^24     the PowerPC has 16 registers instead
 *   hash  = VSID[18:0] ^ page index                     primary group: hash mod groups
 *   API   = va[27:22]                                   secondary: ~hash mod groups, H = 1
 *
 * An entry translates if V, VSID, API are the address's and H is 0 in its primary group, 1 in its
 * secondary. PP 0: no access; 1, 3: read; 2: read and write; N: no fetch (the N of the 64-bit
 * PowerPC). The search reads the primary group, then the secondary; of several entries that
 * translate, the first counts. It sets R on use, C on the first write. Found nowhere: TLB_MISS, as
 * the table is a cache of translations; a group outside RAM: BUS. Bits marked software
 * are not looked at.
 */
#ifndef HWMODELS_MMU_HASHED_SEARCH_H
#define HWMODELS_MMU_HASHED_SEARCH_H

#include "walked.h"

#define HASHED_VA_BITS 32
#define HASHED_SPACE_BITS 12

/* Where the table is: SDR1 as two numbers. groups 0: there is none. */
struct hashed_table {
    uint64_t base; /* physical address */
    uint32_t groups;
};

/* SDR1: bits 31..16 the table's address, a multiple of its size; bits 8..0 its size, 2^n - 1 for
 * 2^n times 1024 groups; 0 as a whole: no table. false: it means nothing. */
bool hashed_table(uint32_t sdr1, struct hashed_table *out);

/* Search for one access and set R and C (only if the access is allowed). result.reads: groups. */
struct walk_result hashed_search(const struct hashed_table *table,
                                 const struct hw_env *env, unsigned page_shift,
                                 uint32_t space, uint64_t va, enum hw_access access);

/* The table, a line an entry in use, as far as they fit: "node 0 0x17c00000 -> 0x5d000 r-x space 1
 * group 3073.0", with 2nd where it lies in its secondary group. Reads memory only. */
void hashed_describe_table(const struct hashed_table *table, const struct hw_env *env,
                           unsigned page_shift, struct text *out);

#endif
