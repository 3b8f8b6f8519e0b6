// SPDX-License-Identifier: GPL-2.0-or-later
/* view_move.c - the selection moved by arrow keys and clicks, panels scrolled. See view.h. */
#include <stdlib.h>

#include "view_priv.h"

static bool selectable(enum thing t)
{
    return t != THING_NONE && t != THING_PANEL && t != THING_PLACE;
}

/* The selectable place of the focused panel that is nearest to the selected one, in a direction. */
void view_move(struct view *v, const struct canvas *c, int dx, int dy)
{
    struct rect panel = view_panel_rect(v, c, v->focus),
                from = {panel.x, panel.y - 1, 1, 1};
    const struct canvas_hit *best = NULL;
    long least = 0;
    bool any = false;
    for (size_t i = 0; i < c->nhits && !any; i++)
        if (c->hit[i].pick.thing == v->sel.thing && c->hit[i].pick.id == v->sel.id &&
            c->hit[i].at.x >= panel.x && c->hit[i].at.x < panel.x + panel.w &&
            c->hit[i].at.y >= panel.y && c->hit[i].at.y < panel.y + panel.h) {
            from = c->hit[i].at;
            any = true;
        }
    for (size_t i = 0; i < c->nhits; i++) {
        const struct rect *at = &c->hit[i].at;
        if (!selectable(c->hit[i].pick.thing) || at->x < panel.x || at->y < panel.y ||
            at->x >= panel.x + panel.w || at->y >= panel.y + panel.h)
            continue;
        int x = at->x - from.x, y = at->y - from.y;
        int along = any ? x * dx + y * dy : x + y + 1, aside = any ? x * dy + y * dx : 0;
        if (along <= 0)
            continue;
        long far = along + 4L * labs(aside);
        if (!best || far < least) {
            best = &c->hit[i];
            least = far;
        }
    }
    if (best)
        v->sel = best->pick;
    else
        v->scroll[v->focus] += dy;
    if (v->scroll[v->focus] < 0 && v->focus != PANEL_EVENTS)
        v->scroll[v->focus] = 0;
}
void view_scroll(struct view *v, const struct canvas *c, int dir)
{
    struct rect r = view_panel_rect(v, c, v->focus);
    int by = r.h / c->ch / 2;
    v->scroll[v->focus] += dir * (by > 1 ? by : 1);
    if (v->scroll[v->focus] < 0 && v->focus != PANEL_EVENTS)
        v->scroll[v->focus] = 0;
}
void view_click(struct view *v, const struct canvas *c, int x, int y)
{
    struct pick p = canvas_pick(c, x, y);
    for (unsigned i = 0; i < PANELS; i++) {
        struct rect r = view_panel_rect(v, c, (enum view_panel)i);
        if (x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h)
            v->focus = (enum view_panel)i;
    }
    if (p.thing == THING_PLACE) {
        v->playing = false;
        view_go(v, TRAVEL_RECORD, p.id);
    } else if (selectable(p.thing)) {
        v->sel = p;
    }
}
