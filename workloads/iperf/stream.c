// SPDX-License-Identifier: GPL-2.0-or-later
/* stream.c - a stream of bytes, made, sent and checked; see stream.h. */
#include "stream.h"
#include "inet.h"
#include <string.h>

#define BLOCK 32768

static uint8_t made[BLOCK], got[BLOCK];

static uint32_t start(uint32_t seed)
{
    uint32_t x = seed * 2654435761u;
    return x ? x : 1; /* 0 would stay 0 */
}

/* The next BLOCK bytes. */
static uint32_t make(uint32_t x)
{
    for (uint8_t *p = made; p < made + BLOCK; p += 4) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        p[0] = (uint8_t)x;
        p[1] = (uint8_t)(x >> 8);
        p[2] = (uint8_t)(x >> 16);
        p[3] = (uint8_t)(x >> 24);
    }
    return x;
}

int stream_send(int fd, uint32_t seed, uint64_t bytes)
{
    uint32_t x = start(seed);
    while (bytes) {
        size_t n = bytes < BLOCK ? (size_t)bytes : BLOCK;
        x = make(x);
        if (inet_send(fd, made, n))
            return -1;
        bytes -= n;
    }
    return 0;
}

int stream_receive(int fd, uint32_t seed, uint64_t bytes, struct stream_result *r)
{
    uint32_t x = start(seed);
    double begin = 0;
    *r = (struct stream_result){.same = true};
    if (bytes) { /* the clock starts with the first byte */
        long n = inet_receive(fd, got, 1);
        if (n <= 0)
            return (int)n;
        begin = inet_seconds();
        r->bytes = 1;
    }
    while (r->bytes < bytes) {
        size_t have = r->bytes % BLOCK; /* 1 in the first block, else 0 */
        uint64_t left = bytes - r->bytes;
        size_t n = left < BLOCK - have ? (size_t)left : BLOCK - have;
        long more = inet_receive(fd, got + have, n);
        if (more < 0)
            return -1;
        x = make(x);
        r->same &= !memcmp(got, made, have + (size_t)more);
        r->bytes += (uint64_t)more;
        if ((size_t)more < n)
            break;
    }
    r->seconds = bytes ? inet_seconds() - begin : 0;
    return 0;
}
