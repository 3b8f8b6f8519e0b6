// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * history.h - the trace records of a run as far as it has been lived through: of a machine (which
 * keeps only its last few thousand itself) or of a trace file.
 *
 * Memory is bounded: of a very long run the blocks farthest from where one looks are forgotten, and
 * come back when the machine lives through them again.
 */
#ifndef SIM_HISTORY_H
#define SIM_HISTORY_H

#include "machine.h"
#include "trace_file.h"

struct history;

#define HISTORY_MEMORY (UINT64_C(512) << 20)

/* Listens to the machine from now on; memory: bytes to keep, about. */
struct history *history_of_machine(struct machine *m, uint64_t memory);
/* The file stays the caller's. */
struct history *history_of_file(const struct trace_file *f);
void history_close(struct history *h);

/* Before the machine goes back: what it has not handed over yet is kept too. */
void history_sync(struct history *h);
/* Records known: the end of what was ever reached. */
uint64_t history_known(const struct history *h);
/* Record k, from 0; false: not known, or forgotten. */
bool history_get(struct history *h, uint64_t k, struct hw_trace_record *out);

#endif
