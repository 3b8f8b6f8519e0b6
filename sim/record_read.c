// SPDX-License-Identifier: GPL-2.0-or-later
/* record_read.c - reading a record back and comparing a run with it. See record.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "record_priv.h"

static uint32_t get32(const uint8_t *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static uint64_t get64(const uint8_t *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* Length of the line at p without its end. */
static size_t line_length(const char *p, const char *end)
{
    const char *nl = memchr(p, '\n', (size_t)(end - p));
    return (size_t)((nl ? nl : end) - p);
}

static int differ(const char *path, const char *was, size_t a, const char *is, size_t b,
                  struct err *err)
{
    static const char none[] = "nothing more";
    return err_set(err, ERR_USER,
                   "--replay %s: recorded with `%.*s`, this run has `%.*s`", path,
                   a ? (int)(a < 200 ? a : 200) : (int)sizeof none, a ? was : none,
                   b ? (int)(b < 200 ? b : 200) : (int)sizeof none, b ? is : none);
}

/* The first line that differs is the difference. */
static int compare(const char *path, const char *was, size_t n, const char *is,
                   struct err *err)
{
    const char *was_end = was + n, *is_end = is + strlen(is);
    while (was < was_end || is < is_end) {
        size_t a = line_length(was, was_end), b = line_length(is, is_end);
        if (a != b || memcmp(was, is, a) != 0)
            return differ(path, was, a, is, b, err);
        was += a + (was + a < was_end);
        is += b + (is + b < is_end);
    }
    return 0;
}

static int not_whole(const char *path, const char *why, size_t at, struct err *err)
{
    return err_set(err, ERR_USER, "--replay %s: %s at byte %zu", path, why, at);
}

static bool length_fits(uint32_t kind, uint32_t n)
{
    switch (kind) {
    case RECORD_ANSWER:
    case RECORD_FRAME: return n > 0 && n <= 65536;
    case RECORD_SENT: return n == 8;
    case RECORD_INPUT: return true;
    case RECORD_CHECK_AT: return n == 16;
    case RECORD_END: return n == sizeof(struct record_end);
    default: return false;
    }
}

/* Walks over all entries once: afterwards they can be trusted. */
static int check_entries(struct record *r, struct err *err)
{
    size_t at = r->at;
    for (;;) {
        if (r->n - at < RECORD_ENTRY)
            return not_whole(r->path, "cut off (the recording did not end in order)", at,
                             err);
        uint32_t kind = get32(r->bytes + at), n = get32(r->bytes + at + 4);
        if (!length_fits(kind, n))
            return not_whole(r->path, "damaged: no entry", at, err);
        if (r->n - at - RECORD_ENTRY < n)
            return not_whole(r->path, "cut off in an entry", at, err);
        at += RECORD_ENTRY + n;
        if (kind == RECORD_END)
            break;
    }
    if (r->n - at < 8)
        return not_whole(r->path, "cut off in its hash", at, err);
    if (get64(r->bytes + at) != hash_bytes(HASH_START, r->bytes, at))
        return not_whole(r->path, "damaged: the hash does not fit", at, err);
    if (r->n - at > 8)
        return not_whole(r->path, "something more behind its end", at + 8, err);
    r->n = at;
    return 0;
}

static int check(struct record *r, const char *machine, struct err *err)
{
    if (r->n < 8 || memcmp(r->bytes, RECORD_MAGIC, 8) != 0)
        return err_set(err, ERR_USER, "--replay %s: not a file of --record", r->path);
    if (r->n < RECORD_HEAD)
        return not_whole(r->path, "cut off", r->n, err);
    if (get32(r->bytes + 8) != RECORD_VERSION)
        return err_set(err, ERR_USER,
                       "--replay %s: version %" PRIu32 ", this exosim reads version %u",
                       r->path, get32(r->bytes + 8), RECORD_VERSION);
    uint32_t text = get32(r->bytes + 12);
    if (r->n - RECORD_HEAD < text)
        return not_whole(r->path, "cut off", r->n, err);
    r->at = RECORD_HEAD + text;
    int rc = check_entries(r, err);
    return rc ? rc
              : compare(r->path, (const char *)r->bytes + RECORD_HEAD, text, machine,
                        err);
}

