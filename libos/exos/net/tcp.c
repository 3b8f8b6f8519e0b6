// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tcp.c - TCP's connections: made, found, ended. See tcp.h for the other parts.
 *
 * A connection belongs to its socket until that is closed; then it is an orphan and goes when its
 * FIN is acknowledged (or when patience ends). One that a listener made belongs to it until it
 * is accepted.
 */
#include "tcp.h"

static uint32_t hash(const struct net *net, uint32_t raddr, uint32_t rport,
                     uint32_t lport)
{
    uint32_t h = (raddr ^ net->secret[3]) * 0x9e3779b1u ^ (rport << 16 | lport);
    h = (h ^ h >> 15) * 0x85ebca6bu;
    return (h ^ h >> 13) % NET_HASH;
}

void tcp_init(struct net *net)
{
    net->tcb_free = NULL;
    memset(net->tcb_hash, 0, sizeof net->tcb_hash);
    for (unsigned i = NET_TCBS; i-- > 0;) {
        net->tcb[i] = (struct tcb){.next = net->tcb_free, .sock = -1, .port = -1};
        net->tcb_free = &net->tcb[i];
    }
    net->tcbs = net->time_waits = 0;
}

struct sock *tcp_sock(struct net *net, const struct tcb *t)
{
    return t->sock >= 0 ? &net->sock[t->sock] : NULL;
}

struct tcb *tcp_find(const struct net *net, const struct segment *s)
{
    struct tcb *t = net->tcb_hash[hash(net, s->src, s->sport, s->dport)];
    while (t != NULL && (t->raddr != s->src || t->rport != s->sport ||
                         t->lport != s->dport || t->laddr != s->dst))
        t = t->hash_next;
    return t;
}

/* RFC 6528: a clock and a keyed hash of the ends (mixing steps of MurmurHash3). */
static uint32_t initial_sequence(const struct net *net, const struct tcb *t)
{
    uint32_t words[3] = {t->laddr, t->raddr, (uint32_t)t->lport << 16 | t->rport};
    uint32_t h = net->secret[0];
    for (unsigned i = 0; i < 3; i++) {
        uint32_t k = (words[i] ^ net->secret[i]) * 0xcc9e2d51u;
        h ^= (k << 15 | k >> 17) * 0x1b873593u;
        h = (h << 13 | h >> 19) * 5 + 0xe6546b64u;
    }
    h = (h ^ h >> 16) * 0x85ebca6bu;
    return (h ^ h >> 13) + net->now * 250; /* 4 us a step */
}

/* The oldest in TIME_WAIT makes room. */
static void recycle(struct net *net)
{
    struct tcb *oldest = NULL;
    for (unsigned i = 0; net->time_waits != 0 && i < NET_TCBS; i++) {
        struct tcb *t = &net->tcb[i];
        if (t->state == TCP_TIME_WAIT &&
            (oldest == NULL ||
             (int32_t)(t->timer[TIMER_LINGER] - oldest->timer[TIMER_LINGER]) < 0))
            oldest = t;
    }
    if (oldest != NULL)
        tcp_drop(net, oldest, 0);
}

struct tcb *tcp_new(struct net *net, uint32_t laddr, uint32_t lport, uint32_t raddr,
                    uint32_t rport, int port)
{
    if (net->tcb_free == NULL)
        recycle(net);
    struct tcb *t = net->tcb_free;
    if (t == NULL)
        return NULL;
    net->tcb_free = t->next;
    *t = (struct tcb){.laddr = laddr,
                      .raddr = raddr,
                      .lport = (uint16_t)lport,
                      .rport = (uint16_t)rport,
                      .sock = -1,
                      .listener = -1,
                      .port = (int16_t)port,
                      .mss = TCP_MSS_DEFAULT,
                      .rto = RTO_FIRST,
                      .last_heard = net->now};
    struct tcb **head = &net->tcb_hash[hash(net, raddr, rport, lport)];
    t->hash_next = *head;
    *head = t;
    net->tcbs++;
    port_ref(net, port);
    t->iss = initial_sequence(net, t);
    t->snd_una = t->snd_nxt = t->snd_max = t->recover = t->snd_small = t->iss;
    /* the same for all connections of two machines: RFC 7323 5.4, RFC 6191 */
    t->ts_offset = (raddr ^ net->secret[1]) * 0x9e3779b1u ^ net->secret[2];
    t->rcv_max = tcp_fair(net, 65535);
    return t;
}

