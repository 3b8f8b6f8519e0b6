// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lrpc.S - x86_64: protected control transfer, FP state for signal handlers, a foreign trap.
 *
 *   exos_pct(number, env, accept, msg[4])  pct_call / pct_wait with four words; returns when
 *                                          somebody enters, his environment number
 *   upcall_pct_entry                       where he enters: registers are his, rsp is not ours
 *   port_fp_save(p), port_fp_restore(p)    ISA_FP_BYTES of FP state, p 16-byte aligned
 *   port_trap(number, arg)                 a system call that is not the kernel's
 */
#include "layout.h"

    .section .text.exos_pct, "ax", @progbits
    .globl exos_pct, upcall_pct_entry
    .type exos_pct, @function
exos_pct:
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    pushq %rcx
    movl $L_UPAGE, %eax
    movq %rsp, SELF_PCT_SP(%rax)
    movq %rdi, %rax
    movq %rsi, %rdi
    movq %rdx, %rsi
    movq %rcx, %r11
    movq 0(%r11), %rdx
    movq 8(%r11), %r10
    movq 16(%r11), %r8
    movq 24(%r11), %r9
    syscall
    jmp 1f /* refused: rax says why */
upcall_pct_entry:
    movl $L_UPAGE, %ecx
    movq SELF_PCT_SP(%rcx), %rsp
    movq 0(%rsp), %rcx
    movq %rdx, 0(%rcx)
    movq %r10, 8(%rcx)
    movq %r8, 16(%rcx)
    movq %r9, 24(%rcx)
1:  popq %rcx
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    ret
    .size exos_pct, .- exos_pct

    .section .text.port_fp_save, "ax", @progbits
    .globl port_fp_save
    .type port_fp_save, @function
port_fp_save:
    fxsave64 (%rdi)
    ret
    .size port_fp_save, .- port_fp_save

    .section .text.port_fp_restore, "ax", @progbits
    .globl port_fp_restore
    .type port_fp_restore, @function
port_fp_restore:
    fxrstor64 (%rdi)
    ret
    .size port_fp_restore, .- port_fp_restore

    .section .text.port_trap, "ax", @progbits
    .globl port_trap
    .type port_trap, @function
port_trap:
    movq %rdi, %rax
    movq %rsi, %rdi
    syscall
    ret
    .size port_trap, .- port_trap
