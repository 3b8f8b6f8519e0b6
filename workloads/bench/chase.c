// SPDX-License-Identifier: GPL-2.0-or-later
/* chase.c - a linked list in random order, walked and relinked: dependent loads. */
#include "bench.h"

#define NODES 16384

const char bench_name[] = "chase";
const unsigned bench_rounds = BENCH_ROUNDS;
static struct node {
    struct node *next;
    uint32_t value;
} node[NODES];

/* One cycle through all nodes (S. Sattolo, 1986). */
static void make(void)
{
    static uint16_t order[NODES];
    uint32_t seed = 1;

    for (uint32_t i = 0; i < NODES; i++)
        order[i] = (uint16_t)i;
    for (uint32_t i = NODES - 1; i; i--) {
        uint32_t j = bench_random(&seed) % i;
        uint16_t t = order[i];
        order[i] = order[j];
        order[j] = t;
    }
    for (uint32_t i = 0; i < NODES; i++) {
        node[order[i]].next = &node[order[(i + 1) % NODES]];
        node[order[i]].value = bench_random(&seed);
    }
}

uint64_t bench_entry(uint64_t n)
{
    uint32_t sum = 0;

    make();
    struct node *at = node;
    for (uint32_t round = 0; round < (uint32_t)n; round++) {
        for (uint32_t i = 0; i < NODES; i++) {
            sum += at->value;
            at = at->next;
        }
        struct node *a = at->next, *b = a->next; /* two neighbours change places */
        a->next = b->next;
        b->next = a;
        at->next = b;
        at = b;
        at->value ^= sum;
    }
    return bench_mix(sum, 1);
}
