// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * proc.c - processes: rows of the session's table, ending, waiting.
 *
 *   FREE --fork--> EMBRYO --> LIVE --_exit, signal--> ZOMBIE --waitpid--> FREE
 *
 * A zombie's environment is dead or about to be; waitpid waits for that and gives its name
 * back. A process the kernel ended (no zombie mark) is found by its dead environment.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "area.h"
#include "session.h"
#include "signal_priv.h"

struct session *session = (struct session *)L_SESSION;

void proc_first(void)
{
    struct proc *p = ME;
    session->next_pid = 2;
    session->nproc = 1;
    p->state = PROC_LIVE;
    p->pid = 1;
    p->parent = SELF->proc;
    p->env = SELF->env;
    struct ofile *console = &session->ofile[0];
    console->kind = OFILE_CONSOLE;
    console->flags = 2; /* O_RDWR */
    console->refs = 3;
    p->nfd = 3;
    p->umask = 022;
    for (unsigned fd = 0; fd < p->nfd; fd++)
        p->fd[fd] = 1;
}

static bool env_gone(uint32_t env)
{
    uint32_t state = ENVS[env].state;
    return state == EXO_ENV_STATE_DEAD || state == EXO_ENV_STATE_FREE;
}

/* A process that ended: its environment is dead. */
static bool ended(const struct proc *p)
{
    return (p->state == PROC_ZOMBIE || p->state == PROC_LIVE) && env_gone(p->env);
}

static void release_descriptors(unsigned row)
{
    struct proc *p = &session->proc[row];
    if (p->nfd > 0 || p->cwd > 0)
        session_far_join(); /* it may have had some there */
    for (unsigned fd = 0; fd < p->nfd; fd++) {
        unsigned file = fd_get(row, fd);
        if (file != 0)
            ofile_put(file - 1);
        fd_put(row, fd, 0);
    }
    p->nfd = 0;
    if (p->cwd != 0)
        ofile_put(p->cwd - 1u);
    p->cwd = 0;
}

/* Descriptors and shared memory of a row go back. The lock is held. */
static void release_files(unsigned row)
{
    release_descriptors(row);
    shm_forget(row);
    area_forget(row);
    session_far_forget(row);
}

/* Its maker is gone before it was complete. */
static void bury_embryo(unsigned row)
{
    release_files(row);
    session->proc[row].state = PROC_FREE;
}

/* What the row still refers to goes back; children have no parent any more. */
static void release(unsigned row)
{
    uint32_t embryo = session->proc[row].making;
    release_files(row);
    if (embryo != 0) {
        exo_env_destroy(embryo, 0, 0);
        exo_env_free(embryo, 0);
    }
    for (unsigned i = 0; i < session->nproc; i++) {
        struct proc *child = &session->proc[i];
        if (child->state == PROC_FREE || child->parent != row || i == row)
            continue;
        child->parent = i;
        if (child->state == PROC_EMBRYO)
            bury_embryo(i);
    }
}

static void free_row(unsigned row)
{
    struct proc *p = &session->proc[row];
    if (p->state == PROC_LIVE) /* the kernel ended it */
        release(row);
    exo_env_free(p->env, 0);
    p->state = PROC_FREE;
}

/* Bury those nobody will wait for; a free row, -1 if there is none. */
static int claim_row(void)
{
    int row = -1;
    for (unsigned i = 0; i < session->nproc; i++) {
        const struct proc *p = &session->proc[i];
        if (p->parent == i && i != SELF->proc && ended(p))
            free_row(i);
        if (p->state == PROC_FREE && row < 0)
            row = (int)i;
    }
    if (row < 0 && session->nproc < NPROC)
        row = (int)session->nproc++;
    return row;
}

/* What a child has from its parent. */
static void inherit(unsigned row, const struct proc *from)
{
    struct proc *p = &session->proc[row];
    p->catches = from->catches;
    p->nfd = from->nfd;
    p->cloexec = from->cloexec;
    p->umask = from->umask;
    p->cwd = from->cwd;
    if (p->cwd != 0)
        ofile_ref(p->cwd - 1u);
    for (unsigned fd = 0; fd < from->nfd; fd++) {
        unsigned file = fd_get(SELF->proc, fd);
        fd_put(row, fd, file);
        if (file != 0)
            ofile_ref(file - 1);
        if (fd % 32 == 0 && fd > 0)
            *fd_cloexec(row, fd) = *fd_cloexec(SELF->proc, fd);
    }
}

int proc_new(void)
{
    lock_take(&session->lock);
    int row = claim_row();
    if (row >= 0) {
        struct proc *p = &session->proc[row];
        p->state = PROC_EMBRYO;
        p->pid = session->next_pid++;
        p->parent = SELF->proc;
        p->pending = p->env = p->making = p->holding = 0;
        inherit((unsigned)row, ME);
        shm_inherit((unsigned)row);
        area_inherit((unsigned)row);
        session_far_inherit((unsigned)row);
    }
    lock_drop(&session->lock);
    return row;
}

