// SPDX-License-Identifier: GPL-2.0-or-later
/* cmd_bench.c - `exosim bench [NAME...]`: which measures on which boards, and their output. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "data.h"
#include "stats.h"

static const struct {
    const char *name;
    void (*run)(struct bench *b, const char *board);
    bool per_isa; /* one board an instruction set is enough */
    const char *what;
} benches[] = {
    {"cpu", bench_cpu, true,
     "CPU-bound programs against plain Unicorn: million instructions/s"},
    {"syscall", bench_syscall, false,
     "host time of a null call through the guest kernel"},
    {"refill", bench_refill, false, "translations a second, missed and refilled"},
    {"fork", bench_fork, false, "host time and cycles of fork, exit and wait"},
    {"pipe", bench_pipe, false, "host time and cycles of a round trip through pipes"},
    {"start", bench_start, false,
     "host time from exosim's start to the guest's first byte"},
    {"memory", bench_memory, true, "host memory of a machine, beside the guest's RAM"},
    {"prims", bench_prims, false, "primitives of the exokernel, in guest instructions"},
    {"vm", bench_vm, false, "the seven operations of Appel and Li, in guest cycles"},
    {"snapshot", bench_snapshot, true,
     "a run with snapshots for time travel, against one without"},
    {"trace", bench_trace, true, "runs with a trace against runs without; the file"},
    {"step_back", bench_step_back, true, "one event back from random places of a run"},
    {"view", bench_view, true, "the viewer's pictures while it plays a million events"},
    {"disk", bench_disk, false,
     "4 KiB of a file read, written, made durable: calls, traps, instructions"},
    {"nic", bench_nic, false,
     "datagrams between two machines, 64 and 1460 bytes each way"},
    {"filter", bench_filter, false, "a packet, by the number of packet filters bound"},
    {"httpd", bench_httpd, false,
     "the web server: requests/s by wrk or ab, cost of a request"},
};
#define BENCHES (sizeof benches / sizeof *benches)

void bench_put(struct bench *b, const char *bench, const char *board, const char *metric,
               double value, const char *unit, double baseline)
{
    bool compared = !isnan(baseline) && baseline > 0;
    printf("%-8s %-14s %-24s %14.2f %-12s", bench, board, metric, value, unit);
    if (compared)
        printf(" against %12.2f, ratio %.3f", baseline, value / baseline);
    putchar('\n');
    fflush(stdout);
    json_t *o = json_object();
    json_object_set_new(o, "bench", json_string(bench));
    json_object_set_new(o, "board", json_string(board));
    json_object_set_new(o, "metric", json_string(metric));
    json_object_set_new(o, "value", json_real(isfinite(value) ? value : 0));
    json_object_set_new(o, "unit", json_string(unit));
    json_object_set_new(o, "baseline", compared ? json_real(baseline) : json_null());
    json_object_set_new(o, "ratio", compared ? json_real(value / baseline) : json_null());
    json_array_append_new(b->list, o);
}

void bench_failed(struct bench *b, const char *bench, const char *board, int code,
                  const struct err *err)
{
    fflush(stdout);
    say("bench %s on %s: %s", bench, board, err->msg);
    if (!b->status)
        b->status = -code;
}

int bench_program(struct bench *b, const char *board, const struct options *more,
                  char **argv, int argc, struct bench_run *result, struct err *err)
{
    struct option_program program = {.argv = argv, .argc = argc};
    struct options o = more ? *more : (struct options){0};
    o.program = &program;
    o.nprograms = 1;
    struct session s;
    int rc = session_open(&s, board, &o, b->models, b->calls, -1, NULL, err);
    if (rc)
        return rc;
    session_run(&s);
    *result = (struct bench_run){
        .create_ns = s.create_ns, .run_ns = s.run_ns, .stats = s.stats};
    result->out =
        mem_fmt("%.*s", (int)s.console.n, s.console.n ? (char *)s.console.out : "");
    if (s.status)
        rc = err_set(err, ERR_DEAD, "%s ended with status %d: %s", argv[0], s.status,
                     result->out);
    struct err closing;
    session_close(&s, &closing);
    if (rc)
        free(result->out);
    return rc;
}

