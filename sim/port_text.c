// SPDX-License-Identifier: GPL-2.0-or-later
/* port_text.c - the porting report as text: two boards, all boards by all boards, the boards' own
 * figures, the exokernel's calls. See port_report.h. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "port_report.h"
#include "table.h"

/* ---- two boards ---- */

static const char *const pair_heads[] = {
    "API",   "group",     "write",    "libos", "kernel", "beyond", "margin",
    "order", "fns",       "bytes",    "hooks", "reused", "app",    "lib",
    "kern",  "dependent", "calls+-~", "traps", "copied", "cycles", "result"};
#define PAIR_COLUMNS (sizeof pair_heads / sizeof *pair_heads)

static uint32_t part_lines(const struct cost_sums *s, enum cost_part part)
{
    uint32_t lines = 0;
    for (unsigned c = COST_GENERIC + 1; c < COST_CLASSES; c++)
        lines += s->at[part][c].lines;
    return lines;
}

static uint32_t all_lines(const struct cost_sums *s)
{
    uint32_t lines = 0;
    for (unsigned c = 0; c < COST_CLASSES; c++)
        lines += s->at[COST_LIBOS][c].lines + s->at[COST_KERNEL][c].lines;
    return lines;
}

static uint32_t all_hooks(const struct cost_sums *s)
{
    uint32_t hooks = 0;
    for (unsigned c = 0; c < COST_CLASSES; c++)
        hooks += s->hooks[c];
    return hooks;
}

static void written_cells(struct table *t, const struct cost_port_row *row)
{
    struct cost_sum alone = cost_total(&row->alone, COST_CLASSES);
    table_cell(t, "%" PRIu32, alone.lines);
    table_cell(t, "%" PRIu32, part_lines(&row->alone, COST_LIBOS));
    table_cell(t, "%" PRIu32, part_lines(&row->alone, COST_KERNEL));
    table_cell(t, "%" PRIu32, cost_total(&row->beyond, COST_CLASSES).lines);
    table_cell(t, "%" PRIu32, cost_total(&row->margin, COST_CLASSES).lines);
    table_cell(t, "%" PRIu32, row->place + 1);
    table_cell(t, "%" PRIu32, alone.functions);
    table_cell(t, "%" PRIu64, alone.bytes);
    table_cell(t, "%" PRIu32, all_hooks(&row->alone));
    table_cell(t, "%" PRIu32, all_lines(&row->reused));
}

static void two(struct table *t, const struct executed *from, const struct executed *to,
                uint64_t a, uint64_t b)
{
    char x[24], y[24];
    snprintf(x, sizeof x, "%" PRIu64, a);
    snprintf(y, sizeof y, "%" PRIu64, b);
    table_cell(t, "%s>%s", from ? x : "-", to ? y : "-");
}

static uint64_t traps_of(const struct executed *e)
{
    uint64_t n = 0;
    for (unsigned k = 0; k < HW_CAUSE_COUNT; k++)
        n += e->traps[k];
    return n;
}

static const char *result_of(const struct port_report *r, size_t board, size_t i)
{
    return r->run ? conform_result_names[r->run[board * r->n + i].result] : "-";
}

static void executed_cells(const struct port_report *r, const struct port_pair *p,
                           size_t i, struct table *t)
{
    static const struct executed none;
    const struct executed *from = port_run(r, p->from, i, NULL, 0);
    const struct executed *to = port_run(r, p->to, i, NULL, 0);
    const struct executed *a = from ? from : &none, *b = to ? to : &none;
    for (unsigned part = 0; part < PROFILE_PARTS; part++)
        two(t, from, to, executed_part(a, part), executed_part(b, part));
    two(t, from, to, executed_dependent(a), executed_dependent(b));
    struct port_calls c = port_calls_changed(a, b);
    if (from && to)
        table_cell(t, "%u/%u/%u", c.appear, c.vanish, c.change);
    else
        table_cell(t, "-");
    two(t, from, to, traps_of(a), traps_of(b));
    two(t, from, to, executed_copied(a), executed_copied(b));
    two(t, from, to, a->cycles, b->cycles);
    const char *x = result_of(r, p->from, i), *y = result_of(r, p->to, i);
    table_cell(t, "%s%s%s", x, strcmp(x, y) ? ">" : "", strcmp(x, y) ? y : "");
}

