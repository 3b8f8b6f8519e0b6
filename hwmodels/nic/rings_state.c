// SPDX-License-Identifier: GPL-2.0-or-later
/* rings_state.c - save, restore and describe descriptor rings. See rings.h. */
#include "rings_priv.h"

static void put_ring(struct state_out *o, const struct ring *ring)
{
    state_put64(o, ring->base);
    state_put32(o, ring->count);
    state_put32(o, ring->head);
    state_put32(o, ring->tail);
}

static void get_ring(struct state_in *in, struct ring *ring)
{
    ring->base = state_get64(in);
    ring->count = state_get32(in);
    ring->head = state_get32(in);
    ring->tail = state_get32(in);
}

void rings_save(const struct rings *r, struct state_out *o)
{
    nic_save(&r->nic, o);
    for (unsigned q = 0; q < r->n; q++) {
        const struct ring_pair *p = &r->q[q];
        put_ring(o, &p->rx);
        put_ring(o, &p->tx);
        state_put32(o, p->control);
        state_put32(o, p->cause);
        state_put32(o, p->enable);
        state_put32(o, p->moderate);
        state_put8(o, p->starved);
        state_put8(o, p->up);
        state_put8(o, p->rang);
        state_put64(o, p->since);
    }
    state_put32(o, r->tx);
    state_put32(o, r->txq);
    state_put32(o, r->txn);
    state_put64(o, r->tx == TX_IDLE ? UINT64_MAX : r->tx_at);
}

/* A ring that runs must be one that could have been started. */
static bool sane(const struct ring *ring, bool runs)
{
    uint32_t n = ring->count;
    return !runs || (n > 0 && n <= RINGS_COUNT_MAX && (n & (n - 1)) == 0 &&
                     (uint32_t)(ring->tail - ring->head) <= n);
}

int rings_restore(struct rings *r, struct state_in *in)
{
    struct rings new = *r;
    nic_restore(&new.nic, in);
    for (unsigned q = 0; q < new.n; q++) {
        struct ring_pair *p = &new.q[q];
        get_ring(in, &p->rx);
        get_ring(in, &p->tx);
        p->control = state_get32(in);
        p->cause = state_get32(in);
        p->enable = state_get32(in);
        p->moderate = state_get32(in);
        p->starved = state_get8(in) != 0;
        p->up = state_get8(in) != 0;
        p->rang = state_get8(in) != 0;
        p->since = state_get64(in);
        if (p->control & ~(uint32_t)(RINGS_RX | RINGS_TX) ||
            !sane(&p->rx, p->control & RINGS_RX) || !sane(&p->tx, p->control & RINGS_TX))
            return -1;
    }
    uint32_t state = state_get32(in);
    new.txq = state_get32(in);
    new.txn = state_get32(in);
    new.tx_at = state_get64(in);
    if (state > TX_SENDING || new.txq >= new.n)
        return -1;
    new.tx = (enum tx_state)state;
    const struct ring *tx = &new.q[new.txq].tx;
    bool on = new.q[new.txq].control &RINGS_TX;
    if (new.tx == TX_SENDING &&new.txn &&
        (!on || new.txn > (uint32_t)(tx->tail - tx->head)))
        return -1;
    *r = new;
    return 0;
}

void rings_drive(const struct rings *r)
{
    nic_drive(&r->nic);
    r->nic.env.event(r->nic.env.host, RINGS_TAG_TX, r->tx_at);
    rings_moderate(r);
}

void rings_describe(const struct rings *r, struct text *t)
{
    static const char *const states[] = {
        [TX_IDLE] = "idle", [TX_FETCH] = "fetching", [TX_SENDING] = "sending"};
    nic_describe(&r->nic, t);
    text_add(t, "transmit %s\n", states[r->tx]);
    for (unsigned q = 0; q < r->n; q++) {
        const struct ring_pair *p = &r->q[q];
        text_add(t,
                 "queue%u.rx %s,head=%" PRIu32 ",tail=%" PRIu32 ",count=%" PRIu32
                 "\nqueue%u.tx %s,head=%" PRIu32 ",tail=%" PRIu32 ",count=%" PRIu32 "\n",
                 q, p->control & RINGS_RX ? "on" : "off", p->rx.head, p->rx.tail,
                 p->rx.count, q, p->control & RINGS_TX ? "on" : "off", p->tx.head,
                 p->tx.tail, p->tx.count);
        text_add(t, "queue%u.cause 0x%" PRIx32 "\nqueue%u.enable 0x%" PRIx32 "\n", q,
                 p->cause, q, p->enable);
    }
}
