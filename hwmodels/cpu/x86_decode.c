// SPDX-License-Identifier: GPL-2.0-or-later
/* x86_decode.c - see x86_decode.h. Where processors differ it does what Unicorn does. */
#include "x86_decode.h"
#include <string.h>

/* What follows an opcode: operands in bytes. */
enum {
    M = 1,   /* ModRM */
    I1 = 2,  /* 8-bit immediate */
    I2 = 4,  /* 16-bit */
    IZ = 8,  /* 32-bit, 16-bit with an operand size prefix */
    IV = 16, /* IZ, or 64-bit with REX.W */
    O = 32,  /* address of 8 bytes, 4 with an address size prefix */
    G3 = 64, /* ModRM, and an immediate if its reg field is 0 or 1 (test) */
    R = 128, /* ModRM whose mod field is taken for 3, whatever it says */
};

/* Rows of 16 opcodes: value for each. */
/* clang-format off */
static const uint8_t one[256] = {
    /* 00 */ M, M, M, M, I1, IZ, 0, 0, M, M, M, M, I1, IZ, 0, 0,
    /* 10 */ M, M, M, M, I1, IZ, 0, 0, M, M, M, M, I1, IZ, 0, 0,
    /* 20 */ M, M, M, M, I1, IZ, 0, 0, M, M, M, M, I1, IZ, 0, 0,
    /* 30 */ M, M, M, M, I1, IZ, 0, 0, M, M, M, M, I1, IZ, 0, 0,
    /* 40 */ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    /* 50 */ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    /* 60 */ 0, 0, 0, M, 0, 0, 0, 0, IZ, M|IZ, I1, M|I1, 0, 0, 0, 0,
    /* 70 */ I1, I1, I1, I1, I1, I1, I1, I1, I1, I1, I1, I1, I1, I1, I1, I1,
    /* 80 */ M|I1, M|IZ, M|I1, M|I1, M, M, M, M, M, M, M, M, M, M, M, M,
    /* 90 */ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    /* a0 */ O, O, O, O, 0, 0, 0, 0, I1, IZ, 0, 0, 0, 0, 0, 0,
    /* b0 */ I1, I1, I1, I1, I1, I1, I1, I1, IV, IV, IV, IV, IV, IV, IV, IV,
    /* c0 */ M|I1, M|I1, I2, 0, M, M, M|I1, M|IZ, I2|I1, 0, I2, 0, 0, I1, 0, 0,
    /* d0 */ M, M, M, M, 0, 0, 0, 0, M, M, M, M, M, M, M, M,
    /* e0 */ I1, I1, I1, I1, I1, I1, I1, I1, IZ, IZ, 0, I1, 0, 0, 0, 0,
    /* f0 */ 0, 0, 0, 0, 0, 0, G3|I1, G3|IZ, 0, 0, 0, 0, 0, 0, M, M};

static const uint8_t two[256] = {
    /* 00 */ M, M, M, M, 0, 0, 0, 0, 0, 0, 0, 0, 0, M, 0, M|I1,
    /* 10 */ M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M,
    /* 20 */ R, R, R, R, 0, 0, 0, 0, M, M, M, M, M, M, M, M,
    /* 30 */ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    /* 40 */ M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M,
    /* 50 */ R, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M,
    /* 60 */ M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M,
    /* 70 */ M|I1, R|I1, R|I1, R|I1, M, M, M, 0, M, M, 0, 0, M, M, M, M,
    /* 80 */ IZ, IZ, IZ, IZ, IZ, IZ, IZ, IZ, IZ, IZ, IZ, IZ, IZ, IZ, IZ, IZ,
    /* 90 */ M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M,
    /* a0 */ 0, 0, 0, M, M|I1, M, 0, 0, 0, 0, 0, M, M|I1, M, M, M,
    /* b0 */ M, M, M, M, M, M, M, M, M, 0, M|I1, M, M, M, M, M,
    /* c0 */ M, M, M|I1, M, M|I1, R|I1, M|I1, M, 0, 0, 0, 0, 0, 0, 0, 0,
    /* d0 */ M, M, M, M, M, M, M, R, M, M, M, M, M, M, M, M,
    /* e0 */ M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M,
    /* f0 */ M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, 0};
