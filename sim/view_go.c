// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * view_go.c - the viewer's jobs: going somewhere, searching for events ahead and behind, playing. Each
 * is done in pieces, so that a window can be drawn between them. See view.h; view_who.c has the
 * search for owners.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "view_priv.h"

#define LOOK 20000u /* records looked at between two looks at the clock */
#define AHEAD 4096u /* records to run on by when nothing more is known */

const unsigned view_speeds[] = {1, 2, 5, 10, 30, 100, 1000, 10000, 0};

unsigned view_speed_count(void)
{
    return sizeof view_speeds / sizeof *view_speeds;
}

/* ---- where the machine is ---- */

void view_arrive(struct view *v, uint64_t cursor)
{
    if (v->travel) {
        v->place = travel_place(v->travel);
        v->ended = travel_ended(v->travel) != NULL;
        v->end_known |= v->ended;
    } else {
        struct hw_trace_record r;
        v->place = (struct machine_place){.record = cursor};
        if (cursor > 0 && history_get(v->history, cursor - 1, &r))
            v->place.cycle = v->place.latest = r.cycle;
        v->ended = cursor == history_known(v->history);
    }
    v->cursor = cursor;
    view_state_read(v);
}

void view_job_end(struct view *v, const char *why)
{
    v->job.kind = JOB_NONE;
    snprintf(v->failed, sizeof v->failed, "%.255s", why);
}

bool view_travel(struct view *v, enum travel_axis axis, uint64_t value, uint64_t ns)
{
    struct err err;
    history_sync(v->history);
    view_unwatch(v);
    travel_patience(v->travel, ns);
    if (travel_to(v->travel, axis, value, &err)) {
        view_job_end(v, err.msg);
        v->playing = false;
        return false;
    }
    v->end_known |= travel_ended(v->travel) != NULL;
    return travel_arrived(v->travel);
}

/* ---- going ---- */

void view_go(struct view *v, enum travel_axis axis, uint64_t value)
{
    v->failed[0] = 0;
    v->job = (struct view_job){.kind = JOB_GO, .axis = axis, .value = value};
}

