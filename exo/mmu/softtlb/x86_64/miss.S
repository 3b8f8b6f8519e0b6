// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * miss.S - x86_64: the vectors of a missing translation (M_MISS_VECTOR, set by softtlb.c). On
 * entry all is as at `vector` of entry.S, which has the rest of the trap's way.
 */
#include "entry.h"
#include "../window.h"

    .section .text.entry, "ax", @progbits
/*
 * The hardware TLB missed; HI and HI_ASID are loaded. Refill from the software TLB. With
 * several cores another may take the entry away between our look and our write, and its
 * invalidation may come before our write: look again after it.
 */
    .macro refill shared
    movq %rcx, 0(%rsp)
    movq %rax, 8(%rsp)
    .if \shared
    movq %rdx, 16(%rsp)
    .endif
    leaq 32(%rsp), %rsp
    pushfq /* to ctx.scratch[3]: rsp = ctx + 24 */
    addr32 movq CORE(M_BADPAGE), %rax
    movq %rax, %rcx
    shrq $STLB_FOLD, %rcx
    xorq %rax, %rcx
    andl $((1 << STLB_WINDOW_BITS) - 1) << 12, %ecx
    shrl $8, %ecx
    addq CTX_ROOT - 24(%rsp), %rcx /* entry */
    orb CTX_ID - 24(%rsp), %al     /* tag: the page address ends in zeroes */
    cmpq %rax, (%rcx)
    jne absent\shared
    .if \shared
    movl 8(%rcx), %eax
    movq CTX_MMU - 24(%rsp), %rdx
    movl %eax, M_TLB_LO(%rdx)
    movl $M_TLB_OP_WRITE_RANDOM, M_TLB_OP(%rdx)
    cmpl %eax, 8(%rcx)
    jne 1f
    addr32 movq CORE(M_BADPAGE), %rax
    orb CTX_ID - 24(%rsp), %al
    cmpq %rax, (%rcx)
    je 2f
1:  movl $M_TLB_OP_INVALIDATE, M_TLB_OP(%rdx) /* and it misses again */
2:  movq -8(%rsp), %rdx
    .else
    movl 8(%rcx), %eax
    movq CTX_MMU - 24(%rsp), %rcx
    movl %eax, M_TLB_LO(%rcx)
    movl $M_TLB_OP_WRITE_RANDOM, M_TLB_OP(%rcx)
    .endif
    popfq
    movq -32(%rsp), %rcx
    movq -24(%rsp), %rax
    syscall
    .endm

    .globl miss_vector, miss_vector_shared
    .type miss_vector, @function
    .type miss_vector_shared, @function
miss_vector:
    refill 0
absent0:
absent1: /* rdx is intact */
    popfq
    leaq -32(%rsp), %rsp
    movq 8(%rsp), %rax
    movq CTX_MISS(%rsp), %rcx
    jrcxz exception_far
    jmp entry_give_up
exception_far: jmp entry_exception
miss_vector_shared:
    refill 1
