// SPDX-License-Identifier: GPL-2.0-or-later
/* rig.c - see rig.h. */
#include "rig.h"

#include <stdio.h>
#include <stdlib.h>

struct rig_frame {
    struct rig_frame *next;
    uint32_t at;
    unsigned to;
    size_t n;
    uint8_t bytes[NET_FRAME];
};

struct rig rig;

uint32_t rig_random(uint32_t below)
{
    rig.random ^= rig.random << 13;
    rig.random ^= rig.random >> 7;
    rig.random ^= rig.random << 17;
    return (uint32_t)(rig.random >> 33) % below;
}

static unsigned index_of(const struct net *net)
{
    return (unsigned)((const struct rig_machine *)net->wire - rig.machine);
}

/* -- pcap -- */

static void put_le(FILE *f, uint32_t v, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        fputc((int)(v >> (8 * i) & 0xff), f);
}

static void start_pcap(void)
{
    static bool begun;
    const char *path = getenv("NET_PCAP");
    FILE *f = path != NULL ? fopen(path, begun ? "ab" : "wb") : NULL;
    rig.pcap = f;
    if (f == NULL || begun)
        return;
    begun = true;
    put_le(f, 0xa1b2c3d4, 4);
    put_le(f, 2, 2);
    put_le(f, 4, 2);
    put_le(f, 0, 4);
    put_le(f, 0, 4);
    put_le(f, 65535, 4);
    put_le(f, 1, 4);
}

static void record(const uint8_t *bytes, size_t n)
{
    FILE *f = rig.pcap;
    if (f == NULL)
        return;
    put_le(f, rig.now / 1000, 4);
    put_le(f, rig.now % 1000 * 1000, 4);
    put_le(f, (uint32_t)n, 4);
    put_le(f, (uint32_t)n, 4);
    fwrite(bytes, 1, n, f);
}

/* -- the wire -- */

static void fly(unsigned to, const uint8_t *bytes, size_t n, bool spoil)
{
    struct rig_frame *f = calloc(1, sizeof *f), **link = &rig.flying;
    if (f == NULL)
        abort();
    f->at = rig.now + rig.delay;
    if (rig_random(1000) < rig.reorder)
        f->at += 1 + rig_random(10 + 2 * rig.delay);
    f->to = to;
    f->n = n;
    memcpy(f->bytes, bytes, n);
    if (spoil)
        f->bytes[rig_random((uint32_t)n)] ^= (uint8_t)(1u << rig_random(8));
    while (*link != NULL && (int32_t)((*link)->at - f->at) <= 0)
        link = &(*link)->next;
    f->next = *link;
    *link = f;
}

static void cross(unsigned from, const uint8_t *bytes, size_t n)
{
    record(bytes, n);
    rig.frames++;
    for (unsigned to = 0; to < rig.machines; to++) {
        if (to == from || rig.dead || rig_random(1000) < rig.loss)
            continue;
        fly(to, bytes, n, rig_random(1000) < rig.corrupt);
        if (rig_random(1000) < rig.duplicate)
            fly(to, bytes, n, false);
    }
}

/* -- the seam -- */

unsigned netif_start(struct net *net, struct net_tx *const tx[], unsigned n)
{
    struct rig_machine *m = net->wire;
    unsigned i = 0;
    for (; i < n && m->sent - m->done < m->room; i++) {
        uint8_t frame[NET_FRAME];
        size_t len = tx[i]->hdr_len;
        memcpy(frame, tx_header(net, tx[i]) + tx[i]->hdr_off, len);
        if (tx[i]->payload != NULL)
            memcpy(frame + len, tx[i]->payload->data + tx[i]->pay_off, tx[i]->pay_len);
        tx[i]->done = ++m->sent;
        cross(index_of(net), frame, len + tx[i]->pay_len);
    }
    return i;
}

uint32_t netif_sent(struct net *net)
{
    return ((struct rig_machine *)net->wire)->done;
}

int netif_listen(struct net *net, uint32_t proto, uint32_t ip, uint32_t port)
{
    struct rig_machine *m = net->wire;
    (void)proto;
    (void)ip;
    (void)port;
    if (m->refuse < 0)
        return m->refuse;
    m->listening++;
    return 7;
}

void netif_unlisten(struct net *net, int id)
{
    struct rig_machine *m = net->wire;
    (void)id;
    m->listening--;
}

/* -- time -- */

