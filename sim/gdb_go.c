// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gdb_go.c - a debugger's continue and step, and both backwards. See gdb.h.
 *
 * Backwards is forwards from a snapshot before, again and again from an earlier one, until there is
 * something to stop at; the last such place is gone to.
 *
 * A watchpoint compares memory whenever a basic block begins; the instruction that changed it is then
 * looked for among those before.
 */
#include "gdb.h"

#include <string.h>

#define STEPS                                                                            \
    64u /* instructions stepped before running on to where a thread comes back */
#define BLOCK_MAX 1100u /* more instructions than a basic block has, and its delay slot */

uint32_t gdb_thread_on(const struct gdb *g, unsigned core)
{
    uint32_t context = machine_context(g->m, core);
    return context == 0 ? GDB_NOBODY : context;
}

bool gdb_core_of(const struct gdb *g, uint32_t thread, unsigned *core)
{
    if (gdb_thread_on(g, g->core) == thread) {
        *core = g->core;
        return true;
    }
    for (unsigned c = 0; c < machine_cores(g->m); c++)
        if (gdb_thread_on(g, c) == thread) {
            *core = c;
            return true;
        }
    return false;
}

static uint64_t here(const struct gdb *g)
{
    return travel_place(g->travel).instruction;
}

/* False: the host failed, the session is over. */
static bool go(struct gdb *g, uint64_t instruction)
{
    do {
        if (travel_to(g->travel, TRAVEL_INSTRUCTION, instruction, &g->trouble)) {
            g->broken = true;
            return false;
        }
    } while (!travel_arrived(g->travel));
    return true;
}

static void stopped(struct gdb *g, unsigned core, enum gdb_why why)
{
    g->core = core;
    g->why = why;
    g->thread = gdb_thread_on(g, core);
}

/* ---- watchpoints ---- */

static bool changed(struct gdb *g, struct gdb_watchpoint *w, unsigned core)
{
    uint8_t now[GDB_WATCH_MAX];
    if (w->kernel ? !machine_peek(g->m, w->va, now, w->len)
                  : machine_context(g->m, core) != w->context ||
                        machine_peek_user(g->m, core, w->va, now, w->len) != w->len)
        return false;
    bool differs = w->known && memcmp(now, w->value, w->len) != 0;
    memcpy(w->value, now, w->len);
    w->known = true;
    return differs;
}

/* The first watchpoint whose memory is not what it was, or -1. */
static int any_changed(struct gdb *g, unsigned core)
{
    int which = -1;
    for (unsigned i = 0; i < g->nwatches; i++)
        if (changed(g, &g->watch[i], core) && which < 0)
            which = (int)i;
    return which;
}

static void forget_values(struct gdb *g)
{
    for (unsigned i = 0; i < g->nwatches; i++)
        g->watch[i].known = false;
}

struct sight { /* a place to stop at */
    bool seen;
    uint64_t instruction, pc;
    bool kernel;
    unsigned core;
    int watch; /* -1: a breakpoint */
};

static bool before_block(void *arg, unsigned core, uint32_t context, bool in_kernel,
                         uint64_t pc)
{
    (void)context, (void)in_kernel, (void)pc;
    struct gdb *g = arg;
    g->changed = any_changed(g, core);
    return g->changed >= 0;
}

static void observe(struct gdb *g, bool on)
{
    const struct hw_observer o = {g, NULL, before_block};
    if (g->nwatches > 0)
        machine_observe(g->m, on ? &o : NULL);
}

/* The instruction behind which the memory is changed: at most a block before `at`. */
static uint64_t instruction_of_change(struct gdb *g, int watch, uint64_t at)
{
    struct gdb_watchpoint *w = &g->watch[watch];
    uint64_t k = at > BLOCK_MAX ? at - BLOCK_MAX : 0, found = at;
    if (!go(g, k))
        return at;
    w->known = false;
    changed(g, w, machine_current(g->m));
    while (++k < at && go(g, k))
        if (changed(g, w, machine_current(g->m)))
            found = k; /* the last one */
    return found;
}

