// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * x86_decode.h - length, opcode and memory operand of a 64-bit x86 instruction: as much as exact
 * counts and fault addresses need. Reference: Intel SDM Volume 2, chapter 2 and appendix A.
 */
#ifndef CPU_X86_DECODE_H
#define CPU_X86_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum x86_map { X86_MAP_ONE, X86_MAP_0F, X86_MAP_0F38, X86_MAP_0F3A };

struct x86_insn {
    unsigned length;
    enum x86_map map;
    uint8_t opcode, modrm, sib, rex;
    bool has_modrm, has_memory;
    bool operand16, address32; /* prefixes 66 (without REX.W) and 67 */
    uint8_t segment;           /* 0x64, 0x65 or 0 */
    uint8_t rep;               /* 0xf2, 0xf3 or 0 */
    int64_t disp;              /* or the address, for a moffs operand */
};

/* False if the instruction does not end within max bytes. Whether it is valid is not checked:
 * an invalid one ends its block and is never counted. */
bool x86_decode(const uint8_t *p, size_t max, struct x86_insn *out);

#endif
