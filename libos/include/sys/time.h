// SPDX-License-Identifier: GPL-2.0-or-later
/* sys/time.h - time of day in microseconds. */
#ifndef EXOS_LIBC_SYS_TIME_H
#define EXOS_LIBC_SYS_TIME_H

#include <sys/types.h>

struct timeval {
    time_t tv_sec;
    suseconds_t tv_usec;
};
struct timezone {
    int tz_minuteswest, tz_dsttime;
};

int gettimeofday(struct timeval *tv, void *zone);

#endif
