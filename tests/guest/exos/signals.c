// SPDX-License-Identifier: GPL-2.0-or-later
/* signals.c - signals between processes, masks, faults of every kind, changed contexts. */
#include "expect.h"

#include <errno.h>
#include <exo/machine.h>
#include <exos/context.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int got[32], order[8], norder;

static void note(int sig)
{
    got[sig]++;
    if (norder < 8)
        order[norder++] = sig;
}

static void clear(void)
{
    memset((void *)(uintptr_t)got, 0, sizeof got);
    norder = 0;
}

static void self(void)
{
    clear();
    signal(SIGUSR1, note);
    CHECK_EQ(raise(SIGUSR1), 0);
    CHECK_EQ(got[SIGUSR1], 1);
    CHECK_EQ(kill(getpid(), SIGUSR1), 0);
    CHECK_EQ(got[SIGUSR1], 2);
    signal(SIGUSR1, SIG_IGN);
    raise(SIGUSR1);
    CHECK_EQ(got[SIGUSR1], 2);
    CHECK_EQ(kill(getpid(), 0), 0);
    CHECK_EQ(kill(12345, SIGTERM), -1);
    CHECK_EQ(errno, ESRCH);
    CHECK_EQ(kill(getpid(), 99), -1);
    CHECK_EQ(errno, EINVAL);
    CHECK(signal(SIGKILL, note) == SIG_ERR);
    signal(SIGUSR1, SIG_DFL);
}

static void mask(void)
{
    clear();
    sigset_t set, old;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    signal(SIGUSR1, note);
    signal(SIGUSR2, note);
    CHECK_EQ(sigprocmask(SIG_BLOCK, &set, &old), 0);
    raise(SIGUSR2);
    raise(SIGUSR1);
    CHECK_EQ(norder, 0);
    CHECK_EQ(sigprocmask(SIG_SETMASK, &old, NULL), 0);
    CHECK_EQ(norder, 2);
    CHECK_EQ(got[SIGUSR1] + got[SIGUSR2], 2);
    signal(SIGUSR1, SIG_DFL);
    signal(SIGUSR2, SIG_DFL);
}

/* A parent asleep, or computing: the signal gets through. */
static void from_child(void)
{
    clear();
    struct sigaction act = {.sa_handler = note};
    sigaction(SIGUSR1, &act, NULL);
    pid_t parent = getpid(), pid = fork();
    if (pid == 0) {
        usleep(1000);
        kill(parent, SIGUSR1);
        _exit(0);
    }
    CHECK_EQ(sleep(1000) > 0, 1);
    CHECK_EQ(got[SIGUSR1], 1);
    waitpid(pid, NULL, 0);
    pid = fork();
    if (pid == 0) {
        kill(parent, SIGUSR1);
        _exit(0);
    }
    while (got[SIGUSR1] < 2)
        ; /* only the beginning of a slice can deliver it */
    while (waitpid(pid, NULL, 0) < 0)
        CHECK_EQ(errno, EINTR);
    signal(SIGUSR1, SIG_DFL);
}

static void child_signal(void)
{
    clear();
    signal(SIGCHLD, note);
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    waitpid(pid, NULL, 0);
    sched_yield();
    CHECK_EQ(got[SIGCHLD], 1);
    signal(SIGCHLD, SIG_DFL);
    pid = fork();
    if (pid == 0)
        for (;;)
            ;
    usleep(100);
    kill(pid, SIGTERM); /* no handler there: it dies at its next slice */
    int status;
    waitpid(pid, &status, 0);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}

/* -- faults -- */

static sigjmp_buf back;
static volatile int caught, cause;

static void trap(int sig, siginfo_t *info, void *context)
{
    (void)info;
    caught = sig;
    cause = (int)(((struct exos_context *)context)->cause & M_CAUSE_CODE);
    siglongjmp(back, 1);
}

