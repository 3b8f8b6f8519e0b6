// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * identity.c - who a process is: its number and its parent's, the only user and group; what it runs
 * on (sysconf) and its share of that (sched_yield).
 */
#include "harness.h"

#include <limits.h>
#include <sched.h>
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
    int fds[2];
    REQUIRE(pipe(fds) == 0);
    if (can_fork(&pid)) { /* a grandchild whose parent ends has another one */
        if (pid == 0) {
            pid_t parent = getpid();
            if (fork() == 0) {
                while (getppid() == parent)
                    sched_yield();
                _exit(write(fds[1], "x", 1) != 1);
            }
            child_done();
        }
        CHECK_CHILD(pid);
        char c = 0;
        CHECK_EQ(read(fds[0], &c, 1), 1);
    }
    close(fds[0]);
    close(fds[1]);
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

CONFORM(sysconf, NEEDS_NONE)
{
    CHECK_EQ(sysconf(_SC_PAGESIZE), getpagesize());
    CHECK_EQ(sysconf(_SC_PAGE_SIZE), getpagesize());
    CHECK_EQ(sysconf(_SC_OPEN_MAX), OPEN_MAX);
    CHECK_EQ(sysconf(_SC_CLK_TCK), 100);
    CHECK_ERRNO(sysconf(-1), EINVAL);
    CHECK_ERRNO(sysconf(9999), EINVAL);
}

CONFORM(sched_yield, NEEDS_NONE)
{
    CHECK_EQ(sched_yield(), 0);
    pid_t pid;
    int fds[2];
    REQUIRE(pipe(fds) == 0);
    if (can_fork(&pid)) { /* others run meanwhile */
        if (pid == 0)
            _exit(write(fds[1], "x", 1) != 1);
        close(fds[1]);
        for (int i = 0; i < 3; i++)
            CHECK_EQ(sched_yield(), 0);
        CHECK_CHILD(pid);
        char c;
        CHECK_EQ(read(fds[0], &c, 1), 1);
    }
    close(fds[0]);
}
