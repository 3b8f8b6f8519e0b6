// SPDX-License-Identifier: GPL-2.0-or-later
/* x86_64.S - probe.h for x86_64. Register numbers are those of the encoding. */
#define UPAGE 0x7e000000 /* EXO_UPAGE_VA; paths.c asserts */

    .text
    .globl _start
_start:
    andq $-16, %rsp
    call program

    .macro probe name:req
    .globl probe_\name
probe_\name:
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, old_sp(%rip)
    movq %rsi, %rsp
    movq 0(%rdi), %rax
    movq 8(%rdi), %rcx
    movq 16(%rdi), %rdx
    movq 24(%rdi), %rbx
    movq 40(%rdi), %rbp
    movq 48(%rdi), %rsi
    .irp n, 8,9,10,11,12,13,14,15
    movq 8*\n(%rdi), %r\n
    .endr
    movq 56(%rdi), %rdi
    .endm

    probe call
    syscall
    jmp done

    probe break
    int3
    jmp done

    probe store
    movq %rbp, (%rbx)
    jmp done

    probe spin
1:  decq %r12
    jnz 1b
    jmp done

    .globl pct_resume
pct_resume:
done:
    movq %rax, 0(%rsp)
    movq %rcx, 8(%rsp)
    movq %rdx, 16(%rsp)
    movq %rbx, 24(%rsp)
    movq %rbp, 40(%rsp)
    movq %rsi, 48(%rsp)
    movq %rdi, 56(%rsp)
    .irp n, 8,9,10,11,12,13,14,15
    movq %r\n, 8*\n(%rsp)
    .endr
    movq old_sp(%rip), %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    ret

    .globl trap_handler
trap_handler: /* rcx rdx r11 rax are free, flags are not */
    movl $UPAGE, %ecx
    leaq trap_log(%rip), %rdx
    .irp n, 0,1,2,3,4,5,6,7
    movq 16 + 8 * \n(%rcx), %rax
    movq %rax, 8 * \n(%rdx)
    .endr
    movl trap_count(%rip), %eax
    leal 1(%rax), %eax
    movl %eax, trap_count(%rip)
    movl trap_skip(%rip), %eax
    movq 16(%rcx), %rdx
    leaq (%rdx, %rax), %rdx
    movq %rdx, 16(%rcx)
    movl $0x2003, %eax
    syscall

    .globl pct_reply
pct_reply: /* rax = caller */
    movl %eax, %edi
    xorl %esi, %esi
    movl $0x2005, %eax
    syscall
    movl $0x200f, %eax /* it refused: exit */
    syscall

    .globl probe_fp_load, probe_fp_store
probe_fp_load:
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    movups 16*\n(%rdi), %xmm\n
    .endr
    ret
probe_fp_store:
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    movups %xmm\n, 16*\n(%rdi)
    .endr
    ret

    .section .rodata
    .globl probe_isa, probe_fp_bytes
    .balign 4
probe_isa:
    .long 16, 0x10
    .byte 0, 0, 2, 7, 6, 3, 12
    .byte 3, 1, 0
    .balign 4
probe_fp_bytes:
    .long 256

    .bss
    .globl trap_log, trap_count, trap_skip
    .balign 8
trap_log: .skip 64
old_sp: .skip 8
trap_count: .skip 4
trap_skip: .skip 4