int record_parse(uint8_t *bytes, size_t n, const char *path, const char *machine,
                 struct record **out, struct err *err)
{
    struct record *r = mem_zero(1, sizeof *r);
    r->path = mem_str(path);
    r->bytes = bytes;
    r->n = n;
    *out = r;
    int rc = check(r, machine, err);
    if (rc) {
        record_close(r);
        *out = NULL;
    }
    return rc;
}

int record_open(const char *path, const char *machine, struct record **out,
                struct err *err)
{
    *out = NULL;
    FILE *f = fopen(path, "rbe");
    if (!f)
        return err_set(err, ERR_USER, "--replay %s: %s", path, strerror(errno));
    uint8_t *bytes = NULL;
    size_t n = 0, cap = 0, got;
    errno = 0;
    do {
        if (cap - n < 65536) {
            cap = 2 * cap + 65536;
            bytes = mem_grow(bytes, cap, 1);
        }
        got = fread(bytes + n, 1, cap - n, f);
        n += got;
    } while (got);
    int bad = ferror(f) ? errno : 0;
    fclose(f);
    if (bad) {
        free(bytes);
        return err_set(err, ERR_USER, "--replay %s: %s", path, strerror(bad));
    }
    return record_parse(bytes, n, path, machine, out, err);
}

/* ---- comparing ---- */

static const char *kind_words(uint32_t kind)
{
    switch (kind) {
    case RECORD_ANSWER:
    case RECORD_FRAME: return "a frame comes";
    case RECORD_SENT: return "a frame is sent";
    case RECORD_INPUT: return "console input is read";
    case RECORD_CHECK_AT: return "so much has happened that the trace is compared";
    default: return "the run ends";
    }
}

void record_differs(struct record *r, uint64_t cycle, const char *what)
{
    if (r->diverged)
        return;
    const uint8_t *e = r->bytes + r->at;
    r->diverged = mem_fmt("--replay: the run is not the recorded one: at cycle %" PRIu64
                          " %s; recorded next: at cycle %" PRIu64 " %s",
                          cycle, what, get64(e + 8), kind_words(get32(e)));
    if (r->alarm)
        r->alarm(r->alarm_arg);
}

void record_alarm(struct record *r, void (*alarm)(void *arg), void *arg)
{
    r->alarm = alarm;
    r->alarm_arg = arg;
}

const char *record_diverged(const struct record *r)
{
    return r->diverged;
}

uint64_t record_next(const struct record *r, enum record_kind kind)
{
    const uint8_t *e = r->bytes + r->at;
    return get32(e) == kind && !r->diverged ? get64(e + 8) : UINT64_MAX;
}

const uint8_t *record_take(struct record *r, enum record_kind kind, uint64_t cycle,
                           size_t *n)
{
    if (r->diverged)
        return NULL;
    const uint8_t *e = r->bytes + r->at;
    if (get32(e) != kind || get64(e + 8) != cycle) {
        record_differs(r, cycle, kind_words(kind));
        return NULL;
    }
    *n = get32(e + 4);
    if (kind != RECORD_END) /* the end stays: there is always a next entry */
        r->at += RECORD_ENTRY + *n;
    uint32_t next = get32(r->bytes + r->at);
    if (r->alarm && (next == RECORD_FRAME || next == RECORD_END))
        r->alarm(r->alarm_arg); /* where the machine must stop is known now */
    return e + RECORD_ENTRY;
}

struct record_end record_end_of(const struct record *r, uint64_t *cycle)
{
    struct record_end end;
    memcpy(&end, r->bytes + r->n - sizeof end, sizeof end);
    *cycle = get64(r->bytes + r->n - sizeof end - 8);
    return end;
}

void record_state_put(const struct record *r, struct bytes *to)
{
    bytes_put64(to, r->at);
    bytes_put64(to, r->checked);
}

void record_state_get(struct record *r, struct bytes_in *in)
{
    uint64_t at = bytes_get64(in), checked = bytes_get64(in);
    /* only where an entry begins: walk there */
    uint64_t e = RECORD_HEAD + get32(r->bytes + 12);
    while (e < at && get32(r->bytes + e) != RECORD_END)
        e += RECORD_ENTRY + get32(r->bytes + e + 4);
    if (e != at) {
        in->bad = true;
        return;
    }
    r->at = (size_t)at;
    r->checked = checked;
}
