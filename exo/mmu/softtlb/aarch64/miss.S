// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * miss.S - aarch64: the vectors of a missing translation (M_MISS_VECTOR, set by softtlb.c). On
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
    stp x9, x10, [sp]
    stp x11, x12, [sp, #16]
    core_base x9
    ldr x9, [x9, #M_BADPAGE]
    ldr w11, [sp, #CTX_ID]
    ldr x12, [sp, #CTX_ROOT]
    eor x10, x9, x9, lsr #STLB_FOLD
    ubfx x10, x10, #12, #STLB_WINDOW_BITS
    add x12, x12, x10, lsl #4 /* entry */
    orr x9, x9, x11           /* tag */
    ldp x10, x11, [x12]
    sub x10, x10, x9
    cbnz x10, absent
    ldr x10, [sp, #CTX_MMU]
    str w11, [x10, #M_TLB_LO]
    .if \shared
    str x13, [sp, #CTX_X(13)]
    mov w13, #M_TLB_OP_WRITE_RANDOM
    str w13, [x10, #M_TLB_OP]
    ldr x13, [x12]
    sub x13, x13, x9
    cbnz x13, 1f
    ldr x13, [x12, #8]
    sub x13, x13, x11
    cbz x13, 2f
1:  mov w13, #M_TLB_OP_INVALIDATE
    str w13, [x10, #M_TLB_OP] /* and it misses again */
2:  ldr x13, [sp, #CTX_X(13)]
    .else
    mov w9, #M_TLB_OP_WRITE_RANDOM
    str w9, [x10, #M_TLB_OP]
    .endif
    ldp x11, x12, [sp, #16]
    ldp x9, x10, [sp]
    svc #0
    .endm

    .globl miss_vector, miss_vector_shared
    .type miss_vector, @function
    .type miss_vector_shared, @function
miss_vector:
    refill 0
absent:
    ldp x11, x12, [sp, #16]
    ldr x9, [sp, #CTX_MISS]
    cbz x9, entry_exception
    b entry_give_up
miss_vector_shared:
    refill 1
