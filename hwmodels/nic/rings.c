// SPDX-License-Identifier: GPL-2.0-or-later
/* rings.c - descriptor rings: registers, interrupts, receiving. See rings.h; rings_tx.c sends. */
#include "rings_priv.h"

enum {
    REG_RX_RING = 0x00,
    REG_TX_RING = 0x08,
    REG_RX_COUNT = 0x10,
    REG_TX_COUNT = 0x14,
    REG_RX_TAIL = 0x18,
    REG_TX_TAIL = 0x1c,
    REG_RX_HEAD = 0x20,
    REG_TX_HEAD = 0x24,
    REG_CONTROL = 0x28,
    REG_CAUSE = 0x2c,
    REG_ACK = 0x30,
    REG_ENABLE = 0x34,
    REG_MODERATE = 0x38
};

void rings_init(struct rings *r, const struct hw_env *env, const struct hw_value *values,
                unsigned pairs)
{
    *r = (struct rings){.moderate = (uint32_t)values[RINGS_P_MODERATE].u,
                        .descriptor = values[RINGS_P_DESCRIPTOR].u,
                        .n = pairs};
    nic_init(&r->nic, env, values);
    for (unsigned q = 0; q < pairs; q++)
        r->q[q].moderate = r->moderate;
}

void rings_no_register(struct rings *r, bool write, uint32_t off)
{
    r->nic.env.guest_error(
        r->nic.env.host, "nic: %s offset 0x%" PRIx32 ": no %s register",
        write ? "write to" : "read of", off, write ? "writable" : "readable");
}

/* ---- interrupts ---- */

uint32_t rings_causes(const struct rings *r)
{
    uint32_t bits = 0;
    for (unsigned q = 0; q < r->n; q++)
        bits |= (r->q[q].cause & r->q[q].enable ? 1u : 0u) << q;
    return bits;
}

/* When pair q may raise the line again. */
static uint64_t quiet_until(const struct ring_pair *p)
{
    return p->rang ? p->since + p->moderate : 0;
}

void rings_moderate(const struct rings *r)
{
    uint64_t next = UINT64_MAX;
    for (unsigned q = 0; q < r->n; q++) {
        const struct ring_pair *p = &r->q[q];
        if ((p->cause & p->enable) && !p->up && quiet_until(p) < next)
            next = quiet_until(p);
    }
    r->nic.env.event(r->nic.env.host, RINGS_TAG_QUIET, next);
}

void rings_interrupt(struct rings *r)
{
    uint64_t now = r->nic.env.now(r->nic.env.host);
    bool line = false;
    for (unsigned q = 0; q < r->n; q++) {
        struct ring_pair *p = &r->q[q];
        if (!(p->cause & p->enable)) {
            p->up = false;
        } else if (!p->up && now >= quiet_until(p)) {
            p->up = p->rang = true;
            p->since = now;
        }
        line |= p->up;
    }
    rings_moderate(r);
    nic_line(&r->nic, line);
}

/* ---- registers ---- */

uint32_t rings_read(struct rings *r, unsigned q, uint32_t off)
{
    const struct ring_pair *p = &r->q[q];
    nic_access(&r->nic);
    switch (off) {
    case REG_RX_RING: return (uint32_t)p->rx.base;
    case REG_RX_RING + 4: return (uint32_t)(p->rx.base >> 32);
    case REG_TX_RING: return (uint32_t)p->tx.base;
    case REG_TX_RING + 4: return (uint32_t)(p->tx.base >> 32);
    case REG_RX_COUNT: return p->rx.count;
    case REG_TX_COUNT: return p->tx.count;
    case REG_RX_TAIL: return p->rx.tail;
    case REG_TX_TAIL: return p->tx.tail;
    case REG_RX_HEAD: return p->rx.head;
    case REG_TX_HEAD: return p->tx.head;
    case REG_CONTROL: return p->control;
    case REG_CAUSE: return p->cause;
    case REG_ENABLE: return p->enable;
    case REG_MODERATE: return p->moderate;
    default: rings_no_register(r, false, off); return 0;
    }
}

/* Address and number of descriptors are fixed while the ring runs. */
static bool fixed(struct rings *r, const struct ring_pair *p, uint32_t which)
{
    if (p->control & which)
        r->nic.env.guest_error(r->nic.env.host,
                               "nic: address or size of a ring written while it runs");
    return p->control & which;
}

static void set_half(uint64_t *to, bool high, uint32_t value)
{
    *to = high ? (*to & UINT64_C(0xffffffff)) | (uint64_t)value << 32
               : (*to & ~UINT64_C(0xffffffff)) | value;
}

/* The device keeps the first `busy` descriptors. */
static void set_tail(struct rings *r, struct ring *ring, uint32_t busy, uint32_t value)
{
    uint32_t owned = value - ring->head;
    if (owned > ring->count || owned < busy) {
        r->nic.env.guest_error(r->nic.env.host, "nic: a TAIL that is %s",
                               owned < busy ? "before the end of the frame being sent"
                                            : "more than the ring's size past HEAD");
        return;
    }
    ring->tail = value;
}

