// SPDX-License-Identifier: GPL-2.0-or-later
/* port_rows.c - two boards compared: which functions are worst, and why. See port_report.h. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "port_report.h"
#include "trace.h"

#define NAMED 3u /* functions, calls and traps that are named; the rest is counted */

/* ---- order ---- */

struct ranked {
    size_t row;
    uint64_t lines, margin, executed;
    const char *name;
};

static int compare_ranked(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->lines != y->lines)
        return x->lines > y->lines ? -1 : 1;
    if (x->margin != y->margin)
        return x->margin > y->margin ? -1 : 1;
    if (x->executed != y->executed)
        return x->executed > y->executed ? -1 : 1;
    return strcmp(x->name, y->name);
}

int port_pair_open(const struct port_report *r, size_t from, size_t to,
                   struct port_pair *out, struct err *err)
{
    *out = (struct port_pair){.from = from, .to = to};
    int rc = cost_port(r->cost, from, to, NULL, &out->cost, err);
    if (rc)
        return rc;
    struct ranked *rank = mem_zero(r->n + 1, sizeof *rank);
    for (size_t i = 0; i < r->n; i++) {
        const struct cost_port_row *c = &out->cost->api[r->api[i]];
        const struct executed *e = port_run(r, to, i, NULL, 0);
        rank[i] = (struct ranked){i, cost_total(&c->alone, COST_CLASSES).lines,
                                  cost_total(&c->margin, COST_CLASSES).lines,
                                  e ? executed_dependent(e) : 0, port_api(r, i)->name};
    }
    qsort(rank, r->n, sizeof *rank, compare_ranked);
    out->order = mem_zero(r->n + 1, sizeof *out->order);
    for (size_t i = 0; i < r->n; i++)
        out->order[i] = rank[i].row;
    free(rank);
    return 0;
}

void port_pair_close(struct port_pair *p)
{
    cost_port_free(p->cost);
    free(p->order);
    *p = (struct port_pair){0};
}

bool port_to_write(const struct port_report *r, size_t from, size_t to, size_t i,
                   size_t function)
{
    const struct cost_function *f = cost_function(r->cost, function);
    const struct cost_file *file = cost_file(r->cost, f->file);
    return file->class_ != COST_GENERIC && file->part != COST_PROGRAM &&
           cost_has_function(cost_api(r->cost, to, r->api[i]), function) &&
           !cost_available(r->cost, from, f->file);
}

/* ---- words ---- */

static void add(char **text, const char *more)
{
    char *sum = mem_fmt("%s%s", *text, more);
    free(*text);
    *text = sum;
}

#define ADD(text, ...)                                                                   \
    do {                                                                                 \
        char *more_ = mem_fmt(__VA_ARGS__);                                              \
        add((text), more_);                                                              \
        free(more_);                                                                     \
    } while (0)

struct piece {
    const char *name;
    uint32_t lines;
};

