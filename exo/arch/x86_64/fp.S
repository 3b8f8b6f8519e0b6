// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fp.S - x86_64: arch_fp_save, arch_fp_restore: xmm0..xmm15, x87 state, MXCSR at ctx.fp.
 * An x87 exception that waits in the restored state is raised by the user's next x87
 * instruction; none runs here after frstor.
 */
#include "asm.h"
#include "regs.h"

    .text
    .globl arch_fp_save
    .type arch_fp_save, @function
arch_fp_save:
    movl $M_CORE_BASE, %eax
    movl $1, M_FPU(%rax)
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    movups %xmm\n, CTX_FP + 16 * \n(%rdi)
    .endr
    fnsave FP_X87(%rdi)
    stmxcsr FP_MXCSR(%rdi)
    movl $0, M_FPU(%rax)
    ret
    .size arch_fp_save, .- arch_fp_save

    .globl arch_fp_restore
    .type arch_fp_restore, @function
arch_fp_restore:
    movl $M_CORE_BASE, %eax
    movl $1, M_FPU(%rax)
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    movups CTX_FP + 16 * \n(%rdi), %xmm\n
    .endr
    frstor FP_X87(%rdi)
    ldmxcsr FP_MXCSR(%rdi)
    movl $0, M_FPU(%rax)
    ret
    .size arch_fp_restore, .- arch_fp_restore
