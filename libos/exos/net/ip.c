// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ip.c - IPv4 (RFC 791, 1122): what comes in is checked and handed up, what goes out gets its header,
 * its way (this machine, the local network, the gateway) and is cut up if it is too long. Options
 * are skipped; nothing is forwarded.
 */
#include "net_priv.h"

#define LOOP_MAX 64

void net_address(struct net *net, uint32_t ip, uint32_t mask, uint32_t gateway)
{
    bool changed = ip != net->ip;
    net->ip = ip;
    net->mask = mask;
    net->gateway = gateway;
    net->activity++;
    if (changed) {
        arp_forget(net);
        port_rebind(net);
    }
}

bool ip_is_own(const struct net *net, uint32_t ip)
{
    return IP_IS_LOOPBACK(ip) || (net->ip != 0 && ip == net->ip);
}

bool ip_is_broadcast(const struct net *net, uint32_t ip)
{
    return ip == IP_BROADCAST ||
           (net->ip != 0 && net->mask < 0xfffffffe && ip == (net->ip | ~net->mask));
}

uint32_t ip_source(const struct net *net, uint32_t dst)
{
    if (IP_IS_LOOPBACK(dst))
        return IP_LOOPBACK;
    if (net->ip == 0 || !net->has_device)
        return 0;
    bool direct =
        ((dst ^ net->ip) & net->mask) == 0 || dst == IP_BROADCAST || IP_IS_MULTICAST(dst);
    return direct || net->gateway != 0 ? net->ip : 0;
}

uint32_t ip_next_hop(const struct net *net, uint32_t dst)
{
    bool direct = ((dst ^ net->ip) & net->mask) == 0 || ip_is_broadcast(net, dst) ||
                  IP_IS_MULTICAST(dst);
    return direct ? dst : net->gateway;
}

void loop_send(struct net *net, const struct net_tx *tx)
{
    struct net_buf *b = net->loop_length < LOOP_MAX ? tx_flatten(net, tx) : NULL;
    if (b == NULL)
        return;
    if (net->loop_tail != NULL)
        net->loop_tail->more = b;
    else
        net->loop_head = b;
    net->loop_tail = b;
    net->loop_length++;
    net_due(net, net->now);
}

/* The header is there: out. */
static int route(struct net *net, struct net_tx *tx, uint32_t dst)
{
    if (ip_is_own(net, dst)) {
        loop_send(net, tx);
        return 0;
    }
    uint32_t hop = ip_next_hop(net, dst);
    if (!net->has_device || hop == 0)
        return -ENETUNREACH;
    return arp_send(net, tx, hop);
}

/* flags: fragment field, with the identification in the high half. */
static void fill(const struct net *net, struct net_tx *tx, uint32_t proto, uint32_t src,
                 uint32_t dst, uint32_t flags, uint32_t ttl)
{
    uint8_t *h = tx_header(net, tx) + HDR_IP;
    uint32_t len = IP_HEADER + (uint32_t)tx->hdr_len + tx->pay_len;
    tx->hdr_off = HDR_IP;
    tx->hdr_len = (uint16_t)(tx->hdr_len + IP_HEADER);
    h[IP_VHL] = 0x45;
    h[1] = 0;
    put16(h + IP_LENGTH, len);
    put32(h + IP_ID, flags);
    h[IP_LIFE] = (uint8_t)ttl;
    h[IP_PROTO] = (uint8_t)proto;
    put32(h + IP_SRC, src);
    put32(h + IP_DST, dst);
    uint32_t sum = 0x4500 + len + (flags >> 16) + (flags & 0xffff) + (ttl << 8 | proto);
    put16(h + IP_SUM, ~sum_fold(sum + sum_pseudo(src, dst, 0, 0)));
}

