// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * miss.S - riscv64: the vector of a missing translation (M_MISS_VECTOR, set by hashed.c): found in
 * neither group. To the environment, unless the kernel has a wired translation to put back. On
 * entry all is as at `vector` of entry.S, which has the rest of the trap's way.
 */
#include "entry.h"

    .section .text.entry, "ax", @progbits
    .globl miss_vector
    .type miss_vector, @function
miss_vector:
    sd t0, 0(sp)
    ld t0, CTX_MISS(sp)
    beqz t0, entry_exception
    j entry_give_up
