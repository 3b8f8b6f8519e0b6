// SPDX-License-Identifier: GPL-2.0-or-later
/* sched.h - the processor. */
#ifndef EXOS_LIBC_SCHED_H
#define EXOS_LIBC_SCHED_H

#include <sys/types.h>

int sched_yield(void);

#endif
