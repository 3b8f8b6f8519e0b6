// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tcp_ack.c - acknowledgements and what they tell: what may be forgotten, the round-trip time
 * (RFC 6298, 7323), how much the network takes (RFC 5681, NewReno of RFC 6582).
 */
#include "tcp.h"

void tcp_congestion_start(struct tcb *t)
{
    t->cwnd = min32(10 * t->mss, max32(2 * t->mss, 14600)); /* RFC 6928 */
    t->ssthresh = 0x7fffffff;
}

void tcp_congestion_timeout(struct tcb *t)
{
    if (t->backoff == 0)
        t->ssthresh = max32((t->snd_max - t->snd_una) / 2, 2 * t->mss);
    t->cwnd = t->mss;
    t->recover = t->snd_max;
    t->recovering = false;
    t->dupacks = 0;
}

static void measure(struct net *net, struct tcb *t, const struct segment *s)
{
    if (t->use_time && s->has_time && s->echo != 0) {
        uint32_t rtt = net->now + 0u - (s->echo - t->ts_offset);
        if (rtt < RTO_MAX)
            tcp_rtt(t, rtt);
    } else if (t->timing && SEQ_GT(s->ack, t->rtt_seq)) {
        tcp_rtt(t, net->now - t->rtt_start);
    }
    if (SEQ_GT(s->ack, t->rtt_seq))
        t->timing = false;
}

/* An acknowledgement of new data outside recovery: slow start or avoidance. */
static void open_window(struct tcb *t, uint32_t acked)
{
    if (t->cwnd < t->ssthresh)
        t->cwnd += min32(acked, 2 * t->mss);
    else
        t->cwnd += max32(t->mss * t->mss / t->cwnd, 1);
    if (t->cwnd > 1u << 20)
        t->cwnd = 1u << 20;
}

/* In recovery: RFC 6582 3.2 step 3. */
static void recover(struct net *net, struct tcb *t, uint32_t acked, uint32_t ack)
{
    if (SEQ_GE(ack, t->recover)) {
        uint32_t flight = t->snd_max - ack;
        t->cwnd = min32(t->ssthresh, max32(flight, t->mss) + t->mss);
        t->recovering = false;
        t->dupacks = 0;
        return;
    }
    t->cwnd = t->cwnd > acked ? t->cwnd - acked : t->mss;
    if (acked >= t->mss)
        t->cwnd += t->mss;
    tcp_retransmit_one(net, t);
}

/* The same acknowledgement again, though there is data on the way. */
static void duplicate(struct net *net, struct tcb *t)
{
    t->dupacks++;
    if (t->recovering) {
        t->cwnd += t->mss;
    } else if (t->dupacks == 3 && SEQ_GT(t->snd_una, t->recover)) {
        t->ssthresh = max32((t->snd_max - t->snd_una) / 2, 2 * t->mss);
        t->recover = t->snd_max;
        t->recovering = true;
        t->cwnd = t->ssthresh + 3 * t->mss;
        net->stats.tcp_fast++;
        tcp_retransmit_one(net, t);
        tcp_timer_set(net, t, TIMER_RETRANSMIT, t->rto);
    }
}

static void advance(struct net *net, struct tcb *t, const struct segment *s)
{
    uint32_t acked = s->ack - t->snd_una, data = min32(acked, t->snd_bytes);
    bool full = t->snd_bytes != 0;
    measure(net, t, s);
    t->backoff = 0;
    tcp_acked(net, t, data);
    if (acked > data && t->fin)
        t->fin_acked = true;
    bool was = t->recovering;
    t->snd_una = s->ack;
    if (SEQ_LT(t->snd_nxt, t->snd_una))
        t->snd_nxt = t->snd_una;
    if (was)
        recover(net, t, acked, s->ack);
    else {
        t->dupacks = 0;
        open_window(t, acked);
    }
    if (t->snd_una == t->snd_max)
        tcp_timer_stop(t, TIMER_RETRANSMIT);
    else
        tcp_timer_set(net, t, TIMER_RETRANSMIT, t->rto);
    if (full)
        net->activity++;
}

bool tcp_ack(struct net *net, struct tcb *t, const struct segment *s)
{
    if (SEQ_GT(s->ack, t->snd_max) || SEQ_LT(s->ack, t->snd_una - t->max_wnd)) {
        tcp_challenge(net, t); /* RFC 5961 5.2 */
        return false;
    }
    uint32_t wnd = s->window << t->snd_scale;
    if (SEQ_GT(s->ack, t->snd_una))
        advance(net, t, s);
    else if (s->ack == t->snd_una && s->len == 0 && wnd == t->snd_wnd &&
             !(s->flags & TCP_FIN) && t->snd_una != t->snd_max && !t->probing)
        duplicate(net, t);
    if (SEQ_GE(s->ack, t->snd_una) &&
        (SEQ_LT(t->snd_wl1, s->seq) ||
         (t->snd_wl1 == s->seq && SEQ_LE(t->snd_wl2, s->ack)))) {
        t->snd_wnd = wnd;
        t->max_wnd = max32(t->max_wnd, wnd);
        t->snd_wl1 = s->seq;
        t->snd_wl2 = s->ack;
        if (wnd != 0) {
            tcp_timer_stop(t, TIMER_PERSIST);
            if (t->probing) { /* what the probes sent counts as never sent */
                t->probing = false;
                t->backoff = 0;
                t->snd_nxt = t->snd_una;
            }
        }
    }
    return true;
}
