// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * view_about.c - what belongs together: which records are about a thing, who holds it, what else is
 * to be highlighted with it. See view.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "trace.h"
#include "view_priv.h"

/* What is asked back is named by kind << 28 | number (abi.h); frames are kind 0. */
#define EXTENT_NAME (UINT64_C(1) << 28)
#define RING_NAME (UINT64_C(2) << 28)
#define BOUND_COUNT_SHIFT 40
#define BOUND_PA ((UINT64_C(1) << BOUND_COUNT_SHIFT) - 1)

/* The letter of calls.def for a call's first argument, 0 if it has none. */
static char first_kind(const struct view *v, uint64_t number)
{
    number %= CALLS_FIRST;
    if (number >= CALLS_MAX || !v->calls || !v->calls->call[number].there)
        return 0;
    return v->calls->call[number].kinds[0];
}

static bool calls_with(const struct view *v, const struct hw_trace_record *r, char kind,
                       uint64_t id)
{
    bool call = r->event == HW_EV_CALL || r->event == TRACE_BATCHED;
    return call && first_kind(v, r->a) == kind && r->b == id;
}

static bool about_env(const struct view *v, const struct hw_trace_record *r, uint64_t e)
{
    switch (r->event) {
    case HW_EV_CONTEXT: return r->a == e || r->b == e;
    case TRACE_PCT: return r->a == e || r->b == e;
    case TRACE_CREATE: return r->a == e || r->b == e;
    case TRACE_UPCALL:
    case TRACE_SLICE:
    case TRACE_SLICE_END:
    case TRACE_REVOKE:
    case TRACE_ABORT:
    case TRACE_WAKE:
    case TRACE_DEATH:
    case TRACE_FORCED:
    case TRACE_EXTENT:
    case TRACE_RING: return r->a == e || r->env == e;
    default: return r->env == e || calls_with(v, r, 'e', e);
    }
}

/* A translation's record names a physical page and, of a window, how many there are. */
static bool binds(const struct view *v, uint64_t b, uint64_t frame)
{
    uint64_t first = (b & BOUND_PA) >> v->page_shift, n = b >> BOUND_COUNT_SHIFT;
    return frame >= first && frame - first < (n ? n : 1);
}

static bool about_frame(const struct view *v, const struct hw_trace_record *r, uint64_t f)
{
    switch (r->event) {
    case HW_EV_INSERT:
    case HW_EV_EVICT: return binds(v, r->b, f);
    case HW_EV_CODE: return r->a >> v->page_shift == f;
    case TRACE_REVOKE:
    case TRACE_ABORT: return r->b == f;
    default: return calls_with(v, r, 'f', f);
    }
}

static bool about_page(const struct view *v, const struct hw_trace_record *r, uint64_t va)
{
    switch (r->event) {
    case HW_EV_INSERT:
    case HW_EV_EVICT:
    case HW_EV_MISS:
    case HW_EV_WALK:
    case HW_EV_FAULT: return r->a >> v->page_shift == va >> v->page_shift;
    default: return false;
    }
}

static bool about_extent(const struct view *v, const struct hw_trace_record *r,
                         uint64_t x)
{
    const struct kv_extent *e = x < VIEW_ROWS ? &v->state.extent[x] : NULL;
    switch (r->event) {
    case HW_EV_DISK_START:
    case HW_EV_DISK_DONE:
        return e && v->state.there && r->a >= e->first && r->a - e->first < e->count;
    case TRACE_EXTENT: return r->b == x;
    case TRACE_REVOKE:
    case TRACE_ABORT: return r->b == (EXTENT_NAME | x);
    default: return calls_with(v, r, 'x', x);
    }
}

static bool about_ring(const struct view *v, const struct hw_trace_record *r, uint64_t k)
{
    switch (r->event) {
    case TRACE_RING: return r->b == k;
    case TRACE_REVOKE:
    case TRACE_ABORT: return r->b == (RING_NAME | k);
    case TRACE_FILTER: return r->a == k + 1;
    case TRACE_PACKET: return r->a == k;
    default: return calls_with(v, r, 'k', k);
    }
}

