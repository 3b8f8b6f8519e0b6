// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * travel.h - time travel: a machine taken to any event, cycle or instruction, before or behind.
 *
 * Snapshots are taken on the way, so often that they cost a small share of the run, and thinned out
 * when they take more memory than allowed; going back restores the last one before the place
 * and runs on from there, leaving denser ones on its way for the next step back. Where
 * snapshots are depends on the host, what is found at a place never does.
 *
 * The machine must have been made without a trace file, with console input that is kept.
 */
#ifndef SIM_TRAVEL_H
#define SIM_TRAVEL_H

#include "snapshot.h"

enum travel_axis { TRAVEL_RECORD, TRAVEL_CYCLE, TRAVEL_INSTRUCTION };

struct travel;

#define TRAVEL_MEMORY (UINT64_C(1) << 30)

/* memory: bytes of snapshots to keep, about. The machine stays the caller's. */
struct travel *travel_open(struct machine *m, uint64_t memory);
void travel_close(struct travel *t);

/*
 * Take the machine to the first place where `axis` has reached `value`. 0: it is there, or, if the run
 * ends before, at its end: then travel_ended() is not NULL. ERR_USER: a state was not taken back.
 */
int travel_to(struct travel *t, enum travel_axis axis, uint64_t value, struct err *err);
/* Run on from here: until a watch or the observer stops the machine (true), at this very instruction, at
 * the run's end, or out of patience. */
bool travel_on(struct travel *t, uint64_t instruction);
/* Go back to some place before that instruction, as near as is cheap. */
int travel_before(struct travel *t, uint64_t instruction, struct err *err);
/* The machine's state to a file, and from it (snapshot.h, identity): the machine is then where it was
 * saved, and may go on and back. */
int travel_save(struct travel *t, const char *identity, const char *path,
                struct err *err);
int travel_load(struct travel *t, const char *identity, const char *path,
                struct err *err);
/* From now on travel_to() comes back after about so long (host ns; 0: no limit) even if it is not there
 * yet: called again, it goes on. */
void travel_patience(struct travel *t, uint64_t ns);
/* Is the machine at the place travel_to() was last asked for, or at its end? */
bool travel_arrived(const struct travel *t);
/* How the run ended, if the machine is at its end now. */
const struct machine_outcome *travel_ended(const struct travel *t);
struct machine_place travel_place(const struct travel *t);
/* Record number k (from 0), if it is among the last of the machine's past. */
bool travel_record(const struct travel *t, uint64_t k, struct hw_trace_record *out);

struct travel_stats {
    uint64_t snapshots, bytes; /* kept now */
    uint64_t taken;            /* in all */
};
struct travel_stats travel_stats(const struct travel *t);

#endif
