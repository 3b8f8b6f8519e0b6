// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * replay.h - a machine's run beside its record (record.h): where it has to stop for what came from
 * outside, comparing traces, and the end. Part of machine_advance(); all do nothing without a
 * record.
 */
#ifndef SIM_REPLAY_H
#define SIM_REPLAY_H

#include "machine_priv.h"

/* Cycle at which something comes from outside, as far as is known now; EVENT_NEVER: none. */
uint64_t replay_next(const struct machine *m);
/* Sets m->bound: that, the next comparison, or where the recorded run was interrupted. */
void replay_bound(struct machine *m);
/* It ran: gives it what came, compares, notices its end. Does it go on? */
bool replay_look(struct machine *m, bool alive, struct machine_outcome *out);
/* It has ended. */
void replay_end(struct machine *m, struct machine_outcome *out);

#endif
