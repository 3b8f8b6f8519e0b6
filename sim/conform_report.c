// SPDX-License-Identifier: GPL-2.0-or-later
/* conform_report.c - conformance results as TAP, as a matrix, as JSON. See conform_report.h. */
#include "conform_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 256

/* Names of the hooks that were missing, "mmu.protect disk.flush". */
static void hook_names(const struct conform *c, const struct conform_outcome *o,
                       char words[WORDS_MAX])
{
    words[0] = 0;
    for (size_t i = 0; i < c->hooks.n; i++)
        if (o->hooks >> i & 1) {
            size_t at = strlen(words);
            snprintf(words + at, WORDS_MAX - at, "%s%s", at ? " " : "",
                     c->hooks.hook[i].name);
        }
    if (!words[0] && o->why)
        snprintf(words, WORDS_MAX, "%.200s", o->why);
}

/* ---- TAP ---- */

void conform_tell_plan(size_t n)
{
    printf("1..%zu\n", n);
    fflush(stdout);
}

/* Of the program's TAP what failed, and all that is no TAP: trap reports, words of children. */
static void tell_details(const char *text)
{
    char *copy = mem_str(text), *rest = copy, *line;
    while ((line = strsep(&rest, "\n"))) {
        bool plan = strncmp(line, "1..", 3) == 0, good = strncmp(line, "ok ", 3) == 0;
        if (*line && !plan && !good)
            printf("#   %s\n", line);
    }
    free(copy);
}

void conform_tell(const struct conform *c, size_t number, const struct conform_case *one)
{
    const struct conform_outcome *o = &one->outcome;
    bool good = o->result == CONFORM_PASS || o->result == CONFORM_NOT_APPLICABLE;
    char words[WORDS_MAX];
    printf("%s %zu - %s %s", good ? "ok" : "not ok", number, c->board[one->board].name,
           c->api.function[one->api].name);
    if (o->result == CONFORM_NOT_APPLICABLE) {
        printf(" # SKIP not applicable: %s", o->why ? o->why : "the program says so");
    } else if (o->result == CONFORM_NOT_PORTED) {
        hook_names(c, o, words);
        printf(" # not ported: %s", words);
    }
    putchar('\n');
    if (o->result == CONFORM_FAIL) {
        if (o->why)
            printf("#   %s\n", o->why);
        tell_details(o->text);
    }
    fflush(stdout);
}

/* ---- the matrix ---- */

static const struct conform_case *case_of(const struct conform_case *list, size_t n,
                                          size_t board, size_t api)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].board == board && list[i].api == api)
            return &list[i];
    return NULL;
}

static void cell_words(const struct conform *c, const struct conform_case *one,
                       char words[WORDS_MAX])
{
    switch (one ? one->outcome.result : CONFORM_RESULTS) {
    case CONFORM_PASS: strcpy(words, "pass"); break;
    case CONFORM_FAIL: strcpy(words, "FAIL"); break;
    case CONFORM_NOT_PORTED:
        hook_names(c, &one->outcome, words);
        if (c->board[one->board].no_kernel)
            strcpy(words, "no kernel");
        break;
    case CONFORM_NOT_APPLICABLE: strcpy(words, "n/a"); break;
    default: words[0] = 0;
    }
}

static int column_width(const struct conform *c, const struct conform_case *list,
                        size_t n, size_t board)
{
    size_t width = strlen(c->board[board].name);
    for (size_t i = 0; i < n; i++) {
        char words[WORDS_MAX];
        if (list[i].board != board)
            continue;
        cell_words(c, &list[i], words);
        if (strlen(words) > width)
            width = strlen(words);
    }
    return (int)width;
}

static void tell_totals(const struct conform *c, const struct conform_case *list,
                        size_t n, const int *width, int name_width)
{
    for (int r = 0; r < CONFORM_RESULTS; r++) {
        printf("# %-*s", name_width, conform_result_names[r]);
        for (size_t b = 0; b < c->nboards; b++) {
            unsigned count = 0;
            for (size_t i = 0; i < n; i++)
                count += list[i].board == b && (int)list[i].outcome.result == r;
            printf("  %-*u", width[b], count);
        }
        putchar('\n');
    }
}

