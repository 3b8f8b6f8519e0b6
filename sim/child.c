// SPDX-License-Identifier: GPL-2.0-or-later
/* child.c - run another program and wait for it. See child.h. */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Starts argv and waits; actions and env may be NULL. */
static int run(char *const *argv, const posix_spawn_file_actions_t *actions,
               char *const *env, int *status, struct err *err)
{
    pid_t pid;
    int rc = posix_spawnp(&pid, argv[0], actions, NULL, argv, env ? env : environ);
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

int child_run(char *const *argv, int *status, struct err *err)
{
    return run(argv, NULL, NULL, status, err);
}

/* The environment and more: free() it. */
static char **add_env(char *const *more)
{
    size_t n = 0, k = 0;
    while (environ[n])
        n++;
    while (more[k])
        k++;
    char **env = mem_zero(n + k + 1, sizeof *env);
    memcpy(env, more, k * sizeof *env); /* the first of a name counts */
    memcpy(env + k, environ, n * sizeof *env);
    return env;
}

int child_ask(char *const *argv, char *const *env, int *status, char *words, size_t max,
              struct err *err)
{
    int out = memfd_create("words", MFD_CLOEXEC);
    if (out < 0)
        return err_set(err, ERR_USER, "cannot run %s: %s", argv[0], strerror(errno));
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    posix_spawn_file_actions_adddup2(&actions, out, 2);
    char **all = env ? add_env(env) : NULL;
    int rc = run(argv, &actions, all, status, err);
    posix_spawn_file_actions_destroy(&actions);
    free(all);
    ssize_t n = pread(out, words, max - 1, 0);
    words[n > 0 ? n : 0] = 0;
    close(out);
    return rc;
}
