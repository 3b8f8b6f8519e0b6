// SPDX-License-Identifier: GPL-2.0-or-later
/* fp.S - mips32: arch_fp_save, arch_fp_restore: $f0..$f31, FCSR at ctx.fp. */
#include "asm.h"
#include "regs.h"

    .set noreorder
    .set hardfloat
    .text
    .macro all_f insn
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    \insn $f\n, CTX_FP + 4 * \n($a0)
    .endr
    .endm

    .globl arch_fp_save
    .type arch_fp_save, @function
arch_fp_save:
    lui $t0, M_CORE_BASE >> 16
    addiu $t1, $zero, 1
    sw $t1, M_FPU($t0)
    all_f swc1
    cfc1 $t1, $31
    sw $t1, FP_FCSR($a0)
    jr $ra
    sw $zero, M_FPU($t0)
    .size arch_fp_save, .- arch_fp_save

    .globl arch_fp_restore
    .type arch_fp_restore, @function
arch_fp_restore:
    lui $t0, M_CORE_BASE >> 16
    addiu $t1, $zero, 1
    sw $t1, M_FPU($t0)
    all_f lwc1
    lw $t1, FP_FCSR($a0)
    lui $t2, FCSR_CAUSE >> 16
    ori $t2, $t2, FCSR_CAUSE & 0xffff
    nor $t2, $t2, $zero
    and $t1, $t1, $t2
    ctc1 $t1, $31
    jr $ra
    sw $zero, M_FPU($t0)
    .size arch_fp_restore, .- arch_fp_restore
