// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cmd_api.c - `exosim api`: the exokernel's calls and the boards they exist on; with --library the
 * library OS's functions.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "cmd.h"
#include "data.h"

/* "(exo_word env, exo_word cap)" -> "(env, cap)": the type is always the same. */
static void short_params(const char *params, char *out, size_t max)
{
    size_t n = 0;
    while (*params && n + 1 < max) {
        if (strncmp(params, "exo_word ", 9) == 0)
            params += 9;
        else
            out[n++] = *params++;
    }
    out[n] = 0;
    if (strcmp(out, "(void)") == 0)
        snprintf(out, max, "()");
}

static void print_table(const struct calls *calls, struct board **board, size_t n)
{
    printf("%3s %-14s", "NR", "CALL");
    for (size_t i = 0; i < n; i++)
        printf(" %s", board[i]->name);
    printf("  WHAT\n");
    unsigned total = 0, on[64] = {0};
    for (unsigned c = 0; c < CALLS_MAX; c++) {
        const struct call *call = &calls->call[c];
        if (!call->there)
            continue;
        total++;
        printf("%3u %-14s", c, call->name);
        for (size_t i = 0; i < n; i++) {
            bool yes = calls_exists(call, board_hardware(board[i]));
            on[i] += yes;
            printf(" %-*s", (int)strlen(board[i]->name), yes ? "x" : "-");
        }
        char params[160];
        short_params(call->params, params, sizeof params);
        printf("  %s%s: %s\n", call->name, params, call->what);
    }
    printf("%3u %-14s", total, "calls");
    for (size_t i = 0; i < n; i++)
        printf(" %-*u", (int)strlen(board[i]->name), on[i]);
    printf("  (x: exists; -: returns -EXO_ENODEVCALL)\n");
}

static int print_library(void)
{
    struct api api;
    struct err err;
    int rc = api_read(&api, &err);
    if (rc == 0)
        printf("%-20s %-8s %-14s %s\n", "FUNCTION", "GROUP", "HEADER", "RELIES ON");
    for (size_t i = 0; rc == 0 && i < api.n; i++) {
        const struct api_function *f = &api.function[i];
        printf("%-20s %-8s %-14s %s\n", f->name, f->group, f->header,
               *f->classes ? f->classes : "-");
    }
    if (rc == 0)
        printf("%zu functions (what every program needs is not counted)\n", api.n);
    api_free(&api);
    return rc ? cmd_fail(rc, &err) : cmd_done();
}

int cmd_api(int argc, char **argv)
{
    struct options o;
    options_parse(&o, OPTIONS_API,
                  "List the exokernel's calls and on which boards each exists; with "
                  "--library, the functions of the library OS.",
                  "", argc, argv);
    if (o.library && !o.nnames && !o.nboards) {
        options_free(&o);
        return print_library();
    }
    struct err err;
    struct registry models = {0};
    struct calls calls = {0};
    char *tsv = data_path("guest/calls.tsv");
    size_t n = o.nboards, opened = 0;
    char **names = o.nboards ? o.board : board_names(&n);
    struct board *board[64];
    int rc = o.nnames
                 ? err_set(&err, ERR_USER, "api takes no argument (but -b BOARD,...)")
             : o.library
                 ? err_set(&err, ERR_USER,
                           "--library: its functions are the same on every board; no -b")
                 : cmd_models_open(&models, &o, &err);
    if (rc == 0)
        rc = calls_read(&calls, tsv, &err);
    for (size_t i = 0; rc == 0 && i < n && opened < 64; i++) {
        rc = board_open(names[i], &models, &board[opened], &err);
        if (rc == 0)
            opened++;
    }
    if (rc == 0)
        print_table(&calls, board, opened);
    int status = rc ? cmd_fail(rc, &err) : cmd_done();
    for (size_t i = 0; i < opened; i++)
        board_free(board[i]);
    if (!o.nboards)
        board_names_free(names, n);
    free(tsv);
    calls_free(&calls);
    registry_free(&models);
    options_free(&o);
    return status;
}
