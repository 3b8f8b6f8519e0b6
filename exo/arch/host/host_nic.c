// SPDX-License-Identifier: GPL-2.0-or-later
/* host_nic.c - see host_nic.h. */
#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAME_MAX 1514u
#define FIELDS 7 /* of a rule: RULE_ETHERTYPE to RULE_QUEUE */

struct desc {
    uint64_t pa;
    uint32_t length, flags;
};
struct descs {
    uint64_t at;
    uint32_t count, head, tail;
};
struct pair {
    struct descs rx, tx;
    uint32_t control, cause, enable;
};
static struct {
    uint32_t kind, nqueues; /* kind 0: none */
    struct pair pair[HOST_NIC_QUEUES];
    uint32_t enable, txlen, txat, rxlen, rxat; /* pio */
    uint32_t tx[379], rx[379];
    bool busy;
    uint32_t index, staged[FIELDS], rule[HOST_NIC_RULES][FIELDS];
    bool on[HOST_NIC_RULES];
} nic;

static void wrong(const char *what, uint64_t value)
{
    fprintf(stderr, "network: kernel %s %#llx\n", what, (unsigned long long)value);
    abort();
}

void host_nic_setup(struct exo_hw_table *t, const struct host_config *config)
{
    memset(&nic, 0, sizeof nic);
    nic.kind = config->nic_kind;
    if (nic.kind == 0)
        return;
    nic.nqueues = nic.kind == EXO_NIC_STEER ? HOST_NIC_QUEUES : 1;
    struct exo_hw_device *d = &t->device[t->ndevices++];
    *d = (struct exo_hw_device){.class_ = EXO_HW_NIC,
                                .kind = nic.kind,
                                .base = HOST_NIC_BASE,
                                .irq = HOST_NIC_LINE,
                                .nparams = 4};
    d->params[M_NIC_PARAM_MAC] = HOST_NIC_MAC;
    d->params[M_NIC_PARAM_RATE] = 10000000;
    d->params[M_NS_PARAM_QUEUES] = HOST_NIC_QUEUES;
    d->params[M_NS_PARAM_RULES] = HOST_NIC_RULES;
}

/* -- what the device touches -- */

static uint8_t *memory(uint64_t pa, uint32_t bytes, bool kernel)
{
    uint64_t frame = pa >> host.page_shift, last = (pa + bytes - 1) >> host.page_shift;
    if (pa == 0 || frame != last || frame >= machine.nframes)
        wrong("gave the device memory that is not in one frame:", pa);
    const struct exo_frame *f = &machine.frame[frame];
    if ((f->type != EXO_FRAME_USER || f->pins == 0) &&
        (f->type != EXO_FRAME_KERNEL || !kernel))
        wrong("let go of memory before the device was done with it:", pa);
    return arch_phys(pa);
}

static struct desc *desc(const struct descs *d, uint32_t i)
{
    return arch_phys(d->at + i % d->count * sizeof(struct desc));
}

/* -- pio -- */

static uint32_t pio_cause(void)
{
    return (nic.rxlen != 0 ? M_NIC_RX : 0u) | (nic.busy ? 0u : M_NIC_TX);
}

static uint32_t pio_read(uint32_t reg)
{
    switch (reg) {
    case M_NP_CAUSE: return pio_cause();
    case M_NP_ENABLE: return nic.enable;
    case M_NP_RXLEN: return nic.rxlen;
    case M_NP_RXDATA:
        if (nic.rxat * 4 >= nic.rxlen)
            wrong("reads behind the end of a frame:", nic.rxat);
        return nic.rx[nic.rxat++];
    default: wrong("reads register", reg); return 0;
    }
}

static void pio_write(uint32_t reg, uint32_t value)
{
    switch (reg) {
    case M_NP_ENABLE: nic.enable = value; return;
    case M_NP_RXDONE: nic.rxlen = 0; return;
    default: break;
    }
    if (nic.busy)
        wrong("writes to a transmitter that is busy:", reg);
    switch (reg) {
    case M_NP_TXLEN:
        if (value < 14 || value > FRAME_MAX)
            wrong("sends a frame of the length", value);
        nic.txlen = value;
        nic.txat = 0;
        return;
    case M_NP_TXDATA:
        if (nic.txat * 4 >= nic.txlen)
            wrong("writes behind the end of a frame:", nic.txat);
        nic.tx[nic.txat++] = value;
        return;
    case M_NP_SEND:
        if (nic.txat * 4 < nic.txlen)
            wrong("sends a frame of which so many words are there:", nic.txat);
        nic.busy = true;
        return;
    default: wrong("writes register", reg);
    }
}

