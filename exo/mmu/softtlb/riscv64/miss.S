// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * miss.S - riscv64: the vectors of a missing translation (M_MISS_VECTOR, set by softtlb.c). On
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
    sd t0, 0(sp)
    sd t1, 8(sp)
    sd t2, 16(sp)
    ld t0, CTX_ARCH(sp)
    ld t0, M_BADPAGE(t0)
    srli t1, t0, STLB_FOLD
    xor t1, t1, t0
    slli t1, t1, 64 - 12 - STLB_WINDOW_BITS
    srli t1, t1, 64 - STLB_WINDOW_BITS
    slli t1, t1, 4
    ld t2, CTX_ROOT(sp)
    add t1, t1, t2 /* entry */
    lwu t2, CTX_ID(sp)
    or t0, t0, t2 /* tag */
    ld t2, 0(t1)
    bne t2, t0, absent
    ld t2, 8(t1)
    .if \shared
    sd t3, 24(sp)
    ld t3, CTX_MMU(sp)
    sw t2, M_TLB_LO(t3)
    li t2, M_TLB_OP_WRITE_RANDOM
    sw t2, M_TLB_OP(t3)
    ld t2, 0(t1)
    bne t2, t0, 1f
    lw t2, 8(t1)
    lw t0, M_TLB_LO(t3)
    beq t2, t0, 2f
1:  li t2, M_TLB_OP_INVALIDATE
    sw t2, M_TLB_OP(t3) /* and it misses again */
2:  ld t3, 24(sp)
    .else
    ld t0, CTX_MMU(sp)
    sw t2, M_TLB_LO(t0)
    li t2, M_TLB_OP_WRITE_RANDOM
    sw t2, M_TLB_OP(t0)
    .endif
    ld t2, 16(sp)
    ld t1, 8(sp)
    ld t0, 0(sp)
    ecall
    .endm

    .globl miss_vector, miss_vector_shared
    .type miss_vector, @function
    .type miss_vector_shared, @function
miss_vector:
    refill 0
absent:
    ld t2, 16(sp)
    ld t1, 8(sp)
    ld t0, CTX_MISS(sp)
    beqz t0, entry_exception
    j entry_give_up
miss_vector_shared:
    refill 1
