// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wire_user.h - a wire to the host's network without privileges, by libslirp: it answers ARP, DHCP
 * (10.0.2.15 for the guest, router 10.0.2.2) and DNS (10.0.2.3), and turns the guest's TCP, UDP
 * and ICMP echo into the host's own sockets. IPv4 only.
 *
 * Forwarded ports are bound to the host's loopback address: nobody outside the host reaches the guest.
 * Its retransmission timers run in virtual time.
 */
#ifndef SIM_WIRE_USER_H
#define SIM_WIRE_USER_H

#include "net_spec.h"
#include "wire.h"

/* ERR_USER: a port of the host is taken. */
int wire_user(const struct net_spec *spec, struct wire **out, struct err *err);

#endif
