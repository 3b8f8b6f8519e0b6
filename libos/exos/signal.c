// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * signal.c - signals. Faults arrive as upcalls of our own and are delivered on top of the
 * interrupted code; signals from processes are bits in the process table, looked at at safe
 * points: when a library call waits or returns, and when a slice begins.
 *
 * Delivery on top of interrupted code: its context, FP registers and signal mask go into a struct
 * frame on its own stack, and it resumes in signal_enter(), which calls the handler and then
 * traps with a number that is not the kernel's; that comes back as an exception with the frame's
 * address, and the frame's context is resumed (signal_syscall). The handler may change it.
 */
#include "signal_priv.h"

#include <errno.h>
#include <exo/machine.h>
#include <unistd.h>

#include "isa.h"
#include "session.h"
#include "upcall.h"
#include "vm.h"

#define SIGRETURN 0x5167u
#define SIGNALS 32
#define BIT(sig) (1u << ((sig)-1))

struct frame {
    unsigned char fp[(ISA_FP_BYTES + 15) / 16 * 16];
    struct exos_context context;
    siginfo_t info;
    uint32_t blocked;
    int sig;
} __attribute__((aligned(16)));

static struct sigaction actions[SIGNALS];
static uint32_t blocked, handled;

static bool has_handler(int sig)
{
    return actions[sig].sa_handler != SIG_DFL && actions[sig].sa_handler != SIG_IGN;
}

static bool ignored(int sig)
{
    if (actions[sig].sa_handler == SIG_IGN)
        return true;
    return actions[sig].sa_handler == SIG_DFL &&
           (sig == SIGCHLD || sig == SIGCONT || sig == SIGURG || sig == SIGWINCH);
}

/* The mask while the handler of sig runs; the old one is returned. */
static uint32_t enter_mask(int sig)
{
    uint32_t old = blocked;
    blocked |= (uint32_t)actions[sig].sa_mask & ~(BIT(SIGKILL) | BIT(SIGSTOP));
    if (!(actions[sig].sa_flags & SA_NODEFER))
        blocked |= BIT(sig);
    return old;
}

static void call_handler(int sig, siginfo_t *info, struct exos_context *context)
{
    const struct sigaction *act = &actions[sig];
    sighandler_t plain = act->sa_handler;
    void (*full)(int, siginfo_t *, void *) = act->sa_sigaction;
    unsigned flags = (unsigned)act->sa_flags;
    handled++;
    if (flags & SA_RESETHAND)
        actions[sig].sa_handler = SIG_DFL;
    if (flags & SA_SIGINFO)
        full(sig, info, context);
    else
        plain(sig);
}

static _Noreturn void signal_enter(struct frame *f)
{
    call_handler(f->sig, &f->info, &f->context);
    port_trap(SIGRETURN, (exo_word)f);
    _exit(128 + SIGSYS); /* the frame was overwritten beyond repair */
}

/* Put the handler on top of c. false: no stack for it. */
static bool deliver(struct exos_context *c, int sig, int code, void *addr)
{
    uintptr_t at = c->sp - ISA_REDZONE - sizeof(struct frame);
    struct frame *f = (struct frame *)(at & ~(uintptr_t)63);
    if (c->sp < L_LIB_TEXT || vm_touch(f, sizeof *f, EXO_W) != 0)
        return false;
    f->context = *c;
    port_fp_save(f->fp);
    f->sig = sig;
    f->info.si_signo = sig;
    f->info.si_errno = 0;
    f->info.si_code = code;
    f->info.si_pid = 0;
    f->info.si_status = 0;
    f->info.si_addr = addr;
    f->blocked = enter_mask(sig);
    c->pc = (exo_word)signal_enter;
    c->sp = (exo_word)f - ISA_CALL_BYTES;
    c->flags &= ~(exo_word)ISA_FLAGS_CLEAR;
    c->reg[ISA_ARG0] = (exo_word)f;
    return true;
}

static _Noreturn void die_of_fault(const struct exos_context *c, int sig)
{
    static const char no_memory[] = "exos: no free frame for a page the program uses\n";
    if (sig == SIGBUS && KINFO->free_frames == 0)
        exo_console_write((exo_word)no_memory, sizeof no_memory - 1);
    proc_end((uint32_t)sig);
    struct exo_save save;
    save.epc = c->pc;
    save.sp = c->sp;
    save.badvaddr = c->badvaddr;
    save.cause = (uint32_t)c->cause;
    save.upcall = EXO_UP_EXCEPTION;
    for (unsigned i = 0; i < EXO_NSCRATCH; i++)
        save.scratch[i] = 0;
    exo_env_abort((exo_word)&save);
    for (;;)
        exo_yield((exo_word)-1);
}

void signal_fault(struct exos_context *c, int sig, int code)
{
    bool memory = sig == SIGSEGV || (sig == SIGBUS && code != 0);
    void *addr = (void *)(uintptr_t)(memory ? c->badvaddr : c->pc);
    if (!has_handler(sig) || blocked & BIT(sig) || !deliver(c, sig, code, addr))
        die_of_fault(c, sig);
}

