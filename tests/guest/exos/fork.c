// SPDX-License-Identifier: GPL-2.0-or-later
/* fork.c - processes: copy-on-write, wait, exit statuses, orphans, many children. */
#include "expect.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int initialised = 5, zeroed[3000];

static int finish(pid_t pid)
{
    int status = -1;
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    return status;
}

static void copies(void)
{
    int local = 7;
    int *heap = malloc(20000);
    heap[0] = 1;
    heap[4000] = 2;
    initialised = 5;
    zeroed[2999] = 0;
    pid_t pid = fork();
    if (pid == 0) {
        bool same = local == 7 && heap[0] == 1 && heap[4000] == 2 && initialised == 5;
        local = 8, heap[0] = 9, heap[4000] = 10, initialised = 11, zeroed[2999] = 12;
        _exit(same && local == 8 && heap[4000] == 10 && zeroed[2999] == 12 ? 42 : 1);
    }
    CHECK(pid > 1);
    heap[0] = 3; /* while the child still has the old page */
    int status = finish(pid);
    CHECK(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), 42);
    CHECK_EQ(local, 7);
    CHECK_EQ(heap[0], 3);
    CHECK_EQ(heap[4000], 2);
    CHECK_EQ(initialised, 5);
    CHECK_EQ(zeroed[2999], 0);
    free(heap);
}

static void generations(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        initialised++;
        pid_t inner = fork();
        if (inner == 0)
            _exit(initialised == 6 && getppid() > 1 ? 3 : 1);
        int status;
        waitpid(inner, &status, 0);
        _exit(WEXITSTATUS(status) + 1);
    }
    CHECK_EQ(WEXITSTATUS(finish(pid)), 4);
    CHECK_EQ(initialised, 5);
}

static void several(void)
{
    pid_t pids[10];
    unsigned seen = 0;
    for (int i = 0; i < 10; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            for (volatile int spin = 0; spin < 100 * (10 - i); spin++)
                ;
            _exit(i);
        }
        CHECK(pids[i] > 0);
    }
    for (int i = 0; i < 10; i++) {
        int status;
        pid_t pid = wait(&status);
        int which = WEXITSTATUS(status);
        CHECK(pid == pids[which]);
        seen |= 1u << which;
    }
    CHECK_EQ(seen, 0x3ff);
    CHECK_EQ(wait(NULL), -1);
    CHECK_EQ(errno, ECHILD);
}

static void no_hang(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        for (volatile int spin = 0; spin < 100000; spin++)
            ;
        _exit(0);
    }
    CHECK_EQ(waitpid(pid, NULL, WNOHANG), 0);
    CHECK_EQ(waitpid(pid + 1000, NULL, 0), -1);
    CHECK_EQ(errno, ECHILD);
    finish(pid);
}

static void killed(void)
{
    pid_t pid = fork();
    if (pid == 0)
        for (;;)
            sched_yield();
    CHECK_EQ(kill(pid, SIGKILL), 0);
    int status = finish(pid);
    CHECK(WIFSIGNALED(status));
    CHECK_EQ(WTERMSIG(status), SIGKILL);
}

static void orphan(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        if (fork() == 0) {
            for (volatile int spin = 0; spin < 300; spin++)
                ;
            _exit(0);
        }
        _exit(0);
    }
    finish(pid);
    usleep(20000); /* the grandchild ends */
    pid = fork();  /* and is buried here */
    if (pid == 0)
        _exit(0);
    finish(pid);
}

static void exhaustion(void)
{
    static pid_t pids[80];
    int n = 0;
    while (n < 80 && (pids[n] = fork()) > 0)
        n++;
    if (n < 80 && pids[n] == 0)
        for (;;)
            sleep(1000);
    CHECK(n >= 40 && n < 80);
    CHECK(errno == EAGAIN || errno == ENOMEM);
    for (int i = 0; i < n; i++)
        kill(pids[i], SIGKILL);
    for (int i = 0; i < n; i++)
        finish(pids[i]);
}

int main(void)
{
    CHECK_EQ(getpid(), 1);
    CHECK_EQ(getppid(), 0);
    BALANCED(copies);
    BALANCED(generations);
    BALANCED(several);
    BALANCED(no_hang);
    BALANCED(killed);
    BALANCED(orphan);
    BALANCED(exhaustion);
    return verdict();
}
