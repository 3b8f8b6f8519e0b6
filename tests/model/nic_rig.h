// SPDX-License-Identifier: GPL-2.0-or-later
/* nic_rig.h - what the tests of network interfaces share: frames, and rings in the rig's RAM. */
#ifndef NIC_RIG_H
#define NIC_RIG_H

#include "rig.h"
#include <exo/machine.h>

enum nic_to { TO_ME, TO_ALL, TO_GROUP, TO_OTHER };

/* An Ethernet frame of len bytes, its payload by seed. */
void nic_frame(uint8_t *frame, size_t len, enum nic_to to, unsigned ethertype,
               unsigned seed);
/* The wire brings one. */
void nic_receive(struct rig *r, const uint8_t *frame, size_t len);

/* A pair of rings at register offset `at`: receive ring in RAM at RX_AT + at * 0x100, transmit ring
 * 32 KiB behind it; buffers of 2048 bytes, one a descriptor. */
#define NIC_RX_AT 0x100000u
struct nic_rings {
    struct rig *r;
    uint32_t at, rx, tx, rx_buffers, tx_buffers, count;
};
/* Both rings run, all causes interrupt; no receive descriptor is the device's yet. */
void nic_rings_start(struct nic_rings *n, struct rig *r, uint32_t at, uint32_t count);
uint32_t nic_get(struct nic_rings *n, uint32_t reg);
void nic_set(struct nic_rings *n, uint32_t reg, uint32_t value);

struct nic_desc {
    uint64_t pa;
    uint32_t length, flags;
};
void nic_desc_put(struct rig *r, uint32_t ring, uint32_t index, uint32_t count,
                  const struct nic_desc *d);
struct nic_desc nic_desc_get(struct rig *r, uint32_t ring, uint32_t index,
                             uint32_t count);
/* Gives n more receive buffers to the device. */
void nic_supply(struct nic_rings *n, uint32_t buffers);
/* Puts one descriptor with these bytes at index i of the transmit ring (TAIL is not written). */
void nic_queue(struct nic_rings *n, uint32_t i, const uint8_t *bytes, uint32_t len,
               uint32_t flags);
/* Time passes. */
void nic_pass(struct rig *r, uint64_t cycles);

#endif
