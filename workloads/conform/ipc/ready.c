// SPDX-License-Identifier: GPL-2.0-or-later
/* ready.c - waiting for one of several descriptors: poll and select. */
#include "harness.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/select.h>
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

static void on_signal(void)
{
    struct sigaction act = {.sa_handler = nothing, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &act, NULL);
}

/* A child that writes to fd a while later, or sends SIGUSR1 if fd is -1. False: none here. */
static bool later(int fd, pid_t *pid)
{
    pid_t parent = getpid();
    if (!can_fork(pid))
        return false;
    if (*pid == 0) {
        usleep(2000);
        if (fd >= 0)
            CHECK_EQ(write(fd, "x", 1), 1);
        else
            CHECK_EQ(kill(parent, SIGUSR1), 0);
        child_done();
    }
    return true;
}

static short events_of(int fd, short want)
{
    struct pollfd p = {.fd = fd, .events = want, .revents = 77};
    return poll(&p, 1, 0) < 0 ? -1 : p.revents;
}

CONFORM(poll, MAY_LACK)
{
    int fds[2];
    char c;
    REQUIRE(pipe(fds) == 0);
    CHECK_EQ(events_of(fds[0], POLLIN), 0);
    CHECK_EQ(events_of(fds[1], POLLOUT), POLLOUT);
    CHECK_EQ(write(fds[1], "x", 1), 1);
    CHECK_EQ(events_of(fds[0], POLLIN), POLLIN);
    CHECK_EQ(events_of(fds[0], 0), 0);
    CHECK_EQ(read(fds[0], &c, 1), 1);
    CHECK_EQ(events_of(199, POLLIN), POLLNVAL);
    CHECK_EQ(events_of(-1, POLLIN), 0);
    CHECK_EQ(poll(NULL, 0, 0), 0);
    CHECK_ERRNO(poll(NULL, OPEN_MAX + 1, 0), EINVAL);

    long long before = now_us();
    CHECK_EQ(poll(NULL, 0, 20), 0);
    CHECK(now_us() - before >= 20000);
    before = now_us();
    struct pollfd p[2] = {{fds[0], POLLIN, 0}, {-5, POLLIN, 77}};
    CHECK_EQ(poll(p, 2, 10), 0);
    CHECK(now_us() - before >= 10000);
    CHECK_EQ(p[1].revents, 0);
    pid_t pid;
    if (later(fds[1], &pid)) {
        CHECK_EQ(poll(p, 2, -1), 1);
        CHECK_EQ(p[0].revents, POLLIN);
        CHECK_EQ(read(fds[0], &c, 1), 1);
        CHECK_CHILD(pid);
    }
    on_signal(); /* ends it whatever SA_RESTART says */
    if (later(-1, &pid)) {
        int r = poll(p, 2, 60000), error = errno;
        CHECK_EQ(r, -1);
        CHECK_EQ(error, EINTR);
        CHECK_CHILD(pid);
    }
    CHECK_EQ(close(fds[1]), 0);
    CHECK_EQ(events_of(fds[0], POLLIN), POLLHUP);
    CHECK_EQ(close(fds[0]), 0);
    REQUIRE(pipe(fds) == 0);
    CHECK_EQ(close(fds[0]), 0);
    CHECK(events_of(fds[1], POLLOUT) & POLLERR);
    CHECK_EQ(close(fds[1]), 0);
}

CONFORM(select, MAY_LACK)
{
    int fds[2];
    char c;
    fd_set in, out;
    struct timeval none = {0, 0}, little = {0, 10000};
    REQUIRE(pipe(fds) == 0);
    int n = (fds[0] > fds[1] ? fds[0] : fds[1]) + 1;
    FD_ZERO(&in);
    FD_ZERO(&out);
    FD_SET(fds[0], &in);
    FD_SET(fds[1], &out);
    CHECK_EQ(select(n, &in, &out, NULL, &none), 1);
    CHECK(!FD_ISSET(fds[0], &in));
    CHECK(FD_ISSET(fds[1], &out));
    CHECK_EQ(write(fds[1], "x", 1), 1);
    FD_SET(fds[0], &in);
    CHECK_EQ(select(n, &in, NULL, NULL, &none), 1);
    CHECK(FD_ISSET(fds[0], &in));
    CHECK_EQ(read(fds[0], &c, 1), 1);

    long long before = now_us();
    CHECK_EQ(select(n, &in, NULL, NULL, &little), 0);
    CHECK(now_us() - before >= 10000);
    CHECK(!FD_ISSET(fds[0], &in));
    pid_t pid;
    if (later(fds[1], &pid)) {
        FD_SET(fds[0], &in);
        CHECK_EQ(select(n, &in, NULL, NULL, NULL), 1);
        CHECK(FD_ISSET(fds[0], &in));
        CHECK_EQ(read(fds[0], &c, 1), 1);
        CHECK_CHILD(pid);
    }
    FD_ZERO(&in);
    FD_SET(199, &in);
    CHECK_ERRNO(select(200, &in, NULL, NULL, &none), EBADF);
    CHECK_ERRNO(select(-1, NULL, NULL, NULL, &none), EINVAL);
    CHECK_EQ(select(FD_SETSIZE, NULL, NULL, NULL, &none), 0);
    none.tv_sec = -1;
    CHECK_ERRNO(select(0, NULL, NULL, NULL, &none), EINVAL);
    CHECK_EQ(close(fds[1]), 0);
    FD_ZERO(&in);
    FD_SET(fds[0], &in);
    CHECK_EQ(select(n, &in, NULL, NULL, NULL), 1); /* its end is readable */
    CHECK_EQ(close(fds[0]), 0);
}
