// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * upcall.S - mips32: where the kernel enters the library, and the way back.
 *
 *   upcall_exception_entry, upcall_revoke_entry   save all, run C on the upcall stack, resume
 *   upcall_epilogue_entry, upcall_prologue_entry  save all, slice_end ... resume
 *   port_resume(ctx)                              go on with a struct exos_context
 *
 * At entry k0 k1 t8 v0 are free (their values are in the upage). A nested upcall finds sp on the
 * upcall stack and goes on below it. Until busy is cleared nothing may fault: only the upage,
 * the upcall stack and this text are touched, all of them wired on a software TLB. $1 is at,
 * $2 v0, $24 t8, $26 k0, $27 k1, $29 sp; 16 bytes below the context are the handler's home area.
 */
#include "layout.h"
#include "mark.h"

#define F(field) ((field) * 4)
#define R(reg) ((CTX_REG + (reg)) * 4)
#define CTX_SIZE (CTX_WORDS * 4)

    .set noreorder
    .set noat

/* k0 = upage, sp = new context on the upcall stack, all saved. */
    .macro SAVE
    lui $26, L_UPAGE >> 16
    lui $27, L_UPSTACK >> 16
    subu $24, $sp, $27
    srl $24, $24, 16
    beqz $24, 1f
    move $27, $sp
    lw $27, SELF_UPSTACK_TOP($26)
1:  addiu $27, $27, -CTX_SIZE
    .irp n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,25,28,30,31
    sw $\n, R(\n)($27)
    .endr
    mfhi $24
    mflo $2
    sw $24, F(CTX_HI)($27)
    sw $2, F(CTX_LO)($27)
    lw $24, UP_EPC($26)
    lw $2, UP_SP($26)
    sw $24, F(CTX_PC)($27)
    sw $2, F(CTX_SP)($27)
    lw $24, UP_CAUSE($26)
    lw $2, UP_BADVADDR($26)
    sw $24, F(CTX_CAUSE)($27)
    sw $2, F(CTX_BADVADDR)($27)
    lw $24, UP_SCRATCH($26)
    lw $2, UP_SCRATCH + 8($26)
    sw $24, R(26)($27)
    sw $2, R(27)($27)
    lw $24, UP_SCRATCH + 16($26)
    lw $2, UP_SCRATCH + 24($26)
    sw $24, R(24)($27)
    sw $2, R(2)($27)
    move $sp, $27
    .endm

    .macro UPCALL name, handler
    .globl \name
    .type \name, @function
    .ent \name
\name:
    SAVE
    sw $zero, UP_BUSY($26)
    move $16, $sp
    move $4, $sp
    jal \handler
    addiu $sp, $sp, -16
    j port_resume
    move $4, $16
    .end \name
    .size \name, .- \name
    .endm

    .section .text.wired, "ax", @progbits
    UPCALL upcall_exception_entry, upcall_exception
    UPCALL upcall_revoke_entry, upcall_revoke

    .globl upcall_epilogue_entry
    .type upcall_epilogue_entry, @function
    .ent upcall_epilogue_entry
upcall_epilogue_entry:
    SAVE
    sw $sp, SELF_SLICE_CTX($26)
    MARK_NUMBER CALL_SLICE_END
    addiu $2, $zero, CALL_SLICE_END
    syscall
    j port_resume
    move $4, $sp
    .end upcall_epilogue_entry
    .size upcall_epilogue_entry, .- upcall_epilogue_entry

    .globl upcall_prologue_entry
    .type upcall_prologue_entry, @function
    .ent upcall_prologue_entry
upcall_prologue_entry:
    lui $26, L_UPAGE >> 16
    lw $sp, SELF_SLICE_CTX($26)
    sw $zero, UP_BUSY($26)
    move $16, $sp
    move $4, $sp
    jal upcall_prologue
    addiu $sp, $sp, -16
    move $4, $16
    /* falls through */
    .end upcall_prologue_entry
    .size upcall_prologue_entry, .- upcall_prologue_entry

    .globl port_resume
    .type port_resume, @function
    .ent port_resume
port_resume:
    lui $26, L_UPAGE >> 16
    addiu $27, $zero, 1
    sw $27, UP_BUSY($26)
    lw $24, F(CTX_PC)($4)
    lw $2, F(CTX_SP)($4)
    sw $24, UP_EPC($26)
    sw $2, UP_SP($26)
    lw $24, R(26)($4)
    lw $2, R(27)($4)
    sw $24, UP_SCRATCH($26)
    sw $2, UP_SCRATCH + 8($26)
    lw $24, R(24)($4)
    lw $2, R(2)($4)
    sw $24, UP_SCRATCH + 16($26)
    sw $2, UP_SCRATCH + 24($26)
    lw $24, F(CTX_HI)($4)
    lw $2, F(CTX_LO)($4)
    mthi $24
    mtlo $2
    .irp n, 1,3,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,25,28,30,31,4
    lw $\n, R(\n)($4)
    .endr
    MARK_NUMBER CALL_EXC_RETURN
    addiu $2, $zero, CALL_EXC_RETURN
    syscall
    break /* the kernel refused: nothing left to do */
    .end port_resume
    .size port_resume, .- port_resume
