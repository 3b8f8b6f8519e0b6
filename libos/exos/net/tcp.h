// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tcp.h - between the parts of TCP:
 *   tcp.c        connections: made, found, ended
 *   tcp_in.c     segments: RFC 9293 3.10.7 in its order
 *   tcp_ack.c    acknowledgements, congestion control, round-trip time
 *   tcp_data.c   queues of both directions, out-of-order data
 *   tcp_out.c    segments made and sent
 *   tcp_timer.c  timers
 */
#ifndef EXOS_TCP_H
#define EXOS_TCP_H

#include "sock_core.h"

#define SEQ_LT(a, b) ((int32_t)((a) - (b)) < 0)
#define SEQ_LE(a, b) ((int32_t)((a) - (b)) <= 0)
#define SEQ_GT(a, b) SEQ_LT(b, a)
#define SEQ_GE(a, b) SEQ_LE(b, a)

#define TCP_MSS (NET_MTU - IP_HEADER - TCP_HEADER)
#define TCP_MSS_DEFAULT 536u /* RFC 9293: nothing was said */
#define TCP_MSS_MIN 64u
#define TCP_TIME_OPTION 12u /* with padding */
#define TCP_SCALE 3u

/* ms */
#define RTO_FIRST 1000u
#define RTO_MIN 200u
#define RTO_MAX 60000u
#define DELAYED_ACK 40u
#define MSL 30000u
#define FIN_WAIT_MAX 60000u
#define SYN_TRIES 6u
#define DATA_TRIES 12u
#define ORPHAN_TRIES 8u

struct segment {
    uint32_t src, dst;
    uint16_t sport, dport;
    uint32_t seq, ack, window, flags;
    const uint8_t *data;
    uint32_t len; /* of data; FIN and SYN are flags */
    uint32_t mss, scale;
    bool has_scale, has_time;
    uint32_t time, echo;
};

static inline bool tcp_synchronized(const struct tcb *t)
{
    return t->state >= TCP_ESTABLISHED;
}

/* tcp.c */
struct tcb *tcp_find(const struct net *net, const struct segment *s);
struct tcb *tcp_new(struct net *net, uint32_t laddr, uint32_t lport, uint32_t raddr,
                    uint32_t rport, int port);
/* The connection is over and forgotten; error: for its socket. */
void tcp_drop(struct net *net, struct tcb *t, int error);
void tcp_established(struct net *net, struct tcb *t, const struct segment *s);
void tcp_time_wait(struct net *net, struct tcb *t);
struct sock *tcp_sock(struct net *net, const struct tcb *t);
void tcp_passive(struct net *net, struct sock *listener, const struct segment *s);

/* tcp_ack.c: false: the segment is to be dropped */
bool tcp_ack(struct net *net, struct tcb *t, const struct segment *s);
void tcp_congestion_start(struct tcb *t);
void tcp_congestion_timeout(struct tcb *t);

/* tcp_data.c */
void tcp_acked(struct net *net, struct tcb *t, uint32_t bytes);
struct net_buf *tcp_locate(struct tcb *t, uint32_t seq, uint32_t *off);
void tcp_receive(struct net *net, struct tcb *t, uint32_t seq, const uint8_t *data,
                 uint32_t n);
void tcp_discard_queues(struct net *net, struct tcb *t);
uint32_t tcp_fair(const struct net *net, uint32_t want);

/* tcp_out.c */
void tcp_reset_reply(struct net *net, const struct segment *s);
void tcp_send_reset(struct net *net, struct tcb *t);
void tcp_send_ack(struct net *net, struct tcb *t);
void tcp_send_syn(struct net *net, struct tcb *t);
void tcp_probe(struct net *net, struct tcb *t, bool keep_alive);
void tcp_retransmit_one(struct net *net, struct tcb *t);
void tcp_challenge(struct net *net, struct tcb *t);

/* tcp_timer.c */
void tcp_timer_set(struct net *net, struct tcb *t, enum tcp_timer which, uint32_t ms);
static inline void tcp_timer_stop(struct tcb *t, enum tcp_timer which)
{
    t->timer[which] = 0;
}
void tcp_rtt(struct tcb *t, uint32_t ms);

#endif
