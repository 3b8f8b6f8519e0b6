// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * revoke.c - visible revocation of frames, and abort.
 *
 *   frame_revoke --> pending --REVOKE upcall--> the holder frees the frame: done
 *                       |
 *                       +-- deadline --> abort: bindings broken, holding removed, frame
 *                                        recorded in upage.repo, trace ABORT
 *
 * Who may revoke: a capability that satisfies the frame's first guard for writing; the holder
 * need not be under the caller's control. A holder that sleeps is woken to be told (sleep
 * returns -EXO_EAGAIN) if it has a handler; one that waits to be entered (PCT) has no
 * registers to interrupt and is not told. If the frame is the holder's upage or one of its
 * page tables, it cannot live without it: abort kills it, status EXO_STATUS_DIED.
 */
#include "core_priv.h"

struct revocation {
    uint32_t env, frame; /* env 0: this entry is free */
    bool delivered;
    uint64_t deadline;
};
static struct revocation pending[EXO_NREVOKE];
static uint32_t npending; /* mostly 0, and then there is nothing to look through */

#define GRACE_MAX 0x7fffffffu

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

static struct revocation *find(uint32_t env, uint32_t frame)
{
    for (uint32_t i = 0; i < EXO_NREVOKE; i++)
        if (pending[i].env == env && pending[i].frame == frame)
            return &pending[i];
    return NULL;
}

void revoke_done(uint32_t env, uint32_t frame)
{
    struct revocation *r = envs[env].nrevoke != 0 ? find(env, frame) : NULL;
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
            up->revoke_frame = r->frame;
            up->revoke_deadline = r->deadline;
        }
        r->delivered = upcall_async(c, EXO_UP_REVOKE, e->revoke);
        return;
    }
}

static void abort_holding(struct revocation *r)
{
    struct ctx *c = &kernel_ctx[r->env];
    struct env *e = &envs[r->env];
    uint32_t frame = r->frame;
    trace(EXO_TRACE_ABORT, r->env, frame);
    if (machine.env[c->id].upage_frame == frame ||
        machine.frame[frame].type == EXO_FRAME_TABLE) {
        drop(r);
        env_kill(c, EXO_STATUS_DIED);
        return;
    }
    if (sleep_uses(e, frame))
        sleep_end(c, -EXO_ENOTHELD);
    struct exo_upage *up = upage_of(c);
    if (up != NULL) {
        up->repo[up->repo_count % EXO_NREPO] = frame;
        up->repo_count++;
    }
    frame_take(c, frame); /* drops r */
}

void revoke_expire(uint64_t now)
{
    for (uint32_t i = 0; i < EXO_NREVOKE && npending != 0; i++)
        if (pending[i].env != 0 && pending[i].deadline <= now)
            abort_holding(&pending[i]);
}

SYS(frame_revoke)
{
    const struct exo_frame *f = frame_named(a0);
    const struct exo_name *cap;
    if (f == NULL || (f->type != EXO_FRAME_USER && f->type != EXO_FRAME_TABLE))
        return -EXO_EFRAME;
    if (!env_valid(a1) || a1 == c->id)
        return -EXO_EENV;
    if (cap_get(c->id, a2, &cap) != 0)
        return -EXO_ECAP;
    if (!name_satisfies(cap, &f->guard[0], EXO_CAP_W))
        return -EXO_EPERM;
    uint32_t env = (uint32_t)a1, frame = (uint32_t)a0;
    if (!frame_held(env, frame))
        return -EXO_ENOTHELD;
    if (a3 > GRACE_MAX)
        return -EXO_ERANGE;
    if (find(env, frame) != NULL)
        return -EXO_EBUSY;
    struct revocation *r = find(0, 0);
    if (r == NULL)
        return -EXO_EFULL;

    struct ctx *target = &kernel_ctx[env];
    *r = (struct revocation){env, frame, false, time_now() + a3};
    envs[env].nrevoke++;
    npending++;
    trace(EXO_TRACE_REVOKE, env, frame);
    if (target->state == EXO_ENV_STATE_SLEEP && envs[env].revoke != 0)
        sleep_end(target, -EXO_EAGAIN);
    if (envs[env].on_core != 0)
        arch_mmio_write(M_CORE_BASE + M_IPI, envs[env].on_core - 1);
    slice_arm(&cores[c->core]);
    return 0;
}

/* Here because the table is private: pending ones name a live holder, once each. */
bool inv_revoke(const char **what)
{
    uint32_t count[EXO_NENV] = {0}, used = 0;
    for (uint32_t i = 0; i < EXO_NREVOKE; i++) {
        const struct revocation *r = &pending[i];
        if (r->env == 0)
            continue;
        *what = "invariant: a pending revocation names a holder and its frame, once";
        if (!env_valid(r->env) || !frame_held(r->env, r->frame) ||
            find(r->env, r->frame) != r)
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
