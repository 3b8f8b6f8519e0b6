// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mips32.c - MIPS32 release 2 (little endian) for the common core. Encodings: MIPS Architecture
 * for Programmers, Volume II (MD00086).
 *
 * The engine's model is the P5600: the only one of Unicorn's with an FPU and without MIPS16 (with
 * it, a jump to an odd address would run 16-bit code). Unicorn 2.1.1 leaves no usable PC at
 * any exception: it is found by decoding the block, with the registers of the fault. A
 * conditional trap, overflow or misalignment is the first in its block whose condition holds;
 * that is wrong only if the block changes the registers of an earlier candidate so that it
 * seems to trap too.
 */
#include "core.h"
#include <unicorn/mips.h>

enum { R_V0 = 1, R_A0 = 3, R_SP = 28, NGPR = 34 };

static const int gpr[NGPR] = {UC_MIPS_REG_1,  UC_MIPS_REG_2,
                              UC_MIPS_REG_3,  UC_MIPS_REG_4,
                              UC_MIPS_REG_5,  UC_MIPS_REG_6,
                              UC_MIPS_REG_7,  UC_MIPS_REG_8,
                              UC_MIPS_REG_9,  UC_MIPS_REG_10,
                              UC_MIPS_REG_11, UC_MIPS_REG_12,
                              UC_MIPS_REG_13, UC_MIPS_REG_14,
                              UC_MIPS_REG_15, UC_MIPS_REG_16,
                              UC_MIPS_REG_17, UC_MIPS_REG_18,
                              UC_MIPS_REG_19, UC_MIPS_REG_20,
                              UC_MIPS_REG_21, UC_MIPS_REG_22,
                              UC_MIPS_REG_23, UC_MIPS_REG_24,
                              UC_MIPS_REG_25, UC_MIPS_REG_26,
                              UC_MIPS_REG_27, UC_MIPS_REG_28,
                              UC_MIPS_REG_29, UC_MIPS_REG_30,
                              UC_MIPS_REG_31, UC_MIPS_REG_HI,
                              UC_MIPS_REG_LO, UC_MIPS_REG_CP0_USERLOCAL};

static const char *const gpr_name[NGPR] = {
    "at", "v0", "v1", "a0", "a1", "a2", "a3", "t0", "t1", "t2",       "t3", "t4",
    "t5", "t6", "t7", "s0", "s1", "s2", "s3", "s4", "s5", "s6",       "s7", "t8",
    "t9", "k0", "k1", "gp", "sp", "fp", "ra", "hi", "lo", "userlocal"};

