// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tcp_data.c - TCP's queues. Sent data lies in buffers of one segment each, with its checksum, from
 * write to acknowledgement; received data in buffers filled up, until it is read. Data out of
 * order waits in a bounded list.
 */
#include "tcp.h"

/* How much of the pool one connection may fill, at most `want` bytes. */
uint32_t tcp_fair(const struct net *net, uint32_t want)
{
    uint32_t live = net->tcbs - net->time_waits;
    uint32_t share = net->nbufs * (NET_BUF / 4) / (live / 2 + 1);
    return min32(want, max32(share, 8192));
}

uint32_t tcp_payload(const struct tcb *t)
{
    return t->mss - (t->use_time ? TCP_TIME_OPTION : 0);
}

/* -- sending -- */

uint32_t tcp_room(const struct net *net, const struct tcb *t, uint32_t max)
{
    uint32_t limit = tcp_fair(net, max);
    if (t->snd_bytes >= limit || net->free_bufs <= net->nbufs / 4)
        return 0;
    return limit - t->snd_bytes;
}

/* Into the last buffer, behind what is there. */
static uint32_t fill_tail(struct tcb *t, const uint8_t *from, uint32_t n)
{
    struct net_buf *b = t->snd_tail;
    uint32_t payload = tcp_payload(t);
    if (b == NULL || b->len >= payload || b->off + b->len >= NET_BUF)
        return 0;
    n = min32(n, min32(payload - b->len, NET_BUF - b->off - b->len));
    uint32_t sum = sum_copy(b->data + b->off + b->len, from, n);
    if (b->sum != SUM_NONE)
        b->sum = sum_append(b->sum, b->len, sum);
    b->len = (uint16_t)(b->len + n);
    return n;
}

void tcp_append(struct net *net, struct tcb *t, struct net_buf *chain)
{
    (void)net;
    if (t->snd_tail != NULL)
        t->snd_tail->next = chain;
    else
        t->snd_head = chain;
    for (struct net_buf *b = chain; b != NULL; b = b->next) {
        t->snd_bytes += b->len;
        t->snd_tail = b;
    }
}

int tcp_write(struct net *net, struct tcb *t, const void *data, size_t n, uint32_t max)
{
    const uint8_t *from = data;
    uint32_t room = tcp_room(net, t, max), done = 0;
    uint32_t want = n < room ? (uint32_t)n : room;
    while (done < want) {
        uint32_t part = fill_tail(t, from + done, want - done);
        t->snd_bytes += part;
        if (part == 0) {
            struct net_buf *b = buf_get(net, BUF_SEND);
            if (b == NULL)
                break;
            part = min32(want - done, tcp_payload(t));
            b->sum = sum_copy(b->data, from + done, part);
            b->len = (uint16_t)part;
            tcp_append(net, t, b);
        }
        done += part;
    }
    net->stats.copied_out += done;
    return done > 0 ? (int)done : -EAGAIN;
}

void tcp_acked(struct net *net, struct tcb *t, uint32_t bytes)
{
    t->snd_bytes -= bytes;
    while (bytes > 0) {
        struct net_buf *b = t->snd_head;
        if (b->len > bytes) {
            b->off = (uint16_t)(b->off + bytes);
            b->len = (uint16_t)(b->len - bytes);
            b->sum = SUM_NONE;
            if (t->snd_at == b)
                t->snd_at_seq += bytes;
            return;
        }
        bytes -= b->len;
        if (t->snd_at == b)
            t->snd_at = NULL;
        t->snd_head = b->next;
        if (t->snd_head == NULL)
            t->snd_tail = NULL;
        buf_put(net, b);
    }
}

struct net_buf *tcp_locate(struct tcb *t, uint32_t seq, uint32_t *off)
{
    struct net_buf *b = t->snd_at;
    uint32_t at = t->snd_at_seq;
    if (b == NULL || SEQ_LT(seq, at)) {
        b = t->snd_head;
        at = t->snd_una;
    }
    while (b != NULL && seq - at >= b->len) {
        at += b->len;
        b = b->next;
    }
    t->snd_at = b;
    t->snd_at_seq = at;
    *off = seq - at;
    return b;
}

/* -- receiving -- */

/* In order: behind what is there. false: no buffer. */
static bool append(struct net *net, struct tcb *t, const uint8_t *data, uint32_t n)
{
    while (n > 0) {
        struct net_buf *b = t->rcv_tail;
        if (b == NULL || b->off + b->len == NET_BUF) {
            b = buf_get(net, BUF_RECEIVE);
            if (b == NULL)
                return false;
            if (t->rcv_tail != NULL)
                t->rcv_tail->next = b;
            else
                t->rcv_head = b;
            t->rcv_tail = b;
        }
        uint32_t part = min32(n, NET_BUF - b->off - b->len);
        memcpy(b->data + b->off + b->len, data, part);
        net->stats.copied_in += part;
        b->len = (uint16_t)(b->len + part);
        t->rcv_bytes += part;
        t->rcv_nxt += part;
        data += part;
        n -= part;
    }
    return true;
}

