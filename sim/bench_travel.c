// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench_travel.c - what time travel costs: runs with snapshots against runs without, in host time, and
 * a step back by one event from random places of a run.
 *
 * EXOSIM_BENCH_STEPS (environment): rounds of `sieve` that are stepped back in; about 1.6 million
 * instructions each, default 600.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"
#include "travel.h"

#define ROUNDS 3
#define STEPS 60u
#define MEMORY (UINT64_C(2) << 30)

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A session of "NAME ARG" at its beginning. The words are the caller's. */
static int open_session(struct bench *b, const char *board, struct option_program *p,
                        struct session *s, struct err *err)
{
    struct options o = {.program = p, .nprograms = 1};
    return session_open(s, board, &o, b->models, b->calls, -1, NULL, err);
}

static int run_to_end(struct travel *t, struct err *err)
{
    return travel_to(t, TRAVEL_INSTRUCTION, UINT64_MAX - 1, err);
}

/* Best time of the run, with snapshots or without. */
static int time_run(struct bench *b, const char *board, struct option_program *p,
                    bool snapshots, double *best, struct err *err)
{
    int rc = 0;
    *best = INFINITY;
    for (unsigned i = 0; rc == 0 && i < ROUNDS; i++) {
        struct session s;
        rc = open_session(b, board, p, &s, err);
        if (rc)
            return rc;
        double start = now();
        struct travel *t = snapshots ? travel_open(s.machine, MEMORY) : NULL;
        struct machine_outcome out;
        if (t)
            rc = run_to_end(t, err);
        else
            machine_run(s.machine, &out);
        *best = fmin(*best, now() - start);
        travel_close(t);
        struct err ignored;
        session_close(&s, &ignored);
    }
    return rc;
}

static void overhead(struct bench *b, const char *board, const char *metric,
                     struct option_program *p)
{
    double with, without;
    struct err err;
    int rc = time_run(b, board, p, false, &without, &err);
    if (rc == 0)
        rc = time_run(b, board, p, true, &with, &err);
    if (rc)
        bench_failed(b, "snapshot", board, rc, &err);
    else
        bench_put(b, "snapshot", board, metric, with * 1000, "ms", without * 1000);
}

void bench_snapshot(struct bench *b, const char *board)
{
    char *cpu[] = {"sieve", "600", NULL}, *trap[] = {"calls", "null", "1000000", NULL};
    overhead(b, board, "cpu_bound", &(struct option_program){cpu, 2});
    overhead(b, board, "trap_bound", &(struct option_program){trap, 3});
}

/* ---- stepping back ---- */

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 20;
}

static int step_back(struct travel *t, double *ms, struct err *err)
{
    uint64_t state = 1, end = travel_place(t).record;
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < STEPS; i++) {
        uint64_t at = 2 + next_random(&state) % (end - 2);
        rc = travel_to(t, TRAVEL_RECORD, at, err);
        double start = now();
        if (rc == 0)
            rc = travel_to(t, TRAVEL_RECORD, at - 1, err);
        ms[i] = (now() - start) * 1000;
    }
    qsort(ms, STEPS, sizeof *ms, ascending);
    return rc;
}

void bench_step_back(struct bench *b, const char *board)
{
    const char *rounds = getenv("EXOSIM_BENCH_STEPS");
    char *argv[] = {"sieve", mem_str(rounds ? rounds : "600"), NULL};
    struct session s;
    struct err err;
    double ms[STEPS];
    int rc = open_session(b, board, &(struct option_program){argv, 2}, &s, &err);
    if (rc == 0) {
        struct travel *t = travel_open(s.machine, MEMORY);
        rc = run_to_end(t, &err);
        uint64_t instructions = travel_place(t).instruction;
        if (rc == 0)
            rc = step_back(t, ms, &err);
        if (rc == 0) {
            struct travel_stats st = travel_stats(t);
            bench_put(b, "step_back", board, "instructions", (double)instructions / 1e6,
                      "million", NAN);
            bench_put(b, "step_back", board, "median", ms[STEPS / 2], "ms", NAN);
            bench_put(b, "step_back", board, "worst", ms[STEPS - 1], "ms", NAN);
            bench_put(b, "step_back", board, "memory", (double)st.bytes / (1 << 20),
                      "MiB", NAN);
        }
        travel_close(t);
        struct err ignored;
        session_close(&s, &ignored);
    }
    if (rc)
        bench_failed(b, "step_back", board, rc, &err);
    free(argv[1]);
}