/* -- descriptors -- */

static uint32_t pair_read(uint32_t q, uint32_t reg)
{
    if (reg != M_NR_CAUSE && reg != M_NR_CONTROL)
        wrong("reads register", reg);
    return reg == M_NR_CAUSE ? nic.pair[q].cause : nic.pair[q].control;
}

static void set_control(struct pair *p, uint32_t value)
{
    uint32_t changed = p->control ^ value;
    p->control = value;
    if (changed & M_NIC_RX)
        p->rx.head = p->rx.tail = 0;
    if (changed & M_NIC_TX)
        p->tx.head = p->tx.tail = 0;
}

static void half(uint64_t *to, bool high, uint32_t value)
{
    *to = high ? (*to & 0xffffffffu) | (uint64_t)value << 32
               : (*to & ~0xffffffffull) | value;
}

static void set_tail(struct descs *d, uint32_t which, uint32_t control, uint32_t value)
{
    if (!(control & which) || value - d->head > d->count ||
        value - d->head < d->tail - d->head)
        wrong("sets a tail to", value);
    d->tail = value;
}

static void pair_write(uint32_t q, uint32_t reg, uint32_t value)
{
    struct pair *p = &nic.pair[q];
    switch (reg) {
    case M_NR_RX_RING:
    case M_NR_RX_RING + 4: half(&p->rx.at, reg != M_NR_RX_RING, value); break;
    case M_NR_TX_RING:
    case M_NR_TX_RING + 4: half(&p->tx.at, reg != M_NR_TX_RING, value); break;
    case M_NR_RX_COUNT: p->rx.count = value; break;
    case M_NR_TX_COUNT: p->tx.count = value; break;
    case M_NR_RX_TAIL: set_tail(&p->rx, M_NIC_RX, p->control, value); break;
    case M_NR_TX_TAIL: set_tail(&p->tx, M_NIC_TX, p->control, value); break;
    case M_NR_CONTROL: set_control(p, value); break;
    case M_NR_ACK: p->cause &= ~value; break;
    case M_NR_ENABLE: p->enable = value; break;
    default: wrong("writes register", reg);
    }
}

static bool pair_receive(struct pair *p, const void *frame, uint32_t length)
{
    bool room = (p->control & M_NIC_RX) != 0 && p->rx.head != p->rx.tail;
    p->cause |= room ? M_NIC_RX : M_NIC_LOST;
    if (!room)
        return false;
    struct desc *d = desc(&p->rx, p->rx.head++);
    if (d->length < length || (d->flags & M_NR_DONE) != 0)
        wrong("gave a receive buffer of length", d->length);
    memcpy(memory(d->pa, d->length, p == &nic.pair[0]), frame, length);
    d->length = length;
    d->flags = M_NR_DONE;
    return true;
}

static uint32_t pair_send(struct pair *p, uint8_t *frame)
{
    uint32_t length = 0;
    while ((p->control & M_NIC_TX) != 0 && p->tx.head != p->tx.tail) {
        struct desc *d = desc(&p->tx, p->tx.head++);
        if (d->length == 0 || length + d->length > FRAME_MAX)
            wrong("sends a piece of length", d->length);
        memcpy(frame + length, memory(d->pa, d->length, false), d->length);
        length += d->length;
        bool end = (d->flags & M_NR_END) != 0;
        d->flags |= M_NR_DONE;
        p->cause |= M_NIC_TX;
        if (end)
            return length;
    }
    if (length != 0)
        wrong("sends a frame without an end, of length", length);
    return 0;
}

/* -- rules -- */

static uint32_t field(const uint8_t *p, uint32_t n)
{
    uint32_t v = 0;
    for (uint32_t i = 0; i < n; i++)
        v = v << 8 | p[i];
    return v;
}

