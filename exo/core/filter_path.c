// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * filter_path.c - symbolic execution of a filter program. Every path to an accepting return
 * becomes a term (filter_term.h): the conditions of its branches, and that its loads succeeded.
 *
 * The program is deterministic, so at most one of its exact terms holds for a packet. What is not
 * understood (arithmetic on fields, loads at computed offsets) makes a term inexact: its conditions are
 * then necessary only. A program of too many paths or steps is not understood at all.
 *
 * No recursion: paths still to be walked wait on a stack.
 */
#include "filter_term.h"

#define STEPS_MAX 4096u
#define WAITING_MAX 32u

enum value_kind {
    VALUE_OPAQUE = 0,
    VALUE_CONST,  /* mask */
    VALUE_FIELD,  /* (load(at, size) & mask) >> shift */
    VALUE_HEADER, /* 4 * (packet[at] & 0xf) */
    VALUE_LENGTH
};

struct value {
    uint8_t kind, size, shift, pad;
    uint16_t at, pad2;
    uint32_t mask;
};

struct path {
    uint32_t pc;
    struct value a, x, memory[BPF_WORDS];
    struct filter_term term;
} __attribute__((aligned(8)));

struct filter_work {
    uint32_t waiting, steps;
    struct path now, stack[WAITING_MAX];
};
const uint32_t filter_work_bytes = sizeof(struct filter_work);

enum step { STEP_ON, STEP_REJECT, STEP_ACCEPT, STEP_LOST };

static struct value constant(uint32_t k)
{
    return (struct value){.kind = VALUE_CONST, .mask = k};
}

static struct value opaque(void)
{
    return (struct value){.kind = VALUE_OPAQUE};
}

static struct value whole_field(uint32_t at, uint32_t size)
{
    uint32_t mask = size == 4 ? UINT32_MAX : (1u << 8 * size) - 1;
    return (struct value){
        .kind = VALUE_FIELD, .at = (uint16_t)at, .size = (uint8_t)size, .mask = mask};
}

static void need(uint16_t *bytes, uint64_t end)
{
    if (*bytes < end)
        *bytes = (uint16_t)end;
}

/* -- loads -- */

static enum step load_absolute(struct path *p, uint64_t at, uint32_t size)
{
    if (at + size > PACKET_MAX)
        return STEP_REJECT; /* no packet is that long */
    need(&p->term.need, at + size);
    p->a = whole_field((uint32_t)at, size);
    return STEP_ON;
}

static enum step load_indirect(struct path *p, const struct exo_bpf *i)
{
    uint32_t size = bpf_load_size(i->code);
    struct filter_term *t = &p->term;
    if (p->x.kind == VALUE_CONST)
        return load_absolute(p, (uint64_t)p->x.mask + i->k, size);
    if ((uint64_t)i->k + size > PACKET_MAX)
        return STEP_REJECT;
    if (p->x.kind != VALUE_HEADER || (t->relative && t->base != p->x.at)) {
        p->a = opaque();
        t->exact = false;
        return STEP_ON;
    }
    t->relative = true;
    t->base = (uint8_t)p->x.at;
    need(&t->need_relative, i->k + size);
    p->a = whole_field(i->k | FILTER_RELATIVE, size);
    return STEP_ON;
}

static enum step load(struct path *p, const struct exo_bpf *i)
{
    switch (BPF_MODE(i->code)) {
    case BPF_IMM: p->a = constant(i->k); return STEP_ON;
    case BPF_MEM: p->a = p->memory[i->k]; return STEP_ON;
    case BPF_LEN:
        p->a = (struct value){.kind = VALUE_LENGTH, .mask = UINT32_MAX};
        return STEP_ON;
    case BPF_IND: return load_indirect(p, i);
    default: return load_absolute(p, i->k, bpf_load_size(i->code));
    }
}

