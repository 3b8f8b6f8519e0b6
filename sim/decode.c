// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * decode.c - see decode.h. Field positions: RISC-V unprivileged ISA ch. "RV32/64G instruction set
 * listings" and "RVC"; Arm ARM C4.1 "Loads and Stores"; MIPS32 vol. II appendix A.
 */
#include "decode.h"

#include <capstone/capstone.h>
#include <elf.h>
#include <stdlib.h>

#include "err.h"

struct decode {
    uint16_t machine;
    csh capstone; /* x86-64 only */
    cs_insn *insn;
};

struct decode *decode_open(uint16_t machine)
{
    if (machine != EM_RISCV && machine != EM_AARCH64 && machine != EM_MIPS &&
        machine != EM_X86_64)
        return NULL;
    struct decode *d = mem_zero(1, sizeof *d);
    d->machine = machine;
    if (machine == EM_X86_64) {
        if (cs_open(CS_ARCH_X86, CS_MODE_64, &d->capstone) != CS_ERR_OK) {
            free(d);
            return NULL;
        }
        cs_option(d->capstone, CS_OPT_DETAIL, CS_OPT_ON);
        d->insn = cs_malloc(d->capstone);
    }
    return d;
}

void decode_close(struct decode *d)
{
    if (!d)
        return;
    if (d->machine == EM_X86_64) {
        cs_free(d->insn, 1);
        cs_close(&d->capstone);
    }
    free(d);
}

static uint32_t word(const uint8_t *code)
{
    return (uint32_t)code[0] | (uint32_t)code[1] << 8 | (uint32_t)code[2] << 16 |
           (uint32_t)code[3] << 24;
}

static bool x86(const struct decode *d, const uint8_t *code)
{
    size_t left = DECODE_MAX;
    uint64_t at = 0;
    return cs_disasm_iter(d->capstone, &code, &left, &at, d->insn);
}

unsigned decode_length(const struct decode *d, const uint8_t *code)
{
    if (d->machine == EM_RISCV)
        return (code[0] & 3) == 3 ? 4 : 2;
    if (d->machine == EM_X86_64)
        return x86(d, code) ? d->insn->size : 0;
    return 4;
}

static unsigned stored_riscv(uint32_t w)
{
    if ((w & 3) == 3) {
        unsigned opcode = w & 0x7f, width = w >> 12 & 7;
        return opcode == 0x23 || opcode == 0x27 ? 1u << (width & 3) : 0;
    }
    if ((w & 3) == 1) /* quadrant 1: arithmetic and jumps */
        return 0;
    switch (w >> 13 & 7) { /* quadrants 0 and 2: c.fsd, c.sw, c.sd and the same on sp */
    case 5: return 8;
    case 6: return 4;
    case 7: return 8;
    default: return 0;
    }
}

static unsigned stored_aarch64(uint32_t w)
{
    bool vector = w >> 26 & 1;
    unsigned size = w >> 30, opc = w >> 22 & 3;
    switch (w >> 27 & 7) {
    case 5: /* pairs: bit 22 set is a load */
        if (opc & 1)
            return 0;
        return 2u << (vector ? size + 2 : size ? 3 : 2);
    case 7: /* single registers: opc 0 stores, opc 2 of a vector stores 16 bytes */
        if (opc == 0)
            return 1u << size;
        return vector && opc == 2 && size == 0 ? 16 : 0;
    default: return 0;
    }
}

static unsigned stored_mips(uint32_t w)
{
    switch (w >> 26) {
    case 0x28: return 1; /* sb */
    case 0x29: return 2; /* sh */
    case 0x2a:           /* swl: with its swr, one word */
    case 0x2b:           /* sw */
    case 0x39: return 4; /* swc1 */
    case 0x3d: return 8; /* sdc1 */
    default: return 0;
    }
}

static unsigned stored_x86(const struct decode *d, const uint8_t *code)
{
    if (!x86(d, code))
        return 0;
    const cs_x86 *x = &d->insn->detail->x86;
    for (unsigned i = 0; i < x->op_count; i++)
        if (x->operands[i].type == X86_OP_MEM && (x->operands[i].access & CS_AC_WRITE))
            return x->operands[i].size;
    return 0;
}

unsigned decode_stored(const struct decode *d, const uint8_t *code)
{
    switch (d->machine) {
    case EM_RISCV: return stored_riscv(word(code));
    case EM_AARCH64: return stored_aarch64(word(code));
    case EM_MIPS: return stored_mips(word(code));
    default: return stored_x86(d, code);
    }
}
