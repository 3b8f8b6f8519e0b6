// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * run.c - run(): the loop over engine runs, virtual time, stops.
 *
 * Time moves when instructions are accounted (core_charge), when a model or the trap unit
 * charges cycles, and by set_cycles while idle. User mode stops at the exact instruction; kernel
 * mode, where nothing can be delivered anyway, at the end of a block.
 */
#include "core.h"

static const struct engine *running_kernel(const struct core *c)
{
    if (c->engine[ENGINE_KERNEL].running)
        return &c->engine[ENGINE_KERNEL];
    if (c->engine[ENGINE_KERNEL_STEP].running)
        return &c->engine[ENGINE_KERNEL_STEP];
    return NULL;
}

uint64_t core_now(const struct core *c)
{
    const struct engine *e = running_kernel(c);
    if (!e)
        return c->cycle;
    int64_t milli = c->milli + (int64_t)(meter_unpaid(e) * c->milli_per_insn);
    return c->cycle + (milli > 0 ? (uint64_t)milli / 1000 : 0);
}

void core_charge(struct core *c, uint64_t insns)
{
    c->milli += (int64_t)(insns * c->milli_per_insn);
    if (c->milli >= 1000) {
        c->cycle += (uint64_t)c->milli / 1000;
        c->milli %= 1000;
    }
}

void core_account(struct core *c, struct engine *e)
{
    struct meter *m = &e->meter;
    uint64_t taken = meter_taken(e);
    if (e->kernel) {
        uint64_t unpaid = meter_unpaid(e);
        c->prepaid -= (uint32_t)(taken - unpaid);
        taken = unpaid;
        c->kernel_insns += taken;
    } else {
        c->lib += m->lib;
        c->user += taken - m->lib;
    }
    m->start = m->left;
    m->lib = 0;
    core_charge(c, taken);
}

uint64_t core_counter(const struct core *c, enum core_counter which)
{
    const struct engine *k = running_kernel(c);
    switch (which) {
    case CORE_USER: return c->user;
    case CORE_LIB: return c->lib;
    case CORE_KERNEL: return c->kernel_insns + (k ? meter_unpaid(k) : 0);
    default: return core_now(c);
    }
}

int64_t core_budget(const struct core *c)
{
    if (c->deadline <= c->cycle)
        return 1;
    uint64_t cycles = c->deadline - c->cycle;
    if (cycles > (uint64_t)CHUNK_MAX * 1000)
        return CHUNK_MAX;
    int64_t milli = (int64_t)(cycles * 1000) - c->milli;
    int64_t cost = (int64_t)c->milli_per_insn;
    int64_t n = (milli + cost - 1) / cost;
    return n < 1 ? 1 : n > CHUNK_MAX ? CHUNK_MAX : n;
}

static void run_user(struct core *c)
{
    struct engine *u = core_engine(c, ENGINE_USER);
    if (!u)
        return;
    struct engine *ran = u;
    int64_t budget = core_budget(c), limit = observe_left(c);
    if (limit == 0) /* in a delay slot */
        limit = 1;
    enum engine_out out = engine_run(u, &c->pc, budget < limit ? budget : limit);
    int64_t left = u->meter.left;
    if ((out == OUT_SHORT || out == OUT_SPECIAL || out == OUT_NEAR) && left > 0) {
        /* The rest of the budget ends inside the next block, or the block is special. */
        if (meter_taken(u) > 0)
            c->in_slot = false;
        core_account(c, u);
        if (out != OUT_SHORT && left > u->special_count)
            left = u->special_count;
        out = step_run(c, left, &ran);
    }
    user_stopped(c, ran, out);
}

static void run_kernel(struct core *c)
{
    struct engine *k = &c->engine[ENGINE_KERNEL], *ran = k;
    enum engine_out out = OUT_NEAR;
    if (c->prepaid == 0) {
        k->peek = c->limit_at != UINT64_MAX;
        out = engine_run(k, &c->pc, k->peek ? 0 : core_budget(c));
        k->peek = false;
        if (out == OUT_NEAR) {
            core_account(c, k);
            observe_prepay(c, k->special_count);
        }
    }
    if (out == OUT_NEAR) {
        int64_t limit = observe_left(c);
        out = step_run(c, c->prepaid < limit ? c->prepaid : limit, &ran);
    }
    kernel_stopped(c, ran, out);
}

/* Does an observation ask to stop here? */
static bool watch_now(struct core *c, enum hw_stop *why)
{
    bool limit = c->limit_at != UINT64_MAX && observe_left(c) == 0, hit = c->hit;
    c->hit = false;
    *why = hit ? HW_STOP_WATCH : HW_STOP_LIMIT;
    return (hit || limit) && !c->in_slot && !c->dead;
}

/* Is there a reason to come back, without running anything? */
static bool stop_now(struct core *c, enum hw_stop *why)
{
    if (c->dead) {
        *why = HW_STOP_DEAD;
        return true;
    }
    switch (c->stop) {
    case STOP_HALT: *why = HW_STOP_HALT; return true;
    case STOP_PANIC: *why = HW_STOP_PANIC; return true;
    case STOP_WAIT:
        c->stop = STOP_NO;
        if (!core_pending(c))
            c->waiting = true;
        break;
    case STOP_NO: break;
    }
    if (c->waiting) {
        if (!core_pending(c)) {
            c->kicked = false;
            *why = HW_STOP_WAIT;
            return true;
        }
        c->waiting = false;
    }
    if (c->kicked) {
        c->kicked = false;
        *why = HW_STOP_DEADLINE;
        return true;
    }
    return false;
}

enum hw_stop core_run(void *cpu, uint64_t deadline, struct hw_exit *exit)
{
    struct core *c = cpu;
    enum hw_stop why;
    c->deadline = deadline;
    observe_begin(c);
    for (;;) {
        if (watch_now(c, &why))
            break;
        if (c->prepaid > 0) { /* first the rest of the block */
            run_kernel(c);
            continue;
        }
        if (stop_now(c, &why))
            break;
        if (!c->kernel && core_pending(c) && !c->in_slot) {
            trap_enter(c, HW_CAUSE_IRQ, 0, c->pc, false);
            continue;
        }
        if (c->cycle >= deadline && !c->in_slot) {
            why = HW_STOP_DEADLINE;
            break;
        }
        if (c->kernel)
            run_kernel(c);
        else
            run_user(c);
    }
    c->exit.pc = c->pc;
    c->exit.in_kernel = c->kernel;
    if (exit)
        *exit = c->exit;
    return why;
}
