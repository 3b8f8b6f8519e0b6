// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lrpc.S - aarch64: protected control transfer, FP state for signal handlers, a foreign trap.
 *
 *   exos_pct(number, env, accept, msg[4])  pct_call / pct_wait with four words; returns when
 *                                          somebody enters, his environment number
 *   upcall_pct_entry                       where he enters: registers are his, sp is not ours
 *   port_fp_save(p), port_fp_restore(p)    ISA_FP_BYTES of FP state
 *   port_trap(number, arg)                 a system call that is not the kernel's
 */
#include "layout.h"

    .section .text.exos_pct, "ax", @progbits
    .globl exos_pct, upcall_pct_entry
    .type exos_pct, @function
exos_pct:
    stp x3, x30, [sp, #-176]!
    stp x19, x20, [sp, #16]
    stp x21, x22, [sp, #32]
    stp x23, x24, [sp, #48]
    stp x25, x26, [sp, #64]
    stp x27, x28, [sp, #80]
    str x29, [sp, #96]
    stp d8, d9, [sp, #112]
    stp d10, d11, [sp, #128]
    stp d12, d13, [sp, #144]
    stp d14, d15, [sp, #160]
    movz x9, #(L_UPAGE >> 16), lsl #16
    mov x10, sp
    str x10, [x9, #SELF_PCT_SP]
    mov x10, x3
    mov x8, x0
    mov x0, x1
    mov x1, x2
    ldp x2, x3, [x10]
    ldp x4, x5, [x10, #16]
    svc 0
    b 1f /* refused: x0 says why */
upcall_pct_entry:
    movz x9, #(L_UPAGE >> 16), lsl #16
    ldr x10, [x9, #SELF_PCT_SP]
    mov sp, x10
    ldr x10, [sp]
    stp x2, x3, [x10]
    stp x4, x5, [x10, #16]
1:  ldp x19, x20, [sp, #16]
    ldp x21, x22, [sp, #32]
    ldp x23, x24, [sp, #48]
    ldp x25, x26, [sp, #64]
    ldp x27, x28, [sp, #80]
    ldr x29, [sp, #96]
    ldp d8, d9, [sp, #112]
    ldp d10, d11, [sp, #128]
    ldp d12, d13, [sp, #144]
    ldp d14, d15, [sp, #160]
    ldp x3, x30, [sp], #176
    ret
    .size exos_pct, .- exos_pct

    .section .text.port_fp_save, "ax", @progbits
    .globl port_fp_save
    .type port_fp_save, @function
port_fp_save:
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    str q\n, [x0, #16 * \n]
    .endr
    add x0, x0, #512
    mrs x9, fpcr
    mrs x10, fpsr
    stp x9, x10, [x0]
    ret
    .size port_fp_save, .- port_fp_save

    .section .text.port_fp_restore, "ax", @progbits
    .globl port_fp_restore
    .type port_fp_restore, @function
port_fp_restore:
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    ldr q\n, [x0, #16 * \n]
    .endr
    add x0, x0, #512
    ldp x9, x10, [x0]
    msr fpcr, x9
    msr fpsr, x10
    ret
    .size port_fp_restore, .- port_fp_restore

    .section .text.port_trap, "ax", @progbits
    .globl port_trap
    .type port_trap, @function
port_trap:
    mov x8, x0
    mov x0, x1
    svc 0
    ret
    .size port_trap, .- port_trap
