// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * math.c - rounding to whole numbers, remainders and square roots, all exact. Numbers are
 * taken apart as bits.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#define SIGN ((uint64_t)1 << 63)

static uint64_t bits_of(double x)
{
    uint64_t b;

    memcpy(&b, &x, sizeof b);
    return b;
}

static double from_bits(uint64_t b)
{
    double x;

    memcpy(&x, &b, sizeof x);
    return x;
}

double fabs(double x)
{
    return from_bits(bits_of(x) & ~SIGN);
}

float fabsf(float x)
{
    return (float)fabs(x);
}

double trunc(double x)
{
    uint64_t b = bits_of(x);
    int exp = (int)(b >> 52 & 0x7ff) - 1023;

    if (exp >= 52)
        return x; /* whole, infinite or not a number */
    if (exp < 0)
        return from_bits(b & SIGN);
    return from_bits(b & ~(((uint64_t)1 << (52 - exp)) - 1));
}

double floor(double x)
{
    double t = trunc(x);

    return t > x ? t - 1 : t;
}

double ceil(double x)
{
    double t = trunc(x);

    if (t < x)
        t += 1;
    return t == 0 ? from_bits(bits_of(t) | (bits_of(x) & SIGN)) : t;
}

/* Mantissa, with its leading one, and exponent of its lowest bit. */
static uint64_t mantissa(double x, int *exp)
{
    uint64_t b = bits_of(x) & ~SIGN, m = b & (((uint64_t)1 << 52) - 1);

    *exp = (int)(b >> 52);
    if (*exp)
        return m | (uint64_t)1 << 52;
    *exp = 1;
    return m;
}

/* Digit by digit: the root's bits from the top, as on paper. 54 bits, the last one
 * rounds. */
double sqrt(double x)
{
    int exp;
    uint64_t rest = mantissa(x, &exp), root = 0, twice = 0;

    if (!rest || isnan(x) || x == HUGE_VAL)
        return x;
    if (x < 0)
        return (x - x) / (x - x);
    for (; !(rest >> 52); exp--)
        rest <<= 1;
    exp -= 1023;
    rest <<= 1 + (exp & 1); /* the exponent of what is left is even */
    for (uint64_t bit = (uint64_t)1 << 53; bit; bit >>= 1, rest <<= 1) {
        if (twice + bit <= rest) {
            rest -= twice + bit;
            twice += 2 * bit;
            root += bit;
        }
    }
    if (rest)
        root += root & 1; /* never exactly half way */
    return from_bits((root >> 1) + ((uint64_t)((exp - (exp & 1)) / 2 + 1022) << 52));
}

double fmod(double x, double y)
{
    int ex, ey;
    uint64_t mx = mantissa(x, &ex), my = mantissa(y, &ey);

    if (!isfinite(x) || isnan(y) || !my)
        return (x - x) / (x - x);
    if (fabs(x) < fabs(y))
        return x;
    for (; ex > ey; ex--) /* long division, a bit at a time; the quotient is dropped */
        mx = (mx % my) << 1;
    mx %= my;
    if (!mx)
        return from_bits(bits_of(x) & SIGN);
    while (!(mx >> 52) && ex > 1) {
        mx <<= 1;
        ex--;
    }
    uint64_t exp = mx >> 52 ? (uint64_t)ex << 52 : 0;
    return from_bits((bits_of(x) & SIGN) | exp | (mx & (((uint64_t)1 << 52) - 1)));
}
