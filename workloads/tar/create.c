// SPDX-License-Identifier: GPL-2.0-or-later
/* create.c - tar c: files, and what is below directories, become members. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tar.h"

/* Files with several names that were archived once: by inode, in a table with open addressing. */
static struct seen {
    dev_t dev;
    ino_t ino;
    char *name; /* NULL: a free place */
} * seen;
static size_t seen_room, seen_count;

static struct seen *place(struct seen *table, size_t room, dev_t dev, ino_t ino)
{
    size_t i = (size_t)(ino * 2654435761u + dev) % room;
    while (table[i].name != NULL && (table[i].dev != dev || table[i].ino != ino))
        i = (i + 1) % room;
    return &table[i];
}

/* The name this file was archived under, or NULL: now it is `name`. */
static const char *seen_before(const struct stat *st, const char *name)
{
    if (2 * seen_count >= seen_room) {
        size_t room = seen_room == 0 ? 64 : 2 * seen_room;
        struct seen *table = allocate(room * sizeof *table);
        memset(table, 0, room * sizeof *table);
        for (size_t i = 0; i < seen_room; i++)
            if (seen[i].name != NULL)
                *place(table, room, seen[i].dev, seen[i].ino) = seen[i];
        free(seen);
        seen = table;
        seen_room = room;
    }
    struct seen *s = place(seen, seen_room, st->st_dev, st->st_ino);
    if (s->name != NULL)
        return s->name;
    *s = (struct seen){st->st_dev, st->st_ino, copy_string(name)};
    seen_count++;
    return NULL;
}

/* The header said `size` bytes: so many it must be. */
static void put_data(int fd, const char *path, off_t size)
{
    static char buffer[64 * 1024];
    off_t done = 0;
    while (done < size) {
        size_t want =
            size - done < (off_t)sizeof buffer ? (size_t)(size - done) : sizeof buffer;
        ssize_t n = read_full(fd, buffer, want);
        if (n < 0) {
            say(errno, "%s: read error", path);
            n = 0;
        } else if ((size_t)n < want) {
            say(0, "%s: file shrank by %lld bytes; padding with zeros", path,
                (long long)(size - done - n));
            status = trouble;
        }
        memset(buffer + n, 0, want - (size_t)n);
        archive_write(buffer, want);
        done += (off_t)want;
    }
}

static void describe(struct member *m, const struct stat *st)
{
    m->mode = st->st_mode & 07777;
    m->uid = st->st_uid;
    m->gid = st->st_gid;
    m->mtime = st->st_mtim;
    if (st->st_uid == 0)
        strcpy(m->user, "root");
    if (st->st_gid == 0)
        strcpy(m->group, "root");
    m->type = S_ISDIR(st->st_mode)    ? '5'
              : S_ISLNK(st->st_mode)  ? '2'
              : S_ISFIFO(st->st_mode) ? '6'
                                      : '0';
}

static void put_member(const struct member *m)
{
    member_write(m);
    if (!verbose)
        return;
    if (archive_is_stdout()) {
        fprintf(stderr, "%s\n", m->name);
    } else {
        print_name(m->name);
        printf("\n");
    }
}

static void put_file(const char *path, struct member *m, const struct stat *st)
{
    const char *first = st->st_nlink > 1 ? seen_before(st, m->name) : NULL;
    if (first != NULL) {
        m->type = '1';
        m->link = copy_string(first);
        put_member(m);
        return;
    }
    int fd = open(path, O_RDONLY);
    if (fd < 0) {
        say(errno, "%s: cannot open", path);
        return;
    }
    m->stored = st->st_size;
    put_member(m);
    put_data(fd, path, st->st_size);
    close(fd);
}

static void put(const char *path)
{
    struct stat st;
    struct member m = {0};
    if (lstat(path, &st) < 0) {
        say(errno, "%s: cannot stat", path);
        return;
    }
    if (archive_is(&st)) {
        say(0, "%s: file is the archive; not dumped", path);
        return;
    }
    if (S_ISSOCK(st.st_mode) || S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode)) {
        say(0, "%s: neither a file, a directory, a link nor a pipe: ignored", path);
        return;
    }
    describe(&m, &st);
    const char *name = strip_leading(path, "member names");
    m.name = S_ISDIR(st.st_mode) ? join(name, "") : copy_string(name);
    if (S_ISREG(st.st_mode)) {
        put_file(path, &m, &st);
    } else if (S_ISLNK(st.st_mode) && (m.link = read_link(path, &st)) == NULL) {
        say(errno, "%s: cannot read the link", path);
    } else {
        put_member(&m);
    }
    member_free(&m);
    if (!S_ISDIR(st.st_mode))
        return;
    char **names;
    size_t n;
    if (read_names(path, &names, &n) < 0) {
        say(errno, "%s: cannot read the directory", path);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        char *below = join(path, names[i]);
        put(below);
        free(below);
    }
    free_names(names, n);
}

void create(char **operands, int n)
{
    for (int i = 0; i < n; i++) {
        if (strcmp(operands[i], "-C") == 0) {
            if (chdir(operands[++i]) < 0)
                die(errno, "%s: cannot open", operands[i]);
            continue;
        }
        size_t length = strlen(operands[i]);
        while (length > 1 && operands[i][length - 1] == '/')
            operands[i][--length] = '\0';
        put(operands[i]);
    }
}