static bool rule_takes(const uint32_t *r, const uint8_t *f, uint32_t length)
{
    uint32_t mask = r[5], header = (f[14] & 15u) * 4, total = field(f + 16, 2);
    uint32_t ports = M_NS_MATCH_SOURCE_PORT | M_NS_MATCH_DESTINATION_PORT;
    if ((mask & M_NS_MATCH_ETHERTYPE) && r[0] != field(f + 12, 2))
        return false;
    if (!(mask & ~(uint32_t)M_NS_MATCH_ETHERTYPE))
        return true;
    if (field(f + 12, 2) != 0x800 || f[14] >> 4 != 4 || header < 20 || total < header ||
        total > length - 14)
        return false;
    if (((mask & M_NS_MATCH_PROTOCOL) && r[1] != f[23]) ||
        ((mask & M_NS_MATCH_SOURCE) && r[2] != field(f + 26, 4)) ||
        ((mask & M_NS_MATCH_DESTINATION) && r[3] != field(f + 30, 4)))
        return false;
    if (!(mask & ports))
        return true;
    if ((f[23] != 6 && f[23] != 17) || (field(f + 20, 2) & 0x3fff) != 0 ||
        total - header < 4)
        return false;
    return (!(mask & M_NS_MATCH_SOURCE_PORT) ||
            r[4] >> 16 == field(f + 14 + header, 2)) &&
           (!(mask & M_NS_MATCH_DESTINATION_PORT) ||
            (r[4] & 0xffff) == field(f + 16 + header, 2));
}

uint32_t host_nic_queue(const uint8_t *frame, uint32_t length)
{
    for (uint32_t i = 0; i < HOST_NIC_RULES; i++)
        if (nic.on[i] && field(frame + 12, 2) != 0x8100 &&
            rule_takes(nic.rule[i], frame, length))
            return nic.rule[i][6];
    return 0;
}

uint32_t host_nic_rules(void)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < HOST_NIC_RULES; i++)
        n += nic.on[i];
    return n;
}

static void steer_write(uint32_t reg, uint32_t value)
{
    if (reg == M_NS_RULE_INDEX) {
        nic.index = value;
    } else if (reg >= M_NS_RULE_ETHERTYPE && reg <= M_NS_RULE_QUEUE) {
        nic.staged[(reg - M_NS_RULE_ETHERTYPE) / 4] = value;
    } else if (reg == M_NS_RULE_OP && nic.index < HOST_NIC_RULES && value < 2 &&
               nic.staged[6] < nic.nqueues) {
        nic.on[nic.index] = value != 0;
        memcpy(nic.rule[nic.index], nic.staged, sizeof nic.staged);
    } else {
        wrong("writes register", reg);
    }
}

/* -- the device -- */

static bool in_pair(uint32_t reg, uint32_t *q, uint32_t *offset)
{
    *q = nic.kind == EXO_NIC_RING ? 0 : (reg - M_NS_QUEUE) / M_NS_QUEUE_SIZE;
    *offset = nic.kind == EXO_NIC_RING ? reg : (reg - M_NS_QUEUE) % M_NS_QUEUE_SIZE;
    return nic.kind == EXO_NIC_RING || (reg >= M_NS_QUEUE && *q < nic.nqueues);
}

static uint32_t causes(void)
{
    uint32_t bits = 0;
    for (uint32_t q = 0; q < nic.nqueues; q++)
        bits |= (uint32_t)((nic.pair[q].cause & nic.pair[q].enable) != 0) << q;
    return bits;
}

uint32_t host_nic_read(uint32_t reg)
{
    uint32_t q, offset;
    if (nic.kind == EXO_NIC_PIO)
        return pio_read(reg);
    if (in_pair(reg, &q, &offset))
        return pair_read(q, offset);
    if (reg != M_NS_CAUSES)
        wrong("reads register", reg);
    return causes();
}

void host_nic_write(uint32_t reg, uint32_t value)
{
    uint32_t q, offset;
    if (nic.kind == EXO_NIC_PIO)
        pio_write(reg, value);
    else if (in_pair(reg, &q, &offset))
        pair_write(q, offset, value);
    else
        steer_write(reg, value);
}

bool host_nic_line(void)
{
    if (nic.kind == EXO_NIC_PIO)
        return (pio_cause() & nic.enable) != 0;
    return causes() != 0;
}

bool host_nic_receive(const void *frame, uint32_t length)
{
    if (length < 60 || length > FRAME_MAX)
        abort();
    if (nic.kind != EXO_NIC_PIO)
        return pair_receive(&nic.pair[host_nic_queue(frame, length)], frame, length);
    if (nic.rxlen != 0)
        return false;
    memset(nic.rx, 0, sizeof nic.rx);
    memcpy(nic.rx, frame, length);
    nic.rxlen = length;
    nic.rxat = 0;
    return true;
}

uint32_t host_nic_send(uint8_t *frame)
{
    uint32_t length = 0;
    for (uint32_t q = 0; q < nic.nqueues && length == 0 && nic.kind != EXO_NIC_PIO; q++)
        length = pair_send(&nic.pair[q], frame);
    if (nic.busy) {
        length = nic.txlen;
        memcpy(frame, nic.tx, length);
        nic.busy = false;
    }
    return length;
}
