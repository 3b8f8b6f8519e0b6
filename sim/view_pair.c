// SPDX-License-Identifier: GPL-2.0-or-later
/* view_pair.c - see view_pair.h. */
#include "view_pair.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "view_frame.h"
#include "view_panel.h"

void view_pair_open(struct view_pair *p, struct view *a, struct view *b,
                    const struct calls *calls, const struct options *o,
                    const struct registry *models)
{
    *p = (struct view_pair){.side = {a, b},
                            .calls = calls,
                            .al = {.first = ALIGN_NONE},
                            .o = o,
                            .models = models};
    for (int i = 0; i < 2; i++)
        view_go(p->side[i], TRAVEL_RECORD, UINT64_MAX - 1);
}

void view_pair_close(struct view_pair *p)
{
    align_free(&p->al);
    for (int i = 0; i < 2; i++)
        view_observed_close(&p->observed[i]);
    api_free(&p->api);
}

/* Are the calls of the API still being found? */
static bool observing(const struct view_pair *p)
{
    return p->by_api && (!p->observed[0].done || !p->observed[1].done);
}

bool view_pair_busy(const struct view_pair *p)
{
    return observing(p) || view_busy(p->side[0]) || view_busy(p->side[1]) ||
           p->side[0]->playing || p->side[1]->playing;
}

/* Both sides to the calls of a row. */
static void go_row(struct view_pair *p, size_t row)
{
    p->row = row;
    for (int i = 0; i < 2 && row < p->al.nrows; i++) {
        size_t item = i ? p->al.row[row].b : p->al.row[row].a;
        p->side[i]->playing = false;
        if (item != ALIGN_NONE && p->by_api)
            view_go(p->side[i], TRAVEL_CYCLE, p->al.item[i][item].record);
        else if (item != ALIGN_NONE)
            view_go(p->side[i], TRAVEL_RECORD, p->al.item[i][item].record + 1);
    }
}

static bool changed(const struct view_pair *p)
{
    return history_known(p->side[0]->history) != p->aligned[0] ||
           history_known(p->side[1]->history) != p->aligned[1];
}

static void realign(struct view_pair *p)
{
    struct calls_hardware hw[2];
    for (int i = 0; i < 2; i++) {
        p->aligned[i] = history_known(p->side[i]->history);
        hw[i] = board_hardware(p->side[i]->session->board);
    }
    bool first = p->al.nrows == 0;
    align_free(&p->al);
    align_make(&p->al, p->side[0]->history, p->side[1]->history, p->calls, hw[0], hw[1]);
    if (first && p->al.nrows > 0)
        go_row(p, 0);
}

/* By the API's calls, or no more. The first time, runs of their own are begun. */
static void by_api(struct view_pair *p)
{
    struct err err;
    int rc = p->api.n ? 0 : api_read(&p->api, &err);
    for (int i = 0; rc == 0 && i < 2; i++)
        if (!p->observed[i].open)
            rc = view_observed_open(&p->observed[i], p->o->board[i], p->o, p->models,
                                    p->calls, &p->api, &err);
    if (rc) {
        snprintf(p->side[p->focus]->failed, sizeof p->side[0]->failed, "%.255s", err.msg);
        return;
    }
    p->by_api = !p->by_api;
    p->row = 0;
    align_free(&p->al);
    p->aligned[0] = UINT64_MAX; /* again */
}

static void align_api(struct view_pair *p)
{
    size_t n[2];
    struct align_item *item[2];
    for (int i = 0; i < 2; i++) {
        p->aligned[i] = history_known(p->side[i]->history);
        item[i] = view_observed_items(&p->observed[i], &n[i]);
    }
    align_free(&p->al);
    align_lists(&p->al, item[0], n[0], item[1], n[1]);
    go_row(p, 0);
}

void view_pair_tick(struct view_pair *p, double seconds, uint64_t ns)
{
    for (int i = 0; i < 2 && observing(p); i++)
        view_observed_run(&p->observed[i], ns / 2);
    for (int i = 0; i < 2; i++)
        view_tick(p->side[i], seconds, ns / 2);
    if (!view_pair_busy(p) && changed(p) && p->by_api)
        align_api(p);
    else if (!view_pair_busy(p) && changed(p))
        realign(p);
    if (ns == 0)
        for (int i = 0; i < 2; i++)
            view_tick(p->side[i], 0, 0);
}

/* ---- keys ---- */

static const struct {
    const char *key, *what;
} help[] = {{"s  S", "the next, the previous row: both boards go there"},
            {"Home  End", "the first, the last row"},
            {"PageDown PageUp", "twenty rows on, back"},
            {"d", "the first different outcome"},
            {"m", "by calls of the library's API, or of the exokernel"},
            {"Tab", "which side other keys (t, e, i, w, g, ...) are for"},
            {"F1", "this help"},
            {"q", "leave"}};

