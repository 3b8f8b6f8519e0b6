// SPDX-License-Identifier: GPL-2.0-or-later
/* sock_data.c - what goes through sockets, and whether it could. See sock_core.h. */
#include "tcp.h"

#define OVERHEAD 256u /* of a datagram, against its socket's receive buffer */

/* -- datagrams -- */

static void enqueue(struct sock *s, struct net_buf *b)
{
    if (s->q_tail != NULL)
        s->q_tail->more = b;
    else
        s->q_head = b;
    s->q_tail = b;
    s->q_bytes += b->total + OVERHEAD;
}

void so_datagram(struct net *net, struct sock *s, uint32_t ip, uint32_t port,
                 const uint8_t *header, uint32_t header_len, const uint8_t *data,
                 uint32_t n)
{
    if (s->rd_shut || s->q_bytes + n + OVERHEAD > s->rcvbuf + NET_BUF * 32) {
        net->stats.rx_no_buffer++;
        return;
    }
    struct net_buf *b = buf_chain(net, data, n, header_len, NET_BUF, BUF_RECEIVE);
    if (b == NULL) {
        net->stats.rx_no_buffer++;
        return;
    }
    if (header_len != 0) {
        memmove(b->data + header_len, b->data, b->len);
        memcpy(b->data, header, header_len);
        b->len = (uint16_t)(b->len + header_len);
    }
    net->stats.copied_in += n + header_len;
    b->total = n + header_len;
    b->ip = ip;
    b->port = (uint16_t)port;
    enqueue(s, b);
    net->activity++;
}

/* Every ICMP socket gets everything but requests; those that are not raw, what answers them. */
void so_icmp_input(struct net *net, const struct packet *p)
{
    uint32_t type = p->payload[ICMP_TYPE];
    if (type == ICMP_ECHO)
        return;
    for (unsigned i = 0; i < NET_SOCKS; i++) {
        struct sock *s = &net->sock[i];
        if (s->type != SOCK_ICMP || (s->connected && s->raddr != p->src))
            continue;
        if (s->raw)
            so_datagram(net, s, p->src, 0, p->ip, p->header, p->payload, p->length);
        else if (type == ICMP_ECHO_REPLY && get16(p->payload + ICMP_ID) == s->lport)
            so_datagram(net, s, p->src, 0, NULL, 0, p->payload, p->length);
    }
}

void so_icmp_error(struct net *net, uint32_t dst, int error)
{
    for (unsigned i = 0; i < NET_SOCKS; i++) {
        struct sock *s = &net->sock[i];
        if (s->type != SOCK_ICMP || s->raddr != dst)
            continue;
        s->error = error;
        net->activity++;
    }
}

static int send_icmp(struct net *net, struct sock *s, const uint8_t *data, size_t n,
                     const struct sock_addr *to)
{
    uint8_t header[ICMP_HEADER];
    if (n < ICMP_HEADER)
        return -EINVAL;
    uint32_t src = s->laddr != 0 ? s->laddr : ip_source(net, to->ip);
    if (src == 0)
        return -ENETUNREACH;
    uint32_t rest = (uint32_t)n - ICMP_HEADER;
    struct net_buf *b =
        buf_chain(net, data + ICMP_HEADER, rest, ICMP_HEADER, IP_FRAG_FILL, BUF_SEND);
    if (b == NULL)
        return -EAGAIN;
    net->stats.copied_out += (uint32_t)n;
    memcpy(header, data, ICMP_HEADER);
    if (!s->raw) { /* the identifier tells whose answer it is; the checksum is ours */
        if (s->lport == 0)
            s->lport = (uint16_t)(net_random(net) | 1);
        put16(header + ICMP_ID, s->lport);
        put16(header + ICMP_SUM, 0);
        uint32_t sum = sum_bytes(header, ICMP_HEADER) + buf_chain_sum(b);
        put16(header + ICMP_SUM, ~sum_fold(sum));
    }
    s->raddr = to->ip;
    int r =
        ip_send_chain(net, PROTO_ICMP, src, to->ip, header, ICMP_HEADER, b, rest, s->ttl);
    buf_put_chain(net, b);
    return r < 0 ? r : (int)n;
}

