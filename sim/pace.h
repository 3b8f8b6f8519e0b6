// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pace.h - virtual time beside the host's, for worlds with an outside wire. See world.h.
 *
 * Short idle times are not waited for one by one: they add up to a debt that is waited for when it is worth
 * a system call.
 */
#ifndef SIM_PACE_H
#define SIM_PACE_H

#include "wire.h"
#include "world.h"

struct pace {
    bool outside;     /* is there an outside wire? if not, the rest is not used */
    uint64_t ns;      /* virtual time that has passed */
    uint64_t debt_ns; /* of it, idle and not waited for */
    unsigned
        barren; /* rounds in which nothing but the wires' own timers could do anything */
    uint64_t last_host_ns; /* when the host was looked at last, by its clock */
    struct wire_wait wait;
};

void pace_open(struct pace *p, const struct world_member *member, size_t n);
void pace_close(struct pace *p);
/* Takes note of how far the machines have come; `next_ns` is the least of their next doings. */
void pace_passed(struct pace *p, const struct world_member *member, size_t n, bool idle,
                 uint64_t next_ns);
/* All are idle until next_ns (EVENT_NEVER: for ever): waits for the host. False: the next doing is due, or
 * nothing can ever come from outside. */
bool pace_idle(struct pace *p, struct world_member *member, size_t n, uint64_t next_ns);
/* The cycle at which its wire wants to be looked at next; EVENT_NEVER if it is not outside. */
uint64_t pace_next(struct world_member *w);
/* A machine ran: looks at its wire if it is time. */
void pace_busy(struct pace *p, struct world_member *w);

#endif
