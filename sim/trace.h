// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trace.h - the record of every resource event (docs/trace.md is the format's reference).
 *
 * Every machine traces: records go into a buffer, a full buffer is hashed and, if there is a
 * file, written. The last records stay in the buffer for trap reports. Nothing in a record
 * depends on the host, so the hash of a run is the run's identity.
 */
#ifndef SIM_TRACE_H
#define SIM_TRACE_H

#include <hw.h>
#include <stdio.h>

#include "err.h"

#define TRACE_MAGIC "EXOTRACE"
#define TRACE_VERSION 1u
#define TRACE_BUFFER 4096u /* records */
#define TRACE_NO_CORE 0xffffu

/* Events the kernel writes (docs/trace.md); their numbers are part of the guest's ABI, enum exo_trace. */
enum trace_guest {
    TRACE_UPCALL = HW_EV_GUEST + 1,
    TRACE_SLICE,
    TRACE_SLICE_END,
    TRACE_REVOKE,
    TRACE_ABORT,
    TRACE_WAKE,
    TRACE_DEATH,
    TRACE_CREATE,
    TRACE_PCT,
    TRACE_FORCED,
    TRACE_EXTENT,
    TRACE_RING,
    TRACE_FILTER,
    TRACE_PACKET
};

/* First bytes of a trace file. Little endian. Behind it `names_size` bytes of text, then records
 * to the end of the file. */
struct trace_header {
    char magic[8];
    uint32_t version;
    uint32_t header_size; /* offset of the first record; a multiple of 32 */
    uint32_t record_size; /* 32 */
    uint32_t names_size;  /* bytes of the names text, without padding */
    uint32_t isa, mmu_kind;
    uint32_t cores, page_shift;
    uint64_t ram_size, seed, clock_hz;
    char board[HW_NAME_MAX];
};
_Static_assert(sizeof(struct trace_header) == 96, "trace header layout");

struct trace {
    struct hw_trace_record *buf; /* TRACE_BUFFER records */
    uint32_t n;                  /* used in buf */
    uint32_t stop;  /* trace_flush() when n gets here: buf is full, or watched */
    bool wrapped;   /* buf was full once: its tail holds older records */
    uint64_t total; /* records flushed */
    uint64_t hash;  /* of those */
    FILE *file;
    char *path;
    int error;        /* errno of the first failed write */
    uint64_t watched; /* count at which reached() is called */
    void (*reached)(void *arg);
    void *arg;
    /* Given every full buffer; first: number of its first record. NULL: nobody. */
    void (*tap)(void *arg, uint64_t first, const struct hw_trace_record *r, size_t n);
    void *tap_arg;
};

/* path may be NULL: no file. names: text of the file's names section. */
int trace_open(struct trace *t, const char *path, const struct trace_header *h,
               const char *names, struct err *err);
/* Calls t->reached once, when `count` records have been written. */
void trace_watch(struct trace *t, uint64_t count);
/* The buffer is full (hashes and writes it), or the watched record is there. */
void trace_flush(struct trace *t);
/* Closes the file; ERR_USER if a record could not be written. */
int trace_close(struct trace *t, struct err *err);
/* Go back to an earlier state: buf[0..n) is what it was then. Nothing is unwritten from the file: a
 * trace that goes back has none. */
void trace_rewind(struct trace *t, uint32_t n, uint64_t total, uint64_t hash);
/* Hash of all records up to now. */
uint64_t trace_hash(const struct trace *t);
uint64_t trace_count(const struct trace *t);

static inline void trace_put(struct trace *t, uint64_t cycle, enum hw_event ev,
                             unsigned core, uint32_t env, uint64_t a, uint64_t b)
{
    t->buf[t->n++] =
        (struct hw_trace_record){cycle, (uint16_t)ev, (uint16_t)core, env, a, b};
    if (t->n == t->stop)
        trace_flush(t);
}

/* The last `max` records, oldest first. */
size_t trace_last(const struct trace *t, struct hw_trace_record *out, size_t max);

/* Record k, counted from 0; false if it is not in the buffer. */
bool trace_record(const struct trace *t, uint64_t k, struct hw_trace_record *out);

/* A record in words, without newline. call_name may be NULL. */
void trace_words(const struct hw_trace_record *r,
                 const char *(*call_name)(uint64_t number), char *text, size_t max);
const char *trace_event_name(unsigned event);
/* The kernel says: a call made by `batch`. a = number from 0, b = first argument, as HW_EV_CALL
 * (whose number counts from CALLS_FIRST). It counts as a call of that name. */
#define TRACE_BATCHED (HW_EV_GUEST + 15)
const char *cause_name(uint32_t cause);  /* "tlb_miss": key in statistics */
const char *cause_words(uint32_t cause); /* "no TLB entry" */

#endif
