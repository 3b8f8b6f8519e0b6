// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * steer.c - drives "exo,nic-steer": several pairs of descriptor rings.
 *
 * Queue 0 is the kernel's: what no rule takes comes there, is classified and copied once, as on
 * exo,nic-ring. queue_bind gives a packet ring one of the others: its receive descriptors are the
 * application's slots themselves, so what the hardware can tell (steer_rules.h) is not copied at
 * all; at the interrupt the kernel only says which slot was filled, and lends the device the slots
 * consumed meanwhile. Only while a rule names the queue: what is lent is missing to software. What the
 * application consumes later it does not say; so when the device has few slots left, each
 * call of sleep is a reason to look.
 *
 * A queue is stopped before its ring's frames are unpinned: a stopped queue touches no memory.
 */
#include "pair.h"
#include "steer_rules.h"

#define BUFFERS 64u /* of queue 0 */
#define RX_COUNT EXO_RING_SLOTS
#define TX_COUNT 64u

struct queue {
    struct nic_pair pair;
    uint32_t ring;          /* + 1, 0: free */
    bool named;             /* by a rule */
    uint8_t lent[RX_COUNT]; /* slot lent by receive descriptor i mod RX_COUNT */
};

static uint32_t base, nqueues;
static struct queue *queues; /* [nqueues]; 0 is the kernel's */
static uint8_t *buffers;     /* [BUFFERS][EXO_RING_SLOT] of queue 0 */
static bool low;             /* some queue's device has few slots */

static uint32_t registers(uint32_t queue)
{
    return base + M_NS_QUEUE + queue * M_NS_QUEUE_SIZE;
}

static uint8_t *buffer_of(uint32_t index)
{
    return buffers + (index & (BUFFERS - 1)) * EXO_RING_SLOT;
}

static void give_buffers(void)
{
    struct nic_pair *p = &queues[0].pair;
    while (pair_rx_room(p))
        pair_rx_give(p, arch_pa(buffer_of(p->rx_tail)));
    pair_rx_publish(p);
}

static void queue_named(uint32_t queue, bool any);

static void init(const struct exo_hw_device *dev, void *(*boot_alloc)(size_t bytes))
{
    base = dev->base;
    nqueues = (uint32_t)dev->params[M_NS_PARAM_QUEUES];
    if (nqueues == 0 || nqueues > M_NS_QUEUES_MAX)
        kernel_panic("hardware table: queues of the network interface");
    rules_init(base, (uint32_t)dev->params[M_NS_PARAM_RULES], queue_named, boot_alloc);
    queues = boot_alloc(nqueues * sizeof queues[0]);
    buffers = boot_alloc(BUFFERS * EXO_RING_SLOT);
    pair_init(&queues[0].pair, registers(0), BUFFERS, 2, boot_alloc);
    for (uint32_t i = 1; i < nqueues; i++)
        pair_init(&queues[i].pair, registers(i), RX_COUNT, TX_COUNT, boot_alloc);
    pair_start(&queues[0].pair, M_NIC_RX);
    give_buffers();
}

/* -- receiving -- */

static void receive_by_software(void)
{
    struct nic_pair *p = &queues[0].pair;
    uint32_t length;
    for (uint32_t n = 0; n < BUFFERS; n++) {
        struct packet packet = {.bytes = buffer_of(p->rx_head)};
        if (!pair_rx_take(p, &length))
            break;
        packet.length = length;
        if (length != 0)
            packet_deliver(&packet);
    }
    give_buffers();
}

/* Slots the application consumed. */
static void lend(struct queue *q)
{
    uint32_t tail = q->pair.rx_tail;
    if (!q->named)
        return;
    while (pair_rx_room(&q->pair)) {
        uint32_t slot = ring_lend(q->ring - 1);
        if (slot == RING_NO_BUFFER)
            break;
        q->lent[q->pair.rx_tail % RX_COUNT] = (uint8_t)slot;
        pair_rx_give(&q->pair, ring_buffer_pa(q->ring - 1, slot));
    }
    if (q->pair.rx_tail != tail)
        pair_rx_publish(&q->pair);
    low |= q->pair.rx_tail - q->pair.rx_head < machine.ring[q->ring - 1].slots / 2;
}

