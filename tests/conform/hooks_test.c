// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hooks_test.c - what one missing hook of a backend does: the conformance programs whose run came to
 * call it, and no others, turn from pass to not ported, and name it.
 *
 *   conform_hooks EXOSIM BOARD HOOK...
 *
 * Which ones call it is seen in runs with everything there: the machine stops at the hooks' dispatch
 * functions (libos/exos/hooks.c); the analysis of the objects must have foreseen each. Then each hook is taken out of the library (unhook.h) and
 * `exosim conform` runs all programs again.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "conform.h"
#include "cost.h"
#include "data.h"
#include "symbols.h"
#include "unhook.h"

#define APIS_MAX 1024
#define MORE_SHOWN 20

static unsigned wrong;

static void complain(const char *hook, const char *api, const char *what)
{
    if (wrong++ < MORE_SHOWN)
        printf("%s: %s: %s\n", hook, api, what);
}

static int open_board(struct conform *c, const char *board, struct err *err)
{
    *c = (struct conform){0};
    c->o.board = mem_zero(1, sizeof *c->o.board);
    c->o.board[0] = mem_str(board);
    c->o.nboards = 1;
    int rc = conform_open(c, err);
    if (rc == 0 && c->board[0].dead)
        rc = err_set(err, ERR_USER, "%s", c->board[0].dead);
    if (rc == 0 && c->api.n > APIS_MAX)
        rc = err_set(err, ERR_USER, "more than %d functions", APIS_MAX);
    return rc;
}

static struct conform_case *all_cases(const struct conform *c)
{
    struct conform_case *list = mem_zero(c->api.n, sizeof *list);
    for (size_t i = 0; i < c->api.n; i++)
        list[i].api = i;
    return list;
}

/* ---- without a hook ---- */

static enum conform_result result_named(const char *name)
{
    int r = 0;
    while (r < CONFORM_RESULTS && strcmp(conform_result_names[r], name) != 0)
        r++;
    return r;
}

/* The one hook an API's result names; NULL: none, or several. */
static const char *only_hook(const json_t *result)
{
    const json_t *hooks = json_object_get(result, "hooks");
    return json_array_size(hooks) == 1 ? json_string_value(json_array_get(hooks, 0))
                                       : NULL;
}

static void read_results(const struct conform *c, const json_t *all, const char *hook,
                         enum conform_result *without)
{
    size_t i;
    const json_t *one;
    json_array_foreach(json_object_get(all, "apis"), i, one)
    {
        const char *name = json_string_value(json_object_get(one, "name"));
        const struct api_function *f = name ? api_find(&c->api, name) : NULL;
        const json_t *r =
            json_object_get(json_object_get(one, "results"), c->board[0].name);
        const char *word = json_string_value(json_object_get(r, "result"));
        if (!f || !word)
            continue;
        without[f - c->api.function] = result_named(word);
        const char *missing = only_hook(r);
        if (result_named(word) == CONFORM_NOT_PORTED &&
            (!missing || strcmp(missing, hook) != 0))
            complain(hook, name, "is not ported, but for another hook");
    }
}

/* `exosim conform` of another data folder. */
static int run_without(const struct conform *c, char *exosim, const char *data,
                       const char *hook, enum conform_result *without, struct err *err)
{
    static char conform[] = "conform", words[4096];
    char *board = mem_fmt("-b%s", c->board[0].name);
    char *json = mem_fmt("%s/results.json", data), *to = mem_fmt("--json=%s", json);
    char *env = mem_fmt("EXOSIM_DATA=%s", data);
    char *argv[] = {exosim, conform, board, to, NULL}, *envs[] = {env, NULL};
    int status = 0, rc = child_ask(argv, envs, &status, words, sizeof words, err);
    json_error_t why;
    json_t *all = rc == 0 ? json_load_file(json, 0, &why) : NULL;
    for (size_t i = 0; i < c->api.n; i++)
        without[i] = CONFORM_RESULTS;
    if (rc == 0 && !all)
        rc = err_set(err, ERR_USER, "exosim conform without %s: status %d: %s", hook,
                     status, words);
    if (rc == 0)
        read_results(c, all, hook, without);
    json_decref(all);
    free(board);
    free(json);
    free(to);
    free(env);
    return rc;
}

/* ---- with all hooks ---- */

struct watcher {
    const struct conform *c;
    struct hw_watch watch[HOOKS_MAX];
    size_t hook[HOOKS_MAX]; /* of each watch */
    unsigned n;
    uint64_t called; /* in this run */
};

static void on_watch(void *arg, struct machine *m, unsigned core)
{
    struct watcher *w = arg;
    bool in_kernel;
    uint64_t pc = machine_pc(m, core, &in_kernel);
    for (unsigned i = 0; i < w->n; i++)
        if (!in_kernel && w->watch[i].pc == pc)
            w->called |= UINT64_C(1) << w->hook[i];
}

static void opened(void *arg, struct session *s)
{
    struct watcher *w = arg;
    w->called = 0;
    machine_watch(s->machine, w->watch, w->n);
    machine_on_watch(s->machine, on_watch, w);
}