int bench_line(struct bench *b, const char *board, const struct options *o,
               const char *line, struct bench_run *result, struct err *err)
{
    char *copy = mem_str(line), *rest = copy, *word, *argv[16];
    int argc = 0;
    while ((word = strsep(&rest, " ")) && argc < 15)
        if (*word)
            argv[argc++] = word;
    argv[argc] = NULL;
    int rc = bench_program(b, board, o, argv, argc, result, err);
    free(copy);
    return rc;
}

/* The first board of each instruction set, in the order of the list. */
static bool first_of_isa(const struct bench *b, size_t at)
{
    const char *isa[64];
    for (size_t i = 0; i <= at && i < 64; i++) {
        struct board *board;
        struct err err;
        isa[i] = NULL;
        if (board_open(b->board[i], b->models, &board, &err) == 0) {
            isa[i] = board_cpu(board)->elf_name; /* the model's, which stays */
            board_free(board);
        }
        if (i < at && isa[i])
            continue;
        for (size_t k = 0; i == at && isa[at] && k < at; k++)
            if (isa[k] && strcmp(isa[k], isa[at]) == 0)
                return false;
    }
    return true;
}

static int find_bench(const char *name)
{
    for (size_t i = 0; i < BENCHES; i++)
        if (strcmp(benches[i].name, name) == 0)
            return (int)i;
    return -1;
}

static int check_names(char **names, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        if (find_bench(names[i]) >= 0)
            continue;
        char list[200] = "";
        for (size_t k = 0; k < BENCHES; k++) {
            size_t at = strlen(list);
            snprintf(list + at, sizeof list - at, "%s%s", k ? ", " : "", benches[k].name);
        }
        return err_set(err, ERR_USER, "no bench '%s': expected %s", names[i], list);
    }
    return 0;
}

static void run_benches(struct bench *b, char **names, size_t n)
{
    for (size_t i = 0; i < BENCHES; i++) {
        bool wanted = n == 0;
        for (size_t k = 0; k < n; k++)
            wanted |= strcmp(names[k], benches[i].name) == 0;
        for (size_t k = 0; wanted && k < b->nboards; k++)
            if (!b->all || !benches[i].per_isa || first_of_isa(b, k))
                benches[i].run(b, b->board[k]);
    }
}

int cmd_bench(int argc, char **argv)
{
    struct options o;
    options_parse(
        &o, OPTIONS_BENCH,
        "Measure the simulator (in host time) and the exokernel (in guest "
        "instructions and cycles).\v"
        "NAME: cpu syscall refill fork pipe start memory prims vm disk nic filter httpd; "
        "default "
        "all. "
        "--json F writes a list of {bench, board, metric, value, unit, baseline, "
        "ratio}. Host times depend on this computer and on what else it does.",
        "[NAME...]", argc, argv);
    struct err err, nameless;
    struct registry models = {0};
    struct calls calls;
    char *tsv = data_path("guest/calls.tsv");
    if (calls_read(&calls, tsv, &nameless))
        say("%s", nameless.msg);
    struct bench b = {.models = &models,
                      .calls = &calls,
                      .list = json_array(),
                      .all = o.nboards == 0,
                      .nboards = o.nboards,
                      .board = o.board};
    if (b.all)
        b.board = board_names(&b.nboards);
    int rc = cmd_models_open(&models, &o, &err);
    if (rc == 0)
        rc = check_names(o.name, o.nnames, &err);
    if (rc == 0)
        run_benches(&b, o.name, o.nnames);
    if (rc == 0 && o.json)
        rc = stats_write(b.list, o.json, &err);
    if (rc)
        b.status = cmd_fail(rc, &err);
    json_decref(b.list);
    if (b.all)
        board_names_free(b.board, b.nboards);
    free(tsv);
    calls_free(&calls);
    registry_free(&models);
    options_free(&o);
    int done = cmd_done();
    return b.status ? b.status : done;
}
