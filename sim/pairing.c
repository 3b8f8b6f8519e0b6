// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pairing.c - the shortest edit script, by E. W. Myers, "An O(ND) Difference Algorithm and Its
 * Variations", Algorithmica 1 (1986): the farthest point reached on every diagonal with d elements
 * standing alone, for d = 0, 1, 2, ...; then the way back.
 */
#include "pairing.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"

struct search {
    const uint32_t *a, *b;
    size_t na, nb;
    size_t *row[PAIRING_APART + 1]; /* of each d: x on the diagonals -d, -d + 2 ... d */
};

static size_t along(const struct search *s, size_t x, ptrdiff_t diagonal)
{
    while (x < s->na && (size_t)((ptrdiff_t)x - diagonal) < s->nb &&
           s->a[x] == s->b[(size_t)((ptrdiff_t)x - diagonal)])
        x++;
    return x;
}

/* Where diagonal k is entered with d apart, from the row before: down (b alone) or right (a alone). */
static size_t enter(const struct search *s, size_t d, ptrdiff_t k, bool *down)
{
    ptrdiff_t n = (ptrdiff_t)d;
    const size_t *row = s->row[d - 1]; /* diagonal j is element (j + d - 1) / 2 */
    size_t left = k > -n ? row[(k - 1 + n - 1) / 2] : 0;
    size_t above = k < n ? row[(k + 1 + n - 1) / 2] : 0;
    *down = k == -n || (k != n && left < above);
    return *down ? above : left + 1;
}

/* The d with which the end is reached; PAIRING_APART + 1: too many. */
static size_t find_end(struct search *s)
{
    ptrdiff_t end = (ptrdiff_t)s->na - (ptrdiff_t)s->nb;
    for (size_t d = 0; d <= PAIRING_APART; d++) {
        s->row[d] = mem_zero(d + 1, sizeof **s->row);
        for (ptrdiff_t k = -(ptrdiff_t)d; k <= (ptrdiff_t)d; k += 2) {
            bool down;
            size_t x = along(s, d ? enter(s, d, k, &down) : 0, k);
            s->row[d][(k + (ptrdiff_t)d) / 2] = x;
            if (k == end && x >= s->na)
                return d;
        }
    }
    return PAIRING_APART + 1;
}

static void put(struct pairing *to, size_t *n, size_t a, size_t b)
{
    to[(*n)++] = (struct pairing){a, b};
}

/* Back from the end: the pairs in reverse. */
static size_t way_back(const struct search *s, size_t d, struct pairing *to)
{
    size_t n = 0, x = s->na, y = s->nb;
    while (d > 0) {
        bool down;
        size_t from = enter(s, d, (ptrdiff_t)x - (ptrdiff_t)y, &down);
        for (; x > from; x--, y--)
            put(to, &n, x - 1, y - 1);
        if (down)
            put(to, &n, PAIRING_NONE, --y);
        else
            put(to, &n, --x, PAIRING_NONE);
        d--;
    }
    for (; x > 0; x--, y--)
        put(to, &n, x - 1, y - 1);
    return n;
}

struct pairing *pairing_of(const uint32_t *a, size_t na, const uint32_t *b, size_t nb,
                           size_t *n)
{
    struct search s = {.a = a, .b = b, .na = na, .nb = nb};
    struct pairing *pair = mem_zero(na + nb + 1, sizeof *pair);
    size_t d = find_end(&s);
    *n = 0;
    if (d <= PAIRING_APART) {
        *n = way_back(&s, d, pair);
        for (size_t i = 0; i < *n / 2; i++) {
            struct pairing swap = pair[i];
            pair[i] = pair[*n - 1 - i];
            pair[*n - 1 - i] = swap;
        }
    } else {
        for (size_t i = 0; i < na || i < nb; i++)
            if (i < na && i < nb && a[i] == b[i]) {
                put(pair, n, i, i);
            } else {
                if (i < na)
                    put(pair, n, i, PAIRING_NONE);
                if (i < nb)
                    put(pair, n, PAIRING_NONE, i);
            }
    }
    for (size_t i = 0; i <= PAIRING_APART && s.row[i]; i++)
        free(s.row[i]);
    return pair;
}