static void sums_add(struct executed *sum, const struct executed *e)
{
    for (unsigned part = 0; part < PROFILE_PARTS; part++)
        for (unsigned c = 0; c < COST_CLASSES; c++)
            sum->instructions[part][c] += e->instructions[part][c];
    for (unsigned k = 0; k < HW_CAUSE_COUNT; k++)
        sum->traps[k] += e->traps[k];
    for (unsigned k = 0; k < CALLS_MAX; k++)
        sum->calls[k] += e->calls[k];
    sum->copied_code += executed_copied(e);
    sum->cycles += e->cycles;
}

/* Of the functions that ran on both boards. */
static void executed_totals(const struct port_report *r, const struct port_pair *p,
                            struct table *t)
{
    struct executed sum[2] = {{0}};
    unsigned both = 0;
    for (size_t i = 0; i < r->n; i++) {
        const struct executed *from = port_run(r, p->from, i, NULL, 0);
        const struct executed *to = port_run(r, p->to, i, NULL, 0);
        if (!from || !to)
            continue;
        both++;
        sums_add(&sum[0], from);
        sums_add(&sum[1], to);
    }
    const struct executed *a = both ? &sum[0] : NULL, *b = both ? &sum[1] : NULL;
    for (unsigned part = 0; part < PROFILE_PARTS; part++)
        two(t, a, b, executed_part(&sum[0], part), executed_part(&sum[1], part));
    two(t, a, b, executed_dependent(&sum[0]), executed_dependent(&sum[1]));
    struct port_calls c = port_calls_changed(&sum[0], &sum[1]);
    table_cell(t, "%u/%u/%u", c.appear, c.vanish, c.change);
    two(t, a, b, traps_of(&sum[0]), traps_of(&sum[1]));
    two(t, a, b, executed_copied(&sum[0]), executed_copied(&sum[1]));
    two(t, a, b, sum[0].cycles, sum[1].cycles);
    table_cell(t, "%u ran on both", both);
}

static void platform_row(const struct port_pair *p, struct table *t)
{
    struct cost_port_row row = {.alone = p->cost->platform, .margin = p->cost->platform};
    struct cost_sum sum = cost_total(&row.alone, COST_CLASSES);
    table_cell(t, "(any program)");
    table_cell(t, "platform");
    table_cell(t, "%" PRIu32, sum.lines);
    table_cell(t, "%" PRIu32, part_lines(&row.alone, COST_LIBOS));
    table_cell(t, "%" PRIu32, part_lines(&row.alone, COST_KERNEL));
    table_cell(t, "0");
    table_cell(t, "%" PRIu32, sum.lines);
    table_cell(t, "0");
    table_cell(t, "%" PRIu32, sum.functions);
    table_cell(t, "%" PRIu64, sum.bytes);
    table_cell(t, "%" PRIu32, all_hooks(&row.alone));
    for (size_t c = 11; c < PAIR_COLUMNS; c++)
        table_cell(t, " ");
    table_note(t,
               "what must be there before any function can run at all: start-up, traps, "
               "upcalls, drivers' interrupts");
}

