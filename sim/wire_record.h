// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wire_record.h - an outside wire whose frames are written down, and one that is only a record.
 * The record is borrowed.
 */
#ifndef SIM_WIRE_RECORD_H
#define SIM_WIRE_RECORD_H

#include "record.h"
#include "wire.h"

/* Takes over `inner`, an outside wire. */
struct wire *wire_recorded(struct wire *inner, struct record *r);
struct wire *wire_replayed(struct record *r);
/* Gives what a replayed wire gave when it was looked at, at this cycle. */
void wire_replay_frames(struct wire *w, struct record *r, uint64_t cycle);

#endif
