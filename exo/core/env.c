// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * env.c - environments: the table, its names and states. Environment i has a ctx (kernel_ctx[i],
 * what assembly touches), a private row (envs[i]) and an exported row (machine.env[i]).
 *
 *           env_create          env_run            pct_call, pct_wait
 *     FREE ------------> EMBRYO --------> READY <----------------------> PCT
 *      ^                    |              ^ |          sleep
 *      |  env_free          |              | +------------------> SLEEP
 *      +---------- DEAD <---+--------------+----------------------------+   (death.c)
 *
 * Authority: a call on another environment takes a capability that satisfies its guard. The
 * parent may free a dead child without one.
 */
#include "core_priv.h"

struct env envs[EXO_NENV];

bool env_valid(exo_word id)
{
    return id > 0 && id < EXO_NENV;
}

struct ctx *env_ctx(uint32_t env)
{
    return env_valid(env) ? &kernel_ctx[env] : NULL;
}

bool env_runs(uint32_t env)
{
    return envs[env].on_core != 0;
}

void env_state(struct ctx *c, uint32_t state)
{
    struct exo_env_public *row = &machine.env[c->id];
    uint32_t root = (uint32_t)c->root >> machine.page_shift; /* if it is a table at all */
    c->state = state;
    row->state = state;
    row->donated_to = c->donated;
    row->root_frame = machine.frame[root].type == EXO_FRAME_TABLE ? root : 0;
}

void env_publish(void)
{
    for (uint32_t i = 1; i < EXO_NENV; i++) {
        struct ctx *c = &kernel_ctx[i];
        if (c->state != machine.env[i].state || c->donated != machine.env[i].donated_to)
            env_state(c, c->state);
    }
}

void env_table_init(void *(*boot_alloc)(size_t bytes))
{
    uint32_t words = (machine.nframes + 31) / 32;
    uint32_t *bits = boot_alloc((size_t)words * EXO_NENV * sizeof(uint32_t));
    for (uint32_t i = 0; i < EXO_NENV; i++) {
        envs[i].held = bits + (size_t)words * i;
        for (uint32_t s = 0; s < EXO_NCAP; s++)
            cap_clear(&envs[i].cap[s]);
        kernel_ctx[i].id = i;
        kernel_ctx[i].kstack = (uintptr_t)(kernel_stacks + KERNEL_STACK_SIZE);
        machine.env[i].id = i;
        cap_clear(&machine.env[i].guard);
    }
}

void env_make(uint32_t id, const struct exo_name *guard, uint32_t parent, uint32_t module)
{
    struct ctx *c = &kernel_ctx[id];
    struct env *e = &envs[id];
    arch_ctx_reset(c);
    c->upage = c->exc_entry = c->pct_entry = 0;
    ctx_update_save(c);
    c->accept = c->donated = c->core = 0;
    c->kstack = (uintptr_t)(kernel_stacks + KERNEL_STACK_SIZE);
    mmu_env_init(c);
    e->prologue = e->epilogue = e->revoke = 0;
    e->module = module;
    e->kill_status = 0;
    e->killed = e->wants_prologue = false;
    machine.env[id] =
        (struct exo_env_public){.id = id, .parent = parent, .guard = *guard};
    env_state(c, EXO_ENV_STATE_EMBRYO);
    trace(EXO_TRACE_CREATE, id, parent);
}

int env_target(uint32_t caller, exo_word env, exo_word cap, uint8_t right,
               struct ctx **out)
{
    if (env == 0 || env == caller) {
        *out = &kernel_ctx[caller];
        return 0;
    }
    if (!env_valid(env))
        return -EXO_EENV;
    uint32_t state = kernel_ctx[env].state;
    if (state == EXO_ENV_STATE_FREE || state == EXO_ENV_STATE_DEAD || envs[env].killed)
        return -EXO_EENV;
    const struct exo_name *name;
    if (cap_get(caller, cap, &name) != 0)
        return -EXO_ECAP;
    if (!name_satisfies(name, &machine.env[env].guard, right))
        return -EXO_EPERM;
    *out = &kernel_ctx[env];
    return 0;
}

SYS(env_create)
{
    const struct exo_name *cap;
    if (!env_valid(a0))
        return -EXO_EENV;
    if (cap_get(c->id, a1, &cap) != 0)
        return -EXO_ECAP;
    if (!(cap->rights & EXO_CAP_W))
        return -EXO_EPERM;
    if (kernel_ctx[a0].state != EXO_ENV_STATE_FREE)
        return -EXO_EBUSY;

    env_make((uint32_t)a0, cap, c->id, envs[c->id].module);
    return 0;
}

