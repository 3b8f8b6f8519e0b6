// SPDX-License-Identifier: GPL-2.0-or-later
/* regs.h - x86_64: slot of ctx.regs = number of the register in its encoding; 4 (rsp)
 * unused. */
#ifndef EXO_REGS_H
#define EXO_REGS_H

#define REG_COUNT 16
#define REG_NUMBER 0 /* rax */
// clang-format off
#define REG_ARGS {7, 6, 2, 10, 8, 9}
#define REG_RESULT 0
#define REG_RESULT2 2
#define REG_SCRATCHES {1, 2, 11, 0} /* rcx rdx r11 rax */
// clang-format on
#define CALL_BYTES 2
#define USER_VA_END (1ull << 47)

/* The user's part of rflags: CF PF AF ZF SF DF OF AC ID. Bit 1 is always set, IF too. */
#define FLAGS_USER 0x240cd5
#define FLAGS_RESET 0x202

#define CTX_RAX (CTX_REGS + 8 * 0)
#define CTX_RCX (CTX_REGS + 8 * 1)
#define CTX_RDX (CTX_REGS + 8 * 2)
#define CTX_RBX (CTX_REGS + 8 * 3)
#define CTX_RBP (CTX_REGS + 8 * 5)
#define CTX_RSI (CTX_REGS + 8 * 6)
#define CTX_RDI (CTX_REGS + 8 * 7)
#define CTX_R(n) (CTX_REGS + 8 * (n))

/* ctx.fp: xmm0..xmm15, then what fnsave writes (108 bytes), then MXCSR */
#define FP_X87 (CTX_FP + 256)
#define FP_MXCSR (CTX_FP + 368)

#ifndef __ASSEMBLER__
/* What fninit and reset leave: all exceptions masked, all x87 registers empty. */
static inline void arch_fp_reset(struct ctx *c)
{
    uint32_t *x87 = (uint32_t *)(void *)c->fp + (FP_X87 - CTX_FP) / 4;
    uint32_t *mxcsr = (uint32_t *)(void *)c->fp + (FP_MXCSR - CTX_FP) / 4;
    x87[0] = 0xffff037f; /* control word */
    x87[1] = 0xffff0000; /* status word */
    x87[2] = 0xffffffff; /* tags */
    *mxcsr = 0x1f80;
}
#endif

#endif