/* Record of a trace file at which a cycle is reached. */
static uint64_t at_cycle(struct view *v, uint64_t cycle)
{
    struct hw_trace_record r;
    uint64_t lo = 0, hi = history_known(v->history);
    while (lo < hi) {
        uint64_t mid = lo + (hi - lo) / 2;
        if (history_get(v->history, mid, &r) && r.cycle < cycle)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static void go_piece(struct view *v, uint64_t ns)
{
    struct view_job *j = &v->job;
    if (!v->travel) {
        uint64_t known = history_known(v->history);
        uint64_t to = j->axis == TRAVEL_CYCLE ? at_cycle(v, j->value) : j->value;
        if (j->axis == TRAVEL_INSTRUCTION) {
            view_job_end(v, "a trace has no instructions: view the program itself");
            return;
        }
        j->kind = JOB_NONE;
        view_arrive(v, to < known ? to : known);
        return;
    }
    bool there = view_travel(v, j->axis, j->value, ns);
    if (j->kind == JOB_NONE)
        return; /* it failed */
    struct machine_place p = travel_place(v->travel);
    uint64_t cursor =
        there && j->axis == TRAVEL_RECORD && j->value < p.record ? j->value : p.record;
    if (there)
        j->kind = JOB_NONE;
    view_arrive(v, cursor);
}

/* ---- searching ---- */

bool view_matches(struct view *v, enum view_match match, const struct hw_trace_record *r)
{
    char text[300];
    switch (match) {
    case MATCH_ANY: return true;
    case MATCH_RESOURCE: return record_is_resource(r);
    case MATCH_TRAP: return r->event == HW_EV_TRAP;
    case MATCH_SELECTED: return record_is_resource(r) && view_record_about(v, r, v->sel);
    case MATCH_BREAK: return breaks_match(&v->breaks, r);
    case MATCH_TEXT:
        view_words(v, r, text, sizeof text);
        return v->search[0] && strcasestr(text, v->search);
    }
    return false;
}

bool view_listed(struct view *v, const struct hw_trace_record *r)
{
    switch (v->filter) {
    case FILTER_ALL: return true;
    case FILTER_RESOURCE: return record_is_resource(r);
    case FILTER_TRAPS: return r->event == HW_EV_TRAP;
    case FILTER_CALLS: return r->event == HW_EV_CALL || r->event == HW_EV_RESULT;
    case FILTER_SELECTED: return view_record_about(v, r, v->sel);
    case FILTERS: break;
    }
    return false;
}

void view_find(struct view *v, enum view_match match, uint64_t count, bool back)
{
    v->failed[0] = 0;
    v->owner_held = 0;
    if (v->owner_watch)
        v->owner_held = view_holders(v, (struct pick){THING_FRAME, v->owner_watch - 1});
    v->job = (struct view_job){.kind = back ? JOB_BACKWARD : JOB_FORWARD,
                               .match = match,
                               .count = count,
                               .breaks = match == MATCH_BREAK,
                               .at = back ? v->cursor - 1 : v->cursor};
    if (match == MATCH_BREAK && v->npc > 0 && v->travel)
        view_pc_find(v, back);
    else if (back && v->cursor > 0 && v->owner_watch && match == MATCH_BREAK && v->travel)
        view_who_before(v);
    if (back && v->cursor == 0) {
        v->job.kind = JOB_NONE;
        snprintf(v->failed, sizeof v->failed, "this is the beginning");
    }
}

/* Live again through the block of a forgotten record. True: it is there now. */
static bool fill(struct view *v, uint64_t k, uint64_t ns)
{
    struct hw_trace_record r;
    struct view_job *j = &v->job;
    uint64_t from = k / TRACE_BUFFER * TRACE_BUFFER;
    if (history_get(v->history, k, &r)) {
        j->filling = false;
        return true;
    }
    if (!v->travel)
        return false;
    if (!j->filling) {
        j->filling = view_travel(v, TRAVEL_RECORD, from, ns);
        return false;
    }
    view_travel(v, TRAVEL_RECORD, from + TRACE_BUFFER, ns);
    return history_get(v->history, k, &r);
}

static void found_at(struct view *v, uint64_t cursor)
{
    v->job = (struct view_job){.kind = JOB_GO, .axis = TRAVEL_RECORD, .value = cursor};
}

/* Could the holders of a frame change here? Then the state must be looked at. */
static bool owner_may_change(const struct view *v, const struct hw_trace_record *r)
{
    return v->owner_watch && v->travel && record_is_resource(r) &&
           r->event != HW_EV_INSERT;
}

/* Did it? Runs to where the effect of record k can be seen. */
static bool owner_changed(struct view *v, uint64_t k, uint64_t ns, bool *known)
{
    *known = view_travel(v, TRAVEL_RECORD, k + 2, ns);
    struct kv_frame f;
    return *known && kernel_view_frame(v->kernel, (uint32_t)v->owner_watch - 1, &f) &&
           f.held != v->owner_held;
}

static void not_found(struct view *v, uint64_t end)
{
    bool any = v->job.match == MATCH_ANY || v->job.match == MATCH_RESOURCE;
    found_at(v, end);
    v->playing = false;
    snprintf(v->failed, sizeof v->failed, "%s",
             any ? "the run ends here" : "no such event ahead");
}

/* Nothing more is known at record `at`: run on. */
static void run_ahead(struct view *v, uint64_t ns)
{
    struct view_job *j = &v->job;
    uint64_t known = history_known(v->history);
    if (!v->travel || travel_ended(v->travel)) {
        not_found(v, known);
        return;
    }
    if (v->end_known && travel_place(v->travel).record < known && j->at >= known) {
        not_found(v, known);
        return;
    }
    view_travel(v, TRAVEL_RECORD, known + AHEAD, ns);
}

static void forward_piece(struct view *v, uint64_t ns)
{
    struct view_job *j = &v->job;
    struct hw_trace_record r;
    for (unsigned n = 0; n < LOOK; n++) {
        if (j->at >= history_known(v->history)) {
            run_ahead(v, ns);
            return;
        }
        if (!history_get(v->history, j->at, &r)) {
            if (!fill(v, j->at, ns) && !v->travel)
                not_found(v, j->at);
            return;
        }
        bool known = true;
        if (j->breaks && owner_may_change(v, &r) && owner_changed(v, j->at, ns, &known)) {
            snprintf(v->said, sizeof v->said,
                     "frame %" PRIu64 " changed hands here (event %" PRIu64 ")",
                     v->owner_watch - 1, j->at + 1);
            found_at(v, j->at + 2);
            return;
        }
        if (!known)
            return;
        uint64_t k = j->at++;
        bool stop = j->breaks && breaks_match(&v->breaks, &r) && j->match != MATCH_BREAK;
        if (stop)
            v->playing = false;
        if (stop || (view_matches(v, j->match, &r) && --j->count == 0)) {
            found_at(v, k + 1);
            return;
        }
    }
}

static void backward_piece(struct view *v, uint64_t ns)
{
    struct view_job *j = &v->job;
    struct hw_trace_record r;
    for (unsigned n = 0; n < LOOK; n++) {
        if (j->floor != 0 && j->at <= j->floor) {
            snprintf(v->said, sizeof v->said, "frame %" PRIu64 " changed hands here",
                     v->owner_watch - 1);
            found_at(v, j->floor);
            return;
        }
        if (j->at == 0) {
            bool any = j->match == MATCH_ANY || j->match == MATCH_RESOURCE;
            found_at(v, 0);
            snprintf(v->failed, sizeof v->failed, "%s",
                     any ? "this is the beginning" : "no such event before");
            return;
        }
        if (!history_get(v->history, j->at - 1, &r)) {
            fill(v, j->at - 1, ns);
            return;
        }
        uint64_t k = --j->at;
        if (view_matches(v, j->match, &r) && --j->count == 0) {
            found_at(v, k + 1);
            return;
        }
    }
}

/* ---- time passes ---- */

bool view_busy(const struct view *v)
{
    return v->job.kind != JOB_NONE;
}

/* Play owes some resource events: a search for as many. */
static void play(struct view *v, double seconds)
{
    unsigned rate = view_speeds[v->speed];
    if (!v->playing || view_busy(v))
        return;
    v->due += rate ? rate * seconds : AHEAD;
    if (v->due < 1)
        return;
    uint64_t n = (uint64_t)v->due;
    v->due = 0;
    view_find(v, MATCH_RESOURCE, n, false);
    v->job.breaks = true;
}

static void piece(struct view *v, uint64_t ns)
{
    switch (v->job.kind) {
    case JOB_NONE: break;
    case JOB_GO: go_piece(v, ns); break;
    case JOB_FORWARD: forward_piece(v, ns); break;
    case JOB_BACKWARD: backward_piece(v, ns); break;
    case JOB_WHO: view_who_piece(v, ns); break;
    case JOB_PC_FORWARD: view_pc_forward(v, ns); break;
    case JOB_PC_BACKWARD: view_pc_backward(v, ns); break;
    }
}

void view_tick(struct view *v, double seconds, uint64_t ns)
{
    uint64_t start = view_host_ns(), end = start + ns;
    play(v, seconds);
    while (view_busy(v)) {
        uint64_t now = view_host_ns();
        if (ns != 0 && now >= end)
            break;
        piece(v, ns ? end - now : 0);
    }
}
