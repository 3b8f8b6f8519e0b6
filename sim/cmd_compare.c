// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cmd_compare.c - `exosim compare`: the same programs on several boards. Outputs and exit
 * statuses are checked equal; what each board cost goes into one table.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "data.h"
#include "stats.h"

struct row {
    const char *board;
    bool ran;
    char *isa, *mmu;
    int status;
    struct machine_stats stats;
    uint64_t host_ns;
    uint8_t *out;
    size_t n;
};

#define COLUMNS 13
static const char *const heads[COLUMNS] = {
    "board", "isa",   "mmu",    "cycles", "user",   "library", "kernel",
    "traps", "calls", "misses", "walks",  "status", "host ms"};

static void cells(const struct row *r, char cell[COLUMNS][32])
{
    const struct machine_stats *s = &r->stats;
    const uint64_t v[] = {s->cycles,
                          s->cpu.user,
                          s->cpu.lib,
                          s->cpu.kernel,
                          stats_sum(s->cpu.traps, HW_CAUSE_COUNT),
                          stats_sum(s->calls, CALLS_MAX),
                          s->mmu.misses,
                          s->mmu.walks};
    snprintf(cell[0], 32, "%.31s", r->board);
    snprintf(cell[1], 32, "%s", r->isa ? r->isa : "?");
    snprintf(cell[2], 32, "%s", r->mmu ? r->mmu : "?");
    for (unsigned i = 0; i < sizeof v / sizeof *v; i++)
        if (r->ran)
            snprintf(cell[3 + i], 32, "%" PRIu64, v[i]);
        else
            snprintf(cell[3 + i], 32, "-");
    snprintf(cell[11], 32, "%d", r->status);
    snprintf(cell[12], 32, "%.1f", (double)r->host_ns / 1e6);
}

static void print_table(const struct row *row, size_t n)
{
    char(*cell)[COLUMNS][32] = mem_zero(n + 1, sizeof *cell);
    int width[COLUMNS] = {0};
    for (unsigned c = 0; c < COLUMNS; c++)
        snprintf(cell[0][c], 32, "%s", heads[c]);
    for (size_t i = 0; i < n; i++)
        cells(&row[i], cell[i + 1]);
    for (size_t i = 0; i <= n; i++)
        for (unsigned c = 0; c < COLUMNS; c++)
            if ((int)strlen(cell[i][c]) > width[c])
                width[c] = (int)strlen(cell[i][c]);
    for (size_t i = 0; i <= n; i++)
        for (unsigned c = 0; c < COLUMNS; c++)
            printf("%*s%s", c < 3 ? -width[c] : width[c], cell[i][c],
                   c + 1 < COLUMNS ? "  " : "\n");
    free(cell);
}

/* The line of `out` that holds byte `at`, as text that can be shown. */
static void line_at(const struct row *r, size_t at, char *text, size_t max)
{
    if (at >= r->n) {
        snprintf(text, max, "(the output ends)");
        return;
    }
    size_t from = at;
    while (from > 0 && r->out[from - 1] != '\n')
        from--;
    size_t k = 0;
    for (size_t i = from; i < r->n && r->out[i] != '\n' && k + 1 < max; i++)
        text[k++] = r->out[i] >= 32 && r->out[i] < 127 ? (char)r->out[i] : '?';
    text[k] = 0;
}

/* Says where two outputs part; true if they are the same. */
static bool same(const struct row *a, const struct row *b)
{
    bool ok = true;
    if (a->status != b->status) {
        say("the exit status differs: %d on %s, %d on %s", a->status, a->board, b->status,
            b->board);
        ok = false;
    }
    size_t at = 0, line = 1;
    while (at < a->n && at < b->n && a->out[at] == b->out[at])
        line += a->out[at++] == '\n';
    if (at == a->n && at == b->n)
        return ok;
    char x[100], y[100];
    line_at(a, at, x, sizeof x);
    line_at(b, at, y, sizeof y);
    say("the outputs differ at byte %zu, line %zu:\n  %-14s %s\n  %-14s %s", at, line,
        a->board, x, b->board, y);
    return false;
}

