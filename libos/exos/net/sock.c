// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sock.c - sockets of all kinds: made, named, connected, closed. See sock_core.h; data is in
 * sock_data.c.
 */
#include "tcp.h"

#define DEFAULT_BUFFER 65536u
#define KEEP_IDLE 7200u /* s; RFC 1122 4.2.3.6 */
#define KEEP_INTERVAL 75u
#define KEEP_PROBES 9u

int so_new(struct net *net, enum sock_type type, bool raw)
{
    for (int i = 0; i < NET_SOCKS; i++) {
        struct sock *s = &net->sock[i];
        if (s->type != SOCK_NONE)
            continue;
        *s = (struct sock){.type = (uint8_t)type,
                           .raw = raw,
                           .port = -1,
                           .peer = -1,
                           .ttl = NET_TTL,
                           .rcvbuf = DEFAULT_BUFFER,
                           .sndbuf = DEFAULT_BUFFER,
                           .idle = KEEP_IDLE,
                           .interval = KEEP_INTERVAL,
                           .probes = KEEP_PROBES};
        return i;
    }
    return -ENFILE;
}

int so_pair(struct net *net, int rows[2])
{
    rows[0] = so_new(net, SOCK_LOCAL, false);
    if (rows[0] < 0)
        return rows[0];
    rows[1] = so_new(net, SOCK_LOCAL, false);
    if (rows[1] < 0) {
        net->sock[rows[0]].type = SOCK_NONE;
        return rows[1];
    }
    for (int i = 0; i < 2; i++) {
        net->sock[rows[i]].peer = (int16_t)rows[1 - i];
        net->sock[rows[i]].connected = 1;
    }
    return 0;
}

static uint32_t protocol(const struct sock *s)
{
    return s->type == SOCK_TCP ? PROTO_TCP : PROTO_UDP;
}

/* Take a port, 0: any. A port that only ended connections still use may be had again. */
static int take_port(struct net *net, int row, uint32_t number, bool loop)
{
    struct sock *s = &net->sock[row];
    struct port *p = number != 0 ? port_find(net, protocol(s), number) : NULL;
    int i;
    if (p != NULL && s->type == SOCK_TCP && s->reuse && p->owner < 0) {
        i = (int)(p - net->port);
        port_ref(net, i);
    } else {
        i = port_take(net, protocol(s), number, loop);
    }
    if (i < 0)
        return i;
    s->port = (int16_t)i;
    s->lport = net->port[i].number;
    if (s->type == SOCK_UDP)
        net->port[i].owner = (int16_t)row;
    return 0;
}

int so_bind(struct net *net, int row, const struct sock_addr *a)
{
    struct sock *s = &net->sock[row];
    if (a->ip != 0 && !ip_is_own(net, a->ip))
        return -EADDRNOTAVAIL;
    if (s->type == SOCK_ICMP) {
        s->laddr = a->ip;
        return 0;
    }
    if (s->type == SOCK_LOCAL || s->port >= 0 || s->connected)
        return -EINVAL;
    int r = take_port(net, row, a->port, IP_IS_LOOPBACK(a->ip));
    if (r == 0)
        s->laddr = a->ip;
    return r;
}

static int connect_tcp(struct net *net, int row, const struct sock_addr *a, uint32_t src)
{
    struct sock *s = &net->sock[row];
    if (s->listening)
        return -EOPNOTSUPP;
    if (s->tcb != NULL)
        return s->connected ? -EISCONN : -EALREADY;
    if (s->connected)
        return -EISCONN;
    if (a->port == 0 || ip_is_broadcast(net, a->ip) || IP_IS_MULTICAST(a->ip))
        return -ENETUNREACH;
    int r = s->port < 0 ? take_port(net, row, 0, IP_IS_LOOPBACK(a->ip)) : 0;
    if (r < 0)
        return r;
    struct tcb *t = tcp_open(net, src, a->ip, a->port, s->port);
    if (t == NULL)
        return net->tcb_free == NULL ? -ENOBUFS : -EADDRNOTAVAIL;
    t->sock = (int16_t)row;
    t->rcv_max = tcp_fair(net, s->rcvbuf);
    s->tcb = t;
    s->laddr = src;
    s->raddr = a->ip;
    s->rport = a->port;
    s->error = 0;
    return tcp_connect(net, t);
}