static bool own_key(struct view_pair *p, const char *key)
{
    size_t last = p->al.nrows ? p->al.nrows - 1 : 0;
    if (strcmp(key, "s") == 0)
        go_row(p, p->row < last ? p->row + 1 : last);
    else if (strcmp(key, "S") == 0)
        go_row(p, p->row > 0 ? p->row - 1 : 0);
    else if (strcmp(key, "PageDown") == 0)
        go_row(p, p->row + 20 < last ? p->row + 20 : last);
    else if (strcmp(key, "PageUp") == 0)
        go_row(p, p->row > 20 ? p->row - 20 : 0);
    else if (strcmp(key, "Home") == 0)
        go_row(p, 0);
    else if (strcmp(key, "End") == 0)
        go_row(p, last);
    else if (strcmp(key, "d") == 0 && p->al.first != ALIGN_NONE)
        go_row(p, p->al.first);
    else if (strcmp(key, "m") == 0)
        by_api(p);
    else if (strcmp(key, "Tab") == 0)
        p->focus = !p->focus;
    else if (strcmp(key, "F1") == 0)
        p->help = !p->help;
    else
        return strcmp(key, "d") == 0 || strcmp(key, "z") == 0;
    return true;
}

void view_pair_key(struct view_pair *p, const struct canvas *c, const char *key)
{
    struct view *v = p->side[p->focus];
    if (p->help && strcmp(key, "Esc") == 0)
        p->help = false;
    else if (v->prompt || !own_key(p, key))
        view_key(v, c, key);
    p->side[!p->focus]->scale = v->scale;
}

void view_pair_click(struct view_pair *p, const struct canvas *c, int x, int y)
{
    struct pick k = canvas_pick(c, x, y);
    p->focus = x >= c->w / 2;
    if (k.thing == THING_PLACE && k.id < p->al.nrows)
        go_row(p, k.id);
    else if (k.thing != THING_NONE && k.thing != THING_PANEL && k.thing != THING_PLACE)
        p->side[p->focus]->sel = k;
}

/* ---- the picture ---- */

static void draw_side(struct view_pair *p, struct canvas *c, int i, struct rect r)
{
    struct view *v = p->side[i];
    struct rect title = {r.x, r.y, r.w, c->ch};
    canvas_fill(c, title, TINT_RAISED);
    canvas_text(c, r.x + c->cw / 2, r.y, p->focus == i ? TINT_BRIGHT : TINT_TEXT,
                "%s%s  event %" PRIu64 "  %.3f ms  %s", p->focus == i ? "> " : "",
                v->title, v->cursor, view_us(v, v->place.cycle) / 1000,
                view_busy(v) ? "working" : "");
    v->focus = PANELS; /* none */
    int y = r.y + c->ch, rows = (r.h - c->ch) / c->ch, half = r.w / 2 / c->cw * c->cw;
    int top = (3 + (int)(v->cores < 2 ? v->cores : 2)) * c->ch;
    view_draw_panel(v, c, PANEL_SLICES, (struct rect){r.x, y, r.w, top});
    int rest = rows * c->ch - top, h = rest - 7 * c->ch;
    y += top;
    view_draw_panel(v, c, PANEL_ENVS, (struct rect){r.x, y, r.w, rest - h});
    y += rest - h;
    view_draw_panel(v, c, PANEL_FRAMES, (struct rect){r.x, y, half + 8 * c->cw, h});
    view_draw_panel(v, c, PANEL_CONSOLE,
                    (struct rect){r.x + half + 8 * c->cw, y, r.w - half - 8 * c->cw, h});
}

static void draw_cell(struct view_pair *p, struct canvas *c, int side, size_t item, int x,
                      int y, enum tint tint)
{
    char text[80];
    if (item == ALIGN_NONE)
        return;
    const struct align_item *it = &p->al.item[side][item];
    align_words(it, p->calls, &p->api, text, sizeof text);
    if (!it->api)
        canvas_text(c, x, y, TINT_DIM, "%7" PRIu64, it->record + 1);
    canvas_fill(c, (struct rect){x + 8 * c->cw, y + c->ch / 5, c->cw, c->ch * 3 / 5},
                it->env ? tint_owner(it->env) : TINT_FREE);
    canvas_text(c, x + 10 * c->cw, y, tint, "%-34.34s", text);
    if (it->cost)
        canvas_text(c, x + 46 * c->cw, y, TINT_DIM, "%8" PRIu64 " cycles", it->cost);
}

static void draw_row(struct view_pair *p, struct canvas *c, size_t i, struct rect at)
{
    static const enum tint tints[] = {TINT_TEXT, TINT_WARN, TINT_DIM, TINT_TEXT};
    static const char *const marks[] = {"=", "!", "", "+"};
    const struct align_row *row = &p->al.row[i];
    if (i == p->row)
        canvas_fill(c, at, TINT_RAISED);
    canvas_hit(c, at, THING_PLACE, i);
    enum tint tint =
        i == p->row && row->kind != ALIGN_DIFFERS ? TINT_BRIGHT : tints[row->kind];
    draw_cell(p, c, 0, row->a, at.x + c->cw, at.y, tint);
    draw_cell(p, c, 1, row->b, at.x + at.w / 2 + 2 * c->cw, at.y, tint);
    canvas_text(c, at.x + at.w / 2 - c->cw, at.y, tint, "%s", marks[row->kind]);
}

static void draw_rows(struct view_pair *p, struct canvas *c, struct rect r)
{
    const struct align *al = &p->al;
    char first[80] = "outcomes agree";
    int rows = r.h / c->ch - 1;
    if (al->first != ALIGN_NONE)
        snprintf(first, sizeof first, "first different outcome: row %zu (d)",
                 al->first + 1);
    canvas_fill(c, r, TINT_PANEL);
    canvas_fill(c, (struct rect){r.x, r.y, r.w, c->ch}, TINT_RAISED);
    if (al->nrows == 0) {
        canvas_text(c, r.x + c->cw / 2, r.y, TINT_TEXT,
                    p->by_api ? "running both once more, observed ..."
                              : "running both to their ends ...");
        return;
    }
    canvas_text(
        c, r.x + c->cw / 2, r.y, al->first == ALIGN_NONE ? TINT_TEXT : TINT_WARN,
        "row %zu of %zu: %zu on both (=), %zu and %zu of calls the other board does not "
        "have, %zu and %zu more (+), %zu differ (!); %s",
        p->row + 1, al->nrows, al->same, al->only[0], al->only[1], al->extra[0],
        al->extra[1], al->differ, first);
    size_t from = p->row > (size_t)rows / 2 ? p->row - (size_t)rows / 2 : 0;
    for (int i = 0; i < rows && from + (size_t)i < al->nrows; i++)
        draw_row(p, c, from + (size_t)i,
                 (struct rect){r.x, r.y + (i + 1) * c->ch, r.w, c->ch});
}

static void draw_bottom(struct view_pair *p, struct canvas *c)
{
    struct view *v = p->side[p->focus];
    char text[1200], *end;
    int y = c->h - 2 * c->ch;
    view_answer_text(v, text, sizeof text);
    if ((end = strchr(text, '\n')))
        *end = ' ';
    canvas_text(c, c->cw / 2, y, TINT_TEXT, "%s", text);
    canvas_text(c, c->cw / 2, y + c->ch, v->failed[0] ? TINT_WARN : TINT_DIM, "%s",
                v->failed[0]
                    ? v->failed
                    : "s/S next, previous row  Home/End  PageDown/PageUp  d first "
                      "difference  m calls of the API  Tab side  F1 help  q quit");
}

static void draw_help(struct canvas *c)
{
    int n = (int)(sizeof help / sizeof *help);
    struct rect r = {c->w / 6, 4 * c->ch, c->w * 2 / 3, (n + 3) * c->ch};
    canvas_fill(c, r, TINT_GROUND);
    canvas_box(c, r, TINT_BRIGHT);
    canvas_text(c, r.x + c->cw, r.y + c->ch / 2, TINT_BRIGHT,
                "Keys (F1 or Esc closes this)");
    for (int i = 0; i < n; i++) {
        canvas_text(c, r.x + c->cw, r.y + (i + 2) * c->ch, TINT_BRIGHT, "%s",
                    help[i].key);
        canvas_text(c, r.x + 18 * c->cw, r.y + (i + 2) * c->ch, TINT_TEXT, "%s",
                    help[i].what);
    }
}

void view_pair_draw(struct view_pair *p, struct canvas *c, int w, int h)
{
    canvas_begin(c, w, h, c->cw, c->ch);
    canvas_fill(c, (struct rect){0, 0, w, h}, TINT_GROUND);
    int lines = h / c->ch - 2, top = lines * 6 / 10 * c->ch, half = w / 2;
    draw_side(p, c, 0, (struct rect){0, 0, half - 1, top});
    draw_side(p, c, 1, (struct rect){half + 1, 0, w - half - 1, top});
    draw_rows(p, c, (struct rect){0, top, w, h - top - 2 * c->ch});
    draw_bottom(p, c);
    if (p->help)
        draw_help(c);
}