bool view_record_about(const struct view *v, const struct hw_trace_record *r,
                       struct pick p)
{
    switch (p.thing) {
    case THING_ENV: return about_env(v, r, p.id);
    case THING_FRAME: return about_frame(v, r, p.id);
    case THING_PAGE: return about_page(v, r, p.id);
    case THING_EXTENT: return about_extent(v, r, p.id);
    case THING_RING: return about_ring(v, r, p.id);
    default: return false;
    }
}

uint64_t view_holders(const struct view *v, struct pick p)
{
    const struct view_state *s = &v->state;
    if (!s->there)
        return 0;
    switch (p.thing) {
    case THING_ENV: return p.id < KV_ENVS ? UINT64_C(1) << p.id : 0;
    case THING_FRAME: return p.id < s->nframes ? s->frame[p.id].held : 0;
    case THING_EXTENT: return p.id < s->nextents ? s->extent[p.id].held : 0;
    case THING_RING: return p.id < s->nrings ? s->ring[p.id].held : 0;
    default: return 0;
    }
}

struct pick view_subject(const struct view *v, const struct hw_trace_record *r)
{
    static const struct {
        char kind;
        enum thing thing;
    } kinds[] = {
        {'f', THING_FRAME}, {'x', THING_EXTENT}, {'k', THING_RING}, {'e', THING_ENV}};
    static const enum thing named[] = {THING_FRAME, THING_EXTENT, THING_RING};
    char kind;
    switch (r->event) {
    case HW_EV_CALL:
    case TRACE_BATCHED:
        kind = first_kind(v, r->a);
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
            if (kinds[i].kind == kind && (kind != 'e' || r->b != 0))
                return (struct pick){kinds[i].thing, r->b};
        break;
    case TRACE_REVOKE:
    case TRACE_ABORT:
        if (r->b >> 28 < 3)
            return (struct pick){named[r->b >> 28], r->b & 0xfffffff};
        break;
    case HW_EV_INSERT:
    case HW_EV_EVICT:
        return (struct pick){THING_FRAME, (r->b & BOUND_PA) >> v->page_shift};
    case HW_EV_MISS:
    case HW_EV_WALK:
    case HW_EV_FAULT:
        return (struct pick){THING_PAGE, r->a >> v->page_shift << v->page_shift};
    case TRACE_EXTENT: return (struct pick){THING_EXTENT, r->b};
    case TRACE_RING: return (struct pick){THING_RING, r->b};
    case TRACE_PACKET: return (struct pick){THING_RING, r->a};
    case TRACE_CREATE:
    case TRACE_DEATH:
    case TRACE_UPCALL:
    case TRACE_SLICE: return (struct pick){THING_ENV, r->a};
    case HW_EV_CONTEXT: return (struct pick){THING_ENV, r->b};
    default: break;
    }
    return (struct pick){r->env ? THING_ENV : THING_NONE, r->env};
}

bool view_is_selected(const struct view *v, enum thing thing, uint64_t id)
{
    return v->sel.thing == thing && v->sel.id == id;
}

/* An event is about a thing: what it is about is highlighted with it. */
static bool event_about(const struct view *v, uint64_t event, struct pick p)
{
    struct hw_trace_record r;
    return history_get(v->history, event, &r) && view_record_about(v, &r, p);
}

bool view_related(const struct view *v, enum thing thing, uint64_t id)
{
    struct pick p = {thing, id};
    if (v->sel.thing == THING_NONE)
        return false;
    if (view_is_selected(v, thing, id))
        return true;
    if (v->sel.thing == THING_EVENT)
        return thing != THING_EVENT && event_about(v, v->sel.id, p);
    if (thing == THING_EVENT)
        return event_about(v, id, v->sel);
    if (v->sel.thing == THING_ENV)
        return v->sel.id < KV_ENVS && (view_holders(v, p) >> v->sel.id & 1);
    if (thing == THING_ENV)
        return id < KV_ENVS && (view_holders(v, v->sel) >> id & 1);
    return false;
}

/* ---- words ---- */