static int compare_pieces(const void *a, const void *b)
{
    const struct piece *x = a, *y = b;
    if (x->lines != y->lines)
        return x->lines > y->lines ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* "mmu radix 63 lines (bind 20, need_level 12, 4 more)" for one class; nothing if there is none. */
static void class_words(const struct port_report *r, const struct port_pair *p, size_t i,
                        enum cost_class class_, char **text)
{
    const struct cost_sums *alone = &p->cost->api[r->api[i]].alone;
    uint32_t lines = cost_total(alone, class_).lines;
    if (lines == 0)
        return;
    size_t n = 0, all = cost_functions(r->cost);
    struct piece *piece = mem_zero(all, sizeof *piece);
    for (size_t f = 0; f < all; f++) {
        const struct cost_function *fn = cost_function(r->cost, f);
        if (cost_file(r->cost, fn->file)->class_ == class_ &&
            port_to_write(r, p->from, p->to, i, f))
            piece[n++] = (struct piece){fn->name, cost_function_lines(r->cost, p->to, f)};
    }
    qsort(piece, n, sizeof *piece, compare_pieces);
    ADD(text, "%s%s %s %" PRIu32 " lines", **text ? "; " : "write ",
        cost_class_names[class_], cost_kind(r->cost, p->to, class_), lines);
    for (size_t k = 0; k < n && k < NAMED; k++)
        ADD(text, "%s%s %" PRIu32, k ? ", " : " (", piece[k].name, piece[k].lines);
    if (n > NAMED)
        ADD(text, ", %zu more", n - NAMED);
    if (n)
        add(text, ")");
    free(piece);
}

struct change {
    const char *name;
    uint64_t from, to;
    bool kind; /* it appears or vanishes */
};

static int compare_changes(const void *a, const void *b)
{
    const struct change *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind ? -1 : 1;
    uint64_t dx = x->to > x->from ? x->to - x->from : x->from - x->to;
    uint64_t dy = y->to > y->from ? y->to - y->from : y->from - y->to;
    if (dx != dy)
        return dx > dy ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* "calls +pt_map 3, -tlb_write 12, batch 4>5, 2 more" */
static void change_words(const char *what, struct change *c, size_t n, char **text)
{
    if (n == 0)
        return;
    qsort(c, n, sizeof *c, compare_changes);
    ADD(text, "%s%s ", **text ? "; " : "", what);
    for (size_t k = 0; k < n && k < NAMED; k++) {
        const char *comma = k ? ", " : "";
        if (c[k].from == 0)
            ADD(text, "%s+%s %" PRIu64, comma, c[k].name, c[k].to);
        else if (c[k].to == 0)
            ADD(text, "%s-%s %" PRIu64, comma, c[k].name, c[k].from);
        else
            ADD(text, "%s%s %" PRIu64 ">%" PRIu64, comma, c[k].name, c[k].from, c[k].to);
    }
    if (n > NAMED)
        ADD(text, ", %zu more", n - NAMED);
}

static void run_words(const struct port_report *r, const struct executed *from,
                      const struct executed *to, char **text)
{
    struct change c[CALLS_MAX > HW_CAUSE_COUNT ? CALLS_MAX : HW_CAUSE_COUNT];
    size_t n = 0;
    for (unsigned k = 0; k < CALLS_MAX; k++) {
        const char *name = calls_name(cost_calls(r->cost), k);
        if (from->calls[k] != to->calls[k])
            c[n++] = (struct change){name ? name : "?", from->calls[k], to->calls[k],
                                     !from->calls[k] || !to->calls[k]};
    }
    change_words("calls", c, n, text);
    n = 0;
    for (unsigned k = 0; k < HW_CAUSE_COUNT; k++)
        if (from->traps[k] != to->traps[k])
            c[n++] = (struct change){cause_name(k), from->traps[k], to->traps[k],
                                     !from->traps[k] || !to->traps[k]};
    change_words("traps", c, n, text);
}

static bool same_isa(const struct port_report *r, const struct port_pair *p)
{
    return strcmp(cost_kind(r->cost, p->from, COST_ISA),
                  cost_kind(r->cost, p->to, COST_ISA)) == 0;
}

char *port_pair_words(const struct port_report *r, const struct port_pair *p, size_t i)
{
    char *text = mem_str(""), why[2][200];
    for (unsigned class_ = COST_GENERIC + 1; class_ < COST_CLASSES; class_++)
        class_words(r, p, i, class_, &text);
    if (!*text)
        add(&text, "nothing to write");
    const struct executed *from = port_run(r, p->from, i, why[0], sizeof why[0]);
    const struct executed *to = port_run(r, p->to, i, why[1], sizeof why[1]);
    if (from && to)
        run_words(r, from, to, &text);
    uint64_t before = from ? executed_total(from) : 0,
             after = to ? executed_total(to) : 0;
    if (before && after && before != after)
        ADD(&text, "; %+.0f %% instructions%s",
            100.0 * ((double)after - (double)before) / (double)before,
            same_isa(r, p) ? "" : " (another instruction set)");
    if (!from)
        ADD(&text, "; no run on %s: %s", port_board_name(r, p->from), why[0]);
    if (!to && r->run)
        ADD(&text, "; no run on %s: %s", port_board_name(r, p->to), why[1]);
    return text;
}

struct port_calls port_calls_changed(const struct executed *from,
                                     const struct executed *to)
{
    struct port_calls c = {0};
    for (unsigned k = 0; k < CALLS_MAX; k++) {
        c.appear += !from->calls[k] && to->calls[k];
        c.vanish += from->calls[k] && !to->calls[k];
        c.change += from->calls[k] && to->calls[k] && from->calls[k] != to->calls[k];
    }
    return c;
}
