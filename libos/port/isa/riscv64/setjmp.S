// SPDX-License-Identifier: GPL-2.0-or-later
/* setjmp.S - riscv64: setjmp, longjmp. jmp_buf: ra sp s0..s11 fs0..fs11. */
    .section .text.setjmp, "ax", @progbits
    .globl setjmp
    .type setjmp, @function
setjmp:
    sd ra, 0(a0)
    sd sp, 8(a0)
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11
    sd s\n, 16 + 8 * \n(a0)
    fsd fs\n, 112 + 8 * \n(a0)
    .endr
    li a0, 0
    ret
    .size setjmp, .- setjmp

    .section .text.longjmp, "ax", @progbits
    .globl longjmp
    .type longjmp, @function
longjmp:
    ld ra, 0(a0)
    ld sp, 8(a0)
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11
    ld s\n, 16 + 8 * \n(a0)
    fld fs\n, 112 + 8 * \n(a0)
    .endr
    seqz a0, a1
    add a0, a0, a1
    ret
    .size longjmp, .- longjmp
