// SPDX-License-Identifier: GPL-2.0-or-later
/* signal_priv.h - signals, for the library's other parts. */
#ifndef EXOS_SIGNAL_PRIV_H
#define EXOS_SIGNAL_PRIV_H

#include <exos/context.h>

#include <signal.h>

/* In an upcall: interrupted code did something wrong. Enters the handler, or the process dies
 * and the machine reports it. code: si_code. */
void signal_fault(struct exos_context *c, int sig, int code);
/* In an upcall: a system call that is not the kernel's. true if it was signal return. */
bool signal_syscall(struct exos_context *c);
/* In an upcall, a safe point: deliver what is pending on top of the interrupted code. */
void signal_interrupt(struct exos_context *c);
/* A safe point outside: run handlers of pending signals. true if one without SA_RESTART ran. */
bool signal_poll(void);
/* Handlers this process has run: for calls that any handler ends, with SA_RESTART or not. */
uint32_t signal_handled(void);
uint32_t signal_blocked(void);
/* exec: handlers are gone, ignored signals stay ignored. */
uint32_t signal_ignored(void);
void signal_ignore(uint32_t set);

#endif
