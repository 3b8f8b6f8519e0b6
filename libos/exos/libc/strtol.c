// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * strtol.c - text to integers: the strtol and ato families, all over one parser.
 *
 * Out of range: the nearest limit and errno ERANGE. Base not 0 or 2..36: 0 and EINVAL.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

static unsigned digit(char c)
{
    if (isdigit(c))
        return (unsigned)(c - '0');
    if (isalpha(c))
        return (unsigned)(tolower(c) - 'a') + 10;
    return 99;
}

/* The magnitude, at most `max`, else max and *over. Sign in *minus. */
static unsigned long long magnitude(const char *s, char **end, unsigned base,
                                    unsigned long long max, bool *minus, bool *over)
{
    const char *at = s;

    *minus = *over = false;
    if (end)
        *end = (char *)s;
    while (isspace((unsigned char)*at))
        at++;
    if (*at == '+' || *at == '-')
        *minus = *at++ == '-';
    if ((base == 0 || base == 16) && at[0] == '0' && (at[1] | 32) == 'x' &&
        digit(at[2]) < 16) {
        at += 2;
        base = 16;
    } else if (base == 0) {
        base = *at == '0' ? 8 : 10;
    }

    unsigned long long v = 0;
    unsigned long small = 0; /* six digits of any base fit 32 bits; then the long way */
    const char *first = at;
    for (unsigned d; (d = digit(*at)) < base; at++) {
        if (at - first < 6) {
            v = small = small * base + d;
        } else {
            unsigned long long low = (v & 0xffffffff) * base + d;
            unsigned long long high = (v >> 32) * base + (low >> 32);
            *over |= (high >> 32) != 0;
            v = high << 32 | (low & 0xffffffff);
        }
    }
    if (at != first && end)
        *end = (char *)at;
    if (v > max)
        *over = true;
    return *over ? max : v;
}

static unsigned long long to_unsigned(const char *s, char **end, int base,
                                      unsigned long long max)
{
    bool minus, over;

    if (base < 0 || base == 1 || base > 36) {
        errno = EINVAL;
        if (end)
            *end = (char *)s;
        return 0;
    }
    unsigned long long v = magnitude(s, end, (unsigned)base, max, &minus, &over);
    if (over) {
        errno = ERANGE;
        return max;
    }
    return minus ? -v : v;
}

static long long to_signed(const char *s, char **end, int base, long long max)
{
    bool minus, over;

    if (base < 0 || base == 1 || base > 36) {
        errno = EINVAL;
        if (end)
            *end = (char *)s;
        return 0;
    }
    unsigned long long v =
        magnitude(s, end, (unsigned)base, (unsigned long long)max + 1, &minus, &over);
    if (over || (!minus && v > (unsigned long long)max)) {
        errno = ERANGE;
        return minus ? -max - 1 : max;
    }
    return (long long)(minus ? -v : v);
}

long strtol(const char *s, char **end, int base)
{
    return (long)to_signed(s, end, base, __LONG_MAX__);
}

unsigned long strtoul(const char *s, char **end, int base)
{
    return (unsigned long)to_unsigned(s, end, base, (unsigned long)-1);
}

long long strtoll(const char *s, char **end, int base)
{
    return to_signed(s, end, base, __LONG_LONG_MAX__);
}

unsigned long long strtoull(const char *s, char **end, int base)
{
    return to_unsigned(s, end, base, (unsigned long long)-1);
}

intmax_t strtoimax(const char *s, char **end, int base)
{
    return (intmax_t)strtoll(s, end, base);
}

uintmax_t strtoumax(const char *s, char **end, int base)
{
    return (uintmax_t)strtoull(s, end, base);
}

int atoi(const char *s)
{
    return (int)strtol(s, NULL, 10);
}

long atol(const char *s)
{
    return strtol(s, NULL, 10);
}

long long atoll(const char *s)
{
    return strtoll(s, NULL, 10);
}
