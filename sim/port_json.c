// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * port_json.c - the porting report as JSON: what --json writes and the page carries. docs/costs.md,
 * "As JSON", lists the members. See port_report.h.
 */
#include "port_json.h"

#include <stdlib.h>
#include <string.h>

#include "intern.h"
#include "trace.h"

struct writer {
    const struct port_report *r;
    unsigned top;     /* functions of a run that are listed; 0: all */
    uint32_t *number; /* of a function of cost in "functions", from 1; 0: not there yet */
    json_t *functions, *sets;
    struct intern *known_sets; /* as text: their numbers are those of "sets" */
};

static json_t *by_class(const struct cost_sums *s, enum cost_part part)
{
    json_t *out = json_array();
    for (unsigned c = 0; c < COST_CLASSES; c++)
        json_array_append_new(out, json_integer(s->at[part][c].lines));
    return out;
}

/* {"libos": lines by class, "kernel": the same, "functions", "bytes", "hooks"} of the
 * machine-dependent code of a sum. */
static json_t *sums_json(const struct cost_sums *s)
{
    struct cost_sum md = cost_total(s, COST_CLASSES);
    uint32_t hooks = 0;
    for (unsigned c = 0; c < COST_CLASSES; c++)
        hooks += s->hooks[c];
    return json_pack("{s:i, s:o, s:o, s:i, s:I, s:i}", "lines", (int)md.lines, "libos",
                     by_class(s, COST_LIBOS), "kernel", by_class(s, COST_KERNEL),
                     "functions", (int)md.functions, "bytes", (json_int_t)md.bytes,
                     "hooks", (int)hooks);
}

/* ---- functions and sets of them ---- */

/* Its place in "functions": [name, file, class, part, [lines on each board]]. */
static json_int_t function_number(struct writer *w, size_t f)
{
    if (w->number[f])
        return w->number[f] - 1;
    const struct cost *c = w->r->cost;
    const struct cost_function *fn = cost_function(c, f);
    const struct cost_file *file = cost_file(c, fn->file);
    json_t *lines = json_array();
    for (size_t b = 0; b < cost_boards(c); b++)
        json_array_append_new(lines, json_integer(cost_function_lines(c, b, f)));
    json_array_append_new(w->functions,
                          json_pack("[s, s, i, i, o]", fn->name, file->path,
                                    (int)file->class_, (int)file->part, lines));
    w->number[f] = (uint32_t)json_array_size(w->functions);
    return w->number[f] - 1;
}

/* Number in "sets" of the closure's machine-dependent functions: many functions share one. */
static json_int_t set_number(struct writer *w, const struct cost_set *set)
{
    const struct cost *c = w->r->cost;
    json_t *list = json_array();
    for (size_t f = 0; f < cost_functions(c); f++) {
        const struct cost_file *file = cost_file(c, cost_function(c, f)->file);
        if (file->class_ != COST_GENERIC && file->part != COST_PROGRAM &&
            cost_has_function(set, f))
            json_array_append_new(list, json_integer(function_number(w, f)));
    }
    char *text = json_dumps(list, JSON_COMPACT);
    uint32_t n = intern_add(w->known_sets, text);
    free(text);
    if (n == json_array_size(w->sets))
        json_array_append(w->sets, list);
    json_decref(list);
    return n;
}

/* ---- a run ---- */

struct ran {
    uint32_t function;
    uint64_t instructions;
};

static int compare_ran(const void *a, const void *b)
{
    const struct ran *x = a, *y = b;
    if (x->instructions != y->instructions)
        return x->instructions > y->instructions ? -1 : 1;
    return x->function < y->function ? -1 : x->function > y->function;
}

static json_t *run_functions(struct writer *w, const struct executed *e)
{
    json_t *out = json_array();
    struct ran *ran = mem_zero(e->nfunctions + 1, sizeof *ran);
    for (uint32_t i = 0; i < e->nfunctions; i++)
        ran[i] = (struct ran){e->function[i].function, e->function[i].instructions};
    qsort(ran, e->nfunctions, sizeof *ran, compare_ran);
    for (uint32_t i = 0; i < e->nfunctions && (w->top == 0 || i < w->top); i++)
        json_array_append_new(out,
                              json_pack("[I, I]", function_number(w, ran[i].function),
                                        (json_int_t)ran[i].instructions));
    free(ran);
    return out;
}

static json_t *counts(const uint64_t *v, unsigned n,
                      const char *(*name)(const void *, unsigned), const void *arg)
{
    json_t *out = json_object();
    for (unsigned k = 0; k < n; k++)
        if (v[k]) {
            const char *word = name(arg, k);
            char unnamed[16];
            snprintf(unnamed, sizeof unnamed, "%u", k);
            json_object_set_new(out, word ? word : unnamed,
                                json_integer((json_int_t)v[k]));
        }
    return out;
}

static const char *call_word(const void *arg, unsigned k)
{
    return calls_name(arg, k);
}

static const char *trap_word(const void *arg, unsigned k)
{
    (void)arg;
    return cause_name(k);
}

