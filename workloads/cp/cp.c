// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cp.c - copies files, as coreutils' cp does.
 *
 *   cp [-prT] SOURCE DEST        cp [-pr] SOURCE... DIRECTORY
 *
 * -r: directories with what is in them; symbolic links as they are (without -r they are followed);
 * -p: modes, owners and times too; -T: DEST is no directory to copy into. Exit status 1 if something was not copied.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"

static bool recursive, preserve;
static char buffer[65536];

/* The directories we are in the middle of making: never copy one of them. */
struct made {
    const struct made *up;
    dev_t dev;
    ino_t ino;
};

static void keep(const char *to, const struct stat *st)
{
    struct timespec times[2] = {st->st_atim, st->st_mtim};
    if (!preserve)
        return;
    if (lchown(to, st->st_uid, st->st_gid) < 0 && errno != EPERM)
        say(errno, "preserving ownership for '%s'", to);
    if (!S_ISLNK(st->st_mode) && chmod(to, st->st_mode & 07777) < 0)
        say(errno, "preserving permissions for '%s'", to);
    if (utimensat(AT_FDCWD, to, times, AT_SYMLINK_NOFOLLOW) < 0)
        say(errno, "preserving times for '%s'", to);
}

static void copy_bytes(int in, const char *from, int out, const char *to)
{
    ssize_t n;
    while ((n = read(in, buffer, sizeof buffer)) > 0) {
        if (write_full(out, buffer, (size_t)n) < 0) {
            say(errno, "error writing '%s'", to);
            return;
        }
    }
    if (n < 0)
        say(errno, "error reading '%s'", from);
}

static void copy_file(const char *from, const char *to, const struct stat *st)
{
    int in = open(from, O_RDONLY);
    if (in < 0) {
        say(errno, "cannot open '%s' for reading", from);
        return;
    }
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC, st->st_mode & 0777);
    if (out < 0) {
        say(errno, "cannot create regular file '%s'", to);
        close(in);
        return;
    }
    copy_bytes(in, from, out, to);
    if (close(out) < 0)
        say(errno, "failed to close '%s'", to);
    close(in);
    keep(to, st);
}

static void copy_link(const char *from, const char *to, const struct stat *st)
{
    char *where = read_link(from, st);
    if (where == NULL) {
        say(errno, "cannot read symbolic link '%s'", from);
        return;
    }
    if (symlink(where, to) < 0 &&
        (errno != EEXIST || unlink(to) < 0 || symlink(where, to) < 0))
        say(errno, "cannot create symbolic link '%s'", to);
    else
        keep(to, st);
    free(where);
}

static void copy(const char *from, const char *to, bool follow, const struct made *up);

static void copy_directory(const char *from, const char *to, const struct stat *st,
                           const struct made *up)
{
    struct stat now;
    bool fresh = mkdir(to, (st->st_mode & 07777) | 0700) == 0;
    if (!fresh && (errno != EEXIST || stat(to, &now) < 0 || !S_ISDIR(now.st_mode))) {
        say(errno, "cannot create directory '%s'", to);
        return;
    }
    if (stat(to, &now) < 0) {
        say(errno, "cannot stat '%s'", to);
        return;
    }
    struct made here = {up, now.st_dev, now.st_ino};
    char **names;
    size_t n;
    if (read_names(from, &names, &n) < 0) {
        say(errno, "cannot read directory '%s'", from);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        char *a = join(from, names[i]), *b = join(to, names[i]);
        copy(a, b, false, &here);
        free(a);
        free(b);
    }
    free_names(names, n);
    if (fresh && (st->st_mode & 0700) != 0700 && !preserve)
        chmod(to, st->st_mode & 0777);
    keep(to, st);
}

static void copy(const char *from, const char *to, bool follow, const struct made *up)
{
    struct stat st, there;
    if ((follow ? stat(from, &st) : lstat(from, &st)) < 0) {
        say(errno, "cannot stat '%s'", from);
        return;
    }
    if (lstat(to, &there) == 0) {
        if (there.st_dev == st.st_dev && there.st_ino == st.st_ino) {
            say(0, "'%s' and '%s' are the same file", from, to);
            status = 1;
            return;
        }
        if (S_ISDIR(there.st_mode) && !S_ISDIR(st.st_mode)) {
            say(0, "cannot overwrite directory '%s' with non-directory", to);
            status = 1;
            return;
        }
        if (S_ISDIR(st.st_mode) && !S_ISDIR(there.st_mode)) {
            say(0, "cannot overwrite non-directory '%s' with directory '%s'", to, from);
            status = 1;
            return;
        }
    }
    if (S_ISDIR(st.st_mode)) {
        if (!recursive) {
            say(0, "-r not specified; omitting directory '%s'", from);
            status = 1;
            return;
        }
        for (const struct made *m = up; m != NULL; m = m->up)
            if (m->dev == st.st_dev && m->ino == st.st_ino) {
                say(0, "cannot copy a directory, '%s', into itself, '%s'", from, to);
                status = 1;
                return;
            }
        copy_directory(from, to, &st, up);
    } else if (S_ISREG(st.st_mode)) {
        copy_file(from, to, &st);
    } else if (S_ISLNK(st.st_mode)) {
        copy_link(from, to, &st);
    } else {
        say(0, "'%s' is neither a file, a directory nor a link: not copied", from);
        status = 1;
    }
}

static _Noreturn void usage(void)
{
    fprintf(stderr,
            "usage: cp [-prT] SOURCE DEST\n       cp [-pr] SOURCE... DIRECTORY\n");
    exit(1);
}

int main(int argc, char **argv)
{
    bool no_directory = false;
    program = "cp";
    for (int opt; (opt = getopt(argc, argv, "aprRT")) != -1;) {
        switch (opt) {
        case 'a': preserve = recursive = true; break;
        case 'p': preserve = true; break;
        case 'r':
        case 'R': recursive = true; break;
        case 'T': no_directory = true; break;
        default: usage();
        }
    }
    int n = argc - optind;
    char **names = argv + optind;
    struct stat st;
    if (n < 2 || (no_directory && n > 2))
        usage();
    const char *last = names[n - 1];
    if (!no_directory && stat(last, &st) == 0 && S_ISDIR(st.st_mode)) {
        for (int i = 0; i < n - 1; i++) {
            char *to = join(last, base_name(names[i]));
            for (size_t end = strlen(to); end > 1 && to[end - 1] == '/';)
                to[--end] = '\0';
            copy(names[i], to, !recursive, NULL);
            free(to);
        }
    } else if (n == 2) {
        copy(names[0], last, !recursive, NULL);
    } else {
        die(ENOTDIR, "target '%s'", last);
    }
    return status;
}
