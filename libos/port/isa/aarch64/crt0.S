// SPDX-License-Identifier: GPL-2.0-or-later
/* crt0.S - aarch64: first instructions of a program. x0 = struct exo_args. */
    .section .text._start, "ax", @progbits
    .globl _start
    .type _start, @function
_start:
    mov x9, sp
    and sp, x9, #-16
    mov x29, xzr
    mov x30, xzr
    b exos_start
    .size _start, .- _start
