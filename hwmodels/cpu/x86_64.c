// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * x86_64.c - x86-64 (baseline v1: no AVX) for the common core.
 *
 * Unicorn 2.1.1: syscall is an instruction hook, the PC behind it once the engine has stopped;
 * faults come with the PC at the instruction, int n and int3 with the PC behind it, undefined
 * instructions as INSN_INVALID. An exception leaves a note in the engine that makes the next
 * one a double fault, so the state is cleaned after each. in and out are not checked, VEX
 * instructions run as what they are not, rdtsc gives host time to kernels: special.
 *
 * The trap flag is taken from kernel mode; a kernel that keeps flags for its environments loses it.
 */
#include "core.h"
#include "x86_decode.h"
#include <unicorn/x86.h>

enum { R_AX, R_CX, R_DX, R_BX, R_SP, R_BP, R_SI, R_DI, R_FLAGS = 16, R_FS, R_GS, NGPR };
#define NFPR 28

static const int gpr[NGPR] = {
    UC_X86_REG_RAX,    UC_X86_REG_RCX,     UC_X86_REG_RDX,    UC_X86_REG_RBX,
    UC_X86_REG_RSP,    UC_X86_REG_RBP,     UC_X86_REG_RSI,    UC_X86_REG_RDI,
    UC_X86_REG_R8,     UC_X86_REG_R9,      UC_X86_REG_R10,    UC_X86_REG_R11,
    UC_X86_REG_R12,    UC_X86_REG_R13,     UC_X86_REG_R14,    UC_X86_REG_R15,
    UC_X86_REG_RFLAGS, UC_X86_REG_FS_BASE, UC_X86_REG_GS_BASE};

static const char *const gpr_name[NGPR] = {
    "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi",    "rdi",    "r8",    "r9",
    "r10", "r11", "r12", "r13", "r14", "r15", "rflags", "fsbase", "gsbase"};

static const int fpr[NFPR] = {
    UC_X86_REG_XMM0,  UC_X86_REG_XMM1,  UC_X86_REG_XMM2,  UC_X86_REG_XMM3,
    UC_X86_REG_XMM4,  UC_X86_REG_XMM5,  UC_X86_REG_XMM6,  UC_X86_REG_XMM7,
    UC_X86_REG_XMM8,  UC_X86_REG_XMM9,  UC_X86_REG_XMM10, UC_X86_REG_XMM11,
    UC_X86_REG_XMM12, UC_X86_REG_XMM13, UC_X86_REG_XMM14, UC_X86_REG_XMM15,
    UC_X86_REG_MXCSR, UC_X86_REG_FPSW,  UC_X86_REG_FPCW,  UC_X86_REG_FPTAG,
    UC_X86_REG_FP0,   UC_X86_REG_FP1,   UC_X86_REG_FP2,   UC_X86_REG_FP3,
    UC_X86_REG_FP4,   UC_X86_REG_FP5,   UC_X86_REG_FP6,   UC_X86_REG_FP7};

static unsigned length(const struct core *c, const uint8_t *p, size_t max)
{
    (void)c;
    struct x86_insn x;
    return x86_decode(p, max, &x) ? x.length : 0;
}

/* ---- instructions an engine must not do by itself ---- */

static bool is_port_access(uint8_t op)
{
    return (op >= 0x6c && op <= 0x6f) || (op >= 0xe4 && op <= 0xe7) ||
           (op >= 0xec && op <= 0xef);
}

static enum cpu_special special(const uint8_t *p, size_t max)
{
    struct x86_insn x;
    x86_decode(p, max,
               &x); /* what is missing at the end of a page does not matter here */
    if (x.map == X86_MAP_ONE)
        return is_port_access(x.opcode) || x.opcode == 0xf4 /* hlt */ ||
                       x.opcode == 0xc4 || x.opcode == 0xc5 /* VEX */
                   ? CPU_SPECIAL_ILLEGAL
                   : CPU_PLAIN;
    if (x.map == X86_MAP_0F)
        return x.opcode == 0x31 /* rdtsc */ || x.opcode == 0x33 /* rdpmc */ ||
                       (x.opcode == 0x01 && x.modrm == 0xf9) /* rdtscp */ ||
                       (x.opcode == 0xc7 && x.modrm >= 0xf0) /* rdrand, rdseed */
                   ? CPU_SPECIAL_ILLEGAL
                   : CPU_PLAIN;
    return CPU_PLAIN;
}

