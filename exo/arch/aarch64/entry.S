// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * entry.S - aarch64: the trap vector, the fast paths, the way into C and back.
 *
 * On entry sp = ctx of the running environment, every other register is the user's, NZCV
 * too (so nothing here compares). A fast path spills what it needs to ctx.scratch (x9,
 * x10 first, always) and leaves everything as it was if it gives up, so that `slow` can
 * save the user's registers. svc returns from the trap.
 *
 * Instructions, vector to the user's first one, as tests/guest/boot runs them:
 *   null call            10 (13 with the caller's mov, svc, ret)
 *   exception            23 to the handler's first instruction
 *   exc_return           18
 *   pct_call             40 softtlb, 42 radix, to the partner's first instruction
 *   TLB refill           20 (one core)
 *   TLB miss, exception  33 to the handler's first instruction (one core)
 */
#include "entry.h"

    .macro all_pairs insn
    \insn x0, x1, [sp, #CTX_X(0)]
    \insn x2, x3, [sp, #CTX_X(2)]
    \insn x4, x5, [sp, #CTX_X(4)]
    \insn x6, x7, [sp, #CTX_X(6)]
    \insn x8, x9, [sp, #CTX_X(8)]
    \insn x10, x11, [sp, #CTX_X(10)]
    \insn x12, x13, [sp, #CTX_X(12)]
    \insn x14, x15, [sp, #CTX_X(14)]
    \insn x16, x17, [sp, #CTX_X(16)]
    \insn x18, x19, [sp, #CTX_X(18)]
    \insn x20, x21, [sp, #CTX_X(20)]
    \insn x22, x23, [sp, #CTX_X(22)]
    \insn x24, x25, [sp, #CTX_X(24)]
    \insn x26, x27, [sp, #CTX_X(26)]
    \insn x28, x29, [sp, #CTX_X(28)]
    .endm

    .section .text.entry, "ax", @progbits
    .globl vector
    .type vector, @function
    .balign 64
vector:
    stp x9, x10, [sp]
    core_base x9
    ldr w10, [x9, #M_CAUSE]
    sub w10, w10, #M_CAUSE_SYSCALL
    cbz w10, syscall
    tbnz w10, #31, give_up /* IRQ */

/* To the handler, if the upage is free. x9, x10 are in ctx.scratch. */
exception:
    ldr x10, [sp, #CTX_SAVE]
    ldr w9, [x10, #UP_BUSY]
    cbnz w9, give_up
    stp x11, x8, [x10, #UP_SCRATCH2]
    core_base x9
    ldp x11, x8, [x9, #M_EPC] /* and USP */
    stp x11, x8, [x10, #UP_EPC]
    ldr w11, [x9, #M_CAUSE]
    ldr x8, [x9, #M_BADVADDR]
    orr x11, x11, #UPCALL_EXCEPTION << 32
    stp x8, x11, [x10, #UP_BADVADDR] /* and cause, upcall */
    ldp x11, x8, [sp]
    stp x11, x8, [x10, #UP_SCRATCH0]
    str w9, [x10, #UP_BUSY] /* anything but 0 */
    ldr x11, [sp, #CTX_EXC_ENTRY]
    str x11, [x9, #M_EPC]
    svc #0

syscall:
    sub x10, x8, #CALL_BASE
    cbnz x10, 1f
    mov x0, #0
    ldp x9, x10, [sp]
    svc #0

1:  sub x9, x10, #CALL_EXC_RETURN
    cbz x9, exc_return
    sub x9, x10, #CALL_PCT_CALL
    cbz x9, pct_call
    lsr x9, x10, #CALL_MAX_SHIFT
    cbnz x9, exception /* not the kernel's number */
    b give_up

exc_return:
    ldr x10, [sp, #CTX_UPAGE]
    cbz x10, give_up
    core_base x9
    ldp x11, x8, [x10, #UP_EPC]
    stp x11, x8, [x9, #M_EPC]
    str wzr, [x10, #UP_BUSY]
    ldp x11, x8, [x10, #UP_SCRATCH2]
    ldp x9, x10, [x10, #UP_SCRATCH0]
    svc #0

/*
 * pct_call(environment, accept): one core and an ASID for everyone only (else ctx.switch_
 * is 0; so an environment's number is its ASID). Gives up, with nothing changed,
 * unless accept is anyone or the partner, and the partner waits in state PCT for this
 * caller or for anyone. Its entry is not looked at: if it was taken away while it waits, it
 * faults at 0. exo/core/ipc.c is the complete call, with all errors.
 */
pct_call:
    stp x11, x12, [sp, #16]
    lsr x9, x0, #6
    cbnz x9, pct_slow
    cbz x1, 1f
    sub x9, x1, x0
    cbnz x9, pct_slow
1:  adrp x10, kernel_ctx
    add x10, x10, :lo12:kernel_ctx
    mov w9, #CTX_SIZE
    madd x10, x0, x9, x10
    ldr x11, [x10, #CTX_STATE] /* accept in the upper half */
    sub x11, x11, #STATE_PCT
    cbz x11, 2f
    ldr w12, [sp, #CTX_ID]
    sub x11, x11, x12, lsl #32
    cbnz x11, pct_slow
2:  ldr x9, [x10, #CTX_SWITCH]
    ldr x12, [x10, #CTX_PCT_ENTRY]
    cbz x9, pct_slow
#include "switch.S"
    core_base x9
    str x12, [x9, #M_EPC]
    str x10, [x9, #M_KSP]
    str w0, [x9, #M_CONTEXT]
    mov w11, #STATE_PCT
    stp w11, w1, [sp, #CTX_STATE] /* and accept */
    mov w11, #STATE_READY
    stp w11, wzr, [x10, #CTX_STATE]
    str w0, [sp, #CTX_DONATED]
    str wzr, [x10, #CTX_DONATED]
    ldr w0, [sp, #CTX_ID]
    ldp x11, x12, [sp, #16]
    ldp x9, x10, [sp]
    svc #0

pct_slow:
    ldp x11, x12, [sp, #16]
    b give_up

give_up:
    ldp x9, x10, [sp]
/* Every user register but sp is intact. */
    .type slow, @function
slow:
    all_pairs stp
    str x30, [sp, #CTX_X(30)]
    mrs x2, nzcv
    str x2, [sp, #CTX_FLAGS]
    core_base x1
    ldp x2, x3, [x1, #M_EPC]
    stp x2, x3, [sp, #CTX_PC] /* and sp */
    ldr w1, [x1, #M_CAUSE]
    mov x0, sp
    ldr x2, [sp, #CTX_KSTACK]
    mov sp, x2
    mov x29, xzr
    bl kernel_trap

/* arch_resume(x0 = ctx) */
    .globl arch_resume
    .type arch_resume, @function
arch_resume:
    mov sp, x0
    core_base x1
    str x0, [x1, #M_KSP]
    ldp x2, x3, [sp, #CTX_PC]
    stp x2, x3, [x1, #M_EPC]
    ldr x2, [sp, #CTX_FLAGS]
    msr nzcv, x2
    all_pairs ldp
    ldr x30, [sp, #CTX_X(30)]
    svc #0
    .size arch_resume, .- arch_resume

/* For the files of exo/mmu (see entry.h). */
    .globl entry_exception, entry_give_up
    .set entry_exception, exception
    .set entry_give_up, give_up
