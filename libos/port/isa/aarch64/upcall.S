// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * upcall.S - aarch64: where the kernel enters the library, and the way back.
 *
 *   upcall_exception_entry, upcall_revoke_entry   save all, run C on the upcall stack, resume
 *   upcall_epilogue_entry, upcall_prologue_entry  save all, slice_end ... resume
 *   port_resume(ctx)                              go on with a struct exos_context
 *
 * At entry x9 x10 x11 x8 are free (their values are in the upage). A nested upcall finds sp on
 * the upcall stack and goes on below it. Until busy is cleared nothing may fault: only the
 * upage, the upcall stack and this text are touched, all wired on a software TLB.
 */
#include "layout.h"
#include "mark.h"

#define F(field) ((field) * 8)
#define R(reg) ((CTX_REG + (reg)) * 8)
#define CTX_SIZE (CTX_WORDS * 8)

/* x9 = upage, x11 = sp = new context on the upcall stack, all saved. */
    .macro SAVE
    movz x9, #(L_UPAGE >> 16), lsl #16
    movz x10, #(L_UPSTACK >> 16), lsl #16
    mov x11, sp
    sub x10, x11, x10
    lsr x10, x10, #16
    cbz x10, 1f
    ldr x11, [x9, #SELF_UPSTACK_TOP]
1:  sub x11, x11, #CTX_SIZE
    stp x0, x1, [x11, #R(0)]
    stp x2, x3, [x11, #R(2)]
    stp x4, x5, [x11, #R(4)]
    stp x6, x7, [x11, #R(6)]
    stp x12, x13, [x11, #R(12)]
    stp x14, x15, [x11, #R(14)]
    stp x16, x17, [x11, #R(16)]
    stp x18, x19, [x11, #R(18)]
    stp x20, x21, [x11, #R(20)]
    stp x22, x23, [x11, #R(22)]
    stp x24, x25, [x11, #R(24)]
    stp x26, x27, [x11, #R(26)]
    stp x28, x29, [x11, #R(28)]
    str x30, [x11, #R(30)]
    ldp x8, x10, [x9, #UP_EPC]
    stp x8, x10, [x11, #F(CTX_PC)]
    ldr w8, [x9, #UP_CAUSE]
    ldr x10, [x9, #UP_BADVADDR]
    stp x8, x10, [x11, #F(CTX_CAUSE)]
    mrs x8, nzcv
    str x8, [x11, #F(CTX_FLAGS)]
    ldp x8, x10, [x9, #UP_SCRATCH]
    stp x8, x10, [x11, #R(9)]
    ldp x8, x10, [x9, #UP_SCRATCH + 16]
    str x8, [x11, #R(11)]
    str x10, [x11, #R(8)]
    mov sp, x11
    .endm

    .macro UPCALL name, handler
    .globl \name
    .type \name, @function
\name:
    SAVE
    str wzr, [x9, #UP_BUSY]
    mov x0, sp
    bl \handler
    mov x0, sp
    b port_resume
    .size \name, .- \name
    .endm

    .section .text.wired, "ax", @progbits
    UPCALL upcall_exception_entry, upcall_exception
    UPCALL upcall_revoke_entry, upcall_revoke

    .globl upcall_epilogue_entry
    .type upcall_epilogue_entry, @function
upcall_epilogue_entry:
    SAVE
    str x11, [x9, #SELF_SLICE_CTX]
    MARK_NUMBER CALL_SLICE_END
    mov w8, #CALL_SLICE_END
    svc 0
    mov x0, sp
    b port_resume
    .size upcall_epilogue_entry, .- upcall_epilogue_entry

    .globl upcall_prologue_entry
    .type upcall_prologue_entry, @function
upcall_prologue_entry:
    movz x9, #(L_UPAGE >> 16), lsl #16
    ldr x10, [x9, #SELF_SLICE_CTX]
    mov sp, x10
    str wzr, [x9, #UP_BUSY]
    mov x0, sp
    bl upcall_prologue
    mov x0, sp
    /* falls through */
    .size upcall_prologue_entry, .- upcall_prologue_entry

    .globl port_resume
    .type port_resume, @function
port_resume:
    movz x9, #(L_UPAGE >> 16), lsl #16
    mov w10, #1
    str w10, [x9, #UP_BUSY]
    ldp x10, x11, [x0, #F(CTX_PC)]
    stp x10, x11, [x9, #UP_EPC]
    ldp x10, x11, [x0, #R(9)]
    stp x10, x11, [x9, #UP_SCRATCH]
    ldr x10, [x0, #R(11)]
    ldr x11, [x0, #R(8)]
    stp x10, x11, [x9, #UP_SCRATCH + 16]
    ldr x10, [x0, #F(CTX_FLAGS)]
    msr nzcv, x10
    ldp x2, x3, [x0, #R(2)]
    ldp x4, x5, [x0, #R(4)]
    ldp x6, x7, [x0, #R(6)]
    ldp x12, x13, [x0, #R(12)]
    ldp x14, x15, [x0, #R(14)]
    ldp x16, x17, [x0, #R(16)]
    ldp x18, x19, [x0, #R(18)]
    ldp x20, x21, [x0, #R(20)]
    ldp x22, x23, [x0, #R(22)]
    ldp x24, x25, [x0, #R(24)]
    ldp x26, x27, [x0, #R(26)]
    ldp x28, x29, [x0, #R(28)]
    ldr x30, [x0, #R(30)]
    ldp x0, x1, [x0, #R(0)]
    MARK_NUMBER CALL_EXC_RETURN
    mov w8, #CALL_EXC_RETURN
    svc 0
    brk 0 /* the kernel refused: nothing left to do */
    .size port_resume, .- port_resume
