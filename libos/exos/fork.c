// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fork.c - a second process like this one. The page map is walked once:
 *
 *   nothing, demand-zero, of a boot module   the child's entry is the same
 *   shared                                   the child holds the frame too
 *   private                                  both entries become copy-on-write, and our writable
 *                                            translation is cut
 *   the stack page in use                    copied at once; what lies below it is dead
 *
 * The child begins in longjmp() with registers saved on the stack it has a copy of.
 */
#include <errno.h>
#include <setjmp.h>
#include <unistd.h>

#include "hooks.h"
#include "session.h"
#include "sock.h"
#include "space.h"
#include "vm.h"

/* Bytes above the stack pointer that both will write at once. */
#define STACK_IN_USE 2048

/* A run of our pages whose translations lose W. */
struct cut {
    uint32_t va, pages, rights;
    int error; /* a translation could not be cut: the pages may not be shared */
};

static void cut_flush(struct cut *c)
{
    int r = c->pages > 0 ? mmu_protect(c->va | c->rights, c->pages) : 0;
    if (hook_cannot(r))
        c->error = r;
    c->pages = 0;
}

static void cut_add(struct cut *c, uint32_t va, uint32_t rights)
{
    if (c->pages == EXO_RANGE_MAX || c->rights != rights ||
        va != c->va + (c->pages << PAGE_SHIFT))
        cut_flush(c);
    if (c->pages == 0) {
        c->va = va;
        c->rights = rights;
    }
    c->pages++;
}

/* The page the stack pointer is in: a copy, ours stays as it is. */
static uint32_t copy_now(struct space *s, uint32_t va, uint32_t e)
{
    uint32_t frame = 0;
    void *copy = space_frame(s, false, &frame);
    if (copy == NULL)
        return 0;
    page_copy(copy, (const void *)(uintptr_t)va);
    e = pm_entry(frame, (e & ((1u << PM_FRAME_SHIFT) - 1)) & ~PM_COW);
    space_map(s, va | pm_rights(e), frame);
    return e;
}

/* The child's entry for a page of ours; ours changes along. */
static uint32_t inherit(struct space *s, struct cut *c, uint32_t va, uint32_t *entry,
                        uint32_t sp)
{
    uint32_t e = *entry;
    if (va >= L_STACK_LOW && va < L_STACK_TOP && va + PAGE_SIZE <= sp && e & PM_PRESENT)
        return 0;
    if (va - L_FS < L_AREA_BYTES)
        return 0; /* the child attaches when it needs it */
    if ((e & (PM_PRESENT | PM_FOREIGN)) != PM_PRESENT)
        return e;
    if (va == PAGE_DOWN(sp) || va == PAGE_DOWN(sp + STACK_IN_USE) ||
        (s->whole && va >= L_STACK_LOW && va < L_STACK_TOP))
        return copy_now(s, va, e);
    space_share(s, pm_frame(e));
    if (s->error != 0)
        return 0;
    if (!(e & (PM_SHARED | PM_COW))) {
        *entry = e | PM_COW;
        if (e & PM_W)
            cut_add(c, va, e & (PM_R | PM_X));
        e |= PM_COW;
    }
    space_map(s, va | pm_rights(e), pm_frame(e));
    return e;
}

static void inherit_leaf(struct space *s, uint32_t leaf, uint32_t sp)
{
    uint32_t d = SELF->leaf_dir[leaf], base = d << SELF->leaf_shift;
    if (base - L_FS < L_AREA_BYTES)
        return; /* wholly of an area that is not inherited: see inherit() */
    uint32_t *from = pm_slot_if(base);
    uint32_t low = SELF->leaf_low[leaf], high = SELF->leaf_high[leaf];
    uint32_t *to = space_leaf(s, d);
    struct cut cut = {0, 0, 0, 0};
    if (to == NULL)
        return;
    for (uint32_t i = low; i < high; i++) {
        if ((i & 63) == 0)
            critical_breathe();
        if (from[i] != 0)
            to[i] = inherit(s, &cut, base + (i << PAGE_SHIFT), &from[i], sp);
    }
    leaf = s->self->dir[d] - 1u;
    s->self->leaf_low[leaf] = (uint16_t)low;
    s->self->leaf_high[leaf] = (uint16_t)high;
    cut_flush(&cut);
    if (cut.error != 0 && s->error == 0)
        s->error = cut.error;
}

/* Where areas are whole in memory, ours get new frames now and the child keeps the old ones. */
static int settle(void)
{
    int r = 1;
    for (uint32_t leaf = 0; leaf < SELF->nleaves && r > 0; leaf++) {
        uint32_t base = (uint32_t)SELF->leaf_dir[leaf] << SELF->leaf_shift;
        uint32_t low = SELF->leaf_low[leaf], high = SELF->leaf_high[leaf];
        if (SELF->leaf_frame[leaf] != 0 && high > low)
            r = mmu_place(base + (low << PAGE_SHIFT), high - low);
    }
    return r < 0 ? r : 0;
}

static struct space *make_child(uint32_t row, uint32_t sp, jmp_buf regs)
{
    bool whole = mmu_place(sp, 0) > 0;
    uint32_t stack = whole ? (L_STACK_TOP - PAGE_DOWN(sp)) >> PAGE_SHIFT : 2;
    struct space *s = space_begin(SELF->nleaves + stack);
    if (s == NULL || s->error != 0)
        return s;
    s->self->proc = row;
    s->whole = whole;
    space_map_text(s);
    for (uint32_t leaf = 0; leaf < SELF->nleaves && s->error == 0; leaf++)
        if (SELF->leaf_frame[leaf] != 0)
            inherit_leaf(s, leaf, sp);
    space_finish(s, (exo_word)longjmp, 0, (exo_word)regs);
    return s;
}

/* 0 and the child runs, or a negative error. */
static __attribute__((noinline)) int start_child(uint32_t row, jmp_buf regs)
{
    /* fork()'s frame, where the child goes on, lies wholly above this one. */
    uint32_t sp = (uint32_t)(uintptr_t)__builtin_frame_address(0);
    critical_enter();
    struct space *s = make_child(row, sp, regs);
    int error = s == NULL ? -EXO_EFULL : s->error;
    if (error == 0)
        error = settle();
    if (error == 0) {
        session->proc[row].env = s->env;
        session->proc[row].state = PROC_LIVE;
        if (sock_forked != NULL)
            sock_forked(s->env);
        error = space_start(s, true);
    }
    if (error != 0 && s != NULL)
        space_abandon(s);
    ME->making = 0;
    critical_leave();
    return error;
}

pid_t fork(void)
{
    jmp_buf regs;
    if (mmu_missing()) {
        errno = ENOSYS;
        return -1;
    }
    int row = proc_new();
    if (row < 0) {
        errno = EAGAIN;
        return -1;
    }
    pid_t pid = (pid_t)session->proc[row].pid;
    if (setjmp(regs) != 0)
        return 0;
    int error = start_child((uint32_t)row, regs);
    if (error == 0)
        return pid;
    proc_cancel(row);
    errno = error == -EXO_EFULL ? ENOMEM : hook_errno(error, EAGAIN);
    return -1;
}
