// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * world.h - machines that run together, and the host outside.
 *
 * Several machines go in lockstep by virtual time in nanoseconds: the one that is behind runs, until
 * it could miss what another sends it (NET_PROPAGATION_NS after the others' next doing). So what
 * they do, and the order of their output, is a function of boards, programs and seeds.
 *
 * An outside wire (wire.h) is looked at every WORLD_POLL_NS of virtual time while machines run (but not
 * oftener than the host needs), and when all are idle the host is waited for, at most until
 * the virtual time of what comes next: virtual time then passes as the host's does. Without an outside
 * wire the host's time plays no part and nothing is waited for.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "machine.h"

#define WORLD_POLL_NS 20000u
#define WORLD_POLL_CYCLES 20000u /* or that, if it is more */

struct world_member {
    struct machine *m;
    struct net *net;           /* its port */
    bool serves;               /* is interrupted when no other is left */
    uint64_t max_instructions; /* then it ends with MACHINE_LIMIT; 0: no limit */
    struct machine_outcome outcome;
    bool ended;
    uint64_t next_poll; /* cycle */
};

/* Runs all to their ends. */
void world_run(struct world_member *member, size_t n);
/* Ends the run from a signal handler: machines that have not ended end with
 * MACHINE_INTERRUPTED. */
void world_interrupt(void);
/* The machine that runs has sent a frame that another may get at this time: it may be answered. */
void world_sent(uint64_t arrives_ns);

#endif