static json_t *run_json(struct writer *w, size_t board, size_t i)
{
    const struct port_report *r = w->r;
    char why[300];
    const struct executed *e = port_run(r, board, i, why, sizeof why);
    if (!e)
        return json_pack("{s:s, s:s}", "result",
                         r->run ? conform_result_names[r->run[board * r->n + i].result]
                                : "not run",
                         "why", why);
    json_t *out =
        json_pack("{s:s, s:s}", "result", conform_result_names[e->result], "why", e->why);
    for (unsigned p = 0; p < PROFILE_PARTS; p++) {
        json_t *one = json_array();
        for (unsigned c = 0; c < COST_CLASSES; c++)
            json_array_append_new(one, json_integer((json_int_t)e->instructions[p][c]));
        json_object_set_new(out, profile_part_names[p], one);
    }
    json_object_set_new(out, "calls",
                        counts(e->calls, CALLS_MAX, call_word, cost_calls(r->cost)));
    json_object_set_new(out, "traps", counts(e->traps, HW_CAUSE_COUNT, trap_word, NULL));
    json_object_set_new(out, "copied",
                        json_pack("{s:I, s:I, s:I}", "code", (json_int_t)e->copied_code,
                                  "disk", (json_int_t)e->copied_disk, "nic",
                                  (json_int_t)e->copied_nic));
    json_object_set_new(out, "cycles", json_integer((json_int_t)e->cycles));
    json_object_set_new(out, "functions", run_functions(w, e));
    return out;
}

/* ---- a function of the API on a board ---- */

static json_t *hook_names(const struct cost *c, const struct cost_set *s,
                          bool (*has)(const struct cost_set *s, size_t hook))
{
    json_t *out = json_array();
    for (size_t h = 0; h < cost_hooks(c); h++)
        if (has(s, h))
            json_array_append_new(out, json_string(cost_hook(c, h)->full));
    return out;
}

static json_t *cell_json(struct writer *w, size_t board, size_t i)
{
    const struct cost *c = w->r->cost;
    const struct cost_set *set = cost_api(c, board, w->r->api[i]);
    struct cost_sums s;
    cost_sum(c, set, &s);
    return json_pack("{s:o, s:I, s:o, s:o, s:o}", "written", sums_json(&s), "closure",
                     set_number(w, set), "hooks", hook_names(c, set, cost_has_hook),
                     "missing", hook_names(c, set, cost_lacks_hook), "run",
                     run_json(w, board, i));
}

static json_t *api_json(struct writer *w, size_t i)
{
    const struct cost_api *a = port_api(w->r, i);
    json_t *boards = json_array();
    for (size_t b = 0; b < cost_boards(w->r->cost); b++)
        json_array_append_new(boards, cell_json(w, b, i));
    return json_pack("{s:s, s:s, s:s, s:s, s:o}", "name", a->name, "header", a->header,
                     "group", a->group, "classes", a->classes, "boards", boards);
}

/* ---- boards, calls ---- */

static json_t *boards_json(const struct port_report *r)
{
    json_t *out = json_array();
    for (size_t b = 0; b < cost_boards(r->cost); b++) {
        struct cost_sums reached, all;
        json_t *kinds = json_object(), *available = json_array();
        cost_sum(r->cost, cost_reached(r->cost, b), &reached);
        cost_sum(r->cost, cost_all(r->cost, b), &all);
        for (unsigned c = COST_GENERIC + 1; c < COST_CLASSES; c++)
            json_object_set_new(kinds, cost_class_names[c],
                                json_string(cost_kind(r->cost, b, c)));
        for (size_t f = 0; f < cost_files(r->cost); f++)
            if (cost_file(r->cost, f)->class_ != COST_GENERIC &&
                cost_available(r->cost, b, f))
                json_array_append_new(available,
                                      json_string(cost_file(r->cost, f)->path));
        json_array_append_new(out, json_pack("{s:s, s:o, s:o, s:o, s:o}", "name",
                                             port_board_name(r, b), "kinds", kinds,
                                             "reached", sums_json(&reached), "all",
                                             sums_json(&all), "files", available));
    }
    return out;
}

/* The exokernel's calls: lines of kernel code by class on each board; null: no such call there. */
static json_t *calls_json(const struct port_report *r)
{
    json_t *out = json_array();
    for (unsigned k = 0; k < CALLS_MAX; k++) {
        const struct call *call = &cost_calls(r->cost)->call[k];
        if (!call->there)
            continue;
        json_t *boards = json_array();
        for (size_t b = 0; b < cost_boards(r->cost); b++) {
            const struct cost_set *set = cost_call(r->cost, b, k);
            struct cost_sums s;
            if (set)
                cost_sum(r->cost, set, &s);
            json_array_append_new(boards, set ? by_class(&s, COST_KERNEL) : json_null());
        }
        json_array_append_new(out,
                              json_pack("{s:i, s:s, s:s, s:s, s:o}", "number", (int)k,
                                        "name", call->name, "hardware", call->hardware,
                                        "what", call->what, "boards", boards));
    }
    return out;
}

/* ---- pairs ---- */