static enum step load_x(struct path *p, const struct exo_bpf *i)
{
    switch (BPF_MODE(i->code)) {
    case BPF_IMM: p->x = constant(i->k); return STEP_ON;
    case BPF_MEM: p->x = p->memory[i->k]; return STEP_ON;
    case BPF_LEN:
        p->x = (struct value){.kind = VALUE_LENGTH, .mask = UINT32_MAX};
        return STEP_ON;
    default: break;
    }
    if (i->k >= PACKET_MAX)
        return STEP_REJECT;
    need(&p->term.need, (uint64_t)i->k + 1);
    p->x = i->k > UINT8_MAX ? opaque()
                            : (struct value){.kind = VALUE_HEADER, .at = (uint16_t)i->k};
    return STEP_ON;
}

/* -- arithmetic -- */

/* Field op constant, if the result is a field again. */
static struct value field_alu(uint16_t code, struct value a, uint32_t k)
{
    bool header = !(a.at & FILTER_RELATIVE) && a.at <= UINT8_MAX && a.size == 1 &&
                  a.mask == 0xf && a.shift == 0;
    switch (BPF_OP(code)) {
    case BPF_AND: a.mask &= k << a.shift; break;
    case BPF_RSH:
        if (k + a.shift >= 32 || k >= 32)
            return constant(0);
        a.shift = (uint8_t)(a.shift + k);
        a.mask &= UINT32_MAX << a.shift;
        break;
    case BPF_LSH:
    case BPF_MUL:
        if (header && k == (BPF_OP(code) == BPF_LSH ? 2 : 4))
            return (struct value){.kind = VALUE_HEADER, .at = a.at};
        return opaque();
    default: return opaque();
    }
    return a.mask != 0 ? a : constant(0);
}

static enum step alu(struct path *p, const struct exo_bpf *i)
{
    bool divides = BPF_OP(i->code) == BPF_DIV || BPF_OP(i->code) == BPF_MOD;
    struct value b = i->code & BPF_X ? p->x : constant(i->k);
    if (BPF_OP(i->code) == BPF_NEG)
        b = constant(0);
    if (b.kind != VALUE_CONST) {
        if (divides) /* by zero, perhaps */
            p->term.exact = false;
        p->a = opaque();
        return STEP_ON;
    }
    if (divides && b.mask == 0)
        return STEP_REJECT;
    if (p->a.kind == VALUE_FIELD) {
        p->a = field_alu(i->code, p->a, b.mask);
    } else if (p->a.kind == VALUE_CONST) {
        bpf_alu(i->code, p->a.mask, b.mask, &p->a.mask);
    } else {
        p->a = opaque();
    }
    return STEP_ON;
}

/* -- branches -- */

static struct filter_atom atom_of(const struct value *a)
{
    return (struct filter_atom){.at = a->at,
                                .size = a->kind == VALUE_LENGTH ? 0 : a->size,
                                .shift = a->shift,
                                .mask = a->mask};
}

/* The condition `a op k` (or its opposite) on a field. */
static bool assume(struct filter_term *t, const struct value *a, uint16_t code,
                   uint32_t k, bool holds)
{
    struct filter_atom atom = atom_of(a);
    atom.hi = UINT32_MAX;
    switch (BPF_OP(code)) {
    case BPF_JEQ:
        atom.lo = atom.hi = k;
        atom.flags = holds ? 0 : FILTER_NOT;
        break;
    case BPF_JGT:
        if (k == UINT32_MAX)
            return !holds;
        atom.lo = holds ? k + 1 : 0;
        atom.hi = holds ? UINT32_MAX : k;
        break;
    case BPF_JGE:
        if (k == 0)
            return holds;
        atom.lo = holds ? k : 0;
        atom.hi = holds ? UINT32_MAX : k - 1;
        break;
    default: /* JSET: the bits of k are not all zero */
        atom.mask &= k << a->shift;
        if (atom.mask == 0)
            return !holds;
        atom.lo = atom.hi = 0;
        atom.flags = holds ? FILTER_NOT : 0;
        break;
    }
    return filter_term_add(t, &atom);
}

