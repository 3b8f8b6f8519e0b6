// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * walk.c - property test of stops and snapshots: a random walk ends where a straight run ends.
 *
 *   travel_walk BOARD CORES SEED STEPS PROGRAM [ARG...]
 *
 * The program runs once straight on. Then, on a new machine, STEPS times: go on to a random cycle,
 * record or instruction, take a snapshot, or go back (or forth) to one taken before. At every
 * snapshot gone back to, the trace must be what it was; at the end trace, statistics and
 * output must be those of the straight run.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "data.h"
#include "snapshot.h"

#define KEPT 8

static uint64_t state;

static uint64_t random_below(uint64_t n)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (state >> 20) % n;
}

struct rig {
    struct registry models;
    struct calls calls;
    struct options o;
    struct session s;
    const char *board;
};

static void fail(const char *what, const struct err *err)
{
    printf("not ok - %s%s%s\n", what, err ? ": " : "", err ? err->msg : "");
    exit(1);
}

static void rig_open(struct rig *r)
{
    struct err err;
    if (session_open(&r->s, r->board, &r->o, &r->models, &r->calls, -1, NULL, &err))
        fail("machine", &err);
}

struct kept {
    struct snapshot *s;
    uint64_t hash;
};

static void go_back(struct rig *r, struct kept *k)
{
    struct err err;
    if (snapshot_restore(r->s.machine, k->s, &err))
        fail("restore", &err);
    struct machine_stats now;
    machine_get_stats(r->s.machine, &now);
    struct machine_place p = machine_place_of(r->s.machine);
    if (now.trace_hash != k->hash || memcmp(&p, snapshot_place(k->s), sizeof p) != 0)
        fail("a snapshot comes back as it was taken", NULL);
}

static void keep(struct rig *r, struct kept *k, const struct snapshot *since)
{
    struct machine_stats now;
    struct snapshot *s = snapshot_take(r->s.machine, since);
    snapshot_free(k->s);
    machine_get_stats(r->s.machine, &now);
    *k = (struct kept){s, now.trace_hash};
}

/* A place ahead, in one of the three measures. */
static struct machine_until ahead(const struct machine *m,
                                  const struct machine_place *end)
{
    struct machine_until u = MACHINE_UNTIL_END;
    struct machine_place at = machine_place_of(m);
    uint64_t kind = random_below(3);
    uint64_t *to = kind == 0 ? &u.cycle : kind == 1 ? &u.record : &u.instruction;
    uint64_t from = kind == 0 ? at.cycle : kind == 1 ? at.record : at.instruction;
    uint64_t last = kind == 0 ? end->cycle : kind == 1 ? end->record : end->instruction;
    uint64_t far = last > from ? last - from : 1;
    *to = from + 1 + random_below(random_below(2) ? far / 4 + 1 : 50);
    return u;
}

static bool walk(struct rig *r, unsigned steps, const struct machine_place *end,
                 struct machine_outcome *out)
{
    struct kept kept[KEPT] = {{0}};
    unsigned last = 0;
    keep(r, &kept[0], NULL);
    bool alive = true;
    for (unsigned i = 0; i < steps; i++) {
        unsigned k = (unsigned)random_below(KEPT);
        if (!alive || random_below(3) == 0) {
            while (!kept[k].s)
                k = (k + 1) % KEPT;
            go_back(r, &kept[k]);
            last = k;
        } else if (random_below(3) == 0) {
            keep(r, &kept[k], kept[last].s);
            last = k;
        }
        struct machine_until u = ahead(r->s.machine, end);
        alive = machine_advance(r->s.machine, &u, out);
        struct machine_place p = machine_place_of(r->s.machine);
        if (alive && p.cycle < u.cycle && p.record < u.record &&
            p.instruction < u.instruction)
            fail("it stops where it was asked to, not before", NULL);
    }
    if (alive)
        machine_run(r->s.machine, out);
    for (unsigned k = 0; k < KEPT; k++)
        snapshot_free(kept[k].s);
    return true;
}

static bool same(const struct machine_stats *a, const struct machine_stats *b)
{
    return a->cycles == b->cycles && a->trace_hash == b->trace_hash &&
           a->trace_records == b->trace_records && a->console_bytes == b->console_bytes &&
           a->cpu.user == b->cpu.user && a->cpu.lib == b->cpu.lib &&
           a->cpu.kernel == b->cpu.kernel &&
           memcmp(a->cpu.traps, b->cpu.traps, sizeof a->cpu.traps) == 0 &&
           memcmp(a->calls, b->calls, sizeof a->calls) == 0 &&
           memcmp(&a->mmu, &b->mmu, sizeof a->mmu) == 0;
}

int main(int argc, char **argv)
{
    if (argc < 6) {
        fprintf(stderr, "usage: travel_walk BOARD CORES SEED STEPS PROGRAM [ARG...]\n");
        return 2;
    }
    struct rig r = {.board = argv[1]};
    struct err err;
    struct option_program program = {argv + 5, argc - 5};
    r.o = (struct options){
        .program = &program, .nprograms = 1, .cores = (unsigned)atoi(argv[2])};
    state = strtoull(argv[3], NULL, 0);
    char *tsv = data_path("guest/calls.tsv");
    if (cmd_models_open(&r.models, &r.o, &err) || calls_read(&r.calls, tsv, &err))
        fail("set-up", &err);
    free(tsv);

    rig_open(&r);
    session_run(&r.s);
    struct machine_stats straight = r.s.stats;
    struct machine_place end = machine_place_of(r.s.machine);
    int status = r.s.status;
    char *text = mem_zero(r.s.console.n + 1, 1);
    memcpy(text, r.s.console.out, r.s.console.n);
    size_t written = r.s.console.n;
    session_close(&r.s, &err);

    rig_open(&r);
    struct machine_outcome out;
    walk(&r, (unsigned)atoi(argv[4]), &end, &out);
    struct machine_stats now;
    machine_get_stats(r.s.machine, &now);
    bool ok = same(&straight, &now) && written == r.s.console.n &&
              memcmp(text, r.s.console.out, written) == 0;
    printf("%s - %s, %s cores, seed %s: %s steps, %" PRIu64 " records, status %d\n",
           ok ? "ok" : "not ok", argv[1], argv[2], argv[3], argv[4], now.trace_records,
           status);
    if (!ok)
        printf("# cycles %" PRIu64 " %" PRIu64 ", hash %" PRIx64 " %" PRIx64
               ", records %" PRIu64 " %" PRIu64 ", kernel %" PRIu64 " %" PRIu64
               ", output %zu %zu\n",
               straight.cycles, now.cycles, straight.trace_hash, now.trace_hash,
               straight.trace_records, now.trace_records, straight.cpu.kernel,
               now.cpu.kernel, written, r.s.console.n);
    session_close(&r.s, &err);
    free(text);
    calls_free(&r.calls);
    registry_free(&r.models);
    return ok ? 0 : 1;
}
