// SPDX-License-Identifier: GPL-2.0-or-later
/* sleep.c - sleeping: nanosleep, sleep, usleep. */
#include "harness.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000ll + t.tv_nsec / 1000;
}

static void nothing(int sig)
{
    (void)sig;
}

/* A child that sends SIGUSR1, which has a handler, after 3 ms. False: no children here. */
static bool alarm_later(pid_t *pid)
{
    pid_t parent = getpid();
    struct sigaction act = {.sa_handler = nothing};
    sigaction(SIGUSR1, &act, NULL);
    if (!can_fork(pid))
        return false;
    if (*pid == 0) {
        usleep(3000);
        CHECK_EQ(kill(parent, SIGUSR1), 0);
        child_done();
    }
    return true;
}

CONFORM(nanosleep, NEEDS_NONE)
{
    struct timespec t = {0, 25000000}, left = {77, 77};
    long long before = now_us();
    CHECK_EQ(nanosleep(&t, &left), 0);
    long long passed = now_us() - before;
    CHECK(passed >= 25000);
    CHECK(passed < 50000);
    t.tv_nsec = 0;
    CHECK_EQ(nanosleep(&t, NULL), 0);
    t.tv_nsec = 1000000000;
    CHECK_ERRNO(nanosleep(&t, NULL), EINVAL);
    t.tv_nsec = -1;
    CHECK_ERRNO(nanosleep(&t, NULL), EINVAL);
    t = (struct timespec){-1, 0};
    CHECK_ERRNO(nanosleep(&t, NULL), EINVAL);
    pid_t pid;
    t = (struct timespec){100, 0};
    if (alarm_later(&pid)) {
        int r = nanosleep(&t, &left), error = errno;
        CHECK_EQ(r, -1);
        CHECK_EQ(error, EINTR);
        CHECK(left.tv_sec == 99 || left.tv_sec == 100);
        CHECK(left.tv_nsec >= 0 && left.tv_nsec < 1000000000);
        CHECK_CHILD(pid);
    }
    if (can_fork(&pid)) { /* the longest sleep there is does not end soon */
        if (pid == 0) {
            t = (struct timespec){INT64_MAX, 999999999};
            nanosleep(&t, NULL);
            _exit(CONFORM_FAIL);
        }
        CHECK_EQ(sleep(2), 0);
        CHECK_EQ(waitpid(pid, NULL, WNOHANG), 0);
        CHECK_EQ(kill(pid, SIGKILL), 0);
        CHECK_EQ(waitpid(pid, NULL, 0), pid);
    }
}

CONFORM(sleep, NEEDS_NONE)
{
    long long before = now_us();
    CHECK_EQ(sleep(0), 0);
    CHECK_EQ(sleep(2), 0);
    CHECK(now_us() - before >= 2000000);
    CHECK(now_us() - before < 2100000);
    pid_t pid;
    if (alarm_later(&pid)) {
        unsigned left = sleep(50);
        CHECK(left == 49 || left == 50);
        CHECK_CHILD(pid);
    }
}

CONFORM(usleep, NEEDS_NONE)
{
    long long before = now_us();
    CHECK_EQ(usleep(0), 0);
    CHECK_EQ(usleep(1500000), 0);
    CHECK(now_us() - before >= 1500000);
    CHECK(now_us() - before < 1600000);
    pid_t pid;
    if (alarm_later(&pid)) {
        int r = usleep(900000), error = errno;
        CHECK_EQ(r, -1);
        CHECK_EQ(error, EINTR);
        CHECK_CHILD(pid);
    }
}
