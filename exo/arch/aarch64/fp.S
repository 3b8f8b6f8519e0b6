// SPDX-License-Identifier: GPL-2.0-or-later
/* fp.S - aarch64: arch_fp_save, arch_fp_restore: q0..q31, FPSR, FPCR, TPIDR_EL0 at
 * ctx.fp. */
#include "asm.h"
#include "regs.h"

    .text
    .macro pair insn a b
    \insn q\a, q\b, [x0, #16 * \a]
    .endm
    .macro all_q insn
    pair \insn 0 1
    pair \insn 2 3
    pair \insn 4 5
    pair \insn 6 7
    pair \insn 8 9
    pair \insn 10 11
    pair \insn 12 13
    pair \insn 14 15
    pair \insn 16 17
    pair \insn 18 19
    pair \insn 20 21
    pair \insn 22 23
    pair \insn 24 25
    pair \insn 26 27
    pair \insn 28 29
    pair \insn 30 31
    .endm

    .globl arch_fp_save
    .type arch_fp_save, @function
arch_fp_save:
    movz x1, #M_CORE_BASE >> 16, lsl #16
    mov w2, #1
    str w2, [x1, #M_FPU]
    add x0, x0, #CTX_FP
    all_q stp
    mrs x2, fpsr
    mrs x3, fpcr
    str x2, [x0, #FP_FPSR - CTX_FP]
    str x3, [x0, #FP_FPCR - CTX_FP]
    mrs x2, tpidr_el0
    str x2, [x0, #FP_TPIDR - CTX_FP]
    str wzr, [x1, #M_FPU]
    ret
    .size arch_fp_save, .- arch_fp_save

    .globl arch_fp_restore
    .type arch_fp_restore, @function
arch_fp_restore:
    movz x1, #M_CORE_BASE >> 16, lsl #16
    mov w2, #1
    str w2, [x1, #M_FPU]
    add x0, x0, #CTX_FP
    all_q ldp
    ldr x2, [x0, #FP_FPSR - CTX_FP]
    ldr x3, [x0, #FP_FPCR - CTX_FP]
    msr fpsr, x2
    msr fpcr, x3
    ldr x2, [x0, #FP_TPIDR - CTX_FP]
    msr tpidr_el0, x2
    str wzr, [x1, #M_FPU]
    ret
    .size arch_fp_restore, .- arch_fp_restore
