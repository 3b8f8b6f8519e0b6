// SPDX-License-Identifier: GPL-2.0-or-later
/* nic_rig.c - see nic_rig.h. */
#include "nic_rig.h"
#include <string.h>

void nic_frame(uint8_t *frame, size_t len, enum nic_to to, unsigned ethertype,
               unsigned seed)
{
    static const uint8_t addresses[][6] = {[TO_ME] = {2, 0, 0, 0, 0, 1},
                                           [TO_ALL] = {255, 255, 255, 255, 255, 255},
                                           [TO_GROUP] = {1, 0, 0x5e, 0, 0, 1},
                                           [TO_OTHER] = {2, 0, 0, 0, 0, 2}};
    memcpy(frame, addresses[to], 6);
    memcpy(frame + 6, addresses[TO_OTHER], 6);
    frame[12] = (uint8_t)(ethertype >> 8);
    frame[13] = (uint8_t)ethertype;
    for (size_t i = 14; i < len; i++)
        frame[i] = (uint8_t)(i * 7 + seed * 13 + i / 256);
}

void nic_receive(struct rig *r, const uint8_t *frame, size_t len)
{
    r->nic->receive(r->dev, frame, len);
}

uint32_t nic_get(struct nic_rings *n, uint32_t reg)
{
    return rig_read(n->r, n->at + reg);
}

void nic_set(struct nic_rings *n, uint32_t reg, uint32_t value)
{
    rig_write(n->r, n->at + reg, value);
}

void nic_rings_start(struct nic_rings *n, struct rig *r, uint32_t at, uint32_t count)
{
    uint32_t rx = NIC_RX_AT + at * 0x100;
    *n = (struct nic_rings){.r = r,
                            .at = at,
                            .rx = rx,
                            .tx = rx + 0x8000,
                            .rx_buffers = 0x200000,
                            .tx_buffers = 0x300000,
                            .count = count};
    rig_write64(r, at + M_NR_RX_RING, n->rx);
    rig_write64(r, at + M_NR_TX_RING, n->tx);
    nic_set(n, M_NR_RX_COUNT, count);
    nic_set(n, M_NR_TX_COUNT, count);
    nic_set(n, M_NR_ENABLE, M_NIC_RX | M_NIC_TX | M_NIC_LOST);
    nic_set(n, M_NR_CONTROL, M_NIC_RX | M_NIC_TX);
}

void nic_desc_put(struct rig *r, uint32_t ring, uint32_t index, uint32_t count,
                  const struct nic_desc *d)
{
    memcpy(r->f.ram + ring + index % count * M_NR_DESC_SIZE, d, sizeof *d);
}

struct nic_desc nic_desc_get(struct rig *r, uint32_t ring, uint32_t index, uint32_t count)
{
    struct nic_desc d;
    memcpy(&d, r->f.ram + ring + index % count * M_NR_DESC_SIZE, sizeof d);
    return d;
}

void nic_supply(struct nic_rings *n, uint32_t buffers)
{
    uint32_t tail = nic_get(n, M_NR_RX_TAIL);
    for (uint32_t i = tail; i != tail + buffers; i++)
        nic_desc_put(n->r, n->rx, i, n->count,
                     &(struct nic_desc){n->rx_buffers + i % n->count * 2048, 2048, 0});
    nic_set(n, M_NR_RX_TAIL, tail + buffers);
}

void nic_queue(struct nic_rings *n, uint32_t i, const uint8_t *bytes, uint32_t len,
               uint32_t flags)
{
    uint32_t at = n->tx_buffers + i % n->count * 2048;
    memcpy(n->r->f.ram + at, bytes, len);
    nic_desc_put(n->r, n->tx, i, n->count, &(struct nic_desc){at, len, flags});
}

void nic_pass(struct rig *r, uint64_t cycles)
{
    fake_env_run(&r->f, r->ops, r->dev, r->f.now + cycles);
}
