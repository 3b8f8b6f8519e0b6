// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sleep.c - wakeup predicates: sums of products over memory words, time and deaths, downloaded
 * by sleep() and evaluated by the kernel before it schedules.
 *
 * Binding happens once: addresses are translated and their frames pinned when the predicate
 * is downloaded, so evaluating is a few loads and compares. Exported and module pages need no
 * pin, they never go away. The pins fall when the environment wakes or dies.
 */
#include "core_priv.h"
#include "nic.h"

static uint32_t sleepers; /* environments in state SLEEP: none, nothing to do */

static bool term_holds(const struct pred_term *t, uint64_t now)
{
    switch (t->op) {
    case EXO_PRED_EQ: return *t->word == t->value;
    case EXO_PRED_NE: return *t->word != t->value;
    case EXO_PRED_GE: return *t->word >= t->value;
    case EXO_PRED_TIME: return now >= t->value;
    default: /* EXO_PRED_DEAD */
        return kernel_ctx[t->env].state == EXO_ENV_STATE_DEAD ||
               kernel_ctx[t->env].state == EXO_ENV_STATE_FREE;
    }
}

static bool pred_holds(const struct env *e, uint64_t now)
{
    bool product = true;
    for (uint32_t i = 0; i < e->npred; i++) {
        if (i > 0 && e->pred[i].or_) {
            if (product)
                return true;
            product = true;
        }
        product = product && term_holds(&e->pred[i], now);
    }
    return product;
}

void sleep_release(struct env *e)
{
    if (e->npred != 0)
        sleepers--;
    for (uint32_t i = 0; i < e->npred; i++)
        if (e->pred[i].frame != 0)
            frame_unpin(e->pred[i].frame);
    e->npred = 0;
}

bool sleep_uses(const struct env *e, uint32_t frame)
{
    for (uint32_t i = 0; i < e->npred; i++)
        if (e->pred[i].frame == frame)
            return true;
    return false;
}

void sleep_end(struct ctx *c, exo_sword result)
{
    sleep_release(&envs[c->id]);
    arch_set_result(c, (exo_word)result);
    env_state(c, EXO_ENV_STATE_READY);
    trace(EXO_TRACE_WAKE, c->id, 0);
    core_wake_idle();
}

void sleep_wake(uint64_t now)
{
    for (uint32_t i = 1; i < EXO_NENV && sleepers != 0; i++)
        if (kernel_ctx[i].state == EXO_ENV_STATE_SLEEP && pred_holds(&envs[i], now))
            sleep_end(&kernel_ctx[i], 0);
}

/* A time that is past already waits for the other terms of its product. */
uint64_t sleep_next(uint64_t now)
{
    uint64_t at = NEVER;
    for (uint32_t i = 1; i < EXO_NENV && sleepers != 0; i++)
        for (uint32_t t = 0; t < envs[i].npred; t++) {
            const struct pred_term *p = &envs[i].pred[t];
            if (p->op == EXO_PRED_TIME && p->value > now && p->value < at)
                at = p->value;
        }
    return at;
}

/* Translate a word of the caller's memory and find what must be pinned for it. */
static exo_sword bind_word(struct ctx *c, uint64_t va, struct pred_term *t)
{
    uint64_t pa;
    if (va & 3)
        return -EXO_EVA;
    exo_sword error = user_address(c, va, M_ACCESS_READ, &pa);
    if (error != 0)
        return error;
    uint32_t frame = (uint32_t)pa >> machine.page_shift;
    uint8_t type = machine.frame[frame].type;
    if (type != EXO_FRAME_EXPORT && type != EXO_FRAME_MODULE) {
        if (!frame_held(c->id, frame))
            return -EXO_ENOTHELD;
        t->frame = frame;
    }
    t->word = arch_phys(pa);
    return 0;
}

static exo_sword bind_term(struct ctx *c, const struct exo_pred *p, struct pred_term *t)
{
    *t = (struct pred_term){.op = p->op, .or_ = p->or_, .value = p->value};
    switch (p->op) {
    case EXO_PRED_EQ:
    case EXO_PRED_NE:
    case EXO_PRED_GE: return p->value > UINT32_MAX ? -EXO_ERANGE : bind_word(c, p->va, t);
    case EXO_PRED_TIME: return 0;
    case EXO_PRED_DEAD:
        if (p->va == 0 || p->va >= EXO_NENV)
            return -EXO_EENV;
        t->env = (uint32_t)p->va;
        return 0;
    default: return -EXO_EINVAL;
    }
}

SYS(sleep)
{
    struct exo_pred pred[EXO_NPRED];
    struct env *e = &envs[c->id];
    if (a1 == 0 || a1 > EXO_NPRED)
        return -EXO_ERANGE;
    exo_sword error = copy_from_user(c, pred, a0, a1 * sizeof pred[0]);
    for (uint32_t i = 0; i < a1 && error == 0; i++)
        error = bind_term(c, &pred[i], &e->pred[i]);
    if (error != 0)
        return error;

    nic_slept();
    e->npred = (uint32_t)a1;
    if (pred_holds(e, time_now())) {
        e->npred = 0;
        return 0;
    }
    for (uint32_t i = 0; i < e->npred; i++)
        if (e->pred[i].frame != 0)
            frame_pin(e->pred[i].frame);
    sleepers++;
    env_state(c, EXO_ENV_STATE_SLEEP);
    cores[c->core].next = NULL;
    return SYS_NONE;
}

/* Here because the count is private. */
bool inv_sleep(const char **what)
{
    uint32_t n = 0;
    for (uint32_t i = 1; i < EXO_NENV; i++)
        n += kernel_ctx[i].state == EXO_ENV_STATE_SLEEP;
    *what = "invariant: sleepers counts the environments that sleep";
    return n == sleepers;
}
