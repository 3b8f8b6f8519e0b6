// SPDX-License-Identifier: GPL-2.0-or-later
/* view_panel_envs.c - environments with their share of the processors; capabilities and guards. */
#include "view_panel.h"

#include <stdio.h>

static uint64_t all_cycles(const struct view_state *s)
{
    uint64_t sum = 0;
    for (uint32_t e = 0; e < KV_ENVS; e++)
        if (s->env_there[e])
            sum += s->env[e].cycles;
    return sum ? sum : 1;
}

static void draw_env(struct view *v, struct lines *l, const struct kv_env *e,
                     uint64_t all)
{
    struct canvas *c = l->c;
    struct rect at;
    char core[12] = "-";
    if (!lines_next(l, &at))
        return;
    if (e->on_core)
        snprintf(core, sizeof core, "%u", e->on_core - 1);
    view_mark(v, c, at, (struct pick){THING_ENV, e->id});
    double share = (double)e->cycles / (double)all;
    int x = at.x + c->cw / 2;
    canvas_fill(c, (struct rect){x, at.y + c->ch / 5, c->cw, c->ch * 3 / 5},
                tint_owner(e->id));
    x += 2 * c->cw;
    x += canvas_text(c, x, at.y, e->on_core ? TINT_BRIGHT : TINT_TEXT,
                     "%2u %-10.10s %-6s %s %4u %5.1f%% ", e->id, e->program,
                     kv_env_state(e->state), core, e->frames, 100 * share);
    int room = at.x + at.w - x - c->cw;
    struct rect bar = {x, at.y + c->ch / 4, (int)(share * room), c->ch / 2};
    canvas_fill(c, bar, tint_owner(e->id));
}

void view_draw_envs(struct view *v, struct canvas *c, struct rect r)
{
    struct lines l = view_lines(v, c, r, PANEL_ENVS);
    if (view_stateless(v, c, r))
        return;
    lines_text(v, &l, TINT_DIM, NO_PICK, "   # program    state  c  frm  share");
    uint64_t all = all_cycles(&v->state);
    for (uint32_t e = 0; e < KV_ENVS; e++)
        if (v->state.env_there[e])
            draw_env(v, &l, &v->state.env[e], all);
}

static void draw_caps_of(struct view *v, struct lines *l, uint32_t e)
{
    const struct view_state *s = &v->state;
    char text[64], all[400];
    int at = 0;
    kv_name_text(&s->env[e].guard, text, sizeof text);
    at = snprintf(all, sizeof all, "%2u guard %s holds", e, text);
    for (uint32_t i = 0; i < s->ncaps && at < (int)sizeof all; i++) {
        if (s->cap[e][i].len == 0xff)
            continue;
        kv_name_text(&s->cap[e][i], text, sizeof text);
        at += snprintf(all + at, sizeof all - (size_t)at, " %u:%s", i, text);
    }
    lines_owned(v, l, e, (struct pick){THING_ENV, e}, "%s", all);
}

/* What guards the selected thing, and who could satisfy it: a capability whose name begins it. */
static bool dominates(const struct kv_name *cap, const struct kv_name *guard)
{
    if (cap->len > guard->len || guard->len > sizeof guard->byte)
        return false;
    for (unsigned i = 0; i < cap->len; i++)
        if (cap->byte[i] != guard->byte[i])
            return false;
    return true;
}

static const struct kv_name *selected_guard(const struct view *v)
{
    const struct view_state *s = &v->state;
    uint64_t id = v->sel.id;
    switch (v->sel.thing) {
    case THING_ENV: return id < KV_ENVS && s->env_there[id] ? &s->env[id].guard : NULL;
    case THING_FRAME:
        return id < s->nframes && s->frame[id].held ? &s->frame[id].guard[0] : NULL;
    case THING_EXTENT:
        return id < s->nextents && s->extent[id].count ? &s->extent[id].guard : NULL;
    case THING_RING:
        return id < s->nrings && s->ring[id].slots ? &s->ring[id].guard : NULL;
    default: return NULL;
    }
}

void view_draw_caps(struct view *v, struct canvas *c, struct rect r)
{
    struct lines l = view_lines(v, c, r, PANEL_CAPS);
    const struct view_state *s = &v->state;
    if (view_stateless(v, c, r))
        return;
    const struct kv_name *guard = selected_guard(v);
    if (guard) {
        char text[64], who[200];
        int at = 0;
        kv_name_text(guard, text, sizeof text);
        who[0] = 0;
        for (uint32_t e = 0; e < KV_ENVS; e++)
            for (uint32_t i = 0; s->env_there[e] && i < s->ncaps && at < 180; i++)
                if (s->cap[e][i].len != 0xff && dominates(&s->cap[e][i], guard)) {
                    at += snprintf(who + at, sizeof who - (size_t)at, " %u", e);
                    break;
                }
        lines_text(v, &l, TINT_BRIGHT, NO_PICK, "selected: guard %s; satisfied by env%s",
                   text, at ? who : " none");
    }
    for (uint32_t e = 0; e < KV_ENVS; e++)
        if (s->env_there[e])
            draw_caps_of(v, &l, e);
}
