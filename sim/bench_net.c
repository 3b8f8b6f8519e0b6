// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench_net.c - what packets cost: datagrams between two machines (the workload netbench, in a child process, with
 * few and with many of them), and the kernel's packet filters by their number (filters).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "child.h"

#define PEER "riscv" /* the other machine, whatever is measured */

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int run_pair(const char *board, const char *operation, const char *size,
                    unsigned count, struct bench_counts *counts, struct err *err)
{
    char stats[] = "/tmp/exosim-bench-XXXXXX";
    int fd = mkstemp(stats);
    if (fd < 0)
        return err_set(err, ERR_USER, "no file in /tmp");
    close(fd);
    char *option = mem_fmt("--stats=%s", stats), *n = mem_fmt("%u", count);
    char *argv[] = {"/proc/self/exe",
                    "run",
                    "-b",
                    (char *)(uintptr_t)board,
                    "--net",
                    "link:x",
                    option,
                    "netbench",
                    (char *)(uintptr_t)operation,
                    (char *)(uintptr_t)size,
                    "169.254.1.2",
                    n,
                    "--machine",
                    "-b",
                    PEER,
                    "--net",
                    "link:x",
                    "netbench",
                    "serve",
                    NULL};
    int status = 0;
    double start = seconds();
    int rc = child_run(argv, &status, err);
    if (rc == 0 && status)
        rc = err_set(err, ERR_DEAD, "netbench ended with status %d", status);
    if (rc == 0)
        rc = bench_counts_read(stats, counts, err);
    counts->seconds = seconds() - start;
    unlink(stats);
    free(option);
    free(n);
    return rc;
}

void bench_nic(struct bench *b, const char *board)
{
    static const char *const operations[] = {"send", "recv"}, *const sizes[] = {"64",
                                                                                "1460"};
    static const unsigned few = 100, many = 5100;
    for (unsigned i = 0; i < 4; i++) {
        struct bench_counts x, y;
        struct err err;
        const char *operation = operations[i / 2], *size = sizes[i % 2];
        int rc = run_pair(board, operation, size, few, &x, &err);
        if (rc == 0)
            rc = run_pair(board, operation, size, many, &y, &err);
        if (rc) {
            bench_failed(b, "nic", board, rc, &err);
            return;
        }
        char *metric = mem_fmt("%s.%s", operation, size);
        bench_put_counts(b, "nic", board, metric, &x, &y, many - few);
        free(metric);
        metric = mem_fmt("%s.%s.rate", operation, size);
        bench_put(b, "nic", board, metric, (many - few) / (y.seconds - x.seconds),
                  "packets/s", NAN);
        free(metric);
    }
}

static double measured(const struct bench *b, const char *board, const char *metric)
{
    size_t i;
    json_t *o;
    json_array_foreach(
        b->list, i,
        o) if (!strcmp(json_string_value(json_object_get(o, "metric")), metric) &&
               !strcmp(json_string_value(json_object_get(o, "board")),
                       board)) return json_number_value(json_object_get(o, "value"));
    return NAN;
}

void bench_filter(struct bench *b, const char *board)
{
    const struct options o = {.net = "user"};
    struct err err;
    int rc = bench_table(b, "filter", board, &o, "filters", &err);
    if (rc)
        bench_failed(b, "filter", board, rc, &err);
    else
        bench_put(b, "filter", board, "thousand_to_one",
                  measured(b, board, "filters-1000.kernel"), "instructions",
                  measured(b, board, "filters-1.kernel"));
}
