// SPDX-License-Identifier: GPL-2.0-or-later
/* replay.c - a machine beside its record. See replay.h. */
#include "replay.h"

#include <stdio.h>

#include "wire_record.h"

uint64_t replay_next(const struct world_member *w)
{
    return record_replays(w->record) ? record_next(w->record, RECORD_FRAME) : EVENT_NEVER;
}

/* Has all been replayed of a run that was interrupted? Then how far it had come. */
static bool interrupted(const struct world_member *w, struct record_end *end)
{
    uint64_t cycle;
    if (!record_replays(w->record) || record_next(w->record, RECORD_END) == EVENT_NEVER)
        return false;
    *end = record_end_of(w->record, &cycle);
    return end->end == MACHINE_INTERRUPTED;
}

void replay_bound(const struct world_member *w, struct machine_until *until)
{
    struct record_end end;
    if (!w->record)
        return;
    uint64_t next = replay_next(w), check = record_next_check(w->record);
    if (next < until->cycle)
        until->cycle = next;
    if (check < until->record)
        until->record = check;
    if (interrupted(w, &end)) {
        struct machine_place at = machine_place_of(w->m);
        if (at.instruction < end.instructions)
            until->instruction = end.instructions;
        else if (end.records < until->record)
            until->record = end.records;
    }
}

static void diverged(struct world_member *w)
{
    const char *why = record_diverged(w->record);
    if (!why)
        return;
    w->ended = true;
    w->outcome = (struct machine_outcome){.end = MACHINE_DIVERGED};
    snprintf(w->outcome.exit.message, sizeof w->outcome.exit.message, "%s", why);
}

/* The end is that of the record, and the trace too. */
static void compare_end(struct world_member *w, const struct record_end *is)
{
    uint64_t was_cycle, cycle = machine_cycles(w->m);
    size_t n;
    struct record_end was = record_end_of(w->record, &was_cycle);
    bool known = was.end == MACHINE_INTERRUPTED && is->end == was.end;
    if (!known && !record_take(w->record, RECORD_END, cycle, &n))
        return;
    if (was.records != is->records || was.hash != is->hash || was.end != is->end)
        record_differs(w->record, cycle, "the run ends in another way");
}

void replay_end(struct world_member *w)
{
    if (!w->record || w->outcome.end == MACHINE_DIVERGED)
        return;
    struct machine_place at = machine_place_of(w->m);
    const struct record_end is = {at.record, trace_hash(machine_trace(w->m)),
                                  at.instruction, (uint64_t)w->outcome.end};
    if (!record_replays(w->record)) {
        record_put(w->record, RECORD_END, machine_cycles(w->m), &is, sizeof is);
        return;
    }
    struct record_end end;
    if (w->outcome.end == MACHINE_INTERRUPTED && !interrupted(w, &end))
        return; /* now, by the user: no difference */
    compare_end(w, &is);
    diverged(w);
}

void replay_look(struct world_member *w)
{
    struct record_end end;
    if (!w->record)
        return;
    struct machine_place at = machine_place_of(w->m);
    uint64_t next = replay_next(w);
    if (!w->ended)
        record_check(w->record, machine_cycles(w->m), at.record,
                     trace_hash(machine_trace(w->m)));
    if (!w->ended && next != EVENT_NEVER && at.cycle >= next)
        wire_replay_frames(net_wire(w->net), w->record, next);
    if (record_replays(w->record) && !w->ended && interrupted(w, &end) &&
        at.instruction >= end.instructions && at.record >= end.records) {
        w->outcome = (struct machine_outcome){.end = MACHINE_INTERRUPTED};
        w->ended = true;
    }
    if (record_replays(w->record))
        diverged(w);
    if (w->ended)
        replay_end(w);
}
