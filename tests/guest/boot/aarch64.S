// SPDX-License-Identifier: GPL-2.0-or-later
/* aarch64.S - probe.h for aarch64. */
#define UPAGE 0x7e000000 /* EXO_UPAGE_VA; paths.c asserts */

    .text
    .globl _start
_start:
    bl program

    .macro pairs insn base
    \insn x2, x3, [\base, #16]
    \insn x4, x5, [\base, #32]
    \insn x6, x7, [\base, #48]
    \insn x8, x9, [\base, #64]
    \insn x10, x11, [\base, #80]
    \insn x12, x13, [\base, #96]
    \insn x14, x15, [\base, #112]
    \insn x16, x17, [\base, #128]
    \insn x18, x19, [\base, #144]
    \insn x20, x21, [\base, #160]
    \insn x22, x23, [\base, #176]
    \insn x24, x25, [\base, #192]
    \insn x26, x27, [\base, #208]
    \insn x28, x29, [\base, #224]
    .endm

    .macro probe name:req
    .globl probe_\name
probe_\name:
    stp x19, x20, [sp, #-96]!
    stp x21, x22, [sp, #16]
    stp x23, x24, [sp, #32]
    stp x25, x26, [sp, #48]
    stp x27, x28, [sp, #64]
    stp x29, x30, [sp, #80]
    adrp x2, old_sp
    mov x3, sp
    str x3, [x2, :lo12:old_sp]
    mov sp, x1
    pairs ldp x0
    ldr x30, [x0, #240]
    ldp x0, x1, [x0]
    .endm

    probe call
    svc #0
    b done

    probe break
    brk #0
    b done

    probe store
    str x20, [x19]
    b done

    probe spin
1:  sub x21, x21, #1
    cbnz x21, 1b
    b done

    .globl pct_resume
pct_resume:
done:
    stp x0, x1, [sp]
    pairs stp sp
    str x30, [sp, #240]
    adrp x2, old_sp
    ldr x3, [x2, :lo12:old_sp]
    mov sp, x3
    ldp x21, x22, [sp, #16]
    ldp x23, x24, [sp, #32]
    ldp x25, x26, [sp, #48]
    ldp x27, x28, [sp, #64]
    ldp x29, x30, [sp, #80]
    ldp x19, x20, [sp], #96
    ret

    .globl trap_handler
trap_handler: /* x9 x10 x11 x8 are free */
    movz x9, #UPAGE >> 16, lsl #16
    adrp x10, trap_log
    add x10, x10, :lo12:trap_log
    .irp n, 0,1,2,3,4,5,6,7
    ldr x11, [x9, #16 + 8 * \n]
    str x11, [x10, #8 * \n]
    .endr
    adrp x10, trap_count
    ldr w11, [x10, :lo12:trap_count]
    add w11, w11, #1
    str w11, [x10, :lo12:trap_count]
    adrp x10, trap_skip
    ldr w11, [x10, :lo12:trap_skip]
    ldr x10, [x9, #16]
    add x10, x10, x11
    str x10, [x9, #16]
    mov x8, #0x2003
    svc #0

    .globl pct_reply
pct_reply: /* x0 = caller */
    mov x1, #0
    mov x8, #0x2005
    svc #0
    mov x8, #0x200f /* it refused: exit */
    svc #0

    .globl probe_fp_load, probe_fp_store
probe_fp_load:
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    ldr d\n, [x0, #8 * \n]
    .endr
    ret
probe_fp_store:
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    str d\n, [x0, #8 * \n]
    .endr
    ret

    .section .rodata
    .globl probe_isa, probe_fp_bytes
    .balign 4
probe_isa:
    .word 31, 0
    .byte 8, 0, 1, 0, 1, 19, 21
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
