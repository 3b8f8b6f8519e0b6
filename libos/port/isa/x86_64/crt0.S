// SPDX-License-Identifier: GPL-2.0-or-later
/* crt0.S - x86_64: first instructions of a program. rdi = struct exo_args. */
    .section .text._start, "ax", @progbits
    .globl _start
    .type _start, @function
_start:
    andq $-16, %rsp
    xorl %ebp, %ebp
    pushq $0
    jmp exos_start
    .size _start, .- _start
