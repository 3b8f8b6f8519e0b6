// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gdb_target.c - see gdb_target.h. Registers are listed by feature and number as GDB expects them; a
 * register number is its place in the list, and all features of a list follow one another in the
 * description, so that numbers and places agree.
 */
#include "gdb_target.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"

// clang-format off
static const char *const riscv64_feature[] = {"org.gnu.gdb.riscv.cpu", NULL};
static const struct gdb_register riscv64_reg[] = {
    {"zero", "zero", 64, 0, NULL},
    {"ra", "ra", 64, 0, "code_ptr"},
    {"sp", "sp", 64, 0, "data_ptr"},
    {"gp", "gp", 64, 0, "data_ptr"},
    {"tp", "tp", 64, 0, "data_ptr"},
    {"t0", "t0", 64, 0, NULL},
    {"t1", "t1", 64, 0, NULL},
    {"t2", "t2", 64, 0, NULL},
    {"fp", "s0", 64, 0, "data_ptr"},
    {"s1", "s1", 64, 0, NULL},
    {"a0", "a0", 64, 0, NULL},
    {"a1", "a1", 64, 0, NULL},
    {"a2", "a2", 64, 0, NULL},
    {"a3", "a3", 64, 0, NULL},
    {"a4", "a4", 64, 0, NULL},
    {"a5", "a5", 64, 0, NULL},
    {"a6", "a6", 64, 0, NULL},
    {"a7", "a7", 64, 0, NULL},
    {"s2", "s2", 64, 0, NULL},
    {"s3", "s3", 64, 0, NULL},
    {"s4", "s4", 64, 0, NULL},
    {"s5", "s5", 64, 0, NULL},
    {"s6", "s6", 64, 0, NULL},
    {"s7", "s7", 64, 0, NULL},
    {"s8", "s8", 64, 0, NULL},
    {"s9", "s9", 64, 0, NULL},
    {"s10", "s10", 64, 0, NULL},
    {"s11", "s11", 64, 0, NULL},
    {"t3", "t3", 64, 0, NULL},
    {"t4", "t4", 64, 0, NULL},
    {"t5", "t5", 64, 0, NULL},
    {"t6", "t6", 64, 0, NULL},
    {"pc", "pc", 64, 0, "code_ptr"},
};

static const char *const aarch64_feature[] = {"org.gnu.gdb.aarch64.core", NULL};
static const struct gdb_register aarch64_reg[] = {
    {"x0", "x0", 64, 0, NULL},
    {"x1", "x1", 64, 0, NULL},
    {"x2", "x2", 64, 0, NULL},
    {"x3", "x3", 64, 0, NULL},
    {"x4", "x4", 64, 0, NULL},
    {"x5", "x5", 64, 0, NULL},
    {"x6", "x6", 64, 0, NULL},
    {"x7", "x7", 64, 0, NULL},
    {"x8", "x8", 64, 0, NULL},
    {"x9", "x9", 64, 0, NULL},
    {"x10", "x10", 64, 0, NULL},
    {"x11", "x11", 64, 0, NULL},
    {"x12", "x12", 64, 0, NULL},
    {"x13", "x13", 64, 0, NULL},
    {"x14", "x14", 64, 0, NULL},
    {"x15", "x15", 64, 0, NULL},
    {"x16", "x16", 64, 0, NULL},
    {"x17", "x17", 64, 0, NULL},
    {"x18", "x18", 64, 0, NULL},
    {"x19", "x19", 64, 0, NULL},
    {"x20", "x20", 64, 0, NULL},
    {"x21", "x21", 64, 0, NULL},
    {"x22", "x22", 64, 0, NULL},
    {"x23", "x23", 64, 0, NULL},
    {"x24", "x24", 64, 0, NULL},
    {"x25", "x25", 64, 0, NULL},
    {"x26", "x26", 64, 0, NULL},
    {"x27", "x27", 64, 0, NULL},
    {"x28", "x28", 64, 0, NULL},
    {"x29", "x29", 64, 0, NULL},
    {"x30", "x30", 64, 0, NULL},
    {"sp", "sp", 64, 0, "data_ptr"},
    {"pc", "pc", 64, 0, "code_ptr"},
    {"cpsr", "nzcv", 32, 0, NULL},
};

