// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tcp_in.c - TCP segments that come in: RFC 9293 3.10.7 in its order, with the checks of RFC 5961 (blind
 * attacks) and RFC 7323 (old duplicates).
 */
#include "tcp.h"

static void option(struct segment *s, uint32_t kind, const uint8_t *v, uint32_t n)
{
    if (kind == TCP_OPT_MSS && n == 2 && s->flags & TCP_SYN) {
        s->mss = get16(v);
    } else if (kind == TCP_OPT_SCALE && n == 1 && s->flags & TCP_SYN) {
        s->has_scale = true;
        s->scale = min32(v[0], 14);
    } else if (kind == TCP_OPT_TIME && n == 8) {
        s->has_time = true;
        s->time = get32(v);
        s->echo = get32(v + 4);
    }
}

/* Options that do not fit end the list. */
static void options(struct segment *s, const uint8_t *o, uint32_t n)
{
    /* the usual: NOP NOP timestamp */
    for (uint32_t i = 0; i < n && o[i] != TCP_OPT_END;) {
        if (o[i] == TCP_OPT_NOP) {
            i++;
            continue;
        }
        if (i + 1 >= n || o[i + 1] < 2 || i + o[i + 1] > n)
            return;
        option(s, o[i], o + i + 2, o[i + 1] - 2u);
        i += o[i + 1];
    }
}

static bool parse(struct net *net, const struct packet *p, struct segment *s)
{
    const uint8_t *h = p->payload;
    uint32_t hlen = p->length >= TCP_HEADER ? (uint32_t)(h[TCP_OFFSET] >> 4) * 4 : 0;
    if (hlen < TCP_HEADER || hlen > p->length) {
        net->stats.rx_bad++;
        return false;
    }
    uint32_t sum = sum_pseudo(p->src, p->dst, PROTO_TCP, p->length);
    if (sum_fold(sum + sum_bytes(h, p->length)) != 0xffff) {
        net->stats.rx_bad_sum++;
        return false;
    }
    *s = (struct segment){.src = p->src,
                          .dst = p->dst,
                          .sport = get16(h + TCP_SRC),
                          .dport = get16(h + TCP_DST),
                          .seq = get32(h + TCP_SEQ),
                          .ack = get32(h + TCP_ACK),
                          .flags = h[TCP_FLAGS],
                          .window = get16(h + TCP_WINDOW),
                          .data = h + hlen,
                          .len = p->length - hlen};
    options(s, h + TCP_HEADER, hlen - TCP_HEADER);
    return true;
}

/* No connection: a listener, or a reset. */
static void unconnected(struct net *net, const struct segment *s)
{
    const struct port *port = port_find(net, PROTO_TCP, s->dport);
    struct sock *l = port != NULL && port->owner >= 0 ? &net->sock[port->owner] : NULL;
    bool ours = l != NULL && l->listening && (l->laddr == 0 || l->laddr == s->dst);
    if (ours && (s->flags & (TCP_SYN | TCP_ACKF | TCP_RST)) == TCP_SYN)
        tcp_passive(net, l, s);
    else if (!(s->flags & TCP_RST))
        tcp_reset_reply(net, s);
}

/* What their SYN says. */
static void take_syn(struct tcb *t, const struct segment *s)
{
    t->irs = s->seq;
    t->rcv_nxt = t->rcv_adv = s->seq + 1;
    t->mss = min32(max32(s->mss != 0 ? s->mss : TCP_MSS_DEFAULT, TCP_MSS_MIN), TCP_MSS);
    t->use_scale = s->has_scale;
    t->snd_scale = s->has_scale ? (uint8_t)s->scale : 0;
    t->rcv_scale = s->has_scale ? t->rcv_scale : 0;
    t->use_time = t->use_time && s->has_time;
    t->ts_recent = s->time;
}

static void syn_sent(struct net *net, struct tcb *t, const struct segment *s)
{
    bool ack = s->flags & TCP_ACKF;
    if (ack && s->ack != t->iss + 1) {
        tcp_reset_reply(net, s);
        return;
    }
    if (s->flags & TCP_RST) {
        if (ack)
            tcp_drop(net, t, ECONNREFUSED);
        return;
    }
    if (!(s->flags & TCP_SYN))
        return;
    take_syn(t, s);
    if (!ack) { /* simultaneous open */
        t->state = TCP_SYN_RECEIVED;
        tcp_send_syn(net, t);
        return;
    }
    if (t->timing && t->backoff == 0)
        tcp_rtt(t, net->now - t->rtt_start);
    t->timing = false;
    t->snd_una = s->ack;
    tcp_established(net, t, s);
    t->ack_now = true;
    tcp_output(net, t);
}

