// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lock.c - the one big lock, taken only on machines with more than one core. The kernel never
 * takes interrupts, so a holder is never preempted; it is free whenever user code runs or a
 * core waits.
 */
#include "core_priv.h"

static volatile uint32_t big_lock;

void lock_take(void)
{
    while (arch_xchg(&big_lock, 1) != 0) {
    }
}

void lock_give(void)
{
    arch_store_release(&big_lock, 0);
}