static const char *const x86_64_feature[] = {"org.gnu.gdb.i386.core", "org.gnu.gdb.i386.segments", NULL};
static const struct gdb_register x86_64_reg[] = {
    {"rax", "rax", 64, 0, NULL},
    {"rbx", "rbx", 64, 0, NULL},
    {"rcx", "rcx", 64, 0, NULL},
    {"rdx", "rdx", 64, 0, NULL},
    {"rsi", "rsi", 64, 0, NULL},
    {"rdi", "rdi", 64, 0, NULL},
    {"rbp", "rbp", 64, 0, "data_ptr"},
    {"rsp", "rsp", 64, 0, "data_ptr"},
    {"r8", "r8", 64, 0, NULL},
    {"r9", "r9", 64, 0, NULL},
    {"r10", "r10", 64, 0, NULL},
    {"r11", "r11", 64, 0, NULL},
    {"r12", "r12", 64, 0, NULL},
    {"r13", "r13", 64, 0, NULL},
    {"r14", "r14", 64, 0, NULL},
    {"r15", "r15", 64, 0, NULL},
    {"rip", "pc", 64, 0, "code_ptr"},
    {"eflags", "rflags", 32, 0, NULL},
    {"cs", "zero", 32, 0, NULL},
    {"ss", "zero", 32, 0, NULL},
    {"ds", "zero", 32, 0, NULL},
    {"es", "zero", 32, 0, NULL},
    {"fs", "zero", 32, 0, NULL},
    {"gs", "zero", 32, 0, NULL},
    {"st0", NULL, 80, 0, "i387_ext"},
    {"st1", NULL, 80, 0, "i387_ext"},
    {"st2", NULL, 80, 0, "i387_ext"},
    {"st3", NULL, 80, 0, "i387_ext"},
    {"st4", NULL, 80, 0, "i387_ext"},
    {"st5", NULL, 80, 0, "i387_ext"},
    {"st6", NULL, 80, 0, "i387_ext"},
    {"st7", NULL, 80, 0, "i387_ext"},
    {"fctrl", NULL, 32, 0, NULL},
    {"fstat", NULL, 32, 0, NULL},
    {"ftag", NULL, 32, 0, NULL},
    {"fiseg", NULL, 32, 0, NULL},
    {"fioff", NULL, 32, 0, NULL},
    {"foseg", NULL, 32, 0, NULL},
    {"fooff", NULL, 32, 0, NULL},
    {"fop", NULL, 32, 0, NULL},
    {"fs_base", "fsbase", 64, 1, NULL},
    {"gs_base", "gsbase", 64, 1, NULL},
};

static const char *const mips32_feature[] = {"org.gnu.gdb.mips.cpu", "org.gnu.gdb.mips.cp0", "org.gnu.gdb.mips.fpu", NULL};
static const struct gdb_register mips32_reg[] = {
    {"r0", "zero", 32, 0, NULL},
    {"r1", "at", 32, 0, NULL},
    {"r2", "v0", 32, 0, NULL},
    {"r3", "v1", 32, 0, NULL},
    {"r4", "a0", 32, 0, NULL},
    {"r5", "a1", 32, 0, NULL},
    {"r6", "a2", 32, 0, NULL},
    {"r7", "a3", 32, 0, NULL},
    {"r8", "t0", 32, 0, NULL},
    {"r9", "t1", 32, 0, NULL},
    {"r10", "t2", 32, 0, NULL},
    {"r11", "t3", 32, 0, NULL},
    {"r12", "t4", 32, 0, NULL},
    {"r13", "t5", 32, 0, NULL},
    {"r14", "t6", 32, 0, NULL},
    {"r15", "t7", 32, 0, NULL},
    {"r16", "s0", 32, 0, NULL},
    {"r17", "s1", 32, 0, NULL},
    {"r18", "s2", 32, 0, NULL},
    {"r19", "s3", 32, 0, NULL},
    {"r20", "s4", 32, 0, NULL},
    {"r21", "s5", 32, 0, NULL},
    {"r22", "s6", 32, 0, NULL},
    {"r23", "s7", 32, 0, NULL},
    {"r24", "t8", 32, 0, NULL},
    {"r25", "t9", 32, 0, NULL},
    {"r26", "k0", 32, 0, NULL},
    {"r27", "k1", 32, 0, NULL},
    {"r28", "gp", 32, 0, NULL},
    {"r29", "sp", 32, 0, NULL},
    {"r30", "fp", 32, 0, NULL},
    {"r31", "ra", 32, 0, NULL},
    {"status", "zero", 32, 1, NULL},
    {"lo", "lo", 32, 0, NULL},
    {"hi", "hi", 32, 0, NULL},
    {"badvaddr", "badvaddr", 32, 1, NULL},
    {"cause", "zero", 32, 1, NULL},
    {"pc", "pc", 32, 0, "code_ptr"},
    {"f0", NULL, 32, 2, "ieee_single"},
    {"f1", NULL, 32, 2, "ieee_single"},
    {"f2", NULL, 32, 2, "ieee_single"},
    {"f3", NULL, 32, 2, "ieee_single"},
    {"f4", NULL, 32, 2, "ieee_single"},
    {"f5", NULL, 32, 2, "ieee_single"},
    {"f6", NULL, 32, 2, "ieee_single"},
    {"f7", NULL, 32, 2, "ieee_single"},
    {"f8", NULL, 32, 2, "ieee_single"},
    {"f9", NULL, 32, 2, "ieee_single"},
    {"f10", NULL, 32, 2, "ieee_single"},
    {"f11", NULL, 32, 2, "ieee_single"},
    {"f12", NULL, 32, 2, "ieee_single"},
    {"f13", NULL, 32, 2, "ieee_single"},
    {"f14", NULL, 32, 2, "ieee_single"},
    {"f15", NULL, 32, 2, "ieee_single"},
    {"f16", NULL, 32, 2, "ieee_single"},
    {"f17", NULL, 32, 2, "ieee_single"},
    {"f18", NULL, 32, 2, "ieee_single"},
    {"f19", NULL, 32, 2, "ieee_single"},
    {"f20", NULL, 32, 2, "ieee_single"},
    {"f21", NULL, 32, 2, "ieee_single"},
    {"f22", NULL, 32, 2, "ieee_single"},
    {"f23", NULL, 32, 2, "ieee_single"},
    {"f24", NULL, 32, 2, "ieee_single"},
    {"f25", NULL, 32, 2, "ieee_single"},
    {"f26", NULL, 32, 2, "ieee_single"},
    {"f27", NULL, 32, 2, "ieee_single"},
    {"f28", NULL, 32, 2, "ieee_single"},
    {"f29", NULL, 32, 2, "ieee_single"},
    {"f30", NULL, 32, 2, "ieee_single"},
    {"f31", NULL, 32, 2, "ieee_single"},
    {"fcsr", NULL, 32, 2, NULL},
    {"fir", NULL, 32, 2, NULL},
};
static const struct gdb_target targets[] = {
    {HW_ISA_RISCV64, "riscv:rv64", riscv64_feature, riscv64_reg, sizeof riscv64_reg / sizeof *riscv64_reg, 32, 2},
    {HW_ISA_AARCH64, "aarch64", aarch64_feature, aarch64_reg, sizeof aarch64_reg / sizeof *aarch64_reg, 32, 31},
    {HW_ISA_X86_64, "i386:x86-64", x86_64_feature, x86_64_reg, sizeof x86_64_reg / sizeof *x86_64_reg, 16, 7},
    {HW_ISA_MIPS32, "mips:isa32r2", mips32_feature, mips32_reg, sizeof mips32_reg / sizeof *mips32_reg, 37, 29},
};
// clang-format on

