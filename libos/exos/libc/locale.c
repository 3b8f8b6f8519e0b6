// SPDX-License-Identifier: GPL-2.0-or-later
/* locale.c - the "C" locale, the only one. */
#include <locale.h>
#include <string.h>

char *setlocale(int category, const char *name)
{
    static char only[] = "C";

    if (category < LC_CTYPE || category > LC_ALL)
        return NULL;
    if (name && *name && strcmp(name, "C") && strcmp(name, "POSIX"))
        return NULL;
    return only;
}

struct lconv *localeconv(void)
{
    static char point[] = ".", none[] = "";
    static struct lconv conventions = {point, none, none};

    return &conventions;
}
