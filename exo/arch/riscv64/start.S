// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * start.S - riscv64: reset. Every core comes here in kernel mode at physical addresses,
 * with nothing in its registers. Core 0 clears .bss; the others wait for it. Then each
 * core sets its vectors and enters kernel_start(core) on its own boot stack. Cores beyond
 * EXO_NCORE sleep.
 */
#include "asm.h"

    .section .text.start, "ax", @progbits
    .globl _start
    .type _start, @function
_start:
    li s0, M_CORE_BASE
    lw s1, M_COREID(s0)
    li t0, EXO_NCORE
    bgeu s1, t0, park
    la s2, bss_cleared
    bnez s1, 3f

    la t0, kernel_bss
    la t1, kernel_end
1:  bgeu t0, t1, 2f
    sd zero, 0(t0)
    addi t0, t0, 8
    j 1b
2:  fence rw, rw
    li t0, 1
    sw t0, 0(s2)
3:  lw t0, 0(s2)
    beqz t0, 3b
    fence rw, rw

    la t0, kernel_stacks
    addi t1, s1, 1
    slli t1, t1, KSTACK_SHIFT
    add sp, t0, t1
    la t0, vector
    sw t0, M_VECTOR(s0)
    mv a0, s1
    li ra, 0
    li fp, 0
    tail kernel_start

park:
    sw zero, M_WAIT(s0)
    j park
    .size _start, .- _start

    .section .data.start, "aw", @progbits
    .balign 4
bss_cleared: /* not in .bss itself */
    .word 0
