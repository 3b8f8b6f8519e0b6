// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ring.c - drives "exo,nic-ring": the device puts packets into the kernel's buffers by DMA, the kernel
 * classifies them there and copies each once, to the application's slot. Sent is straight from
 * the applications' frames.
 */
#include "pair.h"

#define BUFFERS 128u /* receive descriptors; each has a buffer of its own for ever */
#define TX_COUNT 256u

static struct nic_pair pair;
static uint8_t *buffers; /* [BUFFERS][EXO_RING_SLOT] */

static uint8_t *buffer_of(uint32_t index)
{
    return buffers + (index & (BUFFERS - 1)) * EXO_RING_SLOT;
}

static void give(void)
{
    while (pair_rx_room(&pair))
        pair_rx_give(&pair, arch_pa(buffer_of(pair.rx_tail)));
    pair_rx_publish(&pair);
}

static void init(const struct exo_hw_device *dev, void *(*boot_alloc)(size_t bytes))
{
    buffers = boot_alloc(BUFFERS * EXO_RING_SLOT);
    pair_init(&pair, dev->base, BUFFERS, TX_COUNT, boot_alloc);
    pair_start(&pair, M_NIC_RX | M_NIC_TX);
    give();
}

/* At most one round of the buffers: what comes meanwhile interrupts again. */
static void receive(void)
{
    uint32_t length;
    for (uint32_t n = 0; n < BUFFERS; n++) {
        struct packet p = {.bytes = buffer_of(pair.rx_head)};
        if (!pair_rx_take(&pair, &length))
            break;
        p.length = length;
        if (length != 0)
            packet_deliver(&p);
    }
    give();
}

static void interrupt(void)
{
    uint32_t cause = io_read(pair.regs, M_NR_CAUSE);
    io_write(pair.regs, M_NR_ACK, cause);
    if (cause & (M_NIC_RX | M_NIC_LOST))
        receive();
    if (cause & M_NIC_TX)
        pair_reap(&pair);
}

static bool expected(void)
{
    return pair_sending(&pair);
}

static void ring_end(uint32_t ring)
{
    pair_forget(&pair, ring);
}

static uint32_t pins(uint32_t frame)
{
    return pair_pins(&pair, frame);
}

SYS(desc_send)
{
    int refused = ring_check(c->id, a0, a1);
    if (refused != 0)
        return refused;
    return pair_send(c, &pair, (uint32_t)a0, a2, a3);
}

const struct nic_driver nic_ring = {.kind = EXO_NIC_RING,
                                    .init = init,
                                    .interrupt = interrupt,
                                    .expected = expected,
                                    .ring_end = ring_end,
                                    .pins = pins};
