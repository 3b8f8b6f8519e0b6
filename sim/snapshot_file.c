// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * snapshot_file.c - a snapshot in a file. See snapshot.h.
 *
 *   8 bytes   "EXOSNAP" and the version, '1'
 *   64 bits   length of the rest, and its hash (hash.h, from HASH_START)
 *   a zstd frame of
 *     identity of the machine (32-bit length, text), place (four 64-bit numbers),
 *     state (64-bit length, bytes), pages of RAM (64 bits), a byte each: is it code?,
 *     how many pages are not zero (64 bits), and each: number (32 bits), 4096 bytes
 *
 * All numbers are little endian. The hash finds damage; it is no defence against forgery.
 */
#include "snapshot_priv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "hash.h"
#include "machine_priv.h"

#define MAGIC "EXOSNAP1"
#define HEAD 24u
#define LEVEL 3

static void put_place(struct bytes *b, const struct machine_place *p)
{
    bytes_put64(b, p->record);
    bytes_put64(b, p->cycle);
    bytes_put64(b, p->latest);
    bytes_put64(b, p->instruction);
}

static void put_all(struct bytes *b, const struct snapshot *s, const char *identity)
{
    uint64_t n = 0;
    bytes_put32(b, (uint32_t)strlen(identity));
    bytes_put(b, identity, strlen(identity));
    put_place(b, &s->place);
    bytes_put64(b, s->state.n);
    bytes_put(b, s->state.at, s->state.n);
    bytes_put64(b, s->npages);
    bytes_put(b, s->code, s->npages);
    for (uint64_t i = 0; i < s->npages; i++)
        n += s->page[i] != NULL;
    bytes_put64(b, n);
    for (uint64_t i = 0; i < s->npages; i++)
        if (s->page[i]) {
            bytes_put32(b, (uint32_t)i);
            bytes_put(b, s->page[i]->bytes, SNAPSHOT_PAGE);
        }
}

/* Under another name first: what was there stays until the new one is whole. */
static int write_file(const char *path, const struct bytes *head, const void *body,
                      size_t n, struct err *err)
{
    char *part = mem_fmt("%s.part", path);
    FILE *f = fopen(part, "wb");
    bool good = f && fwrite(head->at, 1, head->n, f) == head->n &&
                fwrite(body, 1, n, f) == n && fflush(f) == 0 && fsync(fileno(f)) == 0;
    int why = errno;
    if (f && fclose(f) != 0 && good) {
        good = false;
        why = errno;
    }
    if (good && rename(part, path) != 0) {
        good = false;
        why = errno;
    }
    if (!good && f)
        unlink(part);
    free(part);
    return good ? 0 : err_set(err, ERR_USER, "%s: %s", path, strerror(why));
}

int snapshot_save(const struct snapshot *s, const char *identity, const char *path,
                  struct err *err)
{
    struct bytes all = {0}, head = {0};
    put_all(&all, s, identity);
    size_t max = ZSTD_compressBound(all.n);
    uint8_t *packed = mem_grow(NULL, max, 1);
    size_t n = ZSTD_compress(packed, max, all.at, all.n, LEVEL);
    bytes_free(&all);
    int rc;
    if (ZSTD_isError(n)) {
        rc = err_set(err, ERR_USER, "%s: %s", path, ZSTD_getErrorName(n));
    } else {
        bytes_put(&head, MAGIC, 8);
        bytes_put64(&head, n);
        bytes_put64(&head, hash_bytes(HASH_START, packed, n));
        rc = write_file(path, &head, packed, n, err);
    }
    bytes_free(&head);
    free(packed);
    return rc;
}

/* The whole file. */
static int read_file(const char *path, struct bytes *out, struct err *err)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return err_set(err, ERR_USER, "%s: %s", path, strerror(errno));
    size_t n;
    uint8_t buf[65536];
    errno = 0;
    while ((n = fread(buf, 1, sizeof buf, f)) > 0)
        bytes_put(out, buf, n);
    int rc = ferror(f)
                 ? err_set(err, ERR_USER, "%s: %s", path, strerror(errno ? errno : EIO))
                 : 0;
    fclose(f);
    return rc;
}

static int damaged(const char *path, const char *what, struct err *err)
{
    return err_set(err, ERR_USER, "%s: not a whole snapshot: %s", path, what);
}

