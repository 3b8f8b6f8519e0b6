// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sum.c - the Internet checksum, alone and while copying (RFC 1071): words of 32 bits in the
 * machine's little-endian order, whose sum is turned round at the end.
 */
#include "wire.h"

#include <string.h>

typedef uint32_t __attribute__((may_alias)) word;

static uint32_t fold(uint64_t sum)
{
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffffffff) + (sum >> 32);
    return sum_fold((uint32_t)sum);
}

static uint32_t swap(uint32_t sum)
{
    return (sum << 8 | sum >> 8) & 0xffff;
}

/* Whole words at an aligned address. */
static uint64_t sum_words(const word *p, size_t words)
{
    uint64_t sum = 0;
    for (; words >= 8; words -= 8, p += 8) {
        uint64_t a = (uint64_t)p[0] + p[1], b = (uint64_t)p[2] + p[3];
        uint64_t c = (uint64_t)p[4] + p[5], d = (uint64_t)p[6] + p[7];
        sum += (a + b) + (c + d);
    }
    while (words-- > 0)
        sum += *p++;
    return sum;
}

/* Sum in the machine's order. */
static uint32_t sum_native(const uint8_t *p, size_t n)
{
    uint64_t sum = 0;
    size_t lead = -(uintptr_t)p & 3;
    if (n < 8) {
        for (; n >= 2; n -= 2, p += 2)
            sum += (uint32_t)p[0] | (uint32_t)p[1] << 8;
        return fold(n != 0 ? sum + *p : sum);
    }
    if (lead & 1) { /* odd address: all words shift by a byte */
        uint32_t rest = sum_native(p + 1, n - 1);
        return sum_fold(swap(rest) + *p);
    }
    if (lead != 0) {
        sum = (uint32_t)p[0] | (uint32_t)p[1] << 8;
        p += 2;
        n -= 2;
    }
    sum += sum_words((const word *)(const void *)p, n / 4);
    p += n & ~(size_t)3;
    if (n & 2) {
        sum += (uint32_t)p[0] | (uint32_t)p[1] << 8;
        p += 2;
    }
    if (n & 1)
        sum += *p;
    return fold(sum);
}

uint32_t sum_bytes(const void *p, size_t n)
{
    return swap(sum_native(p, n));
}

static uint64_t copy_words(word *to, const word *from, size_t words)
{
    uint64_t sum = 0;
    for (; words >= 4; words -= 4, to += 4, from += 4) {
        uint32_t a = from[0], b = from[1], c = from[2], d = from[3];
        to[0] = a;
        to[1] = b;
        to[2] = c;
        to[3] = d;
        sum += ((uint64_t)a + b) + ((uint64_t)c + d);
    }
    while (words-- > 0) {
        sum += *from;
        *to++ = *from++;
    }
    return sum;
}

uint32_t sum_copy(void *to, const void *from, size_t n)
{
    if ((((uintptr_t)to | (uintptr_t)from) & 3) != 0 || n < 8) {
        memcpy(to, from, n);
        return sum_bytes(to, n);
    }
    uint64_t sum = copy_words(to, from, n / 4);
    size_t done = n & ~(size_t)3;
    const uint8_t *f = (const uint8_t *)from + done;
    uint8_t *t = (uint8_t *)to + done;
    uint32_t last = 0;
    for (size_t i = 0; i < (n & 3); i++) {
        t[i] = f[i];
        last |= (uint32_t)f[i] << (8 * i);
    }
    return swap(fold(sum + last));
}
