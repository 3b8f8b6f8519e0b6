// SPDX-License-Identifier: GPL-2.0-or-later
/* crc.c - CRC-32 (polynomial of IEEE 802.3, reflected) by table, and bits counted and reversed. */
#include "bench.h"

#define SIZE 16384

const char bench_name[] = "crc";
const unsigned bench_rounds = BENCH_ROUNDS;
static uint32_t table[256];
static uint8_t data[SIZE];

static void make(void)
{
    uint32_t seed = 1;

    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int bit = 0; bit < 8; bit++)
            c = c >> 1 ^ (c & 1 ? 0xedb88320u : 0);
        table[i] = c;
    }
    for (unsigned i = 0; i < SIZE; i++)
        data[i] = (uint8_t)bench_random(&seed);
}

static uint32_t crc(uint32_t c)
{
    for (unsigned i = 0; i < SIZE; i++)
        c = table[(c ^ data[i]) & 0xff] ^ c >> 8;
    return c;
}

static uint32_t reverse(uint32_t v)
{
    v = (v >> 1 & 0x55555555u) | (v & 0x55555555u) << 1;
    v = (v >> 2 & 0x33333333u) | (v & 0x33333333u) << 2;
    v = (v >> 4 & 0x0f0f0f0fu) | (v & 0x0f0f0f0fu) << 4;
    v = (v >> 8 & 0x00ff00ffu) | (v & 0x00ff00ffu) << 8;
    return v >> 16 | v << 16;
}

static uint32_t count(uint32_t v)
{
    uint32_t n = 0;

    for (; v; v &= v - 1)
        n++;
    return n;
}

uint64_t bench_entry(uint64_t n)
{
    uint32_t sum = 0, c = 0xffffffffu;

    make();
    for (uint32_t round = 0; round < (uint32_t)n; round++) {
        c = crc(c);
        for (uint32_t i = 0; i < 512; i++)
            sum += reverse(c + i) ^ count(sum + i);
    }
    return bench_mix(sum, c);
}
