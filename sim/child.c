// SPDX-License-Identifier: GPL-2.0-or-later
/* child.c - run another program and wait for it. See child.h. */
#include "child.h"

#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int child_run(char *const *argv, int *status, struct err *err)
{
    pid_t pid;
    int rc = posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ);
    if (rc)
        return err_set(err, ERR_USER, "cannot run %s: %s", argv[0], strerror(rc));
    int how;
    while (waitpid(pid, &how, 0) < 0)
        if (errno != EINTR)
            return err_set(err, ERR_USER, "cannot wait for %s: %s", argv[0],
                           strerror(errno));
    if (WIFSIGNALED(how))
        return err_set(err, ERR_USER, "%s was killed by signal %d", argv[0],
                       WTERMSIG(how));
    *status = WEXITSTATUS(how);
    return 0;
}
