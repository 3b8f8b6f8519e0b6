// SPDX-License-Identifier: GPL-2.0-or-later
/* riscv64.S - probe.h for riscv64. */
#define UPAGE 0x7e000000 /* EXO_UPAGE_VA; paths.c asserts */

    .text
    .globl _start
_start:
    andi sp, sp, -16
    call program

    .macro probe name:req
    .globl probe_\name
    .balign 4
probe_\name:
    addi sp, sp, -128
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11
    sd s\n, 8*\n(sp)
    .endr
    sd ra, 96(sp)
    sd gp, 104(sp)
    sd tp, 112(sp)
    la t0, old_sp
    sd sp, 0(t0)
    mv sp, a1
    mv x31, a0
    .irp n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    ld x\n, 8*\n(x31)
    .endr
    .endm

    probe call
    ecall
    j done

    probe break
    .option push
    .option norvc
    ebreak
    .option pop
    j done

    probe store
    .option push
    .option norvc
    sd s1, 0(s0)
    .option pop
    j done

    probe spin
1:  addi s2, s2, -1
    bnez s2, 1b
    j done

    .globl pct_resume
pct_resume:
done:
    .irp n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    sd x\n, 8*\n(sp)
    .endr
    la t0, old_sp
    ld sp, 0(t0)
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11
    ld s\n, 8*\n(sp)
    .endr
    ld ra, 96(sp)
    ld gp, 104(sp)
    ld tp, 112(sp)
    addi sp, sp, 128
    ret

    .globl trap_handler
trap_handler: /* t0 t1 t2 a7 are free */
    li t0, UPAGE
    la t1, trap_log
    .irp n, 0,1,2,3,4,5,6,7
    ld t2, 16+8*\n(t0)
    sd t2, 8*\n(t1)
    .endr
    la t1, trap_count
    lw t2, 0(t1)
    addi t2, t2, 1
    sw t2, 0(t1)
    la t1, trap_skip
    lw t2, 0(t1)
    ld t1, 16(t0)
    add t1, t1, t2
    sd t1, 16(t0)
    li a7, 0x2003
    ecall

    .globl pct_reply
pct_reply: /* a0 = caller */
    li a1, 0
    li a7, 0x2005
    ecall
    li a7, 0x200f /* it refused: exit */
    ecall

    .globl probe_fp_load, probe_fp_store
probe_fp_load:
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fld f\n, 8*\n(a0)
    .endr
    ret
probe_fp_store:
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fsd f\n, 8*\n(a0)
    .endr
    ret

    .section .rodata
    .globl probe_isa, probe_fp_bytes
    .balign 4
probe_isa:
    .word 32, 0x5
    .byte 17, 10, 11, 10, 11, 8, 18
    .byte 4, 4, 0
    .balign 4
probe_fp_bytes:
    .word 256

    .bss
    .globl trap_log, trap_count, trap_skip
    .balign 8
trap_log: .skip 64
old_sp: .skip 8
trap_count: .skip 4
trap_skip: .skip 4
