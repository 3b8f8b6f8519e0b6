// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench_slope.c - what one operation costs: the difference of two runs of the same program with few
 * and with many of them, so that boot, loading and exit drop out.
 */
#include <stdlib.h>

#include "bench.h"
#include "stats.h"

struct sample {
    double ns; /* the best of the rounds */
    struct machine_stats stats;
};

static int sample(struct bench *b, const char *board, const struct options *o,
                  const char *program, unsigned count, unsigned rounds, struct sample *s,
                  struct err *err)
{
    char *line = mem_fmt("%s %u", program, count);
    int rc = 0;
    s->ns = INFINITY;
    for (unsigned i = 0; rc == 0 && i < rounds; i++) {
        struct bench_run r;
        rc = bench_line(b, board, o, line, &r, err);
        if (rc)
            break;
        free(r.out);
        s->ns = fmin(s->ns, (double)r.run_ns);
        s->stats = r.stats;
    }
    free(line);
    return rc;
}

int bench_slope(struct bench *b, const char *board, const struct options *o,
                const char *program, const unsigned count[2], unsigned rounds,
                struct bench_cost *cost, struct err *err)
{
    struct sample s[2];
    for (unsigned k = 0; k < 2; k++) {
        int rc = sample(b, board, o, program, count[k], rounds, &s[k], err);
        if (rc)
            return rc;
    }
    double n = (double)(count[1] - count[0]);
    const struct machine_stats *x = &s[0].stats, *y = &s[1].stats;
#define PER(field) (((double)y->field - (double)x->field) / n)
    *cost = (struct bench_cost){
        .ns = (s[1].ns - s[0].ns) / n,
        .cycles = PER(cycles),
        .user = PER(cpu.user),
        .library = PER(cpu.lib),
        .kernel = PER(cpu.kernel),
        .misses = PER(mmu.misses),
        .calls =
            (double)(stats_sum(y->calls, CALLS_MAX) - stats_sum(x->calls, CALLS_MAX)) / n,
        .traps = (double)(stats_sum(y->cpu.traps, HW_CAUSE_COUNT) -
                          stats_sum(x->cpu.traps, HW_CAUSE_COUNT)) /
                 n,
        .device_bytes = PER(disk.bytes_read) + PER(disk.bytes_written) +
                        PER(nic.tx_bytes) + PER(nic.rx_bytes),
    };
#undef PER
    cost->instructions = cost->user + cost->library + cost->kernel;
    return 0;
}

void bench_put_cost(struct bench *b, const char *bench, const char *board,
                    const char *metric, const struct bench_cost *c)
{
    const struct {
        const char *name, *unit;
        double value;
    } parts[] = {
        {"user", "instructions", c->user},     {"library", "instructions", c->library},
        {"kernel", "instructions", c->kernel}, {"calls", "calls", c->calls},
        {"traps", "traps", c->traps},          {"device", "bytes", c->device_bytes},
        {"cycles", "cycles", c->cycles},       {"host", "ns", c->ns}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char *name = mem_fmt("%s.%s", metric, parts[i].name);
        bench_put(b, bench, board, name, parts[i].value, parts[i].unit, NAN);
        free(name);
    }
}