int so_connect(struct net *net, int row, const struct sock_addr *a)
{
    struct sock *s = &net->sock[row];
    if (s->type == SOCK_LOCAL)
        return -EISCONN;
    if (a->ip == 0 && a->port == 0 && s->type != SOCK_TCP) { /* AF_UNSPEC */
        s->connected = 0;
        s->raddr = s->rport = 0;
        return 0;
    }
    uint32_t to = a->ip != 0 ? a->ip : IP_LOOPBACK; /* as Linux has it */
    struct sock_addr addr = {to, a->port};
    uint32_t src = s->laddr != 0 ? s->laddr : ip_source(net, to);
    if (src == 0)
        return -ENETUNREACH;
    if (s->type == SOCK_TCP)
        return connect_tcp(net, row, &addr, src);
    if (s->type == SOCK_UDP && s->port < 0) {
        int r = take_port(net, row, 0, IP_IS_LOOPBACK(to));
        if (r < 0)
            return r;
    }
    s->raddr = to;
    s->rport = a->port;
    s->connected = 1;
    return 0;
}

int so_connected(struct net *net, int row)
{
    struct sock *s = &net->sock[row];
    if (s->error != 0)
        return -so_error(net, row);
    return s->connected == 1;
}

int so_listen(struct net *net, int row, int backlog)
{
    struct sock *s = &net->sock[row];
    if (s->type != SOCK_TCP)
        return -EOPNOTSUPP;
    if (s->tcb != NULL || s->connected)
        return -EINVAL;
    if (s->port < 0) {
        int r = take_port(net, row, 0, false);
        if (r < 0)
            return r;
    }
    struct port *p = &net->port[s->port];
    if (p->owner >= 0 && p->owner != row)
        return -EADDRINUSE;
    p->owner = (int16_t)row;
    s->listening = 1;
    s->backlog = (uint16_t)(backlog < 1 ? 1 : backlog > 256 ? 256 : backlog);
    return 0;
}

int so_accept(struct net *net, int row)
{
    struct sock *l = &net->sock[row];
    struct tcb *t = l->accept_head;
    if (l->type != SOCK_TCP)
        return -EOPNOTSUPP;
    if (!l->listening)
        return -EINVAL;
    if (t == NULL)
        return -EAGAIN;
    int i = so_new(net, SOCK_TCP, false);
    if (i < 0)
        return i;
    l->accept_head = t->next;
    if (l->accept_head == NULL)
        l->accept_tail = NULL;
    l->naccept--;
    struct sock *s = &net->sock[i];
    s->nodelay = l->nodelay;
    s->keepalive = l->keepalive;
    s->rcvbuf = l->rcvbuf;
    s->sndbuf = l->sndbuf;
    s->rcvtimeo = l->rcvtimeo;
    s->sndtimeo = l->sndtimeo;
    s->linger = l->linger;
    s->idle = l->idle;
    s->interval = l->interval;
    s->probes = l->probes;
    s->tcb = t;
    s->laddr = t->laddr;
    s->raddr = t->raddr;
    s->lport = t->lport;
    s->rport = t->rport;
    s->port = t->port;
    s->connected = 1;
    port_ref(net, s->port);
    t->next = NULL;
    t->sock = (int16_t)i;
    t->listener = -1;
    tcp_keep_alive(net, t);
    return i;
}

