// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * arp.c - Ethernet headers and the addresses in them (RFC 826, 1122 2.3.2). A packet for a station
 * whose address is not known waits in the table; after ARP_TRIES questions without an answer
 * its sender is told (EHOSTUNREACH). An entry is asked for again when it gets old.
 */
#include "net_priv.h"

#define ARP_TRIES 3
#define ARP_RETRY 1000u  /* ms */
#define ARP_STALE 60000u /* ask again, still use it */
#define ARP_OLD 120000u
#define ARP_WAITING 4

static const uint8_t everybody[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

static void eth_send(struct net *net, struct net_tx *tx, const uint8_t mac[6],
                     uint32_t type)
{
    uint8_t *h = tx_header(net, tx) + HDR_ETH;
    memcpy(h + ETH_DST, mac, 6);
    memcpy(h + ETH_SRC, net->mac, 6);
    put16(h + ETH_TYPE, type);
    tx->hdr_off = HDR_ETH;
    tx->hdr_len = (uint16_t)(tx->hdr_len + ETH_HEADER);
    tx_commit(net, tx);
}

static void arp_out(struct net *net, uint32_t op, uint32_t spa, const uint8_t *tha,
                    uint32_t tpa, const uint8_t to[6])
{
    struct net_tx *tx = tx_begin(net);
    if (tx == NULL)
        return;
    uint8_t *a = tx_header(net, tx) + HDR_IP;
    memset(a, 0, ARP_BYTES);
    put16(a + ARP_HTYPE, 1);
    put16(a + ARP_PTYPE, ETHERTYPE_IP);
    a[ARP_HLEN] = 6;
    a[ARP_PLEN] = 4;
    put16(a + ARP_OP, op);
    memcpy(a + ARP_SHA, net->mac, 6);
    put32(a + ARP_SPA, spa);
    if (tha != NULL)
        memcpy(a + ARP_THA, tha, 6);
    put32(a + ARP_TPA, tpa);
    tx->hdr_len = ARP_BYTES;
    eth_send(net, tx, to, ETHERTYPE_ARP);
}

/* A request: who has target? sender 0 is a probe (RFC 5227), sender = target an announcement. */
void arp_announce(struct net *net, uint32_t sender, uint32_t target)
{
    arp_out(net, ARP_REQUEST, sender, NULL, target, everybody);
}

static struct arp *find(struct net *net, uint32_t ip)
{
    for (unsigned i = 0; i < NET_ARPS; i++)
        if (net->arp[i].state != ARP_FREE && net->arp[i].ip == ip)
            return &net->arp[i];
    return NULL;
}

static void drop_waiting(struct net *net, struct arp *a, bool tell)
{
    struct net_buf *b = a->wait;
    a->wait = NULL;
    while (b != NULL) {
        struct net_buf *more = b->more;
        if (tell)
            net_undelivered(net, b->data, b->len, EHOSTUNREACH, 0);
        buf_put(net, b);
        b = more;
    }
}

/* A free entry, or the one not used for the longest time. */
static struct arp *make(struct net *net, uint32_t ip)
{
    struct arp *a = &net->arp[0];
    for (unsigned i = 0; i < NET_ARPS && a->state != ARP_FREE; i++)
        if (net->arp[i].state == ARP_FREE ||
            net->now - net->arp[i].used > net->now - a->used)
            a = &net->arp[i];
    drop_waiting(net, a, false);
    *a = (struct arp){.ip = ip, .used = net->now};
    return a;
}

void arp_forget(struct net *net)
{
    for (unsigned i = 0; i < NET_ARPS; i++) {
        drop_waiting(net, &net->arp[i], false);
        net->arp[i].state = ARP_FREE;
    }
}

static void ask(struct net *net, struct arp *a)
{
    a->when = net->now;
    a->tries++;
    net_due(net, net->now + ARP_RETRY);
    arp_announce(net, net->ip, a->ip);
}

void arp_suspect(struct net *net, uint32_t hop)
{
    struct arp *a = find(net, hop);
    if (a != NULL && a->state == ARP_KNOWN)
        arp_announce(net, net->ip, a->ip);
}

static int wait_for(struct net *net, struct net_tx *tx, struct arp *a)
{
    struct net_buf **link = &a->wait;
    unsigned n = 0;
    for (; *link != NULL; link = &(*link)->more)
        n++;
    struct net_buf *b = n < ARP_WAITING ? tx_flatten(net, tx) : NULL;
    if (b == NULL)
        return -ENOBUFS;
    *link = b;
    if (a->state == ARP_FREE) {
        a->state = ARP_WAIT;
        ask(net, a);
    }
    return 0;
}

static void multicast_mac(uint32_t ip, uint8_t mac[6])
{
    mac[0] = 1;
    mac[1] = 0;
    mac[2] = 0x5e;
    mac[3] = ip >> 16 & 0x7f;
    mac[4] = (uint8_t)(ip >> 8);
    mac[5] = (uint8_t)ip;
}

int arp_send(struct net *net, struct net_tx *tx, uint32_t hop)
{
    if (ip_is_broadcast(net, hop)) {
        eth_send(net, tx, everybody, ETHERTYPE_IP);
        return 0;
    }
    if (IP_IS_MULTICAST(hop)) {
        uint8_t mac[6];
        multicast_mac(hop, mac);
        eth_send(net, tx, mac, ETHERTYPE_IP);
        return 0;
    }
    struct arp *a = find(net, hop);
    if (a == NULL)
        a = make(net, hop);
    a->used = net->now;
    uint32_t age = net->now - a->when;
    if (a->state == ARP_KNOWN && age > ARP_OLD) {
        a->state = ARP_FREE;
        a->tries = 0;
    }
    if (a->state != ARP_KNOWN)
        return wait_for(net, tx, a);
    eth_send(net, tx, a->mac, ETHERTYPE_IP);
    if (age > ARP_STALE && a->tries == 0 && tx_room(net) != 0) {
        arp_announce(net, net->ip, a->ip);
        a->tries = 1;
    }
    return 0;
}

/* What waited for this station goes. */
static void release(struct net *net, struct arp *a)
{
    while (a->wait != NULL) {
        struct net_buf *b = a->wait;
        struct net_tx *tx = tx_begin(net);
        if (tx == NULL)
            return;
        a->wait = b->more;
        b->more = NULL;
        tx->payload = b;
        tx->pay_len = b->len;
        eth_send(net, tx, a->mac, ETHERTYPE_IP);
        buf_put(net, b);
    }
}

/* Is the address of the sender one that we use or try to? */
static bool conflict(const struct net *net, const uint8_t *p, uint32_t spa)
{
    if (memcmp(p + ARP_SHA, net->mac, 6) == 0)
        return false;
    if (net->config == CONFIG_PROBE)
        return spa == net->local.ip || (spa == 0 && get16(p + ARP_OP) == ARP_REQUEST &&
                                        get32(p + ARP_TPA) == net->local.ip);
    return net->ip != 0 && spa == net->ip;
}

void arp_input(struct net *net, const uint8_t *p, size_t n)
{
    if (n < ARP_BYTES || get16(p + ARP_HTYPE) != 1 ||
        get16(p + ARP_PTYPE) != ETHERTYPE_IP || p[ARP_HLEN] != 6 || p[ARP_PLEN] != 4 ||
        (p[ARP_SHA] & 1) != 0) {
        net->stats.rx_bad++;
        return;
    }
    uint32_t spa = get32(p + ARP_SPA), tpa = get32(p + ARP_TPA), op = get16(p + ARP_OP);
    if (conflict(net, p, spa)) {
        auto_conflict(net);
        return;
    }
    bool ours = net->ip != 0 && tpa == net->ip;
    if (spa != 0 && !ip_is_own(net, spa) && !ip_is_broadcast(net, spa) &&
        !IP_IS_MULTICAST(spa)) {
        struct arp *a = find(net, spa);
        if (a == NULL && ours)
            a = make(net, spa);
        if (a != NULL) {
            memcpy(a->mac, p + ARP_SHA, 6);
            a->state = ARP_KNOWN;
            a->when = net->now;
            a->tries = 0;
            if (a->wait != NULL) /* and those it had no room for */
                net->tx_starved = true;
            release(net, a);
        }
    }
    if (ours && op == ARP_REQUEST)
        arp_out(net, ARP_REPLY, net->ip, p + ARP_SHA, spa, p + ARP_SHA);
}

void arp_tick(struct net *net)
{
    for (unsigned i = 0; i < NET_ARPS; i++) {
        struct arp *a = &net->arp[i];
        if (a->state == ARP_KNOWN && a->wait != NULL)
            release(net, a);
        if (a->state != ARP_WAIT)
            continue;
        if (!net_past(net, a->when + ARP_RETRY)) {
            net_due(net, a->when + ARP_RETRY);
        } else if (a->tries < ARP_TRIES) {
            ask(net, a);
        } else {
            a->state = ARP_FREE;
            drop_waiting(net, a, true);
        }
    }
}
