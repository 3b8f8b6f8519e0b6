// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * qsort.c - sorting in place: quicksort on the median of three, insertion sort for short
 * runs, heap sort when the partitions go wrong, so n log n always (D. Musser,
 * "Introspective sorting and selection algorithms", 1997). And binary search.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SHORT_RUN 12

struct sort {
    size_t size;
    bool words; /* size and addresses are multiples of a word */
    int (*compare)(const void *, const void *);
};

static void swap(const struct sort *s, char *a, char *b)
{
    if (s->words) {
        uintptr_t *x = (uintptr_t *)(void *)a, *y = (uintptr_t *)(void *)b;
        for (size_t n = s->size / sizeof *x; n; n--, x++, y++) {
            uintptr_t t = *x;
            *x = *y;
            *y = t;
        }
        return;
    }
    for (size_t n = s->size; n; n--, a++, b++) {
        char t = *a;
        *a = *b;
        *b = t;
    }
}

static void insertion_sort(const struct sort *s, char *base, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (char *at = base + i * s->size; at > base; at -= s->size) {
            if (s->compare(at - s->size, at) <= 0)
                break;
            swap(s, at - s->size, at);
        }
}

static void sift_down(const struct sort *s, char *base, size_t root, size_t n)
{
    for (size_t child; (child = 2 * root + 1) < n; root = child) {
        char *c = base + child * s->size;
        if (child + 1 < n && s->compare(c, c + s->size) < 0) {
            child++;
            c += s->size;
        }
        if (s->compare(base + root * s->size, c) >= 0)
            return;
        swap(s, base + root * s->size, c);
    }
}

static void heap_sort(const struct sort *s, char *base, size_t n)
{
    for (size_t i = n / 2; i--;)
        sift_down(s, base, i, n);
    while (n-- > 1) {
        swap(s, base, base + n * s->size);
        sift_down(s, base, 0, n);
    }
}

static char *median(const struct sort *s, char *a, char *b, char *c)
{
    if (s->compare(a, b) < 0)
        return s->compare(b, c) < 0 ? b : s->compare(a, c) < 0 ? c : a;
    return s->compare(a, c) < 0 ? a : s->compare(b, c) < 0 ? c : b;
}

/* Hoare partition around the median, moved to base. Returns where it ends up. */
static size_t partition(const struct sort *s, char *base, size_t n)
{
    size_t size = s->size, i = 0, j = n;

    swap(s, base, median(s, base + size, base + n / 2 * size, base + (n - 1) * size));
    for (;;) {
        do
            i++;
        while (i < n && s->compare(base + i * size, base) < 0);
        do
            j--;
        while (j && s->compare(base, base + j * size) < 0);
        if (i >= j)
            break;
        swap(s, base + i * size, base + j * size);
    }
    swap(s, base, base + j * size);
    return j;
}

static void sort_range(const struct sort *s, char *base, size_t n, unsigned depth)
{
    while (n > SHORT_RUN) {
        if (!depth--) {
            heap_sort(s, base, n);
            return;
        }
        size_t mid = partition(s, base, n), above = n - mid - 1;
        char *upper = base + (mid + 1) * s->size;
        if (mid < above) { /* recurse into the shorter half: at most log n deep */
            sort_range(s, base, mid, depth);
            base = upper;
            n = above;
        } else {
            sort_range(s, upper, above, depth);
            n = mid;
        }
    }
    insertion_sort(s, base, n);
}

void qsort(void *base, size_t n, size_t size, int (*compare)(const void *, const void *))
{
    struct sort s = {.size = size,
                     .words = !(((uintptr_t)base | size) % sizeof(uintptr_t)),
                     .compare = compare};
    unsigned depth = 2;

    if (n < 2 || !size)
        return;
    for (size_t m = n; m; m >>= 1)
        depth += 2;
    sort_range(&s, base, n, depth);
}

void *bsearch(const void *key, const void *base, size_t n, size_t size,
              int (*compare)(const void *, const void *))
{
    const char *low = base;

    while (n) {
        const char *mid = low + n / 2 * size;
        int order = compare(key, mid);
        if (!order)
            return (void *)mid;
        if (order > 0) {
            low = mid + size;
            n -= n / 2 + 1;
        } else {
            n /= 2;
        }
    }
    return NULL;
}
