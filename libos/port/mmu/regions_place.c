// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * regions_place.c - where memory goes if a window is to show it whole: every page of an area has
 * its frame from the start, and consecutive pages have consecutive frames. Frames are chosen by
 * name from the exported table.
 *
 *   a new area           a run of free frames, the next one behind the last found
 *   an area that grows   the frames behind it (below it: a stack) if they are free, else the whole
 *                        area moves to a run with as much room again
 *   copy-on-write        the whole area is copied when one page of it is written; if
 *                        nobody else holds the frames it keeps them
 *
 * Where no run is long enough, shorter ones are taken: more areas, more windows. Frames that a
 * device works on, or that others hold, do not move; nor does the stack we run on.
 */
#include "regions.h"

#define STACK_PAGES 16u /* a stack begins with, and grows by no less */
#define AT_ONCE 8u      /* all this may run on the upcall stack, which is one page */
#define STACK_NEEDED 8192u

static struct regions_state *state(void)
{
    return (struct regions_state *)(void *)SELF->backend;
}

/* -- runs of frames -- */

/* First of n free consecutive frames in [from, to), 0: none. */
static uint32_t search(uint32_t n, uint32_t from, uint32_t to)
{
    uint32_t run = 0;
    for (uint32_t frame = from; frame < to; frame++) {
        run = FRAMES[frame].type == EXO_FRAME_FREE ? run + 1 : 0;
        if (run == n)
            return frame + 1 - n;
    }
    return 0;
}

uint32_t regions_run(uint32_t n)
{
    uint32_t end = KINFO->nframes, hint = state()->hint;
    uint32_t frame = search(n, hint, end);
    if (frame == 0)
        frame = search(n, 1, hint + n < end ? hint + n : end);
    if (frame != 0)
        state()->hint = frame;
    return frame;
}

static void give(uint32_t first, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        exo_frame_free(first + i);
}

/* Take these frames; false: somebody was faster. */
static bool take(uint32_t first, uint32_t n)
{
    MARK_CALL(frame_alloc);
    struct exo_batch calls[AT_ONCE];
    for (uint32_t done = 0; done < n;) {
        uint32_t want = n - done < AT_ONCE ? n - done : AT_ONCE;
        for (uint32_t i = 0; i < want; i++)
            calls[i] = (struct exo_batch){.number = EXO_CALL_frame_alloc,
                                          .arg = {first + done + i}};
        exo_sword r = exo_batch((exo_word)calls, want);
        if (r != (exo_sword)want) {
            give(first, done + (r > 0 ? (uint32_t)r : 0));
            return false;
        }
        done += want;
    }
    state()->hint = first + n;
    return true;
}

static bool take_at(uint32_t first, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (first + i >= KINFO->nframes || FRAMES[first + i].type != EXO_FRAME_FREE)
            return false;
    return take(first, n);
}

/* A run of n, preferably with `room` free frames behind it. */
static uint32_t take_run(uint32_t n, uint32_t room)
{
    for (unsigned tries = 0; tries < 10; tries++) {
        uint32_t frame = room != 0 ? regions_run(n + room) : 0;
        if (frame == 0)
            frame = regions_run(n);
        if (frame == 0 || take(frame, n))
            return frame;
    }
    return 0;
}

/* -- pages -- */

/* What the page at va needs before a window may show it. */
static bool wants(uint32_t e)
{
    if (!(e & PM_RIGHTS) || e & PM_LOST)
        return false;
    return !(e & PM_PRESENT) || (e & (PM_COW | PM_W)) == (PM_COW | PM_W);
}

/* Ours alone, and nothing but the page map names its frame. */
static bool movable(uint32_t e)
{
    return (e & (PM_PRESENT | PM_SHARED | PM_FOREIGN | PM_COW)) == PM_PRESENT &&
           FRAMES[pm_frame(e)].holders == 1 && FRAMES[pm_frame(e)].pins == 0;
}

static uint32_t new_entry(uint32_t e, uint32_t frame)
{
    return pm_entry(frame, (e & (PM_RIGHTS | PM_SHARED)) | PM_ANON | PM_PRESENT);
}

