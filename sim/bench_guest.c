// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench_guest.c - measures that programs take inside the machine, in guest instructions and
 * cycles: `prims` (the exokernel's primitives) and `vmbench` (Appel and Li).
 *
 * Such a program prints a table (workloads/port or measure.h), per operation:
 *     name count cycles instructions = user + library + kernel
 * Other lines are words for people.
 */
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

struct row {
    char name[40];
    double count, cycles, instructions, user, library, kernel;
};

/* name count cycles instructions = user + library + kernel */
static bool parse(const char *line, struct row *r)
{
    return *line != '#' &&
           sscanf(line, "%39s %lf %lf %lf = %lf + %lf + %lf", r->name, &r->count,
                  &r->cycles, &r->instructions, &r->user, &r->library, &r->kernel) == 7;
}

static void put(struct bench *b, const char *bench, const char *board,
                const struct row *r)
{
    static const char *const parts[] = {"user", "library", "kernel"};
    const double value[] = {r->user, r->library, r->kernel};
    bench_put(b, bench, board, r->name, r->instructions, "instructions", aim_of(r->name));
    for (unsigned i = 0; i < 3; i++) {
        char *metric = mem_fmt("%s.%s", r->name, parts[i]);
        bench_put(b, bench, board, metric, value[i], "instructions", NAN);
        free(metric);
    }
    char *metric = mem_fmt("%s.cycles", r->name);
    bench_put(b, bench, board, metric, r->cycles, "cycles", NAN);
    free(metric);
}

int bench_table(struct bench *b, const char *bench, const char *board,
                const struct options *o, const char *program, struct err *err)
{
    struct bench_run r;
    int rc = bench_line(b, board, o, program, &r, err);
    if (rc)
        return rc;
    unsigned found = 0;
    char *rest = r.out, *line;
    while ((line = strsep(&rest, "\n"))) {
        struct row row;
        if (!parse(line, &row))
            continue;
        put(b, bench, board, &row);
        found++;
    }
    free(r.out);
    return found ? 0 : err_set(err, ERR_DEAD, "%s printed no table of measures", program);
}

static void measures(struct bench *b, const char *bench, const char *board,
                     const char *program)
{
    struct err err;
    int rc = bench_table(b, bench, board, NULL, program, &err);
    if (rc)
        bench_failed(b, bench, board, rc, &err);
}

void bench_prims(struct bench *b, const char *board)
{
    measures(b, "prims", board, "prims");
}

void bench_vm(struct bench *b, const char *board)
{
    measures(b, "vm", board, "vmbench");
}
