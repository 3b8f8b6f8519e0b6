/* SPDX-License-Identifier: GPL-2.0-or-later */
/* traps_riscv64.S - trap cases: what the core must report of each. */
#include "machine.h"
#include <exo/machine.h>
#define ACCESS(c, a) ((c) | (a) << 8)
    .section .text.start, "ax"
    .globl _start
_start:
    CASE M_CAUSE_ILLEGAL, 0, 2
    nop
    c.nop
2:  .4byte 0
    CASE M_CAUSE_ILLEGAL, 0, 1
    c.nop
2:  .2byte 0
    CASE M_CAUSE_BREAK, 0, 3
    c.nop
    c.nop
    nop
2:  .4byte 0x00100073
    CASE M_CAUSE_BREAK, 0, 2
    c.nop
    nop
2:  c.ebreak
    CASE M_CAUSE_ILLEGAL, 0, 1
    c.nop
2:  csrr a0, mstatus
    CASE M_CAUSE_ILLEGAL, 0, 1
    nop
2:  csrw sepc, a0
    CASE M_CAUSE_ILLEGAL, 0, 1
    nop
2:  wfi
    CASE M_CAUSE_ILLEGAL, 0, 1
    nop
2:  mret
    CASE M_CAUSE_ILLEGAL, 0, 0
2:  sret
    CASE M_CAUSE_ILLEGAL, 0, 0
2:  sfence.vma
    CASE M_CAUSE_ILLEGAL, 0, 1
    c.nop
2:  csrrw a0, cycle, a1 /* counters cannot be written */
    CASE M_CAUSE_ILLEGAL, 0, 1
    c.nop
2:  csrr a0, hpmcounter3
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE + 12, 2
    lui t0, PAGE_NONE >> 12
    c.nop
2:  lw a0, 12(t0)
    c.nop
    CASE ACCESS(M_CAUSE_PAGE, 1), PAGE_NONE + 0x7f0, 2
    lui t0, PAGE_NONE >> 12
    c.nop
2:  sd a0, 0x7f0(t0)
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE + 8, 2
    lui a5, PAGE_NONE >> 12
    nop
2:  c.ld a0, 8(a5)
    CASE ACCESS(M_CAUSE_PAGE, 1), PAGE_NONE + 4, 1
    lui a5, PAGE_NONE >> 12
2:  c.sw a0, 4(a5)
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE + 16, 1
    lui sp, PAGE_NONE >> 12
2:  c.ldsp a0, 16(sp)
    CASE ACCESS(M_CAUSE_PAGE, 1), PAGE_NONE + 24, 1
    lui sp, PAGE_NONE >> 12
2:  c.sdsp a0, 24(sp)
    CASE ACCESS(M_CAUSE_PAGE, 1), PAGE_NONE + 28, 1
    lui sp, PAGE_NONE >> 12
2:  c.swsp a0, 28(sp)
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE + 20, 1
    lui sp, PAGE_NONE >> 12
2:  c.lwsp a0, 20(sp)
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE + 32, 1
    lui a5, PAGE_NONE >> 12
2:  fld fa0, 32(a5)
    CASE ACCESS(M_CAUSE_PAGE, 1), PAGE_NONE + 40, 1
    lui a5, PAGE_NONE >> 12
2:  c.fsd fa0, 40(a5)
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE, 1 /* it reads first */
    lui a5, PAGE_NONE >> 12
2:  amoadd.w a0, a1, (a5)
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE, 2
    lui t0, PAGE_NONE >> 12
    addi t0, t0, -4 /* 8 bytes from here reach over the page's end */
2:  ld a0, 0(t0)
    CASE ACCESS(M_CAUSE_PROT, 1), PAGE_RO + 4, 1
    lui t0, PAGE_RO >> 12
2:  sw a0, 4(t0)
    CASE ACCESS(M_CAUSE_PROT, 1), USER_BASE + 64, 1
    lui t0, USER_BASE >> 12
2:  sw a0, 64(t0)
    CASE ACCESS(M_CAUSE_PAGE, 2), PAGE_NONE, 2
    lui t0, PAGE_NONE >> 12
    jr t0
2:
    CASE ACCESS(M_CAUSE_PROT, 2), PAGE_NX + 2, 3
    lui t0, PAGE_NX >> 12
    addi t0, t0, 2
    c.jr t0
2:
    CASE ACCESS(M_CAUSE_BUS, 0), PAGE_NO_RAM + 8, 1
    lui t0, PAGE_NO_RAM >> 12
2:  ld a0, 8(t0)
    CASE ACCESS(M_CAUSE_BUS, 1), PAGE_DEVICE + 0x64, 1
    lui t0, PAGE_DEVICE >> 12
2:  sw a0, 0x64(t0)
    CASE M_CAUSE_UNALIGNED, PAGE_RW + 2, 2
    lui t0, PAGE_RW >> 12
    addi t0, t0, 2
2:  lr.w a0, (t0)
    CASE M_CAUSE_UNALIGNED, PAGE_RW + 4, 3
    lui t0, PAGE_RW >> 12
    c.nop
    addi t0, t0, 4
2:  amoswap.d a0, a1, (t0)
    .balign CASE_SIZE, 0
