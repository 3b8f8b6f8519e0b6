// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * report_check - the porting report against itself.
 *
 *   report_check checks          with runs of two functions on one board: no error; and each kind of
 *                                contradiction, put there by hand, is found
 *   report_check json FILE       `port report --json FILE`: every function has a row in every pair, with
 *                                all columns or the reason; sums agree; A to A is free; boards
 *                                that differ only in one class have lines of no other to write
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "port_mentions.h"
#include "port_report.h"

static int wrong;

#define EXPECT(cond, ...)                                                                \
    do {                                                                                 \
        if (!(cond)) {                                                                   \
            printf("%s:%d: ", __FILE__, __LINE__);                                       \
            printf(__VA_ARGS__);                                                         \
            putchar('\n');                                                               \
            wrong++;                                                                     \
        }                                                                                \
    } while (0)

/* ---- checks ---- */

static unsigned errors_of(const struct port_report *r)
{
    struct port_checks c;
    port_checks_make(r, &c);
    unsigned errors = c.errors;
    if (errors)
        port_checks_print(&c, false, stdout);
    port_checks_free(&c);
    return errors;
}

/* A machine-dependent line that the closure of the run's program does not hold. */
static uint32_t foreign_line(const struct port_report *r, size_t board, size_t i)
{
    const struct cost_set *predicted = cost_conform(r->cost, board, r->api[i]);
    for (size_t l = 0; l < cost_lines(r->cost); l++)
        if (cost_file(r->cost, cost_line(r->cost, l)->file)->class_ != COST_GENERIC &&
            !cost_has_line(predicted, l))
            return (uint32_t)l;
    return 0;
}

static void contradictions(struct port_report *r)
{
    struct executed *e = &r->run[0];
    EXPECT(e->begun && e->nlines > 0 && e->nfunctions > 10, "%s has not run: %s",
           port_api(r, 0)->name, e->why);
    EXPECT(errors_of(r) == 0, "errors without a cause");
    uint32_t line = e->line[0];
    e->line[0] = foreign_line(r, 0, 0);
    EXPECT(errors_of(r) == 1, "a line that was not predicted is not found");
    e->line[0] = line;
    e->counted[PROFILE_KERNEL]++;
    EXPECT(errors_of(r) == 1, "counters that differ are not found");
    e->counted[PROFILE_KERNEL]--;
    free(e->stray);
    e->stray = mem_str("exo/mmu/none.c:1 none\n");
    EXPECT(errors_of(r) == 1, "code of no object is not found");
    e->stray[0] = 0;
    EXPECT(errors_of(r) == 0, "errors that stay");
}

static void mentions(void)
{
    static char radix[] = "MMU_RADIX", flash[] = "DISK_FLASH";
    char *const words[] = {radix, flash, NULL};
    EXPECT(port_mention_in("    if (kind == EXO_MMU_RADIX)\n", words) == radix, "radix");
    EXPECT(port_mention_in("#if defined(__riscv)\n", words) != NULL, "__riscv");
    EXPECT(port_mention_in("case M_DISK_FLASH: return 0;\n", words) == flash, "flash");
    EXPECT(!port_mention_in("mmu_bind(va); struct nic_ring r; MMU_RADIXES\n", words),
           "nothing");
}

static int checks(void)
{
    static char board[] = "mips-radix", one[] = "mprotect", two[] = "read";
    char *boards[] = {board}, *names[] = {one, two};
    struct conform c = {.o = {.board = boards, .nboards = 1}};
    struct port_report r;
    struct err err;
    int rc = conform_open(&c, &err);
    if (rc == 0)
        rc = port_report_open(&r, &c, names, 2, NULL, &err);
    EXPECT(rc == 0, "%s", err.msg);
    if (rc == 0) {
        contradictions(&r);
        port_report_close(&r);
    }
    conform_close(&c);
    mentions();
    return wrong != 0;
}

/* ---- JSON ---- */

static long long number(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    EXPECT(json_is_integer(v), "no number %s", key);
    return json_integer_value(v);
}

static long long sum_of(const json_t *list, size_t first)
{
    long long sum = 0;
    for (size_t i = first; i < json_array_size(list); i++)
        sum += json_integer_value(json_array_get(list, i));
    return sum;
}

static const char *text(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s ? s : "";
}

/* Lines of one class in {"libos", "kernel"}. */
static long long lines_of(const json_t *sums, size_t class_)
{
    return json_integer_value(json_array_get(json_object_get(sums, "libos"), class_)) +
           json_integer_value(json_array_get(json_object_get(sums, "kernel"), class_));
}

