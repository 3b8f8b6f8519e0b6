// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pagemap.c - which frame is where, and with what rights: see pagemap.h and self.h. pm_lookup() is
 * what a translation fault needs; it runs wired and finds its own leaves without further
 * faults than one, on the leaf itself, whose frame is in self.
 */
#include "pagemap.h"

#include "vm.h"

WIRED static uint32_t window_lookup(uint32_t va)
{
    const struct exos_self *s = W_SELF;
    uint32_t page = (va & (L_SLOT - 1)) >> s->page_shift, frame = 0;
    if (va >= L_LEAVES) {
        uint32_t i = (va - L_LEAVES) >> s->page_shift;
        if (i < s->nleaves)
            frame = s->leaf_frame[i];
    } else if (va >= L_SCRATCH) {
        uint32_t i = (va - L_SCRATCH) >> s->page_shift;
        if (i < L_SCRATCHES)
            frame = s->scratch_frame[i];
    } else if (va >= L_WORK) {
        if (page == 0)
            frame = s->work_frame;
    } else if (va >= L_SESSION) {
        if (page < s->session_pages)
            frame = s->session_frame[page];
    } else if (page == 0) {
        frame = va >= L_UPSTACK ? s->upstack_frame : s->upage_frame;
    }
    return frame != 0 ? pm_entry(frame, PM_R | PM_W | PM_PRESENT | PM_ANON) : 0;
}

WIRED uint32_t pm_lookup(uint32_t va)
{
    const struct exos_self *s = W_SELF;
    if (va >= L_UPAGE)
        return va < L_WINDOW_END ? window_lookup(va) : 0;
    uint32_t leaf = s->dir[va >> s->leaf_shift];
    if (leaf != 0) {
        const uint32_t *entry =
            (const uint32_t *)(uintptr_t)(L_LEAVES + ((leaf - 1) << s->page_shift));
        uint32_t e = entry[(va >> s->page_shift) & s->leaf_mask];
        if (e != 0)
            return e;
    }
    for (const struct region *r = s->region, *end = r + s->nregions; r < end; r++)
        if (va - r->start < r->end - r->start)
            return pm_entry(r->frame + ((va - r->start) >> s->page_shift),
                            r->rights | PM_PRESENT | PM_ANON | PM_FOREIGN | PM_SHARED);
    return 0;
}

uint32_t pm_get(uint32_t va)
{
    uint32_t e = pm_lookup(va);
    if (e != 0)
        return e;
    if ((va >= SELF->data_start && va < SELF->brk) ||
        (va >= L_STACK_LOW && va < L_STACK_TOP))
        return PM_R | PM_W | PM_ANON;
    return 0;
}

/* A leaf for the stretch dir[d]. Its place is taken first: making it may fault for another. */
static uint32_t make_leaf(uint32_t d)
{
    uint32_t i = SELF->nleaves, va = L_LEAVES + (i << PAGE_SHIFT);
    if (i == SELF_LEAVES || va >= L_WINDOW_END)
        return 0;
    SELF->nleaves++;
    uint32_t frame = frame_take_bound(va | EXO_R | EXO_W);
    if (frame == 0) {
        SELF->leaf_frame[i] = 0; /* a hole, if another was made meanwhile */
        if (SELF->nleaves == i + 1)
            SELF->nleaves = i;
        return 0;
    }
    SELF->leaf_frame[i] = frame;
    page_zero(va, frame);
    pm_leaf_init(SELF, i, d);
    return i + 1;
}

static uint32_t *slot(uint32_t leaf, uint32_t va)
{
    uint32_t *entry = (uint32_t *)(uintptr_t)(L_LEAVES + ((leaf - 1) << PAGE_SHIFT));
    return &entry[(va >> PAGE_SHIFT) & SELF->leaf_mask];
}

uint32_t *pm_slot_if(uint32_t va)
{
    uint32_t leaf = SELF->dir[va >> SELF->leaf_shift];
    return leaf != 0 ? slot(leaf, va) : NULL;
}

uint32_t *pm_slot(uint32_t va)
{
    uint32_t d = va >> SELF->leaf_shift;
    uint32_t leaf = SELF->dir[d];
    if (leaf == 0)
        leaf = make_leaf(d);
    if (leaf == 0)
        return NULL;
    pm_used(SELF, leaf - 1, (va >> PAGE_SHIFT) & SELF->leaf_mask);
    return slot(leaf, va);
}

int pm_set(uint32_t va, uint32_t entry)
{
    uint32_t *place = entry != 0 ? pm_slot(va) : pm_slot_if(va);
    if (place == NULL)
        return entry != 0 ? -EXO_EFULL : 0;
    *place = entry;
    return 0;
}

int pm_region(uint32_t start, uint32_t pages, uint32_t frame, uint32_t rights)
{
    if (SELF->nregions == SELF_REGIONS)
        return -EXO_EFULL;
    struct region *r = &SELF->region[SELF->nregions];
    r->start = start;
    r->end = start + (pages << PAGE_SHIFT);
    r->frame = frame;
    r->rights = rights;
    SELF->nregions++;
    return 0;
}