void view_pick_text(const struct view *v, struct pick p, char *text, size_t max)
{
    switch (p.thing) {
    case THING_NONE: snprintf(text, max, "nothing"); break;
    case THING_ENV: snprintf(text, max, "environment %" PRIu64, p.id); break;
    case THING_FRAME:
        snprintf(text, max, "frame %" PRIu64 " (0x%" PRIx64 ")", p.id,
                 p.id << v->page_shift);
        break;
    case THING_PAGE: snprintf(text, max, "page 0x%" PRIx64, p.id); break;
    case THING_EXTENT: snprintf(text, max, "extent %" PRIu64, p.id); break;
    case THING_RING: snprintf(text, max, "ring %" PRIu64, p.id); break;
    case THING_EVENT: snprintf(text, max, "event %" PRIu64, p.id + 1); break;
    case THING_PLACE:
    case THING_PANEL: *text = 0; break;
    }
}

static size_t add_holders(const struct view *v, uint64_t held, char *text, size_t max)
{
    size_t at = 0;
    for (unsigned e = 1; e < KV_ENVS && at < max; e++)
        if (held >> e & 1)
            at += (size_t)snprintf(text + at, max - at, "%senv %u %s", at ? ", " : "", e,
                                   v->state.env[e].program);
    return at;
}

/* What the tables say of it. */
static void facts(const struct view *v, struct pick p, char *text, size_t max)
{
    const struct view_state *s = &v->state;
    char holders[256] = "nobody", guard[64] = "";
    add_holders(v, view_holders(v, p), holders, sizeof holders);
    *text = 0;
    if (p.thing == THING_ENV && p.id < KV_ENVS && s->env_there[p.id]) {
        const struct kv_env *e = &s->env[p.id];
        kv_name_text(&e->guard, guard, sizeof guard);
        snprintf(text, max,
                 ": %s, %s, %" PRIu32 " frames, made by env %" PRIu32 ", guard %s",
                 e->program, kv_env_state(e->state), e->frames, e->parent, guard);
    } else if (p.thing == THING_FRAME && p.id < s->nframes) {
        const struct kv_frame *f = &s->frame[p.id];
        kv_name_text(&f->guard[0], guard, sizeof guard);
        if (f->held)
            snprintf(text, max, ": %s, held by %s, guard %s%s%s", kv_frame_type(f->type),
                     holders, guard, f->holders > 1 ? ", shared" : "",
                     f->pins ? ", pinned" : "");
        else
            snprintf(text, max, ": %s, held by nobody", kv_frame_type(f->type));
    } else if (p.thing == THING_EXTENT && p.id < s->nextents && s->extent[p.id].count) {
        const struct kv_extent *x = &s->extent[p.id];
        snprintf(text, max, ": units %" PRIu32 "..%" PRIu32 ", held by %s", x->first,
                 x->first + x->count - 1, holders);
    } else if (p.thing == THING_RING && p.id < s->nrings && s->ring[p.id].slots) {
        snprintf(text, max, ": %" PRIu32 " slots, held by %s", s->ring[p.id].slots,
                 holders);
    }
}

const char *view_what(const char *words)
{
    int skip = 14;
    while (words[skip] && words[skip] != ' ')
        skip++;
    skip += 17;
    return strlen(words) > (size_t)skip ? words + skip : words;
}

static void since(struct view *v, char *text, size_t max)
{
    struct hw_trace_record r;
    char words[300];
    if (v->answer.what.thing != v->sel.thing || v->answer.what.id != v->sel.id) {
        snprintf(text, max, "w: since when, and how?");
    } else if (!v->answer.known) {
        snprintf(text, max, "so since the beginning");
    } else if (history_get(v->history, v->answer.event, &r)) {
        view_words(v, &r, words, sizeof words);
        snprintf(text, max,
                 "since event %" PRIu64 " (Enter: go there), at cycle %" PRIu64
                 " env %" PRIu32 ": %s",
                 v->answer.event + 1, r.cycle, r.env, view_what(words));
    }
}

void view_answer_text(struct view *v, char *text, size_t max)
{
    char thing[64], fact[400], how[400] = "";
    *text = 0;
    if (v->sel.thing == THING_NONE)
        return;
    view_pick_text(v, v->sel, thing, sizeof thing);
    facts(v, v->sel, fact, sizeof fact);
    if (v->sel.thing == THING_EVENT) {
        struct hw_trace_record r;
        if (history_get(v->history, v->sel.id, &r))
            view_words(v, &r, how, sizeof how);
    } else {
        since(v, how, sizeof how);
    }
    snprintf(text, max, "%s%s\n%s", thing, fact, how);
}
