// SPDX-License-Identifier: GPL-2.0-or-later
/* scan.c - words and lines counted, a word searched in a text: byte loads, table look-ups. */
#include "bench.h"

#define SIZE 65536

const char bench_name[] = "scan";
const unsigned bench_rounds = BENCH_ROUNDS;
static char text[SIZE];

static void make(void)
{
    static const char letter[] = "etaoin shrdlu cmfwyp\nvbgk ";
    uint32_t seed = 1;

    for (unsigned i = 0; i < SIZE; i++)
        text[i] = letter[bench_random(&seed) % (sizeof letter - 1)];
    text[SIZE - 1] = 0;
}

static uint32_t count_words(void)
{
    uint32_t words = 0, lines = 0, in_word = 0;

    for (const char *s = text; *s; s++) {
        uint32_t letter = *s != ' ' && *s != '\n';
        lines += *s == '\n';
        words += letter & ~in_word;
        in_word = letter;
    }
    return words << 8 ^ lines;
}

static uint32_t find(const char *word)
{
    uint32_t found = 0;

    for (const char *s = text; *s; s++) {
        const char *a = s, *b = word;
        while (*b && *a == *b) {
            a++;
            b++;
        }
        if (!*b)
            found = bench_mix(found, (uint32_t)(s - text));
    }
    return found;
}

uint64_t bench_entry(uint64_t n)
{
    uint32_t sum = 0;

    make();
    for (uint32_t round = 0; round < (uint32_t)n; round++) {
        sum = bench_mix(sum, count_words());
        sum = bench_mix(sum, find(round & 1 ? "tin" : "oat"));
        text[round % (SIZE - 1)] = (char)('a' + round % 26);
    }
    return sum;
}
