// SPDX-License-Identifier: GPL-2.0-or-later
/* sieve.c - Eratosthenes: primes below SIZE; short loops over bytes. */
#include "bench.h"

#define SIZE 65536

const char bench_name[] = "sieve";
const unsigned bench_rounds = BENCH_ROUNDS;
static uint8_t composite[SIZE];

uint64_t bench_entry(uint64_t n)
{
    uint32_t sum = 0;

    for (uint32_t round = 0; round < (uint32_t)n; round++) {
        uint32_t primes = 0, last = 0;
        for (uint32_t i = 0; i < SIZE; i++)
            composite[i] = 0;
        for (uint32_t i = 2; i < SIZE; i++) {
            if (composite[i])
                continue;
            primes++;
            last = i;
            for (uint32_t j = i + i; j < SIZE; j += i)
                composite[j] = 1;
        }
        sum = bench_mix(sum, primes ^ last << 8);
    }
    return sum;
}
