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
    if (size == 0 || size > INT64_MAX - STORE_CHUNK)
        return -1;
    uint64_t whole = round_up(size, STORE_CHUNK);
    void *bytes = mmap(NULL, whole, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (bytes == MAP_FAILED)
        return -1;
    s->bytes = bytes;
    s->size = size;
    s->loaded = mem_zero(whole / STORE_CHUNK, 1);
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

static int load_chunk(struct store *s, uint64_t chunk)
{
    uint64_t off = chunk * STORE_CHUNK;
    size_t len = s->size - off < STORE_CHUNK ? (size_t)(s->size - off) : STORE_CHUNK;
    bool zero = s->fd < 0 && s->blank == 0; /* as the host gives it */
    if (!zero && fetch(s, s->bytes + off, off, len))
        return -1;
    s->loaded[chunk] = 1;
    return 0;
}

int store_forget_page(struct store *s, uint64_t page)
{
    uint64_t off = page * STORE_PAGE;
    size_t len = s->size - off < STORE_PAGE ? (size_t)(s->size - off) : STORE_PAGE;
    if (fetch(s, s->bytes + off, off, len))
        return -1;
    s->dirty[page] = 0;
    return 0;
}

int store_load(struct store *s, uint64_t off, size_t len)
{
    if (off > s->size || len > s->size - off)
        return -1;
    if (len == 0)
        return 0;
    for (uint64_t c = off / STORE_CHUNK; c <= (off + len - 1) / STORE_CHUNK; c++)
        if (!s->loaded[c] && load_chunk(s, c))
            return -1;
    return 0;
}

int store_read(struct store *s, uint64_t off, void *to, size_t len)
{
    if (off > s->size || len > s->size - off)
        return -1;
    for (size_t at = 0; at < len;) {
        uint64_t chunk = (off + at) / STORE_CHUNK;
        size_t n = (size_t)((chunk + 1) * STORE_CHUNK - (off + at));
        if (n > len - at)
            n = len - at;
        if (s->fd < 0 && !s->loaded[chunk]) { /* blank: need not be there to be read */
            memset((uint8_t *)to + at, s->blank, n);
        } else {
            if (store_load(s, off + at, n))
                return -1;
            memcpy((uint8_t *)to + at, s->bytes + off + at, n);
        }
        at += n;
    }
    return 0;
}

void store_put(struct store *s, uint64_t off, const void *from, size_t len)
{
    if (len == 0)
        return;
    memcpy(s->bytes + off, from, len);
    memset(s->dirty + off / STORE_PAGE, 1,
           (off + len - 1) / STORE_PAGE - off / STORE_PAGE + 1);
}

int store_write(struct store *s, uint64_t off, const void *from, size_t len)
{
    if (s->cut || store_load(s, off, len))
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
    store_put(s, off, from, len);
    return 0;
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
        munmap(s->bytes, round_up(s->size, STORE_CHUNK));
    if (s->fd >= 0)
        close(s->fd);
    free(s->undo);
    free(s->loaded);
    free(s->dirty);
    free(s->image);
    free(s->option);
    free(s->name);
    free(s);
}
