// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * entry.h - mips32: what entry.S and the assembly of exo/mmu/<kind>/mips32 share. A vector of a
 * kind's own, entered with sp = ctx and every other register the user's, ends by returning
 * from the trap, or, with all registers as they were but k0 spilled to ctx.scratch, in
 *
 *   entry_exception   give it to the environment's handler
 *   entry_give_up     save everything and go to kernel_trap()
 */
#ifndef EXO_ARCH_ENTRY_H
#define EXO_ARCH_ENTRY_H

#include "asm.h"
#include "regs.h"

// clang-format off
    .set noreorder
    .set noat
    .macro core_base reg
    lui \reg, M_CORE_BASE >> 16
    .endm

#endif