/* ---- exceptions ---- */

enum {
    EXC_DIVIDE = 0,
    EXC_DEBUG = 1,
    EXC_BREAK = 3,
    EXC_X87 = 16,
    EXC_ALIGN = 17,
    EXC_SIMD = 19
};

static uint8_t byte_at(struct engine *e, uint64_t va)
{
    const uint8_t *p = engine_code(e, va);
    return p ? *p : 0;
}

static enum hw_cause cause(struct engine *e, const struct cpu_exception *x, uint64_t *pc)
{
    *pc = x->pc;
    if (x->invalid)
        return HW_CAUSE_ILLEGAL;
    if (x->pc ==
        e->meter.pc + e->meter.size) { /* behind the block: a trap, not a fault */
        if (x->number == EXC_BREAK && byte_at(e, x->pc - 1) == 0xcc) {
            *pc = x->pc - 1;
            return HW_CAUSE_BREAK;
        }
        if (byte_at(e, x->pc - 2) == 0xcd && byte_at(e, x->pc - 1) == x->number) {
            *pc = x->pc - 2;
            return x->number == EXC_BREAK ? HW_CAUSE_BREAK : HW_CAUSE_ILLEGAL;
        }
    }
    switch (x->number) {
    case EXC_DIVIDE: return HW_CAUSE_ARITH;
    case EXC_DEBUG:
    case EXC_BREAK: return HW_CAUSE_BREAK;
    case EXC_ALIGN: return HW_CAUSE_UNALIGNED;
    case EXC_X87:
    case EXC_SIMD: return HW_CAUSE_FP;
    default: return HW_CAUSE_ILLEGAL;
    }
}

/* ---- exact addresses ---- */

static uint64_t operand_address(const struct x86_insn *x, uint64_t pc,
                                const uint64_t *regs)
{
    unsigned mod = x->modrm >> 6, rm = x->modrm & 7u;
    unsigned high_base = x->rex & 1u ? 8 : 0, high_index = x->rex & 2u ? 8 : 0;
    uint64_t a = (uint64_t)x->disp;
    if (!x->has_modrm) {
        ; /* moffs: the address itself */
    } else if (rm == 4) {
        unsigned base = x->sib & 7u, index = (x->sib >> 3 & 7u) + high_index;
        if (base != 5 || mod != 0)
            a += regs[base + high_base];
        if (index != 4)
            a += regs[index] << (x->sib >> 6);
    } else if (mod == 0 && rm == 5) {
        a += pc + x->length;
    } else {
        a += regs[rm + high_base];
    }
    if (x->address32)
        a = (uint32_t)a;
    if (x->segment)
        a += regs[x->segment == 0x64 ? R_FS : R_GS];
    return a;
}

static bool is_string(const struct x86_insn *x)
{
    return x->map == X86_MAP_ONE && ((x->opcode >= 0xa4 && x->opcode <= 0xa7) ||
                                     (x->opcode >= 0xaa && x->opcode <= 0xaf));
}

/* Does it take something off the stack, rather than put it there? */
static bool is_pop(const struct x86_insn *x)
{
    uint8_t op = x->opcode;
    if (x->map == X86_MAP_0F)
        return op == 0xa1 || op == 0xa9; /* pop fs, pop gs */
    return (op >= 0x58 && op <= 0x5f) || op == 0x8f || op == 0xc2 || op == 0xc3 ||
           op == 0x9d || op == 0xc9 || op == 0xca || op == 0xcb || op == 0xcf;
}