static void total_row(const struct port_report *r, const struct port_pair *p,
                      struct table *t)
{
    struct cost_sum sum = cost_total(&p->cost->total, COST_CLASSES);
    table_cell(t, "(total)");
    table_cell(t, "%zu", cost_apis(r->cost));
    table_cell(t, "%" PRIu32, sum.lines);
    table_cell(t, "%" PRIu32, part_lines(&p->cost->total, COST_LIBOS));
    table_cell(t, "%" PRIu32, part_lines(&p->cost->total, COST_KERNEL));
    uint32_t platform = cost_total(&p->cost->platform, COST_CLASSES).lines;
    table_cell(t, "%" PRIu32, sum.lines - platform);
    table_cell(t, "%" PRIu32, sum.lines);
    table_cell(t, " ");
    table_cell(t, "%" PRIu32, sum.functions);
    table_cell(t, "%" PRIu64, sum.bytes);
    table_cell(t, "%" PRIu32, all_hooks(&p->cost->total));
    table_cell(t, " ");
    executed_totals(r, p, t);
}

static void board_words(const struct port_report *r, size_t board, FILE *to)
{
    fprintf(to, "%s (", port_board_name(r, board));
    for (unsigned c = COST_GENERIC + 1; c < COST_CLASSES; c++)
        fprintf(to, "%s%s %s", c > 1 ? ", " : "", cost_class_names[c],
                *cost_kind(r->cost, board, c) ? cost_kind(r->cost, board, c) : "none");
    fprintf(to, ")");
}

void port_text_pair(const struct port_report *r, const struct port_pair *p, FILE *to)
{
    fprintf(to, "From ");
    board_words(r, p->from, to);
    fprintf(to, " to ");
    board_words(r, p->to, to);
    fprintf(
        to,
        "\n\nLines to write per function, worst first. write: standing alone, of library "
        "OS and kernel;\nbeyond: without what any program needs; margin: once the "
        "functions before it in `order` are there\n(order: %s).\n"
        "fns, bytes, hooks: of `write`. reused: lines that need no change. The rest was "
        "executed by the function's\nconformance program, A>B: instructions in "
        "application, library, kernel; of these machine-dependent;\nkinds of exokernel "
        "calls that appear/vanish/change count; traps; bytes copied; cycles.\n\n",
        cost_greedy_words);
    struct table *t = table_new(PAIR_COLUMNS, 2);
    for (size_t c = 0; c < PAIR_COLUMNS; c++)
        table_cell(t, "%s", pair_heads[c]);
    platform_row(p, t);
    for (size_t k = 0; k < r->n; k++) {
        size_t i = p->order[k];
        table_cell(t, "%s", port_api(r, i)->name);
        table_cell(t, "%s", port_api(r, i)->group);
        written_cells(t, &p->cost->api[r->api[i]]);
        executed_cells(r, p, i, t);
        char *words = port_pair_words(r, p, i);
        table_note(t, words);
        free(words);
    }
    total_row(r, p, t);
    table_end(t, to);
}

/* ---- all boards ---- */

/* Geometric mean of cycles, B's to A's, of functions that passed on both; 0: none did. */
static double cycles_ratio(const struct port_report *r, size_t from, size_t to)
{
    double sum = 0;
    unsigned n = 0;
    for (size_t i = 0; i < r->n; i++) {
        const struct executed *a = port_run(r, from, i, NULL, 0);
        const struct executed *b = port_run(r, to, i, NULL, 0);
        if (!a || !b || !a->cycles || !b->cycles || a->result != CONFORM_PASS ||
            b->result != CONFORM_PASS)
            continue;
        sum += log((double)b->cycles / (double)a->cycles);
        n++;
    }
    return n ? exp(sum / n) : 0;
}

static void matrix(const struct port_report *r, const char *title, bool written, FILE *to)
{
    size_t n = cost_boards(r->cost);
    fprintf(to, "%s\n", title);
    struct table *t = table_new((unsigned)n + 1, 1);
    table_cell(t, "from \\ to");
    for (size_t b = 0; b < n; b++)
        table_cell(t, "%s", port_board_name(r, b));
    for (size_t a = 0; a < n; a++) {
        table_cell(t, "%s", port_board_name(r, a));
        for (size_t b = 0; b < n; b++) {
            double ratio = written ? 0 : cycles_ratio(r, a, b);
            if (written)
                table_cell(t, "%" PRIu32, cost_port_total(r->cost, a, b).lines);
            else if (ratio > 0)
                table_cell(t, "%.2f", ratio);
            else
                table_cell(t, "-");
        }
    }
    table_end(t, to);
}

