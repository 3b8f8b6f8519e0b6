// SPDX-License-Identifier: GPL-2.0-or-later
/* port_journal.c - changes to a tree that can be undone at any point. See port_journal.h. */
#include "port_journal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data.h"

#define FOLDER ".exosim-port"

struct job {
    const struct tree *t;
    char *folder;
    int lock;
    unsigned steps;
    bool (*stop)(void);
    void (*step)(void *arg, unsigned n);
    void *arg;
    struct err *err;
};

static int failed(struct job *j, const char *what, const char *path)
{
    return err_set(j->err, ERR_USER, "%s: %s: %s", path, what, strerror(errno));
}

/* Before each thing that is done. */
static int next(struct job *j)
{
    if (j->step)
        j->step(j->arg, j->steps);
    j->steps++;
    if (j->stop())
        return err_set(j->err, ERR_USER, "interrupted: the tree is as it was");
    return 0;
}

static char *in_tree(const struct job *j, const char *path)
{
    return mem_fmt("%s/%s", j->t->root, path);
}

static char *staged(const char *folder, const char *what, size_t i)
{
    return mem_fmt("%s/%s-%zu", folder, what, i);
}

static int write_file(struct job *j, const char *path, const char *text, unsigned mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    size_t len = strlen(text), at = 0;
    while (fd >= 0 && at < len) {
        ssize_t n = write(fd, text + at, len - at);
        if (n <= 0)
            break;
        at += (size_t)n;
    }
    if (fd < 0 || at < len || close(fd))
        return failed(j, "cannot be written", path);
    return 0;
}

/* ---- stage ---- */

static int take_folder(struct job *j)
{
    if (mkdir(j->folder, 0777))
        return errno == EEXIST
                   ? err_set(j->err, ERR_USER, "%s: another `exosim port new` is at work",
                             j->folder)
                   : err_set(j->err, ERR_USER,
                             "%s: the source tree cannot be written: %s", j->t->root,
                             strerror(errno));
    char *path = mem_fmt("%s/lock", j->folder);
    j->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    int rc = j->lock < 0 || flock(j->lock, LOCK_EX | LOCK_NB)
                 ? failed(j, "cannot be locked", path)
                 : 0;
    free(path);
    return rc;
}

static int stage_one(struct job *j, size_t i)
{
    const struct tree_change *c = &j->t->change[i];
    char *target = in_tree(j, c->path), *new = staged(j->folder, "new", i),
         *old = staged(j->folder, "old", i);
    struct stat st = {.st_mode = c->mode};
    int rc = next(j);
    if (rc == 0 && !c->edit && data_exists(target))
        rc = err_set(j->err, ERR_USER, "%s is there already: nothing is overwritten",
                     c->path);
    if (rc == 0 && c->edit && (stat(target, &st) || access(target, W_OK)))
        rc = failed(j, "cannot be changed", target);
    if (rc == 0 && c->edit && link(target, old))
        rc = failed(j, "cannot be kept", target);
    if (rc == 0)
        rc = write_file(j, new, c->text, st.st_mode & 0777);
    free(target), free(new), free(old);
    return rc;
}

/* The folders a path needs that are not there, outermost first. */
static void journal_dirs(const struct job *j, const char *path, FILE *to)
{
    for (const char *p = path; (p = strchr(p, '/')) != NULL; p++) {
        char *dir = mem_fmt("%.*s", (int)(p - path), path), *full = in_tree(j, dir);
        if (!data_exists(full))
            fprintf(to, "dir - %s\n", dir);
        free(dir), free(full);
    }
}

static int write_journal(struct job *j)
{
    char *part = mem_fmt("%s/journal.part", j->folder),
         *whole = mem_fmt("%s/journal", j->folder);
    FILE *f = fopen(part, "w");
    for (size_t i = 0; f && i < j->t->n; i++) {
        const struct tree_change *c = &j->t->change[i];
        if (!c->edit)
            journal_dirs(j, c->path, f);
        fprintf(f, "%s %zu %s\n", c->edit ? "edit" : "new", i, c->path);
    }
    int rc = next(j);
    if (!f || fflush(f) || fsync(fileno(f)) || rename(part, whole))
        rc = failed(j, "cannot be written", whole);
    if (f)
        fclose(f);
    free(part), free(whole);
    return rc;
}

/* ---- do ---- */

static int make_dirs(struct job *j, const char *path)
{
    int rc = 0;
    for (const char *p = path; rc == 0 && (p = strchr(p, '/')) != NULL; p++) {
        char *full = mem_fmt("%s/%.*s", j->t->root, (int)(p - path), path);
        if (!data_exists(full)) {
            rc = next(j);
            if (rc == 0 && mkdir(full, 0777) && errno != EEXIST)
                rc = failed(j, "cannot be made", full);
        }
        free(full);
    }
    return rc;
}

