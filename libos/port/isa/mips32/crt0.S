// SPDX-License-Identifier: GPL-2.0-or-later
/* crt0.S - mips32: first instructions of a program. a0 = struct exo_args. */
    .set noreorder
    .section .text._start, "ax", @progbits
    .globl _start
    .type _start, @function
    .ent _start
_start:
    addiu $t0, $zero, -16
    and $sp, $sp, $t0
    addiu $sp, $sp, -32 /* home area of the callee's arguments */
    move $ra, $zero
    j exos_start
    move $fp, $zero
    .end _start
    .size _start, .- _start
