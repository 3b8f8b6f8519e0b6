// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench_trace.c - what writing a trace costs: runs with --trace against runs without, in host time, on a
 * program that computes and one that traps; and the file: bytes and time to open of a million events.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "trace_file.h"

#define ROUNDS 3

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Best time of some runs; path NULL: without a trace. */
static int time_run(struct bench *b, const char *board, const char *line,
                    const char *path, double *best, struct err *err)
{
    int rc = 0;
    *best = INFINITY;
    for (unsigned i = 0; rc == 0 && i < ROUNDS; i++) {
        struct options o = {.trace = path};
        struct bench_run run;
        rc = bench_line(b, board, &o, line, &run, err);
        if (rc == 0) {
            *best = fmin(*best, (double)run.run_ns / 1e6);
            free(run.out);
        }
    }
    return rc;
}

static int overhead(struct bench *b, const char *board, const char *metric,
                    const char *line, const char *path, struct err *err)
{
    double with, without;
    int rc = time_run(b, board, line, NULL, &without, err);
    if (rc == 0)
        rc = time_run(b, board, line, path, &with, err);
    if (rc == 0)
        bench_put(b, "trace", board, metric, with, "ms", without);
    return rc;
}

/* Size and time to open and look at every record, for a million of them. */
static int file(struct bench *b, const char *board, const char *path, struct err *err)
{
    struct trace_file f;
    double start = now();
    int rc = trace_file_open(&f, path, err);
    if (rc)
        return rc;
    uint64_t last = 0;
    for (size_t i = 0; i < f.n; i++)
        last = f.record[i].cycle > last ? f.record[i].cycle : last;
    double ms = (now() - start) * 1000, million = (double)f.n / 1e6;
    bench_put(b, "trace", board, "records", (double)f.n, "records", NAN);
    bench_put(b, "trace", board, "cycles", (double)last, "cycles", NAN);
    bench_put(b, "trace", board, "million.size", (double)f.size / million / 1e6, "MB",
              NAN);
    bench_put(b, "trace", board, "million.open", ms / million, "ms", NAN);
    trace_file_close(&f);
    return 0;
}

void bench_trace(struct bench *b, const char *board)
{
    char path[] = "/tmp/exosim-bench-XXXXXX";
    struct err err;
    int fd = mkstemp(path);
    int rc = fd < 0 ? err_set(&err, ERR_USER, "/tmp: no temporary file") : 0;
    if (fd >= 0)
        close(fd);
    if (rc == 0)
        rc = overhead(b, board, "cpu_bound", "sieve 600", path, &err);
    if (rc == 0)
        rc = overhead(b, board, "trap_bound", "calls null 1000000", path, &err);
    if (rc == 0)
        rc = file(b, board, path, &err);
    if (fd >= 0)
        unlink(path);
    if (rc)
        bench_failed(b, "trace", board, rc, &err);
}
