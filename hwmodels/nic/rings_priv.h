// SPDX-License-Identifier: GPL-2.0-or-later
/* rings_priv.h - between rings.c (registers, receiving), rings_tx.c (sending) and rings_state.c. */
#ifndef HWMODELS_RINGS_PRIV_H
#define HWMODELS_RINGS_PRIV_H

#include "rings.h"

#define DESC 16u
enum { DESC_DONE = 1, DESC_END = 2, DESC_ERROR = 4 };
enum { RINGS_TAG_TX = 0, RINGS_TAG_QUIET = 1 };

struct desc {
    uint64_t pa;
    uint32_t length, flags;
};

static inline uint64_t desc_at(const struct ring *ring, uint32_t index)
{
    return ring->base + (uint64_t)DESC * (index & (ring->count - 1));
}

static inline uint32_t desc_get32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

/* A running ring lies in RAM: the transfers cannot fail. */
static inline void desc_read(const struct rings *r, uint64_t at, struct desc *d)
{
    uint8_t b[DESC] = {0};
    (void)r->nic.env.dma_read(r->nic.env.host, at, b, sizeof b);
    d->pa = desc_get32(b) | (uint64_t)desc_get32(b + 4) << 32;
    d->length = desc_get32(b + 8);
    d->flags = desc_get32(b + 12);
}

/* Writes length and flags, which is how a descriptor is given back. */
static inline void desc_write(const struct rings *r, uint64_t at, uint32_t length,
                              uint32_t flags)
{
    uint8_t b[8];
    for (unsigned i = 0; i < 4; i++) {
        b[i] = (uint8_t)(length >> (8 * i));
        b[4 + i] = (uint8_t)(flags >> (8 * i));
    }
    (void)r->nic.env.dma_write(r->nic.env.host, at + 8, b, sizeof b);
}

/* Drives line and moderation after a change of cause, enable or moderate. */
void rings_interrupt(struct rings *r);
/* Sets the deadline at which a pair that is kept quiet may interrupt. */
void rings_moderate(const struct rings *r);
/* Descriptors of q's frame that is leaving. */
static inline uint32_t rings_sending(const struct rings *r, unsigned q)
{
    return r->tx == TX_SENDING && r->txq == q ? r->txn : 0;
}
/* The transmit ring of q stops or starts: what is in the transmitter is no longer its. */
void rings_forget(struct rings *r, unsigned q);
/* Starts the transmitter if it is idle and a queue has something. */
void rings_transmit(struct rings *r);

#endif
