// SPDX-License-Identifier: GPL-2.0-or-later
/* mips32.S - probe.h for mips32. */
#define UPAGE 0x7e000000 /* EXO_UPAGE_VA; paths.c asserts */

    .set noreorder
    .set noat
    .text
    .globl _start
_start:
    addiu $sp, $sp, -32
    jal program
    nop

    .macro probe name:req
    .globl probe_\name
probe_\name:
    addiu $sp, $sp, -64
    .irp n, 16,17,18,19,20,21,22,23,28,30,31
    sw $\n, 4 * (\n - 16)($sp)
    .endr
    lui $t0, %hi(old_sp)
    sw $sp, %lo(old_sp)($t0)
    move $sp, $a1
    .irp n, 1,2,3,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,30,31,4
    lw $\n, 4*\n($a0)
    .endr
    .endm

    probe call
    syscall
    b done
    nop

    probe break
    break
    b done
    nop

    probe store
    sw $s1, 0($s0)
    b done
    nop

    probe spin
1:  addiu $s2, $s2, -1
    bnez $s2, 1b
    nop
    b done
    nop

    .globl pct_resume
pct_resume:
done:
    .irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,30,31
    sw $\n, 4*\n($sp)
    .endr
    lui $t0, %hi(old_sp)
    lw $sp, %lo(old_sp)($t0)
    .irp n, 16,17,18,19,20,21,22,23,28,30,31
    lw $\n, 4 * (\n - 16)($sp)
    .endr
    jr $ra
    addiu $sp, $sp, 64

    .globl trap_handler
trap_handler: /* k0 k1 t8 v0 are free */
    lui $k0, UPAGE >> 16
    lui $k1, %hi(trap_log)
    addiu $k1, $k1, %lo(trap_log)
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    lw $t8, 16 + 4*\n($k0)
    sw $t8, 4*\n($k1)
    .endr
    lui $k1, %hi(trap_count)
    lw $t8, %lo(trap_count)($k1)
    addiu $t8, $t8, 1
    sw $t8, %lo(trap_count)($k1)
    lui $k1, %hi(trap_skip)
    lw $t8, %lo(trap_skip)($k1)
    lw $k1, 16($k0)
    addu $k1, $k1, $t8
    sw $k1, 16($k0)
    addiu $v0, $zero, 0x2003
    syscall

    .globl pct_reply
pct_reply: /* v0 = caller */
    move $a0, $v0
    move $a1, $zero
    addiu $v0, $zero, 0x2005
    syscall
    addiu $v0, $zero, 0x200f /* it refused: exit */
    syscall

    .set hardfloat
    .globl probe_fp_load, probe_fp_store
probe_fp_load:
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    lwc1 $f\n, 4*\n($a0)
    .endr
    jr $ra
    nop
probe_fp_store:
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    swc1 $f\n, 4*\n($a0)
    .endr
    jr $ra
    nop

    .section .rodata
    .globl probe_isa, probe_fp_bytes
    .balign 4
probe_isa:
    .word 32, 0x20000001
    .byte 2, 2, 3, 4, 5, 16, 18
    .byte 4, 4, 0
    .balign 4
probe_fp_bytes:
    .word 128

    .bss
    .globl trap_log, trap_count, trap_skip
    .balign 8
trap_log: .skip 64
old_sp: .skip 4
trap_count: .skip 4
trap_skip: .skip 4