static void check_run(const json_t *run, const char *api, const char *board)
{
    static const char *const parts[] = {"application", "library", "kernel"};
    if (!json_object_get(run, "cycles")) {
        EXPECT(*text(run, "result") && *text(run, "why"),
               "%s on %s: neither a run nor why", api, board);
        return;
    }
    for (unsigned p = 0; p < 3; p++)
        EXPECT(json_array_size(json_object_get(run, parts[p])) == COST_CLASSES, "%s",
               api);
    EXPECT(json_is_object(json_object_get(run, "calls")), "%s: calls", api);
    EXPECT(json_is_object(json_object_get(run, "traps")), "%s: traps", api);
    long long all = 0, named = 0;
    for (unsigned p = 0; p < 3; p++)
        all += sum_of(json_object_get(run, parts[p]), 0);
    const json_t *list = json_object_get(run, "functions");
    size_t i;
    json_t *f;
    json_array_foreach(list, i, f) named += json_integer_value(json_array_get(f, 1));
    EXPECT(named <= all && named * 100 >= all * 90,
           "%s on %s: functions execute %lld of %lld instructions", api, board, named,
           all);
}

static void check_row(const json_t *row, const json_t *pair)
{
    const char *api = text(row, "api");
    const json_t *write = json_object_get(row, "write");
    long long alone = number(write, "lines"), beyond = number(row, "beyond");
    bool same = strcmp(text(pair, "from"), text(pair, "to")) == 0;
    long long sum = 0;
    for (size_t c = 1; c < COST_CLASSES; c++)
        sum += lines_of(write, c);
    EXPECT(sum == alone, "%s: %lld lines, classes %lld", api, alone, sum);
    EXPECT(lines_of(write, 0) == 0, "%s: generic lines to write", api);
    EXPECT(beyond <= alone && number(row, "margin") <= beyond,
           "%s: alone %lld, beyond %lld, margin %lld", api, alone, beyond,
           number(row, "margin"));
    EXPECT(!same || alone == 0, "%s: A to A costs %lld", api, alone);
    EXPECT(number(row, "order") > 0 && number(row, "reused") >= 0, "%s", api);
    EXPECT(*text(row, "explains"), "%s: nothing explains it", api);
    EXPECT(json_is_object(json_object_get(row, "from")) ||
               strstr(text(row, "explains"), "no run on"),
           "%s: no run and no reason", api);
}

/* Classes that are the same on both boards have no lines to write. */
static void check_kinds(const json_t *report, const json_t *pair, const json_t *row)
{
    const json_t *boards = json_object_get(report, "boards"), *from = NULL, *to = NULL;
    size_t i;
    json_t *b;
    json_array_foreach(boards, i, b)
    {
        if (strcmp(text(b, "name"), text(pair, "from")) == 0)
            from = json_object_get(b, "kinds");
        if (strcmp(text(b, "name"), text(pair, "to")) == 0)
            to = json_object_get(b, "kinds");
    }
    for (size_t c = 1; c < COST_CLASSES; c++)
        EXPECT(strcmp(text(from, cost_class_names[c]), text(to, cost_class_names[c])) !=
                       0 ||
                   lines_of(json_object_get(row, "write"), c) == 0,
               "%s to %s, %s: %s lines, and the boards have the same", text(pair, "from"),
               text(pair, "to"), text(row, "api"), cost_class_names[c]);
}

static void check_pair(const json_t *report, const json_t *pair)
{
    const json_t *rows = json_object_get(pair, "rows");
    size_t i, apis = json_array_size(json_object_get(report, "apis"));
    long long margins = number(json_object_get(pair, "platform"), "lines");
    json_t *row;
    EXPECT(json_array_size(rows) == apis, "%s to %s: %zu rows of %zu", text(pair, "from"),
           text(pair, "to"), json_array_size(rows), apis);
    json_array_foreach(rows, i, row)
    {
        check_row(row, pair);
        check_kinds(report, pair, row);
        margins += number(row, "margin");
    }
    long long total = number(json_object_get(pair, "total"), "lines");
    EXPECT(margins == total || !json_is_true(json_object_get(report, "whole")),
           "%s to %s: platform and margins are %lld, the total %lld", text(pair, "from"),
           text(pair, "to"), margins, total);
}

static int json(const char *path)
{
    json_error_t error;
    json_t *report = json_load_file(path, 0, &error), *one, *cell;
    EXPECT(report, "%s: %s", path, error.text);
    if (!report)
        return 1;
    const json_t *boards = json_object_get(report, "boards");
    const json_t *pairs = json_object_get(report, "pairs");
    size_t i, b, n = json_array_size(boards);
    EXPECT(n > 1 && json_array_size(pairs) == n * n, "%zu boards, %zu pairs", n,
           json_array_size(pairs));
    json_array_foreach(json_object_get(report, "apis"), i, one)
        json_array_foreach(json_object_get(one, "boards"), b, cell)
            check_run(json_object_get(cell, "run"), text(one, "name"),
                      text(json_array_get(boards, b), "name"));
    json_array_foreach(pairs, i, one) check_pair(report, one);
    EXPECT(number(json_object_get(report, "checks"), "errors") == 0, "errors");
    printf("%zu boards, %zu functions, %zu calls\n", n,
           json_array_size(json_object_get(report, "apis")),
           json_array_size(json_object_get(report, "calls")));
    json_decref(report);
    return wrong != 0;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "checks") == 0)
        return checks();
    if (argc == 3 && strcmp(argv[1], "json") == 0)
        return json(argv[2]);
    fprintf(stderr, "usage: report_check checks | json FILE\n");
    return 2;
}
