// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cmd_view.c - `exosim view`: a run, or a trace file, in a window; or without a display as pictures
 * (--screenshot, --script).
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "data.h"
#include "view_pair.h"
#include "view_screen.h"

#define WIDTH 1280
#define HEIGHT 800

/* ---- what is shown: one viewer ---- */

static void one_draw(void *arg, struct canvas *c, int w, int h)
{
    view_draw(arg, c, w, h);
}
static void one_tick(void *arg, double seconds, uint64_t ns)
{
    view_tick(arg, seconds, ns);
}
static void one_key(void *arg, const struct canvas *c, const char *key)
{
    view_key(arg, c, key);
}
static void one_click(void *arg, const struct canvas *c, int x, int y)
{
    view_click(arg, c, x, y);
}
static bool one_busy(void *arg)
{
    const struct view *v = arg;
    return view_busy(v) || v->playing;
}
static bool one_quit(void *arg)
{
    return ((struct view *)arg)->quit;
}
static double one_scale(void *arg)
{
    return ((struct view *)arg)->scale;
}

/* N, or "event N", "cycle N" as --at wants it. */
static int go_at(struct view *v, const char *at, struct err *err)
{
    char *end;
    bool cycle = strncmp(at, "cycle:", 6) == 0;
    const char *number = cycle ? at + 6 : at;
    uint64_t value = strtoull(number, &end, 0);
    if (strcmp(at, "end") == 0) {
        view_go(v, TRAVEL_RECORD, v->travel ? UINT64_MAX - 1 : history_known(v->history));
    } else {
        if (end == number || *end || *number == '-')
            return err_set(err, ERR_USER,
                           "--at %s: expected an event's number, cycle:N or end", at);
        view_go(v, cycle ? TRAVEL_CYCLE : TRAVEL_RECORD, value);
    }
    view_tick(v, 0, 0);
    return 0;
}

/* ---- what is shown: two side by side ---- */

static void pair_draw(void *arg, struct canvas *c, int w, int h)
{
    view_pair_draw(arg, c, w, h);
}
static void pair_tick(void *arg, double seconds, uint64_t ns)
{
    view_pair_tick(arg, seconds, ns);
}
static void pair_key(void *arg, const struct canvas *c, const char *key)
{
    view_pair_key(arg, c, key);
}
static void pair_click(void *arg, const struct canvas *c, int x, int y)
{
    view_pair_click(arg, c, x, y);
}
static bool pair_busy(void *arg)
{
    return view_pair_busy(arg);
}
static bool pair_quit(void *arg)
{
    const struct view_pair *p = arg;
    return p->side[0]->quit || p->side[1]->quit;
}
static double pair_scale(void *arg)
{
    return ((struct view_pair *)arg)->side[0]->scale;
}

/* ---- */

static int show(const struct view_show *s, const struct options *o, struct err *err)
{
    int w = o->width ? (int)o->width : WIDTH, h = o->height ? (int)o->height : HEIGHT,
        rc = 0;
    for (int i = 0; i < 4 && w >= 2 * WIDTH && h >= 2 * HEIGHT; i++)
        s->key(s->arg, NULL, "F3"); /* twice the size */
    if (o->script)
        rc = view_script_run(s, o->script, w, h, err);
    if (rc == 0 && o->screenshot)
        rc = view_screenshot(s, o->screenshot, w, h, err);
    if (rc == 0 && !o->script && !o->screenshot)
        rc = view_window_run(s, err);
    return rc;
}

static int show_one(struct view *v, const struct options *o, struct err *err)
{
    const struct view_show s = {v,        one_draw, one_tick,  one_key, one_click,
                                one_busy, one_quit, one_scale, v->title};
    int rc = o->at ? go_at(v, o->at, err) : 0;
    return rc ? rc : show(&s, o, err);
}

