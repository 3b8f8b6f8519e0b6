// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pair.h - a receive and a transmit ring of descriptors, as exo,nic-ring has one pair and exo,nic-steer one
 * a queue (exo/machine.h has the registers). Descriptors lie in the kernel's memory: applications never
 * write them.
 *
 * Transmit descriptors name frames that applications lent (packet_check_tx): pinned from pair_send
 * until the device is done with them. Who sent them is told by head->sent of the ring, unless it
 * ended meanwhile.
 */
#ifndef EXO_NIC_PAIR_H
#define EXO_NIC_PAIR_H

#include "ring.h"

struct nic_desc {
    uint64_t pa;
    uint32_t length, flags;
};
_Static_assert(sizeof(struct nic_desc) == M_NR_DESC_SIZE, "descriptor layout");

struct nic_tx {
    uint32_t frame; /* pinned */
    uint32_t ring;  /* + 1; 0: nobody is told */
};

struct nic_pair {
    uint32_t regs; /* physical address of its registers */
    uint32_t rx_count, tx_count;
    uint32_t rx_head, rx_tail; /* free-running; [head, tail): the device's */
    uint32_t tx_head, tx_tail;
    struct nic_desc *rx, *tx;
    struct nic_tx *under_way; /* of descriptor i mod tx_count */
};

void pair_init(struct nic_pair *p, uint32_t regs, uint32_t rx_count, uint32_t tx_count,
               void *(*boot_alloc)(size_t bytes));
void pair_start(struct nic_pair *p, uint32_t which); /* M_NIC_RX | M_NIC_TX */
/* The device lets go of everything; frames under way are unpinned. */
void pair_stop(struct nic_pair *p);

/* -- receiving -- */
static inline bool pair_rx_room(const struct nic_pair *p)
{
    return p->rx_tail - p->rx_head < p->rx_count;
}
/* A buffer of EXO_RING_SLOT bytes; the device learns of it by pair_rx_publish. */
void pair_rx_give(struct nic_pair *p, uint64_t pa);
void pair_rx_publish(const struct nic_pair *p);
/* The oldest buffer given is filled: *length bytes, 0: the device could not write it. */
bool pair_rx_take(struct nic_pair *p, uint32_t *length);
/* The device gives back all buffers it has; receiving goes on without one. */
void pair_rx_empty(struct nic_pair *p);

/* -- sending -- */
/* Body of desc_send and queue_send: n struct exo_tx at `tx` of c's memory for its ring. Returns
 * how many were accepted, or an error. */
exo_sword pair_send(struct ctx *c, struct nic_pair *p, uint32_t ring, exo_word tx,
                    exo_word n);
/* What the device is done with. */
void pair_reap(struct nic_pair *p);
/* The ring ends: nobody is told of what it has under way. */
void pair_forget(struct nic_pair *p, uint32_t ring);
static inline bool pair_sending(const struct nic_pair *p)
{
    return p->tx_head != p->tx_tail;
}
uint32_t pair_pins(const struct nic_pair *p, uint32_t frame);

#endif
