// SPDX-License-Identifier: GPL-2.0-or-later
/* port_tree.c - what to change in a source tree, and the process that watches over it. See
 * port_tree.h. */
#include "port_tree.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "data.h"
#include "port_journal.h"

int tree_open(struct tree *t, const char *root, struct err *err)
{
    static const char *const must[] = {"exo/include/exo/kinds.def", "hwmodels/models.def",
                                       "libos/port/hooks.def", "sim/port"};
    *t = (struct tree){.root = mem_str(root)};
    for (size_t i = 0; i < sizeof must / sizeof *must; i++) {
        char *p = mem_fmt("%s/%s", root, must[i]);
        bool there = data_exists(p);
        free(p);
        if (!there)
            return err_set(err, ERR_USER,
                           "%s: not a source tree of exosim (it has no %s): give the "
                           "tree by --source DIR or EXOSIM_SOURCE",
                           root, must[i]);
    }
    return 0;
}

void tree_free(struct tree *t)
{
    for (size_t i = 0; i < t->n; i++) {
        free(t->change[i].path);
        free(t->change[i].text);
    }
    free(t->change);
    free(t->root);
    *t = (struct tree){0};
}

char *tree_text(const struct tree *t, const char *path)
{
    for (size_t i = t->n; i-- > 0;)
        if (strcmp(t->change[i].path, path) == 0)
            return mem_str(t->change[i].text);
    char *full = mem_fmt("%s/%s", t->root, path), *text = NULL;
    size_t max = 0;
    FILE *f = fopen(full, "r");
    if (f && getdelim(&text, &max, '\0', f) < 0) {
        free(text);
        text = feof(f) ? mem_str("") : NULL;
    }
    if (f)
        fclose(f);
    free(full);
    return text;
}

static void add(struct tree *t, const char *path, char *text, unsigned mode, bool edit)
{
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->change[i].path, path) == 0) {
            free(t->change[i].text);
            t->change[i].text = text;
            return;
        }
    t->change = mem_grow(t->change, t->n + 1, sizeof *t->change);
    t->change[t->n++] = (struct tree_change){mem_str(path), text, mode, edit};
}

void tree_new(struct tree *t, const char *path, char *text, unsigned mode)
{
    add(t, path, text, mode, false);
}

void tree_edit(struct tree *t, const char *path, char *text)
{
    add(t, path, text, 0, true);
}

/* ---- the two processes ---- */

static volatile sig_atomic_t stopped;

static void on_stop(int sig)
{
    (void)sig;
    stopped = 1;
}

static void catch_stops(struct sigaction old[3])
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction sa = {.sa_handler = on_stop};
    for (int i = 0; i < 3; i++)
        sigaction(signals[i], &sa, &old[i]);
}

static void restore_stops(const struct sigaction old[3])
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (int i = 0; i < 3; i++)
        sigaction(signals[i], &old[i], NULL);
}

static bool is_stopped(void)
{
    return stopped;
}

_Noreturn static void work(const struct tree *t, pid_t parent, int report,
                           void (*step)(void *arg, unsigned n), void *arg)
{
    struct err err = {""};
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(1);
    int rc = journal_do(t, is_stopped, step, arg, &err);
    if (rc && write(report, err.msg, strlen(err.msg)) < 0)
        _exit(2);
    _exit(rc ? 1 : 0);
}

/* What the child had to say, and how it ended: 0 or ERR_USER. */
static int follow(pid_t child, int from, struct err *err)
{
    char words[sizeof err->msg] = "";
    size_t len = 0;
    bool told = false;
    for (;;) {
        ssize_t n = read(from, words + len, sizeof words - 1 - len);
        if (n > 0)
            len += (size_t)n;
        else if (n == 0 || errno != EINTR)
            break;
        if (stopped && !told)
            told = kill(child, SIGTERM) == 0;
    }
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno == EINTR && stopped)
            kill(child, SIGTERM);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    words[len] = 0;
    return err_set(err, ERR_USER, "%s",
                   *words ? words : "interrupted: the tree is as it was");
}

int tree_apply(const struct tree *t, void (*step)(void *arg, unsigned n), void *arg,
               struct err *err)
{
    struct sigaction old[3];
    int ends[2], rc = tree_recover(t->root, err);
    if (rc)
        return rc;
    if (pipe(ends))
        return err_set(err, ERR_USER, "no pipe: %s", strerror(errno));
    fflush(NULL);
    stopped = 0;
    catch_stops(old);
    pid_t me = getpid(), child = fork();
    if (child == 0) {
        close(ends[0]);
        work(t, me, ends[1], step, arg);
    }
    close(ends[1]);
    rc = child < 0 ? err_set(err, ERR_USER, "no process: %s", strerror(errno))
                   : follow(child, ends[0], err);
    close(ends[0]);
    restore_stops(old);
    struct err more;
    if (rc && tree_recover(t->root, &more))
        return err_set(err, ERR_USER, "%s", more.msg);
    return rc;
}

int tree_recover(const char *root, struct err *err)
{
    return journal_undo(root, err);
}
