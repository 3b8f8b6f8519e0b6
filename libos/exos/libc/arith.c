// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * arith.c - integer arithmetic of stdlib.h and pseudo-random numbers.
 *
 * rand and random are xorshift32 (G. Marsaglia, "Xorshift RNGs", 2003): no
 * multiplication, the same sequence on every machine.
 */
#include <inttypes.h>
#include <stdlib.h>

int abs(int v)
{
    return v < 0 ? -v : v;
}

long labs(long v)
{
    return v < 0 ? -v : v;
}

long long llabs(long long v)
{
    return v < 0 ? -v : v;
}

intmax_t imaxabs(intmax_t v)
{
    return v < 0 ? -v : v;
}

div_t div(int a, int b)
{
    return (div_t){a / b, a % b};
}

ldiv_t ldiv(long a, long b)
{
    return (ldiv_t){a / b, a % b};
}

lldiv_t lldiv(long long a, long long b)
{
    return (lldiv_t){a / b, a % b};
}

static unsigned rand_state = 1, random_state = 1;

int rand_r(unsigned *seed)
{
    uint32_t x = *seed ? *seed : 0x9e3779b9u;

    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    *seed = x;
    return (int)(x >> 1);
}

int rand(void)
{
    return rand_r(&rand_state);
}

void srand(unsigned seed)
{
    rand_state = seed;
}

long random(void)
{
    return rand_r(&random_state);
}

void srandom(unsigned seed)
{
    random_state = seed;
}
