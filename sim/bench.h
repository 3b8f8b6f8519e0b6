// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench.h - the frame of `exosim bench`: measures go to a table on standard output and, with
 * --json, to a list of {"bench", "board", "metric", "value", "unit", "baseline", "ratio"}.
 *
 * The only part of exosim besides `compare` that looks at the host's clock.
 */
#ifndef SIM_BENCH_H
#define SIM_BENCH_H

#include <jansson.h>
#include <math.h>

#include "cmd.h"

struct bench {
    const struct registry *models;
    const struct calls *calls;
    char **board; /* the boards to measure */
    size_t nboards;
    bool all; /* no -b: a bench may leave out boards that add nothing */
    json_t *list;
    int status; /* of the command: the worst that happened */
};

/* A measure; baseline NAN: nothing is compared, else ratio = value / baseline. */
void bench_put(struct bench *b, const char *bench, const char *board, const char *metric,
               double value, const char *unit, double baseline);
/* One that could not be taken, and why. The command's status becomes code's. */
void bench_failed(struct bench *b, const char *bench, const char *board, int code,
                  const struct err *err);

/* A run of one program with its output kept. On success (0) the caller frees result.out. */
struct bench_run {
    uint64_t create_ns, run_ns;
    struct machine_stats stats;
    char *out; /* NUL-terminated */
};
int bench_program(struct bench *b, const char *board, const struct options *o,
                  char **argv, int argc, struct bench_run *result, struct err *err);
/* The same for "NAME ARG..." split at blanks. o: further options, NULL none. */
int bench_line(struct bench *b, const char *board, const struct options *o,
               const char *line, struct bench_run *result, struct err *err);

/* What one operation costs: the difference of runs of "PROGRAM COUNT" with two counts. Host time
 * is the best of so many rounds; the rest is the same in each. */
struct bench_cost {
    double ns, cycles, instructions, user, library, kernel, misses, calls, traps;
    double device_bytes; /* that disk and NIC moved */
};
int bench_slope(struct bench *b, const char *board, const struct options *o,
                const char *program, const unsigned count[2], unsigned rounds,
                struct bench_cost *cost, struct err *err);
/* Metrics METRIC.user, .library, .kernel, .calls, .traps, .device, .cycles, .host */
void bench_put_cost(struct bench *b, const char *bench, const char *board,
                    const char *metric, const struct bench_cost *c);

/* Of a run in a child process: what --stats=path said (of the first machine), and its time. */
struct bench_counts {
    double user, library, kernel, calls, traps, seconds;
};
int bench_counts_read(const char *path, struct bench_counts *c, struct err *err);
/* Metrics METRIC.user and so on: the difference of two runs by n. */
void bench_put_counts(struct bench *b, const char *bench, const char *board,
                      const char *metric, const struct bench_counts *x,
                      const struct bench_counts *y, double n);

/* Runs a program that prints a table of measures (measure.h), and puts its rows. */
int bench_table(struct bench *b, const char *bench, const char *board,
                const struct options *o, const char *program, struct err *err);

void bench_cpu(struct bench *b, const char *board);
void bench_start(struct bench *b, const char *board);
void bench_memory(struct bench *b, const char *board);
void bench_syscall(struct bench *b, const char *board);
void bench_refill(struct bench *b, const char *board);
void bench_fork(struct bench *b, const char *board);
void bench_pipe(struct bench *b, const char *board);
void bench_prims(struct bench *b, const char *board);
void bench_vm(struct bench *b, const char *board);
void bench_trace(struct bench *b, const char *board);
void bench_snapshot(struct bench *b, const char *board);
void bench_step_back(struct bench *b, const char *board);
void bench_view(struct bench *b, const char *board);
void bench_disk(struct bench *b, const char *board);
void bench_nic(struct bench *b, const char *board);
void bench_filter(struct bench *b, const char *board);
void bench_httpd(struct bench *b, const char *board);

#endif
