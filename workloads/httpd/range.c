// SPDX-License-Identifier: GPL-2.0-or-later
/* range.c - byte ranges; see range.h. */
#include "range.h"
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#define NONE ((off_t)-1)

/* Digits at *s, which moves behind them; NONE: there are none. Saturates. */
static off_t number(const char **s)
{
    if (**s < '0' || **s > '9')
        return NONE;
    off_t n = 0;
    for (; **s >= '0' && **s <= '9'; (*s)++)
        n = n > INT64_MAX / 10 - 10 ? INT64_MAX : n * 10 + (**s - '0');
    return n;
}

/* One of "a-b", "a-", "-n" at *s. False: bad syntax. It is empty (to <= from) if outside. */
static bool one(struct range *r, const char **s, off_t size)
{
    off_t first = number(s);
    if (*(*s)++ != '-')
        return false;
    off_t last = number(s);
    if (first == NONE) {
        if (last == NONE)
            return false;
        *r = (struct range){last < size ? size - last : 0, size};
        return true;
    }
    if (last != NONE && last < first)
        return false;
    *r = (struct range){first, last == NONE || last >= size ? size : last + 1};
    return true;
}

int range_parse(struct range range[RANGES_MAX], const char *field, off_t size)
{
    int n = 0;
    off_t left = size;
    if (strncasecmp(field, "bytes=", 6))
        return -1;
    const char *s = field + 6;
    for (unsigned seen = 0;; seen++) {
        struct range r;
        s += strspn(s, " \t");
        if (seen == RANGES_MAX || !one(&r, &s, size))
            return -1;
        s += strspn(s, " \t");
        if (r.from < r.to) {
            if (r.to - r.from > left)
                return -1;
            left -= r.to - r.from;
            range[n++] = r;
        }
        if (!*s)
            return n;
        if (*s++ != ',')
            return -1;
    }
}