static int send_udp(struct net *net, int row, const void *data, size_t n,
                    const struct sock_addr *to)
{
    struct sock *s = &net->sock[row];
    if (n > 65535 - IP_HEADER - UDP_HEADER)
        return -EMSGSIZE;
    if (to->port == 0)
        return -EINVAL;
    if (ip_is_broadcast(net, to->ip) && !s->broadcast)
        return -EACCES;
    if (s->port < 0) {
        struct sock_addr any = {IP_IS_LOOPBACK(to->ip) ? IP_LOOPBACK : 0, 0};
        int r = so_bind(net, row, &any);
        if (r < 0)
            return r;
    }
    if (tx_room(net) <= n / IP_FRAG_FILL + 4) {
        tx_flush(net);
        if (tx_room(net) <= n / IP_FRAG_FILL + 4 &&
            (n < IP_FRAG_FILL * (NET_TX / 2) || tx_room(net) < NET_TX)) {
            net->tx_starved = true;
            return -EAGAIN;
        }
    }
    int r = udp_send(net, s->lport, to->ip, to->port, s->ttl, data, (uint32_t)n);
    if (r == -ENOBUFS && net->free_bufs < net->nbufs / 2)
        return -EAGAIN;
    return r < 0 ? r : (int)n;
}

static int receive_datagram(struct net *net, struct sock *s, uint8_t *data, size_t n,
                            unsigned flags, struct sock_addr *from)
{
    struct net_buf *b = s->q_head;
    size_t done = 0;
    if (b == NULL)
        return s->rd_shut ? 0 : -EAGAIN;
    uint32_t total = b->total;
    if (from != NULL)
        *from = (struct sock_addr){b->ip, b->port};
    for (const struct net_buf *p = b; p != NULL && done < n; p = p->next) {
        size_t part = n - done < p->len ? n - done : p->len;
        memcpy(data + done, p->data + p->off, part);
        done += part;
    }
    net->stats.copied_in += (uint32_t)done;
    if (!(flags & SOCK_PEEK)) {
        s->q_head = b->more;
        if (s->q_head == NULL)
            s->q_tail = NULL;
        s->q_bytes -= total + OVERHEAD;
        buf_put_chain(net, b);
    }
    return flags & SOCK_TRUNC ? (int)total : (int)done;
}

/* -- local pairs: a stream of buffers in the receiver's queue, linked by `more` -- */

static int send_local(struct net *net, struct sock *s, const uint8_t *data, size_t n)
{
    if (s->peer < 0 || net->sock[s->peer].rd_shut)
        return -EPIPE;
    struct sock *to = &net->sock[s->peer];
    size_t done = 0;
    while (done < n && to->q_bytes < to->rcvbuf) {
        struct net_buf *b = to->q_tail;
        if (b == NULL || b->off + b->len == NET_BUF) {
            b = buf_get(net, BUF_SEND);
            if (b == NULL)
                break;
            if (to->q_tail != NULL)
                to->q_tail->more = b;
            else
                to->q_head = b;
            to->q_tail = b;
        }
        size_t part = NET_BUF - b->off - b->len;
        part = n - done < part ? n - done : part;
        memcpy(b->data + b->off + b->len, data + done, part);
        b->len = (uint16_t)(b->len + part);
        to->q_bytes += (uint32_t)part;
        done += part;
    }
    net->stats.copied_out += (uint32_t)done;
    if (done > 0)
        net->activity++;
    return done > 0 ? (int)done : -EAGAIN;
}

static int receive_local(struct net *net, struct sock *s, uint8_t *data, size_t n,
                         unsigned flags)
{
    size_t done = 0;
    if (s->q_head == NULL)
        return s->orphan || s->rd_shut ? 0 : -EAGAIN;
    for (struct net_buf *b = s->q_head; b != NULL && done < n;) {
        struct net_buf *more = b->more;
        size_t part = n - done < b->len ? n - done : b->len;
        memcpy(data + done, b->data + b->off, part);
        done += part;
        if (!(flags & SOCK_PEEK)) {
            b->off = (uint16_t)(b->off + part);
            b->len = (uint16_t)(b->len - part);
            s->q_bytes -= (uint32_t)part;
            if (b->len == 0) {
                s->q_head = more;
                buf_put(net, b);
            }
        }
        b = more;
    }
    if (s->q_head == NULL)
        s->q_tail = NULL;
    net->stats.copied_in += (uint32_t)done;
    net->activity++;
    return (int)done;
}

/* -- all kinds -- */

/* May this stream be written? 0 or why not. */
static int writable(struct net *net, int row)
{
    const struct sock *s = &net->sock[row];
    if (s->error != 0)
        return -so_error(net, row);
    if (s->wr_shut)
        return -EPIPE;
    if (s->tcb == NULL && s->type == SOCK_TCP)
        return s->connected ? -EPIPE : -ENOTCONN;
    return s->connected == 1 ? 0 : -EAGAIN;
}

