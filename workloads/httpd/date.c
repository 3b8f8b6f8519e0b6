// SPDX-License-Identifier: GPL-2.0-or-later
/* date.c - dates of HTTP; see date.h. */
#include "date.h"
#include <stdio.h>
#include <string.h>

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
static const char days[] = "SunMonTueWedThuFriSat";
static time_t ahead; /* of the machine's clock */

void date_seen(time_t modified)
{
    time_t now = date_now();
    if (modified > now)
        ahead += modified - now;
}

time_t date_now(void)
{
    return time(NULL) + ahead;
}

void date_print(char out[DATE_SIZE], time_t t)
{
    struct tm tm;
    gmtime_r(&t, &tm);
    snprintf(out, DATE_SIZE, "%.3s, %02u %.3s %04u %02u:%02u:%02u GMT",
             days + tm.tm_wday * 3, (unsigned)tm.tm_mday % 100, months + tm.tm_mon * 3,
             (unsigned)(tm.tm_year + 1900) % 10000, (unsigned)tm.tm_hour % 100,
             (unsigned)tm.tm_min % 100, (unsigned)tm.tm_sec % 100);
}

static bool month_of(struct tm *tm, const char name[4])
{
    const char *at = strstr(months, name);
    tm->tm_mon = at ? (int)(at - months) / 3 : 0;
    return at && strlen(name) == 3 && (at - months) % 3 == 0;
}

static bool in_range(const struct tm *tm)
{
    return tm->tm_mday >= 1 && tm->tm_mday <= 31 && tm->tm_hour >= 0 &&
           tm->tm_hour <= 23 && tm->tm_min >= 0 && tm->tm_min <= 59 && tm->tm_sec >= 0 &&
           tm->tm_sec <= 60 && tm->tm_year >= 0 && tm->tm_year <= 9999 - 1900;
}

bool date_parse(const char *s, time_t *t)
{
    struct tm tm = {0};
    char month[4] = "", zone[4] = "";
    const char *comma = strchr(s, ',');
    if (comma) {
        const char *date = comma + 1;
        int n = sscanf(date, " %2d %3s %4d %2d:%2d:%2d %3s", &tm.tm_mday, month,
                       &tm.tm_year, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, zone);
        if (n == 7) { /* Sun, 06 Nov 1994 08:49:37 GMT */
            tm.tm_year -= 1900;
        } else { /* Sunday, 06-Nov-94 08:49:37 GMT */
            n = sscanf(date, " %2d-%3s-%2d %2d:%2d:%2d %3s", &tm.tm_mday, month,
                       &tm.tm_year, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, zone);
            if (tm.tm_year < 70)
                tm.tm_year += 100;
        }
        if (n != 7 || strcmp(zone, "GMT"))
            return false;
    } else { /* Sun Nov  6 08:49:37 1994 */
        if (strlen(s) < 4 ||
            sscanf(s + 3, " %3s %2d %2d:%2d:%2d %4d", month, &tm.tm_mday, &tm.tm_hour,
                   &tm.tm_min, &tm.tm_sec, &tm.tm_year) != 6)
            return false;
        tm.tm_year -= 1900;
    }
    if (!month_of(&tm, month) || !in_range(&tm))
        return false;
    *t = timegm(&tm);
    return true;
}
