// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * net.h - the network stack: Ethernet to sockets, machine-independent, without a call of anything
 * but memcpy and the seam below, so that it also runs on the host (tests/net).
 *
 * All state is in one struct net with its buffers behind it, no pointers to code in it: in exos
 * it lies in memory of the session, at the same address in every process. Whoever calls holds
 * the lock. Nothing here waits: what cannot be done now is -EAGAIN. Results are 0 or more,
 * or a negative errno. Addresses and ports are in the machine's byte order.
 *
 *   wire --> net_input --> arp, ip --> frag --> icmp, udp, tcp --> sock
 *   sock --> udp, tcp --> ip --> arp --> tx queue --> netif_start --> wire
 *
 * Buffers (NET_BUF bytes, never across a page) carry payload: received data until read, sent
 * data until acknowledged and no longer in the hands of the device. Headers go out from the
 * slot of the transmit queue, payload from its buffer: it is not copied again.
 */
#ifndef EXOS_NET_H
#define EXOS_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcb.h"
#include "wire.h"

#define NET_BUF 2048u
#define NET_MTU 1500u
#define NET_FRAME 1514u
#define NET_TX 64    /* frames queued or with the device */
#define NET_HDR 128u /* room for headers of a frame */
#define NET_SOCKS 256
#define NET_TCBS 384 /* connections, those in TIME_WAIT too */
#define NET_PORTS 320
#define NET_ARPS 32
#define NET_REASM 3 /* datagrams being put together */
#define NET_HASH 128
#define NET_TTL 64

/* ---- the seam: what the stack needs of its surroundings ---- */
struct net;
struct net_tx;
struct net_buf;
/* Hand n frames to the device, in order; how many it took. Their `done` is set to a number that
 * netif_sent() reaches when the device has done with them. */
unsigned netif_start(struct net *net, struct net_tx *const tx[], unsigned n);
uint32_t netif_sent(struct net *net);
/* Get packets to this port of the own address (protocol, 0: what all share); an id from 0, or
 * -EADDRINUSE: somebody else on this device gets them; or another errno. */
int netif_listen(struct net *net, uint32_t proto, uint32_t ip, uint32_t port);
void netif_unlisten(struct net *net, int id);

/* ---- buffers (buf.c) ---- */
struct net_buf {
    struct net_buf *next; /* of the same datagram or stream */
    struct net_buf *more; /* UDP: next datagram; loop and ARP queues: next frame */
    uint8_t *data;
    uint16_t off, len; /* valid bytes */
    uint16_t refs, port;
    uint32_t sum;   /* of the valid bytes (sum_bytes), SUM_NONE if not known */
    uint32_t seq;   /* out-of-order data: its sequence number */
    uint32_t total; /* datagram: all its bytes */
    uint32_t ip;    /* datagram: where from */
};
#define SUM_NONE 0xffffffffu

enum buf_use { BUF_SEND = 1, BUF_RECEIVE = 2, BUF_CONTROL = 3 };
/* NULL: none left for this use. */
struct net_buf *buf_get(struct net *net, enum buf_use use);
void buf_put(struct net *net, struct net_buf *b);
void buf_put_chain(struct net *net, struct net_buf *b);
/* Copy n bytes into a chain of buffers, each filled up to `fill` bytes, the first one up to fill -
 * head. NULL: none left. Sums are kept, except with BUF_RECEIVE. */
struct net_buf *buf_chain(struct net *net, const void *from, size_t n, size_t head,
                          size_t fill, enum buf_use use);
uint32_t buf_chain_sum(const struct net_buf *b);

/* ---- transmit queue (out.c) ---- */
struct net_tx {
    struct net_buf *payload; /* NULL: none */
    uint16_t hdr_off, hdr_len, pay_off, pay_len;
    uint32_t done;
    uint32_t slot;
};
#define HDR_ETH 2u /* so that what follows is aligned */
#define HDR_IP (HDR_ETH + ETH_HEADER)
#define HDR_TRANSPORT (HDR_IP + IP_HEADER)
static inline uint8_t *tx_header(const struct net *net, const struct net_tx *tx);
/* The next free slot, empty; nobody else's until committed. NULL: queue is full. */
struct net_tx *tx_begin(struct net *net);
unsigned tx_room(const struct net *net);
/* Give what is queued to the device, take back what it has done with. */
void tx_flush(struct net *net);

/* ---- Ethernet and ARP (arp.c) ---- */
enum arp_state { ARP_FREE = 0, ARP_WAIT = 1, ARP_KNOWN = 2 };
struct arp {
    uint32_t ip, when; /* last heard, or asked for, of it */
    uint8_t state, tries, mac[6];
    uint32_t used;
    struct net_buf *wait; /* packets for it, at most ARP_WAITING */
};
/* tx: header from HDR_IP on. Send it to `hop`, or wait for its address. */
int arp_send(struct net *net, struct net_tx *tx, uint32_t hop);
void arp_input(struct net *net, const uint8_t *p, size_t n);
void arp_tick(struct net *net);
void arp_announce(struct net *net, uint32_t sender, uint32_t target);
void arp_forget(struct net *net);
/* Nothing comes back from there: is its address still right? (RFC 1122 2.3.2.1) */
void arp_suspect(struct net *net, uint32_t hop);

