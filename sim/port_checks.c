// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * port_checks.c - written and executed cost checked against each other, and totals against plain
 * counts. As JSON first, because every form of the report shows them:
 *
 *   unpredicted   machine-dependent code that ran and that the closure of its conformance program does
 *                 not hold: an error of the analysis
 *   untouched     machine-dependent code of a board that no run touched: untested port code
 *   mentions      generic files that name a machine (port_mentions.c): an error of the tree
 *   lines         lines by how they are reached, and their sum; lines of the linked images that the
 *                 objects do not have: an error
 *   instructions  sums of the profile, and the machine's own counters: they must be the same
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "port_mentions.h"
#include "port_report.h"

/* ---- unpredicted ---- */

/* Lines of one file that ran and were not predicted, from the k-th on; how many were looked at. */
static uint32_t strays_of_file(const struct port_report *r, const struct executed *e,
                               const struct cost_set *predicted, uint32_t k, json_t *list)
{
    uint32_t file = cost_line(r->cost, e->line[k])->file, i = k;
    for (; i < e->nlines && cost_line(r->cost, e->line[i])->file == file; i++)
        if (!predicted || !cost_has_line(predicted, e->line[i]))
            json_array_append_new(list,
                                  json_integer(cost_line(r->cost, e->line[i])->line));
    return i - k;
}

static unsigned unpredicted_run(const struct port_report *r, size_t board, size_t i,
                                json_t *out)
{
    const struct executed *e = &r->run[board * r->n + i];
    const struct cost_set *predicted = cost_conform(r->cost, board, r->api[i]);
    unsigned errors = 0;
    for (uint32_t k = 0; k < e->nlines;) {
        const char *path = cost_file(r->cost, cost_line(r->cost, e->line[k])->file)->path;
        json_t *lines = json_array();
        k += strays_of_file(r, e, predicted, k, lines);
        if (json_array_size(lines)) {
            errors++;
            json_array_append_new(out, json_pack("{s:s, s:s, s:s, s:O}", "board",
                                                 port_board_name(r, board), "api",
                                                 port_api(r, i)->name, "file", path,
                                                 "lines", lines));
        }
        json_decref(lines);
    }
    if (*e->stray) {
        errors++;
        json_array_append_new(out, json_pack("{s:s, s:s, s:s}", "board",
                                             port_board_name(r, board), "api",
                                             port_api(r, i)->name, "unknown", e->stray));
    }
    return errors;
}

static json_t *unpredicted(const struct port_report *r, unsigned *errors)
{
    json_t *out = json_array();
    for (size_t b = 0; b < cost_boards(r->cost); b++)
        for (size_t i = 0; i < r->n; i++)
            *errors += unpredicted_run(r, b, i, out);
    return out;
}

/* ---- untouched ---- */

/* Of each line and function: did any run of the board touch it? */
struct touched {
    bool *line, *function;
};

static void touch(const struct port_report *r, size_t board, struct touched *t)
{
    t->line = mem_zero(cost_lines(r->cost) + 1, sizeof *t->line);
    t->function = mem_zero(cost_functions(r->cost) + 1, sizeof *t->function);
    for (size_t i = 0; i < r->n; i++) {
        const struct executed *e = &r->run[board * r->n + i];
        for (uint32_t k = 0; k < e->nlines; k++)
            t->line[e->line[k]] = true;
        for (uint32_t k = 0; k < e->nfunctions; k++)
            t->function[e->function[k].function] = true;
    }
}

static bool of_board(const struct port_report *r, size_t board, uint32_t file,
                     enum cost_part part, enum cost_class class_)
{
    const struct cost_file *f = cost_file(r->cost, file);
    return f->part == part && f->class_ == class_ && cost_available(r->cost, board, file);
}

static json_t *untouched_class(const struct port_report *r, size_t board,
                               enum cost_part part, enum cost_class class_,
                               const struct touched *t)
{
    uint32_t lines = 0, ran = 0;
    const struct cost_set *all = cost_all(r->cost, board);
    for (size_t l = 0; l < cost_lines(r->cost); l++)
        if (cost_has_line(all, l) &&
            of_board(r, board, cost_line(r->cost, l)->file, part, class_)) {
            lines++;
            ran += t->line[l];
        }
    if (lines == 0)
        return NULL;
    json_t *functions = json_array();
    for (size_t f = 0; f < cost_functions(r->cost); f++) {
        const struct cost_function *fn = cost_function(r->cost, f);
        uint32_t n = cost_function_lines(r->cost, board, f);
        if (n && !t->function[f] && cost_has_function(all, f) &&
            of_board(r, board, fn->file, part, class_))
            json_array_append_new(functions,
                                  json_pack("{s:s, s:s, s:i}", "file",
                                            cost_file(r->cost, fn->file)->path, "name",
                                            fn->name, "lines", (int)n));
    }
    return json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:o}", "board",
                     port_board_name(r, board), "part", cost_part_names[part], "class",
                     cost_class_names[class_], "kind", cost_kind(r->cost, board, class_),
                     "lines", (int)lines, "executed", (int)ran, "functions", functions);
}

static json_t *untouched(const struct port_report *r)
{
    json_t *out = json_array();
    for (size_t b = 0; b < cost_boards(r->cost); b++) {
        struct touched t;
        touch(r, b, &t);
        for (unsigned part = COST_LIBOS; part <= COST_KERNEL; part++)
            for (unsigned c = COST_GENERIC + 1; c < COST_CLASSES; c++) {
                json_t *one = untouched_class(r, b, part, c, &t);
                if (one)
                    json_array_append_new(out, one);
            }
        free(t.line);
        free(t.function);
    }
    return out;
}

