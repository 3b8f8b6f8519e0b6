// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * digest.c - what a trace says, without what a compiler decides.
 *
 *   trace_digest TRACE        prints one line an event
 *
 * Another compiler version moves code: addresses, cycles, misses and instruction counts change and
 * mean nothing, and so does how often pages are bound on demand: neither those calls nor the
 * return from their faults are shown. What must stay is the rest of the conversation: which
 * exokernel calls an environment makes and whether they succeed, which upcalls it gets,
 * births, deaths, and what is printed. Blocks
 * of up to BLOCK_MAX lines that repeat at once are printed once, as how often a loop runs may
 * depend on the size of a program ("| " marks the block, "..." that it repeats).
 *
 * Exact traces are compared elsewhere: golden.sh runs everything twice and compares the bytes.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace.h"

#define LINES_MAX 200000u
#define LINE_MAX_BYTES 96u
#define BLOCK_MAX 12u
#define CALLS 64u
#define CALL_FIRST 0x2000u

enum guest_event { UPCALL = 1, REVOKE = 4, ABORT = 5, WAKE = 6, DEATH = 7, CREATE = 8 };

static char (*lines)[LINE_MAX_BYTES];
static bool *repeats, *inside;
static size_t nlines;
static char names[CALLS][32];

static void add(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void add(const char *fmt, ...)
{
    if (nlines == LINES_MAX) {
        fprintf(stderr,
                "trace_digest: more than %u events: too long for a golden trace\n",
                LINES_MAX);
        exit(1);
    }
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(lines[nlines++], LINE_MAX_BYTES, fmt, ap);
    va_end(ap);
}

/* Bytes of the console come one a record: a line of text is one line here. */
static void console(int byte)
{
    static char text[LINE_MAX_BYTES - 16];
    static size_t n;
    if (byte >= ' ' && byte < 0x7f)
        text[n++] = (char)byte;
    if ((byte == '\n' || byte < 0 || n == sizeof text - 1) && (n || byte == '\n')) {
        text[n] = '\0';
        add("console %s", text);
        n = 0;
    }
}

static void guest_event(const struct hw_trace_record *r, unsigned event)
{
    static const char *const upcalls[] = {"?", "exception", "prologue", "epilogue",
                                          "revoke"};
    switch (event) {
    case UPCALL:
        /* slices end where time says */
        if (r->b == 1 || r->b == 4)
            add("env %" PRIu64 " upcall %s", r->a, upcalls[r->b]);
        break;
    case REVOKE: add("env %" PRIu64 " is asked for a frame", r->a); break;
    case ABORT: add("env %" PRIu64 " loses a frame", r->a); break;
    case WAKE: add("env %" PRIu64 " wakes", r->a); break;
    case DEATH: add("env %" PRIu64 " dies, status %" PRIu64, r->a, r->b); break;
    case CREATE: add("env %" PRIu64 " is made by env %" PRIu64, r->a, r->b); break;
    default: break;
    }
}

static const char *call_name(uint64_t number)
{
    number -= number >= CALL_FIRST ? CALL_FIRST : 0;
    return number < CALLS && names[number][0] ? names[number] : "unknown";
}

/* Calls whose number depends on where a compiler put things, or on when slices end. */
static bool is_incidental(const char *name)
{
    static const char *const incidental[] = {
        "slice_end",    "batch",     "exc_return", "frame_alloc",    "frame_free",
        "frame_hold",   "tlb_write", "tlb_batch",  "tlb_invalidate", "pt_map",
        "pt_table",     "pt_unmap",  "pt_batch",   "hpt_insert",     "hpt_evict",
        "hpt_batch",    "hpt_group", "region_set", "region_clear",   "region_read",
        "region_batch",
    };
    for (size_t i = 0; i < sizeof incidental / sizeof incidental[0]; i++)
        if (strcmp(name, incidental[i]) == 0)
            return true;
    return false;
}

static void event(const struct hw_trace_record *r)
{
    const char *name = call_name(r->a);
    bool shown = !is_incidental(name);
    switch (r->event) {
    case HW_EV_CALL:
        if (shown)
            add("env %" PRIu32 " call %s", r->env, name);
        break;
    case HW_EV_RESULT:
        if ((int64_t)r->b < 0 && (int64_t)r->b > -256 && shown)
            add("env %" PRIu32 " result %s: error %" PRId64, r->env, name,
                -(int64_t)r->b);
        break;
    case HW_EV_CONSOLE: console((int)(r->a & 0xff)); break;
    case HW_EV_HALT:
        console(-1);
        add("halt, status %" PRIu64, r->a);
        break;
    default:
        if (r->event >= HW_EV_GUEST)
            guest_event(r, r->event - HW_EV_GUEST);
    }
}

/* Removes lines[at + len, at + len * times), marks the block that stays. */
static void fold(size_t at, size_t len, size_t times)
{
    size_t gone = len * (times - 1), behind = at + len * times;
    memmove(lines + at + len, lines + behind, (nlines - behind) * sizeof *lines);
    memmove(repeats + at + len, repeats + behind, nlines - behind);
    memmove(inside + at + len, inside + behind, nlines - behind);
    nlines -= gone;
    for (size_t i = at; i < at + len; i++)
        inside[i] = true;
    repeats[at + len - 1] = true;
}

static bool same(size_t a, size_t b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(lines[a + i], lines[b + i]) != 0)
            return false;
    return true;
}

static void fold_all(void)
{
    for (size_t len = 1; len <= BLOCK_MAX; len++)
        for (size_t at = 0; at + 2 * len <= nlines; at++) {
            size_t times = 1;
            while (at + (times + 1) * len <= nlines && same(at, at + times * len, len))
                times++;
            if (times > 1)
                fold(at, len, times);
        }
}

static void read_names(char *text)
{
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        unsigned number;
        char name[32];
        if (sscanf(line, "call %u %31s", &number, name) == 2 && number < CALLS)
            memcpy(names[number], name, sizeof name);
    }
}

static int read_trace(const char *path)
{
    FILE *f = fopen(path, "rb");
    struct trace_header h;
    if (!f || fread(&h, sizeof h, 1, f) != 1 || memcmp(h.magic, TRACE_MAGIC, 8) != 0 ||
        h.version != TRACE_VERSION || h.record_size != sizeof(struct hw_trace_record)) {
        fprintf(stderr, "trace_digest: %s: not a trace of version %u\n", path,
                TRACE_VERSION);
        return 1;
    }
    char *text = calloc(1, (size_t)h.names_size + 1);
    if (!text || fread(text, 1, h.names_size, f) != h.names_size ||
        fseek(f, (long)h.header_size, SEEK_SET) != 0) {
        fprintf(stderr, "trace_digest: %s: truncated\n", path);
        return 1;
    }
    read_names(text);
    free(text);
    struct hw_trace_record r;
    while (fread(&r, sizeof r, 1, f) == 1)
        event(&r);
    console(-1);
    fclose(f);
    return 0;
}

int main(int argc, char **argv)
{
    lines = calloc(LINES_MAX, sizeof *lines);
    repeats = calloc(LINES_MAX, 1);
    inside = calloc(LINES_MAX, 1);
    if (argc != 2 || !lines || !repeats || !inside) {
        fprintf(stderr, "usage: trace_digest TRACE\n");
        return 2;
    }
    if (read_trace(argv[1]))
        return 1;
    fold_all();
    for (size_t i = 0; i < nlines; i++) {
        printf("%s%s\n", inside[i] ? "| " : "", lines[i]);
        if (repeats[i])
            puts("...");
    }
    return 0;
}
