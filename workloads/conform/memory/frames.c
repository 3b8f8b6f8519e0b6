// SPDX-License-Identifier: GPL-2.0-or-later
/* frames.c - memory by its physical names, critical sections (exos/vm.h). */
#include "harness.h"

#include <exos/vm.h>
#include <sys/mman.h>
#include <unistd.h>

static char zeroes[3 * 65536]; /* a whole page somewhere in the middle */

CONFORM(exos_frame_of, NEEDS_NONE)
{
    uintptr_t page = (uintptr_t)getpagesize();
    char *p = (char *)(((uintptr_t)zeroes + page) & ~(page - 1));
    *(volatile char *)p = 1;
    uint32_t frame = exos_frame_of(p);
    CHECK(frame != 0);
    CHECK_EQ(exos_frame_of(p + page - 1), frame); /* of the same page */
    *(volatile char *)(p + page) = 1;
    CHECK(exos_frame_of(p + page) != 0);
    CHECK(exos_frame_of(p + page) != frame);
    int local = 1;
    CHECK(exos_frame_of(&local) != 0);
    CHECK_EQ(exos_frame_of(NULL), 0);
}

CONFORM(exos_critical_enter, NEEDS_NONE)
{
    volatile unsigned sum = 0;
    exos_critical_enter();
    exos_critical_enter(); /* it nests */
    for (unsigned i = 0; i < 1000; i++)
        sum += i;
    zeroes[65536] = 1; /* faults are served */
    exos_critical_leave();
    exos_critical_leave();
    CHECK_EQ(sum, 499500);
    CHECK_EQ(zeroes[65536], 1);
}

CONFORM(exos_critical_leave, NEEDS_NONE)
{
    volatile unsigned turns = 0;
    exos_critical_enter();
    /* longer than a slice: its end is made up for by leave */
    while (turns < 30000)
        turns++;
    exos_critical_leave();
    CHECK_EQ(turns, 30000);
    exos_critical_enter();
    exos_critical_leave();
    CHECK(exos_frame_of((const void *)&turns) != 0);
}