/* Fill a new frame with what the page holds, or with zeroes. */
static bool fill(uint32_t frame, uint32_t va, uint32_t e)
{
    if (!(e & PM_PRESENT) && FRAMES[frame].zero)
        return true;
    void *to = scratch_map(0, frame);
    if (to == NULL)
        return false;
    if (e & PM_PRESENT)
        page_copy(to, (const void *)(uintptr_t)va);
    else
        page_zero((uint32_t)(uintptr_t)to, frame);
    return true;
}

/* Pages [va, + n) get the frames from `first` on. Until the entries change the old ones are
 * used, also by us: nothing is written to them in between. */
static int settle(uint32_t va, uint32_t n, uint32_t first)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = va + (i << PAGE_SHIFT), e = pm_get(at);
        if (pm_slot(at) == NULL || !fill(first + i, at, e)) {
            give(first, n);
            return -EXO_EFULL;
        }
    }
    scratch_unmap(0);
    exos_mmu->unbind(va, n);
    uint32_t old = 0, count = 0; /* frames to give back, as they follow each other */
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = va + (i << PAGE_SHIFT), e = pm_get(at);
        *pm_slot(at) = new_entry(e, first + i);
        if ((e & (PM_PRESENT | PM_FOREIGN)) != PM_PRESENT)
            continue;
        if (pm_frame(e) != old + count) {
            give(old, count);
            old = pm_frame(e);
            count = 0;
        }
        count++;
    }
    exos_mmu->unbind(va, n); /* what came back meanwhile, of pages not yet entered */
    give(old, count);
    return 1;
}

/* In as few runs as there are. */
static int scatter(uint32_t va, uint32_t pages)
{
    for (uint32_t n = pages; pages > 0;) {
        if (n > pages)
            n = pages;
        uint32_t first = take_run(n, 0);
        if (first == 0 && n == 1)
            return -EXO_EFULL;
        if (first == 0) {
            n = (n + 1) / 2;
            continue;
        }
        int r = settle(va, n, first);
        if (r < 0)
            return r;
        va += n << PAGE_SHIFT;
        pages -= n;
    }
    return 1;
}

static bool joins(uint32_t va, uint32_t rights)
{
    uint32_t e = pm_lookup(va);
    return movable(e) && (e & PM_RIGHTS) == rights;
}

/* Pages of the area that ends below va (down) or begins there; all movable, in one run. */
static uint32_t neighbours(uint32_t va, bool down, uint32_t rights, uint32_t *frame)
{
    uint32_t n = 0;
    for (;; n++) {
        uint32_t at = down ? va - ((n + 1) << PAGE_SHIFT) : va + (n << PAGE_SHIFT);
        uint32_t e = pm_lookup(at);
        if (!joins(at, rights) ||
            (n > 0 && pm_frame(e) != (down ? *frame - n : *frame + n)))
            return n;
        if (n == 0)
            *frame = pm_frame(e);
    }
}

static bool on_stack(uint32_t va, uint32_t pages)
{
    uint32_t sp = (uint32_t)(uintptr_t)__builtin_frame_address(0);
    return sp - va < pages << PAGE_SHIFT;
}

/* An area that grows by absent pages: in place, or all of it elsewhere. 0: neither. */
static int grow(uint32_t va, uint32_t pages, uint32_t rights)
{
    uint32_t frame = 0, behind = va + (pages << PAGE_SHIFT);
    bool down = joins(va - PAGE_SIZE, rights), up = !down && joins(behind, rights);
    if (down && take_at(pm_frame(pm_lookup(va - PAGE_SIZE)) + 1, pages))
        return settle(va, pages, pm_frame(pm_lookup(va - PAGE_SIZE)) + 1);
    if (up && pm_frame(pm_lookup(behind)) > pages &&
        take_at(pm_frame(pm_lookup(behind)) - pages, pages))
        return settle(va, pages, pm_frame(pm_lookup(behind)) - pages);
    uint32_t n = down ? neighbours(va, true, rights, &frame)
                      : neighbours(behind, false, rights, &frame);
    if (down)
        va -= n << PAGE_SHIFT;
    if (n == 0 || on_stack(va, n + pages))
        return 0;
    uint32_t first = take_run(n + pages, n + pages);
    return first != 0 ? settle(va, n + pages, first) : 0;
}

/* -- what a page is part of -- */

