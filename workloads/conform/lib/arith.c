// SPDX-License-Identifier: GPL-2.0-or-later
/* arith.c - integer arithmetic, pseudo-random numbers, sorting and searching. */
#include "harness.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

CONFORM(abs, NEEDS_NONE)
{
    CHECK_EQ(abs(-5), 5);
    CHECK_EQ(abs(5), 5);
    CHECK_EQ(abs(0), 0);
    CHECK_EQ(abs(-INT_MAX), INT_MAX);
}

CONFORM(labs, NEEDS_NONE)
{
    CHECK(labs(-5) == 5 && labs(6) == 6 && labs(0) == 0);
    CHECK(labs(-LONG_MAX) == LONG_MAX);
}

CONFORM(llabs, NEEDS_NONE)
{
    CHECK(llabs(-5000000000) == 5000000000 && llabs(6) == 6);
    CHECK(llabs(-LLONG_MAX) == LLONG_MAX);
}

CONFORM(imaxabs, NEEDS_NONE)
{
    CHECK(imaxabs(-5000000000) == 5000000000 && imaxabs(6) == 6);
    CHECK(imaxabs(-INTMAX_MAX) == INTMAX_MAX);
}

CONFORM(div, NEEDS_NONE)
{
    div_t a = div(7, 2), b = div(-7, 2), c = div(7, -2), d = div(1, INT_MIN);
    CHECK(a.quot == 3 && a.rem == 1);
    CHECK(b.quot == -3 && b.rem == -1); /* toward zero */
    CHECK(c.quot == -3 && c.rem == 1);
    CHECK(d.quot == 0 && d.rem == 1);
}

CONFORM(ldiv, NEEDS_NONE)
{
    ldiv_t a = ldiv(-100000, 7), b = ldiv(LONG_MIN, 10);
    CHECK(a.quot == -14285 && a.rem == -5);
    CHECK(b.quot == LONG_MIN / 10 && b.rem == -8);
}

CONFORM(lldiv, NEEDS_NONE)
{
    lldiv_t a = lldiv(10000000000, 3), b = lldiv(LLONG_MIN, -10);
    CHECK(a.quot == 3333333333 && a.rem == 1);
    CHECK(b.quot == 922337203685477580 && b.rem == -8);
}

#define DRAWN 300

/* Numbers in range that hit every tenth of it. */
static bool looks_random(const long drawn[DRAWN])
{
    unsigned tenths = 0;
    for (int i = 0; i < DRAWN; i++) {
        if (drawn[i] < 0 || drawn[i] > RAND_MAX)
            return false;
        tenths |= 1u << (drawn[i] / (RAND_MAX / 10 + 1));
    }
    return tenths == 0x3ff;
}

CONFORM(rand, NEEDS_NONE)
{
    long drawn[DRAWN];
    unsigned bad = 0;
    for (int i = 0; i < DRAWN; i++)
        drawn[i] = rand();
    CHECK(looks_random(drawn));
    srand(1); /* as if it had been called before the first */
    for (int i = 0; i < DRAWN; i++)
        bad += rand() != drawn[i];
    CHECK_EQ(bad, 0);
}

CONFORM(srand, NEEDS_NONE)
{
    srand(7);
    int a = rand(), b = rand();
    srand(8);
    CHECK(rand() != a || rand() != b);
    srand(7);
    CHECK(rand() == a && rand() == b);
    srand(0);
    a = rand();
    CHECK(rand() != a);
}

CONFORM(rand_r, NEEDS_NONE)
{
    unsigned one = 5, two = 5, zero = 0;
    long drawn[DRAWN];
    unsigned bad = 0;
    for (int i = 0; i < DRAWN; i++)
        drawn[i] = rand_r(&one);
    CHECK(looks_random(drawn));
    for (int i = 0; i < DRAWN; i++) { /* nothing but the seed counts */
        srand((unsigned)i);
        bad += rand_r(&two) != drawn[i];
    }
    CHECK_EQ(bad, 0);
    CHECK(rand_r(&zero) != rand_r(&zero));
}

CONFORM(random, NEEDS_NONE)
{
    long drawn[DRAWN];
    unsigned bad = 0;
    for (int i = 0; i < DRAWN; i++)
        drawn[i] = random();
    CHECK(looks_random(drawn));
    srandom(1);
    for (int i = 0; i < DRAWN; i++)
        bad += random() != drawn[i];
    CHECK_EQ(bad, 0);
}

CONFORM(srandom, NEEDS_NONE)
{
    srandom(7);
    long a = random(), b = random();
    srand(9); /* another generator's */
    srandom(8);
    CHECK(random() != a || random() != b);
    srandom(7);
    CHECK(random() == a && random() == b);
}

/* -- sorting -- */

struct item {
    unsigned key;
    unsigned char tag[3];
};

static unsigned compared;

static int by_key(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    compared++;
    return x->key < y->key ? -1 : x->key > y->key;
}

static int by_byte(const void *a, const void *b)
{
    compared++;
    return *(const unsigned char *)a - *(const unsigned char *)b;
}

#define ITEMS 120

/* Key of item i, by kind: falling, few different ones, mixed, rising, an organ pipe. */
static unsigned key_of(unsigned kind, unsigned i)
{
    return kind == 0       ? ITEMS - i
           : kind == 1     ? i % 3
           : kind == 2     ? i * 2654435761u >> 16
           : kind == 3     ? i
           : i < ITEMS / 2 ? i
                           : ITEMS - i;
}

CONFORM(qsort, NEEDS_NONE)
{
    static struct item item[ITEMS];
    for (unsigned kind = 0; kind < 5; kind++) {
        unsigned bad = 0, sum = 0;
        for (unsigned i = 0; i < ITEMS; i++) {
            item[i].key = key_of(kind, i);
            memset(item[i].tag, (int)(item[i].key % 251), 3);
            sum += item[i].key;
        }
        compared = 0;
        qsort(item, ITEMS, sizeof *item, by_key);
        for (unsigned i = 0; i < ITEMS; i++) {
            bad += i > 0 && item[i - 1].key > item[i].key;
            bad += item[i].tag[2] != item[i].key % 251; /* all of an item moves */
            sum -= item[i].key;
        }
        CHECK_EQ(bad, 0);
        CHECK_EQ(sum, 0);
        CHECK(compared < ITEMS * 20); /* n log n */
    }
    char text[] = "the quick brown fox";
    qsort(text, strlen(text), 1, by_byte);
    CHECK_STR(text, "   bcefhiknooqrtuwx");
    compared = 0;
    qsort(text, 0, 1, by_byte);
    qsort(text, 1, 1, by_byte);
    CHECK_EQ(compared, 0);
}

CONFORM(bsearch, NEEDS_NONE)
{
    static const unsigned char sorted[] = {1, 3, 3, 5, 8, 13, 21, 34, 55, 89, 144};
    unsigned bad = 0;
    for (unsigned n = 0; n <= sizeof sorted; n++)
        for (unsigned key = 0; key < 150; key += 1 + key % 3) {
            unsigned char c = (unsigned char)key;
            bool there = n > 0 && memchr(sorted, c, n) != NULL;
            compared = 0;
            const unsigned char *found = bsearch(&c, sorted, n, 1, by_byte);
            bad += there ? found == NULL || *found != c : found != NULL;
            bad += compared > 4;
        }
    CHECK_EQ(bad, 0);
}