int so_send(struct net *net, int row, const void *data, size_t n,
            const struct sock_addr *to)
{
    struct sock *s = &net->sock[row];
    if (s->type == SOCK_TCP || s->type == SOCK_LOCAL) {
        int r = writable(net, row);
        if (r < 0 || n == 0)
            return r;
        if (s->type == SOCK_LOCAL)
            return send_local(net, s, data, n);
        r = tcp_write(net, s->tcb, data, n, s->sndbuf);
        if (r > 0)
            tcp_output(net, s->tcb);
        return r;
    }
    if (s->error != 0)
        return -so_error(net, row);
    struct sock_addr peer = {s->raddr, s->rport};
    if (to == NULL && s->connected)
        to = &peer;
    if (to == NULL)
        return -EDESTADDRREQ;
    if (s->wr_shut)
        return -EPIPE;
    return s->type == SOCK_UDP ? send_udp(net, row, data, n, to)
                               : send_icmp(net, s, data, n, to);
}

int so_receive(struct net *net, int row, void *data, size_t n, unsigned flags,
               struct sock_addr *from)
{
    struct sock *s = &net->sock[row];
    if (s->type == SOCK_LOCAL)
        return receive_local(net, s, data, n, flags);
    if (s->type != SOCK_TCP) {
        if (s->error != 0)
            return -so_error(net, row);
        return receive_datagram(net, s, data, n, flags, from);
    }
    if (s->tcb != NULL && s->tcb->rcv_bytes != 0)
        return tcp_read(net, s->tcb, data, n, flags & SOCK_PEEK);
    if (s->error != 0)
        return -so_error(net, row);
    if (!s->connected)
        return s->tcb == NULL ? -ENOTCONN : -EAGAIN;
    if (s->rd_shut || s->tcb == NULL || s->tcb->rcv_fin)
        return 0;
    return -EAGAIN;
}

struct net_buf *so_reserve(struct net *net, int row, size_t n, int *error)
{
    struct sock *s = &net->sock[row];
    *error = s->type == SOCK_TCP ? writable(net, row) : -EOPNOTSUPP;
    if (*error < 0)
        return NULL;
    uint32_t room = tcp_room(net, s->tcb, s->sndbuf), done = 0;
    uint32_t want = n < room ? (uint32_t)n : room, payload = tcp_payload(s->tcb);
    struct net_buf *head = NULL, **link = &head;
    while (done < want) {
        struct net_buf *b = buf_get(net, BUF_SEND);
        if (b == NULL)
            break;
        b->len = (uint16_t)min32(want - done, payload);
        done += b->len;
        *link = b;
        link = &b->next;
    }
    if (head == NULL)
        *error = -EAGAIN;
    return head;
}

int so_give(struct net *net, int row, struct net_buf *chain)
{
    int r = net->sock[row].type == SOCK_TCP ? writable(net, row) : -EPIPE;
    if (r < 0) {
        buf_put_chain(net, chain);
        return r;
    }
    struct tcb *t = net->sock[row].tcb;
    tcp_append(net, t, chain);
    tcp_output(net, t);
    return 0;
}

static unsigned ready_tcp(const struct net *net, const struct sock *s)
{
    unsigned r = 0;
    const struct tcb *t = s->tcb;
    if (s->listening)
        return s->accept_head != NULL || s->rd_shut ? READY_IN : 0;
    if (t == NULL && s->connected != 0)
        return READY_IN | READY_OUT | READY_HANGUP | READY_RDHUP;
    if (t == NULL)
        return s->error != 0 ? 0 : READY_OUT | READY_HANGUP;
    if (t->rcv_bytes != 0 || t->rcv_fin || s->rd_shut)
        r |= READY_IN;
    if (t->rcv_fin || s->rd_shut)
        r |= READY_RDHUP;
    if (t->rcv_fin && s->wr_shut)
        r |= READY_HANGUP;
    if (s->connected == 1 && (s->wr_shut || tcp_room(net, t, s->sndbuf) >= NET_BUF))
        r |= READY_OUT;
    return r;
}

unsigned so_ready(struct net *net, int row)
{
    const struct sock *s = &net->sock[row];
    unsigned r = s->error != 0 ? READY_ERROR | READY_IN | READY_OUT : 0;
    if (s->type == SOCK_TCP)
        return r | ready_tcp(net, s);
    if (s->q_head != NULL || s->rd_shut)
        r |= READY_IN;
    if (s->type != SOCK_LOCAL)
        return r | READY_OUT;
    if (s->orphan)
        r |= READY_IN | READY_RDHUP;
    if (s->peer < 0)
        return r | READY_OUT | READY_HANGUP;
    if (net->sock[s->peer].q_bytes < net->sock[s->peer].rcvbuf)
        r |= READY_OUT;
    return r;
}
