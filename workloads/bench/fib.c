// SPDX-License-Identifier: GPL-2.0-or-later
/* fib.c - Fibonacci numbers and Ackermann-like nesting by plain recursion: calls and returns. */
#include "bench.h"

const char bench_name[] = "fib";
const unsigned bench_rounds = BENCH_ROUNDS;

__attribute__((noinline)) static uint32_t fib(uint32_t n)
{
    if (n < 2)
        return n;
    return fib(n - 1) + fib(n - 2);
}

__attribute__((noinline)) static uint32_t depth(uint32_t n, uint32_t v)
{
    if (!n)
        return v;
    return depth(n - 1, bench_mix(v, n)) + 1;
}

uint64_t bench_entry(uint64_t n)
{
    uint32_t sum = 0;

    for (uint32_t round = 0; round < (uint32_t)n; round++) {
        sum = bench_mix(sum, fib(24 + (round & 1)));
        sum = bench_mix(sum, depth(500 + (sum & 255), round));
    }
    return sum;
}