/* The kernel will write into this frame on the environment's behalf: besides being held, the
 * caller's capability must allow writing it. */
static int set_upage(struct ctx *c, struct ctx *target, exo_word cap, exo_word frame)
{
    struct exo_env_public *row = &machine.env[target->id];
    if (frame != 0) {
        const struct exo_frame *f = frame_named(frame);
        if (f == NULL || f->type != EXO_FRAME_USER)
            return -EXO_EFRAME;
        if (!frame_held(target->id, (uint32_t)frame))
            return -EXO_ENOTHELD;
        int error = frame_authority(c->id, cap, f, EXO_CAP_R | EXO_CAP_W);
        if (error != 0)
            return error;
    }

    uint32_t old = row->upage_frame;
    if (frame != 0) {
        frame_pin((uint32_t)frame);
        mmu_wire_upage(target, (uint32_t)frame);
    }
    row->upage_frame = (uint32_t)frame;
    target->upage = frame != 0 ? arch_pa(frame_bytes((uint32_t)frame)) : 0;
    ctx_update_save(target);
    if (old != 0)
        frame_unpin(old);
    return 0;
}

SYS(env_set)
{
    struct ctx *target;
    int error = env_target(c->id, a0, a1, EXO_CAP_W, &target);
    if (error != 0)
        return error;
    if (a2 >= EXO_ENV_FIELDS)
        return -EXO_EINVAL;
    if (a2 <= EXO_ENV_ARG && target->state != EXO_ENV_STATE_EMBRYO)
        return -EXO_EENV;
    if (a2 != EXO_ENV_ARG && a2 != EXO_ENV_UPAGE && a3 >= arch_va_end)
        return -EXO_EVA;
    if (target != c && envs[target->id].on_core != 0)
        return -EXO_EBUSY; /* its core delivers by these right now, without the lock */

    struct env *e = &envs[target->id];
    switch (a2) {
    case EXO_ENV_PC: target->pc = a3; break;
    case EXO_ENV_SP: target->sp = a3; break;
    case EXO_ENV_ARG: arch_set_arg(target, 0, a3); break;
    case EXO_ENV_UPAGE: return set_upage(c, target, a1, a3);
    case EXO_ENV_EXCEPTION:
        target->exc_entry = a3;
        ctx_update_save(target);
        break;
    case EXO_ENV_PROLOGUE: e->prologue = a3; break;
    case EXO_ENV_EPILOGUE: e->epilogue = a3; break;
    case EXO_ENV_REVOKE: e->revoke = a3; break;
    default: /* EXO_ENV_PCT */ target->pct_entry = a3; break;
    }
    return 0;
}

SYS(env_run)
{
    struct ctx *target;
    int error = env_target(c->id, a0, a1, EXO_CAP_W, &target);
    if (error != 0)
        return error;
    if (target->state != EXO_ENV_STATE_EMBRYO)
        return -EXO_EENV;

    env_state(target, EXO_ENV_STATE_READY);
    core_wake_idle();
    return 0;
}

SYS(env_free)
{
    if (!env_valid(a0) || a0 == c->id)
        return -EXO_EENV;
    struct exo_env_public *row = &machine.env[a0];
    if (envs[a0].killed)
        return -EXO_EBUSY; /* dies when the core it runs on notices */
    if (kernel_ctx[a0].state != EXO_ENV_STATE_DEAD)
        return -EXO_EENV;
    if (row->parent != c->id) {
        const struct exo_name *cap;
        if (cap_get(c->id, a1, &cap) != 0)
            return -EXO_ECAP;
        if (!name_satisfies(cap, &row->guard, EXO_CAP_W))
            return -EXO_EPERM;
    }

    /* Its name may be taken by a stranger now, who must not become its children's parent. */
    for (uint32_t i = 1; i < EXO_NENV; i++)
        if (machine.env[i].parent == a0)
            machine.env[i].parent = 0;
    uint32_t id = (uint32_t)a0;
    *row = (struct exo_env_public){.id = id};
    cap_clear(&row->guard);
    env_state(&kernel_ctx[id], EXO_ENV_STATE_FREE);
    return 0;
}
