// SPDX-License-Identifier: GPL-2.0-or-later
/* net.c - the stack as a whole: memory, frames in, time. See net.h. */
#include "sock_core.h"

static size_t round_up(size_t n, size_t to)
{
    return (n + to - 1) / to * to;
}

/* Everything after struct net, in this order: buffers' bytes, transmit headers, reassembly. */
static size_t data_offset(uint32_t nbufs)
{
    return round_up(sizeof(struct net) + nbufs * sizeof(struct net_buf), NET_BUF);
}

size_t net_bytes(uint32_t nbufs)
{
    return data_offset(nbufs) + (size_t)nbufs * NET_BUF + NET_TX * NET_HDR +
           (size_t)NET_REASM * 65536;
}

static void fill_pool(struct net *net, uint32_t nbufs)
{
    uint8_t *data = (uint8_t *)net + data_offset(nbufs);
    net->nbufs = net->free_bufs = nbufs;
    net->buf_free = NULL;
    for (uint32_t i = nbufs; i-- > 0;) {
        struct net_buf *b = &net->bufs[i];
        *b = (struct net_buf){.data = data + (size_t)i * NET_BUF, .next = net->buf_free};
        net->buf_free = b;
    }
    net->tx_headers = data + (size_t)nbufs * NET_BUF;
    net->reasm_data = net->tx_headers + NET_TX * NET_HDR;
}

void net_init(void *mem, uint32_t nbufs, const uint8_t *mac, uint64_t seed)
{
    struct net *net = mem;
    net->mtu = NET_MTU;
    net->random = seed * 2 + 1;
    if (mac != NULL) {
        memcpy(net->mac, mac, 6);
        net->has_device = true;
        for (unsigned i = 0; i < 6; i++)
            net->random = (net->random ^ mac[i]) * 0x100000001b3u;
        net->random |= 1;
    }
    for (unsigned i = 0; i < 4; i++)
        net->secret[i] = net_random(net);
    net->ip_id = (uint16_t)net_random(net);
    fill_pool(net, nbufs);
    tcp_init(net);
    if (mac != NULL)
        dhcp_start(net);
}

/* xorshift64*, S. Vigna, "An experimental exploration of Marsaglia's xorshift generators" (2016). */
uint32_t net_random(struct net *net)
{
    uint64_t x = net->random;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    net->random = x;
    return (uint32_t)(x * 0x2545f4914f6cdd1du >> 32);
}

void net_input(struct net *net, const uint8_t *frame, size_t n)
{
    net->stats.rx_frames++;
    if (n < ETH_HEADER) {
        net->stats.rx_bad++;
        return;
    }
    if (!(frame[ETH_DST] & 1) && memcmp(frame + ETH_DST, net->mac, 6) != 0)
        return;
    switch (get16(frame + ETH_TYPE)) {
    case ETHERTYPE_IP: ip_input(net, frame + ETH_HEADER, n - ETH_HEADER, false); break;
    case ETHERTYPE_ARP: arp_input(net, frame + ETH_HEADER, n - ETH_HEADER); break;
    default: net->stats.rx_no_port++; break;
    }
}

/* Packets to ourselves, those sent meanwhile too; an end to it if they breed. */
static void run_loop(struct net *net)
{
    if (net->in_loop)
        return;
    net->in_loop = true;
    for (unsigned n = 0; net->loop_head != NULL && n < 1000; n++) {
        struct net_buf *b = net->loop_head;
        net->loop_head = b->more;
        if (net->loop_head == NULL)
            net->loop_tail = NULL;
        net->loop_length--;
        ip_input(net, b->data, b->len, true);
        buf_put(net, b);
    }
    net->in_loop = false;
    if (net->loop_head != NULL)
        net_due(net, net->now);
}

void net_run(struct net *net, uint32_t now)
{
    net->now = now;
    if (net_past(net, net->next)) {
        net->next = now + 60000;
        tcp_tick(net);
        arp_tick(net);
        frag_tick(net);
        config_tick(net);
    }
    if (net->loop_head != NULL)
        run_loop(net);
    tx_flush(net);
    if (net->tx_starved && tx_room(net) >= NET_TX / 2) {
        net->tx_starved = false;
        net->activity++;
        tcp_starved(net);
        tx_flush(net);
    }
}

void net_recover(struct net *net)
{
    net->loop_head = net->loop_tail = NULL;
    net->loop_length = 0;
    net->in_loop = false;
    net->tx_queued = net->tx_done = net->tx_started;
    memset(net->tx, 0, sizeof net->tx);
    memset(net->arp, 0, sizeof net->arp);
    memset(net->reasm, 0, sizeof net->reasm);
    so_recover(net);
    fill_pool(net, net->nbufs);
    tcp_init(net);
    net->next = net->now;
    net->activity++;
}