int ip_send(struct net *net, struct net_tx *tx, uint32_t proto, uint32_t src,
            uint32_t dst, uint32_t flags)
{
    uint32_t id = flags & IP_DF ? 0 : net->ip_id++;
    fill(net, tx, proto, src, dst, id << 16 | flags, NET_TTL);
    return route(net, tx, dst);
}

int ip_send_chain(struct net *net, uint32_t proto, uint32_t src, uint32_t dst,
                  const uint8_t *header, uint32_t header_len, struct net_buf *chain,
                  uint32_t total, uint32_t ttl)
{
    uint32_t id = net->ip_id++, offset = 0, hlen = header_len;
    int r = 0;
    for (struct net_buf *b = chain; b != NULL && r == 0; b = b->next, hlen = 0) {
        struct net_tx *tx = tx_begin(net);
        if (tx == NULL)
            return -ENOBUFS;
        memcpy(tx_header(net, tx) + HDR_TRANSPORT, header, hlen);
        tx->hdr_len = (uint16_t)hlen;
        tx->payload = b->len != 0 ? b : NULL;
        tx->pay_off = b->off;
        tx->pay_len = b->len;
        uint32_t more = offset + hlen + b->len < header_len + total ? IP_MF : 0;
        fill(net, tx, proto, src, dst, id << 16 | more | offset / 8, ttl);
        offset += hlen + b->len;
        r = route(net, tx, dst);
    }
    return r;
}

static void deliver(struct net *net, struct packet *p)
{
    switch (p->proto) {
    case PROTO_TCP: tcp_input(net, p); break;
    case PROTO_UDP: udp_input(net, p); break;
    case PROTO_ICMP: icmp_input(net, p); break;
    default:
        net->stats.rx_no_port++;
        icmp_unreachable(net, p, ICMP_UNREACHABLE_PROTOCOL);
        break;
    }
}

/* A header that may be believed: length and checksum right. Its length in bytes, or 0. */
static uint32_t check(const uint8_t *p, size_t n)
{
    if (n < IP_HEADER || p[IP_VHL] >> 4 != 4)
        return 0;
    uint32_t hlen = (p[IP_VHL] & 15u) * 4, total = get16(p + IP_LENGTH);
    if (hlen < IP_HEADER || total < hlen || total > n || sum_bytes(p, hlen) != 0xffff)
        return 0;
    return hlen;
}

/* May a packet from src to dst have come this way? */
static bool plausible(const struct net *net, uint32_t src, uint32_t dst, bool loop)
{
    if (loop)
        return true;
    if (IP_IS_LOOPBACK(src) || IP_IS_LOOPBACK(dst) || IP_IS_MULTICAST(src) ||
        src == IP_BROADCAST || (net->ip != 0 && src == net->ip))
        return false;
    return dst == net->ip || ip_is_broadcast(net, dst) || net->ip == 0;
}

void ip_input(struct net *net, const uint8_t *p, size_t n, bool loop)
{
    uint32_t hlen = check(p, n);
    if (hlen == 0) {
        net->stats.rx_bad++;
        return;
    }
    struct packet packet = {
        .src = get32(p + IP_SRC),
        .dst = get32(p + IP_DST),
        .proto = p[IP_PROTO],
        .ttl = p[IP_LIFE],
        .ip = p,
        .payload = p + hlen,
        .length = get16(p + IP_LENGTH) - hlen,
        .header = hlen,
    };
    if (!plausible(net, packet.src, packet.dst, loop)) {
        net->stats.rx_bad++;
        return;
    }
    packet.broadcast = ip_is_broadcast(net, packet.dst);
    if (net->ip == 0 && !loop) { /* nobody knows us: only DHCP's answers are for us */
        if (packet.proto == PROTO_UDP)
            udp_input(net, &packet);
        return;
    }
    if (get16(p + IP_FRAGMENT) & (IP_MF | IP_OFFSET)) {
        packet.payload =
            frag_input(net, p, packet.payload, packet.length, &packet.length);
        if (packet.payload == NULL)
            return;
    }
    deliver(net, &packet);
}
