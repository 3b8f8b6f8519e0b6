// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * replay.h - a machine's run beside its record (record.h): where it has to stop for what came from
 * outside, comparing traces, and the end. For world.c; all do nothing without a record.
 */
#ifndef SIM_REPLAY_H
#define SIM_REPLAY_H

#include "world.h"

/* Cycle at which something comes from outside, as far as is known now; EVENT_NEVER: none. */
uint64_t replay_next(const struct world_member *w);
/* It must not run beyond that, nor beyond the next comparison, nor where it was interrupted. */
void replay_bound(const struct world_member *w, struct machine_until *until);
/* It ran: gives it what came, compares, notices its end. */
void replay_look(struct world_member *w);
/* It has ended. */
void replay_end(struct world_member *w);

#endif
