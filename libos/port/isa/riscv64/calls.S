// SPDX-License-Identifier: GPL-2.0-or-later
/* calls.S - riscv64: the stubs exo_<name> of calls.def. */
#include "layout.h"

#define EXO_CALL(number, name, hw, kinds, params, what)                                      \
    .section .text.exo_##name, "ax", @progbits;                                              \
    .globl exo_##name;                                                                       \
    .type exo_##name, @function;                                                             \
    exo_##name : li a7, CALL_BASE + number;                                                  \
    ecall;                                                                                   \
    ret;                                                                                     \
    .size exo_##name, .- exo_##name;
#include <exo/calls.def>

/* 64-bit results fit the result register. */
    .globl exo_time64, exo_counter64
    .set exo_time64, exo_time
    .set exo_counter64, exo_counter