/* ---- forwards ---- */

static struct sight sight_here(struct gdb *g, unsigned core, int watch)
{
    struct sight s = {true, here(g), 0, false, core, watch};
    s.pc = machine_pc(g->m, core, &s.kernel);
    return s;
}

/* On to the next place to stop at, not beyond `end`. Without: end, run's end, interrupt or nobody. */
static struct sight look_ahead(struct gdb *g, uint64_t end, bool *interrupted)
{
    *interrupted = false;
    while (here(g) < end && !travel_ended(g->travel)) {
        unsigned core;
        g->changed = -1;
        if (travel_on(g->travel, end) && machine_watched(g->m, &core))
            return sight_here(g, core, g->changed);
        if (gdb_link_interrupt(&g->link) || g->link.peer < 0) {
            *interrupted = true;
            break;
        }
    }
    return (struct sight){.seen = false};
}

static void stop_at_change(struct gdb *g, int watch, uint64_t at, bool behind)
{
    uint64_t k = instruction_of_change(g, watch, at);
    if (!go(g, behind || k == 0 ? k : k - 1))
        return;
    g->watched = g->watch[watch].va;
    stopped(g, machine_current(g->m), GDB_WATCH);
}

void gdb_continue(struct gdb *g)
{
    bool interrupted;
    any_changed(g, machine_current(g->m));
    observe(g, true);
    struct sight s = look_ahead(g, UINT64_MAX, &interrupted);
    observe(g, false);
    if (s.seen && s.watch >= 0)
        stop_at_change(g, s.watch, s.instruction, true);
    else if (s.seen)
        stopped(g, s.core, GDB_BREAK);
    else
        stopped(g, machine_current(g->m), interrupted ? GDB_INTERRUPT : GDB_END);
}

static bool back_again(void *arg, unsigned core, uint32_t context, bool in_kernel,
                       uint64_t pc)
{
    (void)core, (void)pc;
    const struct gdb *g = arg;
    uint32_t thread = context == 0 ? GDB_NOBODY : context;
    return thread == g->wanted && (g->kernel_too || !in_kernel);
}

/* Is the machine where the thread may stop: in its own code, or in the kernel's if it was there? */
static bool at_thread(const struct gdb *g, unsigned core)
{
    bool kernel;
    machine_pc(g->m, core, &kernel);
    return gdb_thread_on(g, core) == g->wanted && (g->kernel_too || !kernel);
}

void gdb_step(struct gdb *g, uint32_t thread)
{
    unsigned core = 0;
    bool kernel = false, interrupted;
    g->wanted = thread;
    g->kernel_too =
        gdb_core_of(g, thread, &core) && (machine_pc(g->m, core, &kernel), kernel);
    for (unsigned i = 0; i < STEPS; i++) {
        if (!go(g, here(g) + 1))
            return;
        core = machine_current(g->m);
        if (travel_ended(g->travel)) {
            stopped(g, core, GDB_END);
            return;
        }
        if (at_thread(g, core)) {
            stopped(g, core, GDB_STEPPED);
            return;
        }
    }
    machine_observe(g->m, &(struct hw_observer){g, NULL, back_again});
    struct sight s = look_ahead(g, UINT64_MAX, &interrupted);
    machine_observe(g->m, NULL);
    if (s.seen)
        stopped(g, s.core, at_thread(g, s.core) ? GDB_STEPPED : GDB_BREAK);
    else
        stopped(g, machine_current(g->m), interrupted ? GDB_INTERRUPT : GDB_END);
}

/* ---- backwards ---- */

