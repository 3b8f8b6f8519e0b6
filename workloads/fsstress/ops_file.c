// SPDX-License-Identifier: GPL-2.0-or-later
/* ops_file.c - what fsstress does with what is in files. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fsstress.h"

static uint8_t buffer[LARGE];

static int free_handle(void)
{
    for (int h = 0; h < OPEN; h++)
        if (handle[h].inode == NULL)
            return h;
    return -1;
}

static struct handle *any_handle(bool writable)
{
    struct handle *found = NULL;
    uint32_t seen = 0;
    for (int h = 0; h < OPEN; h++)
        if (handle[h].inode != NULL &&
            (writable ? handle[h].writable : handle[h].readable) && any(++seen) == 0)
            found = &handle[h];
    return found;
}

static void keep_open(int fd, struct inode *i, int flags)
{
    int h = free_handle();
    if (h < 0) {
        if (close(fd) < 0)
            fail("close: %s", strerror(errno));
        return;
    }
    i->opens++;
    handle[h] =
        (struct handle){fd, i, (flags & O_APPEND) != 0, (flags & O_ACCMODE) != O_WRONLY,
                        (flags & O_ACCMODE) != O_RDONLY};
}

void op_create(void)
{
    static const mode_t modes[] = {0644, 0600, 0755, 0666};
    int dir = any_node(DIRECTORY);
    const char *name = new_name(), *path = path_in(dir, name);
    int flags = O_CREAT | O_RDWR | (any(2) ? O_EXCL : 0) | (any(4) == 0 ? O_APPEND : 0);
    int there = child(dir, name);
    if (there >= 0) {
        if (flags & O_EXCL)
            refused(open(path, flags, 0644), EEXIST, EEXIST, path);
        return;
    }
    mode_t mode = modes[any(4)];
    struct inode *i = node_free() >= 0 ? inode_new(FILE_, mode) : NULL;
    if (i == NULL)
        return;
    int fd = open(path, flags, mode);
    if (!worked(fd, path)) {
        inode_put(i);
        return;
    }
    node_new(dir, name, i);
    keep_open(fd, i, flags);
}

/* Opens a file again, now and then emptying it. */
void op_reopen(void)
{
    static const int how[] = {O_RDONLY, O_WRONLY, O_RDWR};
    int n = any_node(FILE_);
    if (n < 0)
        return;
    struct inode *i = node[n].inode;
    int flags = how[any(3)];
    if (flags != O_RDONLY && any(6) == 0)
        flags |= O_TRUNC;
    if (flags != O_RDONLY && any(4) == 0)
        flags |= O_APPEND;
    if (flags & O_TRUNC)
        log_inode(i);
    int fd = open(path_of(n), flags);
    if (!worked(fd, path_of(n)))
        return;
    if (flags & O_TRUNC) {
        set_size(i, 0);
        i->mtime = 0;
    }
    keep_open(fd, i, flags);
}

void op_close(void)
{
    int h = (int)any(OPEN);
    struct inode *i = handle[h].inode;
    if (i == NULL)
        return;
    verify_open(&handle[h]);
    if (close(handle[h].fd) < 0)
        fail("close: %s", strerror(errno));
    handle[h].inode = NULL;
    i->opens--;
    inode_put(i);
}

/* n bytes at `at`, as far as there is space. */
static void write_at(const struct handle *h, uint32_t at, uint32_t n)
{
    struct inode *i = h->inode;
    uint32_t before = i->size, end = at + n;
    if (end > before && !set_size(i, end))
        return;
    log_inode(i);
    for (uint32_t k = 0; k < n; k += 4) {
        uint32_t v = any(0x7fffffff);
        memcpy(buffer + k, &v, n - k < 4 ? n - k : 4);
    }
    if (lseek(h->fd, (off_t)at, SEEK_SET) != (off_t)at)
        fail("lseek: %s", strerror(errno));
    uint32_t done = 0;
    while (done < n) {
        ssize_t r = write(h->fd, buffer + done, n - done);
        if (r == 0)
            fail("write: wrote nothing");
        if (!worked(r, "write"))
            break;
        done += (uint32_t)r;
    }
    memcpy(i->data + at, buffer, done);
    if (done < n &&
        end > before) /* nothing was written: the file did not grow over the hole */
        set_size(i, done > 0 && at + done > before ? at + done : before);
    i->mtime = 0;
}

void op_write(void)
{
    struct handle *h = any_handle(true);
    if (h == NULL)
        return;
    struct inode *i = h->inode;
    uint32_t at = h->append ? i->size : any(i->size + (any(4) == 0 ? i->limit / 4 : 1));
    uint32_t most = any(3) == 0 ? 40000 : 6000;
    write_at(h, at, 1 + any(most));
}

void op_append(void)
{
    struct handle *h = any_handle(true);
    if (h != NULL)
        write_at(h, h->inode->size, 1 + any(9000));
}

/* Whole blocks of what is there. */
void op_overwrite(void)
{
    struct handle *h = any_handle(true);
    if (h == NULL || h->append || h->inode->size < 4096)
        return;
    uint32_t block = any(h->inode->size / 4096);
    write_at(h, block * 4096, 4096);
}

void op_read(void)
{
    struct handle *h = any_handle(false);
    if (h == NULL)
        return;
    const struct inode *i = h->inode;
    uint32_t at = any(i->size + 5000), n = 1 + any(20000);
    uint32_t want = at >= i->size ? 0 : i->size - at < n ? i->size - at : n;
    if (lseek(h->fd, (off_t)at, SEEK_SET) != (off_t)at)
        fail("lseek: %s", strerror(errno));
    ssize_t r = read_full(h->fd, buffer, n);
    if (r != (ssize_t)want)
        fail("read of %u at %u of %u bytes: %ld, not %u", n, at, i->size, (long)r, want);
    if (want > 0 && memcmp(buffer, i->data + at, want) != 0)
        fail("read of %u at %u of %u bytes: other bytes", n, at, i->size);
}

void op_truncate(void)
{
    struct handle *h = any_handle(true);
    int n = any_node(FILE_);
    bool by_handle = h != NULL && any(2) == 0;
    if (!by_handle && n < 0)
        return;
    struct inode *i = by_handle ? h->inode : node[n].inode;
    uint32_t before = i->size, size = any(3) == 0 ? any(i->limit) : any(i->size + 1);
    log_inode(i);
    if (!set_size(i, size))
        return;
    long r =
        by_handle ? ftruncate(h->fd, (off_t)size) : truncate(path_of(n), (off_t)size);
    if (!worked(r, by_handle ? "ftruncate" : path_of(n)) && size > before)
        set_size(i, before);
    i->mtime = 0;
}

void op_fsync(void)
{
    struct handle *h = any_handle(true);
    int n = -1;
    for (int k = 1; h != NULL && k < NODES && n < 0; k++)
        if (node[k].inode == h->inode)
            n = k;
    if (n < 0)
        return;
    if (any(4) == 0) {
        worked(fdatasync(h->fd), path_of(n)); /* says nothing about names */
        return;
    }
    if (worked(fsync(h->fd), path_of(n)))
        log_durable(n);
}

void op_sync(void)
{
    sync();
    for (int n = 0; n < NODES; n++)
        if (node[n].inode != NULL)
            log_durable(n);
}
