// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bpf.c - packet filter programs: check and interpreter (bpf.h). Jumps only go forward, so a
 * checked program ends after at most as many steps as it has instructions.
 */
#include "bpf.h"

static bool known_ld(uint16_t code)
{
    switch (BPF_MODE(code)) {
    case BPF_ABS:
    case BPF_IND: return BPF_SIZE(code) <= BPF_B && !(code & ~0xf8u);
    case BPF_IMM:
    case BPF_MEM:
    case BPF_LEN: return BPF_SIZE(code) == BPF_W;
    default: return false;
    }
}

static bool known_ldx(uint16_t code)
{
    switch (BPF_MODE(code)) {
    case BPF_IMM:
    case BPF_MEM:
    case BPF_LEN: return BPF_SIZE(code) == BPF_W;
    case BPF_MSH: return BPF_SIZE(code) == BPF_B;
    default: return false;
    }
}

static bool known(const struct exo_bpf *i)
{
    uint16_t code = i->code;
    if (code > 0xff)
        return false;
    switch (BPF_CLASS(code)) {
    case BPF_LD: return known_ld(code);
    case BPF_LDX: return known_ldx(code);
    case BPF_ST:
    case BPF_STX: return (code & ~7u) == 0;
    case BPF_ALU: return BPF_OP(code) <= BPF_XOR;
    case BPF_JMP:
        return BPF_OP(code) <= BPF_JSET && (BPF_OP(code) != BPF_JA || !(code & BPF_X));
    case BPF_RET: return (code & ~7u) == 0 || (code & ~7u) == BPF_A;
    default: return (code & ~7u) == BPF_TAX || (code & ~7u) == BPF_TXA;
    }
}

static bool uses_memory(uint16_t code)
{
    uint32_t class_ = BPF_CLASS(code);
    return class_ == BPF_ST || class_ == BPF_STX ||
           ((class_ == BPF_LD || class_ == BPF_LDX) && BPF_MODE(code) == BPF_MEM);
}

static bool divides_by_zero(const struct exo_bpf *i)
{
    return BPF_CLASS(i->code) == BPF_ALU && !(i->code & BPF_X) && i->k == 0 &&
           (BPF_OP(i->code) == BPF_DIV || BPF_OP(i->code) == BPF_MOD);
}

/* written[pc]: memory words certainly written when control comes to pc. */
static int check_flow(const struct exo_bpf *program, uint32_t n, uint16_t *written)
{
    for (uint32_t pc = 0; pc < n; pc++) {
        const struct exo_bpf *i = &program[pc];
        uint32_t class_ = BPF_CLASS(i->code), left = n - 1 - pc; /* instructions behind */
        uint16_t now = written[pc];
        if (class_ == BPF_RET)
            continue;
        if (uses_memory(i->code)) {
            uint16_t bit = (uint16_t)(1u << i->k);
            if (class_ == BPF_ST || class_ == BPF_STX)
                now |= bit;
            else if (!(now & bit))
                return -EXO_EPROGRAM;
        }
        uint32_t t = 0, f = 0;
        if (class_ == BPF_JMP) {
            t = BPF_OP(i->code) == BPF_JA ? i->k : i->jt;
            f = BPF_OP(i->code) == BPF_JA ? i->k : i->jf;
        }
        if (t >= left || f >= left)
            return -EXO_EPROGRAM; /* outside, or runs off the end */
        written[pc + 1 + t] &= now;
        written[pc + 1 + f] &= now;
    }
    return 0;
}

int bpf_check(const struct exo_bpf *program, uint32_t n)
{
    uint16_t written[EXO_BPF_MAX];
    if (n == 0 || n > EXO_BPF_MAX)
        return -EXO_ERANGE;
    for (uint32_t pc = 0; pc < n; pc++) {
        const struct exo_bpf *i = &program[pc];
        if (!known(i) || divides_by_zero(i) ||
            (uses_memory(i->code) && i->k >= BPF_WORDS))
            return -EXO_EPROGRAM;
        written[pc] = UINT16_MAX; /* until somebody comes here */
    }
    written[0] = 0;
    return check_flow(program, n, written);
}

bool bpf_alu(uint16_t code, uint32_t a, uint32_t b, uint32_t *out)
{
    switch (BPF_OP(code)) {
    case BPF_ADD: *out = a + b; return true;
    case BPF_SUB: *out = a - b; return true;
    case BPF_MUL: *out = a * b; return true;
    case BPF_OR: *out = a | b; return true;
    case BPF_AND: *out = a & b; return true;
    case BPF_XOR: *out = a ^ b; return true;
    case BPF_LSH: *out = b < 32 ? a << b : 0; return true;
    case BPF_RSH: *out = b < 32 ? a >> b : 0; return true;
    case BPF_NEG: *out = 0 - a; return true;
    case BPF_DIV: *out = b != 0 ? a / b : 0; return b != 0;
    default: *out = b != 0 ? a % b : 0; return b != 0; /* BPF_MOD */
    }
}

bool bpf_condition(uint16_t code, uint32_t a, uint32_t b)
{
    switch (BPF_OP(code)) {
    case BPF_JEQ: return a == b;
    case BPF_JGT: return a > b;
    case BPF_JGE: return a >= b;
    default: return (a & b) != 0; /* BPF_JSET */
    }
}

struct machine_state {
    uint32_t a, x, memory[BPF_WORDS];
};

static bool load(const struct exo_bpf *i, const struct packet *p, struct machine_state *s)
{
    uint64_t at = i->k;
    uint32_t size = bpf_load_size(i->code);
    switch (BPF_MODE(i->code)) {
    case BPF_IMM: s->a = i->k; return true;
    case BPF_MEM: s->a = s->memory[i->k]; return true;
    case BPF_LEN: s->a = p->length; return true;
    case BPF_IND: at += s->x; break;
    default: break;
    }
    if (at + size > p->length)
        return false;
    s->a = bpf_field(p->bytes + at, size);
    return true;
}

static bool load_x(const struct exo_bpf *i, const struct packet *p,
                   struct machine_state *s)
{
    switch (BPF_MODE(i->code)) {
    case BPF_IMM: s->x = i->k; return true;
    case BPF_MEM: s->x = s->memory[i->k]; return true;
    case BPF_LEN: s->x = p->length; return true;
    default: break;
    }
    if (i->k >= p->length)
        return false;
    s->x = 4u * (p->bytes[i->k] & 0xfu);
    return true;
}

uint32_t bpf_run(const struct exo_bpf *program, const struct packet *p)
{
    struct machine_state s = {0};
    for (const struct exo_bpf *i = program;; i++) {
        uint32_t b = i->code & BPF_X ? s.x : i->k; /* of ALU and JMP */
        switch (BPF_CLASS(i->code)) {
        case BPF_LD:
            if (!load(i, p, &s))
                return 0;
            break;
        case BPF_LDX:
            if (!load_x(i, p, &s))
                return 0;
            break;
        case BPF_ST: s.memory[i->k] = s.a; break;
        case BPF_STX: s.memory[i->k] = s.x; break;
        case BPF_ALU:
            if (!bpf_alu(i->code, s.a, b, &s.a))
                return 0;
            break;
        case BPF_JMP:
            if (BPF_OP(i->code) == BPF_JA)
                i += i->k;
            else
                i += bpf_condition(i->code, s.a, b) ? i->jt : i->jf;
            break;
        case BPF_RET: return BPF_OP(i->code) == BPF_A ? s.a : i->k;
        default:
            if ((i->code & BPF_TXA) != 0)
                s.a = s.x;
            else
                s.x = s.a;
        }
    }
}
