// SPDX-License-Identifier: GPL-2.0-or-later
/* upcall.h - entries of libos/port/isa/<isa>/upcall.S and lrpc.S, and their C halves. */
#ifndef EXOS_UPCALL_H
#define EXOS_UPCALL_H

#include <exos/context.h>

#include "batch.h"

/* Given to the kernel; not to be called. */
void upcall_exception_entry(void);
void upcall_revoke_entry(void);
void upcall_epilogue_entry(void);
void upcall_prologue_entry(void);
void upcall_pct_entry(void);

/* Called by them with the interrupted registers, which they restore afterwards. */
void upcall_exception(struct exos_context *c);
void upcall_revoke(struct exos_context *c);
void upcall_prologue(struct exos_context *c);

/* Answer the kernel's wish in the upage for a frame. */
void upcall_give_up(void);
/* Queue the calls that register all entries for an environment (0: own). */
void upcall_register(struct batch *b, uint32_t env);

_Noreturn void port_resume(const struct exos_context *c);
void port_fp_save(void *area);
void port_fp_restore(const void *area);
exo_word port_trap(exo_word number, exo_word arg);

#endif
