// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rings_tx.c - the transmitter of descriptor rings: one for all queues, a frame at a time. See
 * rings.h.
 *
 *   IDLE --- a queue has descriptors --> FETCH --- descriptor-cycles, frame whole --> SENDING
 *     ^                                    |                                            |
 *     +--------- none, or no END yet ------+          next queue <--- frame has left ---+
 */
#include "rings_priv.h"

void rings_forget(struct rings *r, unsigned q)
{
    r->q[q].starved = false;
    if (r->txq == q)
        r->txn = 0;
}

/* The next queue, after the last one served, that may have a frame. */
static bool next_queue(const struct rings *r, unsigned *out)
{
    for (unsigned k = 1; k <= r->n; k++) {
        unsigned q = (r->txq + k) % r->n;
        const struct ring_pair *p = &r->q[q];
        if ((p->control & RINGS_TX) && p->tx.head != p->tx.tail && !p->starved) {
            *out = q;
            return true;
        }
    }
    return false;
}

static void set_state(struct rings *r, enum tx_state state, uint64_t at)
{
    r->tx = state;
    r->tx_at = state == TX_IDLE ? UINT64_MAX : at;
    r->nic.env.event(r->nic.env.host, RINGS_TAG_TX, r->tx_at);
}

void rings_transmit(struct rings *r)
{
    unsigned q;
    if (r->tx != TX_IDLE || !next_queue(r, &q))
        return;
    r->txq = q;
    set_state(r, TX_FETCH, r->nic.env.now(r->nic.env.host) + r->descriptor);
}

enum gathered { FRAME_WHOLE, FRAME_PART, FRAME_BAD };

/* Gathers the frame at the head: *n descriptors, *len bytes. */
static enum gathered gather(const struct rings *r, const struct ring *tx,
                            uint8_t frame[HW_FRAME_MAX], size_t *len, uint32_t *n)
{
    const struct hw_env *e = &r->nic.env;
    bool bad = false;
    *len = 0;
    for (*n = 0; tx->head + *n != tx->tail;) {
        struct desc d;
        desc_read(r, desc_at(tx, tx->head + *n), &d);
        (*n)++;
        if (!bad && (d.length == 0 || d.length > HW_FRAME_MAX - *len ||
                     e->dma_read(e->host, d.pa, frame + *len, d.length)))
            bad = true;
        if (!bad)
            *len += d.length;
        if (d.flags & DESC_END)
            return bad || *len < NIC_HEADER ? FRAME_BAD : FRAME_WHOLE;
    }
    return *n == tx->count ? FRAME_BAD : FRAME_PART; /* full and no END will ever come */
}

/* Gives n descriptors of pair p back. */
static void give_back(struct rings *r, struct ring_pair *p, uint32_t n, uint32_t flags)
{
    for (uint32_t i = 0; i < n; i++) {
        uint64_t at = desc_at(&p->tx, p->tx.head + i);
        struct desc d;
        desc_read(r, at, &d);
        desc_write(r, at, d.length, (d.flags & DESC_END) | flags);
    }
    p->tx.head += n;
    p->cause |= RINGS_TX;
    rings_interrupt(r);
}

static void fetch(struct rings *r)
{
    struct ring_pair *p = &r->q[r->txq];
    uint8_t frame[HW_FRAME_MAX];
    size_t len;
    uint32_t n = 0;
    enum gathered what = FRAME_PART;
    if (p->control & RINGS_TX)
        what = gather(r, &p->tx, frame, &len, &n);
    switch (what) {
    case FRAME_WHOLE:
        r->txn = n;
        set_state(r, TX_SENDING, nic_send(&r->nic, frame, len));
        return;
    case FRAME_BAD:
        r->nic.env.guest_error(r->nic.env.host,
                               "nic: a frame to send is shorter than %u or longer than "
                               "%u bytes, not in RAM, or without END",
                               NIC_HEADER, HW_FRAME_MAX);
        give_back(r, p, n, DESC_DONE | DESC_ERROR);
        break;
    case FRAME_PART: p->starved = true; break;
    }
    set_state(r, TX_IDLE, 0);
    rings_transmit(r);
}

void rings_event(struct rings *r, uint32_t tag)
{
    if (tag == RINGS_TAG_QUIET) {
        rings_interrupt(r);
        return;
    }
    if (tag != RINGS_TAG_TX)
        return;
    if (r->tx == TX_FETCH) {
        fetch(r);
    } else if (r->tx == TX_SENDING) {
        if (r->txn)
            give_back(r, &r->q[r->txq], r->txn, DESC_DONE);
        set_state(r, TX_IDLE, 0);
        rings_transmit(r);
    }
}
