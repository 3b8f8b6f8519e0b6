// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wire.h - Ethernet (IEEE 802.3), ARP (RFC 826), IPv4 (RFC 791), ICMP (RFC 792), UDP (RFC 768) and
 * TCP (RFC 9293) as bytes: offsets of fields, and big-endian access. Nothing here is aligned.
 */
#ifndef EXOS_NET_WIRE_H
#define EXOS_NET_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline uint16_t get16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t get32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline void put16(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

static inline void put32(uint8_t *p, uint32_t v)
{
    put16(p, v >> 16);
    put16(p + 2, v);
}

/* Ethernet */
#define ETH_DST 0
#define ETH_SRC 6
#define ETH_TYPE 12
#define ETH_HEADER 14
#define ETH_MIN 60
#define ETHERTYPE_IP 0x0800
#define ETHERTYPE_ARP 0x0806

/* ARP for IPv4 over Ethernet */
#define ARP_HTYPE 0
#define ARP_PTYPE 2
#define ARP_HLEN 4
#define ARP_PLEN 5
#define ARP_OP 6
#define ARP_SHA 8
#define ARP_SPA 14
#define ARP_THA 18
#define ARP_TPA 24
#define ARP_BYTES 28
#define ARP_REQUEST 1
#define ARP_REPLY 2

/* IPv4 */
#define IP_VHL 0
#define IP_LENGTH 2
#define IP_ID 4
#define IP_FRAGMENT 6
#define IP_LIFE 8
#define IP_PROTO 9
#define IP_SUM 10
#define IP_SRC 12
#define IP_DST 16
#define IP_HEADER 20
#define IP_DF 0x4000
#define IP_MF 0x2000
#define IP_OFFSET 0x1fff
#define PROTO_ICMP 1
#define PROTO_TCP 6
#define PROTO_UDP 17

/* ICMP */
#define ICMP_TYPE 0
#define ICMP_CODE 1
#define ICMP_SUM 2
#define ICMP_ID 4
#define ICMP_MTU 6
#define ICMP_HEADER 8
#define ICMP_ECHO_REPLY 0
#define ICMP_UNREACHABLE 3
#define ICMP_ECHO 8
#define ICMP_TIME_EXCEEDED 11
#define ICMP_UNREACHABLE_PROTOCOL 2
#define ICMP_UNREACHABLE_PORT 3
#define ICMP_FRAGMENTATION_NEEDED 4

/* UDP */
#define UDP_SRC 0
#define UDP_DST 2
#define UDP_LENGTH 4
#define UDP_SUM 6
#define UDP_HEADER 8

/* TCP */
#define TCP_SRC 0
#define TCP_DST 2
#define TCP_SEQ 4
#define TCP_ACK 8
#define TCP_OFFSET 12 /* words of header, in the high nibble */
#define TCP_FLAGS 13
#define TCP_WINDOW 14
#define TCP_SUM 16
#define TCP_HEADER 20
#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_PSH 0x08
#define TCP_ACKF 0x10
#define TCP_OPT_END 0
#define TCP_OPT_NOP 1
#define TCP_OPT_MSS 2
#define TCP_OPT_SCALE 3
#define TCP_OPT_SACK_OK 4
#define TCP_OPT_SACK 5
#define TCP_OPT_TIME 8

#define IP_ANY 0u
#define IP_BROADCAST 0xffffffffu
#define IP_LOOPBACK 0x7f000001u
#define IP_IS_LOOPBACK(a) ((a) >> 24 == 127)
#define IP_IS_MULTICAST(a) ((a) >> 28 == 14)

/*
 * Internet checksum (RFC 1071). Sums are of big-endian 16-bit words, not inverted, not above
 * 0xffff; they may be added, 65536 of them, before sum_fold. Data starts at an even byte.
 */
uint32_t sum_bytes(const void *p, size_t n);
/* The same of bytes copied on the way. */
uint32_t sum_copy(void *to, const void *from, size_t n);

static inline uint32_t sum_fold(uint32_t sum)
{
    sum = (sum & 0xffff) + (sum >> 16);
    return (sum & 0xffff) + (sum >> 16);
}

/* Sum of bytes that follow `before` bytes summed as `sum`, added to it. */
static inline uint32_t sum_append(uint32_t sum, size_t before, uint32_t more)
{
    if (before & 1)
        more = (more << 8 | more >> 8) & 0xffff;
    return sum_fold(sum + more);
}

/* Pseudo-header of UDP and TCP. */
static inline uint32_t sum_pseudo(uint32_t src, uint32_t dst, uint32_t proto,
                                  uint32_t len)
{
    return (src >> 16) + (src & 0xffff) + (dst >> 16) + (dst & 0xffff) + proto + len;
}

#endif