/* Can this ring run? The first and the last descriptor in RAM means all are. */
static bool startable(struct rings *r, const struct ring *ring)
{
    uint32_t n = ring->count;
    uint8_t probe[DESC];
    if (n == 0 || n > RINGS_COUNT_MAX || (n & (n - 1)) || ring->base % DESC ||
        ring->base > UINT64_MAX - (uint64_t)DESC * n ||
        r->nic.env.dma_read(r->nic.env.host, ring->base, probe, DESC) ||
        r->nic.env.dma_read(r->nic.env.host, ring->base + (uint64_t)DESC * (n - 1), probe,
                            DESC)) {
        r->nic.env.guest_error(r->nic.env.host,
                               "nic: a ring cannot start: %" PRIu32
                               " descriptors at 0x%" PRIx64
                               ", expected a power of two up to %u, in RAM, at a "
                               "multiple of %u",
                               n, ring->base, RINGS_COUNT_MAX, DESC);
        return false;
    }
    return true;
}

static void set_control(struct rings *r, unsigned q, uint32_t value)
{
    struct ring_pair *p = &r->q[q];
    for (uint32_t which = RINGS_RX; which <= RINGS_TX; which <<= 1) {
        struct ring *ring = which == RINGS_RX ? &p->rx : &p->tx;
        bool on = value & which, was = p->control & which;
        if (on == was)
            continue;
        if (which == RINGS_TX)
            rings_forget(r, q);
        if (on && !startable(r, ring))
            continue;
        p->control ^= which;
        ring->head = ring->tail = 0;
    }
}

void rings_write(struct rings *r, unsigned q, uint32_t off, uint32_t value)
{
    struct ring_pair *p = &r->q[q];
    nic_access(&r->nic);
    switch (off) {
    case REG_RX_RING:
    case REG_RX_RING + 4:
        if (!fixed(r, p, RINGS_RX))
            set_half(&p->rx.base, off != REG_RX_RING, value);
        return;
    case REG_TX_RING:
    case REG_TX_RING + 4:
        if (!fixed(r, p, RINGS_TX))
            set_half(&p->tx.base, off != REG_TX_RING, value);
        return;
    case REG_RX_COUNT:
        if (!fixed(r, p, RINGS_RX))
            p->rx.count = value;
        return;
    case REG_TX_COUNT:
        if (!fixed(r, p, RINGS_TX))
            p->tx.count = value;
        return;
    case REG_RX_TAIL:
        if (p->control & RINGS_RX)
            set_tail(r, &p->rx, 0, value);
        return;
    case REG_TX_TAIL:
        if (p->control & RINGS_TX) {
            set_tail(r, &p->tx, rings_sending(r, q), value);
            p->starved = false;
            rings_transmit(r);
        }
        return;
    case REG_CONTROL: set_control(r, q, value); return;
    case REG_ACK: p->cause &= ~value; break;
    case REG_ENABLE: p->enable = value & (RINGS_RX | RINGS_TX | RINGS_LOST); break;
    case REG_MODERATE: p->moderate = value; break;
    default: rings_no_register(r, true, off); return;
    }
    rings_interrupt(r);
}

/* ---- receiving ---- */

static void lose(struct rings *r, struct ring_pair *p, const uint8_t *frame, size_t len)
{
    nic_lost(&r->nic, frame, len);
    p->cause |= RINGS_LOST;
    rings_interrupt(r);
}

/* A queue that does not receive has no room to wait for. */
bool rings_ready(const struct rings *r, unsigned q)
{
    const struct ring_pair *p = &r->q[q];
    return !(p->control & RINGS_RX) || p->rx.head != p->rx.tail;
}

void rings_receive(struct rings *r, unsigned q, const uint8_t *frame, size_t len)
{
    struct ring_pair *p = &r->q[q];
    const struct hw_env *e = &r->nic.env;
    if (!(p->control & RINGS_RX) || p->rx.head == p->rx.tail) {
        lose(r, p, frame, len);
        return;
    }
    uint64_t at = desc_at(&p->rx, p->rx.head);
    struct desc d;
    desc_read(r, at, &d);
    if (d.length < len) {
        e->guest_error(e->host,
                       "nic: a receive buffer of %" PRIu32
                       " bytes is too small, frame lost",
                       d.length);
        lose(r, p, frame, len);
        return;
    }
    bool bad = e->dma_write(e->host, d.pa, frame, len) != 0;
    desc_write(r, at, bad ? 0 : (uint32_t)len, DESC_DONE | (bad ? DESC_ERROR : 0));
    p->rx.head++;
    p->cause |= RINGS_RX;
    if (bad) {
        e->guest_error(e->host,
                       "nic: a receive buffer at 0x%" PRIx64 ", which is not RAM", d.pa);
        lose(r, p, frame, len);
        return;
    }
    nic_took(&r->nic, frame, len);
    rings_interrupt(r);
}
