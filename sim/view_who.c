// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * view_who.c - since when is a thing held by whom it is, and which event did it. The machine's own
 * state is the witness: places farther and farther back are looked at until the holders differ,
 * then the change is closed in on by halves. See view.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "trace.h"
#include "view_priv.h"

#define FIRST_STEP 16u
#define LOOK_BACK 100000u /* records searched for the cause */

uint64_t view_host_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Who holds it now, in the machine as it is (not as it was read last). */
static uint64_t holders_now(const struct view *v, struct pick p)
{
    struct kv_frame f;
    struct kv_extent x;
    struct kv_ring r;
    uint32_t id = (uint32_t)p.id;
    switch (p.thing) {
    case THING_FRAME: return kernel_view_frame(v->kernel, id, &f) ? f.held : 0;
    case THING_EXTENT: return kernel_view_extent(v->kernel, id, &x) ? x.held : 0;
    case THING_RING: return kernel_view_ring(v->kernel, id, &r) ? r.held : 0;
    default: return 0;
    }
}

static void answer(struct view *v, bool known, uint64_t event)
{
    struct view_job *j = &v->job;
    v->answer = (struct view_answer){j->what, known, event, j->back};
    uint64_t to = known && j->go_there ? event + 1 : j->back;
    if (j->go_there && !known)
        snprintf(v->failed, sizeof v->failed, "it has been so since the beginning");
    if (j->then_breaks) { /* a breakpoint behind it comes first */
        uint64_t back = j->back;
        v->job = (struct view_job){.kind = JOB_BACKWARD,
                                   .match = MATCH_BREAK,
                                   .count = 1,
                                   .at = back > 0 ? back - 1 : 0,
                                   .floor = known ? event + 1 : 0};
        return;
    }
    view_arrive(v, v->cursor);
    v->job = (struct view_job){.kind = JOB_GO, .axis = TRAVEL_RECORD, .value = to};
}

/* Changes the holders of things by itself, or is about to. */
static bool is_cause(const struct hw_trace_record *r)
{
    return r->event == HW_EV_CALL || r->event == TRACE_BATCHED ||
           r->event == TRACE_DEATH || r->event == TRACE_ABORT;
}

/* The holders changed before record `lo` was written: by what? */
static void find_cause(struct view *v, uint64_t lo)
{
    struct hw_trace_record r;
    for (uint64_t k = lo + 1; k-- > 0 && k + LOOK_BACK > lo;) {
        if (!history_get(v->history, k, &r))
            break;
        bool told = r.event >= HW_EV_GUEST && r.event != TRACE_BATCHED &&
                    view_record_about(v, &r, v->job.what);
        if (told || (k < lo && is_cause(&r))) {
            answer(v, true, k);
            return;
        }
    }
    answer(v, lo > 0, lo);
}

/* The last event by which an environment came to be, or a page was translated. */
static void by_records(struct view *v)
{
    struct hw_trace_record r;
    struct pick p = v->job.what;
    uint64_t first = UINT64_MAX;
    for (uint64_t k = v->cursor; k-- > 0;) {
        if (!history_get(v->history, k, &r))
            break;
        bool born = p.thing == THING_ENV && r.event == TRACE_CREATE && r.a == p.id;
        bool bound = p.thing == THING_PAGE && r.event == HW_EV_INSERT &&
                     view_record_about(v, &r, p);
        if (born || bound) {
            answer(v, true, k);
            return;
        }
        if (p.thing == THING_ENV && r.event == HW_EV_CONTEXT && r.b == p.id)
            first = k; /* those of the start are made without an event */
    }
    answer(v, first != UINT64_MAX, first);
}

void view_who(struct view *v, bool go)
{
    struct pick p = v->sel;
    v->failed[0] = 0;
    v->playing = false;
    v->job = (struct view_job){.what = p,
                               .back = v->cursor,
                               .hi = v->cursor,
                               .step = FIRST_STEP,
                               .go_there = go};
    switch (p.thing) {
    case THING_ENV:
    case THING_PAGE: by_records(v); break;
    case THING_EVENT:
        v->answer = (struct view_answer){p, true, p.id, v->cursor};
        if (go)
            view_go(v, TRAVEL_RECORD, p.id + 1);
        break;
    case THING_FRAME:
    case THING_EXTENT:
    case THING_RING:
        if (!v->travel) {
            snprintf(v->failed, sizeof v->failed,
                     "a trace has no state: view the program itself");
            break;
        }
        v->job.kind = JOB_WHO;
        v->job.held = view_holders(v, p);
        break;
    default: snprintf(v->failed, sizeof v->failed, "nothing is selected");
    }
}

void view_who_before(struct view *v)
{
    struct pick was = v->sel;
    v->sel = (struct pick){THING_FRAME, v->owner_watch - 1};
    view_who(v, true);
    v->job.then_breaks = v->job.kind == JOB_WHO;
    v->sel = was;
}

void view_who_piece(struct view *v, uint64_t ns)
{
    struct view_job *j = &v->job;
    if (j->lo_known && j->hi - j->lo <= 1) {
        find_cause(v, j->lo);
        return;
    }
    if (!j->lo_known && j->hi == 0) {
        answer(v, false, 0);
        return;
    }
    uint64_t probe = j->lo_known       ? j->lo + (j->hi - j->lo) / 2
                     : j->hi > j->step ? j->hi - j->step
                                       : 0;
    if (!view_travel(v, TRAVEL_RECORD, probe, ns))
        return;
    bool same = holders_now(v, j->what) == j->held;
    if (same) {
        j->hi = probe;
        j->step *= 2;
    } else {
        j->lo = probe;
        j->lo_known = true;
    }
}
