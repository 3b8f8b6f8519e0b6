// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutex.h - a lock in memory shared by the session that may be held for long, while its holder
 * sleeps, say: waiters sleep too. Signals to the holder wait until it has dropped all of them;
 * one that dies nevertheless (the kernel ended it) is noticed by the next.
 */
#ifndef EXOS_MUTEX_H
#define EXOS_MUTEX_H

#include <stdbool.h>
#include <stdint.h>

struct mutex {
    uint32_t holder; /* process: pid << 6 | row of proc[]; 0: free */
};

/* true: the last holder died inside, what the mutex guards may be half changed. Not recursive. */
bool mutex_lock(struct mutex *m);
void mutex_unlock(struct mutex *m);

#endif
