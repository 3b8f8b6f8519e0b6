// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sock_core.h - sockets as the stack sees them: rows of struct net's table, operations that never
 * wait. POSIX's calls (libos/exos/sock) are made of these and of waiting. Results are 0 or more,
 * or a negative errno; -EAGAIN: not now, look again when net->activity changes.
 */
#ifndef EXOS_SOCK_CORE_H
#define EXOS_SOCK_CORE_H

#include "net_priv.h"

struct sock_addr {
    uint32_t ip;
    uint16_t port;
};

/* New socket: its row. */
int so_new(struct net *net, enum sock_type type, bool raw);
/* Two LOCAL sockets that talk to each other. */
int so_pair(struct net *net, int rows[2]);
int so_bind(struct net *net, int row, const struct sock_addr *a);
/* TCP: starts; 0, -EINPROGRESS, then -EALREADY until so_connected. */
int so_connect(struct net *net, int row, const struct sock_addr *a);
/* 1 connected, 0 not yet, or why not (negative errno). */
int so_connected(struct net *net, int row);
int so_listen(struct net *net, int row, int backlog);
/* Row of the socket of a new connection. */
int so_accept(struct net *net, int row);
/* to NULL: the peer. More bytes than fit now: how many did. */
int so_send(struct net *net, int row, const void *data, size_t n,
            const struct sock_addr *to);
#define SOCK_PEEK 1u
#define SOCK_TRUNC 2u /* datagram: result is its real length */
int so_receive(struct net *net, int row, void *data, size_t n, unsigned flags,
               struct sock_addr *from);
#define SHUT_READ 1u
#define SHUT_WRITE 2u
int so_shutdown(struct net *net, int row, unsigned how);
/* Nobody has it open any more. */
void so_close(struct net *net, int row);
#define READY_IN 1u
#define READY_OUT 2u
#define READY_HANGUP 4u
#define READY_ERROR 8u
#define READY_RDHUP 16u
unsigned so_ready(struct net *net, int row);
/* And forget it. */
int so_error(struct net *net, int row);
struct sock_addr so_local(const struct net *net, int row);
/* false: not connected */
bool so_peer(const struct net *net, int row, struct sock_addr *a);
/* Connections without a socket that still have data or a FIN to bring over. */
bool so_unfinished(const struct net *net);
/* TCP, connected: buffers for up to n bytes to be filled by the caller and given to
 * so_give, with the lock dropped between; data, len of each say where and how much. NULL and
 * *error if there is no room now. */
struct net_buf *so_reserve(struct net *net, int row, size_t n, int *error);
int so_give(struct net *net, int row, struct net_buf *chain);

/* -- from the transports -- */
void so_datagram(struct net *net, struct sock *s, uint32_t ip, uint32_t port,
                 const uint8_t *header, uint32_t header_len, const uint8_t *data,
                 uint32_t n);
void so_icmp_input(struct net *net, const struct packet *p);
void so_icmp_error(struct net *net, uint32_t dst, int error);
void so_recover(struct net *net);
int udp_send(struct net *net, uint32_t sport, uint32_t dst, uint32_t dport, uint32_t ttl,
             const void *data, uint32_t n);

/* -- tcp -- */
void tcp_init(struct net *net);
void tcp_tick(struct net *net);
void tcp_starved(struct net *net);
struct tcb *tcp_open(struct net *net, uint32_t laddr, uint32_t raddr, uint32_t rport,
                     int port);
int tcp_connect(struct net *net, struct tcb *t);
/* Application is done with sending; with receiving too (the socket goes away). */
void tcp_finish(struct net *net, struct tcb *t);
void tcp_close(struct net *net, struct tcb *t, bool reset);
void tcp_abort(struct net *net, struct tcb *t, int error);
int tcp_write(struct net *net, struct tcb *t, const void *data, size_t n, uint32_t max);
int tcp_read(struct net *net, struct tcb *t, void *data, size_t n, bool peek);
uint32_t tcp_room(const struct net *net, const struct tcb *t, uint32_t max);
void tcp_keep_alive(struct net *net, struct tcb *t);
void tcp_output(struct net *net, struct tcb *t);
uint32_t tcp_payload(const struct tcb *t);
void tcp_append(struct net *net, struct tcb *t, struct net_buf *chain);

#endif
