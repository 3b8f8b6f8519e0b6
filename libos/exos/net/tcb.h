// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tcb.h - a TCP connection's state: the transmission control block of RFC 9293, congestion
 * control of RFC 5681 and 6582, timers of RFC 6298, options of RFC 7323.
 */
#ifndef EXOS_NET_TCB_H
#define EXOS_NET_TCB_H

#include <stdbool.h>
#include <stdint.h>

enum tcp_state {
    TCP_CLOSED = 0,
    TCP_SYN_SENT,
    TCP_SYN_RECEIVED,
    TCP_ESTABLISHED,
    TCP_FIN_WAIT_1,
    TCP_FIN_WAIT_2,
    TCP_CLOSE_WAIT,
    TCP_CLOSING,
    TCP_LAST_ACK,
    TCP_TIME_WAIT
};

/* Each with a deadline in ms; 0: not running. */
enum tcp_timer {
    TIMER_RETRANSMIT = 0,
    TIMER_PERSIST = 1,
    TIMER_DELAYED_ACK = 2,
    TIMER_KEEP_ALIVE = 3,
    TIMER_LINGER = 4, /* connect gives up; FIN_WAIT_2 of an orphan; TIME_WAIT */
    TCP_TIMERS = 5
};

struct net_buf;
struct tcb {
    struct tcb *hash_next;
    struct tcb *next; /* free list, or the listener's queue */
    uint32_t laddr, raddr;
    uint16_t lport, rport;
    uint8_t state;
    uint8_t snd_scale, rcv_scale;
    bool use_scale, use_time;
    bool fin;                     /* close or shutdown: FIN follows the data queued */
    bool fin_acked;               /* ours */
    bool rcv_fin;                 /* theirs came, in order */
    bool ack_now;                 /* an ACK has to go out */
    bool starved;                 /* wanted to send, transmit queue was full */
    bool recovering;              /* fast recovery */
    bool passive;                 /* came from a listener */
    bool timing;                  /* without timestamps: rtt_seq is being timed */
    bool orphan;                  /* no socket any more */
    bool probing;                 /* persist: send into the closed window */
    bool fin_known;               /* theirs will come at fin_seq */
    bool push;                    /* the application wants what is queued sent */
    int16_t sock, listener, port; /* indexes, -1 */
    int32_t error;                /* what ended it; positive errno */
    /* send */
    uint32_t iss, snd_una, snd_nxt, snd_max, snd_wnd, snd_wl1, snd_wl2, max_wnd;
    uint32_t snd_small; /* end of the last segment sent that was not full */
    uint32_t mss;       /* bytes of a segment we send, without options */
    uint32_t snd_bytes; /* queued: from snd_una, without SYN and FIN */
    struct net_buf *snd_head, *snd_tail;
    struct net_buf *snd_at; /* hint: the buffer that has byte snd_at_off... */
    uint32_t snd_at_seq;    /* ...and the sequence number of its first byte */
    /* receive */
    uint32_t irs, rcv_nxt, rcv_adv; /* rcv_adv: first byte never allowed so far */
    uint32_t rcv_bytes, rcv_max;    /* waiting to be read; room promised at most */
    struct net_buf *rcv_head, *rcv_tail;
    struct net_buf *ooo; /* out of order, by sequence number, no overlaps */
    uint32_t ooo_count, fin_seq;
    uint32_t unacked; /* bytes received since the last ACK */
    /* options */
    uint32_t ts_recent, ts_offset, last_ack_sent;
    /* congestion control */
    uint32_t cwnd, ssthresh, recover, dupacks;
    /* timers */
    uint32_t srtt, rttvar, rto; /* ms; srtt << 3, rttvar << 2 */
    uint32_t backoff, rtt_seq, rtt_start;
    uint32_t timer[TCP_TIMERS];
    uint32_t last_heard, keep_sent;
    uint32_t challenges, challenge_time;
};

#endif
