// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * entry.S - x86_64: the trap vector, the fast paths, the way into C and back.
 *
 * On entry rsp = ctx of the running environment, every other register is the user's, the
 * flags too (so most of this decides by jrcxz, and what cannot saves them). A fast path
 * spills what it needs to ctx.scratch (rcx first, always) and leaves everything as it was
 * if it gives up, so that `slow` can save the user's registers. syscall returns from the
 * trap. The core control block is addressed absolutely: CORE(M_X).
 *
 * Instructions, vector to the user's first one, as tests/guest/boot runs them:
 *   null call            9 (12 with the caller's mov, syscall, ret)
 *   exception            26 to the handler's first instruction
 *   exc_return           21
 *   pct_call             39 softtlb, 41 radix, to the partner's first instruction
 *   TLB refill           22 (one core)
 *   TLB miss, exception  42 to the handler's first instruction (one core)
 */
#include "entry.h"

    .section .text.entry, "ax", @progbits
    .globl vector
    .type vector, @function
    .balign 64
vector:
    movq %rcx, 0(%rsp)
    addr32 movl CORE(M_CAUSE), %ecx
    movzbl %cl, %ecx
    jmp *causes(, %rcx, 8)

exc_return_far: jmp exc_return
pct_call_far: jmp pct_call

syscall:
    leaq -CALL_BASE(%rax), %rcx
    jrcxz null
    leaq -CALL_BASE - CALL_EXC_RETURN(%rax), %rcx
    jrcxz exc_return_far
    leaq -CALL_BASE - CALL_PCT_CALL(%rax), %rcx
    jrcxz pct_call_far
    leaq 32(%rsp), %rsp
    pushfq /* to ctx.scratch[3] */
    leaq -CALL_BASE(%rax), %rcx
    cmpq $CALL_MAX, %rcx
    jae 1f
    popfq
    leaq -32(%rsp), %rsp
    jmp give_up
1:  popfq /* not the kernel's number */
    leaq -32(%rsp), %rsp
    jmp exception

null:
    movq (%rsp), %rcx
    movl $0, %eax
    syscall

/* To the handler, if the upage is free. rcx is in ctx.scratch[0]. */
exception:
    movq CTX_SAVE(%rsp), %rsp
    movl UP_BUSY(%rsp), %ecx
    jrcxz 1f
    addr32 movq CORE(M_KSP), %rsp
    jmp give_up
1:  movq %rdx, UP_SCRATCH1(%rsp)
    addr32 movq CORE(M_KSP), %rdx
    movq %r11, UP_SCRATCH2(%rsp)
    movq %rax, UP_SCRATCH3(%rsp)
    movq (%rdx), %rcx
    addr32 movq CORE(M_EPC), %rax
    movq %rcx, UP_SCRATCH0(%rsp)
    movq %rax, UP_EPC(%rsp)
    addr32 movq CORE(M_USP), %rcx
    addr32 movq CORE(M_BADVADDR), %rax
    movq %rcx, UP_SP(%rsp)
    movq %rax, UP_BADVADDR(%rsp)
    addr32 movl CORE(M_CAUSE), %ecx
    movl $UPCALL_EXCEPTION, UP_UPCALL(%rsp)
    movl %ecx, UP_CAUSE(%rsp)
    movl $1, UP_BUSY(%rsp)
    movq CTX_EXC_ENTRY(%rdx), %rax
    addr32 movq %rax, CORE(M_EPC)
    syscall

exc_return:
    movq CTX_UPAGE(%rsp), %rcx
    jrcxz give_up_near
    movq UP_EPC(%rcx), %rax
    movq UP_SP(%rcx), %rdx
    addr32 movq %rax, CORE(M_EPC)
    addr32 movq %rdx, CORE(M_USP)
    movl $0, UP_BUSY(%rcx)
    movq UP_SCRATCH3(%rcx), %rax
    movq UP_SCRATCH2(%rcx), %r11
    movq UP_SCRATCH1(%rcx), %rdx
    movq UP_SCRATCH0(%rcx), %rcx
    syscall
give_up_near: jmp give_up

/*
 * pct_call(environment, accept): one core and an ASID for everyone only (else ctx.switch_
 * is 0; so an environment's number is its ASID). Gives up, with nothing but flags changed,
 * unless accept is anyone or the partner, and the partner waits in state PCT for this
 * caller or for anyone. Its entry is not looked at: if it was taken away while it waits, it
 * faults at 0. exo/core/ipc.c is the complete call, with all errors.
 */
pct_call:
    movq %rdx, 8(%rsp)
    movq %r11, 16(%rsp)
    cmpq $EXO_NENV, %rdi
    jae pct_slow
    testq %rsi, %rsi
    jz 1f
    cmpq %rsi, %rdi
    jne pct_slow
1:  imulq $CTX_SIZE, %rdi, %rdx
    addq $kernel_ctx, %rdx
    movq CTX_STATE(%rdx), %rcx /* accept in the upper half */
    subq $STATE_PCT, %rcx
    jz 2f
    movl CTX_ID(%rsp), %r11d
    shlq $32, %r11
    cmpq %r11, %rcx
    jne pct_slow
2:  movq CTX_SWITCH(%rdx), %rcx
    jrcxz pct_slow
    movq CTX_PCT_ENTRY(%rdx), %r11
#include "switch.S"
    addr32 movq %r11, CORE(M_EPC)
    addr32 movq %rdx, CORE(M_KSP)
    addr32 movl %edi, CORE(M_CONTEXT)
    movl $STATE_PCT, CTX_STATE(%rsp)
    movl %esi, CTX_ACCEPT(%rsp)
    movq $STATE_READY, CTX_STATE(%rdx) /* accept = 0 */
    movl %edi, CTX_DONATED(%rsp)
    movl $0, CTX_DONATED(%rdx)
    movl CTX_ID(%rsp), %eax
    movq 16(%rsp), %r11
    movq 8(%rsp), %rdx
    movq (%rsp), %rcx
    syscall

pct_slow:
    movq 16(%rsp), %r11
    movq 8(%rsp), %rdx
    jmp give_up

give_up:
    movq (%rsp), %rcx
/* Every user register but rsp is intact. */
    .type slow, @function
slow:
    movq %rax, CTX_RAX(%rsp)
    movq %rcx, CTX_RCX(%rsp)
    movq %rdx, CTX_RDX(%rsp)
    movq %rbx, CTX_RBX(%rsp)
    movq %rbp, CTX_RBP(%rsp)
    movq %rsi, CTX_RSI(%rsp)
    movq %rdi, CTX_RDI(%rsp)
    .irp n, 8,9,10,11,12,13,14,15
    movq %r\n, CTX_R(\n)(%rsp)
    .endr
    movq %rsp, %rdi
    leaq CTX_FLAGS + 8(%rsp), %rsp
    pushfq
    cld
    addr32 movq CORE(M_EPC), %rax
    addr32 movq CORE(M_USP), %rcx
    movq %rax, CTX_PC(%rdi)
    movq %rcx, CTX_SP(%rdi)
    addr32 movl CORE(M_CAUSE), %esi
    movq CTX_KSTACK(%rdi), %rsp
    xorl %ebp, %ebp
    call kernel_trap
    movq %rax, %rdi

/* arch_resume(rdi = ctx) */
    .globl arch_resume
    .type arch_resume, @function
arch_resume:
    movq CTX_FLAGS(%rdi), %rax
    andl $FLAGS_USER, %eax
    orl $FLAGS_RESET, %eax
    pushq %rax
    popfq
    movq CTX_PC(%rdi), %rax
    movq CTX_SP(%rdi), %rcx
    addr32 movq %rdi, CORE(M_KSP)
    addr32 movq %rax, CORE(M_EPC)
    addr32 movq %rcx, CORE(M_USP)
    movq CTX_RAX(%rdi), %rax
    movq CTX_RCX(%rdi), %rcx
    movq CTX_RDX(%rdi), %rdx
    movq CTX_RBX(%rdi), %rbx
    movq CTX_RBP(%rdi), %rbp
    movq CTX_RSI(%rdi), %rsi
    .irp n, 8,9,10,11,12,13,14,15
    movq CTX_R(\n)(%rdi), %r\n
    .endr
    movq CTX_RDI(%rdi), %rdi
    syscall
    .size arch_resume, .- arch_resume

/* For the files of exo/mmu (see entry.h). */
    .globl entry_exception, entry_give_up
    .set entry_exception, exception
    .set entry_give_up, give_up

    .section .rodata.entry, "a", @progbits
    .balign 8
causes: /* by cause; BUS and FP are the last */
    .quad give_up, syscall
    .quad exception
    .quad exception, exception, exception, exception, exception, exception, exception, exception
