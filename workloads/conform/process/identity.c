// SPDX-License-Identifier: GPL-2.0-or-later
/* identity.c - who a process is: its number and its parent's, the only user and group. */
#include "harness.h"

#include <unistd.h>

CONFORM(getpid, NEEDS_NONE)
{
    pid_t me = getpid(), pid;
    CHECK(me > 0);
    CHECK_EQ(getpid(), me);
    if (can_fork(&pid)) {
        if (pid == 0) {
            CHECK(getpid() != me);
            CHECK(getpid() > 0);
            child_done();
        }
        CHECK(pid != me);
        CHECK_CHILD(pid);
    }
}

CONFORM(getppid, NEEDS_NONE)
{
    pid_t me = getpid(), pid;
    CHECK(getppid() != me);
    if (can_fork(&pid)) {
        if (pid == 0) {
            CHECK_EQ(getppid(), me);
            child_done();
        }
        CHECK_CHILD(pid);
    }
}

CONFORM(getuid, NEEDS_NONE)
{
    CHECK_EQ(getuid(), 0);
}

CONFORM(geteuid, NEEDS_NONE)
{
    CHECK_EQ(geteuid(), 0);
}

CONFORM(getgid, NEEDS_NONE)
{
    CHECK_EQ(getgid(), 0);
}

CONFORM(getegid, NEEDS_NONE)
{
    CHECK_EQ(getegid(), 0);
}
