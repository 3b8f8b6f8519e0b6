// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * regions.c - backend for base/limit windows: the fault path's side; where memory goes is
 * regions_place.c's. The page map says which frame is where; a stretch of it with consecutive
 * frames and the same rights, an area, is one window. An area gets a window when it is used and
 * has none, as a whole: in place of windows it overlaps, else in an empty one, else in that of
 * another area in its turn. What the fault path itself runs on has windows of its own:
 *
 *   0 upcall stack   1 upage   2 library's text (3 too, if its first two pages lie apart)
 *
 * What is in which window is kept in self (struct exos_self.backend), in the upage, so that the
 * fault path finds it. A process starts with these windows only and knows that by the owner.
 */
#include "regions.h"

#include <exo/machine.h>

#define SLOT_UPSTACK 0u
#define SLOT_UPAGE 1u
#define SLOT_TEXT 2u
/* Fewer windows do not do: beside its own four a process needs one each for the code, the data and
 * the stack of one instruction, and for the page map's leaf that tells where these are. */
#define WINDOWS_MIN 8u

/* Not wired: happens in a boot program only, which the kernel still keeps mapped. */
static __attribute__((noinline)) void read_shape(struct regions_state *st)
{
    const struct exo_hw_table *t = HWTABLE;
    st->count = EXO_NWINDOW;
    for (uint32_t i = 0; i < t->ndevices; i++)
        if (t->device[i].class_ == EXO_HW_MMU) {
            if (t->device[i].params[M_REGIONS_WINDOWS] < EXO_NWINDOW)
                st->count = (uint32_t)t->device[i].params[M_REGIONS_WINDOWS];
            st->power = (uint32_t)t->device[i].params[M_REGIONS_POWER];
        }
}

/* An area, or what of it one window can hold. */
struct area {
    uint32_t va, frame, pages, rights;
};

/* Cut the area down to what one window can hold around va. */
WIRED static void fit(const struct regions_state *st, struct area *a, uint32_t va)
{
    const uint32_t shift = W_SELF->page_shift;
    uint32_t at = (va - a->va) >> shift, first = 0, n = a->pages;
    if (st->power) {
        first = at;
        n = 1;
        for (uint32_t size = 2; size <= EXO_REGION_PAGES; size *= 2) {
            uint32_t start = va & ~((size << shift) - 1);
            uint32_t from = (start - a->va) >> shift;
            if (start < a->va || from >= a->pages || a->pages - from < size)
                break;
            first = from;
            n = size;
        }
    } else if (n > EXO_REGION_PAGES) {
        first = at / EXO_REGION_PAGES * EXO_REGION_PAGES;
        n = n - first < EXO_REGION_PAGES ? n - first : EXO_REGION_PAGES;
    }
    a->va += first << shift;
    a->frame += first;
    a->pages = n;
}

/* Set window i. A fault in between loads another one: then again. */
WIRED static int put(struct regions_state *st, uint32_t i, const struct area *a)
{
    exo_sword r;
    uint32_t n;
    do {
        n = ++st->loads;
        st->window[i].va = a->va;
        st->window[i].frame = a->frame;
        st->window[i].pages = a->pages;
        r = exo_region_set(0, 0, i, a->va | a->rights, a->frame, a->pages);
    } while (r == 0 && *(volatile uint32_t *)&st->loads != n);
    if (r < 0)
        st->window[i].pages = 0;
    return (int)r;
}

WIRED static void clear(struct regions_state *st, uint32_t i)
{
    st->window[i].pages = 0;
    exo_region_clear(0, 0, i, 1);
}

/* The text in one region of the page map gets one window, as much of it as fits. */
WIRED static bool text_window(struct regions_state *st)
{
    const struct exos_self *s = W_SELF;
    for (uint32_t i = 0; i < s->nregions; i++) {
        const struct region *r = &s->region[i];
        if (L_LIB_TEXT - r->start >= r->end - r->start)
            continue;
        struct area a = {r->start, r->frame, (r->end - r->start) >> s->page_shift,
                         r->rights};
        fit(st, &a, L_LIB_TEXT);
        return a.pages > 1 && put(st, SLOT_TEXT, &a) == 0;
    }
    return false;
}