/* To a place seen before. A trap retires nothing: what is behind it comes after its place. */
static void revisit(struct gdb *g, const struct sight *s)
{
    bool kernel;
    if (s->watch >= 0) {
        stop_at_change(g, s->watch, s->instruction, false);
        return;
    }
    if (!go(g, s->instruction))
        return;
    while (machine_pc(g->m, s->core, &kernel) != s->pc || kernel != s->kernel)
        if (!travel_on(g->travel, s->instruction + 1))
            break;
    stopped(g, s->core, GDB_BREAK);
}

/* Does one of the breakpoints stop where the machine is after going back? */
static bool breaks_here(const struct gdb *g, unsigned core)
{
    bool kernel;
    uint64_t pc = machine_pc(g->m, core, &kernel);
    for (unsigned i = 0; i < g->nbreaks; i++)
        if (g->brk[i] == pc)
            return true;
    return false;
}

/* The last place to stop at in [here, end). */
static struct sight last_sight(struct gdb *g, uint64_t end, bool *interrupted)
{
    struct sight last = {.seen = false}, s;
    unsigned core = machine_current(g->m);
    if (here(g) < end && breaks_here(g, core))
        last = sight_here(g, core, -1);
    forget_values(g);
    any_changed(g, core);
    observe(g, true);
    while ((s = look_ahead(g, end, interrupted)).seen)
        if (s.instruction < end || s.watch >= 0)
            last = s;
        else
            break;
    observe(g, false);
    int which = *interrupted ? -1 : any_changed(g, machine_current(g->m));
    if (which >= 0)
        last = sight_here(g, machine_current(g->m), which);
    return last;
}

void gdb_reverse_continue(struct gdb *g)
{
    uint64_t end = here(g);
    bool interrupted = false;
    while (end > 0) {
        if (travel_before(g->travel, end, &g->trouble)) {
            g->broken = true;
            return;
        }
        uint64_t from = here(g);
        struct sight s = last_sight(g, end, &interrupted);
        if (s.seen && !interrupted) {
            revisit(g, &s);
            return;
        }
        if (interrupted || from >= end)
            break;
        end = from;
    }
    if (!interrupted && !go(g, 0))
        return;
    stopped(g, machine_current(g->m), interrupted ? GDB_INTERRUPT : GDB_BEGIN);
}

static void count_retired(void *arg, unsigned core, uint32_t context, bool in_kernel,
                          uint64_t pc, int64_t n)
{
    (void)core, (void)pc;
    struct gdb *g = arg;
    uint32_t thread = context == 0 ? GDB_NOBODY : context;
    g->retired += (uint64_t)n;
    if (thread == g->wanted && !in_kernel)
        g->last = g->retired;
}

/* Number of the thread's last instruction of its own before `end`; 0: there is none. */
static uint64_t last_instruction(struct gdb *g, uint64_t end)
{
    while (end > 0) {
        if (travel_before(g->travel, end, &g->trouble)) {
            g->broken = true;
            return 0;
        }
        uint64_t from = here(g);
        g->retired = from;
        g->last = 0;
        machine_observe(g->m, &(struct hw_observer){g, count_retired, NULL});
        while (here(g) < end && !travel_ended(g->travel))
            travel_on(g->travel, end);
        machine_observe(g->m, NULL);
        if (g->last > 0 || from >= end)
            return g->last;
        end = from;
    }
    return 0;
}

void gdb_reverse_step(struct gdb *g)
{
    unsigned core = g->core;
    uint64_t at = here(g);
    g->wanted = gdb_thread_on(g, core);
    machine_pc(g->m, core, &g->kernel_too);
    if (at > 0 && !go(g, at - 1))
        return;
    core = machine_current(g->m);
    /* in the kernel any instruction before will do, whoever it was for */
    if (at > 0 && !g->kernel_too && !at_thread(g, core)) {
        uint64_t last = last_instruction(g, at);
        if (g->broken || !go(g, last > 0 ? last - 1 : 0))
            return;
        at = last;
        core = machine_current(g->m);
    }
    stopped(g, core, at > 0 ? GDB_STEPPED : GDB_BEGIN);
}
