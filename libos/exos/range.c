// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * range.c - the page map by ranges: enter, discard, protect, find room. Entries are visited leaf by
 * leaf; translations change by ranges and batches. The caller is in a critical section.
 */
#include "critical.h"
#include "hooks.h"
#include "vm.h"

/* Pages of a range that one leaf covers; start with n = 0. */
struct stretch {
    uint32_t va, left; /* left: with this one */
    uint32_t n;
    uint32_t *entry; /* NULL: no leaf, nothing entered */
};

/* The next stretch; makes its leaf if asked to. false: behind the end. */
static bool next(struct stretch *s, bool make)
{
    s->va += s->n << PAGE_SHIFT;
    s->left -= s->n;
    if (s->left == 0)
        return false;
    critical_breathe();
    uint32_t index = (s->va >> PAGE_SHIFT) & SELF->leaf_mask;
    uint32_t room = SELF->leaf_mask + 1 - index;
    s->n = s->left < room ? s->left : room;
    s->entry = make ? pm_slot(s->va) : pm_slot_if(s->va);
    if (make && s->entry != NULL)
        pm_used(SELF, SELF->dir[s->va >> SELF->leaf_shift] - 1u, index + s->n - 1);
    return true;
}

void vm_prefetch(uint32_t va, uint32_t pages)
{
    struct exo_map maps[EXO_BATCH_MAX];
    uint32_t n = 0;
    for (uint32_t i = 0; i < pages && n < EXO_BATCH_MAX; i++, va += PAGE_SIZE) {
        uint32_t e = pm_lookup(va);
        if (pm_rights(e) == 0)
            continue;
        maps[n].va = va | pm_rights(e);
        maps[n].frame = pm_frame(e);
        maps[n++].cap = 0;
    }
    if (n == 1)
        mmu_bind((uint32_t)maps[0].va, maps[0].frame);
    else if (n > 0)
        mmu_batch(0, maps, n);
}

bool vm_is_free(uint32_t va, uint32_t pages)
{
    for (struct stretch s = {va, pages, 0, NULL}; next(&s, false);)
        for (uint32_t i = 0; s.entry != NULL && i < s.n; i++)
            if (s.entry[i] != 0)
                return false;
    return true;
}

uint32_t vm_find(uint32_t pages)
{
    uint32_t start = SELF->mmap_next, free = 0;
    bool full = true; /* all below is in use */
    struct stretch s = {start, (L_MMAP_END - start) >> PAGE_SHIFT, 0, NULL};
    while (free < pages && next(&s, false)) {
        if (s.entry == NULL) {
            free += s.n;
            full = false;
            continue;
        }
        for (uint32_t i = 0; free < pages && i < s.n; i++) {
            if (s.entry[i] == 0) {
                free++;
                full = false;
                continue;
            }
            free = 0;
            start = s.va + ((i + 1) << PAGE_SHIFT);
            if (full)
                SELF->mmap_next = start;
        }
    }
    return free >= pages ? start : 0;
}

static void unbind(uint32_t va, uint32_t pages)
{
    for (uint32_t n; pages > 0; pages -= n, va += n << PAGE_SHIFT) {
        n = pages < EXO_RANGE_MAX ? pages : EXO_RANGE_MAX;
        mmu_unbind(va, n);
    }
}

/* Of the stretch's entries those between the first and the last present one. */
static bool present(const struct stretch *s, uint32_t *first, uint32_t *n)
{
    uint32_t low = 0, high = s->entry != NULL ? s->n : 0;
    while (low < high && !(s->entry[low] & PM_PRESENT))
        low++;
    while (high > low && !(s->entry[high - 1] & PM_PRESENT))
        high--;
    *first = low;
    *n = high - low;
    return high > low;
}

#define FREE_MAX 16

static void discard_stretch(const struct stretch *s)
{
    MARK_CALL(frame_free);
    struct exo_batch calls[FREE_MAX];
    uint32_t first, n, queued = 0;
    if (present(s, &first, &n))
        unbind(s->va + (first << PAGE_SHIFT), n);
    for (uint32_t i = 0; i < s->n; i++) {
        uint32_t e = s->entry[i];
        s->entry[i] = 0;
        if ((e & (PM_PRESENT | PM_FOREIGN)) != PM_PRESENT)
            continue;
        calls[queued].number = EXO_CALL_frame_free;
        calls[queued].arg[0] = pm_frame(e);
        for (unsigned k = 1; k < 6; k++)
            calls[queued].arg[k] = 0;
        if (++queued == FREE_MAX) {
            exo_batch((exo_word)calls, queued);
            queued = 0;
            critical_breathe();
        }
    }
    if (queued > 0)
        exo_batch((exo_word)calls, queued);
}

void vm_discard(uint32_t va, uint32_t pages)
{
    for (struct stretch s = {va, pages, 0, NULL}; next(&s, false);)
        if (s.entry != NULL)
            discard_stretch(&s);
    if (va >= L_MMAP && va < SELF->mmap_next)
        SELF->mmap_next = va;
}

int vm_enter(uint32_t va, uint32_t pages, uint32_t frame, uint32_t flags)
{
    for (struct stretch s = {va, pages, 0, NULL}; next(&s, true);) {
        if (s.entry == NULL) {
            vm_discard(va, (s.va - va) >> PAGE_SHIFT);
            return -EXO_EFULL;
        }
        for (uint32_t i = 0; i < s.n; i++)
            s.entry[i] = frame != 0 ? pm_entry(frame++, flags) : flags;
    }
    return 0;
}

int vm_check(uint32_t va, uint32_t pages, uint32_t forbidden)
{
    for (struct stretch s = {va, pages, 0, NULL}; next(&s, false);)
        for (uint32_t i = 0; i < s.n; i++) {
            uint32_t e = s.entry != NULL ? s.entry[i] : 0;
            if (e == 0 && pm_get(s.va + (i << PAGE_SHIFT)) == 0)
                return -EXO_EVA;
            if (forbidden != 0 && (e & forbidden) == forbidden)
                return -EXO_EPERM;
        }
    return 0;
}

int vm_protect(uint32_t va, uint32_t pages, uint32_t rights)
{
    bool cut = false;
    bool grew = false; /* also where giving `rights` would be too much */
    for (struct stretch s = {va, pages, 0, NULL}; next(&s, true);) {
        if (s.entry == NULL)
            return -EXO_EFULL;
        for (uint32_t i = 0; i < s.n; i++) {
            uint32_t e = s.entry[i];
            if (e == 0)
                e = pm_get(s.va + (i << PAGE_SHIFT));
            if (e & PM_PRESENT) {
                uint32_t old = pm_rights(e);
                cut |= (old & ~rights) != 0;
                grew |= (rights & ~old) != 0 || e & PM_COW;
            }
            s.entry[i] = (e & ~PM_RIGHTS) | rights;
        }
    }
    int r = 0;
    for (uint32_t i = 0, n; cut && i < pages; i += n) {
        n = pages - i < EXO_RANGE_MAX ? pages - i : EXO_RANGE_MAX;
        if (rights == 0 || grew)
            r = mmu_unbind(va + (i << PAGE_SHIFT), n);
        else
            r = mmu_protect((va + (i << PAGE_SHIFT)) | rights, n);
        if (hook_cannot(r))
            return r;
    }
    for (uint32_t i = 0; grew && i < pages; i += EXO_BATCH_MAX)
        vm_prefetch(va + (i << PAGE_SHIFT),
                    pages - i < EXO_BATCH_MAX ? pages - i : EXO_BATCH_MAX);
    return 0;
}