/* The table; a new process's is empty but for its own windows. */
WIRED static struct regions_state *state(void)
{
    struct regions_state *st = (struct regions_state *)(void *)W_SELF->backend;
    if (st->owner == W_SELF->env)
        return st;
    if (st->count == 0)
        read_shape(st);
    st->owner = W_SELF->env;
    for (uint32_t i = 0; i < EXO_NWINDOW; i++)
        st->window[i].pages = 0;
    st->fixed = SLOT_TEXT + 2;
    st->next = 0;
    if (text_window(st))
        st->fixed = SLOT_TEXT + 1;
    return st;
}

/* Is the entry one of an area: this frame, with these rights? */
WIRED static bool continues(uint32_t entry, uint32_t frame, uint32_t rights)
{
    if (entry & PM_COW)
        entry &= ~(PM_COW | PM_W);
    return (entry & ~(PM_SHARED | PM_ANON | PM_FOREIGN)) ==
           pm_entry(frame, rights | PM_PRESENT);
}

/* The area around a page, found in its leaf of the page map. */
WIRED static void spread_leaf(struct area *a, const uint32_t *leaf, uint32_t i)
{
    const struct exos_self *s = W_SELF;
    uint32_t low = i, high = i + 1;
    while (low > 0 && continues(leaf[low - 1], a->frame - (i - low) - 1, a->rights))
        low--;
    while (high <= s->leaf_mask &&
           continues(leaf[high], a->frame + (high - i), a->rights))
        high++;
    a->va -= (i - low) << s->page_shift;
    a->frame -= i - low;
    a->pages = high - low;
}

/* The same page by page, in the library's window. */
WIRED static void spread_window(struct area *a)
{
    const uint32_t size = W_SELF->page_size;
    while (a->va > L_UPAGE &&
           continues(pm_lookup(a->va - size), a->frame - 1, a->rights)) {
        a->va -= size;
        a->frame--;
        a->pages++;
    }
    while (continues(pm_lookup(a->va + a->pages * size), a->frame + a->pages, a->rights))
        a->pages++;
}

WIRED static void spread(struct area *a)
{
    const struct exos_self *s = W_SELF;
    if (a->va >= L_UPAGE) {
        spread_window(a);
        return;
    }
    uint32_t leaf = s->dir[a->va >> s->leaf_shift];
    if (leaf != 0) {
        const uint32_t *entry =
            (const uint32_t *)(uintptr_t)(L_LEAVES + ((leaf - 1) << s->page_shift));
        spread_leaf(a, entry, (a->va >> s->page_shift) & s->leaf_mask);
        if (a->pages > 1)
            return;
    }
    for (const struct region *r = s->region, *end = r + s->nregions; r < end; r++) {
        uint32_t at = (a->va - r->start) >> s->page_shift;
        if (a->va - r->start < r->end - r->start && r->frame + at == a->frame &&
            r->rights == a->rights) {
            a->va = r->start;
            a->frame = r->frame;
            a->pages = (r->end - r->start) >> s->page_shift;
            return;
        }
    }
}

WIRED static bool overlaps(const struct regions_window *w, uint32_t va, uint32_t pages)
{
    const uint32_t shift = W_SELF->page_shift;
    return w->pages != 0 && (w->va >= va ? (w->va - va) >> shift < pages
                                         : (va - w->va) >> shift < w->pages);
}

/* The program may set windows itself: those that are neither ours nor empty are not touched. */
WIRED static bool usable(struct regions_state *st, uint32_t i)
{
    uint32_t va = (uint32_t)exo_region_read(0, 0, i, EXO_REGION_VA) & ~EXO_MAP_FLAGS;
    if (va == 0 || (st->window[i].pages != 0 && st->window[i].va == va))
        return true;
    st->window[i].pages = 0;
    return false;
}

/* The next in turn; if none is ours, some window has to go. */
WIRED static uint32_t victim(struct regions_state *st)
{
    uint32_t i = st->fixed;
    for (uint32_t tries = st->fixed; tries < st->count; tries++) {
        i = st->fixed + st->next;
        st->next = i + 1 < st->count ? st->next + 1 : 0;
        if (usable(st, i))
            break;
    }
    return i;
}

/* The window an area goes to; others that hold part of it are emptied. */
WIRED static uint32_t choose(struct regions_state *st, const struct area *a)
{
    uint32_t slot = EXO_NWINDOW, empty = EXO_NWINDOW;
    for (uint32_t i = SLOT_TEXT; i < st->count; i++) {
        if (overlaps(&st->window[i], a->va, a->pages) && usable(st, i)) {
            if (slot == EXO_NWINDOW)
                slot = i;
            else
                clear(st, i);
        } else if (st->window[i].pages == 0 && i >= st->fixed && slot == EXO_NWINDOW &&
                   empty == EXO_NWINDOW && usable(st, i)) {
            empty = i;
        }
    }
    if (slot == EXO_NWINDOW)
        slot = empty;
    return slot != EXO_NWINDOW ? slot : victim(st);
}

