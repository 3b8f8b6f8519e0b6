// SPDX-License-Identifier: GPL-2.0-or-later
/* regs.h - aarch64: slot of ctx.regs = number of the register, x0..x30. */
#ifndef EXO_REGS_H
#define EXO_REGS_H

#define REG_COUNT 31
#define REG_NUMBER 8
// clang-format off
#define REG_ARGS {0, 1, 2, 3, 4, 5}
#define REG_RESULT 0
#define REG_RESULT2 1
#define REG_SCRATCHES {9, 10, 11, 8}
// clang-format on
#define CALL_BYTES 4
#define USER_VA_END (1ull << 48)
#define FLAGS_RESET 0

#define CTX_X(n) (CTX_REGS + 8 * (n))

/* ctx.fp: q0..q31, then these */
#define FP_FPSR (CTX_FP + 512)
#define FP_FPCR (CTX_FP + 520)
#define FP_TPIDR                                                                         \
    (CTX_FP + 528) /* TPIDR_EL0: goes with the environment like FP registers */

#ifndef __ASSEMBLER__
static inline void arch_fp_reset(struct ctx *c)
{
    (void)c; /* all zero: +0.0, round to nearest, no flags, no traps */
}
#endif

#endif
