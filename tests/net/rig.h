// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rig.h - stacks on the host: machines on one simulated wire that loses, doubles, delays and spoils
 * frames, with a clock of its own. What machines send goes to the pcap file named NET_PCAP.
 */
#ifndef RIG_H
#define RIG_H

#include "tcp.h"

#define RIG_MACHINES 3
#define RIG_BUFS 1024

struct rig_machine {
    struct net *net;
    uint32_t sent, done; /* frames given to the device; out of it */
    uint32_t room;       /* frames the device takes before it is busy */
    uint32_t listening;  /* filters bound */
    int refuse;          /* netif_listen's answer, if negative */
};

struct rig {
    struct rig_machine machine[RIG_MACHINES];
    unsigned machines;
    uint32_t now; /* ms */
    uint64_t random;
    uint32_t loss, duplicate, reorder, corrupt; /* per 1000 */
    uint32_t delay;                             /* ms */
    bool dead;                                  /* nothing arrives */
    uint32_t frames;                            /* that crossed */
    struct rig_frame *flying;
    void *pcap; /* FILE */
    /* Sees every frame that arrives anywhere; true: it is not delivered. */
    bool (*tap)(struct rig *rig, unsigned to, uint8_t *frame, size_t n);
};

extern struct rig rig;

/* Machines with addresses 10.0.0.1 ..., or (configured false) none yet. */
void rig_start(unsigned machines, bool configured, uint64_t seed);
void rig_stop(void);
/* One step: to the next frame or timer, at most `most` ms ahead. false: nothing will happen. */
bool rig_step(uint32_t most);
/* Steps for this many ms. */
void rig_run(uint32_t ms);
/* Put a frame into machine's stack, as if it came from the wire. */
void rig_inject(unsigned machine, const void *frame, size_t n);
uint32_t rig_random(uint32_t below);
/* Every buffer is free or in a queue: nothing leaked. */
bool rig_balanced(unsigned machine);

#define RIG_IP(i) (0x0a000001u + (i))
#define NET(i) (rig.machine[i].net)

void suite_basic(void);
void suite_tcp(void);
void suite_forged(void);
void suite_lossy(void);
void suite_config(void);
void suite_dns(void);

#endif
