// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * start.S - mips32: reset. Every core comes here in kernel mode at physical addresses,
 * with nothing in its registers. Core 0 clears .bss; the others wait for it. Then each
 * core sets its vectors and enters kernel_start(core) on its own boot stack. Cores beyond
 * EXO_NCORE sleep.
 */
#include "asm.h"

    .set noreorder
    .set noat
    .section .text.start, "ax", @progbits
    .globl _start
    .type _start, @function
    .ent _start
_start:
    lui $s0, M_CORE_BASE >> 16
    lw $s1, M_COREID($s0)
    sltiu $t0, $s1, EXO_NCORE
    beqz $t0, park
    lui $s2, %hi(bss_cleared)
    bnez $s1, 2f
    addiu $s2, $s2, %lo(bss_cleared)

    lui $t0, %hi(kernel_bss)
    addiu $t0, $t0, %lo(kernel_bss)
    lui $t1, %hi(kernel_end)
    addiu $t1, $t1, %lo(kernel_end)
1:  sw $zero, 0($t0)
    addiu $t0, $t0, 8
    sltu $t2, $t0, $t1
    bnez $t2, 1b
    sw $zero, -4($t0)
    sync
    addiu $t0, $zero, 1
    sw $t0, 0($s2)
2:  lw $t0, 0($s2)
    beqz $t0, 2b
    nop
    sync

    lui $t0, %hi(kernel_stacks)
    addiu $t0, $t0, %lo(kernel_stacks)
    addiu $t1, $s1, 1
    sll $t1, $t1, KSTACK_SHIFT
    addu $sp, $t0, $t1
    lui $t0, %hi(vector)
    addiu $t0, $t0, %lo(vector)
    sw $t0, M_VECTOR($s0)
    addiu $sp, $sp, -32 /* home area of the callee's arguments */
    move $a0, $s1
    move $ra, $zero
    j kernel_start
    move $fp, $zero

park:
    sw $zero, M_WAIT($s0)
    b park
    nop
    .end _start
    .size _start, .- _start

    .section .data.start, "aw", @progbits
    .balign 4
bss_cleared: /* not in .bss itself */
    .word 0
