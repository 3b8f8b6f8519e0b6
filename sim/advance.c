// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * advance.c - the machine's main loop: whose turn it is, events, stops. See machine.h.
 *
 * A turn is one core and the deadline until which it runs without looking at the others. A stop
 * asked for (struct machine_until) in the middle of a turn leaves it open, to go on with: so
 * stops anywhere change nothing of what follows.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "machine_priv.h"
#include "replay.h"

void stop_soon(void *arg)
{
    struct machine *m = arg;
    if (m->running != NO_CORE)
        m->cpu->kick(m->core[m->running].cpu->dev);
}

void machine_stop_soon(struct machine *m)
{
    stop_soon(m);
}

/* The core that is behind the others, and the cycles of the next one behind (NEVER: none). */
static uint32_t behind(const struct machine *m, uint64_t *first, uint64_t *second)
{
    uint32_t who = NO_CORE;
    *first = *second = EVENT_NEVER;
    for (unsigned c = 0; c < m->cores; c++) {
        if (m->core[c].waiting)
            continue;
        uint64_t t = m->cpu->cycles(m->core[c].cpu->dev);
        if (t < *first) {
            *second = *first;
            *first = t;
            who = c;
        } else if (t < *second) {
            *second = t;
        }
    }
    return who;
}

static void deliver(struct machine *m, uint64_t until)
{
    struct event e;
    while (!m->store_ended && event_pop(&m->events, until, &e)) {
        if (e.at > m->now)
            m->now = e.at;
        struct instance *i = &m->inst[e.owner];
        if (e.tag >= EVENT_NET)
            net_event(m->net, e.tag - EVENT_NET);
        else if (i->ops && i->ops->event)
            i->ops->event(i->dev, e.tag);
    }
}

/* Virtual time without the core ahead of the others: what no one can fall behind any more. */
uint64_t machine_reached(const struct machine *m)
{
    if (m->turn.core != NO_CORE)
        return m->cpu->cycles(m->core[m->turn.core].cpu->dev);
    uint64_t first, second, next = event_next(&m->events);
    if (behind(m, &first, &second) != NO_CORE)
        return first;
    uint64_t input = m->setup.record ? replay_next(m) : EVENT_NEVER;
    return input < next ? input : next;
}

unsigned machine_current(const struct machine *m)
{
    uint64_t first, second;
    uint32_t who = m->turn.core != NO_CORE ? m->turn.core : behind(m, &first, &second);
    return who == NO_CORE ? 0 : who;
}

/* Give the next turn, delivering what is due before it. False: the machine is at its end. */
static bool next_turn(struct machine *m, struct machine_outcome *out)
{
    uint64_t limit = m->setup.max_cycles ? m->setup.max_cycles : EVENT_NEVER;
    uint64_t first, second, next = event_next(&m->events);
    uint32_t who = behind(m, &first, &second);
    uint64_t reached = who == NO_CORE ? next : first;
    if (reached >= limit && reached != EVENT_NEVER) {
        out->end = MACHINE_LIMIT;
        return false;
    }
    if (next <= reached && next != EVENT_NEVER) {
        deliver(m, reached);
        return true;
    }
    if (who == NO_CORE) {
        out->end = MACHINE_STUCK;
        return false;
    }
    uint64_t deadline = next < limit ? next : limit;
    if (second != EVENT_NEVER && second + m->board->quantum < deadline)
        deadline = second + m->board->quantum;
    m->turn.core = who;
    m->turn.deadline = deadline;
    m->rescheduled = false;
    return true;
}

static uint64_t retired(const struct machine *m)
{
    uint64_t n = 0;
    for (unsigned c = 0; c < m->cores; c++)
        n += m->cpu->retired(m->core[c].cpu->dev);
    return n;
}

/* One run() of the core whose turn it is. False if the machine came to an end. */
static bool run_turn(struct machine *m, uint64_t stop_at, uint64_t limit,
                     struct machine_outcome *out)
{
    uint32_t c = m->turn.core;
    struct core *core = &m->core[c];
    uint64_t deadline = m->turn.deadline < stop_at ? m->turn.deadline : stop_at;
    m->running = c;
    m->deadline = m->turn.deadline;
    core->last.message[0] = 0;
    m->cpu->limit(core->cpu->dev, limit);
    enum hw_stop stop = m->cpu->run(core->cpu->dev, deadline, &core->last);
    m->running = NO_CORE;
    m->deadline = 0;
    out->core = c;
    bool observed = stop == HW_STOP_WATCH || stop == HW_STOP_LIMIT;
    if (!observed && (stop != HW_STOP_DEADLINE || m->rescheduled ||
                      m->cpu->cycles(core->cpu->dev) >= m->turn.deadline))
        m->turn.core = NO_CORE;

    switch (stop) {
    case HW_STOP_DEADLINE:
    case HW_STOP_LIMIT: return true;
    case HW_STOP_WATCH: m->watched = c; return true;
    case HW_STOP_WAIT:
        core->waiting = true;
        trace_put(&m->trace, m->cpu->cycles(core->cpu->dev), HW_EV_WAIT, c,
                  m->cpu->context(core->cpu->dev), 1, 0);
        return true;
    case HW_STOP_HALT:
        out->end = MACHINE_HALT;
        trace_put(&m->trace, m->cpu->cycles(core->cpu->dev), HW_EV_HALT, c,
                  m->cpu->context(core->cpu->dev), core->last.status, 0);
        break;
    case HW_STOP_PANIC: out->end = MACHINE_PANIC; break;
    case HW_STOP_DEAD: out->end = MACHINE_DEAD; break;
    }
    out->exit = core->last;
    return false;
}

struct machine_place machine_place_of(const struct machine *m)
{
    return (struct machine_place){trace_count(&m->trace), machine_reached(m),
                                  machine_cycles(m), retired(m)};
}