static void unhash(struct net *net, struct tcb *t)
{
    struct tcb **link = &net->tcb_hash[hash(net, t->raddr, t->rport, t->lport)];
    while (*link != t)
        link = &(*link)->hash_next;
    *link = t->hash_next;
}

/* Its listener knows it no more. */
static void leave_listener(struct net *net, struct tcb *t)
{
    if (t->listener < 0)
        return;
    struct sock *l = &net->sock[t->listener];
    t->listener = -1;
    struct tcb *last = NULL, **link = &l->accept_head;
    while (*link != NULL && *link != t) {
        last = *link;
        link = &(*link)->next;
    }
    if (*link == NULL) {
        l->nhalf--;
        return;
    }
    *link = t->next;
    if (l->accept_tail == t)
        l->accept_tail = last;
    l->naccept--;
}

static void release(struct net *net, struct tcb *t)
{
    tcp_discard_queues(net, t);
    unhash(net, t);
    port_drop(net, t->port);
    if (t->state == TCP_TIME_WAIT)
        net->time_waits--;
    t->state = TCP_CLOSED;
    t->next = net->tcb_free;
    net->tcb_free = t;
    net->tcbs--;
}

void tcp_drop(struct net *net, struct tcb *t, int error)
{
    struct sock *s = tcp_sock(net, t);
    leave_listener(net, t);
    net->activity++;
    if (s == NULL) {
        release(net, t);
        return;
    }
    if (t->rcv_bytes != 0 && error == 0) { /* may still be read */
        tcp_time_wait(net, t);
        return;
    }
    if (error != 0 && s->error == 0)
        s->error = error;
    s->rd_shut = s->wr_shut = 1;
    s->connected = 2; /* was */
    s->tcb = NULL;
    release(net, t);
}

struct tcb *tcp_open(struct net *net, uint32_t laddr, uint32_t raddr, uint32_t rport,
                     int port)
{
    struct segment s = {.src = raddr,
                        .dst = laddr,
                        .sport = (uint16_t)rport,
                        .dport = net->port[port].number};
    struct tcb *t = tcp_find(net, &s);
    if (t != NULL && t->state != TCP_TIME_WAIT)
        return NULL;
    if (t != NULL)
        tcp_drop(net, t, 0);
    return tcp_new(net, laddr, s.dport, raddr, rport, port);
}

int tcp_connect(struct net *net, struct tcb *t)
{
    t->state = TCP_SYN_SENT;
    t->use_scale = t->use_time = true;
    t->rcv_scale = TCP_SCALE;
    tcp_send_syn(net, t);
    return -EINPROGRESS;
}

/* Both SYNs are acknowledged. */
void tcp_established(struct net *net, struct tcb *t, const struct segment *s)
{
    struct sock *own = tcp_sock(net, t);
    t->state = TCP_ESTABLISHED;
    tcp_timer_stop(t, TIMER_RETRANSMIT);
    t->backoff = 0;
    t->snd_wnd = s->window << (s->flags & TCP_SYN ? 0 : t->snd_scale);
    t->max_wnd = t->snd_wnd;
    t->snd_wl1 = s->seq;
    t->snd_wl2 = s->ack;
    tcp_congestion_start(t);
    net->activity++;
    if (own != NULL) {
        own->connected = 1;
        tcp_keep_alive(net, t);
        return;
    }
    if (t->listener < 0)
        return;
    struct sock *l = &net->sock[t->listener];
    l->nhalf--;
    l->naccept++;
    t->next = NULL;
    if (l->accept_head == NULL)
        l->accept_head = t;
    else
        l->accept_tail->next = t;
    l->accept_tail = t;
}

