// SPDX-License-Identifier: GPL-2.0-or-later
/* matrix.c - products of integer matrices: nested loops, multiplications. */
#include "bench.h"

#define SIZE 48

const char bench_name[] = "matrix";
const unsigned bench_rounds = BENCH_ROUNDS;
static uint32_t a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];

static void multiply(void)
{
    for (unsigned i = 0; i < SIZE; i++) {
        for (unsigned j = 0; j < SIZE; j++) {
            uint32_t s = 0;
            for (unsigned k = 0; k < SIZE; k++)
                s += a[i][k] * b[k][j];
            c[i][j] = s;
        }
    }
}

uint64_t bench_entry(uint64_t n)
{
    uint32_t sum = 0, seed = 1;

    for (unsigned i = 0; i < SIZE * SIZE; i++) {
        a[i / SIZE][i % SIZE] = bench_random(&seed);
        b[i / SIZE][i % SIZE] = bench_random(&seed);
    }
    for (uint32_t round = 0; round < (uint32_t)n; round++) {
        multiply();
        for (unsigned i = 0; i < SIZE;
             i++) { /* the product's diagonal goes into the next */
            sum = bench_mix(sum, c[i][i]);
            a[i][(i + round) % SIZE] ^= c[i][i];
        }
    }
    return sum;
}
