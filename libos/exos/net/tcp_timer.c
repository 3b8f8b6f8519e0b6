// SPDX-License-Identifier: GPL-2.0-or-later
/* tcp_timer.c - TCP's timers: retransmission (RFC 6298), persist, delayed ACK, keep-alive, the ends. */
#include "tcp.h"

void tcp_timer_set(struct net *net, struct tcb *t, enum tcp_timer which, uint32_t ms)
{
    t->timer[which] = (net->now + ms) | 1; /* never 0 */
    net_due(net, t->timer[which]);
}

void tcp_rtt(struct tcb *t, uint32_t ms)
{
    if (ms == 0)
        ms = 1;
    if (t->srtt == 0) {
        t->srtt = ms << 3;
        t->rttvar = ms << 1; /* half, times 4 */
    } else {
        int32_t delta = (int32_t)ms - (int32_t)(t->srtt >> 3);
        t->srtt = (uint32_t)((int32_t)t->srtt + delta);
        if (t->srtt == 0)
            t->srtt = 1;
        if (delta < 0)
            delta = -delta;
        t->rttvar = (uint32_t)((int32_t)t->rttvar + delta - (int32_t)(t->rttvar >> 2));
    }
    t->rto = min32(max32((t->srtt >> 3) + max32(t->rttvar, 10), RTO_MIN), RTO_MAX);
}

static void retransmit(struct net *net, struct tcb *t)
{
    bool opening = !tcp_synchronized(t);
    uint32_t tries = opening ? SYN_TRIES : t->orphan ? ORPHAN_TRIES : DATA_TRIES;
    if (t->backoff >= tries) {
        if (!opening)
            tcp_send_reset(net, t);
        tcp_drop(net, t, t->error != 0 ? t->error : ETIMEDOUT);
        return;
    }
    net->stats.tcp_timeouts++;
    if (!opening)
        tcp_congestion_timeout(t);
    if (++t->backoff >= 2)
        arp_suspect(net, ip_next_hop(net, t->raddr));
    t->timing = false;
    uint32_t wait = min32(t->rto << min32(t->backoff, 8), RTO_MAX);
    tcp_timer_set(net, t, TIMER_RETRANSMIT, wait);
    if (opening) {
        tcp_send_syn(net, t);
        return;
    }
    t->snd_nxt = t->snd_una;
    tcp_output(net, t);
    if (t->snd_nxt == t->snd_una) { /* the window does not let us: one segment anyway */
        tcp_retransmit_one(net, t);
        net->stats.tcp_retransmits--;
    }
}

static void persist(struct net *net, struct tcb *t)
{
    if (t->snd_bytes == 0 && !t->fin)
        return;
    if (t->orphan && t->backoff >= ORPHAN_TRIES) {
        tcp_abort(net, t, ETIMEDOUT);
        return;
    }
    t->backoff++;
    t->probing = true;
    tcp_probe(net, t, false);
    tcp_timer_set(net, t, TIMER_PERSIST,
                  min32(max32(t->rto, RTO_MIN) << min32(t->backoff, 8), RTO_MAX));
}

void tcp_keep_alive(struct net *net, struct tcb *t)
{
    const struct sock *s = tcp_sock(net, t);
    t->keep_sent = 0;
    if (s != NULL && s->keepalive)
        tcp_timer_set(net, t, TIMER_KEEP_ALIVE, s->idle * 1000);
    else
        tcp_timer_stop(t, TIMER_KEEP_ALIVE);
}

static void keep_alive(struct net *net, struct tcb *t)
{
    const struct sock *s = tcp_sock(net, t);
    if (s == NULL || !s->keepalive || !tcp_synchronized(t))
        return;
    uint32_t quiet = net->now - t->last_heard;
    if (quiet < s->idle * 1000) {
        t->keep_sent = 0;
        tcp_timer_set(net, t, TIMER_KEEP_ALIVE, s->idle * 1000 - quiet);
    } else if (t->keep_sent >= s->probes) {
        tcp_abort(net, t, ETIMEDOUT);
    } else {
        t->keep_sent++;
        tcp_probe(net, t, true);
        tcp_timer_set(net, t, TIMER_KEEP_ALIVE, s->interval * 1000);
    }
}

static void fire(struct net *net, struct tcb *t, enum tcp_timer which)
{
    t->timer[which] = 0;
    switch (which) {
    case TIMER_RETRANSMIT: retransmit(net, t); break;
    case TIMER_PERSIST: persist(net, t); break;
    case TIMER_DELAYED_ACK: tcp_send_ack(net, t); break;
    case TIMER_KEEP_ALIVE: keep_alive(net, t); break;
    default: tcp_drop(net, t, 0); break;
    }
}

void tcp_tick(struct net *net)
{
    if (net->tcbs == 0)
        return;
    for (unsigned i = 0; i < NET_TCBS; i++) {
        struct tcb *t = &net->tcb[i];
        for (unsigned k = 0; k < TCP_TIMERS && t->state != TCP_CLOSED; k++) {
            if (t->timer[k] == 0)
                continue;
            if (net_past(net, t->timer[k]))
                fire(net, t, (enum tcp_timer)k);
            else
                net_due(net, t->timer[k]);
        }
    }
}

/* In turn: the one after those served last comes first, else the first rows would get all there is. */
void tcp_starved(struct net *net)
{
    uint32_t first = net->starved_first;
    for (uint32_t i = 0; i < NET_TCBS; i++) {
        uint32_t row = (first + i) % NET_TCBS;
        struct tcb *t = &net->tcb[row];
        if (t->state == TCP_CLOSED || !t->starved)
            continue;
        if (net->tx_starved) { /* full again */
            net->starved_first = row;
            return;
        }
        t->starved = false;
        if (tcp_synchronized(t))
            tcp_output(net, t);
        else
            tcp_send_syn(net, t); /* not a second's wait for its timer */
    }
}
