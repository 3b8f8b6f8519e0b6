/* SPDX-License-Identifier: GPL-2.0-or-later */
/* entry_mips32.S - start, trap entry and return of the test kernel. Slots are 8 bytes, $0's is
 * unused; HI and LO follow the registers. */
#include "machine.h"
    .set noreorder
    .set noat
    .section .text.start, "ax"
    .globl _start
_start:
    lui $sp, %hi(kstack_top)
    addiu $sp, $sp, %lo(kstack_top) - 32
    lui $4, %hi(frame)
    jal kernel_start
    addiu $4, $4, %lo(frame)
    syscall

    .text
    .globl kernel_vector
kernel_vector: /* sp = KSP = frame */
    .irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 30, 31
    sw $\n, 8 * \n($sp)
    .endr
    mfhi $8
    mflo $9
    sw $8, 256($sp)
    sw $9, 264($sp)
    move $4, $sp
    lui $sp, %hi(kstack_top)
    jal kernel_trap
    addiu $sp, $sp, %lo(kstack_top) - 32
    lui $29, %hi(frame)
    addiu $29, $29, %lo(frame)
    lw $8, 256($sp)
    lw $9, 264($sp)
    mthi $8
    mtlo $9
    .irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 30, 31
    lw $\n, 8 * \n($sp)
    .endr
    syscall

    .globl fp_double
fp_double: /* f2 is the second double register */
    jr $31
    .word 0x46221080 /* add.d $f2, $f2, $f2 */

    .bss
    .balign 64
frame:
    .space 512
kstack:
    .space 4096
kstack_top:
