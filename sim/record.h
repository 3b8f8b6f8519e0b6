// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * record.h - a run's input from outside, with its virtual time: --record writes it to a file,
 * --replay reads it back, so that the same run comes again without network or keyboard.
 *
 * File, little endian: "EXORECRD", version (32 bits), length of a text (32), the text that tells the
 * machine and all its files by hash (lines "NAME VALUE"), then entries in the order in which
 * things happened: kind (32 bits), length (32), cycle (64), bytes; the last one is END, and behind
 * it comes the hash (hash.h, from HASH_START) of all bytes of the file before it.
 *
 * What a replayed machine does is compared with the entries as it goes: the first difference ends
 * the run and is said with its cycle (record_diverged).
 */
#ifndef SIM_RECORD_H
#define SIM_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "bytes.h"
#include "err.h"

#define RECORD_MAGIC "EXORECRD"
#define RECORD_CHECK 65536u /* trace records between two checks */

enum record_kind {
    RECORD_ANSWER = 1,   /* a frame the wire gave when one was sent to it */
    RECORD_FRAME = 2,    /* a frame it gave when it was looked at */
    RECORD_SENT = 3,     /* the machine's frame reached the wire: hash of it (64 bits) */
    RECORD_INPUT = 4,    /* console input; no bytes: its end */
    RECORD_CHECK_AT = 5, /* the trace: records, hash (64 bits each) */
    RECORD_END = 6 /* the same, instructions retired, enum machine_end (64 bits each) */
};

struct record_end {
    uint64_t records, hash, instructions, end;
};

struct record;

/* A new file. machine: the text that tells the machine. */
int record_create(const char *path, const char *machine, struct record **out,
                  struct err *err);
/* An existing one. ERR_USER: it is no record, not whole, damaged, or of another machine. */
int record_open(const char *path, const char *machine, struct record **out,
                struct err *err);
/* The same from memory, which is taken over; the part that judges bytes. */
int record_parse(uint8_t *bytes, size_t n, const char *path, const char *machine,
                 struct record **out, struct err *err);
/* Everything is in the file, or ERR_USER. */
int record_flush(struct record *r, struct err *err);
/* NULL is fine. */
void record_close(struct record *r);
bool record_replays(const struct record *r);

/* ---- recording ---- */
void record_put(struct record *r, enum record_kind kind, uint64_t cycle,
                const void *bytes, size_t n);

/* ---- replaying ---- */
/* Cycle of the next entry if it is of that kind, else UINT64_MAX. */
uint64_t record_next(const struct record *r, enum record_kind kind);
/* Takes the next entry, which must be of that kind and cycle; its bytes. NULL: the run went
 * another way. */
const uint8_t *record_take(struct record *r, enum record_kind kind, uint64_t cycle,
                           size_t *n);
/* The machine did what the record does not say. Kept: the first time only. */
void record_differs(struct record *r, uint64_t cycle, const char *what);
/* Called when it happens, or when another stop of the machine has become known: maybe in the middle
 * of a machine's run. */
void record_alarm(struct record *r, void (*alarm)(void *arg), void *arg);
/* One sentence, or NULL. */
const char *record_diverged(const struct record *r);
/* How the recorded run ended; its cycle. */
struct record_end record_end_of(const struct record *r, uint64_t *cycle);

/* Where a replay is in its record, as bytes, for snapshots. */
void record_state_put(const struct record *r, struct bytes *to);
void record_state_get(struct record *r, struct bytes_in *in);

/* ---- either ---- */
/* The next comparison is due when the trace has this many records. */
uint64_t record_next_check(const struct record *r);
/* The trace has this many records with this hash: written down, or compared. */
void record_check(struct record *r, uint64_t cycle, uint64_t records, uint64_t hash);
/* Console input of the machine: from `fresh` when recording (n bytes, 0: its end), which is given
 * back; when replaying from the record into `bytes`. */
size_t record_input(struct record *r, uint64_t cycle, uint8_t *bytes, size_t max,
                    size_t fresh);

#endif
