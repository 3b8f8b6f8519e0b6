/* SPDX-License-Identifier: GPL-2.0-or-later */
/* entry_aarch64.S - start, trap entry and return of the test kernel. NZCV follows x30. */
#include "machine.h"
    .section .text.start, "ax"
    .globl _start
_start:
    adrp x0, kstack_top
    add x0, x0, :lo12:kstack_top
    mov sp, x0
    adrp x0, frame
    add x0, x0, :lo12:frame
    bl kernel_start
    svc #0

    .text
    .globl kernel_vector
kernel_vector: /* sp = KSP = frame */
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
    str x\n, [sp, #8 * \n]
    .endr
    mrs x1, nzcv
    str x1, [sp, #8 * 31]
    mov x0, sp
    adrp x1, kstack_top
    add x1, x1, :lo12:kstack_top
    mov sp, x1
    bl kernel_trap
    adrp x1, frame
    add x1, x1, :lo12:frame
    mov sp, x1
    ldr x1, [sp, #8 * 31]
    msr nzcv, x1
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
    ldr x\n, [sp, #8 * \n]
    .endr
    svc #0

    .globl fp_double
fp_double:
    .inst 0x1e612821 /* fadd d1, d1, d1 */
    ret

    .bss
    .balign 64
frame:
    .space 512
kstack:
    .space 4096
kstack_top:
