// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lrpc.S - riscv64: protected control transfer, FP state for signal handlers, a foreign trap.
 *
 *   exos_pct(number, env, accept, msg[4])  pct_call / pct_wait with four words; returns when
 *                                          somebody enters, his environment number
 *   upcall_pct_entry                       where he enters: registers are his, sp is not ours
 *   port_fp_save(p), port_fp_restore(p)    ISA_FP_BYTES of FP state
 *   port_trap(number, arg)                 a system call that is not the kernel's
 */
#include "layout.h"
#define FRAME 224

    .section .text.exos_pct, "ax", @progbits
    .globl exos_pct, upcall_pct_entry
    .type exos_pct, @function
exos_pct:
    addi sp, sp, -FRAME
    sd a3, 0(sp)
    sd ra, 8(sp)
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11
    sd s\n, 16 + 8 * \n(sp)
    fsd fs\n, 112 + 8 * \n(sp)
    .endr
    lui t0, L_UPAGE >> 12
    sd sp, SELF_PCT_SP(t0)
    mv t1, a3
    mv a7, a0
    mv a0, a1
    mv a1, a2
    ld a2, 0(t1)
    ld a3, 8(t1)
    ld a4, 16(t1)
    ld a5, 24(t1)
    ecall
    j 1f /* refused: a0 says why */
upcall_pct_entry:
    lui t0, L_UPAGE >> 12
    ld sp, SELF_PCT_SP(t0)
    ld t1, 0(sp)
    sd a2, 0(t1)
    sd a3, 8(t1)
    sd a4, 16(t1)
    sd a5, 24(t1)
1:  ld ra, 8(sp)
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11
    ld s\n, 16 + 8 * \n(sp)
    fld fs\n, 112 + 8 * \n(sp)
    .endr
    addi sp, sp, FRAME
    ret
    .size exos_pct, .- exos_pct

    .section .text.port_fp_save, "ax", @progbits
    .globl port_fp_save
    .type port_fp_save, @function
port_fp_save:
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fsd f\n, 8 * \n(a0)
    .endr
    frcsr t0
    sd t0, 256(a0)
    ret
    .size port_fp_save, .- port_fp_save

    .section .text.port_fp_restore, "ax", @progbits
    .globl port_fp_restore
    .type port_fp_restore, @function
port_fp_restore:
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fld f\n, 8 * \n(a0)
    .endr
    ld t0, 256(a0)
    fscsr t0
    ret
    .size port_fp_restore, .- port_fp_restore

    .section .text.port_trap, "ax", @progbits
    .globl port_trap
    .type port_trap, @function
port_trap:
    mv a7, a0
    mv a0, a1
    ecall
    ret
    .size port_trap, .- port_trap
