// SPDX-License-Identifier: GPL-2.0-or-later
/* brk.c - sbrk and getpagesize. */
#include "harness.h"
#include "memory/touch.h"

#include <unistd.h>

#define SIZE 100000

CONFORM(sbrk, NEEDS_NONE)
{
    char *old = sbrk(0), *p = sbrk(SIZE);
    REQUIRE(p != (void *)-1);
    CHECK(p == old);
    CHECK(sbrk(0) == p + SIZE);
    for (int i = 0; i < SIZE; i += 1000)
        CHECK_EQ(p[i], 0);
    memset(p, 7, SIZE);
    CHECK(sbrk(-SIZE) == p + SIZE);
    CHECK(sbrk(0) == p);
    CHECK(sbrk(SIZE) == p); /* what was given back is zero when it comes again */
    CHECK_EQ(p[SIZE - 1 - (SIZE - 1) % getpagesize()], 0);
    CHECK(sbrk(-SIZE) == p + SIZE);
    CHECK_ERRNO(sbrk(0x70000000), ENOMEM);
    CHECK_ERRNO(sbrk(-0x70000000), ENOMEM); /* nothing below the first break */
    CHECK(sbrk(0) == p);
}

CONFORM(getpagesize, NEEDS_NONE)
{
    int page = getpagesize();
    CHECK(page >= 4096);
    CHECK((page & (page - 1)) == 0);
    CHECK_EQ(getpagesize(), page);
    CHECK_EQ(sysconf(_SC_PAGESIZE), page);
}
