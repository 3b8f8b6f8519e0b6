// SPDX-License-Identifier: GPL-2.0-or-later
/* sigset.c - sets of signals. */
#include "harness.h"

#include <signal.h>

CONFORM(sigemptyset, NEEDS_NONE)
{
    sigset_t set = ~(sigset_t)0;
    CHECK_EQ(sigemptyset(&set), 0);
    for (int sig = 1; sig < NSIG; sig++)
        CHECK_EQ(sigismember(&set, sig), 0);
}

CONFORM(sigfillset, NEEDS_NONE)
{
    sigset_t set = 0;
    CHECK_EQ(sigfillset(&set), 0);
    for (int sig = 1; sig < NSIG; sig++)
        CHECK_EQ(sigismember(&set, sig), 1);
}

CONFORM(sigaddset, NEEDS_NONE)
{
    sigset_t set;
    sigemptyset(&set);
    for (int sig = 1; sig < NSIG; sig += 7) {
        CHECK_EQ(sigaddset(&set, sig), 0);
        CHECK_EQ(sigaddset(&set, sig), 0);
    }
    for (int sig = 1; sig < NSIG; sig++)
        CHECK_EQ(sigismember(&set, sig), sig % 7 == 1);
    CHECK_ERRNO(sigaddset(&set, 0), EINVAL);
    CHECK_ERRNO(sigaddset(&set, NSIG), EINVAL);
    CHECK_ERRNO(sigaddset(&set, -1), EINVAL);
}

CONFORM(sigdelset, NEEDS_NONE)
{
    sigset_t set;
    sigfillset(&set);
    CHECK_EQ(sigdelset(&set, SIGTERM), 0);
    CHECK_EQ(sigdelset(&set, SIGTERM), 0);
    for (int sig = 1; sig < NSIG; sig++)
        CHECK_EQ(sigismember(&set, sig), sig != SIGTERM);
    CHECK_ERRNO(sigdelset(&set, 0), EINVAL);
    CHECK_ERRNO(sigdelset(&set, NSIG), EINVAL);
}

CONFORM(sigismember, NEEDS_NONE)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, 1);
    sigaddset(&set, NSIG - 1);
    CHECK_EQ(sigismember(&set, 1), 1);
    CHECK_EQ(sigismember(&set, 2), 0);
    CHECK_EQ(sigismember(&set, NSIG - 1), 1);
    CHECK_ERRNO(sigismember(&set, 0), EINVAL);
    CHECK_ERRNO(sigismember(&set, NSIG), EINVAL);
}
