// SPDX-License-Identifier: GPL-2.0-or-later
/* quick.c - quicksort of random words: unpredictable branches, recursion. */
#include "bench.h"

#define SIZE 16384

const char bench_name[] = "quick";
const unsigned bench_rounds = BENCH_ROUNDS;
static uint32_t item[SIZE];

static void sort(uint32_t *a, unsigned n)
{
    while (n > 8) {
        uint32_t pivot = a[n / 2];
        unsigned i = 0, j = n - 1;
        for (;; i++, j--) {
            while (a[i] < pivot)
                i++;
            while (a[j] > pivot)
                j--;
            if (i >= j)
                break;
            uint32_t t = a[i];
            a[i] = a[j];
            a[j] = t;
        }
        sort(a, i);
        a += i;
        n -= i;
    }
    for (unsigned i = 1; i < n; i++) {
        uint32_t t = a[i];
        unsigned j = i;
        for (; j && a[j - 1] > t; j--)
            a[j] = a[j - 1];
        a[j] = t;
    }
}

uint64_t bench_entry(uint64_t n)
{
    uint32_t sum = 0, seed = 1;

    for (uint32_t round = 0; round < (uint32_t)n; round++) {
        for (unsigned i = 0; i < SIZE; i++)
            item[i] = bench_random(&seed);
        sort(item, SIZE);
        for (unsigned i = 1; i < SIZE; i++)
            sum += item[i - 1] > item[i]; /* never */
        sum = bench_mix(sum, item[seed % SIZE]);
    }
    return sum;
}
