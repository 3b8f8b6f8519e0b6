// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * view_pc.c - continuing to addresses, ahead and behind, together with breakpoints on records. Behind is
 * ahead from a snapshot before, again and again from an earlier one. See view.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols.h"
#include "view_priv.h"

static void watch(struct view *v, bool on)
{
    machine_watch(v->session->machine, v->pc, on ? v->npc : 0);
    v->watching = on;
}

void view_unwatch(struct view *v)
{
    if (v->watching)
        watch(v, false);
}

int view_pc_add(struct view *v, const char *what, struct err *err)
{
    const struct load_plan *plan = &v->session->plan;
    char *end;
    uint64_t pc = strtoull(what, &end, 0);
    bool kernel = false, named = end == what || *end;
    if (v->npc + 2 > VIEW_PCS)
        return err_set(err, ERR_USER, "there are %u addresses already", VIEW_PCS / 2);
    if (named) {
        pc = symbols_address(plan->kernel, what);
        kernel = pc != 0;
        for (size_t i = 0; pc == 0 && i < plan->n; i++)
            if (plan->module[i].kind != HW_MODULE_FILE)
                pc = symbols_address(plan->module[i].path, what);
    }
    if (pc == 0)
        return err_set(err, ERR_USER, "pc %s: no such function, nor an address", what);
    if (!named || kernel)
        v->pc[v->npc++] = (struct hw_watch){pc, true};
    if (!named || !kernel)
        v->pc[v->npc++] = (struct hw_watch){pc, false};
    snprintf(v->said, sizeof v->said, "c and C stop at pc 0x%" PRIx64, pc);
    return 0;
}

void view_pc_find(struct view *v, bool back)
{
    v->job = (struct view_job){.kind = back ? JOB_PC_BACKWARD : JOB_PC_FORWARD,
                               .match = MATCH_BREAK,
                               .at = v->cursor,
                               .hi = v->place.instruction};
}

static void stopped(struct view *v)
{
    watch(v, false);
    v->job.kind = JOB_NONE;
    view_arrive(v, travel_place(v->travel).record);
}

static void go(struct view *v, enum travel_axis axis, uint64_t value)
{
    watch(v, false);
    v->job = (struct view_job){.kind = JOB_GO, .axis = axis, .value = value};
}

void view_pc_forward(struct view *v, uint64_t ns)
{
    struct view_job *j = &v->job;
    struct hw_trace_record r;
    watch(v, true);
    travel_patience(v->travel, ns);
    bool hit = travel_on(v->travel, UINT64_MAX);
    uint64_t end = travel_place(v->travel).record;
    history_sync(v->history);
    for (; j->at < end; j->at++)
        if (history_get(v->history, j->at, &r) && breaks_match(&v->breaks, &r)) {
            go(v, TRAVEL_RECORD, j->at + 1);
            return;
        }
    if (hit) {
        stopped(v);
        return;
    }
    if (travel_ended(v->travel)) {
        v->end_known = true;
        stopped(v);
        snprintf(v->failed, sizeof v->failed, "no such place ahead: the run ends here");
    }
}

/* Does the core that runs stand at one of the addresses? */
static bool stands_there(const struct view *v)
{
    bool kernel;
    const struct machine *m = v->session->machine;
    uint64_t pc = machine_pc(m, machine_current(m), &kernel);
    for (unsigned i = 0; i < v->npc; i++)
        if (v->pc[i].pc == pc && v->pc[i].kernel == kernel)
            return true;
    return false;
}

/* Everything from lo to hi has been run: was there anything to stop at? */
static void judge(struct view *v)
{
    struct view_job *j = &v->job;
    struct hw_trace_record r;
    uint64_t from = j->step, found = j->value; /* 1 + instruction, at record `floor` */
    for (uint64_t k = j->at; k-- > from;)
        if (k + 1 < v->cursor && (found == 0 || k + 1 > j->floor) &&
            history_get(v->history, k, &r) && breaks_match(&v->breaks, &r)) {
            go(v, TRAVEL_RECORD, k + 1);
            return;
        }
    if (found) {
        go(v, TRAVEL_INSTRUCTION, found - 1);
    } else if (j->lo == 0) {
        go(v, TRAVEL_RECORD, 0);
        snprintf(v->failed, sizeof v->failed, "no such place before");
    } else {
        j->hi = j->lo;
        j->at = from;
        j->lo_known = false;
    }
}

static void begin_interval(struct view *v)
{
    struct view_job *j = &v->job;
    struct err err;
    watch(v, false);
    history_sync(v->history);
    if (j->hi == 0) {
        j->lo = j->step = 0;
        judge(v);
        return;
    }
    if (travel_before(v->travel, j->hi, &err)) {
        view_job_end(v, err.msg);
        return;
    }
    struct machine_place p = travel_place(v->travel);
    j->lo = p.instruction;
    j->step = p.record;
    j->lo_known = true;
    j->value = stands_there(v) ? p.instruction + 1 : 0;
    j->floor = p.record;
}

void view_pc_backward(struct view *v, uint64_t ns)
{
    struct view_job *j = &v->job;
    if (!j->lo_known) {
        begin_interval(v);
        return;
    }
    watch(v, true);
    travel_patience(v->travel, ns);
    bool hit = travel_on(v->travel, j->hi);
    struct machine_place p = travel_place(v->travel);
    if (hit && p.instruction < j->hi) {
        j->value = p.instruction + 1;
        j->floor = p.record;
    } else if (p.instruction >= j->hi || travel_ended(v->travel)) {
        history_sync(v->history);
        judge(v);
    }
}
