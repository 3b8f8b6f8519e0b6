/* SPDX-License-Identifier: GPL-2.0-or-later */
/* entry_x86_64.S - start, trap entry and return of the test kernel. */
#include "machine.h"
    .section .text.start, "ax"
    .globl _start
_start:
    lea kstack_top(%rip), %rsp
    lea frame(%rip), %rdi
    call kernel_start
    syscall

    .text
    .globl kernel_vector
kernel_vector: /* rsp = KSP = frame: rax rdi rsi rdx r10 r8 r9 rcx r11 rbx rbp r12-r15 flags */
    mov %rax, (%rsp)
    mov %rdi, 8(%rsp)
    mov %rsi, 16(%rsp)
    mov %rdx, 24(%rsp)
    mov %r10, 32(%rsp)
    mov %r8, 40(%rsp)
    mov %r9, 48(%rsp)
    mov %rcx, 56(%rsp)
    mov %r11, 64(%rsp)
    mov %rbx, 72(%rsp)
    mov %rbp, 80(%rsp)
    mov %r12, 88(%rsp)
    mov %r13, 96(%rsp)
    mov %r14, 104(%rsp)
    mov %r15, 112(%rsp)
    mov %rsp, %rdi
    lea kstack_top(%rip), %rsp
    pushfq
    cld
    pop %rax
    mov %rax, 120(%rdi)
    call kernel_trap
    lea frame(%rip), %rsp
    mov 120(%rsp), %rax
    lea kstack_top(%rip), %rsp
    push %rax
    popfq
    lea frame(%rip), %rsp
    mov (%rsp), %rax
    mov 8(%rsp), %rdi
    mov 16(%rsp), %rsi
    mov 24(%rsp), %rdx
    mov 32(%rsp), %r10
    mov 40(%rsp), %r8
    mov 48(%rsp), %r9
    mov 56(%rsp), %rcx
    mov 64(%rsp), %r11
    mov 72(%rsp), %rbx
    mov 80(%rsp), %rbp
    mov 88(%rsp), %r12
    mov 96(%rsp), %r13
    mov 104(%rsp), %r14
    mov 112(%rsp), %r15
    syscall

    .globl fp_double
fp_double:
    .byte 0xf2, 0x0f, 0x58, 0xc9 /* addsd %xmm1, %xmm1 */
    ret

    .bss
    .balign 64
frame:
    .space 512
kstack:
    .space 4096
kstack_top:
