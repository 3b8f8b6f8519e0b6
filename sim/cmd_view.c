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

static int show(struct view *v, const struct options *o, struct err *err)
{
    struct view_show s = {v,        one_draw, one_tick,  one_key, one_click,
                          one_busy, one_quit, one_scale, v->title};
    int w = o->width ? (int)o->width : WIDTH, h = o->height ? (int)o->height : HEIGHT;
    int rc = o->at ? go_at(v, o->at, err) : 0;
    if (w >= 2 * WIDTH && h >= 2 * HEIGHT)
        v->scale = 2;
    if (rc == 0 && o->script)
        rc = view_script_run(&s, o->script, w, h, err);
    if (rc == 0 && o->screenshot)
        rc = view_screenshot(&s, o->screenshot, w, h, err);
    if (rc == 0 && !o->script && !o->screenshot)
        rc = view_window_run(&s, err);
    return rc;
}

static int view_program(const struct options *o, const struct registry *models,
                        const struct calls *calls, struct err *err)
{
    struct session s;
    struct view *v = mem_zero(1, sizeof *v);
    int rc = session_open(&s, o->nboards ? o->board[0] : DEFAULT_BOARD, o, models, calls,
                          -1, NULL, err);
    if (rc == 0) {
        rc = view_open_session(v, &s, calls, err);
        if (rc == 0)
            rc = show(v, o, err);
        view_close(v);
        struct err closing;
        session_close(&s, &closing);
    }
    free(v);
    return rc;
}

static bool is_trace(const char *path)
{
    char magic[8] = "";
    FILE *f = fopen(path, "rbe");
    bool is = f && fread(magic, 1, sizeof magic, f) == sizeof magic &&
              memcmp(magic, TRACE_MAGIC, sizeof magic) == 0;
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
            rc = show(v, o, err);
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
    if (rc == 0 && is_trace(o.program[0].argv[0])) {
        rc = view_trace(o.program[0].argv[0], &o, &calls, &err);
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
