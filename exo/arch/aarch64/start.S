// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * start.S - aarch64: reset. Every core comes here in kernel mode at physical addresses,
 * with nothing in its registers. Core 0 clears .bss; the others wait for it. Then each
 * core sets its vectors and enters kernel_start(core) on its own boot stack. Cores beyond
 * EXO_NCORE sleep.
 */
#include "asm.h"

    .section .text.start, "ax", @progbits
    .globl _start
    .type _start, @function
_start:
    movz x19, #M_CORE_BASE >> 16, lsl #16
    ldr w20, [x19, #M_COREID]
    cmp w20, #EXO_NCORE
    b.hs park
    ldr x21, =bss_cleared
    cbnz w20, 3f

    ldr x0, =kernel_bss
    ldr x1, =kernel_end
1:  cmp x0, x1
    b.hs 2f
    stp xzr, xzr, [x0], #16
    b 1b
2:  mov w0, #1
    stlr w0, [x21]
3:  ldar w0, [x21]
    cbz w0, 3b

    ldr x0, =kernel_stacks
    add w1, w20, #1
    add x0, x0, x1, lsl #KSTACK_SHIFT
    mov sp, x0
    adr x0, vector
    str w0, [x19, #M_VECTOR]
    mov w0, w20
    mov x29, xzr
    mov x30, xzr
    b kernel_start

park:
    str wzr, [x19, #M_WAIT]
    b park
    .size _start, .- _start
    .ltorg

    .section .data.start, "aw", @progbits
    .balign 4
bss_cleared: /* not in .bss itself */
    .word 0