/* RFC 7323 5.3: an old duplicate by its timestamp? */
static bool too_old(const struct tcb *t, const struct segment *s)
{
    return t->use_time && s->has_time && !(s->flags & TCP_RST) &&
           (int32_t)(s->time - t->ts_recent) < 0;
}

/* Cut what lies outside the window. false: nothing of it is inside. */
static bool trim(struct tcb *t, struct segment *s)
{
    uint32_t wnd = t->rcv_adv - t->rcv_nxt;
    if (SEQ_LT(s->seq, t->rcv_nxt)) {
        uint32_t old = t->rcv_nxt - s->seq;
        if (s->flags & TCP_SYN) {
            s->flags &= ~(uint32_t)TCP_SYN;
            s->seq++;
            old--;
        }
        if (old > s->len || (old == s->len && !(s->flags & TCP_FIN) && old != 0))
            return false;
        s->seq += old;
        s->data += old;
        s->len -= old;
    }
    uint32_t off = s->seq - t->rcv_nxt;
    if (off > wnd || (off == wnd && off != 0 && s->len + (s->flags & TCP_FIN) != 0))
        return false;
    if (off + s->len > wnd) {
        t->ack_now = true;
        s->len = wnd - off;
        s->flags &= ~(uint32_t)TCP_FIN;
    }
    return true;
}

static void reset(struct net *net, struct tcb *t, const struct segment *s)
{
    if (s->seq != t->rcv_nxt) { /* RFC 5961 3.2 */
        if (s->seq - t->rcv_nxt < t->rcv_adv - t->rcv_nxt)
            tcp_challenge(net, t);
        return;
    }
    if (t->state == TCP_SYN_RECEIVED)
        tcp_drop(net, t, t->passive ? 0 : ECONNREFUSED);
    else if (t->state == TCP_TIME_WAIT || t->state == TCP_LAST_ACK)
        tcp_drop(net, t, 0);
    else
        tcp_drop(net, t, ECONNRESET);
}

/* Our SYN is acknowledged? false: the connection, or the segment, is gone. */
static bool syn_received(struct net *net, struct tcb *t, const struct segment *s)
{
    if (SEQ_LE(s->ack, t->iss) || SEQ_GT(s->ack, t->snd_max)) {
        tcp_reset_reply(net, s);
        return false;
    }
    if (t->timing && t->backoff == 0)
        tcp_rtt(t, net->now - t->rtt_start);
    t->timing = false;
    t->snd_una = t->iss + 1;
    tcp_established(net, t, s);
    if (t->fin)
        t->state = TCP_FIN_WAIT_1;
    return true;
}

/* Our FIN is acknowledged: where to. false: the connection is gone. */
static bool fin_acked(struct net *net, struct tcb *t)
{
    if (t->state == TCP_FIN_WAIT_1) {
        t->state = TCP_FIN_WAIT_2;
        if (t->orphan)
            tcp_timer_set(net, t, TIMER_LINGER, FIN_WAIT_MAX);
    } else if (t->state == TCP_CLOSING) {
        tcp_time_wait(net, t);
    } else if (t->state == TCP_LAST_ACK) {
        tcp_drop(net, t, 0);
        return false;
    }
    return true;
}

static void take_fin(struct net *net, struct tcb *t)
{
    t->rcv_nxt++;
    t->rcv_fin = true;
    t->ack_now = true;
    net->activity++;
    if (t->state == TCP_ESTABLISHED) {
        t->state = TCP_CLOSE_WAIT;
    } else if (t->state == TCP_FIN_WAIT_1) {
        t->state = TCP_CLOSING;
    } else if (t->state == TCP_FIN_WAIT_2) {
        tcp_time_wait(net, t);
        t->ack_now = true;
    }
}

