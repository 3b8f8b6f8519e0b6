// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ctx.c - the saved contexts and kernel stacks that entry.S reaches by name.
 *
 * kernel_ctx[i] is environment i's; [0] belongs to nobody (core 0's idle). A core's C stack is
 * empty whenever user code runs: every trap starts at its top.
 */
#include "core_priv.h"

_Static_assert(offsetof(struct ctx, exc_entry) == CTX_EXC_ENTRY, "ctx layout");
_Static_assert(offsetof(struct ctx, kstack) == CTX_KSTACK, "ctx layout");
_Static_assert(offsetof(struct ctx, pct_entry) == CTX_PCT_ENTRY, "ctx layout");
_Static_assert(offsetof(struct ctx, accept) == CTX_ACCEPT, "ctx layout");
_Static_assert(offsetof(struct ctx, id) == CTX_ID, "ctx layout");
_Static_assert(offsetof(struct ctx, asid) == CTX_ASID, "ctx layout");
_Static_assert(offsetof(struct ctx, pc) == CTX_PC, "ctx layout");
_Static_assert(offsetof(struct ctx, sp) == CTX_SP, "ctx layout");
_Static_assert(offsetof(struct ctx, flags) == CTX_FLAGS, "ctx layout");
_Static_assert(offsetof(struct ctx, hilo) == CTX_HILO, "ctx layout");
_Static_assert(offsetof(struct ctx, core) == CTX_CORE, "ctx layout");
_Static_assert(offsetof(struct ctx, fp) == CTX_FP, "ctx layout");

struct ctx kernel_ctx[EXO_NENV];
char kernel_stacks[EXO_NCORE * KERNEL_STACK_SIZE] __attribute__((aligned(16)));
