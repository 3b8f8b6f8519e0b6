// SPDX-License-Identifier: GPL-2.0-or-later
/* calls.S - x86_64: the stubs exo_<name> of calls.def. C passes argument 3 in rcx, the kernel
 * takes it in r10. */
#include "layout.h"
#include "isa/calls.h"

    .macro STUB number nargs
    .if \nargs > 3
    movq %rcx, %r10
    .endif
    movl $CALL_BASE + \number, %eax
    syscall
    ret
    .endm

#define EXO_CALL(number, name, hw, kinds, params, what)                                      \
    .section .text.exo_##name, "ax", @progbits;                                              \
    .globl exo_##name;                                                                       \
    .type exo_##name, @function;                                                             \
    exo_##name : STUB number EXO_NARGS params;                                               \
    .size exo_##name, .- exo_##name;
#include <exo/calls.def>

/* 64-bit results fit the result register. */
    .globl exo_time64, exo_counter64
    .set exo_time64, exo_time
    .set exo_counter64, exo_counter
