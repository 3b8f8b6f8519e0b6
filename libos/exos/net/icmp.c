// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * icmp.c - ICMP (RFC 792, 1122 3.2.2): echoes are answered, what others say about our packets goes to
 * who sent them, unreachable ports are said (rationed). Everything also goes to ICMP sockets.
 */
#include "sock_core.h"

#define ERRORS_A_SECOND 10

static void echo(struct net *net, const struct packet *p)
{
    uint8_t header[ICMP_HEADER];
    uint32_t n = p->length - ICMP_HEADER;
    struct net_buf *b =
        buf_chain(net, p->payload + ICMP_HEADER, n, ICMP_HEADER, IP_FRAG_FILL, BUF_SEND);
    if (b == NULL)
        return;
    net->stats.copied_in += n;
    memcpy(header, p->payload, ICMP_HEADER);
    header[ICMP_TYPE] = ICMP_ECHO_REPLY;
    put16(header + ICMP_SUM, 0);
    put16(header + ICMP_SUM,
          ~sum_fold(sum_bytes(header, ICMP_HEADER) + buf_chain_sum(b)));
    ip_send_chain(net, PROTO_ICMP, p->dst, p->src, header, ICMP_HEADER, b, n, NET_TTL);
    buf_put_chain(net, b);
}

void net_undelivered(struct net *net, const uint8_t *ip, size_t n, int error,
                     uint32_t mtu)
{
    if (n < IP_HEADER || ip[IP_VHL] >> 4 != 4)
        return;
    uint32_t hlen = (ip[IP_VHL] & 15u) * 4, dst = get32(ip + IP_DST);
    const uint8_t *t = ip + hlen;
    if (hlen < IP_HEADER || n < hlen + 8 || !ip_is_own(net, get32(ip + IP_SRC)) ||
        (get16(ip + IP_FRAGMENT) & IP_OFFSET) != 0)
        return;
    if (ip[IP_PROTO] == PROTO_UDP)
        udp_error(net, dst, get16(t + UDP_SRC), get16(t + UDP_DST), error);
    else if (ip[IP_PROTO] == PROTO_TCP)
        tcp_error(net, dst, get16(t + TCP_SRC), get16(t + TCP_DST), get32(t + TCP_SEQ),
                  error, mtu);
    else if (ip[IP_PROTO] == PROTO_ICMP)
        so_icmp_error(net, dst, error);
}

static void unreachable(struct net *net, const struct packet *p)
{
    static const int8_t errors[] = {ENETUNREACH, EHOSTUNREACH, ENOPROTOOPT, ECONNREFUSED,
                                    EMSGSIZE};
    uint32_t code = p->payload[ICMP_CODE], mtu = 0;
    int error = code < sizeof errors ? errors[code] : EHOSTUNREACH;
    if (code == ICMP_FRAGMENTATION_NEEDED) {
        mtu = get16(p->payload + ICMP_MTU);
        if (mtu == 0)
            mtu = 576; /* a router from before RFC 1191 */
    }
    net_undelivered(net, p->payload + ICMP_HEADER, p->length - ICMP_HEADER, error, mtu);
}

void icmp_unreachable(struct net *net, const struct packet *p, uint32_t code)
{
    uint8_t header[ICMP_HEADER] = {ICMP_UNREACHABLE, (uint8_t)code};
    if (p->broadcast || ip_is_broadcast(net, p->src) || p->src == 0 || net->ip == 0)
        return;
    if (net->now - net->icmp_second >= 1000) {
        net->icmp_second = net->now;
        net->icmp_errors = 0;
    }
    if (net->icmp_errors++ >= ERRORS_A_SECOND)
        return;
    uint32_t n = p->header + min32(p->length, 8); /* the header and 64 bits */
    struct net_buf *b = buf_get(net, BUF_RECEIVE);
    if (b == NULL)
        return;
    memcpy(b->data, p->ip, p->header);
    memcpy(b->data + p->header, p->payload, n - p->header);
    b->len = (uint16_t)n;
    b->sum = sum_bytes(b->data, n);
    put16(header + ICMP_SUM, ~sum_fold(sum_bytes(header, ICMP_HEADER) + b->sum));
    ip_send_chain(net, PROTO_ICMP, p->dst, p->src, header, ICMP_HEADER, b, n, NET_TTL);
    buf_put(net, b);
}

void icmp_input(struct net *net, const struct packet *p)
{
    if (p->length < ICMP_HEADER || sum_bytes(p->payload, p->length) != 0xffff) {
        net->stats.rx_bad_sum++;
        return;
    }
    uint32_t type = p->payload[ICMP_TYPE];
    so_icmp_input(net, p);
    if (type == ICMP_ECHO && !p->broadcast)
        echo(net, p);
    else if (type == ICMP_UNREACHABLE)
        unreachable(net, p);
    else if (type == ICMP_TIME_EXCEEDED)
        net_undelivered(net, p->payload + ICMP_HEADER, p->length - ICMP_HEADER,
                        EHOSTUNREACH, 0);
}
