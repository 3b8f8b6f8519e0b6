// SPDX-License-Identifier: GPL-2.0-or-later
/* critical.c - making up for missed upcalls, and the session's locks: see critical.h. */
#include "critical.h"

#include <exos/vm.h>

#include "upcall.h"

void critical_missed(void)
{
    for (;;) {
        uint32_t missed = __atomic_exchange_n(&UPAGE->missed, 0, __ATOMIC_ACQ_REL);
        if (missed & 1u << EXO_UP_REVOKE)
            upcall_give_up();
        if (missed & 1u << EXO_UP_EPILOGUE)
            exo_yield((exo_word)-1);
        if (missed == 0 || UPAGE->critical != 0)
            return;
    }
}

void critical_yield(void)
{
    __atomic_fetch_and(&UPAGE->missed, ~(1u << EXO_UP_EPILOGUE), __ATOMIC_ACQ_REL);
    exo_yield((exo_word)-1);
}

void lock_take(exos_lock *lock)
{
    critical_enter();
    for (;;) {
        uint32_t holder = 0;
        if (__atomic_compare_exchange_n(lock, &holder, SELF->env, false, __ATOMIC_ACQUIRE,
                                        __ATOMIC_RELAXED))
            return;
        uint32_t state = ENVS[holder].state;
        if (state == EXO_ENV_STATE_DEAD || state == EXO_ENV_STATE_FREE) {
            /* It died inside: what the lock guards is small and checked by its users. */
            if (__atomic_compare_exchange_n(lock, &holder, SELF->env, false,
                                            __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
                return;
        } else if (exo_yield(holder) < 0) {
            exo_yield((exo_word)-1);
        }
    }
}

void lock_drop(exos_lock *lock)
{
    __atomic_store_n(lock, 0, __ATOMIC_RELEASE);
    critical_leave();
}

void exos_critical_enter(void)
{
    critical_enter();
}

void exos_critical_leave(void)
{
    critical_leave();
}
