// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hashed.c - backend for the hashed page table that all environments share (exo/hpt.h). A page has
 * sixteen places; where all are taken we choose which entry goes. What is displaced comes back as
 * an exception and is bound again from the page map, so there is no structure to build, and what
 * the fault path itself runs on is wired.
 *
 *   wired slot   0 upcall stack   1 upage   2, 3 text of the fault path
 */
#include <exo/hpt.h>

#include "layout.h"
#include "mmu.h"

#define GROUP 8u
#define PLACES (2 * GROUP)

/* The first place from the kernel's hand on that we may have and nobody used; else the first that
 * we may have. By turns, so that pages that get into each other's way end up in different places.
 * PLACES: none. */
WIRED static uint32_t choose(const exo_sword group[2])
{
    uint32_t hand = (uint32_t)group[0] >> EXO_HPT_HAND_SHIFT, found = PLACES;
    for (uint32_t i = 0; i < PLACES; i++) {
        uint32_t place = (hand + i) % PLACES;
        uint32_t what = (uint32_t)group[place / GROUP] >> place % GROUP * EXO_HPT_BITS;
        if (!(what & EXO_HPT_MAY))
            continue;
        if (!(what & EXO_HPT_USED))
            return place;
        if (found == PLACES)
            found = place;
    }
    return found;
}

/* Overflow. Another core may be faster: look again. */
WIRED static int displace(uint32_t va_rights, uint32_t frame)
{
    for (uint32_t tries = 0; tries < PLACES; tries++) {
        exo_sword group[2];
        for (uint32_t i = 0; i < 2; i++) {
            group[i] = exo_hpt_group(0, 0, va_rights, i);
            if (group[i] < 0)
                return (int)group[i];
        }
        uint32_t place = choose(group);
        if (place == PLACES)
            return -EXO_EFULL;
        int r = (int)exo_hpt_insert(0, 0, va_rights, frame, 0, place + 1);
        if (r != -EXO_EBUSY)
            return r;
    }
    return -EXO_EFULL;
}

WIRED static int hashed_bind(uint32_t va_rights, uint32_t frame)
{
    int r = (int)exo_hpt_insert(0, 0, va_rights, frame, 0, 0);
    return r == -EXO_EFULL ? displace(va_rights, frame) : r;
}

/* Those that find no free place come when they are used. */
static int hashed_batch(uint32_t env, const struct exo_map *maps, uint32_t n)
{
    for (uint32_t i = 0; i < n; i += EXO_BATCH_MAX) {
        uint32_t count = n - i < EXO_BATCH_MAX ? n - i : EXO_BATCH_MAX;
        exo_sword r = exo_hpt_batch(env, 0, (exo_word)&maps[i], count);
        if (r < 0)
            return (int)r;
    }
    return 0;
}

static int hashed_unbind(uint32_t va, uint32_t pages)
{
    return (int)exo_hpt_evict(0, 0, va, pages);
}

static int hashed_protect(uint32_t va_rights, uint32_t pages)
{
    return (int)exo_hpt_protect(0, 0, va_rights, pages);
}

static int hashed_window(struct batch *b, uint32_t env, uint32_t upage, uint32_t upstack)
{
    BATCH(b, hpt_wire, env, 0, 0, L_UPSTACK | EXO_R | EXO_W, upstack);
    BATCH(b, hpt_wire, env, 0, 1, L_UPAGE | EXO_R | EXO_W, upage);
    uint32_t va, frame;
    for (uint32_t i = 0; vm_wired_text(i, &va, &frame); i++)
        BATCH(b, hpt_wire, env, 0, 2 + i, va | EXO_R | EXO_X, frame);
    return 0;
}

/* There is nothing to build. */
static int hashed_space(struct batch *b, uint32_t env, const struct exo_map *maps,
                        uint32_t n)
{
    (void)b, (void)env, (void)maps, (void)n;
    return 0;
}

WIRED_DATA const struct mmu_ops mmu_hashed = {
    .kind = EXO_MMU_HASHED,
    .name = "hashed",
    .bind_call = EXO_CALL_hpt_insert,
    .unbind_call = EXO_CALL_hpt_evict,
    .bind = hashed_bind,
    .batch = hashed_batch,
    .unbind = hashed_unbind,
    .protect = hashed_protect,
    .window = hashed_window,
    .space = hashed_space,
};