WIRED static int regions_bind(uint32_t va_rights, uint32_t frame)
{
    uint32_t va = va_rights & ~EXO_MAP_FLAGS, rights = va_rights & PM_RIGHTS;
    if (va == L_UPSTACK || va == L_UPAGE)
        return (int)exo_region_set(0, 0, va == L_UPAGE ? SLOT_UPAGE : SLOT_UPSTACK,
                                   va_rights, frame, 1);
    struct regions_state *st = state();
    struct area a = {va, frame, 1, rights};
    spread(&a);
    fit(st, &a, va);
    int r = put(st, choose(st, &a), &a);
    if (r == 0 || a.pages == 1)
        return r;
    a = (struct area){va, frame, 1, rights}; /* some frame of it was taken from us */
    return put(st, choose(st, &a), &a);
}

static int regions_unbind(uint32_t va, uint32_t pages)
{
    struct regions_state *st = state();
    for (uint32_t i = SLOT_TEXT; i < st->count; i++)
        if (overlaps(&st->window[i], va, pages) && usable(st, i))
            clear(st, i);
    return 0;
}

/* Windows that have more come back as the page map says. */
static int regions_protect(uint32_t va_rights, uint32_t pages)
{
    return regions_unbind(va_rights & ~EXO_MAP_FLAGS, pages);
}

static bool holds(const struct regions_state *st, uint32_t va, uint32_t frame)
{
    for (uint32_t i = SLOT_TEXT; i < st->count; i++) {
        const struct regions_window *w = &st->window[i];
        if (overlaps(w, va, 1) && w->frame + ((va - w->va) >> PAGE_SHIFT) == frame)
            return true;
    }
    return false;
}

/* Another's areas get their windows when it uses them; ours now. */
static int regions_batch(uint32_t env, const struct exo_map *maps, uint32_t n)
{
    int r = 0;
    for (uint32_t i = 0; env == 0 && i < n && r == 0; i++) {
        uint32_t va = (uint32_t)maps[i].va & ~EXO_MAP_FLAGS;
        if (i == 0 || !holds(state(), va, maps[i].frame))
            r = regions_bind((uint32_t)maps[i].va, maps[i].frame);
    }
    return r;
}

/* The windows that stay, for a boot program in place of the kernel's. */
static int regions_window(struct batch *b, uint32_t env, uint32_t upage, uint32_t upstack)
{
    struct regions_state *st = state();
    if (env == 0) { /* text is known by now */
        st->owner = 0;
        st = state();
    }
    if (st->count < WINDOWS_MIN)
        return -EXO_ENOTSUP;
    BATCH(b, region_set, env, 0, SLOT_UPSTACK, L_UPSTACK | EXO_R | EXO_W, upstack, 1);
    BATCH(b, region_set, env, 0, SLOT_UPAGE, L_UPAGE | EXO_R | EXO_W, upage, 1);
    uint32_t va[2], frame[2], n = 0; /* of a boot program state() saw to it */
    while (n < 2 && vm_wired_text(n, &va[n], &frame[n]))
        n++;
    bool together = n == 2 && frame[1] == frame[0] + 1;
    for (uint32_t i = 0; env != 0 && i < (together ? 1 : n); i++)
        BATCH(b, region_set, env, 0, SLOT_TEXT + i, va[i] | EXO_R | EXO_X, frame[i],
              together ? 2 : 1);
    for (uint32_t i = st->fixed; env == 0 && i < st->count; i++)
        BATCH(b, region_clear, 0, 0, i, 1);
    return 0;
}

/* There is nothing to build. */
static int regions_space(struct batch *b, uint32_t env, const struct exo_map *maps,
                         uint32_t n)
{
    (void)b, (void)env, (void)maps, (void)n;
    return 0;
}

WIRED_DATA const struct mmu_ops mmu_regions = {
    .kind = EXO_MMU_REGIONS,
    .name = "regions",
    .bind = regions_bind,
    .batch = regions_batch,
    .unbind = regions_unbind,
    .protect = regions_protect,
    .window = regions_window,
    .space = regions_space,
    .place = regions_place,
    .run = regions_run,
};
