/* SPDX-License-Identifier: GPL-2.0-or-later */
/* entry_riscv64.S - start, trap entry and return of the test kernel. x0's slot is unused. */
#include "machine.h"
    .section .text.start, "ax"
    .globl _start
_start:
    la sp, kstack_top
    la a0, frame
    call kernel_start
    ecall

    .text
    .balign 4
    .globl kernel_vector
kernel_vector: /* sp = KSP = frame */
    sd x1, 8(sp)
    .irp n, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    sd x\n, 8 * \n(sp)
    .endr
    mv a0, sp
    la sp, kstack_top
    call kernel_trap
    la sp, frame
    ld x1, 8(sp)
    .irp n, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    ld x\n, 8 * \n(sp)
    .endr
    ecall

    .globl fp_double
fp_double:
    .word 0x0210f0d3 /* fadd.d f1, f1, f1: kernel code is assembled without FP */
    ret

    .bss
    .balign 64
frame:
    .space 512
kstack:
    .space 4096
kstack_top:
