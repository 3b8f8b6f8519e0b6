// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * riscv64.c - RV64GC for the common core. Encodings: The RISC-V Instruction Set Manual, Volume I
 * (20191213), chapters 2, 7, 10 to 12, 16; privileged instructions: Volume II.
 *
 * Unicorn 2.1.1: ecall is INTR 8 with the PC behind it; every other INTR comes with PC + 4,
 * also after a 2-byte instruction; ebreak and undefined instructions are INSN_INVALID at
 * the instruction. Reads of cycle, time and instret give host time: special here. wfi
 * stops the engine even in user mode: special.
 */
#include "core.h"
#include <unicorn/riscv.h>

enum { X_SP = 1, X_A0 = 9, X_A7 = 16, NGPR = 31, NFPR = 33 };

static const int gpr[NGPR] = {
    UC_RISCV_REG_X1,  UC_RISCV_REG_X2,  UC_RISCV_REG_X3,  UC_RISCV_REG_X4,
    UC_RISCV_REG_X5,  UC_RISCV_REG_X6,  UC_RISCV_REG_X7,  UC_RISCV_REG_X8,
    UC_RISCV_REG_X9,  UC_RISCV_REG_X10, UC_RISCV_REG_X11, UC_RISCV_REG_X12,
    UC_RISCV_REG_X13, UC_RISCV_REG_X14, UC_RISCV_REG_X15, UC_RISCV_REG_X16,
    UC_RISCV_REG_X17, UC_RISCV_REG_X18, UC_RISCV_REG_X19, UC_RISCV_REG_X20,
    UC_RISCV_REG_X21, UC_RISCV_REG_X22, UC_RISCV_REG_X23, UC_RISCV_REG_X24,
    UC_RISCV_REG_X25, UC_RISCV_REG_X26, UC_RISCV_REG_X27, UC_RISCV_REG_X28,
    UC_RISCV_REG_X29, UC_RISCV_REG_X30, UC_RISCV_REG_X31};

static const char *const gpr_name[NGPR] = {
    "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "s0", "s1", "a0", "a1",
    "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5", "s6",
    "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"};

static const int fpr[NFPR] = {
    UC_RISCV_REG_F0,  UC_RISCV_REG_F1,  UC_RISCV_REG_F2,  UC_RISCV_REG_F3,
    UC_RISCV_REG_F4,  UC_RISCV_REG_F5,  UC_RISCV_REG_F6,  UC_RISCV_REG_F7,
    UC_RISCV_REG_F8,  UC_RISCV_REG_F9,  UC_RISCV_REG_F10, UC_RISCV_REG_F11,
    UC_RISCV_REG_F12, UC_RISCV_REG_F13, UC_RISCV_REG_F14, UC_RISCV_REG_F15,
    UC_RISCV_REG_F16, UC_RISCV_REG_F17, UC_RISCV_REG_F18, UC_RISCV_REG_F19,
    UC_RISCV_REG_F20, UC_RISCV_REG_F21, UC_RISCV_REG_F22, UC_RISCV_REG_F23,
    UC_RISCV_REG_F24, UC_RISCV_REG_F25, UC_RISCV_REG_F26, UC_RISCV_REG_F27,
    UC_RISCV_REG_F28, UC_RISCV_REG_F29, UC_RISCV_REG_F30, UC_RISCV_REG_F31,
    UC_RISCV_REG_FCSR};

