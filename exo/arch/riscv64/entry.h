// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * entry.h - riscv64: what entry.S and the assembly of exo/mmu/<kind>/riscv64 share. A vector of a
 * kind's own, entered with sp = ctx and every other register the user's, ends by returning
 * from the trap, or, with all registers as they were but t0 spilled to ctx.scratch, in
 *
 *   entry_exception   give it to the environment's handler
 *   entry_give_up     save everything and go to kernel_trap()
 */
#ifndef EXO_ARCH_ENTRY_H
#define EXO_ARCH_ENTRY_H

#include "asm.h"
#include "regs.h"

#endif
