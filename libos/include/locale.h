// SPDX-License-Identifier: GPL-2.0-or-later
/* locale.h - there is one locale, "C". */
#ifndef EXOS_LIBC_LOCALE_H
#define EXOS_LIBC_LOCALE_H

#include <stddef.h>

#define LC_CTYPE 0
#define LC_NUMERIC 1
#define LC_TIME 2
#define LC_COLLATE 3
#define LC_MONETARY 4
#define LC_MESSAGES 5
#define LC_ALL 6

struct lconv {
    char *decimal_point, *thousands_sep, *grouping;
};

/* "C" for the names NULL, "", "C" and "POSIX"; NULL for others. */
char *setlocale(int category, const char *name);
struct lconv *localeconv(void);

#endif
