// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * time.c - calendar and clocks over clock_gettime; all times are UTC.
 *
 * Days since 1970-03-01 of the Gregorian calendar are counted in eras of 400 years that
 * begin in March, so that the leap day is the last of a year.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ERA_DAYS 146097 /* days of 400 years */

static const char day_name[7][10] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                     "Thursday", "Friday", "Saturday"};
static const char month_name[12][10] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Days from 1970-01-01 to the given day; month 0..11 of any year. */
static int64_t days_to(int64_t year, int month, int mday)
{
    year -= month < 2;
    int64_t era = floor_div(year, 400);
    int year_of_era = (int)(year - era * 400);
    int day_of_year = (153 * ((month + 10) % 12) + 2) / 5;
    return era * ERA_DAYS + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
           day_of_year + mday - 1 - 719468;
}

struct tm *gmtime_r(const time_t *t, struct tm *tm)
{
    int64_t days = floor_div(*t, 86400);
    int secs = (int)(*t - days * 86400);
    int64_t shifted = days + 719468, era = floor_div(shifted, ERA_DAYS);
    int doe = (int)(shifted - era * ERA_DAYS);
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153; /* months since March */
    int month = (mp + 2) % 12;
    int64_t year = era * 400 + yoe + (month < 2);

    if (year - 1900 > __INT_MAX__ || year - 1900 < -__INT_MAX__) {
        errno = EOVERFLOW;
        return NULL;
    }
    tm->tm_year = (int)(year - 1900);
    tm->tm_mon = month;
    tm->tm_mday = doy - (153 * mp + 2) / 5 + 1;
    tm->tm_yday = (int)(days - days_to(year, 0, 1));
    tm->tm_wday = (int)(days + 4 - 7 * floor_div(days + 4, 7));
    tm->tm_hour = secs / 3600;
    tm->tm_min = secs / 60 % 60;
    tm->tm_sec = secs % 60;
    tm->tm_isdst = 0;
    return tm;
}

time_t timegm(struct tm *tm)
{
    int64_t months = tm->tm_mon, years = floor_div(months, 12);
    int64_t days =
        days_to(1900 + (int64_t)tm->tm_year + years, (int)(months - years * 12), 1);
    time_t t = (days + tm->tm_mday - 1) * 86400 + (int64_t)tm->tm_hour * 3600 +
               (int64_t)tm->tm_min * 60 + tm->tm_sec;

    return gmtime_r(&t, tm) ? t : -1;
}

time_t mktime(struct tm *tm)
{
    return timegm(tm);
}

struct tm *gmtime(const time_t *t)
{
    static struct tm tm;

    return gmtime_r(t, &tm);
}

struct tm *localtime_r(const time_t *t, struct tm *tm)
{
    return gmtime_r(t, tm);
}

struct tm *localtime(const time_t *t)
{
    return gmtime(t);
}

char *asctime(const struct tm *tm)
{
    static char text[40];

    return strftime(text, sizeof text, "%a %b %e %H:%M:%S %Y\n", tm) ? text : NULL;
}

char *ctime(const time_t *t)
{
    struct tm tm;

    return gmtime_r(t, &tm) ? asctime(&tm) : NULL;
}

/* -- strftime -- */

/* The conversion as a format of its own ("%D" is "%m/%d/%y"), or NULL. */
static const char *composite(char c)
{
    switch (c) {
    case 'c': return "%a %b %e %H:%M:%S %Y";
    case 'D':
    case 'x': return "%m/%d/%y";
    case 'F': return "%Y-%m-%d";
    case 'R': return "%H:%M";
    case 'r': return "%I:%M:%S %p";
    case 'T':
    case 'X': return "%H:%M:%S";
    }
    return NULL;
}

static bool leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Week of the year by ISO 8601: the one its Thursday is in; *year is that year. */
static int iso_week(const struct tm *tm, int64_t *year)
{
    int thursday = tm->tm_yday - (tm->tm_wday + 6) % 7 + 3;

    *year = tm->tm_year + (int64_t)1900;
    if (thursday < 0)
        thursday += leap(--*year) ? 366 : 365;
    else if (thursday >= (leap(*year) ? 366 : 365))
        thursday -= leap((*year)++) ? 366 : 365;
    return thursday / 7 + 1;
}

