// SPDX-License-Identifier: GPL-2.0-or-later
/* touch.c - accesses that may fault. See touch.h. */
#include "memory/touch.h"

#include <setjmp.h>
#include <signal.h>
#include <stddef.h>

static sigjmp_buf back;
static void *volatile caught_at;

static void catcher(int sig, siginfo_t *info, void *context)
{
    (void)sig, (void)context;
    caught_at = info->si_addr;
    siglongjmp(back, 1);
}

bool faults(volatile char *p, bool write)
{
    struct sigaction act = {.sa_flags = SA_SIGINFO}, old;
    act.sa_sigaction = catcher;
    sigaction(SIGSEGV, &act, &old);
    volatile bool came = false;
    if (sigsetjmp(back, 1) == 0) {
        if (write)
            *p = 1;
        else
            (void)*p;
    } else {
        came = caught_at == p;
    }
    sigaction(SIGSEGV, &old, NULL);
    return came;
}