static int run_one(struct row *r, const struct options *o, const struct registry *models,
                   const struct calls *calls, struct console_input *in, json_t *list)
{
    struct session s;
    struct err err;
    int rc = session_open(&s, r->board, o, models, calls, -1, in, &err);
    if (rc) {
        r->status = cmd_fail(rc, &err);
        return rc;
    }
    session_run(&s);
    r->ran = true;
    r->isa = mem_str(board_cpu(s.board)->elf_name);
    r->mmu = mem_str(mmu_kind_name(board_mmu(s.board)->kind));
    r->status = s.status;
    r->stats = s.stats;
    r->host_ns = s.create_ns + s.run_ns;
    r->out = s.console.out;
    r->n = s.console.n;
    s.console.out = NULL;
    if (list)
        json_array_append_new(list, stats_json(s.machine, &s.stats, s.status));
    rc = session_close(&s, &err);
    return rc ? -cmd_fail(rc, &err) : 0;
}

/* Compares the rows that ran with the first of them. */
static bool check(const struct row *row, size_t n)
{
    const struct row *ref = NULL;
    bool equal = true;
    size_t ran = 0;
    for (size_t i = 0; i < n; i++) {
        if (!row[i].ran)
            continue;
        ran++;
        if (!ref)
            ref = &row[i];
        else
            equal &= same(ref, &row[i]);
    }
    if (equal && ran > 1)
        printf("outputs equal on %zu boards: %zu bytes, exit status %d\n", ran, ref->n,
               ref->status);
    return equal;
}

static int run_all(const struct options *o, const struct registry *models,
                   const struct calls *calls, char **names, size_t n)
{
    struct row *row = mem_zero(n, sizeof *row);
    struct console_input in = {.fd = STDIN_FILENO, .keep = true};
    json_t *list = o->stats_path ? json_array() : NULL;
    int failed = 0;
    for (size_t i = 0; i < n; i++) {
        row[i].board = names[i];
        int rc = run_one(&row[i], o, models, calls, &in, list);
        failed = failed ? failed : rc;
    }
    print_table(row, n);
    bool equal = check(row, n);
    struct err err;
    int rc = list ? stats_write(list, o->stats_path, &err) : 0;
    int status = rc       ? cmd_fail(rc, &err)
                 : failed ? -failed
                 : !equal ? 1
                 : n      ? row[0].status
                          : 0;
    for (size_t i = 0; i < n; i++) {
        free(row[i].isa);
        free(row[i].mmu);
        free(row[i].out);
    }
    json_decref(list);
    free(row);
    free(in.bytes);
    int done = cmd_done();
    return status ? status : done;
}

int cmd_compare(int argc, char **argv)
{
    struct options o;
    options_parse(
        &o, OPTIONS_COMPARE,
        "Run the same programs on several boards (-b A,B; default: all built-in ones), "
        "check that output and status are the same, and print what each board cost.\v"
        "Columns: cycles; instructions of the program (user), the library OS and the "
        "exokernel; traps; exokernel calls; TLB misses; hardware walks; exit status; "
        "host milliseconds (the only figure that depends on this computer). The exit "
        "status is the guest's, or 1 when the boards differ.",
        "PROGRAM [ARG...] [-- PROGRAM [ARG...]]...", argc, argv);
    struct err err, nameless;
    struct registry models = {0};
    struct calls calls;
    char *tsv = data_path("guest/calls.tsv");
    if (calls_read(&calls, tsv, &nameless))
        say("%s", nameless.msg);
    size_t n = o.nboards;
    char **names = o.nboards ? o.board : board_names(&n);
    int rc = cmd_models_open(&models, &o, &err);
    if (rc == 0 && n == 0)
        rc = err_set(&err, ERR_USER, "no boards in %s/boards: is exosim built?",
                     data_dir());
    int status = rc ? cmd_fail(rc, &err) : run_all(&o, &models, &calls, names, n);
    if (!o.nboards)
        board_names_free(names, n);
    free(tsv);
    calls_free(&calls);
    registry_free(&models);
    options_free(&o);
    return status;
}
