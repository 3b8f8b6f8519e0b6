// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ls.c - what is in directories, a name a line, sorted by bytes, as coreutils' ls does.
 *
 *   ls [-aAdFilnRs1] [FILE...]
 *
 * -l (and -n): mode, links, owner and group by number, size, time of the last change in UTC
 * (coreutils: ls -ln --time-style=long-iso with TZ=UTC). Exit status 1: something below a named
 * one could not be read, 2: one named could not.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "files.h"

static bool all, almost, self, classify, inodes, details, down, sizes;

struct entry {
    const char *name; /* as printed */
    char *path;       /* to ask */
    struct stat st;
    bool known;
};

struct widths {
    int ino, blocks, links, uid, gid, size;
};

static int digits(unsigned long long v)
{
    int n = 1;
    while (v >= 10) {
        v /= 10;
        n++;
    }
    return n;
}

static void widen(int *width, unsigned long long v)
{
    if (digits(v) > *width)
        *width = digits(v);
}

static unsigned long long kilobytes(const struct stat *st)
{
    return ((unsigned long long)st->st_blocks + 1) / 2;
}

static char type_of(mode_t mode)
{
    return S_ISREG(mode)    ? '-'
           : S_ISDIR(mode)  ? 'd'
           : S_ISLNK(mode)  ? 'l'
           : S_ISCHR(mode)  ? 'c'
           : S_ISBLK(mode)  ? 'b'
           : S_ISFIFO(mode) ? 'p'
           : S_ISSOCK(mode) ? 's'
                            : '?';
}

static void print_mode(mode_t mode)
{
    char s[11] = "?rwxrwxrwx";
    s[0] = type_of(mode);
    for (int i = 0; i < 9; i++)
        if (!(mode >> (8 - i) & 1))
            s[i + 1] = '-';
    if (mode & S_ISUID)
        s[3] = mode & S_IXUSR ? 's' : 'S';
    if (mode & S_ISGID)
        s[6] = mode & S_IXGRP ? 's' : 'S';
    if (mode & S_ISVTX)
        s[9] = mode & S_IXOTH ? 't' : 'T';
    printf("%s", s);
}

static void print_details(const struct entry *e, const struct widths *w)
{
    const struct stat *st = &e->st;
    char when[32] = "?";
    time_t t = st->st_mtime;
    struct tm *tm = gmtime(&t);
    if (tm != NULL)
        strftime(when, sizeof when, "%Y-%m-%d %H:%M", tm);
    print_mode(st->st_mode);
    printf(" %*llu %-*u %-*u ", w->links, (unsigned long long)st->st_nlink, w->uid,
           st->st_uid, w->gid, st->st_gid);
    printf("%*lld %s ", w->size, (long long)st->st_size, when);
}

static void print_suffix(mode_t mode)
{
    const char *s = S_ISDIR(mode)                         ? "/"
                    : S_ISLNK(mode)                       ? "@"
                    : S_ISFIFO(mode)                      ? "|"
                    : S_ISSOCK(mode)                      ? "="
                    : S_ISREG(mode) && (mode & 0111) != 0 ? "*"
                                                          : "";
    printf("%s", s);
}

static void print(const struct entry *e, const struct widths *w)
{
    if (inodes)
        printf("%*llu ", w->ino, (unsigned long long)e->st.st_ino);
    if (sizes)
        printf("%*llu ", w->blocks, kilobytes(&e->st));
    if (details)
        print_details(e, w);
    printf("%s", e->name);
    if (details && S_ISLNK(e->st.st_mode)) {
        char *to = read_link(e->path, &e->st);
        if (to == NULL)
            say(errno, "cannot read symbolic link '%s'", e->path);
        else
            printf(" -> %s", to);
        free(to);
    } else if (classify) {
        print_suffix(e->st.st_mode);
    }
    printf("\n");
}

/* In columns as wide as the n of `e` need; the first `count` of them. */
static void print_all(const struct entry *e, size_t count, size_t n)
{
    struct widths w = {0};
    for (size_t i = 0; i < n; i++) {
        if (!e[i].known)
            continue;
        widen(&w.ino, e[i].st.st_ino);
        widen(&w.blocks, kilobytes(&e[i].st));
        widen(&w.links, e[i].st.st_nlink);
        widen(&w.uid, e[i].st.st_uid);
        widen(&w.gid, e[i].st.st_gid);
        widen(&w.size, (unsigned long long)e[i].st.st_size);
    }
    for (size_t i = 0; i < count; i++)
        if (e[i].known)
            print(&e[i], &w);
}

