// SPDX-License-Identifier: GPL-2.0-or-later
/* jump.c - jumps out of functions: values, variables in registers, the signal mask. */
#include "harness.h"

#include <setjmp.h>
#include <signal.h>

static jmp_buf back;
static sigjmp_buf sig_back;
static volatile int depth_seen;

__attribute__((noinline)) static void dive(int depth, int value)
{
    volatile char room[64]; /* a frame of some size */
    room[depth % 64] = (char)depth;
    if (depth == 0)
        longjmp(back, value);
    dive(depth - 1, value);
    depth_seen += room[depth % 64];
}

/* Many variables that live across: in registers that calls keep, some of them floating point. */
__attribute__((noinline)) static int survivors(long n, double d)
{
    long a = n + 1, b = n * 3, c = n ^ 0x55, e = n - 9, f = n << 2, g = ~n, h = n | 64;
    double x = d * 2, y = d + 1, z = d - 3, w = d / 2;
    if (setjmp(back) == 0)
        dive(5, 1);
    return a == n + 1 && b == n * 3 && c == (n ^ 0x55) && e == n - 9 && f == n << 2 &&
           g == ~n && h == (n | 64) && x == d * 2 && y == d + 1 && z == d - 3 &&
           w == d / 2;
}

CONFORM(setjmp, NEEDS_NONE)
{
    volatile int turns = 0;
    int value = setjmp(back);
    CHECK_EQ(value, turns);
    if (turns < 3) {
        turns++;
        dive(turns, turns); /* back to the same place many times */
    }
    CHECK_EQ(turns, 3);
    for (long n = 1; n < 1000; n *= 7)
        CHECK(survivors(n, (double)n + 0.5));
}

CONFORM(longjmp, NEEDS_NONE)
{
    volatile int came = 0;
    switch (setjmp(back)) {
    case 0: came++; dive(10, 0);
    case 1: came += 10; break; /* 0 becomes 1 */
    default: came += 100;
    }
    CHECK_EQ(came, 11);
    int value = setjmp(back);
    if (value == 0)
        dive(3, -5);
    CHECK_EQ(value, -5);
    CHECK_EQ(depth_seen, 0); /* what was left does not go on */
}

static sigset_t mask_now(void)
{
    sigset_t set;
    sigprocmask(SIG_BLOCK, NULL, &set);
    return set;
}

static void block(int sig)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, sig);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

static void on_signal(int sig)
{
    siglongjmp(sig_back, sig);
}

CONFORM(siglongjmp, NEEDS_NONE)
{
    volatile int came = 0;
    struct sigaction act = {.sa_handler = on_signal}, old;
    sigaction(SIGUSR1, &act, &old);
    for (int i = 0; i < 3; i++) { /* out of a handler, again and again */
        int sig = sigsetjmp(sig_back, 1);
        if (sig == 0) {
            raise(SIGUSR1);
            came += 100;
        }
        came++;
        CHECK_EQ(sig, SIGUSR1);
        sigset_t set = mask_now();
        CHECK_EQ(sigismember(&set, SIGUSR1), 0);
    }
    CHECK_EQ(came, 3);
    sigaction(SIGUSR1, &old, NULL);
    if (sigsetjmp(sig_back, 1) == 0)
        siglongjmp(sig_back, 0);
    else
        came += 10;
    CHECK_EQ(came, 13);
}

/* The function behind sigsetjmp. */
CONFORM(exos_sigjmp_save, NEEDS_NONE)
{
    sigset_t before = mask_now(), set;
    if (sigsetjmp(sig_back, 1) == 0) { /* with the mask */
        block(SIGUSR2);
        set = mask_now();
        CHECK_EQ(sigismember(&set, SIGUSR2), 1);
        siglongjmp(sig_back, 1);
    }
    set = mask_now();
    CHECK_EQ(sigismember(&set, SIGUSR2), 0);
    if (sigsetjmp(sig_back, 0) == 0) { /* without it */
        block(SIGUSR2);
        siglongjmp(sig_back, 1);
    }
    set = mask_now();
    CHECK_EQ(sigismember(&set, SIGUSR2), 1);
    sigprocmask(SIG_SETMASK, &before, NULL);
}
