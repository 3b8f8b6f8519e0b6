// SPDX-License-Identifier: GPL-2.0-or-later
/* fp.S - riscv64: arch_fp_save, arch_fp_restore: f0..f31, then fcsr, at ctx.fp. */
#include "asm.h"

    .text
    .macro all_f insn
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    \insn f\n, 8*\n(a0)
    .endr
    .endm

    .globl arch_fp_save
    .type arch_fp_save, @function
arch_fp_save:
    li t0, M_CORE_BASE
    li t1, 1
    sw t1, M_FPU(t0)
    addi a0, a0, CTX_FP
    all_f fsd
    frcsr t1
    sd t1, 8*32(a0)
    sw zero, M_FPU(t0)
    ret
    .size arch_fp_save, .- arch_fp_save

    .globl arch_fp_restore
    .type arch_fp_restore, @function
arch_fp_restore:
    li t0, M_CORE_BASE
    li t1, 1
    sw t1, M_FPU(t0)
    addi a0, a0, CTX_FP
    all_f fld
    ld t1, 8*32(a0)
    fscsr t1
    sw zero, M_FPU(t0)
    ret
    .size arch_fp_restore, .- arch_fp_restore