/* ---- IPv4 (ip.c, frag.c) ---- */
struct packet { /* received, whole */
    uint32_t src, dst;
    uint8_t proto, ttl;
    bool broadcast;         /* to more than us */
    const uint8_t *ip;      /* header, as it came */
    const uint8_t *payload; /* of the IP packet */
    uint32_t length;        /* of it */
    uint32_t header;        /* bytes of the IP header */
};
/* Transport header of tx (from HDR_TRANSPORT, hdr_len is only its length) and payload go out. */
int ip_send(struct net *net, struct net_tx *tx, uint32_t proto, uint32_t src,
            uint32_t dst, uint32_t flags);
/* A datagram: `transport` bytes of header and a chain filled up to IP_FRAG_FILL bytes a buffer,
 * the first one up to IP_FRAG_FILL - header. The chain stays the caller's. */
int ip_send_chain(struct net *net, uint32_t proto, uint32_t src, uint32_t dst,
                  const uint8_t *header, uint32_t header_len, struct net_buf *chain,
                  uint32_t total, uint32_t ttl);
#define IP_FRAG_FILL (NET_MTU - IP_HEADER)
/* The source address packets to dst have, 0: there is no way to it. */
uint32_t ip_source(const struct net *net, uint32_t dst);
uint32_t ip_next_hop(const struct net *net, uint32_t dst);
bool ip_is_own(const struct net *net, uint32_t ip);
bool ip_is_broadcast(const struct net *net, uint32_t ip);
void ip_input(struct net *net, const uint8_t *p, size_t n, bool loop);
struct reasm {
    uint32_t src, dst, deadline;
    uint16_t id;
    uint8_t proto, used;
    uint32_t have, total; /* blocks of 8 bytes there; bytes in all, 0: not known */
    uint8_t header[IP_HEADER];
    uint8_t map[65536 / 8 / 8];
};
/* NULL, or the whole payload. */
const uint8_t *frag_input(struct net *net, const uint8_t *ip, const uint8_t *payload,
                          uint32_t len, uint32_t *total);
void frag_tick(struct net *net);

/* ---- transports ---- */
void tcp_input(struct net *net, const struct packet *p);
void icmp_input(struct net *net, const struct packet *p);
/* The packet whose first n bytes these are did not arrive: tell its sender. mtu: 0, or what may pass. */
void net_undelivered(struct net *net, const uint8_t *ip, size_t n, int error,
                     uint32_t mtu);
void icmp_unreachable(struct net *net, const struct packet *p, uint32_t code);
void udp_input(struct net *net, const struct packet *p);
/* Something of ours did not arrive: positive errno; mtu as above; TCP: its sequence number. */
void udp_error(struct net *net, uint32_t dst, uint32_t sport, uint32_t dport, int error);
void tcp_error(struct net *net, uint32_t dst, uint32_t sport, uint32_t dport,
               uint32_t seq, int error, uint32_t mtu);
void dhcp_input(struct net *net, const uint8_t *p, size_t n);

/* ---- ports (port.c): who gets what comes to a port ---- */
struct port {
    uint16_t number;
    uint8_t proto, pad; /* 0: free */
    uint16_t refs;
    int16_t filter; /* netif_listen's; -1: none */
    uint16_t next;  /* in its hash chain, 1 + index */
    int16_t owner;  /* socket: UDP, or TCP listener; -1 */
};
/* Take a port (0: any free one); its index, or -EADDRINUSE, -ENOBUFS. loop: this machine only. */
int port_take(struct net *net, uint32_t proto, uint32_t number, bool loop);
void port_ref(struct net *net, int port);
void port_drop(struct net *net, int port);
struct port *port_find(struct net *net, uint32_t proto, uint32_t number);
/* The own address changed. */
void port_rebind(struct net *net);

/* ---- configuration (dhcp.c, auto.c) ---- */
enum net_config {
    CONFIG_NONE = 0,      /* no device */
    CONFIG_DISCOVER = 1,  /* DHCP: looking for a server */
    CONFIG_REQUEST = 2,   /* DHCP: asked for an address */
    CONFIG_BOUND = 3,     /* DHCP: have one */
    CONFIG_PROBE = 4,     /* RFC 3927: is a link-local address free? */
    CONFIG_LINK_LOCAL = 5 /* yes */
};
struct dhcp {
    uint32_t xid, server, offered, tries, deadline, lease, started;
    uint32_t renew, rebind, expire; /* times */
};
void dhcp_start(struct net *net);
void config_tick(struct net *net);
void auto_start(struct net *net);
void auto_tick(struct net *net);
/* Somebody else uses the address being probed, or ours. */
void auto_conflict(struct net *net);
void net_address(struct net *net, uint32_t ip, uint32_t mask, uint32_t gateway);