int so_shutdown(struct net *net, int row, unsigned how)
{
    struct sock *s = &net->sock[row];
    if (s->listening) {
        if (how & SHUT_READ)
            s->rd_shut = 1;
        net->activity++;
        return 0;
    }
    if (!s->connected)
        return -ENOTCONN;
    if (how & SHUT_READ)
        s->rd_shut = 1;
    if (how & SHUT_WRITE) {
        s->wr_shut = 1;
        if (s->tcb != NULL)
            tcp_finish(net, s->tcb);
        if (s->type == SOCK_LOCAL && s->peer >= 0)
            net->sock[s->peer].orphan = 1; /* its reader finds the end */
    }
    net->activity++;
    return 0;
}

static void close_listener(struct net *net, int row)
{
    struct sock *s = &net->sock[row];
    while (s->accept_head != NULL)
        tcp_abort(net, s->accept_head, 0);
    for (unsigned i = 0; s->nhalf != 0 && i < NET_TCBS; i++)
        if (net->tcb[i].state == TCP_SYN_RECEIVED && net->tcb[i].listener == row)
            tcp_abort(net, &net->tcb[i], 0);
}

static void drop_queue(struct net *net, struct sock *s)
{
    while (s->q_head != NULL) {
        struct net_buf *more = s->q_head->more;
        buf_put_chain(net, s->q_head);
        s->q_head = more;
    }
    s->q_tail = NULL;
    s->q_bytes = 0;
}

void so_close(struct net *net, int row)
{
    struct sock *s = &net->sock[row];
    if (s->listening)
        close_listener(net, row);
    if (s->port >= 0 && net->port[s->port].owner == row)
        net->port[s->port].owner = -1;
    if (s->tcb != NULL)
        tcp_close(net, s->tcb, s->linger == 1);
    if (s->type == SOCK_LOCAL && s->peer >= 0) {
        net->sock[s->peer].peer = -1;
        net->sock[s->peer].orphan = 1;
    }
    drop_queue(net, s);
    port_drop(net, s->port);
    *s = (struct sock){.type = SOCK_NONE, .port = -1, .peer = -1};
    net->activity++;
}

int so_error(struct net *net, int row)
{
    int error = net->sock[row].error;
    net->sock[row].error = 0;
    return error;
}

struct sock_addr so_local(const struct net *net, int row)
{
    const struct sock *s = &net->sock[row];
    return (struct sock_addr){s->laddr, s->lport};
}

bool so_peer(const struct net *net, int row, struct sock_addr *a)
{
    const struct sock *s = &net->sock[row];
    *a = (struct sock_addr){s->raddr, s->rport};
    return s->connected == 1;
}

bool so_unfinished(const struct net *net)
{
    for (unsigned i = 0; i < NET_TCBS; i++) {
        const struct tcb *t = &net->tcb[i];
        if (t->orphan && t->state >= TCP_ESTABLISHED && t->state != TCP_TIME_WAIT &&
            t->state != TCP_FIN_WAIT_2)
            return true;
    }
    return false;
}

void so_recover(struct net *net)
{
    for (unsigned i = 0; i < NET_SOCKS; i++) {
        struct sock *s = &net->sock[i];
        s->q_head = s->q_tail = NULL;
        s->q_bytes = 0;
        s->accept_head = s->accept_tail = NULL;
        s->naccept = s->nhalf = 0;
        if (s->tcb != NULL)
            s->error = ECONNABORTED;
        s->tcb = NULL;
    }
    for (unsigned i = 0; i < NET_PORTS; i++) /* what connections held */
        net->port[i].refs = 0;
    for (unsigned i = 0; i < NET_SOCKS; i++)
        if (net->sock[i].type != SOCK_NONE && net->sock[i].port >= 0)
            net->port[net->sock[i].port].refs++;
    for (int i = 0; i < NET_PORTS; i++)
        if (net->port[i].proto != 0 && net->port[i].refs == 0) {
            net->port[i].refs = 1;
            port_drop(net, i);
        }
}
