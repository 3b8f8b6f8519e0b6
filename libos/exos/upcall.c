// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * upcall.c - the C halves of the upcalls.
 *
 *   exception  a translation the page map allows is bound at once, wired (upcall_exception);
 *              anything else is vm.c's, or becomes a signal
 *   prologue   the slice began: deliver signals that arrived, resume
 *   revoke     move out of the frame the kernel names
 */
#include "upcall.h"

#include <exo/machine.h>

#include "critical.h"
#include "hooks.h"
#include "signal_priv.h"
#include "vm.h"

WIRED_DATA const struct mmu_ops *const exos_backends[EXO_MMU_KINDS] = {
#define EXO_KIND_MMU(number, name, NAME) [EXO_MMU_##NAME] = &mmu_##name,
#include <exo/kinds.def>
};

static void exception(struct exos_context *c, uint32_t code, uint32_t need);

WIRED void upcall_exception(struct exos_context *c)
{
    uint32_t code = (uint32_t)c->cause & M_CAUSE_CODE;
    uint32_t access = ((uint32_t)c->cause >> M_CAUSE_ACCESS_SHIFT) & 3;
    uint32_t need = access == 0 ? EXO_R : access == 1 ? EXO_W : EXO_X;
    if (code - M_CAUSE_TLB_MISS <= M_CAUSE_PROT - M_CAUSE_TLB_MISS &&
        c->badvaddr < L_WINDOW_END) {
        MARK_HOOK(MMU, bind);
        uint32_t va = (uint32_t)c->badvaddr & ~(W_SELF->page_size - 1);
        uint32_t e = pm_lookup(va), rights = pm_rights(e);
        if (rights & need && !(e & PM_FOREIGN && va < L_MMAP_END && va >= L_MMAP) &&
            exos_backends[W_SELF->mmu_kind]->bind(va | rights, pm_frame(e)) == 0)
            return;
    }
    exception(c, code, need);
}

static int signal_of(uint32_t code)
{
    switch (code) {
    case M_CAUSE_ILLEGAL: return SIGILL;
    case M_CAUSE_BREAK: return SIGTRAP;
    case M_CAUSE_ARITH:
    case M_CAUSE_FP: return SIGFPE;
    case M_CAUSE_SYSCALL: return SIGSYS;
    case M_CAUSE_UNALIGNED:
    case M_CAUSE_BUS: return SIGBUS;
    default: return SIGSEGV;
    }
}

static __attribute__((noinline)) void exception(struct exos_context *c, uint32_t code,
                                                uint32_t need)
{
    int sig = signal_of(code), why = 0;
    if (code == M_CAUSE_TLB_MISS || code == M_CAUSE_PAGE || code == M_CAUSE_PROT) {
        why = SEGV_MAPERR;
        if (c->badvaddr < L_WINDOW_END) {
            critical_enter();
            why = vm_fault(PAGE_DOWN(c->badvaddr), need, &sig);
            critical_leave();
            if (why == 0)
                return;
        }
    } else if (code == M_CAUSE_SYSCALL && signal_syscall(c)) {
        return;
    }
    signal_fault(c, sig, why);
}

void upcall_prologue(struct exos_context *c)
{
    uint32_t missed = __atomic_exchange_n(&UPAGE->missed, 0, __ATOMIC_ACQ_REL);
    if (missed & 1u << EXO_UP_REVOKE)
        upcall_give_up();
    signal_interrupt(c);
}

void upcall_give_up(void)
{
    critical_enter();
    vm_surrender(UPAGE->revoke_frame);
    critical_leave();
}

void upcall_revoke(struct exos_context *c)
{
    (void)c;
    upcall_give_up();
}

void upcall_register(struct batch *b, uint32_t env)
{
    static const struct {
        uint32_t field;
        void (*entry)(void);
    } entries[] = {
        {EXO_ENV_EXCEPTION, upcall_exception_entry},
        {EXO_ENV_PROLOGUE, upcall_prologue_entry},
        {EXO_ENV_EPILOGUE, upcall_epilogue_entry},
        {EXO_ENV_REVOKE, upcall_revoke_entry},
        {EXO_ENV_PCT, upcall_pct_entry},
    };
    for (unsigned i = 0; i < sizeof entries / sizeof entries[0]; i++)
        BATCH(b, env_set, env, 0, entries[i].field, (exo_word)entries[i].entry);
}
