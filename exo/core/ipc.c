// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ipc.c - protected control transfer: the processor, the registers and the rest of the slice
 * go to another environment, which goes on at its own entry point. The common case (one core)
 * is assembly in exo/arch/<isa>; this is the complete one, with the errors.
 *
 * Donation: after pct_call the caller's slices run whom it called (ctx.donated), who may have
 * called on. An entered environment always has donated = 0, so a chain ends and has no cycle.
 */
#include "core_priv.h"

/* The environment a call may enter, or the error. */
static exo_sword partner(const struct ctx *c, exo_word env, struct ctx **out)
{
    if (!env_valid(env) || env == c->id)
        return -EXO_EENV;
    struct ctx *t = &kernel_ctx[env];
    if (t->state != EXO_ENV_STATE_READY && t->state != EXO_ENV_STATE_SLEEP &&
        t->state != EXO_ENV_STATE_PCT)
        return -EXO_EENV;
    if (t->state != EXO_ENV_STATE_PCT || (t->accept != 0 && t->accept != c->id))
        return -EXO_EBUSY;
    if (t->pct_entry == 0)
        return -EXO_EENV;
    *out = t;
    return 0;
}

/* May c wait to be entered by `accept`? */
static exo_sword may_wait(const struct ctx *c, exo_word accept)
{
    if (accept >= EXO_NENV)
        return -EXO_ERANGE;
    if (c->pct_entry == 0)
        return -EXO_EINVAL;
    uint32_t state = kernel_ctx[accept].state;
    if (accept != 0 &&
        (accept == c->id || state == EXO_ENV_STATE_FREE || state == EXO_ENV_STATE_DEAD))
        return -EXO_EENV;
    return 0;
}

static void wait(struct ctx *c, uint32_t accept, uint32_t donated)
{
    c->accept = accept;
    c->donated = donated;
    env_state(c, EXO_ENV_STATE_PCT);
}

static void enter(struct ctx *c, struct ctx *t)
{
    memcpy(t->regs, c->regs, sizeof t->regs);
    memcpy(t->hilo, c->hilo, sizeof t->hilo);
    t->flags = c->flags;
    t->sp = c->sp;
    t->pc = t->pct_entry;
    arch_set_result(t, c->id);
    t->donated = 0;
    env_state(t, EXO_ENV_STATE_READY);
    cores[c->core].next = t;
    cores[c->core].fp_passed = true;
    trace(EXO_TRACE_PCT, c->id, t->id);
}

/* Whoever waits for the dead goes on at its entry, with an error instead of a partner. */
void pct_partner_died(uint32_t dead)
{
    for (uint32_t i = 1; i < EXO_NENV; i++) {
        struct ctx *c = &kernel_ctx[i];
        if (c->state != EXO_ENV_STATE_PCT || (c->accept != dead && c->donated != dead))
            continue;
        arch_ctx_reset(c);
        c->pc = c->pct_entry;
        c->sp = 0;
        c->donated = 0;
        arch_set_result(c, (exo_word)-EXO_EENV);
        env_state(c, EXO_ENV_STATE_READY);
        core_wake_idle();
    }
}

SYS(pct_call)
{
    struct ctx *t;
    exo_sword error = partner(c, a0, &t);
    if (error == 0)
        error = may_wait(c, a1);
    if (error != 0)
        return error;

    wait(c, (uint32_t)a1, t->id);
    enter(c, t);
    return SYS_NONE;
}

SYS(pct_send)
{
    struct ctx *t;
    exo_sword error = partner(c, a0, &t);
    if (error != 0)
        return error;

    arch_fp_save(c);
    enter(c, t);
    return 0;
}

SYS(pct_wait)
{
    exo_sword error = may_wait(c, a0);
    if (error != 0)
        return error;

    wait(c, (uint32_t)a0, 0);
    cores[c->core].next = NULL;
    return SYS_NONE;
}
