// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * calls.c - build tool: print exo/include/exo/calls.def as tab-separated lines, for readers that
 * may not include exo/ (the simulator names calls in traces and tables by this file).
 *
 * Columns: number, name, hardware (ALL, DISK, MMU_RADIX ...), kinds, params, what. The first line is
 * the heading. docs of each column: calls.def.
 */
#include <stdio.h>

struct row {
    unsigned number;
    const char *name, *hardware, *kinds, *params, *what;
};

static const struct row rows[] = {
#define EXO_CALL(number, name, hw, kinds, params, what)                                  \
    {number, #name, #hw, kinds, #params, what},
#include <exo/calls.def>
#undef EXO_CALL
};

int main(void)
{
    puts("number\tname\thardware\tkinds\tparams\twhat");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *r = &rows[i];
        printf("%u\t%s\t%s\t%s\t%s\t%s\n", r->number, r->name, r->hardware, r->kinds,
               r->params, r->what);
    }
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
