// SPDX-License-Identifier: GPL-2.0-or-later
/* number.c - decimal numbers of any length at the start of a line, compared without converting. */
#include "lines.h"

struct number {
    bool minus;
    const char *digit, *point,
        *end; /* integer digits without leading zeros; end of fraction */
};

static bool is_digit(const char *s, const char *end)
{
    return s < end && *s >= '0' && *s <= '9';
}

static struct number parse(const char *s, const char *end)
{
    struct number n;

    while (s < end && (*s == ' ' || *s == '\t'))
        s++;
    n.minus = s < end && *s == '-';
    s += n.minus;
    while (s < end && *s == '0')
        s++;
    n.digit = s;
    while (is_digit(s, end))
        s++;
    n.point = s;
    if (s < end && *s == '.') {
        s++;
        while (is_digit(s, end))
            s++;
        while (s > n.point + 1 && s[-1] == '0')
            s--;
    }
    n.end = s;
    if (n.end == n.point + 1)
        n.end = n.point; /* no fraction */
    if (n.digit == n.end)
        n.minus = false; /* zero */
    return n;
}

uint64_t number_key(const char *s, const char *end)
{
    struct number n = parse(s, end);
    uint64_t whole = (uint64_t)(n.point - n.digit), digits = 0;
    const char *at = n.digit;

    for (int i = 0; i < 15; i++) {
        if (at == n.point && at < n.end)
            at++;
        digits = digits * 10 + (at < n.end ? (uint64_t)(*at++ - '0') : 0);
    }
    if (whole > 0x1fff)
        whole = 0x1fff;
    uint64_t key = (uint64_t)1 << 63 | whole << 50 | digits;
    return n.minus ? ~key : key;
}

/* Magnitudes. */
static int compare(const struct number *a, const struct number *b)
{
    ptrdiff_t longer = (a->point - a->digit) - (b->point - b->digit);
    const char *x = a->digit, *y = b->digit;

    if (longer)
        return longer < 0 ? -1 : 1;
    for (; x < a->end && y < b->end; x++, y++)
        if (*x != *y)
            return *x - *y;
    return (x < a->end) - (y < b->end);
}

int number_compare(const char *a, const char *a_end, const char *b, const char *b_end)
{
    struct number x = parse(a, a_end), y = parse(b, b_end);

    if (x.minus != y.minus)
        return x.minus ? -1 : 1;
    return x.minus ? compare(&y, &x) : compare(&x, &y);
}
