// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * entry.S - riscv64: the trap vector, the fast paths, the way into C and back.
 *
 * On entry sp = ctx of the running environment, every other register is the user's. A
 * fast path spills what it needs to ctx.scratch (t0 first, always) and leaves everything
 * as it was if it gives up, so that `slow` can save the user's registers. ecall returns
 * from the trap.
 *
 * Instructions, vector to the user's first one, as tests/guest/boot runs them:
 *   null call            10 (13 with the caller's li, ecall, ret)
 *   exception            30 to the handler's first instruction
 *   exc_return           23
 *   pct_call             45 softtlb, 47 radix, to the partner's first instruction
 *   TLB refill           25 (one core)
 *   TLB miss, exception  44 to the handler's first instruction (one core)
 */
#include "entry.h"

    .section .text.entry, "ax", @progbits
    .globl vector
    .type vector, @function
    .balign 64
vector:
    sd t0, 0(sp)
    ld t0, CTX_ARCH(sp)
    lw t0, M_CAUSE(t0)
    addi t0, t0, -M_CAUSE_SYSCALL
    beqz t0, syscall
    bltz t0, slow /* IRQ */

/* To the handler, if the upage is free. t0 is in ctx.scratch[0]. */
exception:
    ld t0, CTX_SAVE(sp)
    lw t0, UP_BUSY(t0)
    bnez t0, slow
    ld t0, CTX_SAVE(sp)
    sd t1, UP_SCRATCH1(t0)
    sd t2, UP_SCRATCH2(t0)
    sd a7, UP_SCRATCH3(t0)
    ld t1, 0(sp)
    ld t2, CTX_ARCH(sp)
    sd t1, UP_SCRATCH0(t0)
    ld t1, M_EPC(t2)
    sd t1, UP_EPC(t0)
    ld t1, M_USP(t2)
    sd t1, UP_SP(t0)
    ld t1, M_BADVADDR(t2)
    sd t1, UP_BADVADDR(t0)
    lw t1, M_CAUSE(t2)
    sw t1, UP_CAUSE(t0)
    li t1, UPCALL_EXCEPTION
    sw t1, UP_UPCALL(t0)
    sw t1, UP_BUSY(t0)
    ld t1, CTX_EXC_ENTRY(sp)
    sd t1, M_EPC(t2)
    ecall

syscall: /* t0 = 0 */
    lui t0, CALL_BASE >> 12
    bne a7, t0, 1f
    ld t0, 0(sp)
    li a0, 0
    ecall

1:  sub t0, a7, t0
    addi t0, t0, -CALL_EXC_RETURN
    beqz t0, exc_return
    addi t0, t0, CALL_EXC_RETURN - CALL_PCT_CALL
    beqz t0, pct_call
    addi t0, t0, CALL_PCT_CALL
    sltiu t0, t0, CALL_MAX
    beqz t0, exception /* not the kernel's number */
    j slow

exc_return:
    ld t0, CTX_UPAGE(sp)
    beqz t0, slow
    ld t1, CTX_ARCH(sp)
    ld t2, UP_EPC(t0)
    sd t2, M_EPC(t1)
    ld t2, UP_SP(t0)
    sd t2, M_USP(t1)
    sw zero, UP_BUSY(t0)
    ld a7, UP_SCRATCH3(t0)
    ld t2, UP_SCRATCH2(t0)
    ld t1, UP_SCRATCH1(t0)
    ld t0, UP_SCRATCH0(t0)
    ecall

/*
 * pct_call(environment, accept): one core and an ASID for everyone only (else ctx.switch_
 * is 0; so an environment's number is its ASID). Gives up, with nothing changed,
 * unless accept is anyone or the partner, and the partner waits in state PCT for this
 * caller or for anyone. Its entry is not looked at: if it was taken away while it waits, it
 * faults at 0. exo/core/ipc.c is the complete call, with all errors.
 */
pct_call:
    sd t1, 8(sp)
    sd t2, 16(sp)
    sltiu t0, a0, EXO_NENV
    beqz t0, pct_slow
    beqz a1, 1f
    bne a1, a0, pct_slow
1:  li t1, CTX_SIZE
    mul t1, t1, a0
    la t0, kernel_ctx
    add t0, t0, t1
    ld t1, CTX_STATE(t0) /* accept in the upper half */
    addi t1, t1, -STATE_PCT
    beqz t1, 2f
    lwu t2, CTX_ID(sp)
    slli t2, t2, 32
    bne t1, t2, pct_slow
2:  ld t1, CTX_SWITCH(t0)
    beqz t1, pct_slow
#include "switch.S"
    slli t2, a1, 32
    addi t2, t2, STATE_PCT
    sd t2, CTX_STATE(sp)
    li t2, STATE_READY
    sd t2, CTX_STATE(t0)
    sw a0, CTX_DONATED(sp)
    sw zero, CTX_DONATED(t0)
    ld t1, CTX_ARCH(sp)
    sd t0, M_KSP(t1)
    sw a0, M_CONTEXT(t1)
    ld t2, CTX_PCT_ENTRY(t0)
    sd t2, M_EPC(t1)
    lwu a0, CTX_ID(sp)
    ld t2, 16(sp)
    ld t1, 8(sp)
    ld t0, 0(sp)
    ecall

pct_slow:
    ld t2, 16(sp)
    ld t1, 8(sp)
    j slow

/* Every user register but t0 (ctx.scratch[0]) and sp is intact. */
    .type slow, @function
slow:
    ld t0, 0(sp)
    .irp n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    sd x\n, CTX_X(\n)(sp)
    .endr
    ld s0, CTX_ARCH(sp)
    ld t0, M_EPC(s0)
    sd t0, CTX_PC(sp)
    ld t0, M_USP(s0)
    sd t0, CTX_SP(sp)
    lwu a1, M_CAUSE(s0)
    mv a0, sp
    ld sp, CTX_KSTACK(sp)
    li fp, 0
    call kernel_trap

/* arch_resume(a0 = ctx) */
    .globl arch_resume
    .type arch_resume, @function
arch_resume:
    mv sp, a0
    li t0, M_CORE_BASE
    sd t0, CTX_ARCH(sp)
    sd sp, M_KSP(t0)
    ld t1, CTX_PC(sp)
    sd t1, M_EPC(t0)
    ld t1, CTX_SP(sp)
    sd t1, M_USP(t0)
    .irp n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    ld x\n, CTX_X(\n)(sp)
    .endr
    ecall
    .size arch_resume, .- arch_resume

/* For the files of exo/mmu (see entry.h). */
    .globl entry_exception, entry_give_up
    .set entry_exception, exception
    .set entry_give_up, slow
