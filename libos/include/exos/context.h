// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exos/context.h - the registers of interrupted code: the third argument of a handler set with
 * SA_SIGINFO points to one. What the handler changes is what the code goes on with.
 *
 *   reg[]   riscv64 x0..x31   aarch64 x0..x30   mips32 $0..$31
 *           x86_64 rax rcx rdx rbx - rbp rsi rdi r8..r15 (the numbers of the encoding)
 *   sp      is here only, not in reg[]
 *   cause   M_CAUSE_* of exo/machine.h; badvaddr: address of a memory fault
 *   flags   x86 rflags, aarch64 NZCV      hi, lo   mips32
 */
#ifndef EXOS_CONTEXT_H
#define EXOS_CONTEXT_H

#include <exo/types.h>

struct exos_context {
    exo_word pc, sp, cause, badvaddr, flags, hi, lo, reserved;
    exo_word reg[32];
};

#endif