static int show_two(struct view *a, struct view *b, const struct calls *calls,
                    const struct options *o, const struct registry *models,
                    struct err *err)
{
    struct view_pair p;
    const struct view_show s = {&p,        pair_draw,  pair_tick,
                                pair_key,  pair_click, pair_busy,
                                pair_quit, pair_scale, "exosim view"};
    view_pair_open(&p, a, b, calls, o, models);
    if (o->script || o->screenshot)
        view_pair_tick(&p, 0, 0);
    int rc = show(&s, o, err);
    view_pair_close(&p);
    return rc;
}

static int open_one(struct view *v, struct session *s, const char *board,
                    const struct options *o, const struct registry *models,
                    const struct calls *calls, struct err *err)
{
    int rc = session_open(s, board, o, models, calls, -1, NULL, err);
    return rc ? rc : view_open_session(v, s, calls, err);
}

static int view_program(const struct options *o, const struct registry *models,
                        const struct calls *calls, struct err *err)
{
    size_t n = o->nboards > 1 ? 2 : 1;
    struct session *s = mem_zero(n, sizeof *s);
    struct view *v = mem_zero(n, sizeof *v);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = open_one(&v[i], &s[i], o->nboards ? o->board[i] : DEFAULT_BOARD, o, models,
                      calls, err);
    if (rc == 0)
        rc = n == 1 ? show_one(&v[0], o, err)
                    : show_two(&v[0], &v[1], calls, o, models, err);
    for (size_t i = 0; i < n; i++) {
        struct err closing;
        view_close(&v[i]);
        session_close(&s[i], &closing);
    }
    free(v);
    free(s);
    return rc;
}

static bool begins_with(const char *path, const char *want)
{
    char magic[8] = "";
    FILE *f = fopen(path, "rbe");
    bool is = f && fread(magic, 1, sizeof magic, f) == sizeof magic &&
              memcmp(magic, want, sizeof magic) == 0;
    if (f)
        fclose(f);
    return is;
}

static int view_trace(const char *path, const struct options *o,
                      const struct calls *calls, struct err *err)
{
    struct trace_file f;
    struct view *v = mem_zero(1, sizeof *v);
    int rc = trace_file_open(&f, path, err);
    if (rc == 0) {
        rc = view_open_file(v, &f, calls);
        if (rc == 0)
            rc = show_one(v, o, err);
        view_close(v);
        trace_file_close(&f);
    }
    free(v);
    return rc;
}

int cmd_view(int argc, char **argv)
{
    struct options o;
    options_parse(
        &o, OPTIONS_VIEW,
        "See a run and step through it, forwards and backwards.\v"
        "Takes the options of `exosim run`, or a file made with its --trace. F1 "
        "lists the keys. The programs find their standard input empty.",
        "PROGRAM [ARG...] [-- PROGRAM [ARG...]]...\nTRACE", argc, argv);
    struct err err;
    struct registry models = {0};
    struct calls calls = {0};
    char *tsv = data_path("guest/calls.tsv");
    int rc = calls_read(&calls, tsv, &err);
    if (rc == 0 && begins_with(o.program[0].argv[0], TRACE_MAGIC)) {
        rc = view_trace(o.program[0].argv[0], &o, &calls, &err);
    } else if (rc == 0 && begins_with(o.program[0].argv[0], RECORD_MAGIC)) {
        rc = err_set(
            &err, ERR_USER,
            "%s is a record of a run's input, not its programs: give --replay %s with "
            "the options and programs it was recorded with",
            o.program[0].argv[0], o.program[0].argv[0]);
    } else if (rc == 0) {
        rc = cmd_travels(&o, &err);
        if (rc == 0)
            rc = cmd_models_open(&models, &o, &err);
        if (rc == 0)
            rc = view_program(&o, &models, &calls, &err);
    }
    int status = rc ? cmd_fail(rc, &err) : cmd_done();
    free(tsv);
    calls_free(&calls);
    registry_free(&models);
    options_free(&o);
    return status;
}
