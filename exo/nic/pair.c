// SPDX-License-Identifier: GPL-2.0-or-later
/* pair.c - descriptor rings of the ring and steer network interfaces. See pair.h. */
#include "pair.h"

void pair_init(struct nic_pair *p, uint32_t regs, uint32_t rx_count, uint32_t tx_count,
               void *(*boot_alloc)(size_t bytes))
{
    *p = (struct nic_pair){.regs = regs, .rx_count = rx_count, .tx_count = tx_count};
    p->rx = boot_alloc(rx_count * sizeof p->rx[0]);
    p->tx = boot_alloc(tx_count * sizeof p->tx[0]);
    p->under_way = boot_alloc(tx_count * sizeof p->under_way[0]);
    io_write64(regs, M_NR_RX_RING, arch_pa(p->rx));
    io_write64(regs, M_NR_TX_RING, arch_pa(p->tx));
    io_write(regs, M_NR_RX_COUNT, rx_count);
    io_write(regs, M_NR_TX_COUNT, tx_count);
}

void pair_start(struct nic_pair *p, uint32_t which)
{
    io_write(p->regs, M_NR_CONTROL, which);
    io_write(p->regs, M_NR_ENABLE, which | (which & M_NIC_RX ? M_NIC_LOST : 0));
}

void pair_stop(struct nic_pair *p)
{
    io_write(p->regs, M_NR_ENABLE, 0);
    io_write(p->regs, M_NR_CONTROL, 0);
    io_write(p->regs, M_NR_ACK, M_NIC_RX | M_NIC_TX | M_NIC_LOST);
    for (; p->tx_head != p->tx_tail; p->tx_head++)
        frame_unpin(p->under_way[p->tx_head & (p->tx_count - 1)].frame);
    p->rx_head = p->rx_tail = p->tx_head = p->tx_tail = 0;
}

/* -- receiving -- */

void pair_rx_give(struct nic_pair *p, uint64_t pa)
{
    p->rx[p->rx_tail++ & (p->rx_count - 1)] =
        (struct nic_desc){.pa = pa, .length = EXO_RING_SLOT};
}

void pair_rx_publish(const struct nic_pair *p)
{
    io_write(p->regs, M_NR_RX_TAIL, p->rx_tail);
}

bool pair_rx_take(struct nic_pair *p, uint32_t *length)
{
    const volatile struct nic_desc *d = &p->rx[p->rx_head & (p->rx_count - 1)];
    if (p->rx_head == p->rx_tail)
        return false;
    uint32_t flags = d->flags;
    if (!(flags & M_NR_DONE))
        return false;
    *length = flags & M_NR_ERROR || d->length > PACKET_MAX ? 0 : d->length;
    p->rx_head++;
    return true;
}

void pair_rx_empty(struct nic_pair *p)
{
    uint32_t control = io_read(p->regs, M_NR_CONTROL);
    io_write(p->regs, M_NR_CONTROL, control & ~(uint32_t)M_NIC_RX);
    io_write(p->regs, M_NR_CONTROL, control);
    p->rx_head = p->rx_tail = 0;
}

/* -- sending -- */

void pair_reap(struct nic_pair *p)
{
    uint32_t ring = 0, n = 0;
    while (p->tx_head != p->tx_tail) {
        uint32_t i = p->tx_head & (p->tx_count - 1);
        if (!(*(const volatile uint32_t *)&p->tx[i].flags & M_NR_DONE))
            break;
        const struct nic_tx *t = &p->under_way[i];
        frame_unpin(t->frame);
        machine.io->sent += (p->tx[i].flags & M_NR_END) != 0;
        if (t->ring != ring && n != 0 && ring != 0)
            ring_sent(ring - 1, n);
        n = t->ring != ring ? 1 : n + 1;
        ring = t->ring;
        p->tx_head++;
    }
    if (n != 0 && ring != 0)
        ring_sent(ring - 1, n);
    machine.io->nic_turns += n != 0;
}

exo_sword pair_send(struct ctx *c, struct nic_pair *p, uint32_t ring, exo_word from,
                    exo_word n)
{
    struct exo_tx tx[EXO_TX_MAX];
    uint32_t complete;
    if (n == 0 || n > EXO_TX_MAX)
        return -EXO_ERANGE;
    exo_sword error = copy_from_user(c, tx, from, n * sizeof tx[0]);
    if (error != 0)
        return error;
    pair_reap(p);
    uint32_t room = p->tx_count - (p->tx_tail - p->tx_head);
    error = packet_check_tx(c->id, tx, (uint32_t)n, room, &complete);
    if (error != 0)
        return error;
    if (complete == 0)
        return -EXO_EBUSY;

    for (uint32_t i = 0; i < complete; i++) {
        uint32_t at = p->tx_tail++ & (p->tx_count - 1);
        frame_pin(tx[i].data.frame);
        p->under_way[at] = (struct nic_tx){tx[i].data.frame, ring + 1};
        p->tx[at] = (struct nic_desc){.pa = io_pa(tx[i].data.frame, tx[i].data.offset),
                                      .length = tx[i].length,
                                      .flags = tx[i].end ? M_NR_END : 0};
    }
    io_write(p->regs, M_NR_TX_TAIL, p->tx_tail);
    return (exo_sword)complete;
}

void pair_forget(struct nic_pair *p, uint32_t ring)
{
    for (uint32_t i = p->tx_head; i != p->tx_tail; i++)
        if (p->under_way[i & (p->tx_count - 1)].ring == ring + 1)
            p->under_way[i & (p->tx_count - 1)].ring = 0;
}

uint32_t pair_pins(const struct nic_pair *p, uint32_t frame)
{
    uint32_t n = 0;
    for (uint32_t i = p->tx_head; i != p->tx_tail; i++)
        n += p->under_way[i & (p->tx_count - 1)].frame == frame;
    return n;
}
