// SPDX-License-Identifier: GPL-2.0-or-later
/* range.h - byte ranges of a file (RFC 9110, 14). */
#ifndef HTTPD_RANGE_H
#define HTTPD_RANGE_H

#include <sys/types.h>

#define RANGES_MAX 16

struct range {
    off_t from, to; /* bytes [from, to) */
};

/* What a Range field asks of a file of size bytes. How many, in the field's order; 0: none of them
 * lies in the file (416); -1: the field is to be ignored (other units, bad syntax, more than
 * RANGES_MAX, together more than the file). */
int range_parse(struct range range[RANGES_MAX], const char *field, off_t size);

#endif