/* Out-of-order data that is in order now. */
static void pull(struct net *net, struct tcb *t)
{
    while (t->ooo != NULL && SEQ_LE(t->ooo->seq, t->rcv_nxt)) {
        struct net_buf *b = t->ooo;
        uint32_t skip = t->rcv_nxt - b->seq;
        if (skip < b->len && !append(net, t, b->data + skip, b->len - skip))
            return;
        t->ooo = b->next;
        t->ooo_count--;
        buf_put(net, b);
    }
}

/* One piece that overlaps nothing, before *link. */
static bool keep(struct net *net, struct tcb *t, struct net_buf **link, uint32_t seq,
                 const uint8_t *data, uint32_t n)
{
    if (n > NET_BUF || t->ooo_count >= t->rcv_max / 1024 + 8)
        return false;
    struct net_buf *b = buf_get(net, BUF_RECEIVE);
    if (b == NULL)
        return false;
    memcpy(b->data, data, n);
    net->stats.copied_in += n;
    b->len = (uint16_t)n;
    b->seq = seq;
    b->next = *link;
    *link = b;
    t->ooo_count++;
    return true;
}

static void out_of_order(struct net *net, struct tcb *t, uint32_t seq,
                         const uint8_t *data, uint32_t n)
{
    struct net_buf **link = &t->ooo;
    net->stats.tcp_out_of_order++;
    while (n > 0) {
        struct net_buf *b = *link;
        uint32_t part = n;
        if (b != NULL && SEQ_LE(b->seq + b->len, seq)) {
            link = &b->next;
            continue;
        }
        if (b != NULL && SEQ_LE(b->seq, seq)) {
            part = min32(n, b->seq + b->len - seq); /* have that */
        } else {
            if (b != NULL)
                part = min32(n, b->seq - seq);
            if (!keep(net, t, link, seq, data, part))
                return;
        }
        seq += part;
        data += part;
        n -= part;
    }
}

void tcp_receive(struct net *net, struct tcb *t, uint32_t seq, const uint8_t *data,
                 uint32_t n)
{
    if (seq != t->rcv_nxt) {
        out_of_order(net, t, seq, data, n);
        t->ack_now = true;
        return;
    }
    uint32_t before = t->rcv_bytes;
    if (!append(net, t, data, n)) {
        net->stats.rx_no_buffer++;
        t->ack_now = true;
    }
    if (t->ooo != NULL) {
        pull(net, t);
        t->ack_now = true; /* a hole was filled: RFC 5681 4.2 */
    }
    t->unacked += n;
    if (t->unacked >= 2 * tcp_payload(t))
        t->ack_now = true;
    else if (!t->ack_now && t->timer[TIMER_DELAYED_ACK] == 0)
        tcp_timer_set(net, t, TIMER_DELAYED_ACK, DELAYED_ACK);
    if (t->rcv_bytes != before)
        net->activity++;
}

/* Tell the other side of room when there is much more of it. */
static void window_update(struct net *net, struct tcb *t)
{
    uint32_t edge =
        t->rcv_nxt + (t->rcv_max > t->rcv_bytes ? t->rcv_max - t->rcv_bytes : 0);
    uint32_t more = edge - t->rcv_adv;
    if (SEQ_LE(edge, t->rcv_adv) || t->rcv_fin || !tcp_synchronized(t))
        return;
    if (more >= 2 * t->mss || more >= t->rcv_max / 2)
        tcp_send_ack(net, t);
}

int tcp_read(struct net *net, struct tcb *t, void *data, size_t n, bool peek)
{
    uint8_t *to = data;
    size_t done = 0;
    struct net_buf *b = t->rcv_head;
    while (done < n && b != NULL) {
        struct net_buf *next = b->next;
        uint32_t part = n - done < b->len ? (uint32_t)(n - done) : b->len;
        memcpy(to + done, b->data + b->off, part);
        done += part;
        if (!peek) {
            b->off = (uint16_t)(b->off + part);
            b->len = (uint16_t)(b->len - part);
            if (b->len == 0) {
                t->rcv_head = next;
                if (next == NULL)
                    t->rcv_tail = NULL;
                buf_put(net, b);
            }
        }
        b = next;
    }
    net->stats.copied_in += (uint32_t)done;
    if (!peek && done > 0) {
        t->rcv_bytes -= (uint32_t)done;
        window_update(net, t);
    }
    return (int)done;
}

void tcp_discard_queues(struct net *net, struct tcb *t)
{
    buf_put_chain(net, t->snd_head);
    buf_put_chain(net, t->rcv_head);
    buf_put_chain(net, t->ooo);
    t->snd_head = t->snd_tail = t->snd_at = t->rcv_head = t->rcv_tail = t->ooo = NULL;
    t->snd_bytes = t->rcv_bytes = t->ooo_count = 0;
}
