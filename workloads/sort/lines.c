// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lines.c - splitting a text into lines and sorting them: quicksort of the records in place, heap
 * sort where partitions go wrong. No two records are equal, since the offset decides last:
 * so the order is unique, and lines that compare equal keep theirs.
 */
#include "lines.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SHORT_RUN 10

/* -- splitting -- */

/* How many bytes all lines begin with. */
static size_t common_prefix(const struct lines *l)
{
    if (!l->n)
        return 0;
    const char *first = l->text + l->line[0].offset;
    size_t common = l->line[0].length;
    for (size_t i = 1; i < l->n && common; i++) {
        const char *s = l->text + l->line[i].offset;
        if (common > l->line[i].length)
            common = l->line[i].length;
        if (memcmp(first, s, common))
            for (common = 0; first[common] == s[common];)
                common++;
    }
    return common;
}

static uint64_t text_key(const char *s, size_t n)
{
    uint32_t high = 0, low = 0;

    for (size_t i = 0; i < 4; i++)
        high = high << 8 | (i < n ? (unsigned char)s[i] : 0);
    for (size_t i = 4; n > 4 && i < 8; i++)
        low = low << 8 | (i < n ? (unsigned char)s[i] : 0);
    return (uint64_t)high << 32 | low;
}

static void make_keys(struct lines *l)
{
    for (size_t i = 0; i < l->n; i++) {
        struct line *at = &l->line[i];
        const char *s = l->text + at->offset;
        uint64_t key = l->numeric ? number_key(s, s + at->length)
                                  : text_key(s + l->skip, at->length - l->skip);
        at->key = l->reverse ? ~key : key;
    }
}

/* Twice the room for lines; at first for short ones. 0 or -1. */
static int make_room(struct lines *l, size_t *room)
{
    size_t more = *room ? 2 * *room : l->size / 32 + 16;

    if (more > SIZE_MAX / sizeof *l->line) {
        errno = ENOMEM;
        return -1;
    }
    struct line *line = realloc(l->line, more * sizeof *line);
    if (!line)
        return -1;
    l->line = line;
    *room = more;
    return 0;
}

int lines_split(struct lines *l, const char *text, size_t n)
{
    size_t room = 0;

    l->text = text;
    l->size = n;
    l->n = 0;
    for (const char *at = text, *end = text + n; at < end; l->n++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (!newline)
            newline = end;
        if (l->n == room && make_room(l, &room))
            return -1;
        l->line[l->n].offset = (uint32_t)(at - text);
        l->line[l->n].length = (uint32_t)(newline - at);
        at = newline + 1;
    }
    l->skip = common_prefix(l);
    make_keys(l);
    return 0;
}

/* -- order -- */

static int compare_text(const struct lines *l, const struct line *a, const struct line *b)
{
    size_t shorter = a->length < b->length ? a->length : b->length;
    int order = memcmp(l->text + a->offset + l->skip, l->text + b->offset + l->skip,
                       shorter - l->skip);

    return order ? order : (a->length > b->length) - (a->length < b->length);
}

static int compare(const struct lines *l, const struct line *a, const struct line *b)
{
    int order = 0;

    if (l->numeric) {
        const char *x = l->text + a->offset, *y = l->text + b->offset;
        order = number_compare(x, x + a->length, y, y + b->length);
    }
    if (!order && (!l->numeric || l->whole))
        order = compare_text(l, a, b);
    return l->reverse ? -order : order;
}

bool lines_equal(const struct lines *l, const struct line *a, const struct line *b)
{
    return a->key == b->key && !compare(l, a, b);
}

static bool same_key_before(const struct lines *l, const struct line *a,
                            const struct line *b)
{
    int order = compare(l, a, b);

    return order ? order < 0 : a->offset < b->offset;
}

static inline bool before(const struct lines *l, const struct line *a,
                          const struct line *b)
{
    return a->key != b->key ? a->key < b->key : same_key_before(l, a, b);
}

/* -- sorting -- */

static inline void swap(struct line *a, struct line *b)
{
    struct line t = *a;

    *a = *b;
    *b = t;
}

static void insertion_sort(const struct lines *l, struct line *a, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct line t = a[i];
        size_t j = i;
        for (; j && before(l, &t, &a[j - 1]); j--)
            a[j] = a[j - 1];
        a[j] = t;
    }
}

static void sift_down(const struct lines *l, struct line *a, size_t root, size_t n)
{
    for (size_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && before(l, &a[child], &a[child + 1]))
            child++;
        if (before(l, &a[child], &a[root]))
            return;
        swap(&a[root], &a[child]);
    }
}

static void heap_sort(const struct lines *l, struct line *a, size_t n)
{
    for (size_t i = n / 2; i--;)
        sift_down(l, a, i, n);
    while (n-- > 1) {
        swap(&a[0], &a[n]);
        sift_down(l, a, 0, n);
    }
}

/* Order a[0], a[n/2], a[n-1] so that the median is in a[0], the ends on their sides. */
static void place_pivot(const struct lines *l, struct line *a, size_t n)
{
    struct line *mid = a + n / 2, *last = a + n - 1;

    if (before(l, mid, a))
        swap(a, mid);
    if (before(l, last, mid)) {
        swap(mid, last);
        if (before(l, mid, a))
            swap(a, mid);
    }
    swap(a, mid);
}

static void sort_range(const struct lines *l, struct line *a, size_t n, unsigned depth)
{
    while (n > SHORT_RUN) {
        if (!depth--) {
            heap_sort(l, a, n);
            return;
        }
        place_pivot(l, a, n);
        struct line pivot = a[0];
        size_t i = 0, j = n;
        for (
            ;
            ;) { /* a[n-1] is not before the pivot, a[0] is it: both ends stop the search */
            do
                i++;
            while (before(l, &a[i], &pivot));
            do
                j--;
            while (before(l, &pivot, &a[j]));
            if (i >= j)
                break;
            swap(&a[i], &a[j]);
        }
        swap(&a[0], &a[j]);
        if (j < n - j - 1) { /* the shorter side first: at most log n deep */
            sort_range(l, a, j, depth);
            a += j + 1;
            n -= j + 1;
        } else {
            sort_range(l, a + j + 1, n - j - 1, depth);
            n = j;
        }
    }
    insertion_sort(l, a, n);
}

void lines_sort(struct lines *l)
{
    unsigned depth = 2;

    for (size_t m = l->n; m; m >>= 1)
        depth += 2;
    sort_range(l, l->line, l->n, depth);
}