static void look(void)
{
    if (!low)
        return;
    low = false;
    for (uint32_t i = 1; i < nqueues; i++)
        if (queues[i].ring != 0)
            lend(&queues[i]);
}

static void take_filled(struct queue *q)
{
    uint32_t length;
    for (uint32_t n = 0; n < RX_COUNT; n++) {
        uint8_t slot = q->lent[q->pair.rx_head % RX_COUNT];
        if (!pair_rx_take(&q->pair, &length))
            break;
        machine.io->received++;
        if (length != 0)
            ring_put_lent(q->ring - 1, slot, length);
        else
            ring_lent_back(q->ring - 1, slot);
    }
}

static void receive_by_hardware(struct queue *q)
{
    take_filled(q);
    lend(q);
}

/* Rules begin to name the queue, or end: slots go to the device, or come back. */
static void queue_named(uint32_t queue, bool any)
{
    struct queue *q = &queues[queue];
    q->named = any;
    if (any) {
        lend(q);
        return;
    }
    take_filled(q);
    for (uint32_t i = q->pair.rx_head; i != q->pair.rx_tail; i++)
        ring_lent_back(q->ring - 1, q->lent[i % RX_COUNT]);
    pair_rx_empty(&q->pair);
}

static void queue_interrupt(struct queue *q)
{
    uint32_t cause = io_read(q->pair.regs, M_NR_CAUSE);
    io_write(q->pair.regs, M_NR_ACK, cause);
    if (q->ring == 0)
        return;
    if (cause & M_NIC_LOST)
        ring_lost(q->ring - 1);
    if (cause & (M_NIC_RX | M_NIC_LOST))
        receive_by_hardware(q);
    if (cause & M_NIC_TX)
        pair_reap(&q->pair);
}

static void interrupt(void)
{
    uint32_t causes = io_read(base, M_NS_CAUSES);
    for (uint32_t i = 1; i < nqueues; i++)
        if (causes >> i & 1)
            queue_interrupt(&queues[i]);
    if (causes & 1) {
        io_write(registers(0), M_NR_ACK, M_NIC_RX | M_NIC_LOST);
        receive_by_software();
    }
    look();
}

static bool expected(void)
{
    for (uint32_t i = 1; i < nqueues; i++)
        if (pair_sending(&queues[i].pair))
            return true;
    return false;
}

/* -- queues -- */

static void ring_end(uint32_t ring)
{
    for (uint32_t i = 1; i < nqueues; i++)
        if (queues[i].ring == ring + 1) {
            pair_stop(&queues[i].pair);
            queues[i].ring = 0;
        }
}

static uint32_t pins(uint32_t frame)
{
    uint32_t n = 0;
    for (uint32_t i = 1; i < nqueues; i++)
        n += pair_pins(&queues[i].pair, frame);
    return n;
}

SYS(queue_bind)
{
    int refused = ring_check(c->id, a0, a1);
    if (refused != 0)
        return refused;
    if (machine.ring[a0].queue != 0)
        return -EXO_EBUSY;
    uint32_t ring = (uint32_t)a0, free = 1;
    while (free < nqueues && queues[free].ring != 0)
        free++;
    if (free >= nqueues)
        return -EXO_EFULL;

    struct queue *q = &queues[free];
    q->ring = ring + 1;
    ring_queue_begin(ring, free);
    q->named = false;
    pair_start(&q->pair, M_NIC_RX | M_NIC_TX);
    rules_ring(ring);
    return (exo_sword)free;
}

SYS(queue_send)
{
    int refused = ring_check(c->id, a0, a1);
    if (refused != 0)
        return refused;
    uint32_t queue = machine.ring[a0].queue;
    if (queue == 0)
        return -EXO_EINVAL;
    lend(&queues[queue - 1]);
    return pair_send(c, &queues[queue - 1].pair, (uint32_t)a0, a2, a3);
}

const struct nic_driver nic_steer = {.kind = EXO_NIC_STEER,
                                     .init = init,
                                     .interrupt = interrupt,
                                     .expected = expected,
                                     .ring_end = ring_end,
                                     .filter_bound = rules_bound,
                                     .filter_end = rules_end,
                                     .slept = look,
                                     .pins = pins};
