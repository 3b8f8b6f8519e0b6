// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * arch.h - the seam between the exokernel's core and exo/arch/<isa>. Declared once here,
 * resolved at link time; exo/arch/host implements it over a simulated machine so that the
 * core runs under sanitizers. core/ names no ISA.
 *
 * Flow of a trap: hardware -> vector (entry.S) -> either a fast path in assembly (null,
 * exc_return, exception dispatch to a registered handler, pct_call on one core) or: save all
 * general registers, PC, SP, flags into *sp (the ctx), switch to ctx->kstack, call
 * kernel_trap(ctx, cause). kernel_trap returns the ctx to resume; entry.S does
 * arch_resume(it). FP registers stay live and are moved only by arch_fp_save/restore, when
 * the core switches environments.
 */
#ifndef EXO_CORE_ARCH_H
#define EXO_CORE_ARCH_H

#include "ctx.h"
#include <exo/abi.h>
#include <exo/machine.h>

/* -- provided by exo/arch/<isa> -- */

/* The first nine are inline functions of exo/arch/inline.h, but on the host. */
#ifdef EXO_HOST
/* Device registers (and the core control block) at physical address pa. */
uint32_t arch_mmio_read(uint32_t pa);
void arch_mmio_write(uint32_t pa, uint32_t value);
/* RAM at physical address pa, as the kernel may dereference it. */
void *arch_phys(uint64_t pa);
uint64_t arch_pa(const void *p);

/* ABI registers of a saved context. arch_arg: i = 0..5. */
exo_word arch_call_number(const struct ctx *c);
exo_word arch_arg(const struct ctx *c, unsigned i);
void arch_set_result(struct ctx *c, exo_word r);
void arch_set_result2(struct ctx *c, exo_word r);
void arch_set_arg(struct ctx *c, unsigned i, exo_word v);
#else
#include "inline.h"
#endif
/* Scratch register i (0..3) of abi.h in a saved context. */
uint64_t arch_scratch(const struct ctx *c, unsigned i);
void arch_set_scratch(struct ctx *c, unsigned i, uint64_t v);
/* Bytes of the system call instruction (EPC - this = the call, to retry it). */
extern const unsigned arch_call_bytes;
/* Zero registers, sane flags, empty FP state. */
void arch_ctx_reset(struct ctx *c);
void arch_fp_save(struct ctx *c);
void arch_fp_restore(const struct ctx *c);

/* Load everything from c and return from the trap; KSP = c, kernel stack discarded. */
_Noreturn void arch_resume(struct ctx *c);

/* Atomic exchange with acquire order / store with release order, for the big lock. */
uint32_t arch_xchg(volatile uint32_t *p, uint32_t v);
void arch_store_release(volatile uint32_t *p, uint32_t v);

/* First user address that is not the user's: valid va < this. */
extern const uint64_t arch_va_end;

/* -- provided by exo/core, called by entry.S -- */

/* Every core, on its own boot stack, after start.S cleared .bss (core 0 only). Does not return:
 * ends in arch_resume. */
_Noreturn void kernel_start(uint32_t core);
struct ctx *kernel_trap(struct ctx *c, uint32_t cause);
/* Top of core's C stack, also used by start.S (16-byte aligned). */
extern char kernel_stacks[];
#define KERNEL_STACK_SIZE 8192

/* Data that assembly fast paths read: ctx of environment i (0 is core 0's idle). */
extern struct ctx kernel_ctx[EXO_NENV];

#endif
