// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * aarch64.c - A64 (Cortex-A72: no LSE) for the common core. Encodings: Arm Architecture Reference
 * Manual (DDI 0487), C4 "A64 instruction set encoding".
 *
 * Unicorn 2.1.1: svc is INTR 2 with the PC behind it; undefined 1, data alignment 4 and brk 7
 * come with the PC at the instruction. EL0 may not read the counters (they trap as
 * undefined); wfi stops the engine: special, and so is a kernel's read of a counter.
 */
#include "core.h"
#include <unicorn/arm64.h>

enum { R_X0 = 0, R_X8 = 8, R_SP = 31, NGPR = 34, NFPR = 34 };

static const int gpr[NGPR] = {
    UC_ARM64_REG_X0,   UC_ARM64_REG_X1,       UC_ARM64_REG_X2,  UC_ARM64_REG_X3,
    UC_ARM64_REG_X4,   UC_ARM64_REG_X5,       UC_ARM64_REG_X6,  UC_ARM64_REG_X7,
    UC_ARM64_REG_X8,   UC_ARM64_REG_X9,       UC_ARM64_REG_X10, UC_ARM64_REG_X11,
    UC_ARM64_REG_X12,  UC_ARM64_REG_X13,      UC_ARM64_REG_X14, UC_ARM64_REG_X15,
    UC_ARM64_REG_X16,  UC_ARM64_REG_X17,      UC_ARM64_REG_X18, UC_ARM64_REG_X19,
    UC_ARM64_REG_X20,  UC_ARM64_REG_X21,      UC_ARM64_REG_X22, UC_ARM64_REG_X23,
    UC_ARM64_REG_X24,  UC_ARM64_REG_X25,      UC_ARM64_REG_X26, UC_ARM64_REG_X27,
    UC_ARM64_REG_X28,  UC_ARM64_REG_X29,      UC_ARM64_REG_X30, UC_ARM64_REG_SP,
    UC_ARM64_REG_NZCV, UC_ARM64_REG_TPIDR_EL0};

static const char *const gpr_name[NGPR] = {
    "x0",  "x1",  "x2",  "x3",  "x4",  "x5",   "x6",       "x7",  "x8",
    "x9",  "x10", "x11", "x12", "x13", "x14",  "x15",      "x16", "x17",
    "x18", "x19", "x20", "x21", "x22", "x23",  "x24",      "x25", "x26",
    "x27", "x28", "x29", "x30", "sp",  "nzcv", "tpidr_el0"};

static const int fpr[NFPR] = {
    UC_ARM64_REG_V0,   UC_ARM64_REG_V1,  UC_ARM64_REG_V2,  UC_ARM64_REG_V3,
    UC_ARM64_REG_V4,   UC_ARM64_REG_V5,  UC_ARM64_REG_V6,  UC_ARM64_REG_V7,
    UC_ARM64_REG_V8,   UC_ARM64_REG_V9,  UC_ARM64_REG_V10, UC_ARM64_REG_V11,
    UC_ARM64_REG_V12,  UC_ARM64_REG_V13, UC_ARM64_REG_V14, UC_ARM64_REG_V15,
    UC_ARM64_REG_V16,  UC_ARM64_REG_V17, UC_ARM64_REG_V18, UC_ARM64_REG_V19,
    UC_ARM64_REG_V20,  UC_ARM64_REG_V21, UC_ARM64_REG_V22, UC_ARM64_REG_V23,
    UC_ARM64_REG_V24,  UC_ARM64_REG_V25, UC_ARM64_REG_V26, UC_ARM64_REG_V27,
    UC_ARM64_REG_V28,  UC_ARM64_REG_V29, UC_ARM64_REG_V30, UC_ARM64_REG_V31,
    UC_ARM64_REG_FPCR, UC_ARM64_REG_FPSR};

