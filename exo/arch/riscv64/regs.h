// SPDX-License-Identifier: GPL-2.0-or-later
/* regs.h - riscv64: slot of ctx.regs = number of the register. x0 and x2 (sp: ctx.sp)
 * unused. */
#ifndef EXO_REGS_H
#define EXO_REGS_H

#define REG_COUNT 32
#define REG_NUMBER 17 /* a7 */
// clang-format off
#define REG_ARGS {10, 11, 12, 13, 14, 15}
#define REG_RESULT 10
#define REG_RESULT2 11
#define REG_SCRATCHES {5, 6, 7, 17} /* t0 t1 t2 a7 */
// clang-format on
#define CALL_BYTES 4
#define USER_VA_END (1ull << 38) /* Sv39's lower half */
#define FLAGS_RESET 0

#define CTX_X(n) (CTX_REGS + 8 * (n))

#ifndef __ASSEMBLER__
static inline void arch_fp_reset(struct ctx *c)
{
    (void)c; /* all zero: +0.0, round to nearest, no flags */
}
#endif

#endif