/* The oldest half-open connection of a listener goes: bound of a SYN flood. */
static void drop_oldest_half(struct net *net, int listener)
{
    struct tcb *oldest = NULL;
    for (unsigned i = 0; i < NET_TCBS; i++) {
        struct tcb *t = &net->tcb[i];
        if (t->state == TCP_SYN_RECEIVED && t->listener == listener &&
            (oldest == NULL || (int32_t)(t->last_heard - oldest->last_heard) < 0))
            oldest = t;
    }
    if (oldest != NULL)
        tcp_drop(net, oldest, 0);
}

void tcp_passive(struct net *net, struct sock *l, const struct segment *s)
{
    int row = (int)(l - net->sock);
    if (l->naccept > l->backlog + l->backlog / 2u)
        return; /* it will come again; those begun may all end up in the queue */
    if (l->nhalf >= max32(2u * l->backlog, 16))
        drop_oldest_half(net, row);
    struct tcb *t = tcp_new(net, s->dst, s->dport, s->src, s->sport, l->port);
    if (t == NULL)
        return;
    t->state = TCP_SYN_RECEIVED;
    t->passive = true;
    t->listener = (int16_t)row;
    l->nhalf++;
    t->irs = s->seq;
    t->rcv_nxt = t->rcv_adv = s->seq + 1;
    t->rcv_max = tcp_fair(net, l->rcvbuf);
    t->mss = min32(max32(s->mss != 0 ? s->mss : TCP_MSS_DEFAULT, TCP_MSS_MIN), TCP_MSS);
    t->use_scale = s->has_scale;
    t->snd_scale = (uint8_t)s->scale;
    t->rcv_scale = s->has_scale ? TCP_SCALE : 0;
    t->use_time = s->has_time;
    t->ts_recent = s->time;
    t->snd_wnd = s->window;
    tcp_send_syn(net, t);
}

void tcp_time_wait(struct net *net, struct tcb *t)
{
    if (t->state != TCP_TIME_WAIT)
        net->time_waits++;
    t->state = TCP_TIME_WAIT;
    net->activity++;
    for (unsigned i = 0; i < TCP_TIMERS; i++)
        t->timer[i] = 0;
    tcp_timer_set(net, t, TIMER_LINGER, 2 * MSL);
}

void tcp_finish(struct net *net, struct tcb *t)
{
    if (t->fin)
        return;
    if (t->state == TCP_SYN_SENT || t->state == TCP_CLOSED) {
        return;
    } else if (t->state == TCP_ESTABLISHED || t->state == TCP_SYN_RECEIVED) {
        t->fin = true;
        if (t->state == TCP_ESTABLISHED)
            t->state = TCP_FIN_WAIT_1;
    } else if (t->state == TCP_CLOSE_WAIT) {
        t->fin = true;
        t->state = TCP_LAST_ACK;
    }
    tcp_output(net, t);
}

void tcp_abort(struct net *net, struct tcb *t, int error)
{
    if (t->state == TCP_SYN_RECEIVED ||
        (t->state >= TCP_ESTABLISHED && t->state != TCP_TIME_WAIT))
        tcp_send_reset(net, t);
    tcp_drop(net, t, error);
}

void tcp_close(struct net *net, struct tcb *t, bool reset)
{
    struct sock *s = tcp_sock(net, t);
    if (s != NULL)
        s->tcb = NULL;
    t->sock = -1;
    t->orphan = true;
    bool unread = t->rcv_bytes != 0 && !t->rcv_fin; /* RFC 2525 2.17 */
    if (t->state <= TCP_SYN_SENT) {
        tcp_drop(net, t, 0);
        return;
    }
    if (reset || unread) {
        tcp_abort(net, t, 0);
        return;
    }
    tcp_timer_stop(t, TIMER_KEEP_ALIVE);
    if (t->state == TCP_FIN_WAIT_2)
        tcp_timer_set(net, t, TIMER_LINGER, FIN_WAIT_MAX);
    tcp_finish(net, t);
}