bool signal_syscall(struct exos_context *c)
{
    if (c->reg[ISA_NUMBER] != SIGRETURN)
        return false;
    const struct frame *f = (const struct frame *)(uintptr_t)c->reg[ISA_ARG0];
    if ((uintptr_t)f & 15 || vm_touch(f, sizeof *f, EXO_R) != 0)
        return false;
    blocked = f->blocked;
    *c = f->context;
    port_fp_restore(f->fp);
    return true;
}

static int take_pending(void)
{
    for (;;) {
        uint32_t ready = __atomic_load_n(&ME->pending, __ATOMIC_ACQUIRE) & ~blocked;
        if (ready == 0)
            return 0;
        int sig = __builtin_ctz(ready) + 1;
        __atomic_fetch_and(&ME->pending, ~BIT(sig), __ATOMIC_ACQ_REL);
        if (!ignored(sig))
            return sig;
    }
}

void signal_interrupt(struct exos_context *c)
{
    if (UPAGE->critical != 0 || ME->holding != 0 || c->sp - L_UPSTACK < L_SLOT)
        return; /* the library itself was interrupted: later */
    int sig = take_pending();
    if (sig == 0)
        return;
    if (!has_handler(sig) || !deliver(c, sig, SI_USER, NULL))
        proc_die_of_signal(sig);
}

bool signal_poll(void)
{
    bool stop = false;
    int sig;
    while (exos_mmu != NULL && ME->holding == 0 && (sig = take_pending()) != 0) {
        if (!has_handler(sig))
            proc_die_of_signal(sig);
        if (!(actions[sig].sa_flags & SA_RESTART))
            stop = true;
        siginfo_t info = {.si_signo = sig, .si_code = SI_USER};
        uint32_t old = enter_mask(sig);
        call_handler(sig, &info, NULL);
        blocked = old;
    }
    return stop;
}

uint32_t signal_handled(void)
{
    return handled;
}

uint32_t signal_blocked(void)
{
    return blocked;
}

uint32_t signal_ignored(void)
{
    uint32_t set = 0;
    for (int sig = 1; sig < SIGNALS; sig++)
        if (actions[sig].sa_handler == SIG_IGN)
            set |= BIT(sig);
    return set;
}

void signal_ignore(uint32_t set)
{
    for (int sig = 1; sig < SIGNALS; sig++)
        if (set & BIT(sig))
            actions[sig].sa_handler = SIG_IGN;
}

/* -- what programs call -- */

static int fail(int error)
{
    errno = error;
    return -1;
}

int sigaction(int sig, const struct sigaction *act, struct sigaction *old)
{
    if (sig < 1 || sig >= SIGNALS || (act != NULL && (sig == SIGKILL || sig == SIGSTOP)))
        return fail(EINVAL);
    if (old != NULL)
        *old = actions[sig];
    if (act == NULL)
        return 0;
    actions[sig] = *act;
    if (has_handler(sig))
        __atomic_fetch_or(&ME->catches, BIT(sig), __ATOMIC_RELAXED);
    else
        __atomic_fetch_and(&ME->catches, ~BIT(sig), __ATOMIC_RELAXED);
    return 0;
}

sighandler_t signal(int sig, sighandler_t handler)
{
    struct sigaction act = {.sa_flags = SA_RESTART}, old;
    act.sa_handler = handler;
    return sigaction(sig, &act, &old) < 0 ? SIG_ERR : old.sa_handler;
}

int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
    if (old != NULL)
        *old = blocked;
    if (set == NULL)
        return 0;
    uint32_t s = (uint32_t)*set & ~(BIT(SIGKILL) | BIT(SIGSTOP));
    if (how == SIG_BLOCK)
        blocked |= s;
    else if (how == SIG_UNBLOCK)
        blocked &= ~s;
    else if (how == SIG_SETMASK)
        blocked = s;
    else
        return fail(EINVAL);
    signal_poll();
    return 0;
}

static int send(int row, int sig)
{
    struct proc *p = &session->proc[row];
    if (sig == 0)
        return 0;
    if (sig == SIGKILL && p != ME && p->holding == 0 && !area_any((unsigned)row)) {
        lock_take(&session->lock); /* else it has to leave in good order, as of others */
        uint32_t env = p->env;
        exo_sword r = exo_env_destroy(env, 0, 128 + SIGKILL);
        lock_drop(&session->lock);
        return r < 0 ? fail(ESRCH) : 0;
    }
    if (sig == SIGKILL && p == ME)
        proc_die_of_signal(sig);
    __atomic_fetch_or(&p->pending, BIT(sig), __ATOMIC_RELEASE);
    return 0;
}

int kill(pid_t pid, int sig)
{
    if (sig < 0 || sig >= SIGNALS || sig == SIGSTOP)
        return fail(EINVAL);
    if (sig != 0 && mmu_missing())
        return fail(ENOSYS);
    int r = -1;
    if (pid > 0) {
        int row = proc_find(pid);
        if (row < 0)
            return fail(ESRCH);
        r = send(row, sig);
    } else {
        for (int i = 0; i < (int)session->nproc; i++)
            if (session->proc[i].state == PROC_LIVE && (uint32_t)i != SELF->proc)
                r = send(i, sig);
        if (pid == 0)
            r = send((int)SELF->proc, sig);
    }
    signal_poll();
    return r;
}

int raise(int sig)
{
    if (sig > 0 && sig < SIGNALS && mmu_missing())
        _exit(128 + sig);
    return kill(getpid(), sig);
}
