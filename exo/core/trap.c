// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trap.c - the one way into the kernel's C code: entry.S has saved the interrupted context c.
 * What is not the kernel's goes up to the environment.
 */
#include "core_priv.h"

static void memory_fault(struct ctx *c, uint32_t cause)
{
    if (!mmu_trap(c, cause, core_read64(M_BADPAGE)))
        upcall_exception(c, cause, c->pc, core_read64(M_BADVADDR));
}

static void syscall(struct ctx *c, uint32_t cause)
{
    exo_word number = arch_call_number(c);
    if (number - EXO_CALL_BASE < EXO_CALL_MAX)
        call_dispatch(c, (uint32_t)(number - EXO_CALL_BASE));
    else
        upcall_exception(c, cause, c->pc, 0);
}

static void others(struct core *me, struct ctx *c, uint32_t cause)
{
    switch (cause & M_CAUSE_CODE) {
    case M_CAUSE_IRQ: core_interrupt(me, c); break;
    case M_CAUSE_TLB_MISS:
    case M_CAUSE_PAGE:
    case M_CAUSE_PROT: memory_fault(c, cause); break;
    default: upcall_exception(c, cause, c->pc, core_read64(M_BADVADDR)); break;
    }
}

/* Most traps are calls that come back: that way is the short one. */
struct ctx *kernel_trap(struct ctx *c, uint32_t cause)
{
    struct core *me = &cores[c->core];
    struct env *e = &envs[c->id];
    kernel_lock();
    if (me->running != c)
        core_follow(me, c);
    me->next = c;
    if (e->killed)
        env_die(c, e->kill_status);
    else if ((cause & M_CAUSE_CODE) == M_CAUSE_SYSCALL)
        syscall(c, cause);
    else
        others(me, c, cause);
    if (me->next != c || e->wants_prologue || e->nrevoke != 0)
        c = core_go_on(me);
#ifdef EXO_CHECK
    const char *what;
    if (!inv_all(&what))
        kernel_panic(what);
#endif
    kernel_unlock();
    return c;
}