/* The frame's contents; free() them. max: more than any of this machine has. */
static int unpack(const char *path, const struct bytes *file, uint64_t max, uint8_t **out,
                  size_t *n, struct err *err)
{
    struct bytes_in in = {file->at, file->n, false};
    char magic[8] = "";
    bytes_get(&in, magic, sizeof magic);
    if (in.bad || memcmp(magic, MAGIC, 7) != 0)
        return err_set(err, ERR_USER, "%s: not a snapshot (it should begin with EXOSNAP)",
                       path);
    if (magic[7] != MAGIC[7])
        return err_set(err, ERR_USER,
                       "%s: a snapshot of version '%c', this exosim reads version '%c'",
                       path, magic[7] >= ' ' && magic[7] < 127 ? magic[7] : '?',
                       MAGIC[7]);
    uint64_t len = bytes_get64(&in), hash = bytes_get64(&in);
    if (in.bad || len != in.left)
        return damaged(path, "its length is not what it says", err);
    if (hash_bytes(HASH_START, in.at, in.left) != hash)
        return damaged(path, "its bytes are not those that were written", err);
    unsigned long long size = ZSTD_getFrameContentSize(in.at, in.left);
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > max)
        return damaged(path, "no machine of this size", err);
    *out = mem_grow(NULL, size + 1, 1);
    *n = ZSTD_decompress(*out, size, in.at, in.left);
    if (ZSTD_isError(*n) || *n != size) {
        free(*out);
        return damaged(path, "it cannot be unpacked", err);
    }
    return 0;
}

/* Pages of RAM into s. False: not as they should be. */
static bool get_pages(struct bytes_in *in, struct snapshot *s)
{
    uint64_t n = bytes_get64(in);
    for (uint64_t i = 0; i < n && !in->bad; i++) {
        uint32_t at = bytes_get32(in);
        const uint8_t *from = bytes_skip(in, SNAPSHOT_PAGE);
        if (!from || at >= s->npages || s->page[at])
            return false;
        struct snapshot_page *p = mem_grow(NULL, 1, sizeof *p);
        p->refs = 1;
        memcpy(p->bytes, from, SNAPSHOT_PAGE);
        s->page[at] = p;
        s->pool->bytes += sizeof *p;
    }
    return !in->bad && in->left == 0;
}

static int get_all(struct bytes_in *in, struct snapshot *s, const struct machine *m,
                   const char *identity, const char *path, struct err *err)
{
    uint32_t len = bytes_get32(in);
    const uint8_t *who = bytes_skip(in, len);
    if (!who || len != strlen(identity) || memcmp(who, identity, len) != 0)
        return err_set(err, ERR_USER,
                       "%s: a snapshot of another run: expected the same board, options, "
                       "programs, files and disk",
                       path);
    s->place.record = bytes_get64(in);
    s->place.cycle = bytes_get64(in);
    s->place.latest = bytes_get64(in);
    s->place.instruction = bytes_get64(in);
    uint64_t n = bytes_get64(in);
    const uint8_t *state = n <= in->left ? bytes_skip(in, (size_t)n) : NULL;
    if (!state)
        return damaged(path, "the state is cut off", err);
    bytes_put(&s->state, state, (size_t)n);
    uint64_t npages = bytes_get64(in);
    const uint8_t *code = npages <= in->left ? bytes_skip(in, (size_t)npages) : NULL;
    if (!code || npages != m->ram_size / SNAPSHOT_PAGE)
        return damaged(path, "RAM of another size", err);
    s->npages = npages;
    s->page = mem_zero(npages, sizeof *s->page);
    s->code = mem_grow(NULL, npages, 1);
    memcpy(s->code, code, npages);
    return get_pages(in, s) ? 0 : damaged(path, "its pages are not in order", err);
}

int snapshot_load(struct machine *m, const char *identity, const char *path,
                  struct snapshot_pool *pool, struct snapshot **out, struct err *err)
{
    struct bytes file = {0};
    uint8_t *all = NULL;
    size_t n = 0;
    *out = NULL;
    uint64_t max = 2 * m->ram_size + 2 * store_size(m->store) + (UINT64_C(1) << 30);
    int rc = read_file(path, &file, err);
    if (rc == 0)
        rc = unpack(path, &file, max, &all, &n, err);
    if (rc == 0) {
        struct snapshot *s = mem_zero(1, sizeof *s);
        struct bytes_in in = {all, n, false};
        s->pool = pool;
        rc = get_all(&in, s, m, identity, path, err);
        s->bytes = sizeof *s + s->npages * (sizeof *s->page + 1) + s->state.cap;
        pool->bytes += s->bytes;
        if (rc)
            snapshot_free(s);
        else
            *out = s;
    }
    free(all);
    bytes_free(&file);
    return rc;
}
