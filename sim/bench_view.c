// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench_view.c - the viewer's frame time: a run of a million events played as fast as it goes, at 1280 by
 * 800 in software, as the window does it (view_window.c), but not shown.
 *
 * EXOSIM_BENCH_EVENTS (environment): how many events are played, default 1000000.
 */
#include <math.h>
#include <stdlib.h>

#include "bench.h"
#include "view_priv.h"
#include "view_screen.h"

#define W 1280
#define H 800
#define WORK_NS 10000000u /* of a frame, for the machine: as in view_window.c */
#define FRAMES 1000000u

struct times {
    double *picture, *frame; /* ms */
    size_t n, cap;
};

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void add(struct times *t, double picture, double frame)
{
    if (t->n == t->cap) {
        t->cap = t->cap ? 2 * t->cap : 1024;
        t->picture = mem_grow(t->picture, t->cap, sizeof *t->picture);
        t->frame = mem_grow(t->frame, t->cap, sizeof *t->frame);
    }
    t->picture[t->n] = picture;
    t->frame[t->n++] = frame;
}

/* Until so many events were shown. */
static int play(struct view *v, struct view_screen *s, uint64_t events, struct times *t,
                struct err *err)
{
    struct canvas c = {0};
    int rc = view_screen_cell(s, 1, &c, err);
    v->playing = true;
    v->speed = view_speed_count() - 1;
    while (rc == 0 && v->playing && v->cursor < events && t->n < FRAMES) {
        uint64_t start = view_host_ns();
        view_tick(v, 1 / 60.0, WORK_NS);
        uint64_t worked = view_host_ns();
        view_draw(v, &c, W, H);
        rc = view_screen_draw(s, &c, err);
        uint64_t end = view_host_ns();
        add(t, (double)(end - worked) / 1e6, (double)(end - start) / 1e6);
    }
    canvas_free(&c);
    return rc;
}

static void put(struct bench *b, const char *board, const struct times *t,
                uint64_t events)
{
    size_t n = t->n;
    qsort(t->picture, n, sizeof *t->picture, by_size);
    qsort(t->frame, n, sizeof *t->frame, by_size);
    bench_put(b, "view", board, "events", (double)events, "events", NAN);
    bench_put(b, "view", board, "pictures", (double)n, "pictures", NAN);
    bench_put(b, "view", board, "picture.median", t->picture[n / 2], "ms", NAN);
    bench_put(b, "view", board, "picture.99%", t->picture[n * 99 / 100], "ms", NAN);
    bench_put(b, "view", board, "frame.median", t->frame[n / 2], "ms", NAN);
    bench_put(b, "view", board, "frame.99%", t->frame[n * 99 / 100], "ms", NAN);
}

void bench_view(struct bench *b, const char *board)
{
    const char *many = getenv("EXOSIM_BENCH_EVENTS");
    uint64_t events = many && atol(many) > 0 ? (uint64_t)atol(many) : 1000000;
    char *argv[] = {"pipes", "pipe", "120000"};
    struct option_program p = {argv, 3};
    struct options o = {.program = &p, .nprograms = 1};
    struct session s;
    struct err err, closing;
    struct times t = {0};
    struct view *v = mem_zero(1, sizeof *v);
    struct view_screen *screen = NULL;
    int rc = session_open(&s, board, &o, b->models, b->calls, -1, NULL, &err);
    if (rc == 0) {
        rc = view_open_session(v, &s, b->calls, &err);
        if (rc == 0)
            rc = view_screen_open(&screen, &err);
        if (rc == 0)
            rc = play(v, screen, events, &t, &err);
        if (rc == 0 && t.n > 0)
            put(b, board, &t, v->cursor);
        view_screen_close(screen);
        view_close(v);
        session_close(&s, &closing);
    }
    if (rc)
        bench_failed(b, "view", board, rc, &err);
    free(t.picture);
    free(t.frame);
    free(v);
}