static int place(struct job *j, size_t i)
{
    const struct tree_change *c = &j->t->change[i];
    char *target = in_tree(j, c->path), *new = staged(j->folder, "new", i),
         *put = staged(j->folder, "put", i);
    int rc = c->edit ? 0 : make_dirs(j, c->path);
    if (rc == 0)
        rc = next(j);
    if (rc == 0 && c->edit && (link(new, put) || rename(put, target)))
        rc = failed(j, "cannot be changed", target);
    if (rc == 0 && !c->edit && link(new, target))
        rc = failed(j, "cannot be made", target);
    free(target), free(new), free(put);
    return rc;
}

/* ---- undo ---- */

static bool same_file(const char *a, const char *b)
{
    struct stat s, t;
    return stat(a, &s) == 0 && stat(b, &t) == 0 && s.st_dev == t.st_dev &&
           s.st_ino == t.st_ino;
}

static bool undo_one(const char *root, const char *folder, char *line)
{
    char kind[8], number[24];
    int at = 0;
    line[strcspn(line, "\n")] = 0;
    if (sscanf(line, "%7s %23s %n", kind, number, &at) < 2 || at == 0)
        return true;
    size_t i = strtoul(number, NULL, 10);
    char *target = mem_fmt("%s/%s", root, line + at), *new = staged(folder, "new", i),
         *old = staged(folder, "old", i);
    bool ok = true;
    if (strcmp(kind, "dir") == 0)
        ok = rmdir(target) == 0 || errno == ENOENT || errno == ENOTEMPTY;
    else if (same_file(new, target)) /* else it was not put there, or is undone */
        ok = (strcmp(kind, "edit") == 0 ? rename(old, target) : unlink(target)) == 0;
    free(target), free(new), free(old);
    return ok;
}

static bool undo_lines(const char *root, const char *folder)
{
    char *path = mem_fmt("%s/journal", folder);
    size_t n = 0;
    char **lines = data_lines(path, &n);
    bool ok = true;
    for (size_t i = n; i-- > 0;)
        ok &= undo_one(root, folder, lines[i]);
    if (ok)
        unlink(path);
    free(lines);
    free(path);
    return ok;
}

static void remove_folder(const char *folder)
{
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        char *p = mem_fmt("%s/%s", folder, e->d_name);
        if (e->d_name[0] != '.')
            unlink(p);
        free(p);
    }
    if (d)
        closedir(d);
    rmdir(folder);
}

int journal_undo(const char *root, struct err *err)
{
    char *folder = mem_fmt("%s/" FOLDER, root), *path = mem_fmt("%s/lock", folder);
    int rc = 0, lock = -1;
    if (data_exists(folder)) {
        lock = open(path, O_RDWR | O_CLOEXEC);
        if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB))
            rc = err_set(err, ERR_USER, "%s: another `exosim port new` is at work",
                         folder);
        else if (!undo_lines(root, folder))
            rc = err_set(err, ERR_USER,
                         "%s: what an interrupted `exosim port new` left cannot be "
                         "undone: %s",
                         folder, strerror(errno));
        else
            remove_folder(folder);
    }
    if (lock >= 0)
        close(lock);
    free(path);
    free(folder);
    return rc;
}

int journal_do(const struct tree *t, bool (*stop)(void),
               void (*step)(void *arg, unsigned n), void *arg, struct err *err)
{
    struct job j = {t, mem_fmt("%s/" FOLDER, t->root), -1, 0, stop, step, arg, err};
    int rc = next(&j);
    bool mine = false;
    if (rc == 0) {
        rc = take_folder(&j);
        mine = j.lock >= 0;
    }
    for (size_t i = 0; rc == 0 && i < t->n; i++)
        rc = stage_one(&j, i);
    if (rc == 0)
        rc = write_journal(&j);
    for (size_t i = 0; rc == 0 && i < t->n; i++)
        rc = place(&j, i);
    if (rc == 0)
        rc = next(&j);
    if (mine) {
        char *path = mem_fmt("%s/journal", j.folder);
        if (rc == 0 && unlink(path)) /* from here on it is done */
            rc = failed(&j, "cannot be removed", path);
        if (rc == 0 || undo_lines(t->root, j.folder))
            remove_folder(j.folder);
        free(path);
    }
    if (j.lock >= 0)
        close(j.lock);
    free(j.folder);
    return rc;
}
