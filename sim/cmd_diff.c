// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cmd_diff.c - `exosim diff -b A,B PROGRAM`: the same program on two boards, aligned at the calls of the
 * library's API that each environment made: those that are on one board only, the first whose
 * outcome is not the same, and what each cost.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apicalls.h"
#include "cmd.h"
#include "data.h"
#include "pairing.h"

struct side {
    const char *board;
    struct apicalls calls;
    int status;
    uint8_t *out;
    size_t n;
};

struct diff {
    struct side side[2];
    struct api api;
    struct calls calls;
    bool list;   /* every call */
    bool differ; /* anything that should be the same */
};

static int run_side(struct diff *d, struct side *s, const struct options *o,
                    const struct registry *models, struct console_input *in,
                    struct err *err)
{
    struct session session;
    struct apicalls_watch *w;
    int rc = session_open(&session, s->board, o, models, &d->calls, -1, in, err);
    if (rc)
        return rc;
    rc = apicalls_open(session.machine, &d->api, session.plan.module[0].path, &w, err);
    if (rc == 0) {
        session_run(&session);
        apicalls_close(w, &s->calls);
        s->status = session.status;
        s->out = session.console.out;
        s->n = session.console.n;
        session.console.out = NULL;
    }
    struct err closing;
    session_close(&session, rc ? &closing : err);
    return rc;
}

static const char *name_of(const struct diff *d, const struct apicall *c)
{
    return d->api.function[c->function].name;
}

/* The calls of one environment: their places in calls->call, and their functions. */
static size_t calls_of(const struct apicalls *a, uint32_t env, size_t **at,
                       uint32_t **function)
{
    size_t n = 0;
    *at = mem_zero(a->n + 1, sizeof **at);
    *function = mem_zero(a->n + 1, sizeof **function);
    for (size_t i = 0; i < a->n; i++)
        if (a->call[i].env == env) {
            (*at)[n] = i;
            (*function)[n++] = a->call[i].function;
        }
    return n;
}

static void outcome(const struct apicall *c, char *text, size_t max)
{
    if (!c->returned)
        snprintf(text, max, "did not return");
    else if (c->kind == SYMBOLS_NUMBER)
        snprintf(text, max, "returned %" PRId64, c->result);
    else if (c->kind == SYMBOLS_POINTER)
        snprintf(text, max, c->result ? "returned a pointer" : "returned NULL");
    else
        snprintf(text, max, "returned");
}

static bool same_outcome(const struct apicall *a, const struct apicall *b)
{
    return a->returned == b->returned && a->result == b->result;
}

static void list_head(const struct diff *d, uint32_t env)
{
    printf("environment %u%*s%s%*s%s\n", env + 1, 17, "", d->side[0].board,
           (int)(40 - strlen(d->side[0].board)), "", d->side[1].board);
    printf("%-22s %10s %10s %5s   %10s %10s %5s\n", "call", "library", "kernel", "exo",
           "library", "kernel", "exo");
}

static void list_cells(const struct apicall *c)
{
    if (c && c->returned)
        printf(" %10" PRIu64 " %10" PRIu64 " %5u  ", c->library, c->kernel, c->exo);
    else
        printf(" %10s %10s %5s  ", c ? "?" : "-", c ? "?" : "-", c ? "?" : "-");
}

/* One environment of both boards. *first: the first call whose outcome differs was said already. */
static void diff_env(struct diff *d, uint32_t env, bool *said)
{
    size_t *at[2], n[2], pairs;
    uint32_t *function[2];
    for (int k = 0; k < 2; k++)
        n[k] = calls_of(&d->side[k].calls, env, &at[k], &function[k]);
    struct pairing *pair = pairing_of(function[0], n[0], function[1], n[1], &pairs);
    if (d->list)
        list_head(d, env);
    for (size_t i = 0; i < pairs; i++) {
        const struct apicall *c[2] = {NULL, NULL};
        if (pair[i].a != PAIRING_NONE)
            c[0] = &d->side[0].calls.call[at[0][pair[i].a]];
        if (pair[i].b != PAIRING_NONE)
            c[1] = &d->side[1].calls.call[at[1][pair[i].b]];
        if (d->list) {
            printf("%-22s", name_of(d, c[0] ? c[0] : c[1]));
            list_cells(c[0]);
            list_cells(c[1]);
            printf("%s\n", !c[0] || !c[1]              ? "  on one board only"
                           : !same_outcome(c[0], c[1]) ? "  outcomes differ"
                                                       : "");
        }
        if (*said || (c[0] && c[1] && same_outcome(c[0], c[1])))
            continue;
        *said = d->differ = true;
        if (c[0] && c[1]) {
            char x[64], y[64];
            outcome(c[0], x, sizeof x);
            outcome(c[1], y, sizeof y);
            printf("first divergence: environment %u, call %zu, %s: %s on %s, %s on %s\n",
                   env + 1, i + 1, name_of(d, c[0]), x, d->side[0].board, y,
                   d->side[1].board);
        } else {
            printf("first divergence: environment %u, call %zu: %s is on %s only\n",
                   env + 1, i + 1, name_of(d, c[0] ? c[0] : c[1]),
                   d->side[c[0] ? 0 : 1].board);
        }
    }
    for (int k = 0; k < 2; k++) {
        free(at[k]);
        free(function[k]);
    }
    free(pair);
}

/* ---- sums ---- */

struct sum {
    uint64_t calls, library, kernel, exo;
};

