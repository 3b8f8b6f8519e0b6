// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * start.S - x86_64: reset. Every core comes here in 64-bit kernel mode at physical
 * addresses, with nothing in its registers. Core 0 clears .bss; the others wait for it.
 * Then each core sets its vectors and enters kernel_start(core) on its own boot stack.
 * Cores beyond EXO_NCORE sleep.
 */
#include "asm.h"

    .section .text.start, "ax", @progbits
    .globl _start
    .type _start, @function
_start:
    movl $M_CORE_BASE, %ebx
    movl M_COREID(%rbx), %ebp
    cmpl $EXO_NCORE, %ebp
    jae park
    testl %ebp, %ebp
    jnz 2f

    movl $kernel_bss, %edi
    movl $kernel_end, %ecx
    subl %edi, %ecx
    shrl $3, %ecx
    xorl %eax, %eax
    cld
    rep stosq
    movl $1, bss_cleared
2:  pause
    cmpl $0, bss_cleared
    je 2b

    leal 1(%rbp), %esp
    shll $KSTACK_SHIFT, %esp
    addq $kernel_stacks, %rsp
    movl $vector, M_VECTOR(%rbx)
    movl %ebp, %edi
    xorl %ebp, %ebp
    pushq $0
    jmp kernel_start

park:
    movl $0, M_WAIT(%rbx)
    jmp park
    .size _start, .- _start

    .section .data.start, "aw", @progbits
    .balign 4
bss_cleared: /* not in .bss itself */
    .long 0