static json_t *run_columns(const struct executed *e)
{
    if (!e)
        return json_null();
    json_int_t traps = 0, calls = 0;
    for (unsigned k = 0; k < HW_CAUSE_COUNT; k++)
        traps += (json_int_t)e->traps[k];
    for (unsigned k = 0; k < CALLS_MAX; k++)
        calls += (json_int_t)e->calls[k];
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "application",
                     (json_int_t)executed_part(e, PROFILE_APPLICATION), "library",
                     (json_int_t)executed_part(e, PROFILE_LIBRARY), "kernel",
                     (json_int_t)executed_part(e, PROFILE_KERNEL), "dependent",
                     (json_int_t)executed_dependent(e), "calls", calls, "traps", traps,
                     "copied", (json_int_t)executed_copied(e), "cycles",
                     (json_int_t)e->cycles);
}

static json_t *row_json(const struct port_report *r, const struct port_pair *p, size_t i)
{
    const struct cost_port_row *row = &p->cost->api[r->api[i]];
    const struct executed *from = port_run(r, p->from, i, NULL, 0);
    const struct executed *to = port_run(r, p->to, i, NULL, 0);
    uint32_t reused = 0;
    for (unsigned c = 0; c < COST_CLASSES; c++)
        reused +=
            row->reused.at[COST_LIBOS][c].lines + row->reused.at[COST_KERNEL][c].lines;
    char *words = port_pair_words(r, p, i);
    json_t *out = json_pack("{s:s, s:o, s:i, s:i, s:i, s:i, s:o, s:o}", "api",
                            port_api(r, i)->name, "write", sums_json(&row->alone),
                            "beyond", (int)cost_total(&row->beyond, COST_CLASSES).lines,
                            "margin", (int)cost_total(&row->margin, COST_CLASSES).lines,
                            "order", (int)row->place + 1, "reused", (int)reused, "from",
                            run_columns(from), "to", run_columns(to));
    if (from && to) {
        struct port_calls c = port_calls_changed(from, to);
        json_object_set_new(out, "calls",
                            json_pack("{s:i, s:i, s:i}", "appear", (int)c.appear,
                                      "vanish", (int)c.vanish, "change", (int)c.change));
    } else {
        json_object_set_new(out, "calls", json_null());
    }
    json_object_set_new(out, "explains", json_string(words));
    free(words);
    return out;
}

static json_t *pair_json(const struct port_report *r, const struct port_pair *p)
{
    json_t *rows = json_array();
    for (size_t k = 0; k < r->n; k++)
        json_array_append_new(rows, row_json(r, p, p->order[k]));
    return json_pack("{s:s, s:s, s:o, s:o, s:o}", "from", port_board_name(r, p->from),
                     "to", port_board_name(r, p->to), "platform",
                     sums_json(&p->cost->platform), "total", sums_json(&p->cost->total),
                     "rows", rows);
}

static json_t *all_pairs(const struct port_report *r, struct err *err)
{
    json_t *out = json_array();
    for (size_t a = 0; a < cost_boards(r->cost); a++)
        for (size_t b = 0; b < cost_boards(r->cost); b++) {
            struct port_pair p;
            if (port_pair_open(r, a, b, &p, err)) {
                json_decref(out);
                return NULL;
            }
            json_array_append_new(out, pair_json(r, &p));
            port_pair_close(&p);
        }
    return out;
}

/* ---- all of it ---- */

json_t *port_json_base(const struct port_report *r, const struct port_checks *checks,
                       unsigned top)
{
    struct writer w = {.r = r, .top = top};
    w.number = mem_zero(cost_functions(r->cost) + 1, sizeof *w.number);
    w.functions = json_array();
    w.sets = json_array();
    w.known_sets = intern_new();
    json_t *apis = json_array(), *classes = json_array();
    for (size_t i = 0; i < r->n; i++)
        json_array_append_new(apis, api_json(&w, i));
    for (unsigned c = 0; c < COST_CLASSES; c++)
        json_array_append_new(classes, json_string(cost_class_names[c]));
    json_t *out = json_object();
    json_object_set_new(out, "classes", classes);
    json_object_set_new(out, "whole",
                        json_boolean(r->whole)); /* all functions are here */
    json_object_set_new(out, "boards", boards_json(r));
    json_object_set_new(out, "functions", w.functions);
    json_object_set_new(out, "sets", w.sets);
    json_object_set_new(out, "apis", apis);
    json_object_set_new(out, "calls", calls_json(r));
    json_object_set(out, "checks", checks->json);
    free(w.number);
    intern_free(w.known_sets);
    return out;
}

json_t *port_json(const struct port_report *r, const struct port_checks *checks,
                  const struct port_pair *pair, struct err *err)
{
    json_t *pairs = pair ? json_pack("[o]", pair_json(r, pair)) : all_pairs(r, err);
    if (!pairs)
        return NULL;
    json_t *out = port_json_base(r, checks, 0);
    json_object_set_new(out, "order", json_string(cost_greedy_words));
    json_object_set_new(out, "pairs", pairs);
    return out;
}