void conform_tell_matrix(const struct conform *c, const struct conform_case *list,
                         size_t n)
{
    int *width = mem_zero(c->nboards + 1, sizeof *width), name_width = 0;
    for (size_t b = 0; b < c->nboards; b++)
        width[b] = column_width(c, list, n, b);
    for (size_t a = 0; a < c->api.n; a++)
        if ((int)strlen(c->api.function[a].name) > name_width)
            name_width = (int)strlen(c->api.function[a].name);
    printf("#\n# %-*s", name_width, "");
    for (size_t b = 0; b < c->nboards; b++)
        printf("  %-*s", width[b], c->board[b].name);
    putchar('\n');
    const char *group = "";
    for (size_t a = 0; a < c->api.n; a++) {
        const struct api_function *f = &c->api.function[a];
        if (!case_of(list, n, 0, a))
            continue;
        if (strcmp(group, f->group) != 0)
            printf("# -- %s\n", group = f->group);
        printf("# %-*s", name_width, f->name);
        for (size_t b = 0; b < c->nboards; b++) {
            char words[WORDS_MAX];
            cell_words(c, case_of(list, n, b, a), words);
            printf("  %-*s", width[b], words);
        }
        putchar('\n');
    }
    puts("# --");
    tell_totals(c, list, n, width, name_width);
    free(width);
}

/* ---- JSON ---- */

static json_t *outcome_json(const struct conform *c, const struct conform_outcome *o)
{
    json_t *hooks = json_array();
    for (size_t i = 0; i < c->hooks.n; i++)
        if (o->hooks >> i & 1)
            json_array_append_new(hooks, json_string(c->hooks.hook[i].name));
    return json_pack("{s:s, s:i, s:i, s:i, s:I, s:I, s:o, s:s?}", "result",
                     conform_result_names[o->result], "status", o->status, "checks",
                     (int)o->checks, "failed", (int)o->failed, "cycles",
                     (json_int_t)o->cycles, "instructions", (json_int_t)o->instructions,
                     "hooks", hooks, "why", o->why);
}

static json_t *totals_json(const struct conform *c, const struct conform_case *list,
                           size_t n)
{
    json_t *all = json_object();
    for (size_t b = 0; b < c->nboards; b++) {
        unsigned count[CONFORM_RESULTS] = {0};
        json_t *one = json_object();
        for (size_t i = 0; i < n; i++)
            if (list[i].board == b)
                count[list[i].outcome.result]++;
        for (int r = 0; r < CONFORM_RESULTS; r++)
            json_object_set_new(one, conform_result_names[r], json_integer(count[r]));
        json_object_set_new(all, c->board[b].name, one);
    }
    return all;
}

json_t *conform_json(const struct conform *c, const struct conform_case *list, size_t n)
{
    json_t *boards = json_array(), *apis = json_array();
    for (size_t b = 0; b < c->nboards; b++)
        json_array_append_new(boards, json_string(c->board[b].name));
    for (size_t a = 0; a < c->api.n; a++) {
        const struct api_function *f = &c->api.function[a];
        json_t *results = json_object();
        for (size_t b = 0; b < c->nboards; b++) {
            const struct conform_case *one = case_of(list, n, b, a);
            if (one)
                json_object_set_new(results, c->board[b].name,
                                    outcome_json(c, &one->outcome));
        }
        if (json_object_size(results))
            json_array_append_new(apis,
                                  json_pack("{s:s, s:s, s:s, s:s, s:O}", "name", f->name,
                                            "header", f->header, "group", f->group,
                                            "classes", f->classes, "results", results));
        json_decref(results);
    }
    return json_pack("{s:o, s:o, s:o}", "boards", boards, "totals",
                     totals_json(c, list, n), "apis", apis);
}
