// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * store_save.c - --write: the image becomes what the medium holds, whole or not at all.
 *
 * A copy is made beside the image, changed, forced to the disk, and renamed into its place; if
 * anything fails the image is as it was and the copy is gone. Where no copy can be put beside it
 * (the folder cannot be written, the image has several names) the pages that changed are written
 * into the image itself, after room for all of them has been reserved.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/fs.h>

#include "store_priv.h"

static int write_all(int fd, const uint8_t *from, size_t len, uint64_t off)
{
    for (size_t at = 0; at < len;) {
        ssize_t n = pwrite(fd, from + at, len - at, (off_t)(off + at));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            errno = n < 0 ? errno : EIO;
            return -1;
        }
        at += (size_t)n;
    }
    return 0;
}

/* Calls act() for each run of changed pages. */
static int each_run(struct store *s, int fd,
                    int (*act)(struct store *s, int fd, uint64_t off, size_t len))
{
    uint64_t pages = (s->size + STORE_PAGE - 1) / STORE_PAGE;
    for (uint64_t p = 0; p < pages;) {
        if (!s->dirty[p]) {
            p++;
            continue;
        }
        uint64_t end = p;
        while (end < pages && s->dirty[end])
            end++;
        uint64_t off = p * STORE_PAGE, to = end * STORE_PAGE;
        if (to > s->size)
            to = s->size;
        if (act(s, fd, off, (size_t)(to - off)))
            return -1;
        p = end;
    }
    return 0;
}

static int write_run(struct store *s, int fd, uint64_t off, size_t len)
{
    return write_all(fd, s->bytes + off, len, off);
}

static int reserve_run(struct store *s, int fd, uint64_t off, size_t len)
{
    (void)s;
    int rc = posix_fallocate(fd, (off_t)off, (off_t)len);
    if (rc == 0 || rc == EOPNOTSUPP || rc == EINVAL)
        return 0;
    errno = rc;
    return -1;
}

/* The bytes of the image as they were, holes included. */
static int copy_file(const struct store *s, int to)
{
    if (ioctl(to, FICLONE, s->fd) == 0)
        return 0;
    if (ftruncate(to, (off_t)s->size))
        return -1;
    static const size_t block = 1 << 20;
    uint8_t *buf = mem_zero(1, block);
    int rc = 0;
    for (off_t at = 0; rc == 0;) {
        off_t data = lseek(s->fd, at, SEEK_DATA);
        if (data < 0) {
            rc = errno == ENXIO ? 0 : -1; /* only a hole is left */
            break;
        }
        off_t end = lseek(s->fd, data, SEEK_HOLE);
        while (rc == 0 && data < end) {
            size_t want = (size_t)(end - data) < block ? (size_t)(end - data) : block;
            ssize_t n = pread(s->fd, buf, want, data);
            if (n <= 0) {
                errno = n < 0 ? errno : EIO;
                rc = -1;
                break;
            }
            rc = write_all(to, buf, (size_t)n, (uint64_t)data);
            data += n;
        }
        at = end;
    }
    free(buf);
    return rc;
}

/* Fills the copy and makes it the image. errno says why not. */
static int replace(struct store *s, int fd, const char *copy, const char *image,
                   const struct stat *st)
{
    if (copy_file(s, fd) || each_run(s, fd, write_run) || fchmod(fd, st->st_mode & 07777))
        return -1;
    if (fchown(fd, st->st_uid, st->st_gid) && errno != EPERM)
        return -1;
    return fsync(fd) || rename(copy, image) ? -1 : 0;
}

static int unchanged(struct store *s, struct err *err)
{
    return err_set(err, ERR_USER,
                   "--write: %s: %s; the image is as it was before the run", s->image,
                   strerror(errno));
}

static int save_in_place(struct store *s, struct err *err)
{
    if (each_run(s, s->fd, reserve_run))
        return unchanged(s, err);
    if (each_run(s, s->fd, write_run) || fsync(s->fd))
        return err_set(err, ERR_USER,
                       "--write: %s: %s; the image holds a part of the changes", s->image,
                       strerror(errno));
    return 0;
}

static bool any_dirty(const struct store *s)
{
    return s->size && memchr(s->dirty, 1, (s->size + STORE_PAGE - 1) / STORE_PAGE);
}

int store_dump(struct store *s, int fd, struct err *err)
{
    uint8_t buf[65536];
    for (uint64_t at = 0; at < s->size; at += sizeof buf) {
        size_t n = s->size - at < sizeof buf ? (size_t)(s->size - at) : sizeof buf;
        if (store_read(s, at, buf, n))
            return err_set(err, ERR_USER, "--write: %s", s->failed);
        if (write_all(fd, buf, n, at))
            return err_set(err, ERR_USER, "--write: a copy of the medium: %s",
                           strerror(errno));
    }
    return 0;
}

int store_save(struct store *s, struct err *err)
{
    struct stat st;
    if (s->setup.save)
        return any_dirty(s) ? s->setup.save(s, s->setup.arg, err) : 0;
    if (!s->setup.write || s->fd < 0 || !any_dirty(s))
        return 0;
    char *image = realpath(s->image, NULL);
    if (!image || fstat(s->fd, &st)) {
        free(image);
        return unchanged(s, err);
    }
    char *copy = mem_fmt("%s.XXXXXX", image);
    int fd = st.st_nlink == 1 ? mkostemp(copy, O_CLOEXEC) : -1;
    int rc = 0;
    if (fd < 0) {
        rc = save_in_place(s, err);
    } else {
        if (replace(s, fd, copy, image, &st)) {
            rc = unchanged(s, err);
            unlink(copy);
        }
        close(fd);
    }
    free(copy);
    free(image);
    return rc;
}
