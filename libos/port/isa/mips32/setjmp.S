// SPDX-License-Identifier: GPL-2.0-or-later
/* setjmp.S - mips32: setjmp, longjmp. jmp_buf: ra sp s0..s7 fp gp, f20..f31. */
    .set noreorder
    .section .text.setjmp, "ax", @progbits
    .globl setjmp
    .type setjmp, @function
    .ent setjmp
setjmp:
    sw $ra, 0($a0)
    sw $sp, 4($a0)
    .irp n, 16,17,18,19,20,21,22,23
    sw $\n, 8 + 4 * (\n - 16)($a0)
    .endr
    sw $fp, 40($a0)
    sw $gp, 44($a0)
    .irp n, 20,21,22,23,24,25,26,27,28,29,30,31
    swc1 $f\n, 48 + 4 * (\n - 20)($a0)
    .endr
    jr $ra
    move $v0, $zero
    .end setjmp
    .size setjmp, .- setjmp

    .section .text.longjmp, "ax", @progbits
    .globl longjmp
    .type longjmp, @function
    .ent longjmp
longjmp:
    lw $ra, 0($a0)
    lw $sp, 4($a0)
    .irp n, 16,17,18,19,20,21,22,23
    lw $\n, 8 + 4 * (\n - 16)($a0)
    .endr
    lw $fp, 40($a0)
    lw $gp, 44($a0)
    .irp n, 20,21,22,23,24,25,26,27,28,29,30,31
    lwc1 $f\n, 48 + 4 * (\n - 20)($a0)
    .endr
    sltiu $v0, $a1, 1
    jr $ra
    addu $v0, $v0, $a1
    .end longjmp
    .size longjmp, .- longjmp
