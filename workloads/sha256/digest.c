// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * digest.c - SHA-256. Names of functions and variables are those of FIPS 180-4, sections 4.1.2,
 * 5.1.1 and 6.2.2; the constants are its section 4.2.2.
 */
#include "digest.h"
#include <string.h>

static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
    0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
    0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
    0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
    0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
    0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
    0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2};

static inline uint32_t rotr(uint32_t x, unsigned n)
{
    return x >> n | x << (32 - n);
}

#define Ch(x, y, z) ((z) ^ ((x) & ((y) ^ (z))))
#define Maj(x, y, z) (((x) & (y)) | ((z) & ((x) | (y))))
#define Sigma0(x) (rotr(x, 2) ^ rotr(x, 13) ^ rotr(x, 22))
#define Sigma1(x) (rotr(x, 6) ^ rotr(x, 11) ^ rotr(x, 25))
#define sigma0(x) (rotr(x, 7) ^ rotr(x, 18) ^ (x) >> 3)
#define sigma1(x) (rotr(x, 17) ^ rotr(x, 19) ^ (x) >> 10)

/* One round with schedule word w; the roles of the eight variables turn instead of their values. */
#define ROUND(a, b, c, d, e, f, g, h, i, w)                                              \
    do {                                                                                 \
        uint32_t t1 = h + Sigma1(e) + Ch(e, f, g) + K[t + (i)] + (w);                    \
        d += t1;                                                                         \
        h = t1 + Sigma0(a) + Maj(a, b, c);                                               \
    } while (0)
#define EIGHT_ROUNDS(i, w)                                                               \
    do {                                                                                 \
        ROUND(a, b, c, d, e, f, g, h, i, w(i));                                          \
        ROUND(h, a, b, c, d, e, f, g, i + 1, w(i + 1));                                  \
        ROUND(g, h, a, b, c, d, e, f, i + 2, w(i + 2));                                  \
        ROUND(f, g, h, a, b, c, d, e, i + 3, w(i + 3));                                  \
        ROUND(e, f, g, h, a, b, c, d, i + 4, w(i + 4));                                  \
        ROUND(d, e, f, g, h, a, b, c, i + 5, w(i + 5));                                  \
        ROUND(c, d, e, f, g, h, a, b, i + 6, w(i + 6));                                  \
        ROUND(b, c, d, e, f, g, h, a, i + 7, w(i + 7));                                  \
    } while (0)
/* The schedule needs its last 16 words only: a new one takes the place of the oldest. */
#define FIRST(i) (W[i] = big_endian(block + 4 * (i)))
#define NEXT(i)                                                                          \
    (W[i] += sigma0(W[((i) + 1) & 15]) + W[((i) + 9) & 15] + sigma1(W[((i) + 14) & 15]))

static uint32_t big_endian(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void compress(uint32_t state[8], const unsigned char *block)
{
    uint32_t W[16];
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    int t = 0;

    EIGHT_ROUNDS(0, FIRST);
    EIGHT_ROUNDS(8, FIRST);
    for (t = 16; t < 64; t += 16) {
        EIGHT_ROUNDS(0, NEXT);
        EIGHT_ROUNDS(8, NEXT);
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
}

void sha256_blocks(uint32_t state[8], const unsigned char *block, size_t n)
{
    for (; n; n--, block += 64)
        compress(state, block);
}

void sha256_start(struct sha256 *s)
{
    static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

    memcpy(s->state, initial, sizeof initial);
    s->bytes = 0;
}

void sha256_add(struct sha256 *s, const void *bytes, size_t n)
{
    const unsigned char *at = bytes;
    size_t have = s->bytes & 63;

    s->bytes += n;
    if (have) {
        size_t fits = n < 64 - have ? n : 64 - have;
        memcpy(s->block + have, at, fits);
        at += fits;
        n -= fits;
        if (have + fits < 64)
            return;
        sha256_blocks(s->state, s->block, 1);
    }
    sha256_blocks(s->state, at, n / 64);
    memcpy(s->block, at + (n & ~(size_t)63), n & 63);
}

void sha256_end(struct sha256 *s, unsigned char digest[32])
{
    uint64_t bits = s->bytes * 8;
    size_t have = s->bytes & 63;
    unsigned char pad[72] = {0x80};
    size_t n = (have < 56 ? 56 : 120) - have;

    for (int i = 0; i < 8; i++)
        pad[n + (size_t)i] = (unsigned char)(bits >> (56 - 8 * i));
    sha256_add(s, pad, n + 8);
    for (int i = 0; i < 32; i++)
        digest[i] = (unsigned char)(s->state[i / 4] >> (24 - 8 * (i & 3)));
}