const struct gdb_target *gdb_target_of(enum hw_isa isa)
{
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
        if (targets[i].isa == isa)
            return &targets[i];
    return NULL;
}

char *gdb_target_xml(const struct gdb_target *t)
{
    size_t max = 1024 + 128 * (size_t)t->nreg, n = 0;
    char *xml = mem_zero(max, 1);
    n += (size_t)snprintf(xml + n, max - n,
                          "<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM "
                          "\"gdb-target.dtd\"><target><architecture>%s</architecture>",
                          t->architecture);
    for (unsigned f = 0; t->feature[f]; f++) {
        n += (size_t)snprintf(xml + n, max - n, "<feature name=\"%s\">", t->feature[f]);
        for (unsigned r = 0; r < t->nreg; r++) {
            const struct gdb_register *g = &t->reg[r];
            if (g->feature == f)
                n += (size_t)snprintf(
                    xml + n, max - n,
                    "<reg name=\"%s\" bitsize=\"%u\" regnum=\"%u\"%s%s%s/>", g->name,
                    g->bits, r, g->type ? " type=\"" : "", g->type ? g->type : "",
                    g->type ? "\"" : "");
        }
        n += (size_t)snprintf(xml + n, max - n, "</feature>");
    }
    snprintf(xml + n, max - n, "</target>");
    return xml;
}

bool gdb_text_value(const char *text, const char *name, uint64_t *value)
{
    size_t len = strlen(name);
    for (const char *line = text; *line;) {
        if (strncmp(line, name, len) == 0 && line[len] == ' ') {
            *value = strtoull(line + len + 1, NULL, 0);
            return true;
        }
        const char *end = strchr(line, '\n');
        if (!end)
            break;
        line = end + 1;
    }
    return false;
}

size_t gdb_target_register(const struct gdb_target *t, unsigned r, const char *text,
                           char *to)
{
    const struct gdb_register *g = &t->reg[r];
    uint64_t v = 0;
    bool known =
        g->from && (strcmp(g->from, "zero") == 0 || gdb_text_value(text, g->from, &v));
    size_t n = 0;
    for (unsigned byte = 0; byte < g->bits / 8u; byte++)
        if (known)
            n += (size_t)sprintf(to + n, "%02x", (unsigned)(v >> 8 * byte) & 0xffu);
        else
            n += (size_t)sprintf(to + n, "xx");
    return n;
}
