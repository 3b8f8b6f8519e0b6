// SPDX-License-Identifier: GPL-2.0-or-later
/* prims.S - mips32: entries and steps of `prims`. See prims.h. In one block, so that it lies in one
 * page: while the upage is busy nothing may fault. Handlers may use k0 k1 t8 v0. */
#include "prims.h"

    .set noreorder
    .section .text.prims, "ax", @progbits
    .balign 256
    .globl prims_trap, prims_handler, prims_return, prims_epilogue
    .globl prims_pct, prims_pct_client, prims_pct_server, prims_upage, prims_slices

prims_trap:
    break
    jr $ra
    nop

prims_handler:
    lui $k0, %hi(prims_upage)
    lw $k0, %lo(prims_upage)($k0)
    lbu $k1, PRIMS_CAUSE($k0)
    addiu $k1, $k1, -PRIMS_CAUSE_BREAK
    bnez $k1, 1f
    lw $k1, PRIMS_EPC($k0)
    addiu $k1, $k1, 4
    sw $k1, PRIMS_EPC($k0)
    addiu $v0, $zero, PRIMS_CALL_EXC_RETURN
    syscall
1:  lui $k0, %hi(upcall_exception_entry)
    addiu $k0, $k0, %lo(upcall_exception_entry)
    jr $k0
    nop

prims_return:
    lui $k0, %hi(prims_upage)
    lw $k0, %lo(prims_upage)($k0)
    sw $ra, PRIMS_EPC($k0)
    sw $zero, PRIMS_EPC + 4($k0)
    sw $sp, PRIMS_SP($k0)
    sw $zero, PRIMS_SP + 4($k0)
    addiu $v0, $zero, PRIMS_CALL_EXC_RETURN
    syscall

prims_epilogue:
    lui $k0, %hi(prims_slices)
    lw $k1, %lo(prims_slices)($k0)
    addiu $k1, $k1, 1
    sw $k1, %lo(prims_slices)($k0)
    lui $k0, %hi(upcall_epilogue_entry)
    addiu $k0, $k0, %lo(upcall_epilogue_entry)
    jr $k0
    nop

prims_pct:
    move $a1, $a0
    addiu $v0, $zero, PRIMS_CALL_PCT_CALL
    syscall
prims_pct_client:
    jr $ra
    nop

prims_pct_server:
    move $a0, $v0
    move $a1, $zero
    addiu $v0, $zero, PRIMS_CALL_PCT_CALL
    syscall
    break

    .section .data.prims, "aw", @progbits
    .balign 8
prims_upage:
    .word 0, 0
prims_slices:
    .word 0
