// SPDX-License-Identifier: GPL-2.0-or-later
/* calendar.c - seconds since 1970 and calendar dates; all times are UTC. */
#include "harness.h"

#include <limits.h>
#include <time.h>

/* Dates with the answers of the Gregorian calendar. */
static const struct date {
    time_t t;
    int year, mon, mday, hour, min, sec, wday, yday;
} dates[] = {
    {0, 1970, 0, 1, 0, 0, 0, 4, 0},
    {-1, 1969, 11, 31, 23, 59, 59, 3, 364},
    {951782400, 2000, 1, 29, 0, 0, 0, 2, 59},
    {951868799, 2000, 1, 29, 23, 59, 59, 2, 59},
    {951868800, 2000, 2, 1, 0, 0, 0, 3, 60},
    {1078012800, 2004, 1, 29, 0, 0, 0, 0, 59},
    {1234567890, 2009, 1, 13, 23, 31, 30, 5, 43},
    {2147483648, 2038, 0, 19, 3, 14, 8, 2, 18},
    {4107542400, 2100, 2, 1, 0, 0, 0, 1, 59}, /* not a leap year */
    {-2208988800, 1900, 0, 1, 0, 0, 0, 1, 0},
    {253402300799, 9999, 11, 31, 23, 59, 59, 5, 364},
};
#define DATES (sizeof dates / sizeof *dates)

static bool is_date(const struct tm *tm, const struct date *d)
{
    return tm && tm->tm_year == d->year - 1900 && tm->tm_mon == d->mon &&
           tm->tm_mday == d->mday && tm->tm_hour == d->hour && tm->tm_min == d->min &&
           tm->tm_sec == d->sec && tm->tm_wday == d->wday && tm->tm_yday == d->yday &&
           tm->tm_isdst == 0;
}

static const time_t too_late = (time_t)INT_MAX * 400 * 86400;

CONFORM(gmtime, NEEDS_NONE)
{
    for (size_t i = 0; i < DATES; i++)
        CHECK(is_date(gmtime(&dates[i].t), &dates[i]));
    CHECK_NULL(gmtime(&too_late), EOVERFLOW);
}

CONFORM(gmtime_r, NEEDS_NONE)
{
    struct tm tm;
    for (size_t i = 0; i < DATES; i++) {
        CHECK(gmtime_r(&dates[i].t, &tm) == &tm);
        CHECK(is_date(&tm, &dates[i]));
    }
    CHECK_NULL(gmtime_r(&too_late, &tm), EOVERFLOW);
}

CONFORM(localtime, NEEDS_NONE)
{
    for (size_t i = 0; i < DATES; i++)
        CHECK(is_date(localtime(&dates[i].t), &dates[i]));
    CHECK_NULL(localtime(&too_late), EOVERFLOW);
}

CONFORM(localtime_r, NEEDS_NONE)
{
    struct tm tm;
    for (size_t i = 0; i < DATES; i++) {
        CHECK(localtime_r(&dates[i].t, &tm) == &tm);
        CHECK(is_date(&tm, &dates[i]));
    }
}

static struct tm tm_of(const struct date *d)
{
    return (struct tm){.tm_year = d->year - 1900,
                       .tm_mon = d->mon,
                       .tm_mday = d->mday,
                       .tm_hour = d->hour,
                       .tm_min = d->min,
                       .tm_sec = d->sec,
                       .tm_wday = 99,
                       .tm_yday = -99};
}

/* Both functions are the same where there are no time zones. */
static void inverse(time_t (*make)(struct tm *))
{
    for (size_t i = 0; i < DATES; i++) {
        struct tm tm = tm_of(&dates[i]);
        CHECK_EQ(make(&tm), dates[i].t);
        CHECK(is_date(&tm, &dates[i])); /* weekday and day of the year are filled in */
    }
    /* fields out of their ranges mean what one thinks */
    struct tm tm = {.tm_year = 100, .tm_mon = 13, .tm_mday = 29};
    CHECK_EQ(make(&tm), 983404800); /* 2001-02-29 is 2001-03-01 */
    CHECK_EQ(tm.tm_mon, 2);
    CHECK_EQ(tm.tm_mday, 1);
    tm = (struct tm){.tm_year = 100, .tm_mon = -1, .tm_mday = 31, .tm_sec = 86400};
    CHECK_EQ(make(&tm), 946684800); /* 2000-01-01 */
    CHECK_EQ(tm.tm_year, 100);
    CHECK_EQ(tm.tm_yday, 0);
    tm = (struct tm){.tm_year = 70, .tm_mday = 0};
    CHECK_EQ(make(&tm), -86400);
    tm = (struct tm){.tm_year = INT_MAX, .tm_mon = INT_MAX, .tm_mday = 1};
    CHECK_ERRNO(make(&tm), EOVERFLOW);
}

CONFORM(mktime, NEEDS_NONE)
{
    inverse(mktime);
}

CONFORM(timegm, NEEDS_NONE)
{
    inverse(timegm);
}

CONFORM(difftime, NEEDS_NONE)
{
    CHECK(difftime(5, 3) == 2.0);
    CHECK(difftime(3, 5) == -2.0);
    CHECK(difftime(1234567890, 0) == 1234567890.0);
    CHECK(difftime((time_t)1 << 40, 1) == 1099511627775.0);
    CHECK(difftime(INT64_MAX, INT64_MIN) > 1.8e19);
}