static uint32_t half_at(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint32_t word_at(const uint8_t *p)
{
    return half_at(p) | half_at(p + 2) << 16;
}

static unsigned length(const struct core *c, const uint8_t *p, size_t max)
{
    (void)c;
    if (max < 2)
        return 0;
    unsigned n = (p[0] & 3u) == 3u ? 4 : 2;
    return n <= max ? n : 0;
}

/* ---- instructions an engine must not do by itself ---- */

#define CSR_CYCLE 0xc00u
#define CSR_TIME 0xc01u
#define CSR_INSTRET 0xc02u
#define CSR_HPMCOUNTER31 0xc1fu
#define INSN_WFI 0x10500073u

static enum cpu_special special(const uint8_t *p, size_t max)
{
    if (max < 4 || (p[0] & 0x7fu) != 0x73)
        return CPU_PLAIN;
    uint32_t insn = word_at(p);
    uint32_t funct3 = insn >> 12 & 7u, csr = insn >> 20, rs1 = insn >> 15 & 31u;
    if (insn == INSN_WFI)
        return CPU_SPECIAL_ILLEGAL;
    if (funct3 == 0 || funct3 == 4 || csr < CSR_CYCLE || csr > CSR_HPMCOUNTER31)
        return CPU_PLAIN;
    bool only_reads = (funct3 & 3u) != 1 && rs1 == 0; /* csrrs, csrrc of nothing */
    return only_reads && csr <= CSR_INSTRET ? CPU_SPECIAL_READ : CPU_SPECIAL_ILLEGAL;
}

static void special_read(struct core *c, const uint8_t *p, uint64_t *regs)
{
    uint32_t insn = word_at(p);
    uint32_t rd = insn >> 7 & 31u;
    uint64_t value = insn >> 20 == CSR_INSTRET
                         ? core_counter(c, CORE_USER) + core_counter(c, CORE_LIB)
                         : core_counter(c, CORE_CYCLES);
    if (rd != 0)
        regs[rd - 1] = value;
}

/* ---- exceptions ---- */

#define INSN_EBREAK 0x00100073u
#define INSN_C_EBREAK 0x9002u
#define EXC_LOAD_MISALIGNED 4u
#define EXC_STORE_MISALIGNED 6u

static enum hw_cause cause(struct engine *e, const struct cpu_exception *x, uint64_t *pc)
{
    if (!x->invalid) {
        *pc = x->pc - 4;
        return x->number == EXC_LOAD_MISALIGNED || x->number == EXC_STORE_MISALIGNED
                   ? HW_CAUSE_UNALIGNED
                   : HW_CAUSE_ILLEGAL;
    }
    *pc = x->pc;
    const uint8_t *p = engine_code(e, x->pc);
    if (p && half_at(p) == INSN_C_EBREAK)
        return HW_CAUSE_BREAK;
    if (p && (x->pc & (PAGE_SIZE - 1)) <= PAGE_SIZE - 4 && word_at(p) == INSN_EBREAK)
        return HW_CAUSE_BREAK;
    return HW_CAUSE_ILLEGAL;
}

/* ---- exact addresses ---- */

static uint64_t reg(const uint64_t *regs, uint32_t x)
{
    return x ? regs[x - 1] : 0;
}

static uint32_t bits(uint32_t v, unsigned hi, unsigned lo)
{
    return v >> lo & ((1u << (hi - lo + 1)) - 1u);
}

/* Compressed loads and stores: "c.lw" and its kin, table 16.5 and 16.6. */
static bool address_compressed(uint32_t i, const uint64_t *regs, uint64_t *out)
{
    uint32_t funct3 = i >> 13, op = i & 3u;
    uint32_t d8 = bits(i, 12, 10) << 3 | bits(i, 6, 5) << 6;
    uint32_t w4 = bits(i, 12, 10) << 3 | bits(i, 6, 6) << 2 | bits(i, 5, 5) << 6;
    uint64_t base = reg(regs, 8 + bits(i, 9, 7)), sp = reg(regs, 2);
    if (op == 0) { /* fld lw ld - fsd sw sd */
        bool word = funct3 == 2 || funct3 == 6;
        if (funct3 == 0 || funct3 == 4)
            return false;
        *out = base + (word ? w4 : d8);
        return true;
    }
    if (op != 2)
        return false;
    switch (funct3) {
    case 1:
    case 3:
        *out = sp + (bits(i, 12, 12) << 5 | bits(i, 6, 5) << 3 | bits(i, 4, 2) << 6);
        break;
    case 2:
        *out = sp + (bits(i, 12, 12) << 5 | bits(i, 6, 4) << 2 | bits(i, 3, 2) << 6);
        break;
    case 5:
    case 7: *out = sp + (bits(i, 12, 10) << 3 | bits(i, 9, 7) << 6); break;
    case 6: *out = sp + (bits(i, 12, 9) << 2 | bits(i, 8, 7) << 6); break;
    default: return false;
    }
    return true;
}

static unsigned addresses(const struct core *c, const uint8_t *insn, size_t len,
                          uint64_t pc, const uint64_t *regs, uint64_t *out, unsigned max)
{
    (void)c;
    (void)pc;
    if (len < 2 || max < 1)
        return 0;
    if ((insn[0] & 3u) != 3u)
        return address_compressed(half_at(insn), regs, out) ? 1 : 0;
    if (len < 4)
        return 0;
    uint32_t i = word_at(insn);
    uint64_t base = reg(regs, bits(i, 19, 15));
    switch (i & 0x7fu) {
    case 0x03: /* loads */
    case 0x07: *out = base + (uint64_t)(int64_t)((int32_t)i >> 20); return 1;
    case 0x23: /* stores */
    case 0x27:
        *out =
            base + (uint64_t)(int64_t)(((int32_t)i >> 25) * 32 + (int32_t)bits(i, 11, 7));
        return 1;
    case 0x2f: /* lr, sc, amo */ *out = base; return 1;
    default: return 0;
    }
}

/* ---- set-up ---- */

static int setup(struct engine *e, bool user)
{
    static const uint32_t drop[] = {0x30200073 /* mret */, 0x00000073 /* ecall */};
    uint64_t mstatus = 3u << 13; /* FS dirty, MPP = U */
    uint64_t mepc = SCRATCH_BASE + 4;
    if (uc_reg_write(e->uc, UC_RISCV_REG_MSTATUS, &mstatus))
        return -1;
    if (!user)
        return 0;
    if (uc_reg_write(e->uc, UC_RISCV_REG_MEPC, &mepc))
        return -1;
    return engine_stub(e, drop, sizeof drop);
}

static const uint32_t link_code[] = {0x100535af /* lr.d a1, (a0) */,
                                     0x00000073 /* ecall */};
static const struct cpu_link load_link = {link_code, sizeof link_code, UC_RISCV_REG_A0,
                                          UC_RISCV_REG_A1, 2};

const struct cpu_isa cpu_isa_riscv64 = {
    .name = "riscv64",
    .isa = HW_ISA_RISCV64,
    .elf_machine = 243, /* EM_RISCV */
    .elf64 = true,
    .arch = UC_ARCH_RISCV,
    .mode = UC_MODE_RISCV64,
    .cpu_model = -1,
    .pc_reg = UC_RISCV_REG_PC,
    .gpr = gpr,
    .gpr_name = gpr_name,
    .ngpr = NGPR,
    .fpr = fpr,
    .nfpr = NFPR,
    .link = &load_link,
    .sp = X_SP,
    .sysno = X_A7,
    .arg0 = X_A0,
    .result = X_A0,
    .c_arg0 = X_A0,
    .width = 0,
    .length = length,
    .special = special,
    .special_read = special_read,
    .setup = setup,
    .syscall_intr = 8,
    .cause = cause,
    .addresses = addresses,
};

CPU_MODEL(riscv64, "64-bit RISC-V (RV64GC)", cpu_isa_riscv64, HW_ISA_RISCV64, 243, true);
