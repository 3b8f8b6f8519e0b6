// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * radix_format.c - the layout of page-table entries, from the masks and values of the
 * hardware table (machine.h, M_RADIX_*). Everything an entry can be asked to say is
 * composed once, at boot, so that writing one takes a shift and an or.
 */
#include "radix_priv.h"

static bool set_rule(uint64_t *pte, uint64_t *fixed, const struct rule *r)
{
    if ((*pte ^ r->value) & r->mask & *fixed)
        return false;
    *pte = (*pte & ~r->mask) | r->value;
    *fixed |= r->mask;
    return true;
}

/* Break a rule by one bit that nothing else has fixed, if there is one. */
static void deny_rule(uint64_t *pte, uint64_t *fixed, const struct rule *r)
{
    uint64_t open = r->mask & ~*fixed;
    if (open == 0 || !holds(r, *pte | (r->value & open)))
        return;
    uint64_t bit = open & (~open + 1);
    *pte = (*pte & ~bit) | (~r->value & bit);
    *fixed |= bit;
}

/* Rights asked for must be there; writing that was not asked for must not. Reading or
 * running may come along where the layout cannot keep them apart (x86-64: what is present
 * is readable). No rights at all: an entry that is not for user mode. */
static bool compose_leaf(uint32_t rights, uint64_t *out)
{
    uint64_t pte = 0, fixed = 0;
    uint32_t want = rights & EXO_W ? rights | EXO_R : rights;
    if (!set_rule(&pte, &fixed, &radix.present) || !set_rule(&pte, &fixed, &radix.leaf))
        return false;
    if (want != 0 && !set_rule(&pte, &fixed, &radix.user))
        return false;
    for (uint32_t a = 0; a < 3; a++)
        if (want >> a & 1 && !set_rule(&pte, &fixed, &radix.access[a]))
            return false;
    if (want == 0)
        deny_rule(&pte, &fixed, &radix.user);
    for (uint32_t a = 0; a < 3; a++)
        if (!(want >> a & 1))
            deny_rule(&pte, &fixed, &radix.access[a]);
    *out = pte;
    if (want == 0)
        return !holds(&radix.user, pte);
    return want & EXO_W || !holds(&radix.access[1], pte);
}

static bool compose_all(void)
{
    uint64_t fixed = 0;
    radix.table_bits = 0;
    if (!set_rule(&radix.table_bits, &fixed, &radix.present) ||
        !set_rule(&radix.table_bits, &fixed, &radix.table))
        return false;
    for (uint32_t r = 0; r < 8; r++)
        radix.can[r] = compose_leaf(r, &radix.leaf_bits[r]);
    return radix.can[EXO_R | EXO_W] &&
           (radix.can[EXO_R | EXO_X] || radix.can[EXO_R | EXO_W | EXO_X]);
}

uint64_t radix_bits(exo_word flags)
{
    uint64_t bits = radix.leaf_bits[flags & RIGHTS];
    if (flags & (EXO_SOFT0 | EXO_SOFT1))
        bits |= (uint64_t)(flags / EXO_SOFT0 & 3) << radix.soft_lsb & radix.soft_mask;
    return bits;
}

uint32_t radix_rights(uint64_t pte)
{
    uint32_t rights = 0;
    for (uint32_t a = 0; a < 3 && holds(&radix.user, pte); a++)
        if (holds(&radix.access[a], pte))
            rights |= 1u << a;
    return rights;
}

static struct rule rule_param(const struct exo_hw_device *dev, uint32_t i)
{
    return (struct rule){dev->params[i], dev->params[i + 1]};
}

bool radix_format(const struct exo_hw_device *dev)
{
    radix.base = dev->base;
    radix.levels = (uint32_t)dev->params[M_RADIX_LEVELS];
    radix.bits = (uint32_t)dev->params[M_RADIX_INDEX_BITS];
    radix.shift = (uint32_t)dev->params[M_RADIX_PAGE_SHIFT];
    radix.pte_size = (uint32_t)dev->params[M_RADIX_PTE_SIZE];
    radix.pfn_lsb = (uint32_t)dev->params[M_RADIX_PFN_LSB];
    radix.pfn_mask = (1ull << dev->params[M_RADIX_PFN_BITS]) - 1;
    radix.present = rule_param(dev, M_RADIX_PRESENT_MASK);
    radix.table = rule_param(dev, M_RADIX_TABLE_MASK);
    radix.leaf = rule_param(dev, M_RADIX_LEAF_MASK);
    radix.user = rule_param(dev, M_RADIX_USER_MASK);
    radix.access[0] = rule_param(dev, M_RADIX_READ_MASK);
    radix.access[1] = rule_param(dev, M_RADIX_WRITE_MASK);
    radix.access[2] = rule_param(dev, M_RADIX_EXEC_MASK);
    radix.accessed = dev->params[M_RADIX_ACCESSED];
    radix.dirty = dev->params[M_RADIX_DIRTY];
    bool soft = dev->params[M_RADIX_SOFT_LSB] < 63;
    radix.soft_lsb = soft ? (uint32_t)dev->params[M_RADIX_SOFT_LSB] : 0;
    radix.soft_mask = soft ? 3ull << radix.soft_lsb : 0;
    radix.va_end = va_limit(radix.levels * radix.bits + radix.shift);
    radix.page_mask = ~(((exo_word)1 << radix.shift) - 1);
    uint32_t covers = radix.shift + radix.bits;
    radix.last_mask = covers < 8 * sizeof(exo_word) ? ~(((exo_word)1 << covers) - 1) : 0;
    return radix.levels != 0 && radix.levels <= RADIX_LEVELS_MAX && radix.bits <= 16 &&
           (radix.pte_size == 4 || radix.pte_size == 8) &&
           radix.pte_size << radix.bits <= 1u << radix.shift &&
           radix.present.value != 0 && compose_all(); /* zeroes are no entry */
}
