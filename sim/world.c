// SPDX-License-Identifier: GPL-2.0-or-later
/* world.c - machines in lockstep, and waiting for the host. See world.h; the host: pace.c. */
#include "world.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "err.h"
#include "pace.h"

/* One world runs at a time in a process: a signal handler and a wire must find it. */
static struct {
    volatile sig_atomic_t interrupted;
    struct machine *volatile running;
    struct machine_until until;
} now_running;

/* The machine that runs comes back soon, and is looked at. */
static void look_soon(void)
{
    now_running.until.cycle = 0;
    if (now_running.running)
        machine_stop_soon(now_running.running);
}

static uint64_t hz_of(const struct world_member *w)
{
    return machine_setup_of(w->m)->board->clock_hz;
}

/* When it does something next, as far as is known now. */
static uint64_t next_ns(const struct world_member *w)
{
    uint64_t cycle = machine_reached(w->m);
    return cycle == EVENT_NEVER ? EVENT_NEVER : ns_of_cycles(cycle, hz_of(w));
}

void world_interrupt(void)
{
    now_running.interrupted = 1;
    look_soon();
}

void world_sent(uint64_t arrives_ns)
{
    struct machine *m = now_running.running;
    if (!m)
        return;
    uint64_t cycle = cycles_of_ns(arrives_ns + NET_PROPAGATION_NS,
                                  machine_setup_of(m)->board->clock_hz);
    if (cycle < now_running.until.cycle) {
        now_running.until.cycle = cycle;
        machine_stop_soon(m);
    }
}

struct order {
    struct world_member *first; /* the one behind; NULL: all have ended */
    uint64_t first_ns, second_ns;
    bool all_idle;
};

static struct order order_of(struct world_member *member, size_t n)
{
    struct order o = {NULL, EVENT_NEVER, EVENT_NEVER, true};
    for (size_t i = 0; i < n; i++) {
        if (member[i].ended)
            continue;
        uint64_t ns = next_ns(&member[i]);
        o.all_idle &= machine_idle(member[i].m);
        if (!o.first || ns < o.first_ns) {
            o.second_ns = o.first_ns;
            o.first_ns = ns;
            o.first = &member[i];
        } else if (ns < o.second_ns) {
            o.second_ns = ns;
        }
    }
    return o;
}

static void advance(struct world_member *w, const struct order *o, const struct pace *p)
{
    struct machine_until until = MACHINE_UNTIL_END;
    uint64_t hz = hz_of(w);
    if (o->second_ns != EVENT_NEVER)
        until.cycle = cycles_of_ns(o->second_ns + NET_PROPAGATION_NS, hz);
    if (p->outside && o->first_ns != EVENT_NEVER) {
        until.hold = cycles_of_ns(p->ns + 1, hz);
        uint64_t look = pace_next(w);
        if (look < until.cycle)
            until.cycle = look;
    }
    if (w->max_instructions)
        until.instruction = w->max_instructions;
    now_running.until = until;
    now_running.running = w->m;
    if (now_running.interrupted)
        now_running.until.cycle = 0;
    w->ended = !machine_advance(w->m, &now_running.until, &w->outcome);
    now_running.running = NULL;
    if (!w->ended && w->max_instructions &&
        machine_place_of(w->m).instruction >= w->max_instructions) {
        w->outcome = (struct machine_outcome){.end = MACHINE_LIMIT};
        snprintf(w->outcome.exit.message, sizeof w->outcome.exit.message,
                 "after %" PRIu64 " instructions", w->max_instructions);
        w->ended = true;
    }
}

static bool only_servers(const struct world_member *member, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!member[i].ended && !member[i].serves)
            return false;
    return true;
}

static void end_interrupted(struct world_member *member, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!member[i].ended) {
            machine_interrupted(member[i].m, &member[i].outcome);
            member[i].ended = true;
        }
}

void world_run(struct world_member *member, size_t n)
{
    struct pace p;
    pace_open(&p, member, n);
    now_running.interrupted = 0;
    for (;;) {
        if (now_running.interrupted || only_servers(member, n))
            end_interrupted(member, n);
        struct order o = order_of(member, n);
        if (!o.first)
            break;
        if (p.outside) {
            pace_passed(&p, member, n, o.all_idle, o.first_ns);
            if (o.all_idle && pace_idle(&p, member, n, o.first_ns))
                continue;
        }
        advance(o.first, &o, &p);
        if (p.outside && !o.first->ended)
            pace_busy(&p, o.first);
    }
    pace_close(&p);
}
