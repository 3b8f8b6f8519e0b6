// SPDX-License-Identifier: GPL-2.0-or-later
/* net_priv.h - between the parts of the stack. */
#ifndef EXOS_NET_PRIV_H
#define EXOS_NET_PRIV_H

#include <errno.h>
#include <string.h>

#include "net.h"

/* tx, begun and filled, goes to the device after what is queued already. */
void tx_commit(struct net *net, struct net_tx *tx);
struct net_buf *tx_flatten(struct net *net, const struct net_tx *tx);
/* A packet to ourselves (arp.c). */
void loop_send(struct net *net, const struct net_tx *tx);

static inline uint32_t min32(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static inline uint32_t max32(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

#endif
