// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * revoke.c - visible revocation of frames, extents, packet rings and filters, and abort.
 *
 *   <kind>_revoke --> pending --REVOKE upcall--> the holder frees it: done
 *                       |
 *                       +-- deadline --> abort: bindings broken, holding removed, resource
 *                                        recorded in upage.repo, trace ABORT
 *
 * Who may revoke: a capability that satisfies the resource's (first) guard for writing; the holder
 * need not be under the caller's control. A holder that sleeps is woken to be told (sleep
 * returns -EXO_EAGAIN) if it has a handler; one that waits to be entered (PCT) has no
 * registers to interrupt and is not told. If a frame is the holder's upage or one of its
 * page tables, it cannot live without it: abort kills it, status EXO_STATUS_DIED.
 *
 * Interface: a <kind>_revoke call checks the name, revoke_ask does the rest. Whoever
 * ends a holding says revoke_done. A kind is two functions in kinds[]: held and take.
 */
#include "disk.h"
#include "nic.h"

struct revocation {
    uint32_t env;  /* 0: this entry is free */
    uint32_t name; /* as in upage.repo: kind << 28 | number */
    bool delivered;
    uint64_t deadline;
};
static struct revocation pending[EXO_NREVOKE];
static uint32_t npending; /* mostly 0, and then there is nothing to look through */

#define GRACE_MAX 0x7fffffffu
#define NAME(kind, number) ((uint32_t)(kind) << 28 | (number))
#define NAME_KIND(name) ((name) >> 28)
#define NAME_NUMBER(name) ((name)&0xfffffffu)

static void frame_abort(struct ctx *c, uint32_t frame);

static const struct {
    bool (*held)(uint32_t env, uint32_t number);
    void (*take)(struct ctx *c, uint32_t number); /* the holding ends: revoke_done */
} kinds[] = {
    [EXO_RES_FRAME] = {frame_held, frame_abort},
    [EXO_RES_EXTENT] = {extent_held, extent_take},
    [EXO_RES_RING] = {ring_held, ring_take},
    [EXO_RES_FILTER] = {filter_held, filter_take},
};

uint64_t revoke_next(void)
{
    uint64_t at = NEVER;
    for (uint32_t i = 0; i < EXO_NREVOKE && npending != 0; i++)
        if (pending[i].env != 0 && pending[i].deadline < at)
            at = pending[i].deadline;
    return at;
}

static void drop(struct revocation *r)
{
    envs[r->env].nrevoke--;
    npending--;
    *r = (struct revocation){0};
}

static struct revocation *find(uint32_t env, uint32_t name)
{
    for (uint32_t i = 0; i < EXO_NREVOKE; i++)
        if (pending[i].env == env && pending[i].name == name)
            return &pending[i];
    return NULL;
}

void revoke_done(uint32_t env, enum exo_resource kind, uint32_t number)
{
    struct revocation *r = envs[env].nrevoke != 0 ? find(env, NAME(kind, number)) : NULL;
    if (r != NULL)
        drop(r);
}

void revoke_drop_all(uint32_t env)
{
    for (uint32_t i = 0; i < EXO_NREVOKE && envs[env].nrevoke != 0; i++)
        if (pending[i].env == env)
            drop(&pending[i]);
}

void revoke_deliver(struct ctx *c)
{
    struct env *e = &envs[c->id];
    struct exo_upage *up = upage_of(c);
    if (e->nrevoke == 0 || up == NULL)
        return;
    for (uint32_t i = 0; i < EXO_NREVOKE; i++) {
        struct revocation *r = &pending[i];
        if (r->env != c->id || r->delivered)
            continue;
        if (up->busy == 0 || !(up->missed & 1u << EXO_UP_REVOKE)) {
            up->revoke_frame = NAME_NUMBER(r->name);
            up->revoke_kind = NAME_KIND(r->name);
            up->revoke_deadline = r->deadline;
        }
        r->delivered = upcall_async(c, EXO_UP_REVOKE, e->revoke);
        return;
    }
}

