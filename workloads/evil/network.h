// SPDX-License-Identifier: GPL-2.0-or-later
/* network.h - what the victim has of the network, and what makes it. */
#ifndef EVIL_NETWORK_H
#define EVIL_NETWORK_H

#include "evil.h"

#define EVIL_RING 31u   /* the victim's */
#define EVIL_PORT 7777u /* UDP, the victim's */

uint32_t evil_nic_kind(void); /* enum exo_nic_kind, 0: none */
volatile const struct exo_ring *evil_ring(uint32_t ring);
/* A ring in new memory of the library's: the setup that made it, and where the memory is. */
exo_sword evil_make_ring(uint32_t ring, struct exo_ring_setup *s, void **memory);
/* UDP whose destination port satisfies a BPF jump with port; packets of an Ethernet type. */
exo_sword evil_bind_port(uint32_t ring, uint16_t condition, uint32_t port,
                         uint32_t flags);
exo_sword evil_bind_type(uint32_t ring, uint32_t type, uint32_t flags);

#endif
