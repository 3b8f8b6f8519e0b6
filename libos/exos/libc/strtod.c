// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * strtod.c - text to floating point, correctly rounded (half to even).
 *
 * Short numbers are exact in one multiplication or division: up to 15 digits and a power
 * of ten up to 22, both exact doubles (W. D. Clinger, "How to read floating point numbers
 * accurately", 1990). All others go through exact decimals. Takes decimal, 0x
 * hexadecimal, inf and nan. Out of range: HUGE_VAL or the tiny result, and errno ERANGE.
 */
#include "decimal.h"
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct kind {
    unsigned bits;        /* of the mantissa, leading one included */
    int min_exp, max_exp; /* exponent of the lowest mantissa bit */
};
static const struct kind kind_double = {53, -1074, 971}, kind_float = {24, -149, 104};

/* m * 2^exp, exp within range, m <= 2^53: put together without arithmetic. */
static double assemble(uint64_t m, int exp)
{
    double v;

    if (!m)
        return 0;
    for (; m < (uint64_t)1 << 52 && exp > -1074; exp--)
        m <<= 1;
    uint64_t bits = m;
    if (m >> 52)
        bits = (uint64_t)(exp + 1075) << 52 | (m & (((uint64_t)1 << 52) - 1));
    memcpy(&v, &bits, sizeof v);
    return v;
}

/* Round m (with `half` and `more`: the first bit cut off, anything nonzero behind it). */
static double finish(const struct kind *k, uint64_t m, int exp, bool half, bool more)
{
    bool tiny = exp == k->min_exp && !(m >> (k->bits - 1));

    if (half && (more || (m & 1)) && ++m >> k->bits) {
        m >>= 1;
        exp++;
    }
    if (m && exp > k->max_exp) {
        errno = ERANGE;
        return HUGE_VAL;
    }
    if (tiny && (half || more))
        errno = ERANGE;
    return assemble(m, exp);
}

static unsigned bit_length(uint64_t v)
{
    return v ? 64 - (unsigned)__builtin_clzll(v) : 0;
}

static double from_decimal(const struct kind *k, struct decimal *d)
{
    int exp = 0;
    uint64_t m;

    for (;;) {
        if (d->hi > DECIMAL_FRAC + 2) {
            decimal_shift_right(d, 9, DECIMAL_FRAC - 1);
            exp += 9;
            continue;
        }
        m = (uint64_t)decimal_digits(d, 17, 9) * DECIMAL_BASE + decimal_digits(d, 8, 9);
        unsigned n = bit_length(m);
        if (n > k->bits) {
            unsigned step = n - k->bits < 9 ? n - k->bits : 9;
            decimal_shift_right(d, step, DECIMAL_FRAC - 1);
            exp += (int)step;
        } else if (n < k->bits && exp > k->min_exp) {
            unsigned step = k->bits - n < 29 ? k->bits - n : 29;
            if ((int)step > exp - k->min_exp)
                step = (unsigned)(exp - k->min_exp);
            decimal_shift_left(d, step);
            exp -= (int)step;
        } else {
            break;
        }
    }
    uint32_t frac = d->lo < DECIMAL_FRAC ? decimal_digits(d, -1, 9) : 0;
    bool rest = d->sticky || d->lo < DECIMAL_FRAC - 1;
    bool half = frac >= DECIMAL_BASE / 2;
    return finish(k, m, exp, half, rest || (half ? frac > DECIMAL_BASE / 2 : frac != 0));
}

/* The digits of [s, end) (with at most one point) times 10^exp10, the slow exact way. */
static double exactly(const struct kind *k, const char *s, const char *end, int exp10)
{
    struct decimal d = {.lo = 0, .hi = 0, .sticky = false};
    const char *point = s;

    while (point < end && *point != '.')
        point++;
    int weight = (int)(point - s) - 1 + exp10; /* of the digit at s */
    for (; s < end && (*s == '0' || *s == '.'); s++)
        weight -= *s == '0';
    if (s == end)
        return 0;
    if (weight > 310) {
        errno = ERANGE;
        return HUGE_VAL;
    }
    if (weight < -400) {
        errno = ERANGE;
        return 0;
    }
    d.hi = (weight + 9 * DECIMAL_FRAC) / 9 + 1;
    d.lo = d.hi;
    for (; s < end; s++) {
        if (*s == '.')
            continue;
        int place = weight-- + 9 * DECIMAL_FRAC;
        if (place < 0) {
            d.sticky |= *s != '0';
            continue;
        }
        while (d.lo > place / 9)
            d.limb[--d.lo] = 0;
        d.limb[place / 9] += (uint32_t)(*s - '0') * decimal_pow10[place % 9];
    }
    while (d.lo < d.hi && !d.limb[d.lo])
        d.lo++;
    return from_decimal(k, &d);
}

static const double power_of_ten[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                        1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                        1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* An exponent behind `e` or `p`, if there is one; moves *at behind it. Saturates. */
static int exponent(const char **at)
{
    const char *s = *at + 1;
    bool minus = *s == '-';
    int e = 0;

    if (*s == '+' || *s == '-')
        s++;
    if (!isdigit(*s))
        return 0;
    for (; isdigit(*s); s++)
        if (e < 100000)
            e = e * 10 + (*s - '0');
    *at = s;
    return minus ? -e : e;
}

static double decimal_text(const struct kind *k, const char *s, const char **end)
{
    const char *at = s;
    uint64_t m = 0;
    int digits = 0, scale = 0;
    bool point = false, any = false;

    for (; isdigit(*at) || (*at == '.' && !point); at++) {
        if (*at == '.') {
            point = true;
            continue;
        }
        any = true;
        if (digits || *at != '0')
            digits++;
        if (digits <= 15)
            m = m * 10 + (uint64_t)(*at - '0');
        scale -= point;
    }
    if (!any)
        return 0; /* *end stays: no number */
    const char *last = at;
    int exp10 = 0;
    if ((*at | 32) == 'e')
        exp10 = exponent(&at);
    *end = at;
    scale += exp10;
    if (k == &kind_double && digits <= 15 && scale >= -22 && scale <= 22)
        return scale < 0 ? (double)m / power_of_ten[-scale]
                         : (double)m * power_of_ten[scale];
    return exactly(k, s, last, exp10);
}

static unsigned hex_digit(char c)
{
    return isdigit(c) ? (unsigned)(c - '0') : (unsigned)((c | 32) - 'a') + 10;
}

static double hex_text(const struct kind *k, const char *s, const char **end)
{
    const char *at = s;
    uint64_t m = 0;
    int exp = 0;
    bool point = false, any = false, more = false;

    for (; isxdigit(*at) || (*at == '.' && !point); at++) {
        if (*at == '.') {
            point = true;
            continue;
        }
        any = true;
        if (m >> 59) {
            more |= *at != '0';
            exp += 4;
        } else {
            m = m << 4 | hex_digit(*at);
        }
        exp -= point ? 4 : 0;
    }
    if (!any)
        return 0;
    if ((*at | 32) == 'p')
        exp += exponent(&at);
    *end = at;
    if (!m)
        return 0;
    bool half = false;
    while (bit_length(m) > k->bits || exp < k->min_exp) {
        more |= half;
        half = m & 1;
        m >>= 1;
        exp++;
        if (!m && !half) {
            more = true;
            exp = k->min_exp; /* everything is gone */
        }
    }
    while (bit_length(m) < k->bits && exp > k->min_exp) {
        m <<= 1;
        exp--;
    }
    return finish(k, m, exp, half, more);
}

static double parse(const struct kind *k, const char *s, char **end)
{
    const char *at = s, *stop = s;
    double v = 0;

    while (isspace((unsigned char)*at))
        at++;
    bool minus = *at == '-';
    if (*at == '+' || *at == '-')
        at++;
    if (!strncasecmp(at, "inf", 3)) {
        v = HUGE_VAL;
        stop = at + (strncasecmp(at + 3, "inity", 5) ? 3 : 8);
    } else if (!strncasecmp(at, "nan", 3)) {
        v = NAN;
        stop = at + 3;
        if (*stop == '(') {
            const char *p = stop + 1;
            while (isalnum((unsigned char)*p) || *p == '_')
                p++;
            if (*p == ')')
                stop = p + 1;
        }
    } else if (at[0] == '0' && (at[1] | 32) == 'x') {
        stop = at + 1; /* "0x" alone is a zero */
        v = hex_text(k, at + 2, &stop);
    } else {
        v = decimal_text(k, at, &stop);
    }
    if (end)
        *end = (char *)stop;
    return minus && stop != s ? -v : v;
}

double strtod(const char *s, char **end)
{
    return parse(&kind_double, s, end);
}

float strtof(const char *s, char **end)
{
    return (float)parse(&kind_float, s, end);
}

double atof(const char *s)
{
    return strtod(s, NULL);
}