/* The stack grows by as much as it has, down to the page asked for and further. */
static void stack_range(uint32_t *va, uint32_t *pages)
{
    uint32_t top = *va + (*pages << PAGE_SHIFT), used = 0;
    while (top < L_STACK_TOP && !(pm_lookup(top) & PM_PRESENT))
        top += PAGE_SIZE;
    while (top + (used << PAGE_SHIFT) < L_STACK_TOP &&
           pm_lookup(top + (used << PAGE_SHIFT)) & PM_PRESENT)
        used++;
    uint32_t by = (used > STACK_PAGES ? used : STACK_PAGES) << PAGE_SHIFT;
    uint32_t low = top - L_STACK_LOW > by ? top - by : L_STACK_LOW;
    if (low > *va)
        low = *va;
    *va = low;
    *pages = (top - low) >> PAGE_SHIFT;
}

/* The copy-on-write area around the page. */
static void shared_range(uint32_t *va, uint32_t *pages)
{
    uint32_t flags = pm_lookup(*va) & ((1u << PM_FRAME_SHIFT) - 1);
    const uint32_t mask = (1u << PM_FRAME_SHIFT) - 1;
    while (*va > L_LIB_TEXT && (pm_lookup(*va - PAGE_SIZE) & mask) == flags) {
        *va -= PAGE_SIZE;
        ++*pages;
    }
    while ((pm_lookup(*va + (*pages << PAGE_SHIFT)) & mask) == flags)
        ++*pages;
}

/* Copy-on-write frames that nobody else holds any more are ours. */
static void keep_own(uint32_t va, uint32_t pages)
{
    for (uint32_t i = 0; i < pages; i++) {
        uint32_t at = va + (i << PAGE_SHIFT), e = pm_lookup(at);
        if ((e & (PM_PRESENT | PM_COW | PM_FOREIGN)) == (PM_PRESENT | PM_COW) &&
            FRAMES[pm_frame(e)].holders == 1)
            pm_set(at, e & ~PM_COW);
    }
    exos_mmu->unbind(va, pages);
}

/* The next pages of the range that want something, all absent or all shared. */
static uint32_t stretch(uint32_t va, uint32_t pages, uint32_t *skip)
{
    uint32_t n = 0;
    for (*skip = 0; *skip < pages && !wants(pm_get(va + (*skip << PAGE_SHIFT))); ++*skip)
        ;
    for (; *skip + n < pages; n++) {
        uint32_t at = va + ((*skip + n) << PAGE_SHIFT), e = pm_get(at);
        uint32_t first = pm_get(va + (*skip << PAGE_SHIFT));
        if (!wants(e) || (e & PM_RIGHTS) != (first & PM_RIGHTS))
            break;
    }
    return n;
}

/* All of it is ours alone, or will be: it had better be one area. */
static bool mixed(uint32_t va, uint32_t pages)
{
    uint32_t new = 0;
    for (uint32_t i = 0; i < pages; i++) {
        uint32_t e = pm_get(va + (i << PAGE_SHIFT));
        if (!wants(e) && !movable(e))
            return false;
        new += wants(e);
    }
    return new > 0 && new < pages && !on_stack(va, pages);
}

/* What place() does may need more of the stack, which it would have to place. */
static void prepare_stack(void)
{
    uint32_t sp = (uint32_t)(uintptr_t)__builtin_frame_address(0);
    if (sp >= L_STACK_LOW + STACK_NEEDED && sp < L_STACK_TOP)
        *(volatile const char *)(uintptr_t)(sp - STACK_NEEDED);
}

int regions_place(uint32_t va, uint32_t pages)
{
    prepare_stack();
    if (mixed(va, pages))
        return scatter(va, pages);
    if (pages == 1 && pm_get(va) & PM_COW) {
        shared_range(&va, &pages);
        keep_own(va, pages);
    }
    if (va >= L_STACK_LOW && va < L_STACK_TOP && pages > 0 && wants(pm_get(va)))
        stack_range(&va, &pages);
    while (pages > 0) {
        uint32_t skip, n = stretch(va, pages, &skip);
        va += skip << PAGE_SHIFT;
        pages -= skip;
        if (n == 0)
            return 1;
        int r = pm_lookup(va) & PM_PRESENT ? 0 : grow(va, n, pm_get(va) & PM_RIGHTS);
        if (r == 0)
            r = scatter(va, n);
        if (r < 0)
            return r;
        va += n << PAGE_SHIFT;
        pages -= n;
    }
    return 1;
}
