// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vm.c - what happens when a page is used: demand-zero, copy-on-write, growing stack, binding
 * what the page map allows; and what happens when a frame is wanted back.
 *
 * Everything runs with upage.critical set, so that no other upcall comes between; it may itself
 * fault (a leaf or an exported table to refill, a stack page to copy), which works because a
 * nested fault only changes the entry of the page it is about.
 */
#include "vm.h"

#include <exos/vm.h>

#include "critical.h"

static bool rebind(uint32_t va, uint32_t entry)
{
    return mmu_bind(va | pm_rights(entry), pm_frame(entry)) == 0;
}

static bool demand_zero(uint32_t va, uint32_t e)
{
    int placed = mmu_place(va, 1);
    if (placed != 0)
        return placed > 0;
    uint32_t *place = pm_slot(va);
    uint32_t rights = (e & PM_RIGHTS) | PM_R | PM_W;
    uint32_t frame = place != NULL ? frame_take_bound(va | rights) : 0;
    if (frame == 0)
        return false;
    e = pm_entry(frame, (e & (PM_RIGHTS | PM_SHARED)) | PM_ANON | PM_PRESENT);
    *place = e | rights;
    page_zero(va, frame);
    if (*place == e)
        return true;
    *place = e;
    return mmu_unbind(va, 1) == 0 && rebind(va, e);
}

/* The copy at the scratch place becomes the page at va; `old` is not ours any more, 0: was not. */
static bool replace(uint32_t va, uint32_t entry, uint32_t old)
{
    MARK_BACKEND_CALLS(MMU);
    MARK_CALL(frame_free);
    const struct exo_batch calls[3] = {
        {.number = exos_mmu->bind_call,
         .arg = {0, 0, va | pm_rights(entry), pm_frame(entry)}},
        {.number = exos_mmu->unbind_call, .arg = {0, 0, L_SCRATCH, 1}},
        {.number = EXO_CALL_frame_free, .arg = {old}},
    };
    SELF->scratch_frame[0] = 0;
    uint32_t n = old != 0 ? 3 : 2;
    exo_sword done = 0;
    if (exos_mmu->bind_call != 0 && exos_mmu->unbind_call != 0)
        done = exo_batch((exo_word)calls, n);
    if (done <= 0)
        return mmu_bind(va | pm_rights(entry), pm_frame(entry)) == 0 &&
               mmu_unbind(L_SCRATCH, 1) == 0 && (old == 0 || exo_frame_free(old) == 0);
    return done == (exo_sword)n;
}

/* The first write to a shared page: it becomes ours, by right if nobody else holds the frame. */
static bool copy_on_write(uint32_t va, uint32_t e)
{
    int placed = mmu_place(va, 1);
    if (placed != 0)
        return placed > 0;
    uint32_t old = pm_frame(e);
    uint32_t flags = e & ~(PM_COW | PM_FOREIGN) & ((1u << PM_FRAME_SHIFT) - 1);
    if (!(e & PM_FOREIGN) && FRAMES[old].holders == 1) {
        pm_set(va, pm_entry(old, flags));
        return rebind(va, pm_entry(old, flags));
    }
    uint32_t frame = frame_take_bound(L_SCRATCH | EXO_R | EXO_W);
    if (frame == 0)
        return false;
    SELF->scratch_frame[0] = frame;
    page_copy((void *)(uintptr_t)L_SCRATCH, (const void *)(uintptr_t)va);
    pm_set(va, pm_entry(frame, flags));
    return replace(va, pm_entry(frame, flags), e & PM_FOREIGN ? 0 : old);
}

#define AROUND 16

/* Pages of a file come in stretches: bind those behind this one too. */
static void fault_around(uint32_t va)
{
    struct exo_map maps[AROUND];
    uint32_t n = 0;
    for (uint32_t at = va + PAGE_SIZE; n < AROUND; at += PAGE_SIZE, n++) {
        uint32_t e = at < L_MMAP_END ? pm_lookup(at) : 0;
        if (!(e & PM_FOREIGN) || pm_rights(e) == 0)
            break;
        maps[n].va = at | pm_rights(e);
        maps[n].frame = pm_frame(e);
        maps[n].cap = 0;
    }
    if (n > 0)
        mmu_batch(0, maps, n);
}

int vm_fault(uint32_t va, uint32_t need, int *sig)
{
    vm_repossessed();
    uint32_t e = pm_get(va);
    *sig = SIGSEGV;
    if (e == 0)
        return SEGV_MAPERR;
    if (e & PM_LOST) {
        *sig = SIGBUS;
        return SEGV_MAPERR;
    }
    if (!(e & need))
        return SEGV_ACCERR;
    bool ok;
    if (!(e & PM_PRESENT))
        ok = demand_zero(va, e);
    else if (need == PM_W && e & PM_COW)
        ok = copy_on_write(va, e);
    else
        ok = rebind(va, e);
    if (ok && e & PM_FOREIGN && need != PM_W)
        fault_around(va);
    *sig = SIGBUS; /* out of memory */
    return ok ? 0 : SEGV_MAPERR;
}