/* Conversions of weeks; as convert(). */
static int convert_week(char *text, char c, const struct tm *tm)
{
    int64_t year;
    int week = iso_week(tm, &year);

    switch (c) {
    case 'G': return snprintf(text, 24, "%lld", (long long)year);
    case 'g': return snprintf(text, 24, "%02d", (int)(year % 100));
    case 'U': return snprintf(text, 24, "%02d", (tm->tm_yday + 7 - tm->tm_wday) / 7);
    case 'V': return snprintf(text, 24, "%02d", week);
    case 'W':
        return snprintf(text, 24, "%02d", (tm->tm_yday + 7 - (tm->tm_wday + 6) % 7) / 7);
    }
    return -1;
}

/* One conversion into text (at least 24 bytes). Its length, -1 if it does not exist. */
static int convert(char *text, char c, const struct tm *tm)
{
    int hour12 = tm->tm_hour % 12 ? tm->tm_hour % 12 : 12;
    struct tm copy = *tm;

    switch (c) {
    case 'a': return snprintf(text, 24, "%.3s", day_name[tm->tm_wday % 7]);
    case 'A': return snprintf(text, 24, "%s", day_name[tm->tm_wday % 7]);
    case 'b':
    case 'h': return snprintf(text, 24, "%.3s", month_name[tm->tm_mon % 12]);
    case 'B': return snprintf(text, 24, "%s", month_name[tm->tm_mon % 12]);
    case 'C': return snprintf(text, 24, "%02d", (tm->tm_year + 1900) / 100);
    case 'd': return snprintf(text, 24, "%02d", tm->tm_mday);
    case 'e': return snprintf(text, 24, "%2d", tm->tm_mday);
    case 'H': return snprintf(text, 24, "%02d", tm->tm_hour);
    case 'I': return snprintf(text, 24, "%02d", hour12);
    case 'j': return snprintf(text, 24, "%03d", tm->tm_yday + 1);
    case 'm': return snprintf(text, 24, "%02d", tm->tm_mon + 1);
    case 'M': return snprintf(text, 24, "%02d", tm->tm_min);
    case 'n': return snprintf(text, 24, "\n");
    case 'p': return snprintf(text, 24, tm->tm_hour < 12 ? "AM" : "PM");
    case 's': return snprintf(text, 24, "%lld", (long long)timegm(&copy));
    case 'S': return snprintf(text, 24, "%02d", tm->tm_sec);
    case 't': return snprintf(text, 24, "\t");
    case 'u': return snprintf(text, 24, "%d", tm->tm_wday ? tm->tm_wday : 7);
    case 'w': return snprintf(text, 24, "%d", tm->tm_wday);
    case 'y': return snprintf(text, 24, "%02d", (tm->tm_year + 1900) % 100);
    case 'Y': return snprintf(text, 24, "%d", tm->tm_year + 1900);
    case 'z': return snprintf(text, 24, "+0000");
    case 'Z': return snprintf(text, 24, "UTC");
    case '%': return snprintf(text, 24, "%%");
    }
    return convert_week(text, c, tm);
}

size_t strftime(char *s, size_t max, const char *format, const struct tm *tm)
{
    size_t used = 0;

    for (; *format; format++) {
        char text[24] = {*format};
        int n = 1;
        if (*format == '%') {
            format++;
            if (*format == 'E' || *format == 'O') /* the C locale has nothing else */
                format++;
            const char *whole = composite(*format);
            if (whole) {
                size_t got = strftime(s + used, max - used, whole, tm);
                if (!got)
                    return 0;
                used += got;
                continue;
            }
            n = *format ? convert(text, *format, tm) : -1;
        }
        if (n < 0 || used + (size_t)n >= max)
            return 0;
        memcpy(s + used, text, (size_t)n);
        used += (size_t)n;
    }
    if (used >= max)
        return 0;
    s[used] = 0;
    return used;
}

/* -- clocks -- */

time_t time(time_t *t)
{
    struct timespec ts = {0};

    clock_gettime(CLOCK_REALTIME, &ts);
    if (t)
        *t = ts.tv_sec;
    return ts.tv_sec;
}

clock_t clock(void)
{
    struct timespec ts;

    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts))
        return -1;
    return ts.tv_sec * CLOCKS_PER_SEC + ts.tv_nsec / 1000;
}

double difftime(time_t a, time_t b)
{
    return a >= b ? (double)((uint64_t)a - (uint64_t)b)
                  : -(double)((uint64_t)b - (uint64_t)a);
}

unsigned sleep(unsigned seconds)
{
    struct timespec want = {.tv_sec = seconds}, left = {0};

    if (!nanosleep(&want, &left))
        return 0;
    return (unsigned)left.tv_sec + (left.tv_nsec != 0);
}

int usleep(useconds_t usec)
{
    struct timespec want = {.tv_sec = usec / 1000000,
                            .tv_nsec = (long)(usec % 1000000) * 1000};

    return nanosleep(&want, NULL);
}
