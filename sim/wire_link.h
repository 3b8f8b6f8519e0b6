// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wire_link.h - named links between machines of one process: each is a hub, what one machine sends
 * arrives at all others NET_PROPAGATION_NS later. Every machine has its own cable to it, each way, so
 * frames never collide; they wait for their turn on a receiver's cable.
 */
#ifndef SIM_WIRE_LINK_H
#define SIM_WIRE_LINK_H

#include "wire.h"

struct links;

struct links *links_new(void);
/* After the wires are gone. */
void links_free(struct links *l);
/* One more cable at the link of that name, which is made if it is new. */
struct wire *wire_link(struct links *l, const char *name);

#endif
