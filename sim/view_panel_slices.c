// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * view_panel_slices.c - who runs: of each core the time around the cursor, coloured by environment,
 * and below the positions of its slice vector.
 */
#include "view_panel.h"

#define RECORDS 60000u /* looked at, each way */

static uint64_t span_of(const struct view *v)
{
    if (v->span)
        return v->span;
    uint64_t s = v->clock_hz / 50; /* 20 ms, or what there is */
    return v->place.cycle < s && v->place.cycle > 1000 && !v->travel ? v->place.cycle : s;
}

struct stretch {
    struct canvas *c;
    struct rect r;
    uint64_t from, span;
};

static int x_of(const struct stretch *s, uint64_t cycle)
{
    if (cycle <= s->from)
        return s->r.x;
    uint64_t d = cycle - s->from;
    if (d >= s->span)
        return s->r.x + s->r.w;
    return s->r.x + (int)((double)d / (double)s->span * s->r.w);
}

/* env ran from one cycle to another. */
static void ran(struct view *v, const struct stretch *s, uint64_t from, uint64_t to,
                uint32_t env, bool idle)
{
    int x0 = x_of(s, from), x1 = x_of(s, to), ch = s->c->ch;
    if (x1 <= x0)
        x1 = x0 + 1;
    struct rect at = {x0, s->r.y + 1, x1 - x0, s->r.h - 2};
    canvas_fill(s->c, at, idle || env == 0 ? TINT_FREE : tint_owner(env));
    if (env == 0 || idle)
        return;
    canvas_hit(s->c, at, THING_ENV, env);
    if (view_related(v, THING_ENV, env))
        canvas_fill(s->c, (struct rect){at.x, at.y, at.w, ch / 6 + 1}, TINT_BRIGHT);
    if (at.w > 3 * s->c->cw)
        canvas_text(s->c, at.x + s->c->cw / 2, s->r.y, TINT_MARK, "%u", env);
}

/* First record to look at for what happened from a cycle on. */
static uint64_t first_record(struct view *v, uint64_t from)
{
    struct hw_trace_record r;
    uint64_t k = v->cursor;
    while (k > 0 && v->cursor - k < RECORDS && history_get(v->history, k - 1, &r) &&
           r.cycle >= from)
        k--;
    return k;
}

static void lane(struct view *v, const struct stretch *s, unsigned core)
{
    struct hw_trace_record r;
    uint64_t k = first_record(v, s->from), known = history_known(v->history);
    uint64_t since = s->from, end = s->from + s->span, last = since;
    uint32_t env = view_running(v, core);
    bool idle = false, any = false;
    for (uint64_t n = 0; k < known && n < 2 * RECORDS; k++, n++) {
        if (!history_get(v->history, k, &r))
            break;
        if (r.core != core)
            continue;
        if (!any)
            env = r.event == HW_EV_CONTEXT ? (uint32_t)r.a : r.env;
        any = true;
        last = r.cycle;
        if (r.cycle > end)
            break;
        bool now = r.event == HW_EV_WAIT ? r.a == 1 : idle;
        uint32_t e = r.event == HW_EV_CONTEXT ? (uint32_t)r.b : env;
        if (e == env && now == idle)
            continue;
        ran(v, s, since, r.cycle, env, idle);
        since = r.cycle;
        env = e;
        idle = now;
    }
    uint64_t here = last > v->place.cycle ? last : v->place.cycle;
    ran(v, s, since, here < end ? here : end, env, idle);
}

static void vector(struct view *v, struct canvas *c, struct rect r, unsigned core)
{
    const struct view_state *s = &v->state;
    int w = c->cw * 3 / 2, x = r.x;
    if (!s->there || s->nslots == 0)
        return;
    uint32_t used = s->nslots;
    while (used > 0 && s->slice[core][used - 1] == 0)
        used--;
    for (uint32_t i = 0; i < used && x + w <= r.x + r.w; i++, x += w) {
        uint32_t e = s->slice[core][i];
        struct rect at = {x, r.y + c->ch / 6, w - 2, c->ch * 2 / 3};
        canvas_fill(c, at, e ? tint_owner(e) : TINT_FREE);
        if (e)
            canvas_hit(c, at, THING_ENV, e);
        if (e && view_related(v, THING_ENV, e))
            canvas_box(c, at, TINT_BRIGHT);
    }
    canvas_text(c, x + c->cw, r.y, TINT_DIM, "slice vector: %u of %u positions taken",
                used, s->nslots);
}

void view_draw_slices(struct view *v, struct canvas *c, struct rect r)
{
    uint64_t span = span_of(v), at = v->place.cycle;
    struct stretch s = {c,
                        {r.x + 8 * c->cw, r.y, r.w - 9 * c->cw, c->ch},
                        at > span * 3 / 4 ? at - span * 3 / 4 : 0,
                        span};
    struct lines l = view_lines(v, c, r, PANEL_SLICES);
    struct rect line;
    for (unsigned core = 0; core < v->cores && !lines_full(&l); core++) {
        if (!lines_next(&l, &line))
            continue;
        s.r.y = line.y;
        canvas_text(c, line.x + c->cw / 2, line.y,
                    core == v->core ? TINT_BRIGHT : TINT_DIM, "core %u", core);
        lane(v, &s, core);
    }
    int x = x_of(&s, at);
    canvas_fill(c, (struct rect){x, r.y, c->cw / 4, l.y - r.y}, TINT_BRIGHT);
    if (lines_next(&l, &line)) {
        struct rect to = {s.r.x, line.y, s.r.w, c->ch};
        canvas_text(c, line.x + c->cw / 2, line.y, TINT_DIM, "%.3gms",
                    view_us(v, span) / 1000);
        vector(v, c, to, v->core);
    }
}
