// SPDX-License-Identifier: GPL-2.0-or-later
/* signal.c - signals: sent, caught, ignored, blocked. */
#include "harness.h"

#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define NO_PROCESS 12345

static volatile int count[32], last;

static void note(int sig)
{
    count[sig]++;
    last = sig;
}

CONFORM(signal, NEEDS_NONE)
{
    CHECK(signal(SIGUSR1, note) == SIG_DFL);
    CHECK_EQ(raise(SIGUSR1), 0);
    CHECK_EQ(count[SIGUSR1], 1);
    CHECK_EQ(raise(SIGUSR1), 0); /* the handler stays */
    CHECK_EQ(count[SIGUSR1], 2);
    CHECK(signal(SIGUSR1, SIG_IGN) == note);
    CHECK_EQ(raise(SIGUSR1), 0);
    CHECK_EQ(count[SIGUSR1], 2);
    CHECK(signal(SIGUSR1, SIG_DFL) == SIG_IGN);
    CHECK_ERRNO(signal(SIGKILL, note), EINVAL); /* SIG_ERR is -1 */
    CHECK_ERRNO(signal(SIGSTOP, SIG_IGN), EINVAL);
    CHECK_ERRNO(signal(0, note), EINVAL);
    CHECK_ERRNO(signal(NSIG, note), EINVAL);
    CHECK_EQ(raise(SIGCHLD), 0); /* by default some are ignored */
}

CONFORM(raise, NEEDS_NONE)
{
    signal(SIGUSR1, note);
    CHECK_EQ(raise(SIGUSR1), 0);
    CHECK_EQ(count[SIGUSR1], 1); /* before it returns */
    CHECK_EQ(raise(0), 0);
    CHECK_ERRNO(raise(-1), EINVAL);
    CHECK_ERRNO(raise(99), EINVAL);
    pid_t pid;
    if (can_fork(&pid)) {
        if (pid == 0) {
            raise(SIGTERM);
            _exit(0);
        }
        CHECK_EQ(child_status(pid), 256 + SIGTERM);
    }
}

CONFORM(kill, NEEDS_NONE)
{
    pid_t me = getpid(), pid;
    signal(SIGUSR1, note);
    CHECK_EQ(kill(me, SIGUSR1), 0);
    CHECK_EQ(count[SIGUSR1], 1);
    CHECK_EQ(kill(me, 0), 0);
    CHECK_ERRNO(kill(NO_PROCESS, SIGTERM), ESRCH);
    CHECK_ERRNO(kill(NO_PROCESS, 0), ESRCH);
    CHECK_ERRNO(kill(me, 99), EINVAL);
    CHECK_ERRNO(kill(me, -1), EINVAL);
    if (!can_fork(&pid))
        return;
    if (pid == 0) {
        CHECK_EQ(kill(me, SIGUSR1), 0);
        for (;;)
            sleep(100);
    }
    while (count[SIGUSR1] < 2)
        sched_yield();
    CHECK_EQ(kill(pid, 0), 0);
    CHECK_EQ(kill(pid, SIGTERM), 0);
    CHECK_EQ(child_status(pid), 256 + SIGTERM);
    CHECK_ERRNO(kill(pid, SIGTERM), ESRCH);
    if (can_fork(&pid)) { /* one that cannot be caught */
        if (pid == 0) {
            signal(SIGTERM, SIG_IGN);
            sigset_t all;
            sigfillset(&all);
            sigprocmask(SIG_SETMASK, &all, NULL);
            for (;;)
                sched_yield();
        }
        CHECK_EQ(kill(pid, SIGKILL), 0);
        CHECK_EQ(child_status(pid), 256 + SIGKILL);
    }
}

static siginfo_t info;
static volatile int inside, deepest;

static void full(int sig, siginfo_t *i, void *context)
{
    (void)context;
    note(sig);
    info = *i;
}

/* Raises its own signal once more: blocked until it returns, unless SA_NODEFER. */
static void again(int sig)
{
    inside++;
    if (inside > deepest)
        deepest = inside;
    if (count[sig]++ == 0)
        raise(sig);
    inside--;
}

static void raise_other(int sig)
{
    (void)sig;
    raise(SIGUSR2);
    count[SIGUSR1] = last; /* of what came before it returned */
}

