// SPDX-License-Identifier: GPL-2.0-or-later
/* verify.c - the tree compared with the model; a file of several gigabytes, nearly all hole. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fsstress.h"

static uint8_t buffer[65536];

static void compare(int fd, const struct inode *i, const char *path)
{
    uint32_t at = 0;
    if (lseek(fd, 0, SEEK_SET) != 0)
        fail("%s: lseek: %s", path, strerror(errno));
    while (at < i->size) {
        uint32_t n = i->size - at < sizeof buffer ? i->size - at : sizeof buffer;
        ssize_t r = read_full(fd, buffer, n);
        if (r != (ssize_t)n)
            fail("%s: read %ld of %u bytes at %u", path, (long)r, n, at);
        for (uint32_t k = 0; k < n; k++)
            if (buffer[k] != i->data[at + k])
                fail("%s: byte %u of %u is %02x, not %02x", path, at + k, i->size,
                     buffer[k], i->data[at + k]);
        at += n;
    }
    if (read(fd, buffer, 1) != 0)
        fail("%s: goes on behind %u bytes", path, i->size);
}

void verify_open(const struct handle *h)
{
    struct stat st;
    if (fstat(h->fd, &st) < 0)
        fail("fstat: %s", strerror(errno));
    if (st.st_size != (off_t)h->inode->size || st.st_nlink != h->inode->names)
        fail("open file: %lld bytes, %u names; not %u, %u", (long long)st.st_size,
             (unsigned)st.st_nlink, h->inode->size, h->inode->names);
    if (h->readable)
        compare(h->fd, h->inode, "open file");
}

void verify_file(int n)
{
    int fd = open(path_of(n), O_RDONLY);
    if (fd < 0)
        fail("%s: %s", path_of(n), strerror(errno));
    compare(fd, node[n].inode, path_of(n));
    close(fd);
}

void verify_node(int n)
{
    const struct inode *i = node[n].inode;
    const char *path = path_of(n);
    struct stat st;
    if (lstat(path, &st) < 0)
        fail("%s: %s", path, strerror(errno));
    mode_t type = i->type == FILE_ ? S_IFREG : i->type == LINK ? S_IFLNK : S_IFDIR;
    if ((st.st_mode & S_IFMT) != type)
        fail("%s: mode %o", path, st.st_mode);
    if (i->type == DIRECTORY)
        return;
    if (st.st_nlink != i->names)
        fail("%s: %u links, not %u", path, (unsigned)st.st_nlink, i->names);
    if (i->type == LINK) {
        char *to = read_link(path, &st);
        if (to == NULL || strcmp(to, i->target) != 0)
            fail("%s: leads to %s, not %s", path, to != NULL ? to : strerror(errno),
                 i->target);
        free(to);
        return;
    }
    if (st.st_size != (off_t)i->size)
        fail("%s: %lld bytes, not %u", path, (long long)st.st_size, i->size);
    if ((st.st_mode & 07777) != i->mode)
        fail("%s: mode %o, not %o", path, st.st_mode & 07777, i->mode);
    if (i->mtime != 0 && st.st_mtime != (time_t)i->mtime)
        fail("%s: time %lld, not %lld", path, (long long)st.st_mtime,
             (long long)i->mtime);
}

void verify_directory(int n)
{
    char **names;
    size_t count, expected = 0;
    if (read_names(path_of(n), &names, &count) < 0)
        fail("%s: %s", path_of(n), strerror(errno));
    for (size_t i = 0; i < count; i++)
        if (child(n, names[i]) < 0 && !(n == 0 && strcmp(names[i], "huge") == 0))
            fail("%s: holds %s", path_of(n), names[i]);
        else
            expected += child(n, names[i]) >= 0;
    free_names(names, count);
    for (int i = 1; i < NODES; i++)
        if (node[i].inode != NULL && node[i].parent == n)
            expected--;
    if (expected != 0)
        fail("%s: a name is missing or there twice", path_of(n));
}

void verify_all(void)
{
    for (int n = 0; n < NODES; n++) {
        if (node[n].inode == NULL)
            continue;
        if (n > 0)
            verify_node(n);
        if (node[n].inode->type == DIRECTORY)
            verify_directory(n);
        if (node[n].inode->type == FILE_)
            verify_file(n);
    }
    for (int h = 0; h < OPEN; h++)
        if (handle[h].inode != NULL)
            verify_open(&handle[h]);
    verify_huge();
}

/* -- a file past 4 GiB, with little in it -- */

#define PIECES 8
static struct {
    off_t at;
    uint32_t value;
} piece[PIECES];
static unsigned pieces;
static off_t huge_size;

static off_t huge_offset(void)
{
    static const off_t around[] = {0,          5000,        1 << 20,    0x7fffffff,
                                   0xfffffff0, 0x100000000, 0x140000000};
    return around[any(7)] + (off_t)any(5000);
}

void op_huge(void)
{
    int fd = open(path_in(0, "huge"), O_RDWR | O_CREAT, 0644);
    if (!worked(fd, "huge"))
        return;
    off_t at = huge_offset();
    uint32_t value = any(0x7fffffff) | 1;
    bool clash = pieces == PIECES;
    for (unsigned k = 0; k < pieces; k++)
        clash |= piece[k].at < at + 4 && at < piece[k].at + 4;
    if (!clash && lseek(fd, at, SEEK_SET) == at) {
        ssize_t r = write(fd, &value, 4);
        if (r == 4) {
            piece[pieces].at = at;
            piece[pieces++].value = value;
        } else if (worked(r, "huge")) {
            pieces = PIECES; /* a part of it: not looked at again */
        }
        if (r > 0 && at + r > huge_size)
            huge_size = at + r;
    }
    close(fd);
}

void verify_huge(void)
{
    struct stat st;
    int fd = open(path_in(0, "huge"), O_RDONLY);
    if (fd < 0 && pieces > 0)
        fail("huge: %s", strerror(errno));
    if (fd < 0)
        return;
    if (fstat(fd, &st) < 0 || st.st_size != huge_size)
        fail("huge: %lld bytes, not %lld", (long long)st.st_size, (long long)huge_size);
    for (unsigned k = 0; k < pieces; k++) {
        uint32_t value = 0;
        if (lseek(fd, piece[k].at, SEEK_SET) != piece[k].at || read(fd, &value, 4) != 4 ||
            value != piece[k].value)
            fail("huge: %x at %lld, not %x", value, (long long)piece[k].at,
                 piece[k].value);
    }
    close(fd);
}

/* Everything goes, from the leaves up. */
void remove_all(void)
{
    operation = "remove all";
    if (unlink(path_in(0, "huge")) < 0 && errno != ENOENT)
        fail("huge: %s", strerror(errno));
    for (bool again = true; again;) {
        again = false;
        for (int n = 1; n < NODES; n++) {
            if (node[n].inode == NULL || has_children(n))
                continue;
            again = true;
            log_change(n);
            bool dir = node[n].inode->type == DIRECTORY;
            if ((dir ? rmdir(path_of(n)) : unlink(path_of(n))) < 0)
                fail("%s: %s", path_of(n), strerror(errno));
            node_remove(n);
        }
    }
    log_change(0);
    if (rmdir(path_of(0)) < 0)
        fail("%s: %s", path_of(0), strerror(errno));
}
