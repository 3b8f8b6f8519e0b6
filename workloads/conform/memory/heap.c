// SPDX-License-Identifier: GPL-2.0-or-later
/* heap.c - memory from the heap: alignment, contents, requests of nothing and of too much. */
#include "support.h"

#include <stdlib.h>

static bool holds(const unsigned char *p, int c, size_t n)
{
    while (n > 0 && *p == (unsigned char)c) {
        p++;
        n--;
    }
    return n == 0;
}

CONFORM(malloc, NEEDS_NONE)
{
    unsigned char *block[24];
    unsigned bad = 0;
    for (unsigned i = 0; i < 24; i++) {
        size_t n = 1 + i * i * 5;
        block[i] = malloc(n);
        if (block[i] == NULL || (uintptr_t)block[i] % sizeof(void *) != 0)
            bad++;
        else
            memset(block[i], (int)i, n);
    }
    for (unsigned i = 0; i < 24; i++) /* none lies in another */
        bad += block[i] == NULL || !holds(block[i], (int)i, 1 + i * i * 5);
    CHECK_EQ(bad, 0);
    for (unsigned i = 0; i < 24; i++)
        free(block[i]);
    char *large = malloc(600000);
    CHECK(large != NULL);
    large[0] = 'a';
    large[599999] = 'z';
    CHECK(large[0] == 'a' && large[599999] == 'z');
    free(large);
    void *none = malloc(0);
    free(none);
    volatile size_t huge = SIZE_MAX / 2; /* from where the compiler does not warn */
    CHECK_NULL(malloc(huge), ENOMEM);
    CHECK_NULL(malloc(huge * 2), ENOMEM);
}

CONFORM(free, NEEDS_NONE)
{
    free(NULL);
    void *p = malloc(1000);
    errno = EDOM;
    free(p);
    int after = errno;
    CHECK_EQ(after, EDOM);
    uintptr_t low = UINTPTR_MAX, high = 0; /* what was given back is used again */
    for (unsigned i = 0; i < 200; i++) {
        char *a = malloc(3000), *b = malloc(50);
        uintptr_t at = (uintptr_t)a;
        CHECK(a != NULL && b != NULL);
        low = at < low ? at : low;
        high = at > high ? at : high;
        free(a);
        free(b);
    }
    CHECK(high - low < 64 * 1024);
}

CONFORM(calloc, NEEDS_NONE)
{
    unsigned char *dirty = malloc(500);
    CHECK(dirty != NULL);
    memset(dirty, 0xa5, 500);
    free(dirty);
    unsigned char *p = calloc(100, 5);
    CHECK(p != NULL && holds(p, 0, 500));
    free(p);
    p = calloc(1, 300000);
    CHECK(p != NULL && p[0] == 0 && p[150000] == 0 && p[299999] == 0);
    free(p);
    free(calloc(0, 8));
    volatile size_t half = SIZE_MAX / 2 + 1;
    CHECK_NULL(calloc(half, 2), ENOMEM); /* 0 in size_t's arithmetic */
    CHECK(calloc(half, half) == NULL);
}

CONFORM(realloc, NEEDS_NONE)
{
    unsigned char *p = realloc(NULL, 10), *above;
    CHECK(p != NULL);
    memset(p, 7, 10);
    above = malloc(10); /* in the way */
    p = realloc(p, 5000);
    CHECK(p != NULL && holds(p, 7, 10));
    memset(p, 8, 5000);
    p = realloc(p, 100);
    CHECK(p != NULL && holds(p, 8, 100));
    p = realloc(p, 400000); /* to the large ones, and back */
    CHECK(p != NULL && holds(p, 8, 100));
    p[399999] = 9;
    p = realloc(p, 50);
    CHECK(p != NULL && holds(p, 8, 50));
    volatile size_t huge = SIZE_MAX / 2;
    CHECK_NULL(realloc(p, huge), ENOMEM);
    CHECK(holds(p, 8, 50)); /* the old one stays */
    free(p);
    free(above);
}

CONFORM(reallocarray, NEEDS_NONE)
{
    int *p = reallocarray(NULL, 10, sizeof *p);
    CHECK(p != NULL);
    for (int i = 0; i < 10; i++)
        p[i] = i;
    p = reallocarray(p, 1000, sizeof *p);
    CHECK(p != NULL && p[0] == 0 && p[9] == 9);
    volatile size_t half = SIZE_MAX / 2 + 1;
    CHECK_NULL(reallocarray(p, half, 2), ENOMEM);
    CHECK_EQ(p[9], 9);
    free(p);
}

CONFORM(aligned_alloc, NEEDS_NONE)
{
    for (size_t align = sizeof(void *); align <= 4096; align *= 2) {
        unsigned char *p = aligned_alloc(align, align * 2), *q = malloc(30);
        CHECK(p != NULL && (uintptr_t)p % align == 0);
        memset(p, 1, align * 2);
        memset(q, 2, 30);
        CHECK(holds(p, 1, align * 2));
        p = realloc(p, align * 3);
        CHECK(p != NULL && holds(p, 1, align * 2));
        free(p);
        free(q);
    }
    volatile size_t odd = 24;
    CHECK_NULL(aligned_alloc(odd, 48), EINVAL);
}

CONFORM(posix_memalign, NEEDS_NONE)
{
    void *p = &p;
    CHECK_EQ(posix_memalign(&p, 256, 100), 0);
    CHECK((uintptr_t)p % 256 == 0);
    memset(p, 1, 100);
    free(p);
    CHECK_EQ(posix_memalign(&p, sizeof(void *), 1), 0);
    free(p);
    p = &p;
    CHECK_EQ(posix_memalign(&p, 24, 100), EINVAL); /* no power of two */
    CHECK_EQ(posix_memalign(&p, sizeof(void *) / 2, 100), EINVAL);
    CHECK_EQ(posix_memalign(&p, 0, 100), EINVAL);
    volatile size_t huge = SIZE_MAX / 2;
    CHECK_EQ(posix_memalign(&p, 64, huge), ENOMEM);
    CHECK(p == &p); /* untouched where it failed */
}

CONFORM(malloc_usable_size, NEEDS_NONE)
{
    CHECK_EQ(malloc_usable_size(NULL), 0);
    for (size_t n = 1; n < 3000; n = n * 3 + 1) {
        unsigned char *p = malloc(n), *q = malloc(n);
        size_t room = malloc_usable_size(p);
        CHECK(room >= n);
        memset(q, 5, n);
        memset(p, 6, room); /* all of it is ours */
        CHECK(holds(q, 5, n));
        free(p);
        free(q);
    }
}
