// SPDX-License-Identifier: GPL-2.0-or-later
/* view_panel_events.c - the list of events around the cursor: what was, and what is known to come. */
#include "view_panel.h"

#define SEARCH 50000u /* records looked at for the rows of a list */
#define ROWS 200

/* The last listed records before the cursor, oldest first: how many. */
static int past(struct view *v, uint64_t *row, int max)
{
    struct hw_trace_record r;
    int n = 0;
    for (uint64_t k = v->cursor; k-- > 0 && n < max && v->cursor - k < SEARCH;) {
        if (!history_get(v->history, k, &r))
            break;
        if (view_listed(v, &r) || k + 1 == v->cursor ||
            view_is_selected(v, THING_EVENT, k))
            row[n++] = k;
    }
    for (int i = 0; i < n / 2; i++) {
        uint64_t t = row[i];
        row[i] = row[n - 1 - i];
        row[n - 1 - i] = t;
    }
    return n;
}

static int future(struct view *v, uint64_t *row, int max)
{
    struct hw_trace_record r;
    int n = 0;
    uint64_t known = history_known(v->history);
    for (uint64_t k = v->cursor; k < known && n < max && k - v->cursor < SEARCH; k++) {
        if (!history_get(v->history, k, &r))
            break;
        if (view_listed(v, &r))
            row[n++] = k;
    }
    return n;
}

static void draw_event(struct view *v, struct lines *l, uint64_t k)
{
    struct hw_trace_record r;
    char words[300];
    struct rect at;
    struct canvas *c = l->c;
    if (!history_get(v->history, k, &r) || !lines_next(l, &at))
        return;
    view_words(v, &r, words, sizeof words);
    struct pick p = {THING_EVENT, k};
    bool here = k + 1 == v->cursor;
    if (here)
        canvas_fill(c, at, TINT_RAISED);
    view_mark(v, c, at, p);
    int x = at.x + c->cw / 2;
    x += canvas_text(c, x, at.y, here ? TINT_BRIGHT : TINT_DIM, "%c%6" PRIu64 " ",
                     here ? '>' : ' ', k + 1);
    if (r.core != TRACE_NO_CORE) {
        canvas_fill(c, (struct rect){x, at.y + c->ch / 5, c->cw, c->ch * 3 / 5},
                    r.env ? tint_owner(r.env) : TINT_FREE);
        canvas_text(c, x + c->cw + c->cw / 2, at.y, TINT_DIM, "%u", r.env);
    }
    x += 4 * c->cw;
    bool grave = r.event == TRACE_DEATH || r.event == TRACE_ABORT ||
                 r.event == TRACE_FORCED || r.event == TRACE_REVOKE;
    enum tint tint = grave           ? TINT_WARN
                     : here          ? TINT_BRIGHT
                     : k < v->cursor ? TINT_TEXT
                                     : TINT_DIM;
    canvas_text(c, x, at.y, tint, "%s", view_what(words));
}

void view_draw_events(struct view *v, struct canvas *c, struct rect r)
{
    static const char *const filters[FILTERS] = {"all", "resource events", "traps",
                                                 "calls", "about the selection"};
    uint64_t row[ROWS];
    struct lines l = {c, r, 0, r.y};
    int rows = r.h / c->ch - 1, scroll = v->scroll[PANEL_EVENTS];
    rows = rows < ROWS ? rows : ROWS;
    lines_text(v, &l, TINT_DIM, NO_PICK, "f: %s%s%s", filters[v->filter],
               v->search[0] ? "   /: " : "", v->search);
    if (rows <= 0)
        return;
    uint64_t ahead[ROWS];
    int before = rows * 2 / 3 - scroll;
    before = before < 0 ? 0 : before > rows ? rows : before;
    int after = future(v, ahead, rows - before);
    if (before + after < rows && scroll == 0)
        before = rows - after - !v->end_known;
    int n = before > 0 ? past(v, row, before) : 0;
    for (int i = 0; i < n; i++)
        draw_event(v, &l, row[i]);
    for (int i = 0; i < after; i++)
        draw_event(v, &l, ahead[i]);
    if (history_known(v->history) == v->cursor && !v->end_known)
        lines_text(v, &l, TINT_DIM, NO_PICK, "          (not yet lived through)");
}
