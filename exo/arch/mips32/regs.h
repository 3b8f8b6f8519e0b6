// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * regs.h - mips32: slot of ctx.regs = number of the register; 0 and 29 (sp) unused. Slots
 * hold 64 bits, assembly uses the low word, the high one is always 0.
 */
#ifndef EXO_REGS_H
#define EXO_REGS_H

#define REG_COUNT 32
#define REG_NUMBER 2 /* v0 */
// clang-format off
#define REG_ARGS {4, 5, 6, 7, 8, 9}
#define REG_RESULT 2
#define REG_RESULT2 3
#define REG_SCRATCHES {26, 27, 24, 2} /* k0 k1 t8 v0 */
// clang-format on
#define CALL_BYTES 4
#define USER_VA_END 0x80000000ull
#define FLAGS_RESET 0

#define CTX_X(n) (CTX_REGS + 8 * (n))

/* ctx.fp: $f0..$f31, 4 bytes each, then FCSR */
#define FP_FCSR (CTX_FP + 128)
#define FCSR_CAUSE                                                                       \
    0x0003f000 /* set together with an enable bit it would trap when restored */

#ifndef __ASSEMBLER__
static inline void arch_fp_reset(struct ctx *c)
{
    (void)c; /* all zero: +0.0, round to nearest, no flags, no traps */
}
#endif

#endif
