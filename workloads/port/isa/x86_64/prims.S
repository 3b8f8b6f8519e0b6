// SPDX-License-Identifier: GPL-2.0-or-later
/* prims.S - x86_64: entries and steps of `prims`. See prims.h. In one block, so that it lies in one
 * page: while the upage is busy nothing may fault. Handlers may use rcx rdx r11 rax. */
#include "prims.h"

    .section .text.prims, "ax", @progbits
    .balign 256
    .globl prims_trap, prims_handler, prims_return, prims_epilogue
    .globl prims_pct, prims_pct_client, prims_pct_server, prims_upage, prims_slices

prims_trap:
    int3
    ret

prims_handler:
    movq prims_upage(%rip), %rcx
    movzbl PRIMS_CAUSE(%rcx), %eax
    cmpl $PRIMS_CAUSE_BREAK, %eax /* the flags are the application's: prims needs none */
    jne 1f
    incq PRIMS_EPC(%rcx)
    movl $PRIMS_CALL_EXC_RETURN, %eax
    syscall
1:  jmp upcall_exception_entry

prims_return:
    movq prims_upage(%rip), %rcx
    popq PRIMS_EPC(%rcx)
    movq %rsp, PRIMS_SP(%rcx)
    movl $PRIMS_CALL_EXC_RETURN, %eax
    syscall

prims_epilogue:
    incl prims_slices(%rip)
    jmp upcall_epilogue_entry

prims_pct:
    movl %edi, %esi
    movl $PRIMS_CALL_PCT_CALL, %eax
    syscall
prims_pct_client:
    ret

prims_pct_server:
    movl %eax, %edi
    xorl %esi, %esi
    movl $PRIMS_CALL_PCT_CALL, %eax
    syscall
    int3

    .section .data.prims, "aw", @progbits
    .balign 8
prims_upage:
    .quad 0
prims_slices:
    .long 0
