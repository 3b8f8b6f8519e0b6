// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench_guest.c - measures that programs take inside the machine, in guest instructions and
 * cycles: `prims` (the exokernel's primitives) and `vmbench` (Appel and Li).
 *
 * Such a program prints lines "METRIC VALUE UNIT"; other lines are words for people.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

/* Published instruction counts of Aegis (SOSP'95; exception dispatch: 18 instructions) and what
 * DESIGN.md aims at where none was published. */
static const struct {
    const char *metric;
    double instructions;
} aims[] = {{"null_call", 20}, {"exception_dispatch", 18}, {"pct", 30}};

static double aim_of(const char *metric)
{
    for (size_t i = 0; i < sizeof aims / sizeof *aims; i++)
        if (strcmp(aims[i].metric, metric) == 0)
            return aims[i].instructions;
    return NAN;
}

/* "METRIC VALUE UNIT" and nothing else; cuts the line up. */
static bool parse(char *line, char **metric, double *value, char **unit)
{
    char *rest = line, *number, *end;
    *metric = strsep(&rest, " \t");
    while (rest && (*rest == ' ' || *rest == '\t'))
        rest++;
    number = strsep(&rest, " \t");
    while (rest && (*rest == ' ' || *rest == '\t'))
        rest++;
    *unit = rest;
    if (!number || !*number || !rest || !*rest || strpbrk(rest, " \t"))
        return false;
    if (!isalpha((unsigned char)**metric))
        return false;
    *value = strtod(number, &end);
    return *end == 0;
}

static void measures(struct bench *b, const char *bench, const char *board,
                     const char *program)
{
    struct err err;
    struct bench_run r;
    int rc = bench_line(b, board, program, &r, &err);
    if (rc) {
        bench_failed(b, bench, board, rc, &err);
        return;
    }
    unsigned found = 0;
    char *rest = r.out, *line;
    while ((line = strsep(&rest, "\n"))) {
        char *metric, *unit;
        double value;
        if (!parse(line, &metric, &value, &unit))
            continue;
        bool instructions = strcmp(unit, "instructions") == 0;
        bench_put(b, bench, board, metric, value, unit,
                  instructions ? aim_of(metric) : NAN);
        found++;
    }
    if (!found)
        bench_failed(b, bench, board,
                     err_set(&err, ERR_DEAD, "%s printed no measures (METRIC VALUE UNIT)",
                             program),
                     &err);
    free(r.out);
}

void bench_prims(struct bench *b, const char *board)
{
    measures(b, "prims", board, "prims");
}

void bench_vm(struct bench *b, const char *board)
{
    measures(b, "vm", board, "vmbench");
}
