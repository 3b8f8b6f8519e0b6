// SPDX-License-Identifier: GPL-2.0-or-later
/* hash.c - SHA-256 compression over one buffer: straight code, shifts and additions. */
#include "../sha256/digest.h"
#include "bench.h"

#define BLOCKS 64

const char bench_name[] = "hash";
const unsigned bench_rounds = BENCH_ROUNDS;
static unsigned char data[64 * BLOCKS];

uint64_t bench_entry(uint64_t n)
{
    uint32_t state[8] = {1, 2, 3, 4, 5, 6, 7, 8}, seed = 1, sum = 0;

    for (unsigned i = 0; i < sizeof data; i++)
        data[i] = (unsigned char)bench_random(&seed);
    for (uint32_t round = 0; round < (uint32_t)n; round++)
        sha256_blocks(state, data, BLOCKS);
    for (unsigned i = 0; i < 8; i++)
        sum = bench_mix(sum, state[i]);
    return sum;
}
