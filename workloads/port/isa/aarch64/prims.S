// SPDX-License-Identifier: GPL-2.0-or-later
/* prims.S - aarch64: entries and steps of `prims`. See prims.h. In one block, so that it lies in one
 * page: while the upage is busy nothing may fault. */
#include "prims.h"

    .section .text.prims, "ax", @progbits
    .balign 256
    .globl prims_trap, prims_handler, prims_return, prims_epilogue
    .globl prims_pct, prims_pct_client, prims_pct_server, prims_upage, prims_slices

    .macro address reg, symbol
    adrp \reg, \symbol
    add \reg, \reg, :lo12:\symbol
    .endm

prims_trap:
    brk #0
    ret

prims_handler:
    address x9, prims_upage
    ldr x9, [x9]
    ldrb w10, [x9, #PRIMS_CAUSE]
    cmp w10, #PRIMS_CAUSE_BREAK /* the flags are the application's: prims needs none */
    b.ne 1f
    ldr x10, [x9, #PRIMS_EPC]
    add x10, x10, #4
    str x10, [x9, #PRIMS_EPC]
    mov x8, #PRIMS_CALL_EXC_RETURN
    svc #0
1:  address x9, upcall_exception_entry
    br x9

prims_return:
    address x9, prims_upage
    ldr x9, [x9]
    str x30, [x9, #PRIMS_EPC]
    mov x10, sp
    str x10, [x9, #PRIMS_SP]
    mov x8, #PRIMS_CALL_EXC_RETURN
    svc #0

prims_epilogue:
    address x9, prims_slices
    ldr w10, [x9]
    add w10, w10, #1
    str w10, [x9]
    address x9, upcall_epilogue_entry
    br x9

prims_pct:
    mov x1, x0
    mov x8, #PRIMS_CALL_PCT_CALL
    svc #0
prims_pct_client:
    ret

prims_pct_server:
    mov x1, #0
    mov x8, #PRIMS_CALL_PCT_CALL
    svc #0
    brk #0

    .section .data.prims, "aw", @progbits
    .balign 8
prims_upage:
    .quad 0
prims_slices:
    .word 0
