// SPDX-License-Identifier: GPL-2.0-or-later
/* filter_gen.c - see filter_gen.h. */
#include "filter_gen.h"

#include <string.h>

const struct corpus corpus[] = {
#include "filter_corpus.txt"
    {NULL, NULL, 0},
};

static uint64_t state;

void rnd_seed(uint64_t seed)
{
    state =
        (seed + 1) * 0xd1342543de82ef95u; /* not rnd()'s own step: seeds would overlap */
}

uint64_t rnd(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

uint32_t below(uint32_t n)
{
    return (uint32_t)(rnd() % n);
}

static uint32_t pick(const uint32_t *list, uint32_t n)
{
    return list[below(n)];
}
#define PICK(...)                                                                        \
    pick((const uint32_t[]){__VA_ARGS__}, sizeof((const uint32_t[]){__VA_ARGS__}) / 4)

/* -- packets -- */

static void put(struct frame *f, uint32_t at, uint32_t size, uint32_t value)
{
    for (uint32_t i = 0; i < size; i++)
        f->bytes[at + i] = (uint8_t)(value >> 8 * (size - 1 - i));
}

static uint32_t an_address(void)
{
    return below(8) ? PICK(0x0a00020f, 0x0a000202, 0x0a000203, 0x0a0000ff, 0xe0000001,
                           0xffffffff, 0x0a000201)
                    : (uint32_t)rnd();
}

static uint32_t a_port(void)
{
    return below(8) ? PICK(80, 8080, 53, 68, 67, 5000, 5001, 5002, 7, 22, 443, 6000, 6063,
                           2000, 2007, 1024, 40000, 40001, 9, 1234)
                    : below(65536);
}

static void transport(struct frame *f, uint32_t at)
{
    put(f, at, 2, a_port());
    put(f, at + 2, 2, a_port());
    put(f, at + 12, 2, PICK(0x5002, 0x5012, 0x5018, 0x8011, 0x6010));
    if (below(4) == 0) {
        put(f, at + 20, 4, 0x47455420);
        put(f, at + 24, 4, 0x47455420);
    }
    if (below(3) == 0)
        put(f, at, 2, PICK(0x0800, 0x0000, 0x0801));
}

static void ipv4(struct frame *f, uint32_t at)
{
    uint32_t header = below(4) ? 5 : below(16);
    put(f, at, 1, 0x40 | header);
    put(f, at + 2, 2, below(1500));
    put(f, at + 6, 2, below(3) ? PICK(0, 0x4000) : PICK(0x2000, 0x20b9, 0xb9, 1));
    put(f, at + 8, 1, below(2) ? 64 : below(256));
    put(f, at + 9, 1, PICK(6, 6, 17, 17, 1, 132, 41, below(256)));
    put(f, at + 12, 4, an_address());
    put(f, at + 16, 4, an_address());
    transport(f, at + header * 4);
}

static void ipv6(struct frame *f, uint32_t at)
{
    put(f, at, 1, 0x60);
    put(f, at + 6, 1, PICK(6, 17, 58, 132, 44, below(256)));
    for (uint32_t side = 0; side < 2; side++) {
        put(f, at + 8 + 16 * side, 4, PICK(0xfe800000, 0x20010db8));
        for (uint32_t i = 4; i < 16; i += 4)
            put(f, at + 8 + 16 * side + i, 4, i == 12 ? below(3) : 0);
    }
    transport(f, at + 40);
}

void make_frame(struct frame *f)
{
    uint32_t at = 12;
    for (uint32_t i = 0; i < sizeof f->bytes; i += 4)
        put(f, i, 4, below(4) ? (uint32_t)rnd() : 0);
    f->p.bytes = f->bytes;
    f->p.length = below(3) ? 60 + below(100) : PICK(14, 20, 34, 38, 60, 99, 1001, 1514);
    if (below(10) == 0)
        f->p.length = 14 + below(1501);
    if (below(12) == 0)
        return; /* noise */
    if (below(4))
        put(f, 0, 4, below(2) ? 0x02000000 : 0xffffffff);
    if (below(4))
        put(f, 4, 2, below(2) ? 1 : 0xffff);
    if (below(12) == 0) {
        put(f, at, 4, 0x81000000 | PICK(100, 7, 3));
        at += 4;
    }
    uint32_t type = PICK(0x800, 0x800, 0x800, 0x800, 0x86dd, 0x806, 0x8035, 1500);
    put(f, at, 2, type);
    if (type == 0x800)
        ipv4(f, at + 2);
    else if (type == 0x86dd)
        ipv6(f, at + 2);
    for (uint32_t i = below(5); i > 2; i--)
        f->bytes[below(80)] = (uint8_t)rnd();
}

/* Make the words of a term true. */
void satisfy(struct frame *f, const struct filter_term *t)
{
    uint32_t need = t->need;
    for (uint32_t pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < t->nwords; i++) {
            uint32_t at = t->word[i].at & FILTER_OFFSET, w;
            if ((t->word[i].at & FILTER_RELATIVE) != 0) {
                if (pass == 0)
                    continue;
                at += filter_base(f->bytes, t->base);
            }
            memcpy(&w, f->bytes + at, 4);
            w = (w & ~t->word[i].mask) | t->word[i].value;
            memcpy(f->bytes + at, &w, 4);
        }
    if (t->relative && need < filter_base(f->bytes, t->base) + t->need_relative)
        need = filter_base(f->bytes, t->base) + t->need_relative;
    for (uint32_t i = 0; i < t->natoms; i++) { /* an edge of each range */
        const struct filter_atom *a = &t->atom[i];
        uint32_t value = (below(2) ? a->lo : a->hi) << a->shift;
        uint32_t at = a->at & FILTER_OFFSET;
        if (a->flags & FILTER_NOT)
            continue;
        if (a->size == 0) {
            if (value >= 14 && value <= PACKET_MAX)
                f->p.length = value;
            continue;
        }
        if (a->at & FILTER_RELATIVE)
            at += filter_base(f->bytes, t->base);
        uint32_t old = bpf_field(f->bytes + at, a->size);
        put(f, at, a->size, (old & ~a->mask) | (value & a->mask));
    }
    if (f->p.length < need && below(8) != 0)
        f->p.length = need <= PACKET_MAX ? need : PACKET_MAX;
}

/* -- programs -- */

static struct exo_bpf random_load(void)
{
    static const uint16_t size[] = {BPF_W, BPF_H, BPF_B};
    uint32_t k = below(6) ? PICK(12, 14, 16, 20, 23, 26, 30, 36, 0, 2, 54, 56)
                          : (below(4) ? below(100) : (uint32_t)rnd());
    uint16_t s = size[below(3)];
    switch (below(12)) {
    case 0: return (struct exo_bpf){BPF_LD | BPF_IMM, 0, 0, below(100)};
    case 1: return (struct exo_bpf){BPF_LD | BPF_LEN, 0, 0, 0};
    case 2: return (struct exo_bpf){BPF_LDX | BPF_B | BPF_MSH, 0, 0, below(4) ? 14 : k};
    case 3: return (struct exo_bpf){BPF_LDX | BPF_IMM, 0, 0, below(40)};
    case 4: return (struct exo_bpf){BPF_LD | BPF_MEM, 0, 0, below(3)};
    case 5: return (struct exo_bpf){BPF_LDX | BPF_MEM, 0, 0, below(3)};
    case 6:
    case 7: return (struct exo_bpf){(uint16_t)(BPF_LD | s | BPF_IND), 0, 0, k};
    default: return (struct exo_bpf){(uint16_t)(BPF_LD | s | BPF_ABS), 0, 0, k};
    }
}

static uint32_t a_constant(void)
{
    switch (below(6)) {
    case 0: return below(256);
    case 1: return a_port();
    case 2: return an_address();
    case 3: return PICK(0x800, 0x806, 0x86dd, 0x1fff, 6, 17);
    case 4: return below(2) ? UINT32_MAX : 0;
    default: return (uint32_t)rnd();
    }
}

static struct exo_bpf random_instruction(uint32_t left)
{
    uint16_t x = below(5) == 0 ? BPF_X : 0;
    switch (below(10)) {
    case 0:
        return (struct exo_bpf){
            (uint16_t)(BPF_ALU | x |
                       PICK(BPF_ADD, BPF_SUB, BPF_MUL, BPF_DIV, BPF_OR, BPF_LSH, BPF_RSH,
                            BPF_RSH, BPF_NEG, BPF_MOD, BPF_XOR)),
            0, 0, below(3) ? 1 + below(8) : 1 + below(40)};
    case 1: return (struct exo_bpf){BPF_ALU | BPF_AND, 0, 0, a_constant()};
    case 2: return (struct exo_bpf){below(2) ? BPF_ST : BPF_STX, 0, 0, below(3)};
    case 3: return (struct exo_bpf){BPF_MISC | (below(2) ? BPF_TAX : BPF_TXA), 0, 0, 0};
    case 4:
    case 5:
    case 6:
        if (left < 3)
            break;
        if (below(20) == 0)
            return (struct exo_bpf){BPF_JMP | BPF_JA, 0, 0, below(left - 1)};
        return (struct exo_bpf){
            (uint16_t)(BPF_JMP | x | PICK(BPF_JEQ, BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET)),
            (uint8_t)below(left - 1), (uint8_t)below(left - 1), a_constant()};
    default: break;
    }
    return random_load();
}

static void random_program(struct program *p)
{
    do {
        p->n = 2 + below(below(4) ? 12 : 30);
        for (uint32_t i = 0; i + 1 < p->n; i++)
            p->code[i] = random_instruction(p->n - i);
        for (uint32_t i = 2; i + 1 < p->n; i++)
            if (below(8) == 0)
                p->code[i] = (struct exo_bpf){BPF_RET, 0, 0, below(2) ? 0 : below(2000)};
        p->code[p->n - 1] = (struct exo_bpf){BPF_RET, 0, 0, below(4) ? 65535 : 0};
        if (below(6) == 0)
            p->code[p->n - 1].code = BPF_RET | BPF_A;
    } while (bpf_check(p->code, p->n) != 0);
    p->name = "random";
}

void choose_program(struct program *p)
{
    if (below(3) == 0) {
        random_program(p);
        return;
    }
    const struct corpus *c = &corpus[below(sizeof corpus / sizeof corpus[0] - 1)];
    memcpy(p->code, c->program, c->n * sizeof c->program[0]);
    p->n = c->n;
    p->name = c->name;
}