static uint32_t word_at(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

/* Fields of an instruction. */
#define OP(i) ((i) >> 26)
#define RS(i) ((i) >> 21 & 31u)
#define RT(i) ((i) >> 16 & 31u)
#define FUNCT(i) ((i)&63u)

enum {
    OP_SPECIAL = 0x00,
    OP_REGIMM = 0x01,
    OP_COP0 = 0x10,
    OP_COP1 = 0x11,
    OP_COP2 = 0x12
};
enum { OP_ADDI = 0x08, OP_COP1X = 0x13, OP_SPECIAL3 = 0x1f };

/* The immediate, sign extended. */
static uint32_t imm(uint32_t i)
{
    int32_t v = (int16_t)(i & 0xffffu);
    return (uint32_t)v;
}

static uint32_t reg(const uint64_t *regs, uint32_t r)
{
    return r ? (uint32_t)regs[r - 1] : 0;
}

static bool has_slot(const uint8_t *p)
{
    uint32_t i = word_at(p), op = OP(i), rt = RT(i);
    switch (op) {
    case OP_SPECIAL: return FUNCT(i) == 8 || FUNCT(i) == 9;       /* jr jalr */
    case OP_REGIMM: return rt <= 3 || (rt >= 0x10 && rt <= 0x13); /* bltz bgez, l, al */
    case OP_COP1:
    case OP_COP2: return RS(i) == 8; /* bc1 bc2 */
    default: return (op >= 2 && op <= 7) || (op >= 0x14 && op <= 0x17) || op == 0x1d;
    }
}

/* ---- instructions an engine must not do by itself ---- */

#define INSN_DERET 0x4200001fu
#define INSN_WAIT 0x42000020u

static enum cpu_special special(const uint8_t *p, size_t max)
{
    (void)max;
    uint32_t i = word_at(p);
    if (OP(i) == OP_COP0) {
        if ((i & 0xffe0ffdfu) == 0x41606000u /* di ei: Unicorn does them in user mode */
            || i == INSN_DERET || i == INSN_WAIT ||
            (i & 0xffe0f800u) == 0x40004800u /* Count */)
            return CPU_SPECIAL_ILLEGAL;
    }
    if ((i & 0xffe0ffffu) == 0x7c00103bu) /* rdhwr CC */
        return CPU_SPECIAL_ILLEGAL;
    return CPU_PLAIN;
}

/* ---- exceptions ---- */

enum { /* Unicorn's numbers */
       EXC_DEBUG_BREAK = 16,
       EXC_ADDRESS_LOAD = 12,
       EXC_ADDRESS_STORE = 13,
       EXC_SYSCALL = 17,
       EXC_BREAK = 18,
       EXC_COPROCESSOR = 19,
       EXC_RESERVED = 20,
       EXC_OVERFLOW = 21,
       EXC_TRAP = 22,
       EXC_FP = 23
};

struct access {
    uint32_t address, size; /* size: alignment it needs */
    bool store;
};

static bool access_indexed(uint32_t i, const uint64_t *regs, struct access *a)
{
    a->address = reg(regs, RS(i)) + reg(regs, RT(i));
    switch (FUNCT(i)) {
    case 0: *a = (struct access){a->address, 4, false}; return true; /* lwxc1 */
    case 1: *a = (struct access){a->address, 8, false}; return true; /* ldxc1 */
    case 5: *a = (struct access){a->address, 1, false}; return true; /* luxc1 */
    case 8: *a = (struct access){a->address, 4, true}; return true;  /* swxc1 */
    case 9: *a = (struct access){a->address, 8, true}; return true;  /* sdxc1 */
    case 13: *a = (struct access){a->address, 1, true}; return true; /* suxc1 */
    default: return false;
    }
}

/* The access a load or store makes. Table of bits 31..26 from 0x20. */
static bool access_of(uint32_t i, const uint64_t *regs, struct access *a)
{
    static const uint8_t size[32] = {1, 2, 1, 4, 1, 2, 1, 0, 1, 2, 1, 4, 0, 0, 1, 0,
                                     4, 4, 0, 0, 0, 8, 0, 0, 4, 4, 0, 0, 0, 8, 0, 0};
    if (OP(i) == OP_COP1X)
        return access_indexed(i, regs, a);
    if (OP(i) < 0x20 || size[OP(i) - 0x20] == 0)
        return false;
    uint32_t k = OP(i) - 0x20;
    *a = (struct access){reg(regs, RS(i)) + imm(i), size[k], (k & 8u) != 0};
    return true;
}

static bool compare(uint32_t how, uint32_t x, uint32_t y)
{
    switch (how) { /* low bits of tge tgeu tlt tltu teq tne */
    case 0: return (int32_t)x >= (int32_t)y;
    case 1: return x >= y;
    case 2: return (int32_t)x < (int32_t)y;
    case 3: return x < y;
    case 4: return x == y;
    case 6: return x != y;
    default: return false;
    }
}

static bool may_trap(uint32_t i, const uint64_t *regs)
{
    if (OP(i) == OP_SPECIAL && FUNCT(i) >= 0x30 && FUNCT(i) <= 0x36)
        return compare(FUNCT(i) & 7u, reg(regs, RS(i)), reg(regs, RT(i)));
    if (OP(i) == OP_REGIMM && RT(i) >= 8 && RT(i) <= 14)
        return compare(RT(i) & 7u, reg(regs, RS(i)), imm(i));
    return false;
}

static bool may_overflow(uint32_t i, const uint64_t *regs)
{
    int32_t x = (int32_t)reg(regs, RS(i)), y = (int32_t)reg(regs, RT(i)), r;
    if (OP(i) == OP_ADDI)
        return __builtin_add_overflow(x, (int32_t)imm(i), &r);
    if (OP(i) != OP_SPECIAL)
        return false;
    return FUNCT(i) == 0x20   ? __builtin_add_overflow(x, y, &r)
           : FUNCT(i) == 0x22 ? __builtin_sub_overflow(x, y, &r)
                              : false;
}

/* Could this instruction, with these registers, have raised exception `number`? */
static bool candidate(uint32_t number, uint32_t i, const uint64_t *regs)
{
    struct access a;
    switch (number) {
    case EXC_ADDRESS_LOAD:
    case EXC_ADDRESS_STORE:
        return access_of(i, regs, &a) && a.address % a.size != 0 &&
               a.store == (number == EXC_ADDRESS_STORE);
    case EXC_OVERFLOW: return may_overflow(i, regs);
    case EXC_TRAP: return may_trap(i, regs);
    case EXC_RESERVED: return OP(i) == OP_SPECIAL3 && FUNCT(i) == 0x3b; /* rdhwr */
    case EXC_FP: return OP(i) == OP_COP1 && RS(i) >= 16;
    default: return false;
    }
}

static uint64_t find_pc(struct engine *e, uint32_t number)
{
    const struct meter *m = &e->meter;
    uint64_t regs[NGPR] = {0};
    void *at[NGPR];
    for (unsigned i = 0; i < NGPR; i++)
        at[i] = &regs[i];
    int ids[NGPR];
    for (unsigned i = 0; i < NGPR; i++)
        ids[i] = gpr[i];
    uc_reg_read_batch(e->uc, ids, at, NGPR);
    for (uint64_t pc = m->pc; pc < m->pc + m->size; pc += 4) {
        const uint8_t *p = engine_code(e, pc);
        if (p && candidate(number, word_at(p), regs))
            return pc;
    }
    if (m->size == 0)
        return m->pc; /* it began with this */
    uint64_t end = m->pc + m->size;
    const uint8_t *p = number == EXC_ADDRESS_LOAD ? engine_code(e, end - 8) : NULL;
    if (p && has_slot(p)) /* no load: jumped to no instruction's address, seen there */
        return reg(regs, RS(word_at(p)));
    return end - 4; /* unconditional: it ended the block */
}

static enum hw_cause cause(struct engine *e, const struct cpu_exception *x, uint64_t *pc)
{
    *pc = find_pc(e, x->number);
    switch (x->number) {
    case EXC_ADDRESS_LOAD:
    case EXC_ADDRESS_STORE: return HW_CAUSE_UNALIGNED;
    case EXC_BREAK:
    case EXC_DEBUG_BREAK: return HW_CAUSE_BREAK;
    case EXC_OVERFLOW:
    case EXC_TRAP: return HW_CAUSE_ARITH;
    case EXC_FP: return HW_CAUSE_FP;
    default: return HW_CAUSE_ILLEGAL;
    }
}

/* ---- exact addresses ---- */

static unsigned addresses(const struct core *c, const uint8_t *insn, size_t len,
                          uint64_t pc, const uint64_t *regs, uint64_t *out, unsigned max)
{
    (void)c;
    struct access a;
    (void)pc;
    if (max < 1 || len < 4 || !access_of(word_at(insn), regs, &a))
        return 0;
    *out = a.address;
    return 1;
}

/* ---- set-up ---- */

#define STATUS_CU1 0x20000000u
#define STATUS_UM_EXL 0x00000012u
#define HWRENA 0x20000003u   /* user code may read CPUNum, SYNCI_Step and UserLocal */
#define SEGMENTS 0x00730073u /* two segments that nobody's address is translated in */
#define INSN_SYSCALL 0x0000000cu

/*
 * ll asks the engine's own MMU for its physical address, whatever the TLB mode, so that one must
 * be off: all six segments "unmapped" by segmentation control.
 */
static int setup(struct engine *e, bool user)
{
    static const uint32_t set[] = {0x40882802 /* mtc0 t0, SegCtl0 */,
                                   0x40882803 /* mtc0 t0, SegCtl1 */,
                                   0x40882804 /* mtc0 t0, SegCtl2 */,
                                   0x408a3800 /* mtc0 t2, HWREna */,
                                   0x40897000 /* mtc0 t1, EPC */,
                                   0x408b6000 /* mtc0 t3, Status */,
                                   0x42000018 /* eret */,
                                   INSN_SYSCALL};
    uint32_t status = STATUS_CU1, after = STATUS_CU1 | (user ? STATUS_UM_EXL : 2u);
    uint32_t epc = SCRATCH_BASE + 28, hwrena = HWRENA, segments = SEGMENTS;
    if (uc_reg_write(e->uc, UC_MIPS_REG_CP0_STATUS, &status) ||
        uc_reg_write(e->uc, UC_MIPS_REG_T0, &segments) ||
        uc_reg_write(e->uc, UC_MIPS_REG_T1, &epc) ||
        uc_reg_write(e->uc, UC_MIPS_REG_T2, &hwrena) ||
        uc_reg_write(e->uc, UC_MIPS_REG_T3, &after))
        return -1;
    return engine_stub(e, set, sizeof set);
}

static const uint32_t link_code[] = {0xc1090000 /* ll t1, 0(t0) */, INSN_SYSCALL};
static const struct cpu_link load_link = {link_code, sizeof link_code, UC_MIPS_REG_T0,
                                          UC_MIPS_REG_T1, 2};

static int fp_fill(struct engine *e, uint32_t *first, uint32_t *last, uint32_t *control)
{
    static const uint32_t fill[] = {
        0x44880000 /* mtc1 t0, f0 */, 0x4489f800 /* mtc1 t1, f31 */,
        0x44caf800 /* ctc1 t2, FCSR */, 0x444bf800 /* cfc1 t3, FCSR */, INSN_SYSCALL};
    uint32_t csr = 0x01c00dfd, zero = 0; /* all conditions, enables and flags it has */
    *first = 0x5ca1ab1e;
    *last = 0x0ddba11e;
    uc_reg_write(e->uc, UC_MIPS_REG_T0, first);
    uc_reg_write(e->uc, UC_MIPS_REG_T1, last);
    uc_reg_write(e->uc, UC_MIPS_REG_T2, &csr);
    if (engine_stub(e, fill, sizeof fill) != 0)
        return -1;
    uc_reg_read(e->uc, UC_MIPS_REG_T3, control);
    for (int r = UC_MIPS_REG_T0; r <= UC_MIPS_REG_T3; r++) /* each value only once */
        uc_reg_write(e->uc, r, &zero);
    return 0;
}

const struct cpu_isa cpu_isa_mips32 = {
    .name = "mips32",
    .isa = HW_ISA_MIPS32,
    .elf_machine = 8, /* EM_MIPS */
    .elf64 = false,
    .arch = UC_ARCH_MIPS,
    .mode = (uc_mode)(UC_MODE_MIPS32 | UC_MODE_LITTLE_ENDIAN),
    .cpu_model = UC_CPU_MIPS32_P5600,
    .pc_reg = UC_MIPS_REG_PC,
    .gpr = gpr,
    .gpr_name = gpr_name,
    .ngpr = NGPR,
    .fp_fill = fp_fill,
    .link = &load_link,
    .sp = R_SP,
    .sysno = R_V0,
    .arg0 = R_A0,
    .result = R_V0,
    .c_arg0 = R_A0,
    .width = 4,
    .special = special,
    .has_slot = has_slot,
    .setup = setup,
    .syscall_intr = EXC_SYSCALL,
    .cause = cause,
    .addresses = addresses,
};

CPU_MODEL(mips32, "MIPS32 release 2, little endian", cpu_isa_mips32, HW_ISA_MIPS32, 8,
          false);
