// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * port_markdown.c - the figures of docs/costs.md, as Markdown: shares of machine-dependent lines, boards
 * by boards, the functions that cost most to port. Host times are in none of them. See
 * port_report.h; scripts/porting.sh puts the words around.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "port_report.h"

#define WORST 5u

static uint32_t dependent(const struct cost_sums *s, enum cost_part part)
{
    uint32_t lines = 0;
    for (unsigned c = COST_GENERIC + 1; c < COST_CLASSES; c++)
        lines += s->at[part][c].lines;
    return lines;
}

static void part_rows(const struct port_report *r, enum cost_part part, FILE *to)
{
    fprintf(to, "| board | generic |");
    for (unsigned c = COST_GENERIC + 1; c < COST_CLASSES; c++)
        fprintf(to, " %s |", cost_class_names[c]);
    fprintf(to, " machine-dependent | share |\n| --- | ---: |");
    for (unsigned c = COST_GENERIC + 1; c < COST_CLASSES; c++)
        fprintf(to, " ---: |");
    fprintf(to, " ---: | ---: |\n");
    for (size_t b = 0; b < cost_boards(r->cost); b++) {
        struct cost_sums s;
        cost_sum(r->cost, cost_reached(r->cost, b), &s);
        uint32_t md = dependent(&s, part), all = md + s.at[part][COST_GENERIC].lines;
        fprintf(to, "| %s | %" PRIu32 " |", port_board_name(r, b),
                s.at[part][COST_GENERIC].lines);
        for (unsigned c = COST_GENERIC + 1; c < COST_CLASSES; c++)
            fprintf(to, " %s %" PRIu32 " |", cost_kind(r->cost, b, c),
                    s.at[part][c].lines);
        fprintf(to, " %" PRIu32 " | %.1f %% |\n", md, all ? 100.0 * md / all : 0.0);
    }
}

static void matrix(const struct port_report *r, FILE *to)
{
    size_t n = cost_boards(r->cost);
    fprintf(to, "| from \\ to |");
    for (size_t b = 0; b < n; b++)
        fprintf(to, " %s |", port_board_name(r, b));
    fprintf(to, "\n| --- |");
    for (size_t b = 0; b < n; b++)
        fprintf(to, " ---: |");
    fprintf(to, "\n");
    for (size_t a = 0; a < n; a++) {
        fprintf(to, "| %s |", port_board_name(r, a));
        for (size_t b = 0; b < n; b++)
            fprintf(to, " %" PRIu32 " |", cost_port_total(r->cost, a, b).lines);
        fprintf(to, "\n");
    }
}

/* ---- the functions that cost most ---- */

struct worst {
    size_t row;
    uint64_t sum;           /* of lines to write standing alone, all pairs */
    uint32_t most;          /* of one pair */
    size_t from, to, pairs; /* that pair; pairs with anything to write */
};

static int compare_worst(const void *a, const void *b)
{
    const struct worst *x = a, *y = b;
    if (x->sum != y->sum)
        return x->sum > y->sum ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static int sum_pairs(const struct port_report *r, struct worst *w, struct err *err)
{
    for (size_t a = 0; a < cost_boards(r->cost); a++)
        for (size_t b = 0; b < cost_boards(r->cost); b++) {
            struct cost_port *p;
            int rc = cost_port(r->cost, a, b, NULL, &p, err);
            if (rc)
                return rc;
            for (size_t i = 0; i < r->n; i++) {
                uint32_t lines = cost_total(&p->api[r->api[i]].alone, COST_CLASSES).lines;
                w[i].row = i;
                w[i].sum += lines;
                w[i].pairs += lines > 0;
                if (lines > w[i].most) {
                    w[i].most = lines;
                    w[i].from = a;
                    w[i].to = b;
                }
            }
            cost_port_free(p);
        }
    return 0;
}

/* One row of the table: functions that cost the same are one. */
static int worst_row(const struct port_report *r, const struct worst *w, size_t same,
                     size_t pairs, FILE *to, struct err *err)
{
    struct port_pair p;
    int rc = port_pair_open(r, w->from, w->to, &p, err);
    if (rc)
        return rc;
    char *words = port_pair_words(r, &p, w->row);
    fprintf(to, "| ");
    for (size_t k = 0; k < same; k++)
        fprintf(to, "%s`%s`", k ? ", " : "", port_api(r, w[k].row)->name);
    fprintf(to, " | %.0f | %" PRIu32 " (%s to %s) | %s |\n",
            (double)w->sum / (double)pairs, w->most, port_board_name(r, w->from),
            port_board_name(r, w->to), words);
    free(words);
    port_pair_close(&p);
    return 0;
}

static int worst(const struct port_report *r, FILE *to, struct err *err)
{
    size_t n = cost_boards(r->cost), pairs = n > 1 ? n * (n - 1) : 1;
    struct worst *w = mem_zero(r->n + 1, sizeof *w);
    int rc = sum_pairs(r, w, err);
    qsort(w, r->n, sizeof *w, compare_worst);
    size_t free_of_cost = 0;
    for (size_t i = 0; i < r->n; i++)
        free_of_cost += w[i].sum == 0;
    fprintf(to, "| function | lines, mean of all pairs | most | why, at its most |\n"
                "| --- | ---: | --- | --- |\n");
    size_t i = 0;
    for (unsigned k = 0; rc == 0 && k < WORST && i < r->n; k++) {
        size_t same = 1;
        while (i + same < r->n && w[i + same].sum == w[i].sum &&
               w[i + same].most == w[i].most)
            same++;
        rc = worst_row(r, &w[i], same, pairs, to, err);
        i += same;
    }
    fprintf(
        to,
        "\n%zu of the %zu functions need no line beyond what is generic, between any two "
        "boards.\n",
        free_of_cost, r->n);
    free(w);
    return rc;
}

int port_markdown_write(const struct port_report *r, const struct port_checks *checks,
                        const char *path, struct err *err)
{
    FILE *to = fopen(path, "we");
    if (!to)
        return err_set(err, ERR_USER, "%s: %s", path, strerror(errno));
    fprintf(to, "## The library OS: machine-dependent lines\n\n");
    part_rows(r, COST_LIBOS, to);
    fprintf(to, "\n## The exokernel: machine-dependent lines\n\n");
    part_rows(r, COST_KERNEL, to);
    fprintf(
        to,
        "\n## Boards by boards\n\nLines to write, of library OS and exokernel, to have "
        "everything on the board to the right, coming from the one on the left.\n\n");
    matrix(r, to);
    fprintf(to, "\n## What costs most\n\n");
    int rc = worst(r, to, err);
    fprintf(to, "\n## Checks\n\n```");
    port_checks_print(checks, false, to);
    fprintf(to, "```\n");
    if (fclose(to) != 0 && rc == 0)
        rc = err_set(err, ERR_USER, "%s: %s", path, strerror(errno));
    return rc;
}