/* clang-format on */

struct reader {
    const uint8_t *p;
    size_t max, at;
    bool bad;
};

static uint8_t next(struct reader *r)
{
    if (r->at >= r->max) {
        r->bad = true;
        return 0;
    }
    return r->p[r->at++];
}

static int64_t next_signed(struct reader *r, unsigned bytes)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < bytes; i++)
        v |= (uint64_t)next(r) << (8 * i);
    unsigned shift = 64 - 8 * bytes;
    return (int64_t)(v << shift) >> shift;
}

static bool legacy_prefix(struct x86_insn *x, uint8_t b)
{
    switch (b) {
    case 0x66: x->operand16 = true; break;
    case 0x67: x->address32 = true; break;
    case 0xf2:
    case 0xf3: x->rep = b; break;
    case 0x64:
    case 0x65: x->segment = b; break;
    case 0xf0:
    case 0x2e:
    case 0x36:
    case 0x3e:
    case 0x26: break;
    default: return false;
    }
    return true;
}

/* Prefixes; returns the first byte of the opcode. A REX prefix counts if it is the last. */
static uint8_t prefixes(struct reader *r, struct x86_insn *x)
{
    while (!r->bad && r->at <= 15) {
        uint8_t b = next(r);
        if (legacy_prefix(x, b))
            x->rex = 0;
        else if ((b & 0xf0u) == 0x40)
            x->rex = b;
        else
            return b;
    }
    return 0;
}

static void memory_operand(struct reader *r, struct x86_insn *x)
{
    unsigned mod = x->modrm >> 6, rm = x->modrm & 7u;
    x->has_memory = true;
    if (rm == 4)
        x->sib = next(r);
    bool no_base = mod == 0 && (rm == 5 || (rm == 4 && (x->sib & 7u) == 5));
    if (mod == 1)
        x->disp = next_signed(r, 1);
    else if (mod == 2 || no_base)
        x->disp = next_signed(r, 4);
}

static void immediates(struct reader *r, const struct x86_insn *x, uint8_t kind)
{
    bool wide = x->rex & 8u;
    unsigned z = x->operand16 && !wide ? 2 : 4;
    if (kind & G3 && (x->modrm >> 3 & 7u) > 1)
        return;
    if (kind & I1)
        (void)next_signed(r, 1);
    if (kind & I2)
        (void)next_signed(r, 2);
    if (kind & IZ)
        (void)next_signed(r, z);
    if (kind & IV)
        (void)next_signed(r, wide ? 8 : z);
}

static uint8_t opcode(struct reader *r, struct x86_insn *x)
{
    uint8_t b = prefixes(r, x);
    x->opcode = b;
    if (b != 0x0f)
        return one[b];
    x->map = X86_MAP_0F;
    x->opcode = b = next(r);
    if (b == 0x38 || b == 0x3a) {
        x->map = b == 0x38 ? X86_MAP_0F38 : X86_MAP_0F3A;
        x->opcode = next(r);
        return b == 0x38 ? M : M | I1;
    }
    return two[b];
}

bool x86_decode(const uint8_t *p, size_t max, struct x86_insn *x)
{
    struct reader r = {p, max, 0, false};
    memset(x, 0, sizeof *x);
    uint8_t kind = opcode(&r, x);
    if (x->rex & 8u)
        x->operand16 = false;
    if (kind & (M | G3 | R)) {
        x->has_modrm = true;
        x->modrm = next(&r);
        if (x->modrm < 0xc0 && !(kind & R))
            memory_operand(&r, x);
    }
    if (kind & O) {
        x->has_memory = true;
        x->disp = next_signed(&r, x->address32 ? 4 : 8);
    }
    immediates(&r, x, kind);
    x->length = (unsigned)r.at;
    return !r.bad;
}
