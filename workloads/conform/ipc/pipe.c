// SPDX-License-Identifier: GPL-2.0-or-later
/* pipe.c - pipes: order, room, ends. */
#include "harness.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <unistd.h>

#define MANY 20000
#define MOST 256

/* As many bytes as fit at least; what is read is what was written, in order. */
static void within(void)
{
    static char in[PIPE_BUF], out[PIPE_BUF];
    int fds[2];
    REQUIRE(pipe(fds) == 0);
    CHECK(fds[0] > 2);
    CHECK(fds[1] > 2);
    CHECK(fds[0] != fds[1]);
    for (int i = 0; i < PIPE_BUF; i++)
        in[i] = (char)(i * 7);
    for (int round = 0; round < 3; round++) {
        CHECK_EQ(write(fds[1], in, PIPE_BUF), PIPE_BUF);
        CHECK_EQ(read(fds[0], out, 1000), 1000);
        CHECK_EQ(read(fds[0], out + 1000, PIPE_BUF), PIPE_BUF - 1000);
        CHECK_EQ(memcmp(in, out, PIPE_BUF), 0);
    }
    CHECK_ERRNO(write(fds[0], in, 1), EBADF);
    CHECK_ERRNO(read(fds[1], out, 1), EBADF);
    CHECK_ERRNO(lseek(fds[0], 0, SEEK_SET), ESPIPE);
    CHECK_EQ(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
    CHECK_ERRNO(read(fds[0], out, 1), EAGAIN);
    CHECK_EQ(fcntl(fds[1], F_SETFL, O_NONBLOCK), 0);
    while (write(fds[1], in, 1000) > 0)
        ;
    CHECK_ERRNO(write(fds[1], in, PIPE_BUF), EAGAIN);
    CHECK_EQ(close(fds[1]), 0);
    while (read(fds[0], out, PIPE_BUF) > 0)
        ;
    CHECK_EQ(read(fds[0], out, 1), 0); /* no writer is left */
    CHECK_EQ(close(fds[0]), 0);
}

static void without_reader(void)
{
    int fds[2];
    REQUIRE(pipe(fds) == 0);
    close(fds[0]);
    signal(SIGPIPE, SIG_IGN);
    CHECK_ERRNO(write(fds[1], "x", 1), EPIPE);
    signal(SIGPIPE, SIG_DFL);
    pid_t pid;
    if (can_fork(&pid)) {
        if (pid == 0)
            _exit(write(fds[1], "x", 1) < 0);
        CHECK_EQ(child_status(pid), 256 + SIGPIPE);
    }
    close(fds[1]);
}

/* More than fits: the writer waits for the reader and the other way round. */
static void between(void)
{
    int fds[2];
    pid_t pid;
    REQUIRE(pipe(fds) == 0);
    if (can_fork(&pid)) {
        if (pid == 0) {
            close(fds[0]);
            for (int i = 0; i < MANY; i += 1000) {
                char part[1000];
                memset(part, i / 1000, sizeof part);
                CHECK_EQ(write(fds[1], part, sizeof part), 1000);
            }
            child_done();
        }
        close(fds[1]);
        char buf[700];
        int got = 0, wrong = 0;
        ssize_t n;
        while ((n = read(fds[0], buf, sizeof buf)) > 0)
            for (ssize_t i = 0; i < n; i++, got++)
                wrong += buf[i] != got / 1000;
        CHECK_EQ(got, MANY);
        CHECK_EQ(wrong, 0);
        CHECK_CHILD(pid);
    } else {
        close(fds[1]);
    }
    close(fds[0]);
}

CONFORM(pipe, MAY_LACK)
{
    within();
    without_reader();
    between();
    int fds[MOST][2], n = 0;
    while (n < MOST && pipe(fds[n]) == 0)
        n++;
    CHECK(n >= 8); /* and an end */
    int one[2];
    int error = pipe(one) == 0 ? 0 : errno;
    CHECK(error == ENFILE || error == EMFILE);
    while (n-- > 0) {
        CHECK_EQ(close(fds[n][0]), 0);
        CHECK_EQ(close(fds[n][1]), 0);
    }
    CHECK_EQ(pipe(one), 0); /* what was closed is there again */
    close(one[0]);
    close(one[1]);
}
