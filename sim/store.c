// SPDX-License-Identifier: GPL-2.0-or-later
/* store.c - the medium of a disk, copy-on-write. See store.h. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store_priv.h"

static uint64_t round_up(uint64_t n, uint64_t to)
{
    return (n + to - 1) / to * to;
}

static int make_room(struct store *s, uint64_t size)
{
    if (size == 0 || size > INT64_MAX - STORE_PAGE)
        return -1;
    uint64_t whole = round_up(size, STORE_PAGE);
    void *bytes = mmap(NULL, whole, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (bytes == MAP_FAILED)
        return -1;
    s->bytes = bytes;
    s->size = size;
    s->dirty = mem_zero(whole / STORE_PAGE, 1);
    return 0;
}

static int open_image(struct store *s, struct err *err)
{
    const char *opt = s->option, *path = s->image;
    struct stat st;
    s->fd = open(path, (s->setup.write ? O_RDWR : O_RDONLY) | O_CLOEXEC);
    if (s->fd < 0)
        return err_set(err, ERR_USER, "%s %s: %s%s", opt, path, strerror(errno),
                       s->setup.write && (errno == EACCES || errno == EROFS)
                           ? " (--write has to write it)"
                           : "");
    if (fstat(s->fd, &st))
        return err_set(err, ERR_USER, "%s %s: %s", opt, path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return err_set(err, ERR_USER, "%s %s: not a regular file, expected a disk image",
                       opt, path);
    if (st.st_size == 0)
        return err_set(err, ERR_USER, "%s %s: the file is empty, expected a disk image",
                       opt, path);
    /* others may read along: what is written takes the file's place, it does not change it */
    if (s->setup.write && flock(s->fd, LOCK_EX | LOCK_NB))
        return err_set(err, ERR_USER,
                       "%s %s: another exosim keeps its changes in this image (--write)",
                       opt, path);
    if (make_room(s, (uint64_t)st.st_size))
        return err_set(err, ERR_USER,
                       "%s %s: the host cannot give %" PRIu64 " bytes for the disk", opt,
                       path, (uint64_t)st.st_size);
    return 0;
}

int store_open(const struct store_setup *setup, struct store **out, struct err *err)
{
    struct store *s = mem_zero(1, sizeof *s);
    s->setup = *setup;
    s->fd = -1;
    s->image = setup->image ? mem_str(setup->image) : NULL;
    s->option = mem_str(setup->option ? setup->option : "--disk");
    if (setup->given)
        s->name = mem_fmt("%s %s", s->option, setup->given);
    int rc = s->image ? open_image(s, err) : 0;
    if (rc) {
        store_close(s);
        s = NULL;
    }
    *out = s;
    return rc;
}

const char *store_name(const struct store *s)
{
    return s->name;
}

uint64_t store_size(const struct store *s)
{
    return s->size;
}

int store_blank(struct store *s, uint64_t size, uint8_t blank)
{
    if (s->size)
        return -1;
    s->blank = blank;
    return make_room(s, s->setup.size ? s->setup.size : size);
}

/* ---- bytes ---- */

static int fail(struct store *s, const char *why)
{
    if (!s->failed[0])
        snprintf(s->failed, sizeof s->failed, "%s %.150s: %s", s->option, s->image, why);
    return -1;
}

/* Bytes of the image, or blank ones. */
static int fetch(struct store *s, uint8_t *to, uint64_t off, size_t len)
{
    if (s->fd < 0) {
        memset(to, s->blank, len);
        return 0;
    }
    for (size_t at = 0; at < len;) {
        ssize_t n = pread(s->fd, to + at, len - at, (off_t)(off + at));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return fail(s, n < 0 ? strerror(errno)
                                 : "the file became shorter while it was in use");
        at += (size_t)n;
    }
    return 0;
}

size_t store_page_len(const struct store *s, uint64_t page)
{
    uint64_t left = s->size - page * STORE_PAGE;
    return left < STORE_PAGE ? (size_t)left : STORE_PAGE;
}

int store_read(struct store *s, uint64_t off, void *to, size_t len)
{
    if (off > s->size || len > s->size - off)
        return -1;
    uint8_t *out = to;
    while (len > 0) { /* runs of pages that come from the same place */
        uint64_t page = off / STORE_PAGE, end = page + 1;
        uint8_t dirty = s->dirty[page];
        while (end * STORE_PAGE < off + len && s->dirty[end] == dirty)
            end++;
        size_t n = (size_t)(end * STORE_PAGE - off);
        if (n > len)
            n = len;
        if (dirty)
            memcpy(out, s->bytes + off, n);
        else if (fetch(s, out, off, n))
            return -1;
        out += n;
        off += n;
        len -= n;
    }
    return 0;
}

/* A page that is written in part needs the rest of it. */
static int complete(struct store *s, uint64_t page)
{
    uint64_t off = page * STORE_PAGE;
    return s->dirty[page] ? 0 : fetch(s, s->bytes + off, off, store_page_len(s, page));
}

int store_put(struct store *s, uint64_t off, const void *from, size_t len)
{
    if (len == 0)
        return 0;
    uint64_t first = off / STORE_PAGE, last = (off + len - 1) / STORE_PAGE;
    bool head = off % STORE_PAGE != 0;
    bool tail = off + len != last * STORE_PAGE + store_page_len(s, last);
    if ((head || (tail && first == last)) && complete(s, first))
        return -1;
    if (tail && last != first && complete(s, last))
        return -1;
    memcpy(s->bytes + off, from, len);
    memset(s->dirty + first, 1, last - first + 1);
    return 0;
}

int store_write(struct store *s, uint64_t off, const void *from, size_t len)
{
    if (s->cut || off > s->size || len > s->size - off)
        return -1;
    if (s->started) {
        s->writes++;
        if (s->writes == s->setup.cut) {
            store_cut_now(s, off, from, len);
            return -1;
        }
        if (s->setup.cut)
            store_cut_note(s, off, from, len);
    }
    return store_put(s, off, from, len);
}

void store_flush(struct store *s)
{
    if (!s->cut)
        store_cut_forget(s);
}

void store_start(struct store *s, enum hw_persist persist, uint32_t atom)
{
    s->started = true;
    s->persist = persist;
    s->atom = atom ? atom : 1;
}

uint64_t store_writes(const struct store *s)
{
    return s->writes;
}

bool store_cut_done(const struct store *s)
{
    return s->cut;
}

const char *store_failed(const struct store *s)
{
    return s->failed[0] ? s->failed : NULL;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    store_cut_forget(s);
    if (s->setup.done)
        s->setup.done(s->setup.arg);
    if (s->bytes)
        munmap(s->bytes, round_up(s->size, STORE_PAGE));
    if (s->fd >= 0)
        close(s->fd);
    free(s->undo);
    free(s->dirty);
    free(s->image);
    free(s->option);
    free(s->name);
    free(s);
}
