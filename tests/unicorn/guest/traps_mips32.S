/* SPDX-License-Identifier: GPL-2.0-or-later */
/* traps_mips32.S - trap cases: what the core must report of each. In a delay slot EPC is the
 * branch, which has not retired. */
#include "machine.h"
#include <exo/machine.h>
#define ACCESS(c, a) ((c) | (a) << 8)
#define IN_SLOT 0x80000000
    .set noreorder
    .set noat
    .section .text.start, "ax"
    .globl _start
_start:
    CASE M_CAUSE_ILLEGAL, 0, 1
    nop
2:  .4byte 0x7c00003f
    CASE M_CAUSE_BREAK, 0, 2
    nop
    nop
2:  break
    CASE M_CAUSE_BREAK, 0, 1
    nop
2:  sdbbp
    CASE M_CAUSE_ARITH, 0, 3
    li $8, 1
    teq $8, $0 /* does not */
    li $9, 0
2:  teq $9, $0
    nop
    CASE M_CAUSE_ARITH, 0, 2
    lui $8, 0x7fff
    ori $8, $8, 0xffff
2:  addi $9, $8, 1
    CASE M_CAUSE_ARITH, 0, 3
    lui $8, 0x8000
    li $9, 1
    add $10, $9, $9
2:  sub $9, $8, $9
    nop
    CASE M_CAUSE_ARITH, 0, 1
    li $8, -3
2:  tlti $8, -2
    CASE M_CAUSE_ILLEGAL, 0, 1
    nop
2:  mfc0 $8, $12
    CASE M_CAUSE_ILLEGAL, 0, 1
    nop
2:  mtc0 $8, $12
    CASE M_CAUSE_ILLEGAL, 0, 1
    nop
2:  di
    CASE M_CAUSE_ILLEGAL, 0, 1
    nop
2:  ei
    CASE M_CAUSE_ILLEGAL, 0, 0
2:  eret
    CASE M_CAUSE_ILLEGAL, 0, 0
2:  deret
    CASE M_CAUSE_ILLEGAL, 0, 0
2:  wait
    CASE M_CAUSE_ILLEGAL, 0, 0
2:  tlbwr
    CASE M_CAUSE_ILLEGAL, 0, 0
2:  cache 0, 0($0)
    CASE M_CAUSE_ILLEGAL, 0, 1
    nop
2:  .4byte 0x7c02103b /* rdhwr $2, CC: host time */
    CASE M_CAUSE_ILLEGAL, 0, 1
    nop
2:  .4byte 0x48020000 /* mfc2 */
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE + 12, 2
    lui $8, PAGE_NONE >> 16
    ori $8, $8, PAGE_NONE & 0xffff
2:  lw $9, 12($8)
    CASE ACCESS(M_CAUSE_PAGE, 1), PAGE_NONE + 1, 2
    lui $8, PAGE_NONE >> 16
    ori $8, $8, (PAGE_NONE & 0xffff) + 4
2:  sb $9, -3($8)
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE + 8, 2
    lui $8, PAGE_NONE >> 16
    ori $8, $8, PAGE_NONE & 0xffff
2:  ldc1 $f0, 8($8)
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE + 8, 2
    lui $8, PAGE_NONE >> 16
    ori $8, $8, PAGE_NONE & 0xffff
2:  ll $9, 8($8)
    CASE ACCESS(M_CAUSE_PAGE, 0) | IN_SLOT, PAGE_NONE + 16, 2
    lui $8, PAGE_NONE >> 16
    ori $8, $8, PAGE_NONE & 0xffff
2:  b 3f
    lw $9, 16($8)
3:  nop
    CASE ACCESS(M_CAUSE_PAGE, 1) | IN_SLOT, PAGE_NONE + 20, 3
    lui $8, PAGE_NONE >> 16
    ori $8, $8, PAGE_NONE & 0xffff
    nop
2:  bne $8, $8, 3f /* not taken: its slot runs all the same */
    sw $9, 20($8)
3:  nop
    CASE M_CAUSE_BREAK | IN_SLOT, 0, 1
    nop
2:  b 3f
    break
3:  nop
    CASE M_CAUSE_ARITH | IN_SLOT, 0, 2
    li $8, 5
    nop
2:  beq $8, $8, 3f
    teq $8, $8
3:  nop
    CASE M_CAUSE_ILLEGAL | IN_SLOT, 0, 1
    nop
2:  b 3f
    mfc0 $8, $12
3:  nop
    CASE M_CAUSE_SYSCALL | IN_SLOT, 0, 1
    nop
2:  b 3f
    syscall
3:  nop
    CASE M_CAUSE_UNALIGNED | IN_SLOT, PAGE_RW + 2, 2
    lui $8, PAGE_RW >> 16
    ori $8, $8, (PAGE_RW & 0xffff) + 2
2:  b 3f
    lw $9, 0($8)
3:  nop
    CASE ACCESS(M_CAUSE_PROT, 1), PAGE_RO + 4, 2
    lui $8, PAGE_RO >> 16
    ori $8, $8, PAGE_RO & 0xffff
2:  sw $9, 4($8)
    CASE ACCESS(M_CAUSE_PAGE, 2), PAGE_NONE, 4
    lui $8, PAGE_NONE >> 16
    ori $8, $8, PAGE_NONE & 0xffff
    jr $8
    nop
2:
    CASE ACCESS(M_CAUSE_PROT, 2), PAGE_NX + 8, 4
    lui $8, PAGE_NX >> 16
    ori $8, $8, (PAGE_NX & 0xffff) + 8
    jr $8
    nop
2:
    CASE ACCESS(M_CAUSE_UNALIGNED, 2), PAGE_EXEC + 1, 4
    lui $8, PAGE_EXEC >> 16
    ori $8, $8, (PAGE_EXEC & 0xffff) + 1
    jr $8
    nop
2:
    CASE ACCESS(M_CAUSE_UNALIGNED, 2), USER_BASE + 2, 4
    lui $8, USER_BASE >> 16
    ori $8, $8, 2
    jalr $8
    nop
2:
    CASE ACCESS(M_CAUSE_BUS, 0), PAGE_NO_RAM + 8, 2
    lui $8, PAGE_NO_RAM >> 16
    ori $8, $8, PAGE_NO_RAM & 0xffff
2:  lw $9, 8($8)
    CASE ACCESS(M_CAUSE_BUS, 1), PAGE_DEVICE + 0x64, 2
    lui $8, PAGE_DEVICE >> 16
    ori $8, $8, PAGE_DEVICE & 0xffff
2:  sw $9, 0x64($8)
    CASE M_CAUSE_UNALIGNED, PAGE_RW + 6, 4
    lui $8, PAGE_RW >> 16
    ori $8, $8, PAGE_RW & 0xffff
    lw $9, 4($8)
    lh $9, 6($8)
2:  lw $9, 6($8)
    nop
    CASE M_CAUSE_UNALIGNED, PAGE_RW + 1, 2
    lui $8, PAGE_RW >> 16
    ori $8, $8, PAGE_RW & 0xffff
2:  sh $9, 1($8)
    .balign CASE_SIZE, 0
