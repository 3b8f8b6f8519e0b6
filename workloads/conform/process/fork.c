// SPDX-License-Identifier: GPL-2.0-or-later
/* fork.c - children: fork, wait, waitpid, _exit. */
#include "harness.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int shared_at_first = 1;

CONFORM(fork, MAY_LACK)
{
    int local = 2, *heap = malloc(sizeof *heap), fds[2];
    REQUIRE(heap != NULL);
    *heap = 3;
    REQUIRE(pipe(fds) == 0);
    pid_t pid = fork();
    REQUIRE(pid >= 0);
    if (pid == 0) { /* it has copies of everything */
        CHECK_EQ(shared_at_first + local + *heap, 6);
        shared_at_first = 10, local = 20, *heap = 30;
        CHECK_EQ(write(fds[1], "x", 1), 1);
        CHECK_EQ(shared_at_first + local + *heap, 60);
        child_done();
    }
    char c = 0;
    CHECK_EQ(read(fds[0], &c, 1), 1); /* descriptors are the same */
    CHECK_EQ(c, 'x');
    CHECK_CHILD(pid);
    CHECK_EQ(shared_at_first, 1);
    CHECK_EQ(local, 2);
    CHECK_EQ(*heap, 3);
    close(fds[0]);
    close(fds[1]);
    free(heap);
}

CONFORM(_exit, NEEDS_NONE)
{
    static const int status[] = {0, 1, 42, 255};
    pid_t pid;
    for (size_t i = 0; i < sizeof status / sizeof *status; i++) {
        if (!can_fork(&pid))
            break;
        if (pid == 0)
            _exit(status[i]);
        int got = -1;
        CHECK_EQ(waitpid(pid, &got, 0), pid);
        CHECK(WIFEXITED(got));
        CHECK_EQ(WEXITSTATUS(got), status[i]);
    }
    if (can_fork(&pid)) { /* eight bits of it */
        if (pid == 0)
            _exit(0x1234);
        CHECK_EQ(child_status(pid), 0x34);
    }
    tap_last_words();
    _exit(0);
}

CONFORM(wait, NEEDS_NONE)
{
    int status = 77;
    CHECK_ERRNO(wait(&status), ECHILD);
    CHECK_EQ(status, 77);
    pid_t pid[2];
    for (int i = 0; i < 2; i++) {
        if (!can_fork(&pid[i]))
            return;
        if (pid[i] == 0)
            _exit(i + 1);
    }
    int sum = 0;
    for (int i = 0; i < 2; i++) {
        pid_t got = wait(&status);
        CHECK(got == pid[0] || got == pid[1]);
        CHECK(WIFEXITED(status));
        CHECK_EQ(WEXITSTATUS(status), got == pid[0] ? 1 : 2);
        sum += WEXITSTATUS(status);
    }
    CHECK_EQ(sum, 3); /* each once */
    CHECK_ERRNO(wait(NULL), ECHILD);
}

static void nothing(int sig)
{
    (void)sig;
}

/* A wait that is interrupted by a handler without SA_RESTART. */
static void interrupted(void)
{
    struct sigaction act = {.sa_handler = nothing};
    pid_t parent = getpid(), pid;
    sigaction(SIGUSR1, &act, NULL);
    if (!can_fork(&pid))
        return;
    if (pid == 0) {
        usleep(1000);
        kill(parent, SIGUSR1);
        usleep(1000000);
        _exit(0);
    }
    CHECK_ERRNO(waitpid(pid, NULL, 0), EINTR);
    CHECK_EQ(kill(pid, SIGKILL), 0);
    CHECK_EQ(waitpid(pid, NULL, 0), pid);
    signal(SIGUSR1, SIG_DFL);
}

CONFORM(waitpid, NEEDS_NONE)
{
    int status = 0, fds[2];
    char c;
    pid_t pid;
    CHECK_ERRNO(waitpid(-1, &status, 0), ECHILD);
    CHECK_ERRNO(waitpid(getpid(), &status, 0), ECHILD);
    CHECK_ERRNO(waitpid(-1, &status, 0x4000), EINVAL);
    REQUIRE(pipe(fds) == 0);
    if (!can_fork(&pid))
        return;
    if (pid == 0) {
        CHECK_ERRNO(waitpid(-1, NULL, 0), ECHILD); /* its parent's are not its own */
        CHECK_EQ(read(fds[0], &c, 1), 1);
        child_done();
    }
    CHECK_EQ(waitpid(pid, &status, WNOHANG), 0);
    CHECK_ERRNO(waitpid(pid + 1000, &status, 0), ECHILD);
    CHECK_EQ(write(fds[1], "x", 1), 1);
    CHECK_CHILD(pid);
    CHECK_ERRNO(waitpid(pid, &status, 0), ECHILD);
    if (can_fork(&pid)) {
        if (pid == 0)
            for (;;)
                sleep(100);
        CHECK_EQ(kill(pid, SIGKILL), 0);
        CHECK_EQ(waitpid(pid, &status, 0), pid);
        CHECK(WIFSIGNALED(status));
        CHECK_EQ(WTERMSIG(status), SIGKILL);
    }
    interrupted();
    close(fds[0]);
    close(fds[1]);
}
