// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * upcall.c - how the kernel enters an environment that did not ask: write struct exo_save into
 * its upage (by physical address: the environment's translations do not matter), set busy, go
 * on at the entry it registered. Assembly fast paths do the same for plain exceptions.
 *
 *   exception   not busy: delivered; busy or no handler: the environment dies of it
 *   others      busy or critical: noted in upage.missed, else delivered
 *   prologue    touches nothing in the upage: the save area may hold what the epilogue left
 */
#include "core_priv.h"

struct exo_upage *upage_of(const struct ctx *c)
{
    return c->upage != 0 ? arch_phys(c->upage) : NULL;
}

static void deliver(struct ctx *c, struct exo_upage *up, const struct exo_save *save,
                    uint64_t entry)
{
    up->save = *save;
    for (unsigned i = 0; i < EXO_NSCRATCH; i++)
        up->save.scratch[i] = arch_scratch(c, i);
    up->busy = 1;
    c->pc = entry;
    trace(EXO_TRACE_UPCALL, c->id, save->upcall);
}

bool upcall_can_except(const struct ctx *c)
{
    const struct exo_upage *up = upage_of(c);
    return up != NULL && c->exc_entry != 0 && up->busy == 0;
}

void upcall_exception(struct ctx *c, uint32_t cause, uint64_t epc, uint64_t badvaddr)
{
    struct exo_save save = {.epc = epc,
                            .sp = c->sp,
                            .badvaddr = badvaddr,
                            .cause = cause,
                            .upcall = EXO_UP_EXCEPTION};
    if (upcall_can_except(c))
        deliver(c, upage_of(c), &save, c->exc_entry);
    else
        env_die_of(c, &save);
}

bool upcall_async(struct ctx *c, enum exo_upcall kind, uint64_t entry)
{
    struct exo_upage *up = upage_of(c);
    if (up == NULL)
        return false;
    if (entry == 0 || up->busy != 0 || up->critical != 0) {
        up->missed |= 1u << kind;
        return false;
    }
    struct exo_save save = {
        .epc = c->pc, .sp = c->sp, .cause = M_CAUSE_IRQ, .upcall = (uint32_t)kind};
    deliver(c, up, &save, entry);
    return true;
}

SYS(exc_return)
{
    struct exo_upage *up = upage_of(c);
    if (up == NULL)
        return -EXO_EINVAL;

    c->pc = up->save.epc;
    c->sp = up->save.sp;
    for (unsigned i = 0; i < EXO_NSCRATCH; i++)
        arch_set_scratch(c, i, up->save.scratch[i]);
    up->busy = 0;
    return SYS_NONE;
}