static void frame_abort(struct ctx *c, uint32_t frame)
{
    if (sleep_uses(&envs[c->id], frame))
        sleep_end(c, -EXO_ENOTHELD);
    frame_take(c, frame);
}

/* Without its upage or a page table nobody goes on. */
static bool vital(const struct ctx *c, uint32_t name)
{
    return NAME_KIND(name) == EXO_RES_FRAME &&
           (machine.env[c->id].upage_frame == name ||
            machine.frame[name].type == EXO_FRAME_TABLE);
}

static void abort_holding(struct revocation *r)
{
    struct ctx *c = &kernel_ctx[r->env];
    uint32_t name = r->name;
    trace(EXO_TRACE_ABORT, r->env, name);
    if (vital(c, name)) {
        drop(r);
        env_kill(c, EXO_STATUS_DIED);
        return;
    }
    struct exo_upage *up = upage_of(c);
    if (up != NULL) {
        up->repo[up->repo_count % EXO_NREPO] = name;
        up->repo_count++;
    }
    kinds[NAME_KIND(name)].take(c, NAME_NUMBER(name)); /* drops r */
}

void revoke_expire(uint64_t now)
{
    for (uint32_t i = 0; i < EXO_NREVOKE && npending != 0; i++)
        if (pending[i].env != 0 && pending[i].deadline <= now)
            abort_holding(&pending[i]);
}

exo_sword revoke_ask(struct ctx *c, enum exo_resource kind, uint32_t number,
                     const struct exo_name *guard, exo_word env, exo_word cap,
                     exo_word grace)
{
    const struct exo_name *with;
    if (!env_valid(env) || env == c->id)
        return -EXO_EENV;
    if (cap_get(c->id, cap, &with) != 0)
        return -EXO_ECAP;
    if (!name_satisfies(with, guard, EXO_CAP_W))
        return -EXO_EPERM;
    uint32_t holder = (uint32_t)env, name = NAME(kind, number);
    if (!kinds[kind].held(holder, number))
        return -EXO_ENOTHELD;
    if (grace > GRACE_MAX)
        return -EXO_ERANGE;
    if (find(holder, name) != NULL)
        return -EXO_EBUSY;
    struct revocation *r = find(0, 0);
    if (r == NULL)
        return -EXO_EFULL;

    struct ctx *target = &kernel_ctx[holder];
    *r = (struct revocation){holder, name, false, time_now() + grace};
    envs[holder].nrevoke++;
    npending++;
    trace(EXO_TRACE_REVOKE, holder, name);
    if (target->state == EXO_ENV_STATE_SLEEP && envs[holder].revoke != 0)
        sleep_end(target, -EXO_EAGAIN);
    if (envs[holder].on_core != 0)
        arch_mmio_write(M_CORE_BASE + M_IPI, envs[holder].on_core - 1);
    slice_arm(&cores[c->core]);
    return 0;
}

SYS(frame_revoke)
{
    const struct exo_frame *f = frame_named(a0);
    if (f == NULL || (f->type != EXO_FRAME_USER && f->type != EXO_FRAME_TABLE))
        return -EXO_EFRAME;
    return revoke_ask(c, EXO_RES_FRAME, (uint32_t)a0, &f->guard[0], a1, a2, a3);
}

/* Here because the table is private: pending ones name a live holder, once each. */
bool inv_revoke(const char **what)
{
    uint32_t count[EXO_NENV] = {0}, used = 0;
    for (uint32_t i = 0; i < EXO_NREVOKE; i++) {
        const struct revocation *r = &pending[i];
        if (r->env == 0)
            continue;
        *what = "invariant: a pending revocation names a holder and its resource, once";
        if (!env_valid(r->env) ||
            !kinds[NAME_KIND(r->name)].held(r->env, NAME_NUMBER(r->name)) ||
            find(r->env, r->name) != r)
            return false;
        count[r->env]++;
        used++;
    }
    *what = "invariant: npending counts the pending revocations";
    if (used != npending)
        return false;
    for (uint32_t i = 1; i < EXO_NENV; i++) {
        *what = "invariant: nrevoke counts an environment's pending revocations";
        if (count[i] != envs[i].nrevoke)
            return false;
    }
    return true;
}
