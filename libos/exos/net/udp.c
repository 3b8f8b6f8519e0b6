// SPDX-License-Identifier: GPL-2.0-or-later
/* udp.c - UDP (RFC 768, 1122 4.1). Datagrams longer than a packet go out in fragments. */
#include "sock_core.h"

#define DHCP_CLIENT 68

static bool sound(struct net *net, const struct packet *p)
{
    const uint8_t *u = p->payload;
    uint32_t n = p->length >= UDP_HEADER ? get16(u + UDP_LENGTH) : 0;
    if (n < UDP_HEADER || n > p->length) {
        net->stats.rx_bad++;
        return false;
    }
    if (get16(u + UDP_SUM) != 0 &&
        sum_fold(sum_pseudo(p->src, p->dst, PROTO_UDP, n) + sum_bytes(u, n)) != 0xffff) {
        net->stats.rx_bad_sum++;
        return false;
    }
    return true;
}

void udp_input(struct net *net, const struct packet *p)
{
    if (!sound(net, p))
        return;
    const uint8_t *u = p->payload;
    uint32_t n = get16(u + UDP_LENGTH) - UDP_HEADER, to = get16(u + UDP_DST);
    if (to == DHCP_CLIENT && net->has_device) {
        dhcp_input(net, u + UDP_HEADER, n);
        return;
    }
    const struct port *port = port_find(net, PROTO_UDP, to);
    struct sock *s = port != NULL && port->owner >= 0 ? &net->sock[port->owner] : NULL;
    bool fits = s != NULL && (s->laddr == 0 || s->laddr == p->dst) &&
                (!s->connected || (s->raddr == p->src && s->rport == get16(u + UDP_SRC)));
    if (fits) {
        so_datagram(net, s, p->src, get16(u + UDP_SRC), NULL, 0, u + UDP_HEADER, n);
        return;
    }
    net->stats.rx_no_port++;
    icmp_unreachable(net, p, ICMP_UNREACHABLE_PORT);
}

void udp_error(struct net *net, uint32_t dst, uint32_t sport, uint32_t dport, int error)
{
    const struct port *port = port_find(net, PROTO_UDP, sport);
    if (port == NULL || port->owner < 0)
        return;
    struct sock *s = &net->sock[port->owner];
    if (!s->connected || s->raddr != dst || s->rport != dport)
        return;
    s->error = error;
    net->activity++;
}

int udp_send(struct net *net, uint32_t sport, uint32_t dst, uint32_t dport, uint32_t ttl,
             const void *data, uint32_t n)
{
    uint8_t header[UDP_HEADER];
    uint32_t len = n + UDP_HEADER;
    uint32_t src = dst == IP_BROADCAST && net->ip == 0 ? 0 : ip_source(net, dst);
    if (src == 0 && dst != IP_BROADCAST)
        return -ENETUNREACH;
    struct net_buf *b = buf_chain(net, data, n, UDP_HEADER, IP_FRAG_FILL, BUF_SEND);
    if (b == NULL)
        return -ENOBUFS;
    net->stats.copied_out += n;
    put16(header + UDP_SRC, sport);
    put16(header + UDP_DST, dport);
    put16(header + UDP_LENGTH, len);
    put16(header + UDP_SUM, 0);
    uint32_t sum = sum_pseudo(src, dst, PROTO_UDP, len) + sum_bytes(header, UDP_HEADER) +
                   buf_chain_sum(b);
    sum = ~sum_fold(sum) & 0xffff;
    put16(header + UDP_SUM, sum != 0 ? sum : 0xffff);
    int r = ip_send_chain(net, PROTO_UDP, src, dst, header, UDP_HEADER, b, n, ttl);
    buf_put_chain(net, b);
    return r;
}
