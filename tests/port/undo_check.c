// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * undo_check.c - tree_apply() (sim/port_tree.h) stopped at every step, in every way: the working
 * process killed, its parent killed, a signal, a tree that changes meanwhile. The tree is as
 * before, or wholly as planned.
 *
 *     undo_check FOLDER      makes and empties FOLDER/tree
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "port_tree.h"

static char root[4096];
static unsigned checks, failures;

static void check(bool ok, const char *what, unsigned step)
{
    checks++;
    failures += !ok;
    if (!ok)
        printf("not ok - step %u: %s\n", step, what);
}

static char *in_root(const char *path)
{
    return mem_fmt("%s/%s", root, path);
}

static void put(const char *path, const char *text)
{
    char *p = in_root(path);
    FILE *f = fopen(p, "w");
    if (!f || fputs(text, f) < 0 || fclose(f)) {
        perror(p);
        exit(2);
    }
    free(p);
}

static bool is(const char *path, const char *text)
{
    char *p = in_root(path), got[64] = "";
    FILE *f = fopen(p, "r");
    bool there = f != NULL;
    if (f) {
        got[fread(got, 1, sizeof got - 1, f)] = 0;
        fclose(f);
    }
    free(p);
    return text ? there && strcmp(got, text) == 0 : !there;
}

static unsigned entries(const char *path)
{
    unsigned n = 0;
    DIR *d = opendir(path);
    while (d && readdir(d))
        n++;
    if (d)
        closedir(d);
    return n;
}

static bool as_before(void)
{
    return is("a", "one\n") && is("sub/b", "two\n") && entries(root) == 4;
}

static bool as_planned(void)
{
    return is("a", "one and more\n") && is("sub/b", "two and more\n") &&
           is("new/deep/c", "three\n") && is("d", "four\n") && entries(root) == 6;
}

static void make_tree(void)
{
    char *cmd = mem_fmt("rm -rf '%s' && mkdir -p '%s/sub'", root, root);
    if (system(cmd) != 0)
        exit(2);
    free(cmd);
    put("a", "one\n");
    put("sub/b", "two\n");
}

static struct tree plan(void)
{
    struct tree t = {.root = mem_str(root)};
    tree_new(&t, "new/deep/c", mem_str("three\n"), 0666);
    tree_edit(&t, "a", mem_str("one and more\n"));
    tree_new(&t, "d", mem_str("four\n"), 0666);
    tree_edit(&t, "sub/b", mem_str("two and more\n"));
    return t;
}

/* ---- ways to be stopped ---- */

enum way { WORKER_KILLED, PARENT_KILLED, TERM_TO_PARENT, WAYS };
static const char *const words[] = {"the working process is killed",
                                    "its parent is killed", "SIGTERM to the parent"};

struct stop {
    unsigned at;
    enum way way;
};

static void on_step(void *arg, unsigned n)
{
    const struct stop *s = arg;
    if (n != s->at)
        return;
    if (s->way == WORKER_KILLED)
        raise(SIGKILL);
    kill(getppid(), s->way == PARENT_KILLED ? SIGKILL : SIGTERM);
    usleep(20000); /* until the signal has come through */
}

/* In a process of its own: it may be killed. How it ended; the last of its processes is gone. */
static int run_with(void (*step)(void *arg, unsigned n), struct stop *s)
{
    int gone[2];
    char none;
    if (pipe(gone))
        exit(2);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        struct tree t = plan();
        struct err err;
        close(gone[0]);
        _exit(tree_apply(&t, step, s, &err) ? 1 : 0);
    }
    close(gone[1]);
    int status;
    waitpid(pid, &status, WUNTRACED);
    if (WIFSTOPPED(status)) {
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
    }
    while (read(gone[0], &none, 1) > 0) /* its child holds the other end, too */
        ;
    close(gone[0]);
    return status;
}

static int run(struct stop *s)
{
    return run_with(s ? on_step : NULL, s);
}

static void every_step(enum way way)
{
    for (unsigned step = 0; step < 100; step++) {
        make_tree();
        struct stop s = {step, way};
        int status = run(&s);
        bool done = WIFEXITED(status) && WEXITSTATUS(status) == 0;
        if (as_planned()) { /* the step was the last, or there is none such */
            check(way == PARENT_KILLED || done, words[way], step);
            if (step > 12)
                return;
            continue;
        }
        check(!done && as_before(), words[way], step);
        if (!as_before())
            continue;
        check(run(NULL) == 0 && as_planned(), "the next one works", step);
    }
    check(false, "more than 100 steps", 100);
}

/* Both at once: what is left is undone by the next. */
static void on_both(void *arg, unsigned n)
{
    const struct stop *s = arg;
    if (n == s->at) {
        kill(getppid(), SIGSTOP);
        raise(SIGKILL);
    }
}

static void both_killed(void)
{
    for (unsigned step = 0; step < 100; step++) {
        make_tree();
        struct stop s = {step, WORKER_KILLED};
        run_with(on_both, &s);
        if (as_planned() && step > 8) /* there is no such step */
            return;
        struct err err;
        int rc = -1;
        for (unsigned tries = 0; rc != 0 && tries < 100; tries++) {
            rc = tree_recover(root, &err); /* the dead close their files one by one */
            if (rc != 0)
                usleep(10000);
        }
        check(rc == 0 && as_before(), "both killed, then recovered", step);
        check(run(NULL) == 0 && as_planned(), "the next one works", step);
    }
}

static void refusals(void)
{
    struct err err;
    make_tree();
    put("d", "mine\n");
    struct tree t = plan();
    int rc = tree_apply(&t, NULL, NULL, &err);
    check(rc != 0 && strstr(err.msg, "d is there already") && is("d", "mine\n") &&
              is("a", "one\n") && is("new/deep/c", NULL),
          "a file that is there stays", 0);
    make_tree();
    char *b = in_root("sub/b");
    unlink(b);
    rc = tree_apply(&t, NULL, NULL, &err);
    check(rc != 0 && strstr(err.msg, "sub/b") && is("a", "one\n"),
          "a file to edit is missing", 0);
    free(b);
    tree_free(&t);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    snprintf(root, sizeof root, "%s/tree", argv[1]);
    for (enum way w = 0; w < WAYS; w++)
        every_step(w);
    both_killed();
    refusals();
    printf("%u checks, %u failed\n", checks, failures);
    return failures != 0;
}
