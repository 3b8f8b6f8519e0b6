// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exos/vm.h - the process's memory by its physical names.
 *
 * The library gives a frame up when the kernel asks for it, by moving what is in it to another;
 * a frame taken by force makes its page a SIGBUS.
 */
#ifndef EXOS_VM_H
#define EXOS_VM_H

#include <stdint.h>

/* Frame behind the page at p, 0 if it has none (yet). It may change at any upcall. */
uint32_t exos_frame_of(const void *p);
/* Robust critical section: no upcall but faults comes between; nests. Slices that ended and
 * frames asked for meanwhile are made up for by leave, if it comes in time (EXO_GRACE_CYCLES). */
void exos_critical_enter(void);
void exos_critical_leave(void);

#endif