/* ---- sockets (sock.c): see sock_core.h ---- */
enum sock_type {
    SOCK_NONE = 0,
    SOCK_TCP = 1,
    SOCK_UDP = 2,
    SOCK_ICMP = 3,
    SOCK_LOCAL = 4
};
struct sock {
    uint8_t type, raw; /* raw: with IP headers */
    uint8_t rd_shut, wr_shut, broadcast, reuse, nodelay, keepalive;
    uint8_t listening, connected, orphan, ttl;
    int32_t error;
    int16_t port; /* index, -1 */
    int16_t peer; /* LOCAL: the other socket, -1 */
    uint32_t laddr, raddr;
    uint16_t lport, rport;
    uint32_t rcvbuf, sndbuf, rcvtimeo, sndtimeo; /* bytes, ms */
    uint32_t linger;                             /* 1 + seconds, 0: off */
    uint32_t idle, interval, probes;             /* keep-alive: s, s, number */
    struct net_buf *q_head,
        *q_tail; /* datagrams (by `more`), or LOCAL's stream (by `next`) */
    uint32_t q_bytes;
    struct tcb *tcb;
    struct tcb *accept_head, *accept_tail;
    uint16_t backlog, naccept, nhalf, pad;
};

struct net_stats {
    uint32_t rx_frames, tx_frames, rx_bad, rx_bad_sum, rx_no_port, rx_no_buffer;
    uint32_t tcp_retransmits, tcp_fast, tcp_timeouts, tcp_out_of_order, tcp_challenges;
    uint32_t copied_in, copied_out, copied_loop; /* bytes the library copied */
};

struct net {
    void *wire; /* host: the device's; exos: unused */
    uint8_t mac[6];
    bool has_device;
    uint8_t config; /* enum net_config */
    uint32_t ip, mask, gateway, dns[2];
    uint32_t mtu;
    uint64_t random;
    uint32_t secret[4];
    uint32_t now;      /* ms */
    uint32_t next;     /* ms: nothing is due before */
    uint32_t slow;     /* ms: next look at what needs no precision */
    uint32_t activity; /* changes whenever somebody who waits should look again */
    uint16_t ip_id, next_port;
    struct dhcp dhcp;
    struct {
        uint32_t tries, deadline, ip, conflicts, defended;
    } local;
    struct arp arp[NET_ARPS];
    struct reasm reasm[NET_REASM];
    uint8_t *reasm_data; /* NET_REASM * 65536 */
    struct net_tx tx[NET_TX];
    uint8_t *tx_headers;
    uint32_t tx_queued, tx_started, tx_done; /* free-running */
    bool tx_starved, in_loop;                /* somebody found it full */
    uint32_t starved_first;                  /* whose turn is next: row of tcb */
    struct net_buf *loop_head, *loop_tail;
    uint32_t loop_length;
    struct port port[NET_PORTS];
    uint16_t port_hash[NET_HASH];
    struct sock sock[NET_SOCKS];
    struct tcb tcb[NET_TCBS];
    struct tcb *tcb_hash[NET_HASH];
    struct tcb *tcb_free;
    uint32_t icmp_second, icmp_errors; /* how many errors were sent, since when */
    uint32_t tcbs, time_waits;         /* in use; of them in TIME_WAIT */
    struct net_stats stats;
    struct net_buf *buf_free;
    uint32_t nbufs, free_bufs;
    struct net_buf bufs[];
};

/* ---- the whole (net.c) ---- */
/* Bytes of a struct net with nbufs buffers. */
size_t net_bytes(uint32_t nbufs);
/* mem: zeroed, page aligned. mac NULL: no device, only this machine can be talked to. */
void net_init(void *mem, uint32_t nbufs, const uint8_t *mac, uint64_t seed);
/* A frame came. */
void net_input(struct net *net, const uint8_t *frame, size_t n);
/* Time is `now` ms: run what is due, packets to ourselves, and the transmit queue. */
void net_run(struct net *net, uint32_t now);
/* After a holder of the lock died inside: all connections are lost, the rest is sound again. */
void net_recover(struct net *net);
uint32_t net_random(struct net *net);
/* Nothing later than `when` may be slept through. */
static inline void net_due(struct net *net, uint32_t when)
{
    if ((int32_t)(when - net->next) < 0)
        net->next = when;
}
static inline bool net_past(const struct net *net, uint32_t when)
{
    return (int32_t)(net->now - when) >= 0;
}

static inline uint8_t *tx_header(const struct net *net, const struct net_tx *tx)
{
    return net->tx_headers + tx->slot * NET_HDR;
}

#endif