/* Candidates, the likelier first: the explicit operand, string operands, the stack. */
static unsigned addresses(const struct core *c, const uint8_t *insn, size_t len,
                          uint64_t pc, const uint64_t *regs, uint64_t *out, unsigned max)
{
    (void)c;
    struct x86_insn x;
    unsigned n = 0;
    if (max < 4 || !x86_decode(insn, len, &x))
        return 0;
    if (x.has_memory)
        out[n++] = operand_address(&x, pc, regs);
    if (is_string(&x)) {
        uint64_t segment = x.segment ? regs[x.segment == 0x64 ? R_FS : R_GS] : 0;
        out[n++] = regs[R_SI] + segment;
        out[n++] = regs[R_DI];
    }
    if (!is_pop(&x))
        out[n++] = regs[R_SP] - (x.operand16 ? 2 : 8);
    else
        out[n++] = regs[x.opcode == 0xc9 /* leave */ ? R_BP : R_SP];
    return n;
}

/* ---- set-up ---- */

#define MSR_EFER 0xc0000080u
#define MSR_STAR 0xc0000081u
#define EFER_SCE 1u
#define STAR_SEGMENTS ((uint64_t)0x18 << 48 | (uint64_t)0x08 << 32)
#define CR0_NE 0x20u
#define CR4_TSD 0x4u
#define CR4_SSE 0x600u
#define FLAG_TRAP 0x100u
#define FLAGS_FIXED 0x202u   /* always one: bit 1 and interrupts enabled */
#define FLAGS_USER 0x244dd7u /* ID AC NT OF DF TF SF ZF AF PF CF and the fixed bit 1 */

static int set_bits(uc_engine *uc, int reg, uint64_t bits)
{
    uint64_t v = 0;
    if (uc_reg_read(uc, reg, &v))
        return -1;
    v |= bits;
    return uc_reg_write(uc, reg, &v) ? -1 : 0;
}

static int setup(struct engine *e, bool user)
{
    static const uint8_t drop[] = {0x48, 0x0f, 0x07 /* sysretq */, 0x0f,
                                   0x05 /* syscall */};
    uint64_t rip = SCRATCH_BASE + 3, flags = FLAGS_FIXED;
    uc_x86_msr efer = {MSR_EFER, 0}, star = {MSR_STAR, STAR_SEGMENTS};
    if (set_bits(e->uc, UC_X86_REG_CR0, CR0_NE) != 0 ||
        set_bits(e->uc, UC_X86_REG_CR4, CR4_SSE | (user ? CR4_TSD : 0)) != 0)
        return -1;
    if (!user)
        return 0;
    if (uc_reg_read(e->uc, UC_X86_REG_MSR, &efer))
        return -1;
    efer.value |= EFER_SCE;
    if (uc_reg_write(e->uc, UC_X86_REG_MSR, &efer) ||
        uc_reg_write(e->uc, UC_X86_REG_MSR, &star) ||
        uc_reg_write(e->uc, UC_X86_REG_RCX, &rip) ||
        uc_reg_write(e->uc, UC_X86_REG_R11, &flags))
        return -1;
    return engine_stub(e, drop, sizeof drop);
}

const struct cpu_isa cpu_isa_x86_64 = {
    .name = "x86_64",
    .isa = HW_ISA_X86_64,
    .elf_machine = 62, /* EM_X86_64 */
    .elf64 = true,
    .arch = UC_ARCH_X86,
    .mode = UC_MODE_64,
    .cpu_model = UC_CPU_X86_QEMU64,
    .pc_reg = UC_X86_REG_RIP,
    .gpr = gpr,
    .gpr_name = gpr_name,
    .ngpr = NGPR,
    .fpr = fpr,
    .nfpr = NFPR,
    .sp = R_SP,
    .sysno = R_AX,
    .arg0 = R_DI,
    .result = R_AX,
    .c_arg0 = R_DI,
    .flags = R_FLAGS,
    .flags_user = FLAGS_USER,
    .flags_fixed = FLAGS_FIXED,
    .flags_not_kernel = FLAG_TRAP,
    .exceptions_stick = true,
    .width = 0,
    .length = length,
    .special = special,
    .setup = setup,
    .syscall_intr = CPU_INTR_SYSCALL,
    .cause = cause,
    .addresses = addresses,
};

CPU_MODEL(x86_64, "64-bit x86 (baseline, no AVX)", cpu_isa_x86_64, HW_ISA_X86_64, 62,
          true);