void proc_cancel(int row)
{
    lock_take(&session->lock);
    release_files((unsigned)row);
    session->proc[row].state = PROC_FREE;
    lock_drop(&session->lock);
}

int proc_find(pid_t pid)
{
    for (int i = 0; i < (int)session->nproc; i++) {
        const struct proc *p = &session->proc[i];
        if (p->state == PROC_LIVE && (pid_t)p->pid == pid && !env_gone(p->env))
            return i;
    }
    return -1;
}

void proc_end(uint32_t status)
{
    if (exos_mmu == NULL)
        return;
    if (ME->holding == 0) { /* else it dies where others see it: mutex_lock() */
        lock_take(&session->lock);
        release_descriptors(SELF->proc);
        lock_drop(&session->lock);
        file_closing();
        area_leave(false);
    }
    lock_take(&session->lock);
    struct proc *p = ME, *parent = &session->proc[p->parent];
    release(SELF->proc);
    p->status = status;
    p->state = PROC_ZOMBIE;
    if (parent != p && parent->catches & 1u << (SIGCHLD - 1))
        __atomic_fetch_or(&parent->pending, 1u << (SIGCHLD - 1), __ATOMIC_RELEASE);
    lock_drop(&session->lock);
}

_Noreturn void _exit(int status)
{
    proc_end((uint32_t)(status & 0xff) << 8);
    exo_env_exit((exo_word)(status & 0xff));
    for (;;)
        exo_yield((exo_word)-1);
}

_Noreturn void proc_die_of_signal(int sig)
{
    proc_end((uint32_t)sig);
    exo_env_exit((exo_word)(128 + sig));
    for (;;)
        exo_yield((exo_word)-1);
}

void proc_sleep(struct exo_pred *pred, unsigned n)
{
    uint32_t blocked = signal_blocked();
    struct proc *p = ME;
    uint32_t seen = __atomic_load_n(&p->pending, __ATOMIC_ACQUIRE);
    if (seen & ~blocked)
        return;
    pred[n] = (struct exo_pred){EXO_PRED_NE, 1, (uintptr_t)&p->pending, seen};
    exo_sleep((exo_word)pred, n + 1);
}

/* -- waiting -- */

static bool is_child(const struct proc *p, pid_t pid)
{
    return p->state != PROC_FREE && p->parent == SELF->proc && p != ME &&
           (pid <= 0 || (pid_t)p->pid == pid);
}

/* A child that ended: reap it. 0 if none did, -1 if there is no such child. */
static pid_t reap(pid_t pid, int *status)
{
    pid_t found = -1;
    lock_take(&session->lock);
    for (unsigned i = 0; i < session->nproc; i++) {
        struct proc *p = &session->proc[i];
        if (!is_child(p, pid))
            continue;
        found = 0;
        if (!ended(p))
            continue;
        if (p->state == PROC_LIVE)
            p->status = ENVS[p->env].status == EXO_STATUS_DIED ? SIGSEGV : SIGKILL;
        if (status != NULL)
            *status = (int)p->status;
        found = (pid_t)p->pid;
        free_row(i);
        break;
    }
    lock_drop(&session->lock);
    return found;
}

/* Give the processor to a child if it can use it, else sleep until one ends. */
static void await(pid_t pid, bool yield)
{
    struct exo_pred pred[EXO_NPRED];
    unsigned n = 0;
    for (unsigned i = 0; i < session->nproc && n < EXO_NPRED - 2; i++) {
        const struct proc *p = &session->proc[i];
        if (!is_child(p, pid))
            continue;
        uint32_t env = p->env;
        if (yield && exo_yield(env) == 0)
            return;
        pred[n] = (struct exo_pred){EXO_PRED_DEAD, n > 0, env, 0};
        n++;
    }
    if (n == EXO_NPRED - 2) /* there may be more than fit: look again soon */
        pred[n - 1] =
            (struct exo_pred){EXO_PRED_TIME, 1, 0, exo_time64() + EXO_SLICE_CYCLES};
    proc_sleep(pred, n);
}

pid_t waitpid(pid_t pid, int *status, int options)
{
    if (mmu_missing()) {
        errno = ENOSYS;
        return -1;
    }
    if (options & ~(WNOHANG | WUNTRACED)) {
        errno = EINVAL;
        return -1;
    }
    for (bool yield = true;; yield = false) {
        pid_t r = reap(pid, status);
        if (r > 0)
            file_closing();
        if (r < 0)
            errno = ECHILD;
        if (r != 0 || options & WNOHANG)
            return r;
        await(pid, yield);
        if (signal_poll()) {
            errno = EINTR;
            return -1;
        }
    }
}

pid_t wait(int *status)
{
    return waitpid(-1, status, 0);
}

pid_t getpid(void)
{
    return (pid_t)ME->pid;
}

pid_t getppid(void)
{
    const struct proc *p = ME;
    return p->parent == SELF->proc ? 0 : (pid_t)session->proc[p->parent].pid;
}

int sched_yield(void)
{
    exo_yield((exo_word)-1);
    signal_poll();
    return 0;
}
