// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * net.h - a machine's network port: what lies between its network interface and a wire.
 *
 *   device --net_transmit--> tap --> trouble --> wire (struct wire: user, link, replay; or none)
 *   device <--receive-- tap <-- trouble <-- the cable's rate <--net_input-- wire
 *
 * Time is the machine's, in cycles. A frame takes its bits (with preamble, FCS and gap) at the
 * interface's rate, and NET_PROPAGATION_NS more to the far end: an assumption that stands for
 * cables and a switch. Frames shorter than HW_FRAME_MIN are padded with zeros, as Ethernet does.
 * At most NET_BACKLOG frames wait on the way to the machine; what comes then is lost.
 *
 * The port owns its wire and its tap.
 */
#ifndef SIM_NET_H
#define SIM_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "err.h"

#define NET_PROPAGATION_NS 10000u
#define NET_BACKLOG 4096u
#define NET_TAGS 2u /* of events */
/* A router on the cable asks so often whether the interface has room now, and so long. */
#define NET_HOLD_NS 10000u
#define NET_PATIENCE_NS 1000000000u

struct net;
struct pcap;
struct trouble;
struct wire;

/* What a port needs of its machine. */
struct net_machine {
    void *host;
    uint64_t (*now)(void *host);
    /* Call net_event(tag) at that cycle; one deadline a tag, UINT64_MAX cancels. */
    void (*event)(void *host, uint32_t tag, uint64_t at);
    void (*receive)(void *host, const uint8_t *frame, size_t len);
    bool (*ready)(void *host, const uint8_t *frame, size_t len); /* it would be taken */
};

/* A port without a wire, of the machine of this number (from 1). */
struct net *net_new(unsigned number);
void net_free(struct net *n);
/* Before the machine runs: its clock and its interface's rate. */
void net_attach(struct net *n, const struct net_machine *m, uint64_t clock_hz,
                uint64_t bits_per_second);

/* The port takes these over; each may be NULL. */
void net_set_wire(struct net *n, struct wire *w);
void net_set_tap(struct net *n, struct pcap *tap);
void net_set_trouble(struct net *n, struct trouble *t);
struct wire *net_wire(const struct net *n);

/* 48 bits, first byte of the address in bits 47..40. */
uint64_t net_mac(const struct net *n);
/* From the device: the cycle when the frame has left. */
uint64_t net_transmit(struct net *n, const uint8_t *frame, size_t len);
/* From the wire: a frame whose last bit arrives at this cycle, if nothing else is on the cable. */
void net_input(struct net *n, uint64_t at, const uint8_t *frame, size_t len);
void net_event(struct net *n, uint32_t tag);

/* Of the machine's clock. */
uint64_t net_ns(const struct net *n, uint64_t cycles);
uint64_t net_cycles(const struct net *n, uint64_t ns); /* rounded up */
uint64_t net_clock(const struct net *n);
/* Cycles that a frame of this length keeps the cable busy. */
uint64_t net_duration(const struct net *n, size_t len);

/* The capture file is whole: 0 or ERR_USER. NULL is fine. */
int net_flush(struct net *n, struct err *err);

/* What is on its way and when the cable is free, as bytes, for snapshots. A wire that leads out has
 * more state, which nobody can put back. */
void net_state_put(const struct net *n, struct bytes *to);
void net_state_get(struct net *n, struct bytes_in *in);

struct net_stats {
    uint64_t overflow;                               /* lost of the backlog */
    uint64_t lost, duplicated, reordered, corrupted; /* by the trouble asked for */
};
void net_get_stats(const struct net *n, struct net_stats *out);

/* ns in cycles of a clock and back, without overflow; cycles rounded up, ns down. */
uint64_t cycles_of_ns(uint64_t ns, uint64_t hz);
uint64_t ns_of_cycles(uint64_t cycles, uint64_t hz);

#endif
