// SPDX-License-Identifier: GPL-2.0-or-later
/* cost_branch.c - direct branches and calls inside a section: the assembler resolves them itself and
 * leaves no relocation. Wanted only for sections that several functions share. */
#include <capstone/capstone.h>
#include <stdlib.h>
#include <string.h>

#include "cost_priv.h"

static bool open_for(const struct object *o, csh *cs)
{
    switch (o->machine) {
    case EM_RISCV:
        return cs_open(CS_ARCH_RISCV, CS_MODE_RISCV64 | CS_MODE_RISCVC, cs) == 0;
    case EM_AARCH64: return cs_open(CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN, cs) == 0;
    case EM_X86_64: return cs_open(CS_ARCH_X86, CS_MODE_64, cs) == 0;
    case EM_MIPS:
        return cs_open(CS_ARCH_MIPS, CS_MODE_MIPS32 | CS_MODE_LITTLE_ENDIAN, cs) == 0;
    default: return false;
    }
}

/* The last operand of a branch that is an immediate: its address; false if it has none. */
static bool branch_target(const struct object *o, const cs_insn *in, uint64_t *to)
{
    const cs_detail *d = in->detail;
    switch (o->machine) {
    case EM_RISCV:
        for (unsigned i = d->riscv.op_count; i-- > 0;)
            if (d->riscv.operands[i].type == RISCV_OP_IMM) {
                *to = in->address + (uint64_t)d->riscv.operands[i].imm;
                return true;
            }
        return false;
    case EM_AARCH64:
        for (unsigned i = d->arm64.op_count; i-- > 0;)
            if (d->arm64.operands[i].type == ARM64_OP_IMM) {
                *to = (uint64_t)d->arm64.operands[i].imm;
                return true;
            }
        return false;
    case EM_X86_64:
        *to = d->x86.op_count == 1 ? (uint64_t)d->x86.operands[0].imm : 0;
        return d->x86.op_count == 1 && d->x86.operands[0].type == X86_OP_IMM;
    case EM_MIPS:
        for (unsigned i = d->mips.op_count; i-- > 0;)
            if (d->mips.operands[i].type == MIPS_OP_IMM) {
                *to = (uint64_t)d->mips.operands[i].imm;
                return true;
            }
        return false;
    default: return false;
    }
}

static bool is_branch(const struct object *o, const cs_insn *in)
{
    for (unsigned i = 0; i < in->detail->groups_count; i++) {
        unsigned g = in->detail->groups[i];
        if (g == CS_GRP_JUMP || g == CS_GRP_CALL || g == CS_GRP_BRANCH_RELATIVE)
            return true;
    }
    /* conditional ones have no group on all ISAs */
    const char *m = in->mnemonic;
    if (o->machine == EM_RISCV)
        return m[0] == 'b' || m[0] == 'j' || strncmp(m, "c.b", 3) == 0 ||
               strncmp(m, "c.j", 3) == 0;
    return o->machine == EM_MIPS && m[0] == 'b' && strcmp(m, "break") != 0;
}

/* A byte for each of the section: 1 where a relocation begins. free() it. */
static uint8_t *relocated(const struct object *o, const struct section *s)
{
    uint8_t *at = mem_zero(s->size + 1, 1);
    for (size_t i = 0; i < o->nrelocs; i++)
        if (&o->section[o->reloc[i].section] == s && o->reloc[i].at < s->size)
            at[o->reloc[i].at] = 1;
    return at;
}

int branch_each(const struct object *o, const struct section *s,
                void (*visit)(void *arg, uint64_t from, uint64_t to), void *arg,
                struct err *err)
{
    csh cs;
    if (!open_for(o, &cs))
        return err_set(err, ERR_USER,
                       "%s: %s is for a machine (ELF number %u) capstone does not know",
                       o->archive, o->member, o->machine);
    cs_option(cs, CS_OPT_DETAIL, CS_OPT_ON);
    cs_option(cs, CS_OPT_SKIPDATA, CS_OPT_ON);
    cs_insn *in = cs_malloc(cs);
    uint8_t *linked = relocated(o, s); /* where these go, relocations say */
    const uint8_t *code = s->bytes;
    size_t left = s->size;
    uint64_t at = 0, to;
    while (left > 0 && cs_disasm_iter(cs, &code, &left, &at, in))
        if (in->id != 0 && !memchr(linked + in->address, 1, in->size) &&
            is_branch(o, in) && branch_target(o, in, &to) && to < s->size)
            visit(arg, in->address, to);
    free(linked);
    cs_free(in, 1);
    cs_close(&cs);
    return 0;
}