static void illegal(void)
{
#if defined(__riscv) || defined(__aarch64__)
    __asm__ volatile(".4byte 0");
#elif defined(__x86_64__)
    __asm__ volatile("ud2");
#else
    __asm__ volatile(".4byte 0x7000003e");
#endif
}

static void breakpoint(void)
{
#if defined(__riscv)
    __asm__ volatile("ebreak");
#elif defined(__aarch64__)
    __asm__ volatile("brk 1");
#elif defined(__x86_64__)
    __asm__ volatile("int3");
#else
    __asm__ volatile("break 5");
#endif
}

static void arithmetic(void)
{
#if defined(__x86_64__)
    __asm__ volatile("xorl %%ecx, %%ecx; xorl %%edx, %%edx; divl %%ecx" ::
                         : "rax", "rcx", "rdx");
#elif defined(__mips__)
    __asm__ volatile("teq $zero, $zero, 7");
#endif
}

static void foreign_call(void)
{
#if defined(__riscv)
    __asm__ volatile("li a7, 93; ecall" ::: "a0", "a7");
#elif defined(__aarch64__)
    __asm__ volatile("mov x8, 93; svc 0" ::: "x0", "x8");
#elif defined(__x86_64__)
    __asm__ volatile("movl $60, %%eax; syscall" ::: "rax", "rcx", "r11");
#else
    __asm__ volatile("li $v0, 4001; syscall" ::: "$2", "$7");
#endif
}

static void expect_signal(void (*f)(void), int sig)
{
    caught = 0;
    if (sigsetjmp(back, 1) == 0)
        f();
    CHECK_EQ(caught, sig);
}

static void faults(void)
{
    struct sigaction act = {.sa_flags = SA_SIGINFO};
    act.sa_sigaction = trap;
    sigaction(SIGILL, &act, NULL);
    sigaction(SIGTRAP, &act, NULL);
    sigaction(SIGFPE, &act, NULL);
    sigaction(SIGSYS, &act, NULL);
    expect_signal(illegal, SIGILL);
    expect_signal(breakpoint, SIGTRAP);
#if defined(__x86_64__) || defined(__mips__)
    expect_signal(arithmetic, SIGFPE);
    CHECK_EQ(cause, M_CAUSE_ARITH);
#else
    (void)arithmetic;
#endif
    expect_signal(foreign_call, SIGSYS);
    CHECK_EQ(cause, M_CAUSE_SYSCALL);
}

/* The handler skips the instruction; everything else is as it was. */
static volatile int skips;
static void skipper(int sig, siginfo_t *info, void *context)
{
    struct exos_context *c = context;
    (void)sig, (void)info;
    skips++;
#if defined(__x86_64__)
    c->pc += 2;
#else
    c->pc += 4;
#endif
}

static void skip(void)
{
    struct sigaction act = {.sa_flags = SA_SIGINFO};
    act.sa_sigaction = skipper;
    sigaction(SIGILL, &act, NULL);
    long a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8;
    double x = 1.25, y = 2.5;
    skips = 0;
    for (int i = 0; i < 5; i++) {
        illegal();
        a += b, b += c, c += d, d += e, e += f, f += g, g += h, h += a;
        x *= 1.5, y += x;
    }
    CHECK_EQ(skips, 5);
    CHECK_EQ(a + b + c + d + e + f + g + h, 1392);
    CHECK(x == 9.4921875 && y == 27.2265625);
    signal(SIGILL, SIG_DFL);
}

/* No handler: dies, and its parent learns of what. */
static void fatal(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGTRAP, SIG_DFL);
        breakpoint();
        _exit(0);
    }
    int status;
    waitpid(pid, &status, 0);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTRAP);
    pid = fork();
    if (pid == 0)
        abort();
    waitpid(pid, &status, 0);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

int main(void)
{
    BALANCED(self);
    BALANCED(mask);
    BALANCED(from_child);
    BALANCED(child_signal);
    BALANCED(faults);
    BALANCED(skip);
    BALANCED(fatal);
    return verdict();
}