/* Cycles that n instructions take at least, and at least 1. */
static uint64_t least_cycles(const struct machine *m, uint64_t n)
{
    const struct board_node *cpu = &m->board->cpu;
    int i = model_param(cpu->model, "exo,millicycles-per-instruction");
    uint64_t milli = i < 0 ? 0 : cpu->values[i].u;
    if (milli == 0 || milli > 1000)
        milli = 1000;
    return n < 1000 ? (n * milli + 999) / 1000 : n / 1000 * milli;
}

/* The last instructions to an exact place are counted one by one: more than a basic block has. */
#define EXACT 1024u

/* Of an exact place, if it is near: how many instructions are left. */
static uint64_t instructions_left(const struct machine *m,
                                  const struct machine_until *until)
{
    if (!until->exact || until->instruction == EVENT_NEVER)
        return UINT64_MAX;
    uint64_t left = until->instruction - retired(m);
    return left > EXACT ? UINT64_MAX : left;
}

/* Where the turn must be interrupted: not later than where the instruction can be. */
static uint64_t stop_cycle(const struct machine *m, const struct machine_until *until)
{
    uint64_t at = until->cycle;
    if (until->instruction == EVENT_NEVER)
        return at;
    uint64_t now = m->cpu->cycles(m->core[m->turn.core].cpu->dev);
    uint64_t left = until->instruction - retired(m);
    if (until->exact)
        left = left > EXACT ? left - EXACT : EXACT;
    uint64_t cycles = least_cycles(m, left);
    return at < now || at - now < cycles ? at : now + cycles;
}

bool machine_idle(const struct machine *m)
{
    uint64_t first, second;
    return m->turn.core == NO_CORE && behind(m, &first, &second) == NO_CORE;
}

static bool held(const struct machine *m, const struct machine_until *until)
{
    return until->hold && event_next(&m->events) > until->hold && machine_idle(m);
}

static bool arrived(const struct machine *m, const struct machine_until *until)
{
    return held(m, until) ||
           (until->cycle != EVENT_NEVER && machine_reached(m) >= until->cycle) ||
           trace_count(&m->trace) >= until->record ||
           (until->instruction != EVENT_NEVER && retired(m) >= until->instruction);
}

/* The power failed, or the host cannot read the disk's image any more. */
static void end_by_store(const struct machine *m, struct machine_outcome *out)
{
    const char *failed = store_failed(m->store);
    out->end = failed ? MACHINE_HOST : MACHINE_CUT;
    if (failed)
        snprintf(out->exit.message, sizeof out->exit.message, "%s", failed);
    else
        snprintf(out->exit.message, sizeof out->exit.message,
                 "the power failed at write %" PRIu64 " to the disk, cycle %" PRIu64,
                 store_writes(m->store), machine_cycles(m));
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Up to the first of `until` and m->bound. False: the machine came to its end. */
static bool run_on(struct machine *m, const struct machine_until *until,
                   struct machine_outcome *out)
{
    bool alive = true;
    trace_watch(&m->trace, least(until->record, m->bound.record));
    while (alive && m->watched == NO_CORE && !m->host_failed && !m->store_ended &&
           !arrived(m, until) && !arrived(m, &m->bound)) {
        if (m->turn.core == NO_CORE)
            alive = next_turn(m, out);
        else
            alive = run_turn(m, least(stop_cycle(m, until), stop_cycle(m, &m->bound)),
                             instructions_left(m, until), out);
        if (!m->host_failed && m->turn.core == NO_CORE)
            m->host_failed = console_flush(m->setup.console) != 0;
    }
    return alive && !m->host_failed && !m->store_ended;
}

bool machine_advance(struct machine *m, const struct machine_until *until,
                     struct machine_outcome *out)
{
    *out = (struct machine_outcome){.end = MACHINE_HALT};
    bool alive;
    m->watched = NO_CORE;
    do {
        replay_bound(m);
        alive = run_on(m, until, out);
        alive = replay_look(m, alive, out);
    } while (alive && m->watched == NO_CORE && !arrived(m, until));
    if (m->store_ended)
        end_by_store(m, out);
    console_flush(m->setup.console);
    if (m->setup.console->error) {
        out->end = MACHINE_HOST;
        snprintf(out->exit.message, sizeof out->exit.message,
                 "standard output: %s: the guest's output is lost, stopped",
                 strerror(m->setup.console->error));
    }
    if (m->watched != NO_CORE && m->on_watch)
        m->on_watch(m->on_watch_arg, m, m->watched);
    return alive && !m->host_failed;
}

void machine_on_watch(struct machine *m,
                      void (*fn)(void *arg, struct machine *m, unsigned core), void *arg)
{
    m->on_watch = fn;
    m->on_watch_arg = arg;
}

bool machine_watched(const struct machine *m, unsigned *core)
{
    if (m->watched != NO_CORE)
        *core = m->watched;
    return m->watched != NO_CORE;
}

void machine_watch(struct machine *m, const struct hw_watch *watch, unsigned n)
{
    for (unsigned c = 0; c < m->cores; c++)
        m->cpu->watch(m->core[c].cpu->dev, watch, n);
}

void machine_observe(struct machine *m, const struct hw_observer *observer)
{
    for (unsigned c = 0; c < m->cores; c++)
        m->cpu->observe(m->core[c].cpu->dev, observer);
}

void machine_interrupted(struct machine *m, struct machine_outcome *out)
{
    *out = (struct machine_outcome){.end = MACHINE_INTERRUPTED};
    replay_end(m, out);
}

void machine_run(struct machine *m, struct machine_outcome *out)
{
    static const struct machine_until end = MACHINE_UNTIL_END;
    machine_advance(m, &end, out);
}