static bool shown(const char *name)
{
    return name[0] != '.' || all || almost;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

static void list(const char *dir, bool title, bool *first, int level);

static void list_below(const struct entry *e, size_t n, bool *first, int level)
{
    for (size_t i = 0; i < n; i++)
        if (e[i].known && S_ISDIR(e[i].st.st_mode) && strcmp(e[i].name, ".") != 0 &&
            strcmp(e[i].name, "..") != 0)
            list(e[i].path, true, first, level + 1);
}

static void list(const char *dir, bool title, bool *first, int level)
{
    char **names;
    size_t n, count = 0;
    if (read_names(dir, &names, &n) < 0) {
        say(errno, "cannot open directory '%s'", dir);
        status = level > 0 && status != 2 ? 1 : 2;
        return;
    }
    if (title)
        printf("%s%s:\n", *first ? "" : "\n", dir);
    *first = false;
    struct entry *e = allocate((n + 2) * sizeof *e);
    if (all) {
        e[count++] = (struct entry){.name = "."};
        e[count++] = (struct entry){.name = ".."};
    }
    for (size_t i = 0; i < n; i++)
        if (shown(names[i]))
            e[count++] = (struct entry){.name = names[i]};
    if (all) /* . and .. are not always first */
        qsort(e, count, sizeof *e, by_name);
    unsigned long long total = 0;
    for (size_t i = 0; i < count; i++) {
        e[i].path = join(dir, e[i].name);
        e[i].known = lstat(e[i].path, &e[i].st) == 0;
        if (!e[i].known) {
            int before = status;
            say(errno, "cannot access '%s'", e[i].path);
            status = before != 2 ? 1 : 2;
        } else {
            total += (unsigned long long)e[i].st.st_blocks;
        }
    }
    if (details || sizes)
        printf("total %llu\n", (total + 1) / 2);
    print_all(e, count, count);
    if (down)
        list_below(e, count, first, level);
    for (size_t i = 0; i < count; i++)
        free(e[i].path);
    free(e);
    free_names(names, n);
}

int main(int argc, char **argv)
{
    static char *here[] = {(char *)".", NULL};
    program = "ls";
    trouble = 2;
    for (int opt; (opt = getopt(argc, argv, "1aAdFilnRs")) != -1;) {
        switch (opt) {
        case '1': break;
        case 'a': all = true; break;
        case 'A': almost = true; break;
        case 'd': self = true; break;
        case 'F': classify = true; break;
        case 'i': inodes = true; break;
        case 'l':
        case 'n': details = true; break;
        case 'R': down = true; break;
        case 's': sizes = true; break;
        default: fprintf(stderr, "usage: ls [-aAdFilnRs1] [FILE...]\n"); return 2;
        }
    }
    int n = argc > optind ? argc - optind : 1;
    char **names = argc > optind ? argv + optind : here;
    struct entry *e = allocate((size_t)n * sizeof *e);
    size_t files = 0, dirs = 0;
    memset(e, 0, (size_t)n * sizeof *e);
    for (int i = 0; i < n; i++) { /* files from the front, directories from the back */
        struct entry one = {.name = names[i], .path = names[i], .known = true};
        /* A link that is named leads where it leads, unless it is itself asked for. */
        bool follow = !details && !self && !classify;
        int r = follow && stat(names[i], &one.st) == 0 ? 0 : lstat(names[i], &one.st);
        if (r < 0)
            say(errno, "cannot access '%s'", names[i]);
        else if (S_ISDIR(one.st.st_mode) && !self)
            e[(size_t)n - ++dirs] = one;
        else
            e[files++] = one;
    }
    if (files > 1)
        qsort(e, files, sizeof *e, by_name);
    print_all(e, files, (size_t)n);
    struct entry *d = e + n - dirs;
    if (dirs > 1)
        qsort(d, dirs, sizeof *d, by_name);
    bool first = files == 0;
    for (size_t i = 0; i < dirs; i++)
        list(d[i].path, n > 1 || down, &first, 0);
    free(e);
    return fflush(stdout) != 0 ? 2 : status;
}
