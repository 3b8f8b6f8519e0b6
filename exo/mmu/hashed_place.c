// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hashed_place.c - who may have which place of the hashed page table, which all environments
 * share. A page can lie in sixteen places only, so without a rule one environment could keep
 * another's pages out by filling them. The rule, for an entry of environment B in the way of a
 * new one of environment A, in one group of eight:
 *
 *   A's own       may go, unless it is wired
 *   B's           may go if A has fewer than `share` entries in this group, or fewer than B;
 *                 but not while B runs and has at most `share` there
 *
 * share = 3 with one or two cores, 2 with three or four, 1 with more. So
 *   - a running environment A that has fewer than `share` in a group finds a place there: it has
 *     at most share - 1 of the eight, those on the other cores keep at most
 *     (cores - 1) * share, and that is at most 7 together;
 *   - what it has put there, up to `share` in each group, twice that for a page, stays while it
 *     runs. An instruction that needs several pages gets them;
 *   - nobody gets more than `share` from somebody who has no more than himself.
 * Which entry goes is A's choice. Wired translations are not exempt: the kernel puts them back when
 * they are missed (hpt_make_room), so nobody can block a group with them.
 */
#include "hashed.h"

static uint32_t count(uint32_t env, uint32_t slot)
{
    const uint8_t *owner = &hpt.owner[slot / M_HPT_GROUP * M_HPT_GROUP];
    uint32_t n = 0;
    for (uint32_t i = 0; i < M_HPT_GROUP; i++)
        n += owner[i] == env;
    return n;
}

bool hpt_may_take(uint32_t env, uint32_t slot)
{
    uint32_t other = hpt.owner[slot];
    if (other == env)
        return !hpt.is_wired[slot];
    uint32_t its = count(other, slot);
    if (its <= hpt.share && env_runs(other))
        return false;
    uint32_t mine = count(env, slot);
    return mine < hpt.share || mine < its;
}

/* If a library has wired so many pages into one group that it is in its own way, one of those
 * goes: it comes back in turn. HPT_NONE: the environment does not run, and others that do are
 * in the way. */
uint32_t hpt_make_room(const struct hpt_page *p, uint32_t free)
{
    uint32_t hand = hpt.hand, found = free, own = HPT_NONE;
    for (uint32_t i = 0; i < PLACES && found == HPT_NONE; i++) {
        uint32_t slot = hpt_slot(p, (hand + i) % PLACES);
        if (hpt_may_take(p->env, slot))
            found = slot;
        else if (hpt.owner[slot] == p->env)
            own = slot;
    }
    if (found == HPT_NONE)
        found = own;
    if (found != HPT_NONE && hpt.owner[found] != 0) {
        hpt.hand++;
        hpt_remove(found);
    }
    return found;
}
