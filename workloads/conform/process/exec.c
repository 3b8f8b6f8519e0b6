// SPDX-License-Identifier: GPL-2.0-or-later
/* exec.c - another program in a process's place: `conform --exec STATUS WORD...`. */
#include "harness.h"

#include <stdlib.h>
#include <unistd.h>

/* The status that was asked for if the rest of the arguments are right, else 99. */
int conform_exec(int argc, char **argv)
{
    if (argc != 5 || strcmp(argv[3], "one two") != 0 || strcmp(argv[4], "") != 0)
        return 99;
    return atoi(argv[2]);
}

CONFORM(execv, MAY_LACK)
{
    char *const args[] = {"conform", "--exec", "42", "one two", "", NULL};
    pid_t pid;
    CHECK_ERRNO(execv("/no-such-program", args), ENOENT);
    if (can_fork(&pid)) {
        if (pid == 0) {
            execv("/conform", args);
            FAIL("execv came back");
            child_done();
        }
        CHECK_EQ(child_status(pid), 42);
    }
}
