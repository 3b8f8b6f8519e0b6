// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lrpc.S - mips32: protected control transfer, FP state for signal handlers, a foreign trap.
 *
 *   exos_pct(number, env, accept, msg[4])  pct_call / pct_wait with four words; returns when
 *                                          somebody enters, his environment number
 *   upcall_pct_entry                       where he enters: registers are his, sp is not ours
 *   port_fp_save(p), port_fp_restore(p)    ISA_FP_BYTES of FP state
 *   port_trap(number, arg)                 a system call that is not the kernel's
 */
#include "layout.h"
#define FRAME 96

    .set noreorder
    .section .text.exos_pct, "ax", @progbits
    .globl exos_pct, upcall_pct_entry
    .type exos_pct, @function
    .ent exos_pct
exos_pct:
    addiu $sp, $sp, -FRAME
    sw $a3, 0($sp)
    sw $ra, 4($sp)
    .irp n, 16,17,18,19,20,21,22,23
    sw $\n, 8 + 4 * (\n - 16)($sp)
    .endr
    sw $fp, 40($sp)
    .irp n, 20,21,22,23,24,25,26,27,28,29,30,31
    swc1 $f\n, 48 + 4 * (\n - 20)($sp)
    .endr
    lui $t2, L_UPAGE >> 16
    sw $sp, SELF_PCT_SP($t2)
    move $t3, $a3
    move $v0, $a0
    move $a0, $a1
    move $a1, $a2
    lw $a2, 0($t3)
    lw $a3, 4($t3)
    lw $t0, 8($t3)
    lw $t1, 12($t3)
    syscall
    b 1f /* refused: v0 says why */
    nop
upcall_pct_entry:
    lui $t2, L_UPAGE >> 16
    lw $sp, SELF_PCT_SP($t2)
    lw $t3, 0($sp)
    sw $a2, 0($t3)
    sw $a3, 4($t3)
    sw $t0, 8($t3)
    sw $t1, 12($t3)
1:  lw $ra, 4($sp)
    .irp n, 16,17,18,19,20,21,22,23
    lw $\n, 8 + 4 * (\n - 16)($sp)
    .endr
    lw $fp, 40($sp)
    .irp n, 20,21,22,23,24,25,26,27,28,29,30,31
    lwc1 $f\n, 48 + 4 * (\n - 20)($sp)
    .endr
    jr $ra
    addiu $sp, $sp, FRAME
    .end exos_pct
    .size exos_pct, .- exos_pct

    .section .text.port_fp_save, "ax", @progbits
    .globl port_fp_save
    .type port_fp_save, @function
    .ent port_fp_save
port_fp_save:
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    swc1 $f\n, 4 * \n($a0)
    .endr
    cfc1 $t0, $31
    jr $ra
    sw $t0, 128($a0)
    .end port_fp_save
    .size port_fp_save, .- port_fp_save

    .section .text.port_fp_restore, "ax", @progbits
    .globl port_fp_restore
    .type port_fp_restore, @function
    .ent port_fp_restore
port_fp_restore:
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    lwc1 $f\n, 4 * \n($a0)
    .endr
    lw $t0, 128($a0)
    jr $ra
    ctc1 $t0, $31
    .end port_fp_restore
    .size port_fp_restore, .- port_fp_restore

    .section .text.port_trap, "ax", @progbits
    .globl port_trap
    .type port_trap, @function
    .ent port_trap
port_trap:
    move $v0, $a0
    move $a0, $a1
    syscall
    jr $ra
    nop
    .end port_trap
    .size port_trap, .- port_trap
