// SPDX-License-Identifier: GPL-2.0-or-later
/* crt0.S - riscv64: first instructions of a program. a0 = struct exo_args. */
    .section .text._start, "ax", @progbits
    .globl _start
    .type _start, @function
_start:
    andi sp, sp, -16
    li ra, 0
    li s0, 0
    tail exos_start
    .size _start, .- _start
