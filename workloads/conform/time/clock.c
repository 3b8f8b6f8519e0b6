// SPDX-License-Identifier: GPL-2.0-or-later
/* clock.c - what time it is: clock_gettime, gettimeofday, time, clock. */
#include "harness.h"

#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define NS 1000000000

static long long ns_of(const struct timespec *t)
{
    return t->tv_sec * (long long)NS + t->tv_nsec;
}

static void work(void)
{
    for (volatile int i = 0; i < 20000; i++)
        ;
}

CONFORM(clock_gettime, NEEDS_NONE)
{
    static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC,
                                       CLOCK_PROCESS_CPUTIME_ID};
    for (int i = 0; i < 3; i++) {
        struct timespec a, b;
        CHECK_EQ(clock_gettime(clocks[i], &a), 0);
        CHECK(a.tv_nsec >= 0 && a.tv_nsec < NS);
        CHECK(a.tv_sec >= 0);
        work();
        CHECK_EQ(clock_gettime(clocks[i], &b), 0);
        CHECK(ns_of(&b) > ns_of(&a));
    }
    struct timespec before, after, used, then;
    CHECK_EQ(clock_gettime(CLOCK_MONOTONIC, &before), 0);
    CHECK_EQ(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used), 0);
    CHECK_EQ(usleep(50000), 0);
    CHECK_EQ(clock_gettime(CLOCK_MONOTONIC, &after), 0);
    CHECK_EQ(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &then), 0);
    CHECK(ns_of(&after) - ns_of(&before) >= 50000000);
    CHECK(ns_of(&then) - ns_of(&used) < 50000000); /* asleep it uses nothing */
    CHECK_ERRNO(clock_gettime(77, &before), EINVAL);
    CHECK_ERRNO(clock_gettime(-1, &before), EINVAL);
}

CONFORM(gettimeofday, NEEDS_NONE)
{
    struct timeval a, b;
    struct timespec t;
    CHECK_EQ(gettimeofday(&a, NULL), 0);
    CHECK(a.tv_usec >= 0 && a.tv_usec < 1000000);
    work();
    CHECK_EQ(clock_gettime(CLOCK_REALTIME, &t), 0);
    CHECK_EQ(gettimeofday(&b, NULL), 0);
    long long from = a.tv_sec * 1000000ll + a.tv_usec,
              to = b.tv_sec * 1000000ll + b.tv_usec;
    CHECK(from <= ns_of(&t) / 1000);
    CHECK(ns_of(&t) / 1000 <= to);
}

CONFORM(time, NEEDS_NONE)
{
    time_t a = time(NULL), b = -1;
    CHECK(a >= 0);
    CHECK_EQ(time(&b), b);
    CHECK(b >= a);
    CHECK_EQ(sleep(1), 0);
    CHECK(time(NULL) >= b + 1);
    CHECK(time(NULL) <= b + 2);
}

CONFORM(clock, NEEDS_NONE)
{
    clock_t a = clock();
    CHECK(a >= 0);
    CHECK_EQ(CLOCKS_PER_SEC, 1000000);
    clock_t b = a;
    for (int i = 0; i < 200 && b == a; i++) {
        work();
        b = clock();
    }
    CHECK(b > a);
    b = clock();
    CHECK_EQ(sleep(1), 0);
    CHECK(clock() - b < CLOCKS_PER_SEC);
}