static uint32_t word_at(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

static uint32_t bits(uint32_t v, unsigned hi, unsigned lo)
{
    return v >> lo & ((1u << (hi - lo + 1)) - 1u);
}

static int64_t sign_extend(uint32_t v, unsigned width)
{
    int64_t sign = (int64_t)1 << (width - 1);
    return ((int64_t)v ^ sign) - sign;
}

/* ---- instructions an engine must not do by itself ---- */

#define INSN_WFI 0xd503207fu

static enum cpu_special special(const uint8_t *p, size_t max)
{
    (void)max;
    uint32_t i = word_at(p);
    if (i == INSN_WFI)
        return CPU_SPECIAL_ILLEGAL;
    if ((i & 0xffe00000u) != 0xd5200000u) /* mrs */
        return CPU_PLAIN;
    switch (i & 0xffffffe0u) {
    case 0xd53be020u: /* CNTPCT_EL0 */
    case 0xd53be040u: /* CNTVCT_EL0 */
    case 0xd53be200u: /* CNTP_TVAL_EL0 */
    case 0xd53be300u: /* CNTV_TVAL_EL0 */
    case 0xd53b9d00u: /* PMCCNTR_EL0 */ return CPU_SPECIAL_ILLEGAL;
    default: return CPU_PLAIN;
    }
}

/* ---- exceptions ---- */

enum { EXC_UNDEFINED = 1, EXC_SVC = 2, EXC_DATA_ABORT = 4, EXC_BREAK = 7 };

static enum hw_cause cause(struct engine *e, const struct cpu_exception *x, uint64_t *pc)
{
    (void)e;
    *pc = x->pc;
    switch (x->number) {
    case EXC_DATA_ABORT: return HW_CAUSE_UNALIGNED;
    case EXC_BREAK: return HW_CAUSE_BREAK;
    default: return HW_CAUSE_ILLEGAL;
    }
}

/* ---- exact addresses ---- */

static uint64_t reg_or_sp(const uint64_t *regs, uint32_t r)
{
    return r == 31 ? regs[R_SP] : regs[r];
}

/* Register offset: option in bits 15..13, shift in bit 12. */
static uint64_t offset_register(uint32_t i, const uint64_t *regs, unsigned scale)
{
    uint32_t rm = bits(i, 20, 16), option = bits(i, 15, 13);
    uint64_t v = rm == 31 ? 0 : regs[rm];
    if (option == 2)
        v = (uint32_t)v;
    else if (option == 6)
        v = (uint64_t)(int64_t)(int32_t)(uint32_t)v;
    return v << (bits(i, 12, 12) ? scale : 0);
}

/* Load/store register in its many forms; bits 29..27 = 111. */
static uint64_t address_single(uint32_t i, const uint64_t *regs)
{
    uint64_t base = reg_or_sp(regs, bits(i, 9, 5));
    unsigned scale = bits(i, 31, 30);
    if (bits(i, 26, 26) && bits(i, 23, 23)) /* 128-bit SIMD */
        scale = 4;
    if (bits(i, 24, 24)) /* unsigned immediate */
        return base + ((uint64_t)bits(i, 21, 10) << scale);
    if (bits(i, 21, 21))
        return bits(i, 11, 10) == 2 ? base + offset_register(i, regs, scale) : base;
    if (bits(i, 11, 10) == 1) /* post-index */
        return base;
    return base + (uint64_t)sign_extend(bits(i, 20, 12), 9);
}

static uint64_t address_pair(uint32_t i, const uint64_t *regs)
{
    uint64_t base = reg_or_sp(regs, bits(i, 9, 5));
    unsigned opc = bits(i, 31, 30);
    unsigned scale = bits(i, 26, 26) ? 2 + opc : opc == 2 ? 3 : 2;
    if (bits(i, 24, 23) == 1) /* post-index */
        return base;
    return base + (uint64_t)(sign_extend(bits(i, 21, 15), 7) * ((int64_t)1 << scale));
}

static unsigned addresses(const struct core *c, const uint8_t *insn, size_t len,
                          uint64_t pc, const uint64_t *regs, uint64_t *out, unsigned max)
{
    (void)c;
    if (len < 4 || max < 1)
        return 0;
    uint32_t i = word_at(insn);
    if ((i & 0xffffffe0u) == 0xd50b7420u) { /* dc zva */
        *out = bits(i, 4, 0) == 31 ? 0 : regs[bits(i, 4, 0)];
        return 1;
    }
    if ((i & 0x0a000000u) != 0x08000000u) /* loads and stores */
        return 0;
    switch (bits(i, 29, 28)) {
    case 0: *out = reg_or_sp(regs, bits(i, 9, 5)); break; /* exclusive, SIMD structures */
    case 1:
        *out = pc + (uint64_t)(sign_extend(bits(i, 23, 5), 19) * 4);
        break; /* literal */
    case 2: *out = address_pair(i, regs); break;
    default: *out = address_single(i, regs); break;
    }
    return 1;
}

/* ---- set-up ---- */

#define SCTLR_USER 0x0400c000u /* UCI, UCT, DZE: as Linux gives its programs */
#define CPACR_FPEN (3u << 20)
#define INSN_SVC 0xd4000001u

static int setup(struct engine *e, bool user)
{
    static const uint32_t drop[] = {0xd5381002 /* mrs x2, sctlr_el1 */,
                                    0xaa040042 /* orr x2, x2, x4 */,
                                    0xd5181002 /* msr sctlr_el1, x2 */,
                                    0xd5184020 /* msr elr_el1, x0 */,
                                    0xd5184001 /* msr spsr_el1, x1 */,
                                    0xd69f03e0 /* eret */,
                                    INSN_SVC};
    uint64_t cpacr = CPACR_FPEN, elr = SCRATCH_BASE + 24, spsr = 0, sctlr = SCTLR_USER;
    if (uc_reg_write(e->uc, UC_ARM64_REG_CPACR_EL1, &cpacr))
        return -1;
    if (!user)
        return 0;
    if (uc_reg_write(e->uc, UC_ARM64_REG_X0, &elr) ||
        uc_reg_write(e->uc, UC_ARM64_REG_X1, &spsr) ||
        uc_reg_write(e->uc, UC_ARM64_REG_X4, &sctlr))
        return -1;
    return engine_stub(e, drop, sizeof drop);
}

static const uint32_t link_code[] = {0xc85f7c01 /* ldxr x1, [x0] */, INSN_SVC};
static const struct cpu_link load_link = {link_code, sizeof link_code, UC_ARM64_REG_X0,
                                          UC_ARM64_REG_X1, 3};

const struct cpu_isa cpu_isa_aarch64 = {
    .name = "aarch64",
    .isa = HW_ISA_AARCH64,
    .elf_machine = 183, /* EM_AARCH64 */
    .elf64 = true,
    .arch = UC_ARCH_ARM64,
    .mode = UC_MODE_ARM,
    .cpu_model = UC_CPU_ARM64_A72,
    .pc_reg = UC_ARM64_REG_PC,
    .gpr = gpr,
    .gpr_name = gpr_name,
    .ngpr = NGPR,
    .fpr = fpr,
    .nfpr = NFPR,
    .link = &load_link,
    .sp = R_SP,
    .sysno = R_X8,
    .arg0 = R_X0,
    .result = R_X0,
    .c_arg0 = R_X0,
    .width = 4,
    .special = special,
    .setup = setup,
    .syscall_intr = EXC_SVC,
    .cause = cause,
    .addresses = addresses,
};

CPU_MODEL(aarch64, "64-bit Arm (Cortex-A72)", cpu_isa_aarch64, HW_ISA_AARCH64, 183, true);
