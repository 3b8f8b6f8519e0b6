// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pio.c - drives "exo,nic-pio": one buffer each way, copied word by word through a register.
 *
 * Receiving: of a frame that waits the kernel first reads as much as the bound filters look at,
 * classifies it, then reads the rest straight into the application's slot (nobody wants it: not
 * at all). Only for several rings the whole frame goes through the kernel's memory, because a
 * slot is the application's from the start.
 *
 * Sending: packet_send gathers the caller's pieces into the register. The transmitter's interrupt
 * is on only after somebody was told -EXO_EBUSY.
 */
#include "ring.h"

static uint32_t base;
static uint32_t
    *stage; /* PACKET_BUFFER bytes: the start of the frame that is classified */

static void init(const struct exo_hw_device *dev, void *(*boot_alloc)(size_t bytes))
{
    base = dev->base;
    stage = boot_alloc(PACKET_BUFFER);
    io_write(base, M_NP_ENABLE, M_NIC_RX);
}

/* -- receiving -- */

static void read_words(void *to, uint32_t n)
{
    io_read_words(base + M_NP_RXDATA, to, n);
}

static uint32_t words(uint32_t bytes)
{
    return (bytes + 3) / 4;
}

/* The frame, of which `have` words are in stage, for one ring. */
static void receive_one(const struct filter_match *m, uint32_t length, uint32_t have)
{
    uint32_t bytes = m->accept < length ? m->accept : length;
    uint8_t *slot = ring_slot(m->ring);
    if (slot == NULL)
        return;
    if (have > words(bytes))
        have = words(bytes);
    memcpy(slot, stage, have * 4);
    read_words(slot + have * 4, words(bytes) - have);
    packet_count(m->filter, bytes);
    ring_put(m->ring, m->filter, bytes);
}

static void receive(uint32_t length)
{
    struct filter_match match[EXO_NRING];
    struct packet p = {.bytes = (const uint8_t *)stage, .length = length};
    uint32_t reach = filter_table_reach();
    uint32_t have = words(reach < length ? reach : length);
    read_words(stage, have);
    uint32_t n = filter_classify(&p, match);
    machine.io->received++;
    machine.io->unclaimed += n == 0;
    if (n == 1) {
        receive_one(&match[0], length, have);
        return;
    }
    if (n != 0)
        read_words(stage + have, words(length) - have);
    for (uint32_t i = 0; i < n; i++)
        packet_copy(&p, &match[i]);
}

static void interrupt(void)
{
    if (io_read(base, M_NP_CAUSE) & io_read(base, M_NP_ENABLE) & M_NIC_TX) {
        machine.io->nic_turns++;
        io_write(base, M_NP_ENABLE, M_NIC_RX);
    }
    uint32_t length = io_read(base, M_NP_RXLEN);
    if (length == 0)
        return;
    if (length <= PACKET_MAX)
        receive(length);
    io_write(base, M_NP_RXDONE, 1);
}

static bool expected(void)
{
    return (io_read(base, M_NP_ENABLE) & M_NIC_TX) != 0;
}

/* -- sending -- */

struct gather {
    uint32_t word, bits; /* bytes that do not make a word yet */
};

static void put_bytes(struct gather *g, const uint8_t *from, uint32_t n)
{
    uint32_t reg = base + M_NP_TXDATA;
    if (g->bits == 0 && ((uintptr_t)from & 3) == 0)
        for (; n >= 4; n -= 4, from += 4)
            arch_mmio_write(reg, *(const io_word *)(const void *)from);
    for (; n > 0; n--) {
        g->word |= (uint32_t)*from++ << g->bits;
        g->bits += 8;
        if (g->bits == 32) {
            arch_mmio_write(reg, g->word);
            g->word = g->bits = 0;
        }
    }
}

static exo_sword put_piece(struct ctx *c, struct gather *g, const struct exo_piece *piece)
{
    uint64_t va = piece->va;
    uint32_t left = piece->length;
    while (left > 0) {
        uint64_t pa;
        exo_sword error = user_address(c, va, M_ACCESS_READ, &pa);
        if (error != 0)
            return error;
        uint32_t n = machine.page_size - ((uint32_t)va & (machine.page_size - 1));
        if (n > left)
            n = left;
        put_bytes(g, arch_phys(pa), n);
        va += n;
        left -= n;
    }
    return 0;
}

SYS(packet_send)
{
    struct exo_piece piece[EXO_PIECES_MAX];
    struct gather g = {0, 0};
    uint32_t total = 0;
    if (a1 == 0 || a1 > EXO_PIECES_MAX)
        return -EXO_ERANGE;
    exo_sword error = copy_from_user(c, piece, a0, a1 * sizeof piece[0]);
    if (error != 0)
        return error;
    for (uint32_t i = 0; i < a1; i++) {
        if (piece[i].length > PACKET_MAX)
            return -EXO_ERANGE;
        total += piece[i].length;
    }
    if (total < PACKET_MIN || total > PACKET_MAX)
        return -EXO_ERANGE;
    if (!(io_read(base, M_NP_CAUSE) & M_NIC_TX)) {
        io_write(base, M_NP_ENABLE, M_NIC_RX | M_NIC_TX);
        return -EXO_EBUSY;
    }
    io_write(base, M_NP_TXLEN, total); /* the buffer starts over */
    for (uint32_t i = 0; i < a1 && error == 0; i++)
        error = put_piece(c, &g, &piece[i]);
    if (error != 0)
        return error;

    if (g.bits != 0)
        arch_mmio_write(base + M_NP_TXDATA, g.word);
    io_write(base, M_NP_SEND, 1);
    machine.io->sent++;
    return 0;
}

const struct nic_driver nic_pio = {
    .kind = EXO_NIC_PIO, .init = init, .interrupt = interrupt, .expected = expected};
