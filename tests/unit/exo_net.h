// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exo_net.h - what the tests of the network share: rings, filters and frames on any kind of
 * interface. RING is a ring of RING_SLOTS slots, guarded by slot 0 of the program that made it.
 */
#ifndef EXO_NET_H
#define EXO_NET_H

#include "exo_rig.h"
#include "ring.h"

#define RING 3u
#define RING_SLOTS 4u
#define NET_AT (HOST_DATA_VA + 0x400) /* arguments of calls */

extern uint32_t net_kind;
void boot_net(uint32_t kind, uint32_t programs);
void boot_net_cores(uint32_t kind, uint32_t ncores, uint32_t programs);

/* -- rings -- */
struct net_ring {
    uint32_t number, slots, frame[EXO_RING_FRAMES], nframes;
};
/* Frames of the running program's own for a ring of `slots`. */
struct net_ring net_frames(uint32_t number, uint32_t slots);
exo_sword net_ring_alloc(const struct net_ring *r, exo_word cap);
/* Both, which must work, with slot 0. */
struct net_ring net_ring(uint32_t number, uint32_t slots);
struct exo_ring_head *net_head(const struct net_ring *r);
/* Where the packet of entry i (free-running) lies. */
uint8_t *net_bytes(const struct net_ring *r, uint32_t i);

/* -- filters -- */
struct net_program {
    struct exo_bpf code[16];
    uint32_t n;
};
struct net_program net_all(void);
struct net_program net_ethertype(uint32_t type);
struct net_program net_udp(uint32_t port);   /* to this port, IPv4, no later fragment */
struct net_program net_from(uint32_t port);  /* UDP from this port */
struct net_program net_above(uint32_t port); /* to ports above */
exo_sword net_bind(uint32_t ring, const struct net_program *p, uint32_t flags);
exo_sword net_bind_with(uint32_t ring, exo_word cap, const struct exo_bpf *code,
                        uint32_t n, exo_word flags);

/* filter_free of a filter that bind returned. */
exo_sword net_unbind(exo_sword filter, exo_word cap);

/* -- frames -- */
/* A UDP datagram between these ports in `length` bytes; the last bytes are a pattern. */
void net_frame(uint8_t frame[1514], uint32_t from, uint32_t to, uint32_t length);
/* It arrives, and the kernel is interrupted. False: the device had no room. */
bool net_arrive(const uint8_t *frame, uint32_t length);
/* The same for a datagram of 100 bytes. */
bool net_datagram(uint32_t from, uint32_t to);
/* The device sends a frame; the kernel is interrupted if it wants. Its length, 0: none. */
uint32_t net_leaves(uint8_t frame[1514]);

#define NET_TEST(name)                                                                   \
    static void name##_any(uint32_t kind);                                               \
    EXO_TEST(name##_pio)                                                                 \
    {                                                                                    \
        name##_any(EXO_NIC_PIO);                                                         \
    }                                                                                    \
    EXO_TEST(name##_ring)                                                                \
    {                                                                                    \
        name##_any(EXO_NIC_RING);                                                        \
    }                                                                                    \
    EXO_TEST(name##_steer)                                                               \
    {                                                                                    \
        name##_any(EXO_NIC_STEER);                                                       \
    }                                                                                    \
    static void name##_any(uint32_t kind)
#define NET_ROWS(name) RIG_ROW(name##_pio), RIG_ROW(name##_ring), RIG_ROW(name##_steer)

#endif
