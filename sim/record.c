// SPDX-License-Identifier: GPL-2.0-or-later
/* record.c - writing a run's input down, and what recording and replaying share. See record.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "record_priv.h"

bool record_replays(const struct record *r)
{
    return r && !r->file;
}

/* The hash goes by words of 8 bytes, whatever the pieces are. */
static void hash_piece(struct record *r, const uint8_t *p, size_t n)
{
    while (n > 0 && (r->nheld || n < 8)) {
        r->held[r->nheld++] = *p++;
        n--;
        if (r->nheld == 8) {
            r->hash = hash_bytes(r->hash, r->held, 8);
            r->nheld = 0;
        }
    }
    size_t words = n & ~(size_t)7;
    r->hash = hash_bytes(r->hash, p, words);
    memcpy(r->held + r->nheld, p + words, n - words);
    r->nheld += n - words;
}

static void write_out(struct record *r, const void *bytes, size_t n)
{
    errno = 0;
    if (!r->error && n && fwrite(bytes, 1, n, r->file) != n)
        r->error = errno ? errno : EIO;
    hash_piece(r, bytes, n);
}

int record_create(const char *path, const char *machine, struct record **out,
                  struct err *err)
{
    *out = NULL;
    FILE *file = fopen(path, "wbe");
    if (!file)
        return err_set(err, ERR_USER, "--record %s: %s", path, strerror(errno));
    struct record *r = mem_zero(1, sizeof *r);
    r->path = mem_str(path);
    r->file = file;
    r->hash = HASH_START;
    const uint32_t head[2] = {RECORD_VERSION, (uint32_t)strlen(machine)};
    write_out(r, RECORD_MAGIC, 8);
    write_out(r, head, sizeof head);
    write_out(r, machine, head[1]);
    *out = r;
    return 0;
}

void record_put(struct record *r, enum record_kind kind, uint64_t cycle,
                const void *bytes, size_t n)
{
    const uint32_t head[2] = {kind, (uint32_t)n};
    write_out(r, head, sizeof head);
    write_out(r, &cycle, sizeof cycle);
    write_out(r, bytes, n);
    if (kind != RECORD_END)
        return;
    uint64_t hash = hash_bytes(r->hash, r->held, r->nheld);
    write_out(r, &hash, sizeof hash);
}

int record_flush(struct record *r, struct err *err)
{
    if (!r || !r->file)
        return 0;
    errno = 0;
    if (!r->error && fflush(r->file))
        r->error = errno ? errno : EIO;
    if (r->error)
        return err_set(err, ERR_USER, "--record %s: %s", r->path, strerror(r->error));
    return 0;
}

void record_close(struct record *r)
{
    if (!r)
        return;
    if (r->file)
        fclose(r->file);
    free(r->bytes);
    free(r->diverged);
    free(r->path);
    free(r);
}

uint64_t record_next_check(const struct record *r)
{
    return r->checked + RECORD_CHECK;
}

void record_check(struct record *r, uint64_t cycle, uint64_t records, uint64_t hash)
{
    const uint64_t now[2] = {records, hash};
    if (records - r->checked < RECORD_CHECK)
        return;
    r->checked = records;
    if (!record_replays(r)) {
        record_put(r, RECORD_CHECK_AT, cycle, now, sizeof now);
        return;
    }
    size_t n;
    const uint8_t *was = record_take(r, RECORD_CHECK_AT, cycle, &n);
    if (was && (n != sizeof now || memcmp(was, now, n) != 0))
        record_differs(r, cycle, "the trace differs");
}

size_t record_input(struct record *r, uint64_t cycle, uint8_t *bytes, size_t max,
                    size_t fresh)
{
    if (!record_replays(r)) {
        record_put(r, RECORD_INPUT, cycle, bytes, fresh);
        return fresh;
    }
    size_t n = 0;
    const uint8_t *was = record_take(r, RECORD_INPUT, cycle, &n);
    if (!was)
        return 0;
    if (n > max) {
        record_differs(r, cycle, "less console input is asked for");
        return 0;
    }
    memcpy(bytes, was, n);
    return n;
}
