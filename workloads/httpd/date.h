// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * date.h - dates of HTTP (RFC 9110, 5.6.7), and what time it is.
 *
 * A machine without a battery starts at 1970. A server's Date is not before the modification of a
 * file it serves (RFC 9110, 8.8.2.1), so the clock is set forward to the newest file seen.
 */
#ifndef HTTPD_DATE_H
#define HTTPD_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#define DATE_SIZE 32

void date_seen(time_t modified);
time_t date_now(void);
void date_print(char out[DATE_SIZE], time_t t);
/* Any of the three formats; false: it is none of them. */
bool date_parse(const char *s, time_t *t);

#endif
