// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * upcall.S - riscv64: where the kernel enters the library, and the way back.
 *
 *   upcall_exception_entry, upcall_revoke_entry   save all, run C on the upcall stack, resume
 *   upcall_epilogue_entry, upcall_prologue_entry  save all, slice_end ... resume
 *   port_resume(ctx)                              go on with a struct exos_context
 *
 * At entry t0 t1 t2 a7 are free (their values are in the upage). A nested upcall finds sp on the
 * upcall stack and goes on below it. Until busy is cleared nothing may fault: only the upage,
 * the upcall stack and this text are touched, all of them wired on a software TLB.
 */
#include "layout.h"
#include "mark.h"

#define F(field) ((field) * 8)
#define R(reg) ((CTX_REG + (reg)) * 8)
#define CTX_SIZE (CTX_WORDS * 8)

/* t0 = upage, t1 = new context on the upcall stack, all saved. */
    .macro SAVE
    lui t0, L_UPAGE >> 12
    lui t1, L_UPSTACK >> 12
    sub t2, sp, t1
    srli t2, t2, 16
    mv t1, sp
    beqz t2, 1f
    ld t1, SELF_UPSTACK_TOP(t0)
1:  addi t1, t1, -CTX_SIZE
    sd x1, R(1)(t1)
    sd x3, R(3)(t1)
    sd x4, R(4)(t1)
    .irp n, 8,9,10,11,12,13,14,15,16,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    sd x\n, R(\n)(t1)
    .endr
    ld t2, UP_EPC(t0)
    ld a7, UP_SP(t0)
    sd t2, F(CTX_PC)(t1)
    sd a7, F(CTX_SP)(t1)
    lwu t2, UP_CAUSE(t0)
    ld a7, UP_BADVADDR(t0)
    sd t2, F(CTX_CAUSE)(t1)
    sd a7, F(CTX_BADVADDR)(t1)
    ld t2, UP_SCRATCH(t0)
    ld a7, UP_SCRATCH + 8(t0)
    sd t2, R(5)(t1)
    sd a7, R(6)(t1)
    ld t2, UP_SCRATCH + 16(t0)
    ld a7, UP_SCRATCH + 24(t0)
    sd t2, R(7)(t1)
    sd a7, R(17)(t1)
    mv sp, t1
    .endm

    .macro UPCALL name, handler
    .globl \name
    .type \name, @function
\name:
    SAVE
    sw zero, UP_BUSY(t0)
    mv a0, sp
    call \handler
    mv a0, sp
    j port_resume
    .size \name, .- \name
    .endm

    .section .text.wired, "ax", @progbits
    UPCALL upcall_exception_entry, upcall_exception
    UPCALL upcall_revoke_entry, upcall_revoke

    .globl upcall_epilogue_entry
    .type upcall_epilogue_entry, @function
upcall_epilogue_entry:
    SAVE
    sd sp, SELF_SLICE_CTX(t0)
    MARK_NUMBER CALL_SLICE_END
    li a7, CALL_SLICE_END
    ecall
    mv a0, sp
    j port_resume
    .size upcall_epilogue_entry, .- upcall_epilogue_entry

    .globl upcall_prologue_entry
    .type upcall_prologue_entry, @function
upcall_prologue_entry:
    lui t0, L_UPAGE >> 12
    ld sp, SELF_SLICE_CTX(t0)
    sw zero, UP_BUSY(t0)
    mv a0, sp
    call upcall_prologue
    mv a0, sp
    /* falls through */
    .size upcall_prologue_entry, .- upcall_prologue_entry

    .globl port_resume
    .type port_resume, @function
port_resume:
    lui t0, L_UPAGE >> 12
    li t1, 1
    sw t1, UP_BUSY(t0)
    ld t1, F(CTX_PC)(a0)
    ld t2, F(CTX_SP)(a0)
    sd t1, UP_EPC(t0)
    sd t2, UP_SP(t0)
    ld t1, R(5)(a0)
    ld t2, R(6)(a0)
    sd t1, UP_SCRATCH(t0)
    sd t2, UP_SCRATCH + 8(t0)
    ld t1, R(7)(a0)
    ld t2, R(17)(a0)
    sd t1, UP_SCRATCH + 16(t0)
    sd t2, UP_SCRATCH + 24(t0)
    ld x1, R(1)(a0)
    ld x3, R(3)(a0)
    ld x4, R(4)(a0)
    .irp n, 8,9,11,12,13,14,15,16,18,19,20,21,22,23,24,25,26,27,28,29,30,31,10
    ld x\n, R(\n)(a0)
    .endr
    MARK_NUMBER CALL_EXC_RETURN
    li a7, CALL_EXC_RETURN
    ecall
    ebreak /* the kernel refused: nothing left to do */
    .size port_resume, .- port_resume
