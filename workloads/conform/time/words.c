// SPDX-License-Identifier: GPL-2.0-or-later
/* words.c - dates as text: asctime, ctime, strftime. */
#include "harness.h"

#include <time.h>

static const time_t moment = 1234567890; /* Friday 2009-02-13 23:31:30 */

CONFORM(asctime, NEEDS_NONE)
{
    struct tm tm;
    gmtime_r(&moment, &tm);
    CHECK_STR(asctime(&tm), "Fri Feb 13 23:31:30 2009\n");
    time_t zero = 0;
    gmtime_r(&zero, &tm);
    CHECK_STR(asctime(&tm), "Thu Jan  1 00:00:00 1970\n");
}

CONFORM(ctime, NEEDS_NONE)
{
    CHECK_STR(ctime(&moment), "Fri Feb 13 23:31:30 2009\n");
    time_t day = 86400;
    CHECK_STR(ctime(&day), "Fri Jan  2 00:00:00 1970\n");
    time_t never = INT64_MAX;
    CHECK_NULL(ctime(&never), EOVERFLOW);
}

static char text[100];

static const char *formatted(const char *format, time_t t)
{
    struct tm tm;
    gmtime_r(&t, &tm);
    memset(text, '#', sizeof text);
    return strftime(text, sizeof text, format, &tm) == strlen(text) ? text : "(length)";
}

/* Weeks of ISO 8601 around the turn of years. */
static void weeks(void)
{
    CHECK_STR(formatted("%G-W%V-%u %g", 1104537600), "2004-W53-6 04"); /* 2005-01-01 */
    CHECK_STR(formatted("%G-W%V-%u", 1199059200), "2008-W01-1");       /* 2007-12-31 */
    CHECK_STR(formatted("%G-W%V-%u", 1230768000), "2009-W01-4");       /* 2009-01-01 */
    CHECK_STR(formatted("%G-W%V-%u", 1262476800), "2009-W53-7");       /* 2010-01-03 */
    CHECK_STR(formatted("%U %W", 1199059200), "52 53");                /* a Monday */
    CHECK_STR(formatted("%U %W", 1230768000), "00 00");
    CHECK_STR(formatted("%U %W", moment), "06 06");
}

CONFORM(strftime, NEEDS_NONE)
{
    CHECK_STR(formatted("%Y-%m-%d %H:%M:%S", moment), "2009-02-13 23:31:30");
    CHECK_STR(formatted("%a %A %b %B %h", moment), "Fri Friday Feb February Feb");
    CHECK_STR(formatted("%F %T %R %D", moment), "2009-02-13 23:31:30 23:31 02/13/09");
    CHECK_STR(formatted("%I:%M %p, %r", moment), "11:31 PM, 11:31:30 PM");
    CHECK_STR(formatted("%I %p", 0), "12 AM");
    CHECK_STR(formatted("%c|%x|%X", moment),
              "Fri Feb 13 23:31:30 2009|02/13/09|23:31:30");
    CHECK_STR(formatted("%j %u %w %y %C %e", moment), "044 5 5 09 20 13");
    CHECK_STR(formatted("%u %w", 1078012800), "7 0"); /* a Sunday */
    CHECK_STR(formatted("%e.", 0), " 1.");
    CHECK_STR(formatted("%s %Z %z", moment), "1234567890 UTC +0000");
    CHECK_STR(formatted("a%%b%nc%td", 0), "a%b\nc\td");
    CHECK_STR(formatted("%Ey %Od", moment), "09 13"); /* as without E and O */
    weeks();

    struct tm tm;
    gmtime_r(&moment, &tm);
    CHECK_EQ(strftime(text, 11, "%F", &tm), 10);
    CHECK_EQ(strftime(text, 10, "%F", &tm), 0); /* no room for the NUL */
    CHECK_EQ(strftime(text, 0, "", &tm), 0);
    text[0] = 'x';
    CHECK_EQ(strftime(text, 5, "", &tm), 0);
    CHECK_EQ(text[0], 0);
}
