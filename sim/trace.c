// SPDX-License-Identifier: GPL-2.0-or-later
/* trace.c - buffer, hash and file of trace records. See trace.h; words in trace_words.c. */
#include "trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define HASH_SEED UINT64_C(0x45584f5452414345)

/* Folds the 128-bit product: every bit of both goes into every bit of the result. */
static uint64_t mix(uint64_t a, uint64_t b)
{
    unsigned __int128 p = (unsigned __int128)a * b;
    return (uint64_t)p ^ (uint64_t)(p >> 64);
}

/*
 * Hash of records: for each record of four words w0..w3
 *     h = mix(h ^ w0 ^ K0, w1 ^ K1) ^ mix(rotl(h, 32) ^ w2 ^ K2, w3 ^ K3)
 * with mix(a, b) = low half xor high half of the 128-bit product a * b.
 */
static uint64_t hash_records(uint64_t h, const struct hw_trace_record *r, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t w[4];
        memcpy(w, &r[i], sizeof w);
        uint64_t turned = h << 32 | h >> 32;
        h = mix(h ^ w[0] ^ UINT64_C(0x9e3779b97f4a7c15),
                w[1] ^ UINT64_C(0xc2b2ae3d27d4eb4f)) ^
            mix(turned ^ w[2] ^ UINT64_C(0x165667b19e3779f9),
                w[3] ^ UINT64_C(0xd6e8feb86659fd93));
    }
    return h;
}

static void write_out(struct trace *t, const void *bytes, size_t n)
{
    if (!t->file || t->error)
        return;
    errno = 0;
    if (fwrite(bytes, 1, n, t->file) != n)
        t->error = errno ? errno : EIO;
}

int trace_open(struct trace *t, const char *path, const struct trace_header *h,
               const char *names, struct err *err)
{
    *t = (struct trace){.hash = HASH_SEED, .stop = TRACE_BUFFER, .watched = UINT64_MAX};
    t->buf = mem_zero(TRACE_BUFFER, sizeof *t->buf);
    if (!path)
        return 0;
    t->path = mem_str(path);
    t->file = fopen(path, "wbe");
    if (!t->file)
        return err_set(err, ERR_USER, "--trace %s: %s", path, strerror(errno));
    setvbuf(t->file, NULL, _IONBF, 0); /* the records are buffered already */
    static const char zeros[32];
    struct trace_header head = *h;
    memcpy(head.magic, TRACE_MAGIC, sizeof head.magic);
    head.version = TRACE_VERSION;
    head.record_size = sizeof(struct hw_trace_record);
    head.names_size = (uint32_t)strlen(names);
    size_t pad = (32 - head.names_size % 32) % 32;
    head.header_size = (uint32_t)(sizeof head + head.names_size + pad);
    write_out(t, &head, sizeof head);
    write_out(t, names, head.names_size);
    write_out(t, zeros, pad);
    if (t->error)
        return err_set(err, ERR_USER, "--trace %s: %s", path, strerror(t->error));
    return 0;
}

static void set_stop(struct trace *t)
{
    bool here = t->watched > t->total + t->n && t->watched - t->total < TRACE_BUFFER;
    t->stop = here ? (uint32_t)(t->watched - t->total) : TRACE_BUFFER;
}

void trace_watch(struct trace *t, uint64_t count)
{
    t->watched = count;
    set_stop(t);
}

static void reached(struct trace *t)
{
    if (t->total + t->n != t->watched)
        return;
    t->watched = UINT64_MAX;
    if (t->reached)
        t->reached(t->arg);
}

void trace_flush(struct trace *t)
{
    reached(t);
    if (t->n < TRACE_BUFFER) {
        set_stop(t);
        return;
    }
    t->hash = hash_records(t->hash, t->buf, t->n);
    write_out(t, t->buf, t->n * sizeof *t->buf);
    if (t->tap)
        t->tap(t->tap_arg, t->total, t->buf, t->n);
    t->total += t->n;
    t->wrapped = true;
    t->n = 0;
    set_stop(t);
}

void trace_rewind(struct trace *t, uint32_t n, uint64_t total, uint64_t hash)
{
    t->n = n;
    t->total = total;
    t->hash = hash;
    t->wrapped = false; /* older records are of another time */
    set_stop(t);
}

int trace_close(struct trace *t, struct err *err)
{
    if (!t->buf)
        return 0;
    write_out(t, t->buf, t->n * sizeof *t->buf);
    int rc = 0;
    if (t->file && fclose(t->file) != 0 && !t->error)
        t->error = errno;
    if (t->error)
        rc = err_set(err, ERR_USER, "--trace %s: %s (the file is incomplete)", t->path,
                     strerror(t->error));
    free(t->path);
    free(t->buf);
    t->buf = NULL;
    t->file = NULL;
    return rc;
}

uint64_t trace_hash(const struct trace *t)
{
    return hash_records(t->hash, t->buf, t->n);
}

uint64_t trace_count(const struct trace *t)
{
    return t->total + t->n;
}

size_t trace_last(const struct trace *t, struct hw_trace_record *out, size_t max)
{
    size_t young = t->n < max ? t->n : max, old = 0;
    if (t->wrapped && young < max) {
        old = max - young;
        if (old > TRACE_BUFFER - t->n)
            old = TRACE_BUFFER - t->n;
        memcpy(out, t->buf + TRACE_BUFFER - old, old * sizeof *out);
    }
    memcpy(out + old, t->buf + t->n - young, young * sizeof *out);
    return old + young;
}

bool trace_record(const struct trace *t, uint64_t k, struct hw_trace_record *out)
{
    uint64_t end = t->total + t->n;
    uint64_t kept = t->wrapped ? TRACE_BUFFER : t->n;
    if (k >= end || end - k > kept)
        return false;
    *out = t->buf[k >= t->total ? k - t->total : TRACE_BUFFER - (t->total - k)];
    return true;
}
