// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * clock.c - time, made of cycles and the board's nominal clock (hardware table). All clocks
 * start at 0 when the machine does: host time never reaches a guest.
 */
#include <errno.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "session.h"
#include "signal_priv.h"

#define NS 1000000000u

static uint64_t hertz(void)
{
    uint64_t hz = HWTABLE->cycles_per_second;
    return hz != 0 ? hz : 1000000;
}

static int fail(int error)
{
    errno = error;
    return -1;
}

int clock_gettime(clockid_t clock, struct timespec *ts)
{
    uint64_t cycles, hz = hertz();
    if (clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC)
        cycles = exo_time64();
    else if (clock == CLOCK_PROCESS_CPUTIME_ID)
        cycles = exo_counter64(EXO_COUNTER_ENV);
    else
        return fail(EINVAL);
    uint64_t rest = cycles % hz;
    ts->tv_sec = (time_t)(cycles / hz);
    /* rest * NS fits 64 bits for clocks up to 18 GHz */
    ts->tv_nsec = (long)(rest * NS / hz);
    return 0;
}

int gettimeofday(struct timeval *tv, void *zone)
{
    struct timespec ts;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &ts);
    tv->tv_sec = ts.tv_sec;
    tv->tv_usec = (suseconds_t)(ts.tv_nsec / 1000);
    return 0;
}

int nanosleep(const struct timespec *want, struct timespec *left)
{
    if (want->tv_sec < 0 || want->tv_nsec < 0 || want->tv_nsec >= (long)NS)
        return fail(EINVAL);
    uint32_t before = signal_handled();
    uint64_t hz = hertz(), now = exo_time64();
    uint64_t end = INT64_MAX; /* who wants to sleep longer sleeps for ever */
    if ((uint64_t)want->tv_sec < (end - now) / hz - 1)
        end = now + (uint64_t)want->tv_sec * hz +
              ((uint64_t)want->tv_nsec * hz + NS - 1) / NS;
    while (now < end) {
        struct exo_pred pred[2] = {{EXO_PRED_TIME, 0, 0, end}};
        if (exos_mmu != NULL)
            proc_sleep(pred, 1);
        else
            exo_sleep((exo_word)pred, 1);
        now = exo_time64();
        signal_poll();
        if (signal_handled() == before)
            continue;
        uint64_t rest = now < end ? end - now : 0;
        if (left != NULL) {
            left->tv_sec = (time_t)(rest / hz);
            left->tv_nsec = (long)(rest % hz * NS / hz);
        }
        return fail(EINTR);
    }
    return 0;
}

int getpagesize(void)
{
    return (int)(1u << KINFO->page_shift);
}