CONFORM(sigaction, NEEDS_NONE)
{
    struct sigaction act = {.sa_flags = SA_SIGINFO}, old;
    act.sa_sigaction = full;
    CHECK_EQ(sigaction(SIGUSR1, &act, &old), 0);
    CHECK(old.sa_handler == SIG_DFL);
    CHECK_EQ(raise(SIGUSR1), 0);
    CHECK_EQ(count[SIGUSR1], 1);
    CHECK_EQ(info.si_signo, SIGUSR1);
    CHECK_EQ(info.si_code, SI_USER);
    CHECK_EQ(sigaction(SIGUSR1, NULL, &old), 0);
    CHECK(old.sa_sigaction == full);
    CHECK(old.sa_flags & SA_SIGINFO);

    act = (struct sigaction){.sa_handler = again};
    CHECK_EQ(sigaction(SIGTERM, &act, NULL), 0);
    raise(SIGTERM);
    CHECK_EQ(count[SIGTERM], 2);
    CHECK_EQ(deepest, 1);
    act.sa_flags = SA_NODEFER;
    CHECK_EQ(sigaction(SIGINT, &act, NULL), 0);
    raise(SIGINT);
    CHECK_EQ(count[SIGINT], 2);
    CHECK_EQ(deepest, 2);

    act = (struct sigaction){.sa_handler = note, .sa_flags = (int)SA_RESETHAND};
    CHECK_EQ(sigaction(SIGHUP, &act, NULL), 0);
    raise(SIGHUP);
    CHECK_EQ(count[SIGHUP], 1);
    CHECK_EQ(sigaction(SIGHUP, NULL, &old), 0);
    CHECK(old.sa_handler == SIG_DFL);

    signal(SIGUSR2, note);
    act = (struct sigaction){.sa_handler = raise_other};
    sigaddset(&act.sa_mask, SIGUSR2);
    last = 0;
    CHECK_EQ(sigaction(SIGUSR1, &act, NULL), 0);
    raise(SIGUSR1);
    CHECK_EQ(count[SIGUSR1], 0); /* not before it returned */
    CHECK_EQ(count[SIGUSR2], 1); /* but then */
    CHECK_ERRNO(sigaction(SIGKILL, &act, NULL), EINVAL);
    CHECK_ERRNO(sigaction(SIGSTOP, &act, NULL), EINVAL);
    CHECK_EQ(sigaction(SIGKILL, NULL, &old), 0);
    CHECK_ERRNO(sigaction(0, &act, NULL), EINVAL);
    CHECK_ERRNO(sigaction(NSIG, NULL, &old), EINVAL);
}

CONFORM(sigprocmask, NEEDS_NONE)
{
    sigset_t set, old, now;
    signal(SIGUSR1, note);
    signal(SIGUSR2, note);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGKILL);
    CHECK_EQ(sigprocmask(SIG_BLOCK, &set, &old), 0);
    CHECK_EQ(sigismember(&old, SIGUSR1), 0);
    CHECK_EQ(sigprocmask(SIG_BLOCK, NULL, &now), 0);
    CHECK_EQ(sigismember(&now, SIGUSR1), 1);
    CHECK_EQ(sigismember(&now, SIGKILL), 0); /* nobody blocks that */
    raise(SIGUSR1);
    raise(SIGUSR1);
    raise(SIGUSR2);
    CHECK_EQ(count[SIGUSR1], 0);
    CHECK_EQ(count[SIGUSR2], 1);
    CHECK_EQ(sigprocmask(SIG_UNBLOCK, &set, NULL), 0);
    CHECK_EQ(count[SIGUSR1], 1); /* before it returns, and once */
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    CHECK_EQ(sigprocmask(SIG_SETMASK, &set, NULL), 0);
    CHECK_EQ(sigprocmask(SIG_SETMASK, NULL, &now), 0);
    CHECK_EQ(sigismember(&now, SIGUSR1), 0);
    CHECK_EQ(sigismember(&now, SIGUSR2), 1);
    CHECK_ERRNO(sigprocmask(77, &set, NULL), EINVAL);
    CHECK_EQ(sigprocmask(77, NULL, &now), 0); /* how matters only with a set */
    CHECK_EQ(sigprocmask(SIG_SETMASK, &old, NULL), 0);
    pid_t pid;
    if (can_fork(&pid)) { /* a child has its parent's mask and none of what waits */
        if (pid == 0) {
            sigprocmask(SIG_BLOCK, NULL, &now);
            CHECK_EQ(now, old);
            child_done();
        }
        CHECK_CHILD(pid);
    }
}
