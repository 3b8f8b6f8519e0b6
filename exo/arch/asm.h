// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * asm.h - the constants of abi.h that assembly needs (abi.h itself is C). context.c
 * asserts that the two agree. A CALL_* is a call number as it stands in the number
 * register.
 */
#ifndef EXO_ARCH_ASM_H
#define EXO_ARCH_ASM_H

#include <exo/machine.h>
#include <exo/param.h>

#include "ctx.h"

#define CALL_BASE 0x2000
#define CALL_MAX 128
#define CALL_MAX_SHIFT 7
#define CALL_EXC_RETURN 3 /* relative to CALL_BASE; null is 0 */
#define CALL_PCT_CALL 5

/* struct exo_upage */
#define UP_BUSY 0
#define UP_EPC 16
#define UP_SP 24
#define UP_BADVADDR 32
#define UP_CAUSE 40
#define UP_UPCALL 44
#define UP_SCRATCH0 48
#define UP_SCRATCH1 56
#define UP_SCRATCH2 64
#define UP_SCRATCH3 72
#define UPCALL_EXCEPTION 1

#define STATE_READY 2
#define STATE_PCT 4

#define KSTACK_SHIFT 13 /* KERNEL_STACK_SIZE */

#endif
