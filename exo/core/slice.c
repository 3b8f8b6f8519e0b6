// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * slice.c - processor time as a linear vector of slices. Each core walks its EXO_NSLICE
 * positions in order; a free position, or one whose owner cannot run, is skipped.
 *
 *   begin            slice_end                 + EXO_GRACE_CYCLES
 *     |---- RUN ---------|---- GRACE ------------------|  forced
 *                        epilogue upcall, or (critical, busy) noted in upage.missed
 *
 * Without an epilogue the slice simply ends: the kernel saves and restores everything. With one,
 * the environment has the grace to save what it needs and call slice_end; time used behind
 * slice_end is excess, owed by the slice's owner, whoever ran in it; an owner that owes a
 * whole slice pays by having one skipped.
 *
 * Interface: yield, slice_alloc, slice_free, slice_end; slice_choose begins the next slice.
 */
#include "core_priv.h"

struct ctx *slice_runner(const struct core *me, uint32_t o)
{
    for (uint32_t hops = 0; hops < EXO_NENV; hops++) {
        struct ctx *c = &kernel_ctx[o];
        uint32_t on = envs[o].on_core;
        if (c->state == EXO_ENV_STATE_READY)
            return on == 0 || on == me->id + 1 ? c : NULL;
        if (c->state != EXO_ENV_STATE_PCT || c->donated == 0)
            return NULL;
        o = c->donated;
    }
    return NULL;
}

/* Does anybody run, or could run if its core came by? */
bool slice_any_runnable(void)
{
    const struct core anywhere = {.id = EXO_NCORE};
    for (uint32_t i = 1; i < EXO_NENV; i++)
        if (envs[i].on_core != 0)
            return true;
    for (uint32_t i = 0; i < machine.cores; i++)
        for (uint32_t s = 0; s < EXO_NSLICE; s++)
            if (machine.slice[i][s] != 0 &&
                slice_runner(&anywhere, machine.slice[i][s]) != NULL)
                return true;
    return false;
}

void slice_arm(struct core *me)
{
    uint64_t at = me->slice_end, revoke = revoke_next();
    if (me->phase == SLICE_GRACE)
        at += EXO_GRACE_CYCLES;
    timer_arm(me, revoke < at ? revoke : at);
}

static struct ctx *begin(struct core *me, uint32_t slot)
{
    me->slot = slot;
    me->owner = machine.slice[me->id][slot];
    me->phase = SLICE_RUN;
    me->slice_end = time_now() + EXO_SLICE_CYCLES;
    slice_arm(me);
    struct ctx *c = slice_runner(me, me->owner);
    trace(EXO_TRACE_SLICE, c->id, slot);
    return c;
}

struct ctx *slice_choose(struct core *me)
{
    uint32_t paid = EXO_NSLICE; /* first position skipped as payment */
    for (uint32_t i = 1; i <= EXO_NSLICE; i++) {
        uint32_t slot = (me->slot + i) % EXO_NSLICE;
        uint32_t owner = machine.slice[me->id][slot];
        if (owner == 0 || slice_runner(me, owner) == NULL)
            continue;
        if (machine.env[owner].excess < EXO_SLICE_CYCLES)
            return begin(me, slot);
        machine.env[owner].excess -= EXO_SLICE_CYCLES;
        if (paid == EXO_NSLICE)
            paid = slot;
    }
    /* Only debtors want the processor: nobody is hurt if one of them has it. */
    return paid < EXO_NSLICE ? begin(me, paid) : NULL;
}

void slice_close(struct core *me, uint64_t now)
{
    if (me->phase == SLICE_NONE)
        return;
    uint64_t excess = now > me->slice_end ? now - me->slice_end : 0;
    if (me->owner != 0)
        machine.env[me->owner].excess += excess;
    trace(EXO_TRACE_SLICE_END, me->owner, (uint32_t)excess);
    me->phase = SLICE_NONE;
    me->owner = 0;
    env_publish();
}

void slice_prologue(struct ctx *c)
{
    struct env *e = &envs[c->id];
    if (!e->wants_prologue)
        return;
    e->wants_prologue = false;
    if (e->prologue == 0)
        return; /* slice_end returns */
    c->pc = e->prologue;
    trace(EXO_TRACE_UPCALL, c->id, EXO_UP_PROLOGUE);
}

void slice_tick(struct core *me, struct ctx *c, uint64_t now)
{
    if (me->phase == SLICE_RUN && now >= me->slice_end) {
        if (envs[c->id].epilogue == 0) {
            me->next = NULL;
            return;
        }
        upcall_async(c, EXO_UP_EPILOGUE, envs[c->id].epilogue);
        me->phase = SLICE_GRACE;
    } else if (me->phase == SLICE_GRACE && now >= me->slice_end + EXO_GRACE_CYCLES) {
        trace(EXO_TRACE_FORCED, c->id, 0);
        me->next = NULL;
    }
}

void slice_drop_all(uint32_t env)
{
    for (uint32_t i = 0; i < machine.cores; i++) {
        for (uint32_t s = 0; s < EXO_NSLICE; s++)
            if (machine.slice[i][s] == env)
                machine.slice[i][s] = 0;
        if (cores[i].owner == env)
            cores[i].owner = 0;
    }
}

SYS(yield)
{
    struct core *me = &cores[c->core];
    if (a0 == (exo_word)-1) {
        me->next = NULL;
        return 0;
    }
    if (a0 == 0 || a0 == c->id)
        return 0;
    if (!env_valid(a0))
        return -EXO_EENV;
    if (kernel_ctx[a0].state == EXO_ENV_STATE_SLEEP)
        sleep_wake(time_now());
    uint32_t state = kernel_ctx[a0].state;
    if (state != EXO_ENV_STATE_READY && state != EXO_ENV_STATE_PCT &&
        state != EXO_ENV_STATE_SLEEP)
        return -EXO_EENV;
    struct ctx *to = slice_runner(me, (uint32_t)a0);
    if (to == NULL)
        return -EXO_EBUSY;

    me->next = to;
    return 0;
}

SYS(slice_end)
{
    envs[c->id].wants_prologue = true;
    cores[c->core].next = NULL;
    return 0;
}

SYS(slice_alloc)
{
    struct ctx *target;
    if (a0 >= machine.cores || a1 >= EXO_NSLICE)
        return -EXO_ERANGE;
    int error = env_target(c->id, a2, a3, EXO_CAP_W, &target);
    if (error != 0)
        return error;
    if (machine.slice[a0][a1] != 0)
        return -EXO_EBUSY;

    machine.slice[a0][a1] = (uint8_t)target->id;
    core_wake_idle();
    return 0;
}

SYS(slice_free)
{
    if (a0 >= machine.cores || a1 >= EXO_NSLICE)
        return -EXO_ERANGE;
    uint32_t owner = machine.slice[a0][a1];
    if (owner == 0)
        return -EXO_ENOTHELD;
    struct ctx *target;
    int error = env_target(c->id, owner, a2, EXO_CAP_W, &target);
    if (error != 0)
        return error;

    machine.slice[a0][a1] = 0;
    return 0;
}
