// SPDX-License-Identifier: GPL-2.0-or-later
/* rig.c - see rig.h. */
#include "rig.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"

static uint64_t state;

uint64_t random_below(uint64_t n)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (state >> 20) % n;
}

void fail(const char *what, const struct err *err)
{
    printf("not ok - %s%s%s\n", what, err ? ": " : "", err ? err->msg : "");
    exit(1);
}

static void open_session(struct rig *r)
{
    struct err err;
    if (session_open(&r->s, r->board, &r->o, &r->models, &r->calls, -1, NULL, &err))
        fail("machine", &err);
}

void rig_open(struct rig *r, int argc, char **argv)
{
    struct err err;
    *r = (struct rig){.board = argv[1]};
    static struct option_program program;
    program = (struct option_program){argv + 5, argc - 5};
    r->o = (struct options){
        .program = &program, .nprograms = 1, .cores = (unsigned)atoi(argv[2])};
    state = strtoull(argv[3], NULL, 0);
    char *tsv = data_path("guest/calls.tsv");
    if (cmd_models_open(&r->models, &r->o, &err) || calls_read(&r->calls, tsv, &err))
        fail("set-up", &err);
    free(tsv);

    open_session(r);
    session_run(&r->s);
    r->straight = r->s.stats;
    r->end = machine_place_of(r->s.machine);
    r->written = r->s.console.n;
    r->text = mem_zero(r->written + 1, 1);
    memcpy(r->text, r->s.console.out, r->written);
    session_close(&r->s, &err);
    open_session(r);
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

bool rig_same(struct rig *r, char **argv)
{
    struct machine_stats now;
    const struct machine_stats *was = &r->straight;
    machine_get_stats(r->s.machine, &now);
    bool ok = same(was, &now) && r->written == r->s.console.n &&
              memcmp(r->text, r->s.console.out, r->written) == 0;
    printf("%s - %s, %s cores, seed %s: %s steps, %" PRIu64 " records\n",
           ok ? "ok" : "not ok", argv[1], argv[2], argv[3], argv[4], now.trace_records);
    if (!ok)
        printf("# cycles %" PRIu64 " %" PRIu64 ", hash %" PRIx64 " %" PRIx64
               ", records %" PRIu64 " %" PRIu64 ", kernel %" PRIu64 " %" PRIu64
               ", output %zu %zu\n",
               was->cycles, now.cycles, was->trace_hash, now.trace_hash,
               was->trace_records, now.trace_records, was->cpu.kernel, now.cpu.kernel,
               r->written, r->s.console.n);
    return ok;
}

void rig_close(struct rig *r)
{
    struct err err;
    session_close(&r->s, &err);
    free(r->text);
    calls_free(&r->calls);
    registry_free(&r->models);
}