void port_text_matrix(const struct port_report *r, FILE *to)
{
    matrix(r, "Lines to write, library OS and exokernel, for everything:", true, to);
    if (r->run)
        matrix(r,
               "\nCycles of the conformance programs, to : from, geometric mean of those "
               "that "
               "pass on both:",
               false, to);
    else
        fprintf(to, "\nNothing was executed: %s\n", r->unrun);
}

void port_text_boards(const struct port_report *r, FILE *to)
{
    fprintf(to, "Lines that some function, call or start-up reaches, by class:\n");
    struct table *t = table_new(2 * COST_CLASSES + 4, 2);
    table_cell(t, "board");
    table_cell(t, "part");
    for (unsigned c = 0; c < COST_CLASSES; c++) {
        table_cell(t, "%s", cost_class_names[c]);
        table_cell(t, "%s", c ? "kind" : "");
    }
    table_cell(t, "dependent");
    table_cell(t, "share");
    for (size_t b = 0; b < cost_boards(r->cost); b++) {
        struct cost_sums s;
        cost_sum(r->cost, cost_reached(r->cost, b), &s);
        for (unsigned part = COST_LIBOS; part <= COST_KERNEL; part++) {
            uint32_t dependent = part_lines(&s, part);
            uint32_t all = dependent + s.at[part][COST_GENERIC].lines;
            table_cell(t, "%s", port_board_name(r, b));
            table_cell(t, "%s", cost_part_names[part]);
            for (unsigned c = 0; c < COST_CLASSES; c++) {
                table_cell(t, "%" PRIu32, s.at[part][c].lines);
                table_cell(t, "%s", c ? cost_kind(r->cost, b, c) : "");
            }
            table_cell(t, "%" PRIu32, dependent);
            table_cell(t, "%.1f %%", all ? 100.0 * dependent / all : 0.0);
        }
    }
    table_end(t, to);
}

/* ---- the exokernel's own API ---- */

void port_text_calls(const struct port_report *r, FILE *to)
{
    size_t n = cost_boards(r->cost);
    const struct calls *calls = cost_calls(r->cost);
    unsigned *on = mem_zero(n, sizeof *on), total = 0;
    fprintf(to, "Exokernel calls: lines of kernel code behind each, generic + "
                "machine-dependent; - where the call does not exist:\n");
    struct table *t = table_new((unsigned)n + 3, 3);
    table_cell(t, "nr");
    table_cell(t, "call");
    table_cell(t, "hardware");
    for (size_t b = 0; b < n; b++)
        table_cell(t, "%s", port_board_name(r, b));
    for (unsigned c = 0; c < CALLS_MAX; c++) {
        if (!calls->call[c].there)
            continue;
        total++;
        table_cell(t, "%u", c);
        table_cell(t, "%s", calls->call[c].name);
        table_cell(t, "%s", calls->call[c].hardware);
        for (size_t b = 0; b < n; b++) {
            const struct cost_set *set = cost_call(r->cost, b, c);
            struct cost_sums s;
            if (!set) {
                table_cell(t, "-");
                continue;
            }
            on[b]++;
            cost_sum(r->cost, set, &s);
            table_cell(t, "%" PRIu32 "+%" PRIu32, s.at[COST_KERNEL][COST_GENERIC].lines,
                       part_lines(&s, COST_KERNEL));
        }
    }
    table_cell(t, "%u", total);
    table_cell(t, "calls");
    table_cell(t, "exist on");
    for (size_t b = 0; b < n; b++)
        table_cell(t, "%u", on[b]);
    table_end(t, to);
    free(on);
}
