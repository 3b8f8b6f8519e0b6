// SPDX-License-Identifier: GPL-2.0-or-later
/* bench_counts.c - what a run in a child process cost, read from its --stats; see bench.h. */
#include <stdlib.h>

#include "bench.h"

static double sum_of(json_t *object)
{
    double sum = 0;
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) sum += json_number_value(value);
    return sum;
}

int bench_counts_read(const char *path, struct bench_counts *c, struct err *err)
{
    json_t *all = json_load_file(path, 0, NULL);
    json_t *o = json_is_array(all) ? json_array_get(all, 0) : all;
    if (!o)
        return err_set(err, ERR_DEAD, "the run left no statistics");
    const json_t *in = json_object_get(o, "instructions");
    *c = (struct bench_counts){.user = json_number_value(json_object_get(in, "user")),
                               .library = json_number_value(json_object_get(in, "libos")),
                               .kernel = json_number_value(json_object_get(in, "kernel")),
                               .calls = sum_of(json_object_get(o, "exo_calls")),
                               .traps = sum_of(json_object_get(o, "traps"))};
    json_decref(all);
    return 0;
}

void bench_put_counts(struct bench *b, const char *bench, const char *board,
                      const char *metric, const struct bench_counts *x,
                      const struct bench_counts *y, double n)
{
    const struct {
        const char *name, *unit;
        double value;
    } parts[] = {{"user", "instructions", y->user - x->user},
                 {"library", "instructions", y->library - x->library},
                 {"kernel", "instructions", y->kernel - x->kernel},
                 {"calls", "calls", y->calls - x->calls},
                 {"traps", "traps", y->traps - x->traps}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char *name = mem_fmt("%s.%s", metric, parts[i].name);
        bench_put(b, bench, board, name, parts[i].value / n, parts[i].unit, NAN);
        free(name);
    }
}
