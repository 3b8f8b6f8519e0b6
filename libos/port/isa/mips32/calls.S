// SPDX-License-Identifier: GPL-2.0-or-later
/* calls.S - mips32: the stubs exo_<name> of calls.def. C passes arguments 4 and 5 on the stack,
 * the kernel takes them in t0 and t1. */
#include "layout.h"
#include "isa/calls.h"

    .set noreorder
    .macro STUB number nargs
    .if \nargs > 4
    lw $t0, 16($sp)
    .endif
    .if \nargs > 5
    lw $t1, 20($sp)
    .endif
    addiu $v0, $zero, CALL_BASE + \number
    syscall
    jr $ra
    nop
    .endm

#define EXO_CALL(number, name, hw, kinds, params, what)                                      \
    .section .text.exo_##name, "ax", @progbits;                                              \
    .globl exo_##name;                                                                       \
    .type exo_##name, @function;                                                             \
    .ent exo_##name;                                                                         \
    exo_##name : STUB number EXO_NARGS params;                                               \
    .end exo_##name;                                                                         \
    .size exo_##name, .- exo_##name;
#include <exo/calls.def>

/* Result and second result are v0 and v1: just where C looks for a uint64_t. */
    .globl exo_time64, exo_counter64
    .set exo_time64, exo_time
    .set exo_counter64, exo_counter
