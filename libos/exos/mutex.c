// SPDX-License-Identifier: GPL-2.0-or-later
/* mutex.c - sleeping locks between the processes of a session: see mutex.h. */
#include "mutex.h"

#include "session.h"
#include "signal_priv.h"

#define ROW_BITS 6
_Static_assert(NPROC <= 1 << ROW_BITS, "a holder's row must fit");

static uint32_t me(void)
{
    return ME->pid << ROW_BITS | SELF->proc;
}

static bool take(struct mutex *m, uint32_t seen)
{
    return __atomic_compare_exchange_n(&m->holder, &seen, me(), false, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
}

/* Its environment, 0 if it is dead. */
static uint32_t holder_env(uint32_t holder)
{
    uint32_t row = holder & ((1u << ROW_BITS) - 1);
    if (row >= NPROC || holder == me())
        return 0;
    const struct proc *p = &session->proc[row];
    uint32_t env = p->env;
    if (p->state != PROC_LIVE || p->pid != holder >> ROW_BITS)
        return 0;
    uint32_t state = ENVS[env].state;
    return state == EXO_ENV_STATE_DEAD || state == EXO_ENV_STATE_FREE ? 0 : env;
}

bool mutex_lock(struct mutex *m)
{
    ME->holding++;
    for (;;) {
        if (take(m, 0))
            return false;
        uint32_t holder = __atomic_load_n(&m->holder, __ATOMIC_ACQUIRE);
        if (holder == 0)
            continue;
        uint32_t env = holder_env(holder);
        if (env == 0) {
            if (take(m, holder))
                return true;
            continue;
        }
        const struct exo_pred pred[2] = {{EXO_PRED_NE, 0, (uintptr_t)&m->holder, holder},
                                         {EXO_PRED_DEAD, 1, env, 0}};
        if (exos_mmu == NULL || exo_sleep((exo_word)pred, 2) < 0)
            exo_yield((exo_word)-1);
    }
}

void mutex_unlock(struct mutex *m)
{
    __atomic_store_n(&m->holder, 0, __ATOMIC_RELEASE);
    if (--ME->holding == 0 &&
        __atomic_load_n(&ME->pending, __ATOMIC_RELAXED) & ~signal_blocked())
        signal_poll();
}
