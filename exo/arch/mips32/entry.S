// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * entry.S - mips32: the trap vector, the fast paths, the way into C and back.
 *
 * On entry sp = ctx of the running environment, every other register is the user's. A
 * fast path spills what it needs to ctx.scratch (k0 first, always) and leaves everything
 * as it was if it gives up, so that `slow` can save the user's registers. syscall returns
 * from the trap. An instruction in a delay slot is indented one column more.
 *
 * Instructions, vector to the user's first one, with delay slots, as tests/guest/boot runs them:
 *   null call            10 (14 with the caller's li, syscall, jr, nop)
 *   exception            31 to the handler's first instruction
 *   exc_return           26
 *   pct_call             48 softtlb, 50 radix, to the partner's first instruction
 *   TLB refill           24 (one core)
 *   TLB miss, exception  44 to the handler's first instruction (one core)
 */
#include "entry.h"

    .section .text.entry, "ax", @progbits
    .globl vector
    .type vector, @function
    .balign 64
vector:
    sw $k0, 0($sp)
    core_base $k0
    lw $k0, M_CAUSE($k0)
    addiu $k0, $k0, -M_CAUSE_SYSCALL
    beqz $k0, syscall
     addiu $k0, $k0, M_CAUSE_SYSCALL
    beqz $k0, give_up /* IRQ */
     lw $k0, CTX_SAVE($sp)

/* To the handler, if the upage is free. k0 = ctx.save, the user's is in ctx.scratch[0].
 * */
exception:
    lw $k0, UP_BUSY($k0)
    bnez $k0, give_up
     lw $k0, CTX_SAVE($sp)
    sw $k1, UP_SCRATCH1($k0)
    sw $t8, UP_SCRATCH2($k0)
    sw $v0, UP_SCRATCH3($k0)
    core_base $k1
    lw $t8, 0($sp)
    lw $v0, M_EPC($k1)
    sw $t8, UP_SCRATCH0($k0)
    sw $v0, UP_EPC($k0)
    lw $t8, M_USP($k1)
    lw $v0, M_BADVADDR($k1)
    sw $t8, UP_SP($k0)
    sw $v0, UP_BADVADDR($k0)
    lw $t8, M_CAUSE($k1)
    addiu $v0, $zero, UPCALL_EXCEPTION
    sw $t8, UP_CAUSE($k0)
    sw $v0, UP_UPCALL($k0)
    sw $v0, UP_BUSY($k0)
    lw $v0, CTX_EXC_ENTRY($sp)
    sw $v0, M_EPC($k1)
    syscall

syscall:
    addiu $v0, $v0, -CALL_BASE
    bnez $v0, 1f
     lw $k0, 0($sp)
    syscall

1:  addiu $k0, $v0, -CALL_EXC_RETURN
    beqz $k0, exc_return
     addiu $k0, $v0, -CALL_PCT_CALL
    beqz $k0, pct_call
     sltiu $k0, $v0, CALL_MAX
    bnez $k0, give_up
     addiu $v0, $v0, CALL_BASE
    b exception /* not the kernel's number */
     lw $k0, CTX_SAVE($sp)

exc_return:
    lw $k0, CTX_UPAGE($sp)
    beqz $k0, give_up
     addiu $v0, $zero, CALL_BASE + CALL_EXC_RETURN
    core_base $v0
    lw $k1, UP_EPC($k0)
    lw $t8, UP_SP($k0)
    sw $k1, M_EPC($v0)
    sw $t8, M_USP($v0)
    sw $zero, UP_BUSY($k0)
    lw $v0, UP_SCRATCH3($k0)
    lw $t8, UP_SCRATCH2($k0)
    lw $k1, UP_SCRATCH1($k0)
    lw $k0, UP_SCRATCH0($k0)
    syscall

/*
 * pct_call(environment, accept): one core and an ASID for everyone only (else ctx.switch_
 * is 0; so an environment's number is its ASID). Gives up, with nothing changed,
 * unless accept is anyone or the partner, and the partner waits in state PCT for this
 * caller or for anyone. Its entry is not looked at: if it was taken away while it waits, it
 * faults at 0. exo/core/ipc.c is the complete call, with all errors.
 */
pct_call:
    sw $k1, 8($sp)
    sltiu $k0, $a0, EXO_NENV
    beqz $k0, pct_slow
     sw $t8, 16($sp)
    beqz $a1, 1f
     sll $k0, $a0, 2
    bne $a1, $a0, pct_slow
     nop
1:  lui $k1, %hi(ctx_of)
    addu $k0, $k0, $k1
    lw $k0, %lo(ctx_of)($k0)
    addiu $t8, $zero, STATE_PCT
    lw $k1, CTX_STATE($k0)
    bne $k1, $t8, pct_slow
     lw $k1, CTX_ACCEPT($k0)
    beqz $k1, 2f
     lw $v0, CTX_ID($sp)
    bne $k1, $v0, pct_slow
     nop
2:  lw $k1, CTX_SWITCH($k0)
    beqz $k1, pct_slow
#include "switch.S"
    core_base $k1
    sw $v0, M_EPC($k1)
    sw $k0, M_KSP($k1)
    sw $a0, M_CONTEXT($k1)
    sw $t8, CTX_STATE($sp) /* PCT */
    sw $a1, CTX_ACCEPT($sp)
    sw $a0, CTX_DONATED($sp)
    addiu $t8, $zero, STATE_READY
    sw $t8, CTX_STATE($k0)
    sw $zero, CTX_DONATED($k0)
    lw $v0, CTX_ID($sp)
    lw $t8, 16($sp)
    lw $k1, 8($sp)
    lw $k0, 0($sp)
    syscall

pct_slow:
    lw $t8, 16($sp)
    lw $k1, 8($sp)
    b give_up
     addiu $v0, $zero, CALL_BASE + CALL_PCT_CALL

    .macro all_regs insn
    .irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,30,31
    \insn $\n, CTX_X(\n)($sp)
    .endr
    .endm

/* Every user register but k0 (ctx.scratch[0]) and sp is intact. */
    .type slow, @function
give_up:
slow:
    lw $k0, 0($sp)
    all_regs sw
    mfhi $t0
    mflo $t1
    sw $t0, CTX_HILO($sp)
    sw $t1, CTX_HILO + 8($sp)
    core_base $s0
    lw $t0, M_EPC($s0)
    lw $t1, M_USP($s0)
    sw $t0, CTX_PC($sp)
    sw $t1, CTX_SP($sp)
    lw $a1, M_CAUSE($s0)
    move $a0, $sp
    lw $sp, CTX_KSTACK($sp)
    move $fp, $zero
    jal kernel_trap
     addiu $sp, $sp, -32 /* home area of its arguments */
    move $a0, $v0

/* arch_resume(a0 = ctx) */
    .globl arch_resume
    .type arch_resume, @function
arch_resume:
    move $sp, $a0
    core_base $t0
    sw $sp, M_KSP($t0)
    lw $t1, CTX_PC($sp)
    lw $t2, CTX_SP($sp)
    sw $t1, M_EPC($t0)
    sw $t2, M_USP($t0)
    lw $t1, CTX_HILO($sp)
    lw $t2, CTX_HILO + 8($sp)
    mthi $t1
    mtlo $t2
    all_regs lw
    syscall
    .size arch_resume, .- arch_resume

/* For the files of exo/mmu (see entry.h). */
    .globl entry_exception, entry_give_up
    .set entry_exception, exception
    .set entry_give_up, give_up

    .section .rodata.entry, "a", @progbits
    .balign 4
ctx_of: /* address of environment i's ctx */
    .set ctx_offset, 0
    .rept EXO_NENV
    .word kernel_ctx + ctx_offset
    .set ctx_offset, ctx_offset + CTX_SIZE
    .endr
