// SPDX-License-Identifier: GPL-2.0-or-later
/* replay.c - a machine beside its record. See replay.h. */
#include "replay.h"

#include <stdio.h>

#include "wire_record.h"

uint64_t replay_next(const struct machine *m)
{
    const struct record *r = m->setup.record;
    return record_replays(r) ? record_next(r, RECORD_FRAME) : EVENT_NEVER;
}

/* Has all been replayed of a run that was interrupted? Then how far it had come. */
static bool interrupted(const struct record *r, struct record_end *end)
{
    uint64_t cycle;
    if (!record_replays(r) || record_next(r, RECORD_END) == EVENT_NEVER)
        return false;
    *end = record_end_of(r, &cycle);
    return end->end == MACHINE_INTERRUPTED;
}

/* Something became known while the machine runs: machine_advance() looks at it soon. */
static void look_soon(void *arg)
{
    struct machine *m = arg;
    m->bound.cycle = 0;
    stop_soon(m);
}

void replay_bound(struct machine *m)
{
    static const struct machine_until end_of_run = MACHINE_UNTIL_END;
    struct record *r = m->setup.record;
    struct record_end end;
    m->bound = end_of_run;
    if (!r)
        return;
    record_alarm(r, look_soon, m);
    m->bound.cycle = replay_next(m);
    m->bound.record = record_next_check(r);
    if (interrupted(r, &end)) {
        struct machine_place at = machine_place_of(m);
        if (at.instruction < end.instructions)
            m->bound.instruction = end.instructions;
        else if (end.records < m->bound.record)
            m->bound.record = end.records;
    }
}

static bool diverged(const struct record *r, struct machine_outcome *out)
{
    const char *why = record_replays(r) ? record_diverged(r) : NULL;
    if (!why)
        return false;
    *out = (struct machine_outcome){.end = MACHINE_DIVERGED};
    snprintf(out->exit.message, sizeof out->exit.message, "%s", why);
    return true;
}

/* The end is that of the record, and the trace too. */
static void compare_end(struct record *r, uint64_t cycle, const struct record_end *is)
{
    uint64_t was_cycle;
    size_t n;
    struct record_end was = record_end_of(r, &was_cycle);
    bool known = was.end == MACHINE_INTERRUPTED && is->end == was.end;
    if (!known && !record_take(r, RECORD_END, cycle, &n))
        return;
    if (was.records != is->records || was.hash != is->hash || was.end != is->end)
        record_differs(r, cycle, "the run ends in another way");
}

void replay_end(struct machine *m, struct machine_outcome *out)
{
    struct record *r = m->setup.record;
    struct record_end end;
    if (!r || out->end == MACHINE_DIVERGED)
        return;
    struct machine_place at = machine_place_of(m);
    const struct record_end is = {at.record, trace_hash(&m->trace), at.instruction,
                                  (uint64_t)out->end};
    if (!record_replays(r)) {
        record_put(r, RECORD_END, machine_cycles(m), &is, sizeof is);
        return;
    }
    if (out->end == MACHINE_INTERRUPTED && !interrupted(r, &end))
        return; /* now, by the user: no difference */
    compare_end(r, machine_cycles(m), &is);
    diverged(r, out);
}

bool replay_look(struct machine *m, bool alive, struct machine_outcome *out)
{
    struct record *r = m->setup.record;
    struct record_end end;
    if (!r)
        return alive;
    struct machine_place at = machine_place_of(m);
    uint64_t next = replay_next(m);
    if (alive)
        record_check(r, machine_cycles(m), at.record, trace_hash(&m->trace));
    if (alive && next != EVENT_NEVER && at.cycle >= next)
        wire_replay_frames(net_wire(m->net), r, next);
    if (alive && interrupted(r, &end) && at.instruction >= end.instructions &&
        at.record >= end.records) {
        *out = (struct machine_outcome){.end = MACHINE_INTERRUPTED};
        alive = false;
    }
    if (diverged(r, out))
        return false;
    if (!alive)
        replay_end(m, out);
    return alive;
}
