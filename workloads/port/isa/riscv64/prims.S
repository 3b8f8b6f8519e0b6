// SPDX-License-Identifier: GPL-2.0-or-later
/* prims.S - riscv64: entries and steps of `prims`. See prims.h. In one block, so that it lies in one
 * page: while the upage is busy nothing may fault. */
#include "prims.h"

    .section .text.prims, "ax", @progbits
    .balign 256
    .globl prims_trap, prims_handler, prims_return, prims_epilogue
    .globl prims_pct, prims_pct_client, prims_pct_server, prims_upage, prims_slices

prims_trap:
    .option push
    .option norvc
    ebreak
    .option pop
    ret

prims_handler:
    la t0, prims_upage
    ld t0, 0(t0)
    lbu t1, PRIMS_CAUSE(t0)
    addi t1, t1, -PRIMS_CAUSE_BREAK
    bnez t1, 1f
    ld t1, PRIMS_EPC(t0)
    addi t1, t1, 4
    sd t1, PRIMS_EPC(t0)
    li a7, PRIMS_CALL_EXC_RETURN
    ecall
1:  la t0, upcall_exception_entry
    jr t0

prims_return:
    la t0, prims_upage
    ld t0, 0(t0)
    sd ra, PRIMS_EPC(t0)
    sd sp, PRIMS_SP(t0)
    li a7, PRIMS_CALL_EXC_RETURN
    ecall

prims_epilogue:
    la t0, prims_slices
    lw t1, 0(t0)
    addi t1, t1, 1
    sw t1, 0(t0)
    la t0, upcall_epilogue_entry
    jr t0

prims_pct:
    mv a1, a0
    li a7, PRIMS_CALL_PCT_CALL
    ecall
prims_pct_client:
    ret

prims_pct_server:
    li a1, 0
    li a7, PRIMS_CALL_PCT_CALL
    ecall
    ebreak

    .section .data.prims, "aw", @progbits
    .balign 8
prims_upage:
    .quad 0
prims_slices:
    .word 0