void rig_start(unsigned machines, bool configured, uint64_t seed)
{
    memset(&rig, 0, sizeof rig);
    rig.random = seed * 0x9e3779b97f4a7c15u + 1;
    rig.machines = machines;
    rig.now = 1000;
    rig.delay = 1;
    start_pcap();
    for (unsigned i = 0; i < machines; i++) {
        struct rig_machine *m = &rig.machine[i];
        uint8_t mac[6] = {2, 0, 0, 0, 0, (uint8_t)(i + 1)};
        void *mem = NULL;
        if (posix_memalign(&mem, 65536, net_bytes(RIG_BUFS)) != 0)
            abort();
        memset(mem, 0, net_bytes(RIG_BUFS));
        m->net = mem;
        m->net->wire = m;
        m->net->now = rig.now;
        m->room = 32;
        net_init(m->net, RIG_BUFS, mac, seed + i);
        if (configured) {
            m->net->config = CONFIG_LINK_LOCAL;
            m->net->dhcp.deadline = rig.now + 2000000000;
            while (m->net->tx_queued != m->net->tx_started)
                buf_put(m->net, m->net->tx[--m->net->tx_queued % NET_TX].payload);
            net_address(m->net, RIG_IP(i), 0xffffff00, 0);
        }
    }
}

void rig_stop(void)
{
    while (rig.flying != NULL) {
        struct rig_frame *f = rig.flying;
        rig.flying = f->next;
        free(f);
    }
    for (unsigned i = 0; i < rig.machines; i++)
        free(rig.machine[i].net);
    if (rig.pcap != NULL)
        fclose(rig.pcap);
    memset(&rig, 0, sizeof rig);
}

void rig_inject(unsigned machine, const void *frame, size_t n)
{
    uint8_t *copy = malloc(n + (n == 0)); /* exactly as long: sanitizers see beyond */
    memcpy(copy, frame, n);
    net_input(NET(machine), copy, n);
    free(copy);
    net_run(NET(machine), rig.now);
}

static void deliver(struct rig_frame *f)
{
    uint8_t *copy = malloc(f->n);
    memcpy(copy, f->bytes, f->n);
    if (rig.tap == NULL || !rig.tap(&rig, f->to, copy, f->n))
        net_input(NET(f->to), copy, f->n);
    free(copy);
    free(f);
}

bool rig_step(uint32_t most)
{
    uint32_t next = rig.now + most;
    bool any = rig.flying != NULL;
    for (unsigned i = 0; i < rig.machines; i++) {
        net_run(NET(i), rig.now);
        if ((int32_t)(NET(i)->next - next) < 0)
            next = NET(i)->next;
        any = any || NET(i)->tcbs != 0;
    }
    if (rig.flying != NULL && (int32_t)(rig.flying->at - next) < 0)
        next = rig.flying->at;
    rig.now = (int32_t)(next - rig.now) > 0 ? next : rig.now + 1;
    for (unsigned i = 0; i < rig.machines; i++) {
        rig.machine[i].done = rig.machine[i].sent; /* the device is done with those */
        net_run(NET(i), rig.now);
    }
    while (rig.flying != NULL && (int32_t)(rig.flying->at - rig.now) <= 0) {
        struct rig_frame *f = rig.flying;
        rig.flying = f->next;
        deliver(f);
    }
    for (unsigned i = 0; i < rig.machines; i++)
        net_run(NET(i), rig.now);
    return any;
}

void rig_run(uint32_t ms)
{
    uint32_t end = rig.now + ms;
    while ((int32_t)(end - rig.now) > 0)
        rig_step(end - rig.now);
}

/* -- the books -- */

static uint32_t count(const struct net_buf *b)
{
    uint32_t n = 0;
    for (; b != NULL; b = b->next)
        n++;
    return n;
}

bool rig_balanced(unsigned machine)
{
    const struct net *net = NET(machine);
    uint32_t used = 0;
    for (unsigned i = 0; i < NET_TCBS; i++)
        used += count(net->tcb[i].snd_head) + count(net->tcb[i].rcv_head) +
                count(net->tcb[i].ooo);
    for (unsigned i = 0; i < NET_SOCKS; i++)
        for (const struct net_buf *b = net->sock[i].q_head; b != NULL; b = b->more)
            used += count(b);
    for (unsigned i = 0; i < NET_ARPS; i++)
        for (const struct net_buf *b = net->arp[i].wait; b != NULL; b = b->more)
            used++;
    for (uint32_t i = net->tx_done; i != net->tx_queued; i++) {
        const struct net_buf *b = net->tx[i % NET_TX].payload;
        used += b != NULL && b->refs == 1; /* else it is counted above, or twice here */
    }
    return count(net->buf_free) == net->free_bufs && net->free_bufs + used == net->nbufs;
}
