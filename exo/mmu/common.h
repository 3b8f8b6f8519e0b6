// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * common.h - what the files of exo/mmu share: address spaces' hardware identifiers, and
 * the checks of an address argument.
 *
 * Hardware identifiers (ASIDs) are finite. If there are EXO_NENV or more, an
 * environment's number is its ASID, and nothing is ever flushed on a switch. Else
 * environments share ASIDs: a core remembers whose translations it may hold under each
 * and flushes that ASID when it goes to another owner.
 */
#ifndef EXO_MMU_COMMON_H
#define EXO_MMU_COMMON_H

#include "mmu.h"

struct asids {
    uint32_t mask;
    bool unique;
    bool broadcast;                     /* several cores: invalidations go to all */
    uint8_t owner[EXO_NCORE][EXO_NENV]; /* not unique: environment, 0 = nobody */
};

static inline void asids_init(struct asids *a, uint64_t bits)
{
    a->mask = bits >= 31 ? 0x7fffffff : (1u << bits) - 1;
    a->unique = a->mask >= EXO_NENV - 1;
    a->broadcast = arch_mmio_read(M_CORE_BASE + M_CORES) > 1;
}

/* Core about to run c: true if it may hold another's translations under c's ASID. */
static inline bool asids_must_flush(struct asids *a, const struct ctx *c)
{
    if (a->unique)
        return false;
    uint8_t *owner = &a->owner[arch_mmio_read(M_CORE_BASE + M_COREID)][c->asid];
    bool other = *owner != 0 && *owner != c->id;
    *owner = (uint8_t)c->id;
    return other;
}

/* Assembly may switch to an address space without help. */
static inline bool asids_simple(const struct asids *a)
{
    return a->unique && !a->broadcast;
}

/* First address that is not the user's, on an MMU of va_bits. In exo/mmu virtual addresses
 * are words of the ISA, as the user's are: 64 bits on a 32-bit ISA take many instructions. */
static inline exo_word va_limit(uint64_t va_bits)
{
    uint64_t end = va_bits >= 64 ? UINT64_MAX : 1ull << va_bits;
    return (exo_word)(end < arch_va_end ? end : arch_va_end);
}

/* `a` = page address | flags: 0 and the page address, or -EXO_EVA. */
static inline int page_arg(exo_word a, exo_word page_mask, exo_word va_end, exo_word *va)
{
    *va = a & page_mask;
    return *va < va_end && (a & ~(exo_word)EXO_MAP_FLAGS) == *va ? 0 : -EXO_EVA;
}

/* n pages from va are the user's, and not more than a range call does. */
static inline int range_arg(exo_word va, exo_word n, uint32_t shift, exo_word va_end)
{
    if (n > EXO_RANGE_MAX)
        return -EXO_ERANGE;
    return (va_end - va) >> shift < n ? -EXO_EVA : 0;
}

static inline void write64(uint32_t pa, uint64_t value)
{
    arch_mmio_write(pa, (uint32_t)value);
    if (sizeof(exo_word) == 8)
        arch_mmio_write(pa + 4, (uint32_t)(value >> 32));
}

#endif
