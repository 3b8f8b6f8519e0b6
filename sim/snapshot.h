// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * snapshot.h - the whole state of a machine between two turns or in the middle of one: RAM, models,
 * cores, events, trace, console positions.
 *
 * Pages of RAM are shared between snapshots that agree about them and found by comparing, so a
 * snapshot costs a comparison of RAM and a copy of what changed since `since`. Restoring gives
 * the same future, byte for byte: trace, statistics, output.
 */
#ifndef SIM_SNAPSHOT_H
#define SIM_SNAPSHOT_H

#include "machine.h"

struct snapshot;

/* Host memory of snapshots that share pages. */
struct snapshot_pool {
    uint64_t bytes;
};

/* since: an earlier (or later) one of the same machine and pool to share pages with; may be NULL. The pool
 * outlives its snapshots. */
struct snapshot *snapshot_take(struct machine *m, const struct snapshot *since,
                               struct snapshot_pool *pool);
/* 0, or ERR_USER: a model does not take its state back. */
int snapshot_restore(struct machine *m, const struct snapshot *s, struct err *err);
void snapshot_free(struct snapshot *s);

/* Where it was taken. */
const struct machine_place *snapshot_place(const struct snapshot *s);

/* To a file and back (zstd). identity: text that says which run this is (record_identity()): what was
 * saved of another is refused. ERR_USER: also if the file is not a whole snapshot, or of another
 * version. The machine is not changed. */
int snapshot_save(const struct snapshot *s, const char *identity, const char *path,
                  struct err *err);
int snapshot_load(struct machine *m, const char *identity, const char *path,
                  struct snapshot_pool *pool, struct snapshot **out, struct err *err);

#endif
