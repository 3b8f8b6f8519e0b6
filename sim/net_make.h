// SPDX-License-Identifier: GPL-2.0-or-later
/* net_make.h - the network of a command line: --net, --pcap. */
#ifndef SIM_NET_MAKE_H
#define SIM_NET_MAKE_H

#include "board.h"
#include "net.h"
#include "options.h"
#include "record.h"
#include "wire_link.h"

/* record: of what comes from outside, may be NULL. links: those between the machines that run together, NULL if it runs alone. The port of machine `number` (from 1) with its wire and tap. ERR_USER if the board has no network
 * interface for them, --net is wrong, or the host refuses. */
int net_of_options(const struct options *o, const struct board *b, unsigned number,
                   struct links *links, struct record *record, struct net **out,
                   struct err *err);

#endif
