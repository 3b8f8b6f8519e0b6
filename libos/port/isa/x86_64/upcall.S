// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * upcall.S - x86_64: where the kernel enters the library, and the way back.
 *
 *   upcall_exception_entry, upcall_revoke_entry   save all, run C on the upcall stack, resume
 *   upcall_epilogue_entry, upcall_prologue_entry  save all, slice_end ... resume
 *   port_resume(ctx)                              go on with a struct exos_context
 *
 * At entry rcx rdx r11 rax are free (their values are in the upage). A nested upcall finds rsp on
 * the upcall stack and goes on below it. Until busy is cleared nothing may fault: only the
 * upage, the upcall stack and this text are touched, all of them wired on a software TLB.
 * The flags pass through a push at the end of the upage's first 4 KiB.
 */
#include "layout.h"
#include "mark.h"

#define F(field) ((field) * 8)
#define R(reg) ((CTX_REG + (reg)) * 8)
#define CTX_SIZE (CTX_WORDS * 8)

/* rcx = upage, rsp = new context on the upcall stack, all saved. */
    .macro SAVE
    movl $L_UPAGE, %ecx
    leaq 4096(%rcx), %rsp
    pushfq
    popq %rax
    cld
    movq UP_SP(%rcx), %rsp
    leaq -L_UPSTACK(%rsp), %rdx
    cmpq $L_SLOT, %rdx
    jb 1f
    movq SELF_UPSTACK_TOP(%rcx), %rsp
1:  subq $CTX_SIZE, %rsp
    andq $-16, %rsp
    movq %rax, F(CTX_FLAGS)(%rsp)
    movq %rbx, R(3)(%rsp)
    movq %rbp, R(5)(%rsp)
    movq %rsi, R(6)(%rsp)
    movq %rdi, R(7)(%rsp)
    movq %r8, R(8)(%rsp)
    movq %r9, R(9)(%rsp)
    movq %r10, R(10)(%rsp)
    movq %r12, R(12)(%rsp)
    movq %r13, R(13)(%rsp)
    movq %r14, R(14)(%rsp)
    movq %r15, R(15)(%rsp)
    movq UP_EPC(%rcx), %rax
    movq UP_SP(%rcx), %rdx
    movq %rax, F(CTX_PC)(%rsp)
    movq %rdx, F(CTX_SP)(%rsp)
    movl UP_CAUSE(%rcx), %eax
    movq UP_BADVADDR(%rcx), %rdx
    movq %rax, F(CTX_CAUSE)(%rsp)
    movq %rdx, F(CTX_BADVADDR)(%rsp)
    movq UP_SCRATCH(%rcx), %rax
    movq UP_SCRATCH + 8(%rcx), %rdx
    movq %rax, R(1)(%rsp)
    movq %rdx, R(2)(%rsp)
    movq UP_SCRATCH + 16(%rcx), %rax
    movq UP_SCRATCH + 24(%rcx), %rdx
    movq %rax, R(11)(%rsp)
    movq %rdx, R(0)(%rsp)
    .endm

    .macro UPCALL name, handler
    .globl \name
    .type \name, @function
\name:
    SAVE
    movl $0, UP_BUSY(%rcx)
    movq %rsp, %rdi
    call \handler
    movq %rsp, %rdi
    jmp port_resume
    .size \name, .- \name
    .endm

    .section .text.wired, "ax", @progbits
    UPCALL upcall_exception_entry, upcall_exception
    UPCALL upcall_revoke_entry, upcall_revoke

    .globl upcall_epilogue_entry
    .type upcall_epilogue_entry, @function
upcall_epilogue_entry:
    SAVE
    movq %rsp, SELF_SLICE_CTX(%rcx)
    MARK_NUMBER CALL_SLICE_END
    movl $CALL_SLICE_END, %eax
    syscall
    movq %rsp, %rdi
    jmp port_resume
    .size upcall_epilogue_entry, .- upcall_epilogue_entry

    .globl upcall_prologue_entry
    .type upcall_prologue_entry, @function
upcall_prologue_entry:
    movl $L_UPAGE, %ecx
    movq SELF_SLICE_CTX(%rcx), %rsp
    movl $0, UP_BUSY(%rcx)
    cld
    movq %rsp, %rdi
    call upcall_prologue
    movq %rsp, %rdi
    /* falls through */
    .size upcall_prologue_entry, .- upcall_prologue_entry

    .globl port_resume
    .type port_resume, @function
port_resume:
    movl $L_UPAGE, %ecx
    movl $1, UP_BUSY(%rcx)
    movq F(CTX_PC)(%rdi), %rax
    movq F(CTX_SP)(%rdi), %rdx
    movq %rax, UP_EPC(%rcx)
    movq %rdx, UP_SP(%rcx)
    movq R(1)(%rdi), %rax
    movq R(2)(%rdi), %rdx
    movq %rax, UP_SCRATCH(%rcx)
    movq %rdx, UP_SCRATCH + 8(%rcx)
    movq R(11)(%rdi), %rax
    movq R(0)(%rdi), %rdx
    movq %rax, UP_SCRATCH + 16(%rcx)
    movq %rdx, UP_SCRATCH + 24(%rcx)
    movq F(CTX_FLAGS)(%rdi), %rax
    leaq 4096(%rcx), %rsp
    pushq %rax
    popfq
    movq R(3)(%rdi), %rbx
    movq R(5)(%rdi), %rbp
    movq R(6)(%rdi), %rsi
    movq R(8)(%rdi), %r8
    movq R(9)(%rdi), %r9
    movq R(10)(%rdi), %r10
    movq R(12)(%rdi), %r12
    movq R(13)(%rdi), %r13
    movq R(14)(%rdi), %r14
    movq R(15)(%rdi), %r15
    movq R(7)(%rdi), %rdi
    MARK_NUMBER CALL_EXC_RETURN
    movl $CALL_EXC_RETURN, %eax
    syscall
    ud2 /* the kernel refused: nothing left to do */
    .size port_resume, .- port_resume