/* Dispatch functions: hook "mmu.protect" is mmu_protect(). One the program does not have is not called. */
static void watch_hooks(struct watcher *w, const char *program)
{
    for (size_t i = 0; i < w->c->hooks.n; i++) {
        char name[48];
        snprintf(name, sizeof name, "%s", w->c->hooks.hook[i].name);
        *strchr(name, '.') = '_';
        uint64_t pc = symbols_address(program, name);
        if (pc == 0)
            continue;
        w->watch[w->n].pc = pc;
        w->hook[w->n++] = i;
    }
}

/* ---- both ---- */

/* Has the closure of an API's program the hook? Hooks and APIs have the same numbers everywhere. */
static bool foreseen(const struct cost *cost, size_t api, size_t hook)
{
    const struct cost_set *s = cost_conform(cost, 0, api);
    return s && cost_has_hook(s, hook);
}

static void compare(const struct conform *c, const struct cost *cost, size_t hook,
                    const uint64_t *called, const enum conform_result *with,
                    const enum conform_result *without)
{
    const char *name = c->hooks.hook[hook].name;
    unsigned turned = 0, closure = 0;
    for (size_t i = 0; i < c->api.n; i++) {
        bool predicted = called[i] >> hook & 1;
        enum conform_result r = without[i];
        const char *api = c->api.function[i].name;
        turned += r == CONFORM_NOT_PORTED;
        closure += foreseen(cost, i, hook);
        if (predicted && !foreseen(cost, i, hook))
            complain(name, api, "calls it, and it is not in the closure of its program");
        if (predicted && r != CONFORM_NOT_PORTED)
            complain(name, api, "calls it, and is not told to be not ported without it");
        if (!predicted && r != with[i])
            complain(name, api, "does not call it, and is another result without it");
    }
    printf(
        "%s: %u of %zu functions turned from pass to not ported; %u closures have it\n",
        name, turned, c->api.n, closure);
    if (turned == 0)
        complain(name, "-", "nobody misses it");
}

static size_t hook_number(const struct conform *c, const char *name)
{
    size_t i = 0;
    while (i < c->hooks.n && strcmp(c->hooks.hook[i].name, name) != 0)
        i++;
    return i;
}

/* What programs call and how they end with everything there. */
static int run_with(struct conform *c, uint64_t *called, enum conform_result *with,
                    struct err *err)
{
    struct conform_case *list = all_cases(c);
    int rc = conform_prepare(c, list, c->api.n, err);
    free(list);
    char *program = data_path("guest/%s/conform", board_cpu(c->board[0].board)->elf_name);
    struct watcher w = {.c = c};
    watch_hooks(&w, program);
    free(program);
    const struct conform_watch watch = {opened, NULL, &w};
    for (size_t i = 0; rc == 0 && i < c->api.n; i++) {
        struct conform_outcome o;
        w.called = 0;
        conform_run(c, 0, i, &watch, &o);
        called[i] = w.called;
        with[i] = o.result;
        bool there =
            !(c->board[0].needs[i] & CONFORM_MISSING); /* else conform.all says so */
        if (there && o.result != CONFORM_PASS && o.result != CONFORM_NOT_APPLICABLE)
            complain("all hooks", c->api.function[i].name, "does not pass");
        conform_outcome_free(&o);
    }
    return rc;
}

/* False: it could not be tried. */
static bool try_without(const struct conform *c, const struct cost *cost, char *exosim,
                        const char *name, const uint64_t *called,
                        const enum conform_result *with)
{
    static enum conform_result without[APIS_MAX];
    const char *isa = board_cpu(c->board[0].board)->elf_name;
    struct err err;
    size_t hook = hook_number(c, name);
    char *folder = NULL;
    if (hook == c->hooks.n)
        err_set(&err, ERR_USER, "no such hook");
    else
        folder = unhook_folder(data_dir(), isa, name, &err);
    bool ok = folder && !run_without(c, exosim, folder, name, without, &err);
    if (ok)
        compare(c, cost, hook, called, with, without);
    else
        say("%s: %s", name, err.msg);
    if (folder)
        unhook_folder_remove(folder, isa);
    free(folder);
    return ok;
}

int main(int argc, char **argv)
{
    static uint64_t called[APIS_MAX];
    static enum conform_result with[APIS_MAX];
    struct conform c;
    struct err err;
    if (argc < 4) {
        fprintf(stderr, "usage: conform_hooks EXOSIM BOARD HOOK...\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    int rc = open_board(&c, argv[2], &err);
    if (rc == 0)
        rc = run_with(&c, called, with, &err);
    struct cost *cost = NULL;
    const struct board *board = rc == 0 ? c.board[0].board : NULL;
    if (rc == 0)
        rc = cost_open(&board, 1, &cost, &err);
    if (rc)
        say("%s", err.msg);
    for (int k = 3; rc == 0 && k < argc; k++)
        if (!try_without(&c, cost, argv[1], argv[k], called, with))
            rc = ERR_USER;
    cost_close(cost);
    conform_close(&c);
    options_free(&c.o);
    if (rc)
        return 2;
    printf(wrong ? "%u wrong\n" : "all as predicted\n", wrong);
    return wrong != 0;
}
