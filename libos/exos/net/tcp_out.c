// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tcp_out.c - TCP segments made and sent. When to send: RFC 9293 3.8.6.2.1 (silly windows), RFC 896
 * (Nagle; with Minshall's change, draft-minshall-nagle-01), RFC 5681 (congestion window), RFC 3042 (limited transmit).
 */
#include "tcp.h"

/* -- headers -- */

/* The window to advertise: its right edge never moves back, and forward only by a segment or half
 * of the buffer (RFC 9293 3.8.6.2.2). */
static uint32_t window(struct tcb *t)
{
    uint32_t space = t->rcv_max > t->rcv_bytes ? t->rcv_max - t->rcv_bytes : 0;
    uint32_t edge = t->rcv_nxt + space;
    if (SEQ_GT(edge, t->rcv_adv) && edge - t->rcv_adv >= min32(t->rcv_max / 2, t->mss))
        t->rcv_adv = edge;
    return SEQ_GT(t->rcv_adv, t->rcv_nxt) ? t->rcv_adv - t->rcv_nxt : 0;
}

static uint8_t *time_option(const struct net *net, const struct tcb *t, uint8_t *o,
                            bool syn)
{
    o[0] = o[1] = TCP_OPT_NOP;
    o[2] = TCP_OPT_TIME;
    o[3] = 10;
    put32(o + 4, net->now + t->ts_offset);
    put32(o + 8, syn && t->state == TCP_SYN_SENT ? 0 : t->ts_recent);
    return o + TCP_TIME_OPTION;
}

static uint8_t *options(const struct net *net, const struct tcb *t, uint8_t *o,
                        uint32_t flags)
{
    bool syn = flags & TCP_SYN;
    if (syn) {
        *o++ = TCP_OPT_MSS;
        *o++ = 4;
        put16(o, IP_IS_LOOPBACK(t->raddr) ? TCP_MSS : net->mtu - IP_HEADER - TCP_HEADER);
        o += 2;
        if (t->use_scale) {
            *o++ = TCP_OPT_NOP;
            *o++ = TCP_OPT_SCALE;
            *o++ = 3;
            *o++ = t->rcv_scale;
        }
    }
    return t->use_time && !(flags & TCP_RST) ? time_option(net, t, o, syn) : o;
}

static uint32_t payload_sum(const struct net_buf *b, uint32_t off, uint32_t len)
{
    if (off == b->off && len == b->len && b->sum != SUM_NONE)
        return b->sum;
    return sum_bytes(b->data + off, len);
}

/* One segment; off: from the start of the buffer's memory. false: no room to send it. */
static bool segment(struct net *net, struct tcb *t, uint32_t seq, uint32_t flags,
                    struct net_buf *b, uint32_t off, uint32_t len)
{
    struct net_tx *tx = tx_begin(net);
    if (tx == NULL) {
        t->starved = net->tx_starved = true;
        return false;
    }
    uint8_t *h = tx_header(net, tx) + HDR_TRANSPORT;
    uint32_t hlen = (uint32_t)(options(net, t, h + TCP_HEADER, flags) - h);
    uint32_t win = window(t) >> (flags & TCP_SYN ? 0 : t->rcv_scale);
    put16(h + TCP_SRC, t->lport);
    put16(h + TCP_DST, t->rport);
    put32(h + TCP_SEQ, seq);
    put32(h + TCP_ACK, flags & TCP_ACKF ? t->rcv_nxt : 0);
    h[TCP_OFFSET] = (uint8_t)(hlen << 2);
    h[TCP_FLAGS] = (uint8_t)flags;
    put16(h + TCP_WINDOW, min32(win, 65535));
    put32(h + TCP_SUM, 0);
    uint32_t sum = sum_pseudo(t->laddr, t->raddr, PROTO_TCP, hlen + len);
    sum += sum_bytes(h, hlen) + (len != 0 ? payload_sum(b, off, len) : 0);
    put16(h + TCP_SUM, ~sum_fold(sum));
    tx->hdr_len = (uint16_t)hlen;
    tx->payload = len != 0 ? b : NULL;
    tx->pay_off = (uint16_t)off;
    tx->pay_len = (uint16_t)len;
    if (ip_send(net, tx, PROTO_TCP, t->laddr, t->raddr, IP_DF) == -ENOBUFS)
        t->starved =
            true; /* too many wait for ARP's answer: it starts the others again */
    if (flags & TCP_ACKF) {
        t->ack_now = false;
        t->unacked = 0;
        t->last_ack_sent = t->rcv_nxt;
        tcp_timer_stop(t, TIMER_DELAYED_ACK);
    }
    return true;
}

/* -- segments without data -- */

/* From snd_max on: after a timeout snd_nxt may lie before what they have, and they would not look at
 * an acknowledgement from there. */
void tcp_send_ack(struct net *net, struct tcb *t)
{
    if (!segment(net, t, t->snd_max, TCP_ACKF, NULL, 0, 0))
        t->ack_now = true;
}

void tcp_challenge(struct net *net, struct tcb *t)
{
    if (net->now - t->challenge_time >= 1000) {
        t->challenge_time = net->now;
        t->challenges = 0;
    }
    if (t->challenges++ >= 10)
        return;
    net->stats.tcp_challenges++;
    tcp_send_ack(net, t);
}

void tcp_send_reset(struct net *net, struct tcb *t)
{
    segment(net, t, t->snd_max, TCP_RST | TCP_ACKF, NULL, 0, 0);
}

void tcp_reset_reply(struct net *net, const struct segment *s)
{
    struct net_tx *tx = s->flags & TCP_RST ? NULL : tx_begin(net);
    if (tx == NULL)
        return;
    uint8_t *h = tx_header(net, tx) + HDR_TRANSPORT;
    bool ack = s->flags & TCP_ACKF;
    uint32_t end = s->seq + s->len + !!(s->flags & TCP_SYN) + !!(s->flags & TCP_FIN);
    put16(h + TCP_SRC, s->dport);
    put16(h + TCP_DST, s->sport);
    put32(h + TCP_SEQ, ack ? s->ack : 0);
    put32(h + TCP_ACK, ack ? 0 : end);
    h[TCP_OFFSET] = TCP_HEADER << 2;
    h[TCP_FLAGS] = ack ? TCP_RST : TCP_RST | TCP_ACKF;
    put16(h + TCP_WINDOW, 0);
    put32(h + TCP_SUM, 0);
    uint32_t sum = sum_pseudo(s->dst, s->src, PROTO_TCP, TCP_HEADER);
    put16(h + TCP_SUM, ~sum_fold(sum + sum_bytes(h, TCP_HEADER)));
    tx->hdr_len = TCP_HEADER;
    ip_send(net, tx, PROTO_TCP, s->dst, s->src, IP_DF);
}

void tcp_send_syn(struct net *net, struct tcb *t)
{
    uint32_t flags = t->state == TCP_SYN_SENT ? TCP_SYN : TCP_SYN | TCP_ACKF;
    segment(net, t, t->iss, flags, NULL, 0, 0);
    t->snd_nxt = t->snd_max = t->iss + 1;
    if (!t->timing && t->backoff == 0) {
        t->timing = true;
        t->rtt_seq = t->iss;
        t->rtt_start = net->now;
    }
    if (t->timer[TIMER_RETRANSMIT] == 0)
        tcp_timer_set(net, t, TIMER_RETRANSMIT, t->rto);
}

/* -- data -- */

static bool fin_due(const struct tcb *t)
{
    return t->fin && (t->state == TCP_FIN_WAIT_1 || t->state == TCP_CLOSING ||
                      t->state == TCP_LAST_ACK);
}

/* What a segment was sent as: sequence numbers and timers. */
static void sent(struct net *net, struct tcb *t, uint32_t end)
{
    if (SEQ_GT(end, t->snd_max)) {
        if (!t->timing) {
            t->timing = true;
            t->rtt_seq = t->snd_max;
            t->rtt_start = net->now;
        }
        t->snd_max = end;
    }
    if (t->timer[TIMER_RETRANSMIT] == 0)
        tcp_timer_set(net, t, TIMER_RETRANSMIT, t->rto << min32(t->backoff, 8));
    tcp_timer_stop(t, TIMER_PERSIST);
}

/* With nothing on the way and a window too small, only the persist timer goes on. */
static void persist(struct net *net, struct tcb *t)
{
    if (t->snd_una != t->snd_nxt || t->timer[TIMER_PERSIST] != 0)
        return;
    t->backoff = 0;
    tcp_timer_stop(t, TIMER_RETRANSMIT);
    tcp_timer_set(net, t, TIMER_PERSIST, max32(t->rto, RTO_MIN));
}

/* How many of the n bytes of a segment may go now, 0: none. last: nothing is queued behind. */
static uint32_t allowed(struct net *net, struct tcb *t, uint32_t n, uint32_t off,
                        bool last)
{
    uint32_t cwnd = t->cwnd;
    if (!t->recovering && t->dupacks > 0 && t->dupacks < 3)
        cwnd += t->dupacks * t->mss;
    uint32_t wnd = min32(t->snd_wnd, cwnd), room = wnd > off ? wnd - off : 0;
    bool again = SEQ_LT(t->snd_nxt, t->snd_max);
    const struct sock *s = tcp_sock(net, t);
    if (n > room) {
        if (t->snd_wnd >= t->cwnd && t->snd_una != t->snd_nxt)
            return 0; /* acknowledgements will make room */
        if (room == 0 || (room < t->max_wnd / 2 && !again)) {
            persist(net, t);
            return 0;
        }
        return room;
    }
    if (n >= tcp_payload(t) || !last || again || fin_due(t) ||
        SEQ_LE(t->snd_small, t->snd_una) || (s != NULL && s->nodelay))
        return n;
    return 0; /* Nagle, as Minshall has it: one small segment at a time */
}

static bool send_data(struct net *net, struct tcb *t, uint32_t off)
{
    uint32_t at;
    struct net_buf *b = tcp_locate(t, t->snd_nxt, &at);
    uint32_t n = min32(b->len - at, tcp_payload(t));
    bool last = off + n == t->snd_bytes;
    uint32_t part = allowed(net, t, n, off, last);
    if (part == 0)
        return false;
    last = last && part == n;
    uint32_t flags = TCP_ACKF | (last || b->next == NULL ? TCP_PSH : 0);
    uint32_t fin = last && fin_due(t) ? TCP_FIN : 0;
    bool again = SEQ_LT(t->snd_nxt, t->snd_max);
    if (!segment(net, t, t->snd_nxt, flags | fin, b, b->off + at, part))
        return false;
    net->stats.tcp_retransmits += again;
    t->snd_nxt += part + (fin != 0);
    if (last && part < tcp_payload(t)) /* the rest of a buffer is none of Nagle's */
        t->snd_small = t->snd_nxt;
    sent(net, t, t->snd_nxt);
    return true;
}

/* The next segment, if there is one to send. */
static bool send_next(struct net *net, struct tcb *t)
{
    uint32_t off = t->snd_nxt - t->snd_una;
    if (off < t->snd_bytes)
        return send_data(net, t, off);
    if (!fin_due(t) || off != t->snd_bytes ||
        !segment(net, t, t->snd_nxt, TCP_FIN | TCP_ACKF, NULL, 0, 0))
        return false;
    t->snd_nxt++;
    sent(net, t, t->snd_nxt);
    return true;
}

static bool unsent(const struct tcb *t)
{
    return t->snd_nxt - t->snd_una < t->snd_bytes + fin_due(t);
}

static void send_queued(struct net *net, struct tcb *t)
{
    while (tx_room(net) > 4 && send_next(net, t))
        ;
    if (tx_room(net) > 4 || !unsent(t))
        return;
    tx_flush(net);
    while (tx_room(net) > 4 && send_next(net, t))
        ;
    if (tx_room(net) <= 4)
        t->starved = net->tx_starved = true;
}

void tcp_output(struct net *net, struct tcb *t)
{
    if (!tcp_synchronized(t) || t->state == TCP_TIME_WAIT) {
        if (t->ack_now && t->state == TCP_TIME_WAIT)
            tcp_send_ack(net, t);
        return;
    }
    if (net->tx_starved && unsent(t)) /* others came first: tcp_starved */
        t->starved = true;
    else
        send_queued(net, t);
    if (t->ack_now)
        tcp_send_ack(net, t);
}

void tcp_retransmit_one(struct net *net, struct tcb *t)
{
    uint32_t at;
    net->stats.tcp_retransmits++;
    t->timing = false;
    if (t->snd_bytes == 0) { /* only the FIN is out */
        if (fin_due(t))
            segment(net, t, t->snd_una, TCP_FIN | TCP_ACKF, NULL, 0, 0);
        return;
    }
    struct net_buf *b = tcp_locate(t, t->snd_una, &at);
    uint32_t n = min32(b->len - at, tcp_payload(t));
    n = min32(n, t->snd_max - t->snd_una);
    bool fin = n == t->snd_bytes && fin_due(t) && t->snd_max == t->snd_una + n + 1;
    segment(net, t, t->snd_una, TCP_ACKF | TCP_PSH | (fin ? TCP_FIN : 0), b, b->off + at,
            n);
}

/* Probe of a window that is closed, or too small for a segment: what fits, at least a byte, if there
 * is data; keep-alive: a byte they have. */
void tcp_probe(struct net *net, struct tcb *t, bool keep_alive)
{
    uint32_t at;
    if (keep_alive || t->snd_bytes == 0) {
        segment(net, t, t->snd_una - 1, TCP_ACKF, NULL, 0, 0);
        return;
    }
    struct net_buf *b = tcp_locate(t, t->snd_una, &at);
    uint32_t n = max32(min32(min32(b->len - at, tcp_payload(t)), t->snd_wnd), 1);
    if (!segment(net, t, t->snd_una, TCP_ACKF, b, b->off + at, n))
        return;
    if (SEQ_LT(t->snd_nxt, t->snd_una + n))
        t->snd_nxt = t->snd_una + n;
    if (SEQ_GT(t->snd_nxt, t->snd_max))
        t->snd_max = t->snd_nxt;
}
