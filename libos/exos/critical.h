// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * critical.h - robust critical sections: while upage.critical is nonzero the kernel defers
 * upcalls and notes them in upage.missed; leaving makes up for what was missed. Nests.
 * And locks in memory shared by the session, held only inside a critical section: a holder's
 * slice does not end in it, and a lock whose holder died is taken over.
 */
#ifndef EXOS_CRITICAL_H
#define EXOS_CRITICAL_H

#include "self.h"

void critical_missed(void);
void critical_yield(void);

static inline void critical_enter(void)
{
    volatile uint32_t *critical = &UPAGE->critical;
    *critical = *critical + 1;
    __asm__ volatile("" ::: "memory");
}

static inline void critical_leave(void)
{
    __asm__ volatile("" ::: "memory");
    volatile uint32_t *critical = &UPAGE->critical;
    *critical = *critical - 1;
    if (*critical == 0 && *(volatile uint32_t *)&UPAGE->missed != 0)
        critical_missed();
}

/* In a long critical section, where no lock is held: if the slice is over, give the processor up.
 * Other upcalls stay deferred. */
static inline void critical_breathe(void)
{
    if (*(volatile uint32_t *)&UPAGE->missed & 1u << EXO_UP_EPILOGUE)
        critical_yield();
}

typedef uint32_t exos_lock; /* environment that holds it, 0 = free */
void lock_take(exos_lock *lock);
void lock_drop(exos_lock *lock);

#endif
