/* SPDX-License-Identifier: GPL-2.0-or-later */
/* traps_aarch64.S - trap cases: what the core must report of each. */
#include "machine.h"
#include <exo/machine.h>
#define ACCESS(c, a) ((c) | (a) << 8)
#define LOAD(page) movz x0, #(page) >> 16, lsl 16; movk x0, #(page) & 0xffff
    .section .text.start, "ax"
    .globl _start
_start:
    CASE M_CAUSE_ILLEGAL, 0, 1
    nop
2:  .4byte 0
    CASE M_CAUSE_BREAK, 0, 1
    nop
2:  brk #7
    CASE M_CAUSE_ILLEGAL, 0, 1
    nop
2:  mrs x0, currentel
    CASE M_CAUSE_ILLEGAL, 0, 1
    nop
2:  mrs x0, cntvct_el0
    CASE M_CAUSE_ILLEGAL, 0, 1
    nop
2:  wfi
    CASE M_CAUSE_ILLEGAL, 0, 1
    nop
2:  msr daifset, #3
    CASE M_CAUSE_ILLEGAL, 0, 0
2:  eret
    CASE M_CAUSE_ILLEGAL, 0, 0
2:  hvc #0
    CASE M_CAUSE_ILLEGAL, 0, 0
2:  smc #0
    CASE M_CAUSE_ILLEGAL, 0, 0
2:  hlt #0
    CASE M_CAUSE_ILLEGAL, 0, 0
2:  .4byte 0xd508871f /* tlbi vmalle1 */
    CASE M_CAUSE_ILLEGAL, 0, 0
2:  mrs x0, midr_el1
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE + 8, 3
    LOAD(PAGE_NONE)
    nop
2:  ldr x1, [x0, #8]
    CASE ACCESS(M_CAUSE_PAGE, 1), PAGE_NONE + 4, 2
    LOAD(PAGE_NONE)
2:  str w1, [x0, #4]!
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE, 2
    LOAD(PAGE_NONE)
2:  ldr x1, [x0], #8
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE + 0x18, 3
    LOAD(PAGE_NONE)
    mov x2, #3
2:  ldr x1, [x0, x2, lsl #3]
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE + 3, 4
    LOAD(PAGE_NONE + 8)
    mov w2, #-5
    nop
2:  ldrb w1, [x0, w2, sxtw]
    CASE ACCESS(M_CAUSE_PAGE, 1), PAGE_NONE + 16, 2
    LOAD(PAGE_NONE)
2:  stp x1, x2, [x0, #16]
    CASE ACCESS(M_CAUSE_PAGE, 1), PAGE_NONE, 2
    LOAD(PAGE_NONE)
2:  stp w1, w2, [x0], #8
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE + 1, 2
    LOAD(PAGE_NONE)
2:  ldur x1, [x0, #1]
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE + 32, 2
    LOAD(PAGE_NONE)
2:  ldr q1, [x0, #32]
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE, 2
    LOAD(PAGE_NONE)
2:  ld1 {v0.16b, v1.16b}, [x0]
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE + 8, 2
    LOAD(PAGE_NONE + 8)
2:  ldxr x1, [x0]
    CASE ACCESS(M_CAUSE_PAGE, 1), PAGE_NONE + 0x40, 2
    LOAD(PAGE_NONE + 0x40)
2:  dc zva, x0
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE, 2
    LOAD(PAGE_NONE - 4)
2:  ldr x1, [x0]
    CASE ACCESS(M_CAUSE_PROT, 1), PAGE_RO + 4, 2
    LOAD(PAGE_RO)
2:  str w1, [x0, #4]
    CASE ACCESS(M_CAUSE_PAGE, 2), PAGE_NONE, 3
    LOAD(PAGE_NONE)
    br x0
2:
    CASE ACCESS(M_CAUSE_PROT, 2), PAGE_NX + 8, 3
    LOAD(PAGE_NX + 8)
    br x0
2:
    CASE ACCESS(M_CAUSE_UNALIGNED, 2), PAGE_EXEC + 2, 3
    LOAD(PAGE_EXEC + 2)
    br x0
2:
    CASE ACCESS(M_CAUSE_BUS, 0), PAGE_NO_RAM + 8, 2
    LOAD(PAGE_NO_RAM)
2:  ldr x1, [x0, #8]
    CASE ACCESS(M_CAUSE_BUS, 1), PAGE_DEVICE + 0x64, 2
    LOAD(PAGE_DEVICE)
2:  str w1, [x0, #0x64]
    CASE M_CAUSE_UNALIGNED, PAGE_RW + 2, 2
    LOAD(PAGE_RW + 2)
2:  ldxr w1, [x0]
    .balign CASE_SIZE, 0
