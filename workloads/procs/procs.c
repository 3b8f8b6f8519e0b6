// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * procs.c - processes made and reaped:
 *
 *   fork   fork, the child exits at once, wait
 *   exec   the same, and the child executes this program anew first
 *   tree   a tree of processes, three deep, two children each; every parent waits for its own
 *
 *   procs [fork|exec|tree] [COUNT]     default: fork, 20 rounds; `procs all`: the three
 *
 * Exit statuses and copied memory are checked. Prints the cost of a round (tree: of 14 children).
 */
#include "measure.h"
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT 20
#define DEPTH 3
#define CHILD_STATUS 7

static const char *program;
static volatile int memory = 1; /* changed in children: parents must not see it */

static int trouble(const char *what)
{
    fprintf(stderr, "procs: %s: %s\n", what, strerror(errno));
    return -1;
}

/* Wait for child; its exit status, or -1. */
static int status_of(pid_t child)
{
    int status;

    if (waitpid(child, &status, 0) != child)
        return trouble("wait");
    if (!WIFEXITED(status)) {
        fprintf(stderr, "procs: process %d ended with status %#x\n", (int)child,
                (unsigned)status);
        return -1;
    }
    return WEXITSTATUS(status);
}

/* 0, or -1 and a message. */
static int expect(int status, int want)
{
    if (status == want && memory == 1)
        return 0;
    if (status >= 0)
        fprintf(stderr, "procs: exit status %d, expected %d; memory %d, expected 1\n",
                status, want, memory);
    return -1;
}

static int run_fork(void)
{
    pid_t child = fork();

    if (child < 0)
        return trouble("fork");
    if (!child) {
        memory = 2;
        _exit(CHILD_STATUS);
    }
    return expect(status_of(child), CHILD_STATUS);
}

static int run_exec(void)
{
    pid_t child = fork();

    if (child < 0)
        return trouble("fork");
    if (!child) {
        memory = 2;
        execl(program, program, "exit", (char *)NULL);
        trouble("exec");
        _exit(1);
    }
    return expect(status_of(child), CHILD_STATUS);
}

/* Number of processes below this one, -1 for trouble. */
static int tree(int depth)
{
    int below = 0;

    if (!depth)
        return 0;
    pid_t child[2];
    for (int i = 0; i < 2; i++) {
        child[i] = fork();
        if (child[i] < 0)
            return trouble("fork");
        if (!child[i]) {
            memory++;
            int n = tree(depth - 1);
            _exit(n < 0 || memory != 2 + DEPTH - depth ? 255 : n);
        }
    }
    for (int i = 0; i < 2; i++) {
        int n = status_of(child[i]);
        if (n < 0 || n == 255)
            return -1;
        below += n + 1;
    }
    return below;
}

static int run_tree(void)
{
    return expect(tree(DEPTH), (2 << DEPTH) - 2);
}

static const struct kind {
    const char *name;
    int (*run)(void);
} kinds[] = {{"fork", run_fork}, {"exec", run_exec}, {"tree", run_tree}};

/* 0 or 1 */
static int measure_kind(const struct kind *k, unsigned n)
{
    struct measure m = {0};

    for (unsigned i = 0; i <= n; i++) { /* the first one warms up */
        if (i == 1)
            m = measure_start();
        if (k->run())
            return 1;
    }
    measure_stop(&m);
    measure_print(k->name, &m, n);
    fflush(stdout);
    return 0;
}

int main(int argc, char **argv)
{
    const char *only = "fork";
    unsigned long n = COUNT;
    int status = 0;
    bool known = false;

    program = argv[0];
    if (argc == 2 && !strcmp(argv[1], "exit"))
        return memory == 1 ? CHILD_STATUS : 1;
    for (int i = 1; i < argc; i++) {
        char *end;
        unsigned long v = strtoul(argv[i], &end, 10);
        if (!*end && v && v < 100000000)
            n = v;
        else
            only = argv[i];
    }
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++)
        known |= !strcmp(only, kinds[i].name);
    if (argc > 3 || !(known || !strcmp(only, "all"))) {
        fprintf(stderr, "usage: procs [fork|exec|tree|all] [COUNT]\n");
        return 2;
    }
    measure_heading();
    fflush(stdout); /* not once more by a child */
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!known || !strcmp(only, kinds[i].name))
            status |= measure_kind(&kinds[i], (unsigned)n);
    return status;
}
