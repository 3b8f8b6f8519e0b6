// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hunger.c - all frames in use: a process that wants one more dies of SIGBUS, fork says ENOMEM,
 * and when the hungry are gone everything works again. Where memory is there as soon as it is
 * mapped, mmap is what fails, with ENOMEM.
 */
#include "expect.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOTS 0x08000000u /* more than the machine has */

#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define GIVEN_AT_ONCE 5 /* status of one that was told so */

/* Use up memory until it ends, all but `spare` frames. */
static void eat(uint32_t spare)
{
    size_t page = (size_t)getpagesize();
    char *p = mmap(NULL, LOTS, PROT_READ | PROT_WRITE, ANON, -1, 0);
    for (size_t at = 0; p != MAP_FAILED && at < LOTS && kinfo->free_frames > spare;
         at += page)
        p[at] = 1;
    if (p != MAP_FAILED)
        return;
    if (errno != ENOMEM)
        _exit(99);
    while (kinfo->free_frames > spare &&
           mmap(NULL, page, PROT_READ | PROT_WRITE, ANON, -1, 0) != MAP_FAILED)
        ;
}

static int finish(pid_t pid)
{
    int status;
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    return status;
}

static void dies(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        eat(0);
        char *p = mmap(NULL, 100000, PROT_READ | PROT_WRITE, ANON, -1, 0);
        if (p == MAP_FAILED)
            _exit(errno == ENOMEM ? GIVEN_AT_ONCE : 1);
        p[0] = 1;
        _exit(1);
    }
    int status = finish(pid);
    CHECK(WIFSIGNALED(status) ? WTERMSIG(status) == SIGBUS
                              : WEXITSTATUS(status) == GIVEN_AT_ONCE);
}

static void fork_fails(void)
{
    for (uint32_t spare = 1; spare < 30; spare += 4) {
        pid_t pid = fork();
        if (pid == 0) {
            eat(spare);
            pid_t inner = fork();
            if (inner == 0)
                _exit(0);
            if (inner > 0)
                waitpid(inner, NULL, 0);
            _exit(inner > 0 ? 2 : errno == ENOMEM || errno == EAGAIN ? 3 : 4);
        }
        int status = finish(pid);
        /* with few spare frames it may also starve while copying its stack */
        CHECK(WIFSIGNALED(status) ? WTERMSIG(status) == SIGBUS : WEXITSTATUS(status) < 4);
    }
    usleep(20000); /* grandchildren end, and the next fork buries them */
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    finish(pid);
}

static void works(void)
{
    char *p = malloc(100000);
    memset(p, 1, 100000);
    pid_t pid = fork();
    if (pid == 0) {
        memset(p, 2, 100000);
        _exit(p[99999]);
    }
    CHECK_EQ(WEXITSTATUS(finish(pid)), 2);
    CHECK_EQ(p[0], 1);
    free(p);
}

int main(void)
{
    BALANCED(dies);
    BALANCED(fork_fails);
    BALANCED(works);
    return verdict();
}