int vm_touch(const void *p, size_t n, uint32_t need)
{
    if (n == 0 || exos_mmu == NULL)
        return 0;
    uintptr_t first = (uintptr_t)p, last = first + n - 1;
    if (last < first || last >= L_WINDOW_END)
        return -1;
    for (uint32_t va = PAGE_DOWN(first); va <= (uint32_t)last; va += PAGE_SIZE) {
        uint32_t e = pm_get(va);
        int sig;
        if (pm_rights(e) & need)
            continue;
        critical_enter();
        int error = vm_fault(va, need, &sig);
        critical_leave();
        if (error != 0)
            return -1;
    }
    return 0;
}

/* -- taking away -- */

/* Call f for each entry that has this frame until it returns nonzero. */
static int for_frame(uint32_t frame, int (*f)(uint32_t va, uint32_t *entry))
{
    for (uint32_t leaf = 0; leaf < SELF->nleaves; leaf++) {
        if (SELF->leaf_frame[leaf] == 0)
            continue;
        uint32_t base = (uint32_t)SELF->leaf_dir[leaf] << SELF->leaf_shift;
        uint32_t *entry = pm_slot_if(base);
        for (uint32_t i = SELF->leaf_low[leaf]; i < SELF->leaf_high[leaf]; i++) {
            if (!(entry[i] & PM_PRESENT) || entry[i] & PM_FOREIGN ||
                pm_frame(entry[i]) != frame)
                continue;
            int r = f(base + (i << PAGE_SHIFT), &entry[i]);
            if (r != 0)
                return r;
        }
    }
    return 0;
}

static int mark_lost(uint32_t va, uint32_t *entry)
{
    (void)va;
    *entry = (*entry & PM_RIGHTS) | PM_ANON | PM_LOST;
    return 0;
}

void vm_repossessed(void)
{
    uint32_t count = UPAGE->repo_count;
    if (count == SELF->repo_seen)
        return;
    uint32_t n = count - SELF->repo_seen;
    if (n > EXO_NREPO)
        n = EXO_NREPO; /* older ones are overwritten: their pages fault for ever */
    for (uint32_t i = count - n; i != count; i++)
        for_frame(UPAGE->repo[i % EXO_NREPO], mark_lost);
    SELF->repo_seen = count;
}

static int move_away(uint32_t va, uint32_t *entry)
{
    uint32_t old = pm_frame(*entry), e = *entry;
    if (e & PM_SHARED)
        return -EXO_EBUSY; /* the others would go on with the old one */
    uint32_t frame = frame_take();
    if (frame == 0)
        return -EXO_EFULL;
    void *copy = scratch_map(0, frame);
    if (copy == NULL) {
        frame_give_back(frame);
        return -EXO_EFULL;
    }
    if (!(pm_rights(e) & PM_R))
        mmu_bind(va | PM_R, old);
    page_copy(copy, (const void *)(uintptr_t)va);
    *entry = pm_entry(frame, e & ((1u << PM_FRAME_SHIFT) - 1) & ~PM_COW);
    mmu_unbind(va, 1);
    frame_give_back(old);
    return 1;
}

static int move_leaf(uint32_t i)
{
    uint32_t old = SELF->leaf_frame[i], va = L_LEAVES + (i << PAGE_SHIFT);
    uint32_t frame = frame_take();
    if (frame == 0)
        return -EXO_EFULL;
    void *copy = scratch_map(0, frame);
    if (copy == NULL) {
        frame_give_back(frame);
        return -EXO_EFULL;
    }
    page_copy(copy, (const void *)(uintptr_t)va);
    SELF->leaf_frame[i] = frame;
    mmu_bind(va | EXO_R | EXO_W, frame);
    frame_give_back(old);
    return 1;
}

int vm_surrender(uint32_t frame)
{
    for (unsigned place = 0; place < L_SCRATCHES; place++)
        if (SELF->scratch_frame[place] == frame)
            scratch_unmap(place);
    for (uint32_t i = 0; i < SELF->nleaves; i++)
        if (SELF->leaf_frame[i] == frame)
            return move_leaf(i);
    int r = for_frame(frame, move_away);
    return r > 0 ? 0 : r == 0 ? -EXO_EFRAME : r;
}

uint32_t exos_frame_of(const void *p)
{
    uint32_t e = !mmu_missing() && (uintptr_t)p < L_WINDOW_END
                     ? pm_get(PAGE_DOWN((uintptr_t)p))
                     : 0;
    return e & PM_PRESENT ? pm_frame(e) : 0;
}