/* p goes the way of `holds`; false: that way no packet goes. */
static bool branch(struct path *p, const struct exo_bpf *i, bool holds)
{
    struct value b = i->code & BPF_X ? p->x : constant(i->k);
    p->pc += holds ? i->jt : i->jf;
    if (b.kind == VALUE_CONST && p->a.kind == VALUE_CONST)
        return bpf_condition(i->code, p->a.mask, b.mask) == holds;
    if (b.kind == VALUE_CONST && (p->a.kind == VALUE_FIELD || p->a.kind == VALUE_LENGTH))
        return assume(&p->term, &p->a, i->code, b.mask, holds);
    p->term.exact = false;
    return true;
}

static enum step jump(struct filter_work *w, const struct exo_bpf *i)
{
    struct path *p = &w->now;
    if (BPF_OP(i->code) == BPF_JA) {
        p->pc += i->k;
        return STEP_ON;
    }
    if (i->jt == i->jf) {
        p->pc += i->jt;
        return STEP_ON;
    }
    if (w->waiting == WAITING_MAX)
        return STEP_LOST;
    struct path *other = &w->stack[w->waiting];
    *other = *p;
    if (branch(other, i, false))
        w->waiting++;
    return branch(p, i, true) ? STEP_ON : STEP_REJECT;
}

static enum step ret(struct path *p, const struct exo_bpf *i)
{
    struct value v = BPF_OP(i->code) == BPF_A ? p->a : constant(i->k);
    if (v.kind == VALUE_CONST) {
        p->term.accept = v.mask;
        return v.mask != 0 ? STEP_ACCEPT : STEP_REJECT;
    }
    p->term.accept = UINT32_MAX;
    p->term.exact = false;
    return STEP_ACCEPT;
}

static enum step step(struct filter_work *w, const struct exo_bpf *i)
{
    struct path *p = &w->now;
    p->pc++;
    switch (BPF_CLASS(i->code)) {
    case BPF_LD: return load(p, i);
    case BPF_LDX: return load_x(p, i);
    case BPF_ST: p->memory[i->k] = p->a; return STEP_ON;
    case BPF_STX: p->memory[i->k] = p->x; return STEP_ON;
    case BPF_ALU: return alu(p, i);
    case BPF_JMP: return jump(w, i);
    case BPF_RET: return ret(p, i);
    default:
        if (i->code & BPF_TXA)
            p->a = p->x;
        else
            p->x = p->a;
        return STEP_ON;
    }
}

/* Walk w->now to its end. */
static enum step walk(struct filter_work *w, const struct exo_bpf *program)
{
    enum step s = STEP_ON;
    while (s == STEP_ON)
        s = w->steps++ < STEPS_MAX ? step(w, &program[w->now.pc]) : STEP_LOST;
    return s;
}

static bool all_paths(const struct exo_bpf *program, struct filter_form *out,
                      struct filter_work *w)
{
    while (w->waiting > 0) {
        w->now = w->stack[--w->waiting];
        enum step s = walk(w, program);
        if (s == STEP_LOST || (s == STEP_ACCEPT && out->nterms == FILTER_TERMS))
            return false;
        if (s == STEP_ACCEPT && filter_term_finish(&w->now.term))
            out->term[out->nterms++] = w->now.term;
    }
    return true;
}

void filter_paths(const struct exo_bpf *program, struct filter_form *out,
                  struct filter_work *work)
{
    work->waiting = 1;
    work->steps = 0;
    work->stack[0] = (struct path){.term = {.exact = true}};
    work->stack[0].a = work->stack[0].x = constant(0);
    out->nterms = 0;
    out->understood = all_paths(program, out, work);
    if (out->understood)
        return;
    out->nterms = 1;
    out->term[0] = (struct filter_term){.accept = UINT32_MAX};
}
