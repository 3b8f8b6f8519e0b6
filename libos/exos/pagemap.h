// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pagemap.h - the page map: one 32-bit entry a page, in leaves found through self's dir[].
 *
 *   31      12 11        0
 *   | frame   | flags    |     0 = nothing there
 *
 * PRESENT entries have a frame, the others of a nonzero entry get one (of zeroes) on first
 * use. COW: reading binds the frame as it is, the first write makes the page the process's own.
 */
#ifndef EXOS_PAGEMAP_H
#define EXOS_PAGEMAP_H

#include "self.h"

#define PM_R EXO_R
#define PM_W EXO_W
#define PM_X EXO_X
#define PM_RIGHTS (PM_R | PM_W | PM_X)
#define PM_COW 0x008u
#define PM_SHARED 0x010u  /* children use the same frame */
#define PM_PRESENT 0x020u /* has a frame */
#define PM_ANON 0x040u    /* may be used: set in every entry of a mapping */
#define PM_FOREIGN 0x080u /* frame of a boot module: read-only, not ours to give back */
#define PM_LOST 0x100u    /* the kernel took the frame away: SIGBUS */
#define PM_FRAME_SHIFT 12

static inline uint32_t pm_frame(uint32_t e)
{
    return e >> PM_FRAME_SHIFT;
}

static inline uint32_t pm_entry(uint32_t frame, uint32_t flags)
{
    return frame << PM_FRAME_SHIFT | flags;
}

/* Rights a translation of this entry may have now. */
static inline uint32_t pm_rights(uint32_t e)
{
    if (!(e & PM_PRESENT))
        return 0;
    return e & PM_RIGHTS & ~(e & PM_COW ? PM_W : 0);
}

/* The entry of va: from the window, the regions or a leaf. Wired. */
uint32_t pm_lookup(uint32_t va);
/* The same for what the process may touch: adds the demand-zero ranges (bss, heap, stack). */
uint32_t pm_get(uint32_t va);
/* Where to write the entry of va, or NULL if its leaf cannot be made (no memory). */
uint32_t *pm_slot(uint32_t va);
/* The entry's place if its leaf exists. */
uint32_t *pm_slot_if(uint32_t va);
/* Leaf i, all zero, is that of dir[d]. */
static inline void pm_leaf_init(struct exos_self *s, uint32_t i, uint32_t d)
{
    s->leaf_dir[i] = (uint16_t)d;
    s->leaf_low[i] = (uint16_t)(s->leaf_mask + 1);
    s->leaf_high[i] = 0;
    s->dir[d] = (uint8_t)(i + 1);
}

/* Entry i of the leaf is in use from now on. */
static inline void pm_used(struct exos_self *s, uint32_t leaf, uint32_t i)
{
    if (i < s->leaf_low[leaf])
        s->leaf_low[leaf] = (uint16_t)i;
    if (i >= s->leaf_high[leaf])
        s->leaf_high[leaf] = (uint16_t)(i + 1);
}
/* 0, or -EXO_EFULL. */
int pm_set(uint32_t va, uint32_t entry);
/* A run of pages in consecutive frames that never changes. 0 or -EXO_EFULL. */
int pm_region(uint32_t start, uint32_t pages, uint32_t frame, uint32_t rights);

#endif