/* ---- lines ---- */

/* Lines of an image's library and kernel that the objects do not have. */
static int missing_lines(const struct port_report *r, const char *path, int *lines,
                         struct err *err)
{
    struct codemap *m;
    int rc = codemap_open(path, &m, err), missing = 0;
    if (rc)
        return rc;
    *lines = 0;
    for (uint32_t i = 0; i < codemap_places(m); i++) {
        const struct codemap_place *p = codemap_place(m, i);
        const char *file = codemap_function(m, p->function)->file;
        enum cost_part part;
        enum cost_class class_;
        if (p->line == 0 || !cost_classify(file, &part, &class_, NULL) ||
            part == COST_PROGRAM)
            continue;
        (*lines)++;
        missing += cost_line_find(r->cost, file, p->line) == SIZE_MAX;
    }
    codemap_close(m);
    return missing;
}

static json_t *image_lines(const struct port_report *r, size_t board, unsigned *errors)
{
    const char *isa = cost_kind(r->cost, board, COST_ISA);
    char *path[2] = {
        data_path("guest/%s/exo-%s", isa, cost_kind(r->cost, board, COST_MMU)),
        data_path("guest/%s/conform", isa)};
    json_t *out = json_object();
    for (unsigned i = 0; i < 2; i++) {
        struct err err;
        int places = 0, missing = missing_lines(r, path[i], &places, &err);
        *errors += missing != 0;
        json_object_set_new(
            out, i ? "program" : "kernel",
            missing < 0 ? json_string(err.msg)
                        : json_pack("{s:i, s:i}", "places", places, "missing", missing));
        free(path[i]);
    }
    return out;
}

static json_t *balance(const struct port_report *r, size_t board, enum cost_part part,
                       unsigned *errors)
{
    struct cost_balance b;
    cost_balance(r->cost, board, part, &b);
    uint32_t counted = 0;
    for (size_t l = 0; l < cost_lines(r->cost); l++)
        counted += cost_has_line(cost_all(r->cost, board), l) &&
                   cost_file(r->cost, cost_line(r->cost, l)->file)->part == part;
    bool same = b.platform + b.apis_only + b.calls_only + b.unreached == b.all &&
                counted == b.all;
    *errors += !same;
    return json_pack("{s:i, s:i, s:i, s:i, s:i, s:i, s:b}", "platform", (int)b.platform,
                     "apis_only", (int)b.apis_only, "calls_only", (int)b.calls_only,
                     "unreached", (int)b.unreached, "all", (int)b.all, "counted",
                     (int)counted, "same", (int)same);
}

static json_t *lines(const struct port_report *r, unsigned *errors)
{
    json_t *out = json_array();
    for (size_t b = 0; b < cost_boards(r->cost); b++)
        json_array_append_new(out, json_pack("{s:s, s:o, s:o, s:o}", "board",
                                             port_board_name(r, b), "libos",
                                             balance(r, b, COST_LIBOS, errors), "kernel",
                                             balance(r, b, COST_KERNEL, errors), "images",
                                             image_lines(r, b, errors)));
    return out;
}

/* ---- instructions ---- */

static json_t *instructions(const struct port_report *r, unsigned *errors)
{
    json_t *out = json_array();
    for (size_t b = 0; b < cost_boards(r->cost); b++) {
        uint64_t profile[PROFILE_PARTS] = {0}, counted[PROFILE_PARTS] = {0}, unknown = 0;
        json_t *apart = json_array(), *sums = json_object();
        int runs = 0;
        for (size_t i = 0; i < r->n; i++) {
            const struct executed *e = port_run(r, b, i, NULL, 0);
            bool same = true;
            if (!e)
                continue;
            runs++;
            unknown += e->unknown;
            for (unsigned p = 0; p < PROFILE_PARTS; p++) {
                profile[p] += executed_part(e, p);
                counted[p] += e->counted[p];
                same &= executed_part(e, p) == e->counted[p];
            }
            if (!same)
                json_array_append_new(apart, json_string(port_api(r, i)->name));
        }
        for (unsigned p = 0; p < PROFILE_PARTS; p++)
            json_object_set_new(sums, profile_part_names[p],
                                json_pack("{s:I, s:I}", "profile", (json_int_t)profile[p],
                                          "counters", (json_int_t)counted[p]));
        *errors += json_array_size(apart) != 0;
        json_array_append_new(out,
                              json_pack("{s:s, s:i, s:o, s:I, s:o}", "board",
                                        port_board_name(r, b), "runs", runs, "sums", sums,
                                        "unknown", (json_int_t)unknown, "apart", apart));
    }
    return out;
}

void port_checks_make(const struct port_report *r, struct port_checks *out)
{
    *out = (struct port_checks){.json = json_object()};
    if (r->run) {
        json_object_set_new(out->json, "unpredicted", unpredicted(r, &out->errors));
        json_object_set_new(out->json, "instructions", instructions(r, &out->errors));
        json_object_set_new(out->json, "untouched",
                            r->whole ? untouched(r)
                                     : json_string("not all functions were run"));
    } else {
        static const char *const names[] = {"unpredicted", "instructions", "untouched"};
        for (unsigned i = 0; i < 3; i++)
            json_object_set_new(out->json, names[i], json_string(r->unrun));
    }
    json_object_set_new(out->json, "lines", lines(r, &out->errors));
    json_object_set_new(out->json, "mentions", port_mentions(r, &out->errors));
    json_object_set_new(out->json, "errors", json_integer(out->errors));
}

void port_checks_free(struct port_checks *c)
{
    json_decref(c->json);
    *c = (struct port_checks){0};
}
