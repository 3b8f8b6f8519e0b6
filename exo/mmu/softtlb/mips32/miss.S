// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * miss.S - mips32: the vectors of a missing translation (M_MISS_VECTOR, set by softtlb.c). On
 * entry all is as at `vector` of entry.S, which has the rest of the trap's way.
 */
#include "entry.h"
#include "../window.h"

    .section .text.entry, "ax", @progbits
/*
 * The hardware TLB missed; HI and HI_ASID are loaded. Refill from the software TLB. With
 * several cores another may take the entry away between our look and our write, and its
 * invalidation may come before our write: look again after it.
 */
    .macro refill shared
    sw $k0, 0($sp)
    core_base $k0
    lw $k0, M_BADPAGE($k0)
    sw $k1, 8($sp)
    sw $t8, 16($sp)
    srl $k1, $k0, STLB_FOLD
    xor $k1, $k1, $k0
    srl $k1, $k1, 12 - 3
    andi $k1, $k1, ((1 << STLB_WINDOW_BITS) - 1) << 3
    lw $t8, CTX_ROOT($sp)
    addu $k1, $k1, $t8 /* entry */
    lw $t8, CTX_ID($sp)
    or $k0, $k0, $t8 /* tag */
    lw $t8, 0($k1)
    bne $t8, $k0, absent
     lw $t8, 4($k1)
    .if \shared
    sw $v0, 24($sp)
    lw $v0, CTX_MMU($sp)
    sw $t8, M_TLB_LO($v0)
    addiu $t8, $zero, M_TLB_OP_WRITE_RANDOM
    sw $t8, M_TLB_OP($v0)
    lw $t8, 0($k1)
    bne $t8, $k0, 1f
     lw $t8, 4($k1)
    lw $k0, M_TLB_LO($v0)
    beq $t8, $k0, 2f
     nop
1:  addiu $t8, $zero, M_TLB_OP_INVALIDATE
    sw $t8, M_TLB_OP($v0) /* and it misses again */
2:  lw $v0, 24($sp)
    .else
    lw $k0, CTX_MMU($sp)
    sw $t8, M_TLB_LO($k0)
    addiu $t8, $zero, M_TLB_OP_WRITE_RANDOM
    sw $t8, M_TLB_OP($k0)
    .endif
    lw $t8, 16($sp)
    lw $k1, 8($sp)
    lw $k0, 0($sp)
    syscall
    .endm

    .globl miss_vector, miss_vector_shared
    .type miss_vector, @function
    .type miss_vector_shared, @function
miss_vector:
    refill 0
absent:
    lw $t8, 16($sp)
    lw $k0, CTX_MISS($sp)
    lw $k1, 8($sp)
    beqz $k0, entry_exception
     lw $k0, CTX_SAVE($sp)
    b entry_give_up
     nop
miss_vector_shared:
    refill 1