static void print_sums(const struct diff *d)
{
    struct sum(*sum)[2] = mem_zero(d->api.n + 1, sizeof *sum);
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < d->side[k].calls.n; i++) {
            const struct apicall *c = &d->side[k].calls.call[i];
            struct sum *s = &sum[c->function][k];
            s->calls++;
            s->library += c->library;
            s->kernel += c->kernel;
            s->exo += c->exo;
        }
    printf("\n%-20s %34s   %34s\n", "", d->side[0].board, d->side[1].board);
    printf("%-20s %6s %10s %10s %5s   %6s %10s %10s %5s\n", "function", "calls",
           "library", "kernel", "exo", "calls", "library", "kernel", "exo");
    for (size_t f = 0; f < d->api.n; f++) {
        const struct sum *a = &sum[f][0], *b = &sum[f][1];
        if (a->calls + b->calls > 0)
            printf("%-20s %6" PRIu64 " %10" PRIu64 " %10" PRIu64 " %5" PRIu64
                   "   %6" PRIu64 " %10" PRIu64 " %10" PRIu64 " %5" PRIu64 "%s\n",
                   d->api.function[f].name, a->calls, a->library, a->kernel, a->exo,
                   b->calls, b->library, b->kernel, b->exo,
                   a->calls == 0 || b->calls == 0 ? "  on one board only" : "");
    }
    const struct apicalls *x = &d->side[0].calls, *y = &d->side[1].calls;
    printf("%-20s %6zu %10" PRIu64 " %10" PRIu64 " %5s   %6zu %10" PRIu64 " %10" PRIu64
           "\n",
           "whole run", x->n, x->library, x->kernel, "", y->n, y->library, y->kernel);
    free(sum);
}

static void print_exokernel(const struct diff *d)
{
    const uint64_t *a = d->side[0].calls.exo, *b = d->side[1].calls.exo;
    printf("\n%-20s %10s %10s\n", "exokernel call", d->side[0].board, d->side[1].board);
    for (uint32_t i = 0; i < CALLS_MAX; i++) {
        const char *name = calls_name(&d->calls, i);
        if (a[i] + b[i] > 0)
            printf("%-20s %10" PRIu64 " %10" PRIu64 "%s\n", name ? name : "?", a[i], b[i],
                   a[i] == 0 || b[i] == 0 ? "  on one board only" : "");
    }
}

static void print_output(struct diff *d)
{
    const struct side *a = &d->side[0], *b = &d->side[1];
    bool out = a->n == b->n && (a->n == 0 || memcmp(a->out, b->out, a->n) == 0);
    printf("\noutput: %s; exit status %d and %d\n", out ? "the same" : "not the same",
           a->status, b->status);
    if (!out || a->status != b->status)
        d->differ = true;
}

static void print_diff(struct diff *d)
{
    bool said = false;
    uint32_t envs = d->side[0].calls.envs > d->side[1].calls.envs ? d->side[0].calls.envs
                                                                  : d->side[1].calls.envs;
    for (uint32_t env = 0; env < envs; env++)
        diff_env(d, env, &said);
    if (!said)
        printf("no divergence: %zu calls on both boards, each with the same outcome\n",
               d->side[0].calls.n);
    if (d->side[0].calls.lost || d->side[1].calls.lost)
        printf(
            "(of a longer run: calls beyond %u, or nested deeper than can be kept, are "
            "not in it)\n",
            APICALLS_MAX);
    print_sums(d);
    print_exokernel(d);
    print_output(d);
}

static int run_both(struct diff *d, const struct options *o,
                    const struct registry *models, struct err *err)
{
    struct console_input in = {.fd = STDIN_FILENO, .keep = true};
    int rc = 0;
    for (int k = 0; rc == 0 && k < 2; k++) {
        d->side[k].board = o->board[k];
        rc = run_side(d, &d->side[k], o, models, &in, err);
    }
    free(in.bytes);
    return rc;
}

int cmd_diff(int argc, char **argv)
{
    struct options o;
    options_parse(
        &o, OPTIONS_DIFF,
        "Run the same program on two boards (-b A,B) and lay their calls of the library "
        "OS's API beside each other.\v"
        "Says the first call whose outcome differs or that is on one board only; sums by "
        "function: calls, instructions of the library OS and of the exokernel in them, "
        "exokernel calls; and the exokernel calls of both runs. Exit status 0 if "
        "calls, outcomes and output are the same, else 1.",
        "PROGRAM [ARG...] [-- PROGRAM [ARG...]]...", argc, argv);
    struct err err;
    struct registry models = {0};
    struct diff d = {.list = o.calls};
    char *tsv = data_path("guest/calls.tsv");
    int rc = calls_read(&d.calls, tsv, &err);
    if (rc == 0)
        rc = api_read(&d.api, &err);
    if (rc == 0)
        rc = cmd_travels(&o, &err);
    if (rc == 0)
        rc = cmd_models_open(&models, &o, &err);
    if (rc == 0)
        rc = run_both(&d, &o, &models, &err);
    if (rc == 0)
        print_diff(&d);
    int status = rc ? cmd_fail(rc, &err) : cmd_done();
    for (int k = 0; k < 2; k++) {
        apicalls_free(&d.side[k].calls);
        free(d.side[k].out);
    }
    free(tsv);
    api_free(&d.api);
    calls_free(&d.calls);
    registry_free(&models);
    options_free(&o);
    return status ? status : d.differ;
}