/* Data and FIN. false: the connection is gone. */
static bool text(struct net *net, struct tcb *t, const struct segment *s)
{
    bool open = t->state == TCP_ESTABLISHED || t->state == TCP_FIN_WAIT_1 ||
                t->state == TCP_FIN_WAIT_2;
    if (!open || t->rcv_fin) {
        if (s->len != 0 || s->flags & TCP_FIN)
            t->ack_now = true;
        return true;
    }
    if (s->len != 0 && t->orphan) { /* nobody will read it: RFC 9293 3.6.1 */
        tcp_abort(net, t, 0);
        return false;
    }
    if (s->flags & TCP_FIN) {
        t->fin_known = true;
        t->fin_seq = s->seq + s->len;
    }
    const struct sock *own = tcp_sock(net, t);
    if (s->len != 0 && own != NULL && own->rd_shut) {
        if (s->seq == t->rcv_nxt)
            t->rcv_nxt += s->len; /* thrown away */
        t->ack_now = true;
    } else if (s->len != 0) {
        tcp_receive(net, t, s->seq, s->data, s->len);
    }
    if (t->fin_known && t->rcv_nxt == t->fin_seq)
        take_fin(net, t);
    return true;
}

static void synchronized(struct net *net, struct tcb *t, struct segment *s)
{
    if (too_old(t, s)) {
        tcp_challenge(net, t);
        return;
    }
    bool syn_again =
        t->state == TCP_SYN_RECEIVED && s->flags & TCP_SYN && s->seq == t->irs;
    if (syn_again && !(s->flags & TCP_ACKF)) {
        tcp_send_syn(net, t);
        return;
    }
    if (s->flags & TCP_RST) {
        reset(net, t, s);
        return;
    }
    if (s->flags & TCP_SYN && !syn_again) {
        tcp_challenge(net, t); /* RFC 5961 4.2 */
        return;
    }
    bool empty = s->len == 0 && !(s->flags & TCP_FIN);
    if (!trim(t, s)) {
        if (empty) { /* rationed: else two that disagree would answer each other for ever */
            tcp_challenge(net, t);
            return;
        }
        t->ack_now = true;
        tcp_output(net, t);
        return;
    }
    if (!(s->flags & TCP_ACKF))
        return;
    if (t->use_time && s->has_time && SEQ_LE(s->seq, t->last_ack_sent))
        t->ts_recent = s->time;
    if (t->state == TCP_SYN_RECEIVED && !syn_received(net, t, s))
        return;
    if (!tcp_ack(net, t, s))
        return;
    if (t->fin_acked && !fin_acked(net, t))
        return;
    if (text(net, t, s))
        tcp_output(net, t);
}

/* May this SYN open anew what is in TIME_WAIT? RFC 9293 3.10.7.4, RFC 6191. */
static bool reopens(const struct tcb *t, const struct segment *s)
{
    if (t->state != TCP_TIME_WAIT ||
        (s->flags & (TCP_SYN | TCP_ACKF | TCP_RST)) != TCP_SYN)
        return false;
    if (t->use_time && s->has_time)
        return SEQ_GT(s->time, t->ts_recent) ||
               (s->time == t->ts_recent && SEQ_GT(s->seq, t->rcv_nxt));
    return SEQ_GT(s->seq, t->rcv_nxt);
}

void tcp_input(struct net *net, const struct packet *p)
{
    struct segment s;
    if (p->broadcast || IP_IS_MULTICAST(p->dst) || !parse(net, p, &s))
        return;
    struct tcb *t = tcp_find(net, &s);
    if (t != NULL && reopens(t, &s)) {
        tcp_drop(net, t, 0);
        t = tcp_find(net, &s);
    }
    if (t == NULL) {
        unconnected(net, &s);
        return;
    }
    t->last_heard = net->now;
    if (t->state == TCP_SYN_SENT)
        syn_sent(net, t, &s);
    else
        synchronized(net, t, &s);
}

void tcp_error(struct net *net, uint32_t dst, uint32_t sport, uint32_t dport,
               uint32_t seq, int error, uint32_t mtu)
{
    struct segment key = {.src = dst, .sport = (uint16_t)dport, .dport = (uint16_t)sport};
    key.dst = ip_source(net, dst);
    struct tcb *t = tcp_find(net, &key);
    if (t == NULL || SEQ_LT(seq, t->snd_una) || SEQ_GE(seq, t->snd_max))
        return;
    if (mtu != 0) { /* RFC 1191 */
        uint32_t mss = max32(mtu, 68) - IP_HEADER - TCP_HEADER;
        if (mss >= t->mss || mss < TCP_MSS_MIN / 2)
            return;
        t->mss = max32(mss, TCP_MSS_MIN);
        t->snd_nxt = t->snd_una;
        tcp_output(net, t);
    } else if (t->state == TCP_SYN_SENT) {
        tcp_drop(net, t, error);
    } else {
        t->error = error; /* soft: told if it ends in a timeout */
    }
}
