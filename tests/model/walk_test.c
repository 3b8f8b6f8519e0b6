// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * walk_test.c - the walker of "exo,mmu-radix" on the boards' page-table formats and on one odd one,
 * against a slow walker that knows each format by its manual's bits, not by masks and values.
 * Tables are random, so are the accesses.
 */
#include "board_file.h"
#include "cpu_cache.h"
#include "suites.h"
#include <exo/machine.h>
#include <stdlib.h>
#include <string.h>

#define BIT(n) (UINT64_C(1) << (n))

/* ---- the formats, from the manuals ---- */

enum kind { ABSENT, TABLE, LEAF };

struct format {
    const char *name, *board;
    struct rig_set *set; /* if there is no board */
    unsigned levels, index_bits, shift, size;
    enum kind (*kind)(uint64_t pte, unsigned level);
    bool (*user)(uint64_t pte);
    bool (*may)(uint64_t pte, enum hw_access access);
    uint64_t (*page)(uint64_t pte);
    uint64_t accessed, dirty;
    uint64_t (*link)(uint64_t pa);               /* entry that points to a table */
    uint64_t (*leaf)(uint64_t pa, uint64_t any); /* entry of a page, rights by any */
};

/* Sv39 and Sv32: V 0, R 1, W 2, X 3, U 4, A 6, D 7, page number from 10. */
static enum kind sv_kind(uint64_t pte, unsigned level)
{
    if (!(pte & BIT(0)))
        return ABSENT;
    if (level == 0)
        return LEAF;
    return (pte & (BIT(1) | BIT(2) | BIT(3))) ? ABSENT
                                              : TABLE; /* large pages: not here */
}
static bool sv_user(uint64_t pte)
{
    return pte & BIT(4);
}
static bool sv_may(uint64_t pte, enum hw_access access)
{
    return pte & (access == HW_READ ? BIT(1) : access == HW_WRITE ? BIT(2) : BIT(3));
}
static uint64_t sv39_page(uint64_t pte)
{
    return (pte >> 10 & (BIT(44) - 1)) << 12;
}
static uint64_t sv32_page(uint64_t pte)
{
    return (pte >> 10 & (BIT(22) - 1)) << 12;
}
static uint64_t sv_link(uint64_t pa)
{
    return pa >> 12 << 10 | BIT(0);
}
static uint64_t sv_leaf(uint64_t pa, uint64_t any)
{
    return pa >> 12 << 10 | BIT(0) | (any & 0xfe) | (any & BIT(9)) |
           BIT(4) * !!(any & 0xf0000);
}

/* x86-64: P 0, W 1, U 2, A 5, D 6, PS 7, page 51..12, XD 63. */
static enum kind x86_kind(uint64_t pte, unsigned level)
{
    if (!(pte & BIT(0)))
        return ABSENT;
    if (level == 0)
        return LEAF;
    if (pte & BIT(7))
        return ABSENT;
    return (pte & BIT(1)) && (pte & BIT(2)) ? TABLE
                                            : ABSENT; /* rights are the leaf's here */
}
static bool x86_user(uint64_t pte)
{
    return pte & BIT(2);
}
static bool x86_may(uint64_t pte, enum hw_access access)
{
    return access == HW_READ ||
           (access == HW_WRITE ? (pte & BIT(1)) != 0 : !(pte & BIT(63)));
}
static uint64_t x86_page(uint64_t pte)
{
    return pte & (BIT(52) - BIT(12));
}
static uint64_t x86_link(uint64_t pa)
{
    return pa | BIT(0) | BIT(1) | BIT(2);
}
static uint64_t x86_leaf(uint64_t pa, uint64_t any)
{
    return pa | BIT(0) | (any & 0xe72) | BIT(2) * !!(any & 0xf0000) | (any & BIT(63));
}

/* AArch64: type 1..0 (3 = table, page), AP[1] user 6, AP[2] read-only 7, AF 10, page 47..12 or
 * 47..14, UXN 54. */
static enum kind a64_kind(uint64_t pte, unsigned level)
{
    if ((pte & 3) != 3)
        return ABSENT; /* blocks (1) on inner levels: not here */
    return level == 0 ? LEAF : TABLE;
}
static bool a64_user(uint64_t pte)
{
    return pte & BIT(6);
}
static bool a64_may(uint64_t pte, enum hw_access access)
{
    return access == HW_READ || (access == HW_WRITE ? !(pte & BIT(7)) : !(pte & BIT(54)));
}
static uint64_t a64_page(uint64_t pte)
{
    return pte & (BIT(48) - BIT(12));
}
static uint64_t a64_16k_page(uint64_t pte)
{
    return pte & (BIT(48) - BIT(14));
}
static uint64_t a64_link(uint64_t pa)
{
    return pa | 3;
}
static uint64_t a64_leaf(uint64_t pa, uint64_t any)
{
    return pa | 3 | (any & (BIT(7) | BIT(10) | BIT(54) | BIT(55))) |
           BIT(6) * !!(any & 0xf0000);
}

static struct rig_set set_16k[] = {
    {"exo,levels", 3, NULL},
    {"exo,index-bits", 11, NULL},
    {"exo,page-shift", 14, NULL},
    {"exo,pte-size", 8, NULL},
    {"exo,pfn-lsb", 14, NULL},
    {"exo,pfn-bits", 34, NULL},
    {"exo,present-mask", 1, NULL},
    {"exo,present-value", 1, NULL},
    {"exo,table-mask", 3, NULL},
    {"exo,table-value", 3, NULL},
    {"exo,leaf-mask", 3, NULL},
    {"exo,leaf-value", 3, NULL},
    {"exo,read-mask", 0, NULL},
    {"exo,read-value", 0, NULL},
    {"exo,write-mask", 0x80, NULL},
    {"exo,write-value", 0, NULL},
    {"exo,exec-mask", BIT(54), NULL},
    {"exo,exec-value", 0, NULL},
    {"exo,user-mask", 0x40, NULL},
    {"exo,user-value", 0x40, NULL},
    {"exo,accessed", 0x400, NULL},
    {"exo,dirty", 0, NULL},
    {"exo,soft-lsb", 55, NULL},
    {"exo,asid-bits", 8, NULL},
    {"exo,tlb-entries", 16, NULL},
    {"exo,replacement", 0, "random"},
    {0},
};

static const struct format formats[] = {
    {"Sv39", "riscv", NULL, 3, 9, 12, 8, sv_kind, sv_user, sv_may, sv39_page, BIT(6),
     BIT(7), sv_link, sv_leaf},
    {"Sv32", "mips-radix", NULL, 2, 10, 12, 4, sv_kind, sv_user, sv_may, sv32_page,
     BIT(6), BIT(7), sv_link, sv_leaf},
    {"x86-64", "pc", NULL, 4, 9, 12, 8, x86_kind, x86_user, x86_may, x86_page, BIT(5),
     BIT(6), x86_link, x86_leaf},
    {"AArch64 4 KiB", "arm", NULL, 4, 9, 12, 8, a64_kind, a64_user, a64_may, a64_page,
     BIT(10), 0, a64_link, a64_leaf},
    {"AArch64 16 KiB", NULL, set_16k, 3, 11, 14, 8, a64_kind, a64_user, a64_may,
     a64_16k_page, BIT(10), 0, a64_link, a64_leaf},
};

/* ---- the slow walker ---- */

struct walk {
    const struct format *f;
    struct rig rig;
    struct cpu_cache cache;
    uint8_t *ram; /* the reference's own copy */
    uint64_t root, rng, walk_cycles;
    uint32_t asid;
};

struct answer {
    int cause;
    unsigned reads, writes;
    uint64_t page;
};

static bool load(const struct walk *w, uint64_t pa, uint64_t *pte)
{
    *pte = 0;
    if (pa > RIG_RAM - w->f->size)
        return false;
    memcpy(pte, w->ram + pa,
           w->f->size); /* the host is little endian, as the tables are */
    return true;
}

static struct answer slow_walk(struct walk *w, uint64_t va, enum hw_access access,
                               bool use)
{
    const struct format *f = w->f;
    struct answer a = {0};
    unsigned bits = f->shift + f->levels * f->index_bits;
    if (va / 2 >= BIT(bits - 1)) {
        a.cause = HW_CAUSE_PAGE;
        return a;
    }
    uint64_t table = w->root, pte = 0, at = 0;
    for (unsigned level = f->levels; level > 0; level--) {
        uint64_t span = BIT(f->shift + (level - 1) * f->index_bits);
        at = table + va / span % BIT(f->index_bits) * f->size;
        a.reads++;
        if (!load(w, at, &pte)) {
            a.cause = HW_CAUSE_BUS;
            return a;
        }
        if (f->kind(pte, level - 1) == ABSENT) {
            a.cause = HW_CAUSE_PAGE;
            return a;
        }
        table = f->page(pte);
    }
    a.page = table;
    if (!f->user(pte) || !f->may(pte, access)) {
        a.cause = HW_CAUSE_PROT;
        return a;
    }
    uint64_t after = pte | f->accessed | (access == HW_WRITE ? f->dirty : 0);
    a.writes = after != pte;
    if (use)
        memcpy(w->ram + at, &after, f->size);
    return a;
}

static bool still_true(void *ctx, uint64_t va, uint64_t pa, enum hw_access access)
{
    struct answer a = slow_walk(ctx, va, access, false);
    return a.cause == 0 && a.writes == 0 && a.page == pa;
}

/* ---- random tables ---- */

#define TABLES 24u /* pages 1 .. TABLES of RAM; the root is page 1 */

/* Few indices, so that accesses meet entries: 0 .. 5 and the last. */
static uint64_t index_of(const struct walk *w, unsigned i)
{
    return i == 6 ? BIT(w->f->index_bits) - 1 : i;
}

static uint64_t some_index(struct walk *w)
{
    return index_of(w, rig_random(&w->rng) % 7);
}

/* Tables fall into a group a level, root first; most links go from one group to the next. */
static unsigned group_of(const struct walk *w, unsigned table)
{
    return (table - 1) * w->f->levels / TABLES;
}

static uint64_t some_page(struct walk *w, unsigned group)
{
    uint64_t x = rig_random(&w->rng);
    unsigned table = 1 + (unsigned)(x >> 8) % TABLES;
    if (x % 32 == 0) /* outside RAM, within the format */
        return ((x >> 8 & 0x3ffff) + (RIG_RAM >> w->f->shift)) << w->f->shift;
    while (x % 8 && group < w->f->levels && group_of(w, table) != group)
        table = table % TABLES + 1;
    return (uint64_t)table << w->f->shift;
}

static void set_entry(struct walk *w, unsigned table, uint64_t index)
{
    const struct format *f = w->f;
    uint64_t x = rig_random(&w->rng), pte;
    uint64_t at = ((uint64_t)table << f->shift) + index * f->size;
    unsigned group = group_of(w, table);
    if (x % 16 == 0)
        pte = 0;
    else if (x % 16 == 1)
        pte = rig_random(&w->rng); /* rubbish */
    else if ((x % 16 == 2) != (group == f->levels - 1))
        pte = f->leaf(some_page(w, f->levels), rig_random(&w->rng));
    else
        pte = f->link(some_page(w, group + 1));
    memcpy(w->ram + at, &pte, f->size);
    memcpy(w->rig.f.ram + at, &pte, f->size);
}

static void set_random_entry(struct walk *w)
{
    set_entry(w, 1 + (unsigned)(rig_random(&w->rng) % TABLES), some_index(w));
}

static void fill_tables(struct walk *w)
{
    for (unsigned t = 1; t <= TABLES; t++)
        for (unsigned i = 0; i < 7; i++)
            set_entry(w, t, index_of(w, i));
}

static uint64_t some_va(struct walk *w)
{
    const struct format *f = w->f;
    uint64_t x = rig_random(&w->rng), va = x & (BIT(f->shift) - 1);
    for (unsigned l = 0; l < f->levels; l++)
        va |= some_index(w) << (f->shift + l * f->index_bits);
    if (x >> 58 == 0) /* out of range */
        va |= BIT(f->shift + f->levels * f->index_bits) << (x >> 50 & 7);
    return va;
}

static void flush(struct walk *w)
{
    uint64_t x = rig_random(&w->rng);
    rig_write(&w->rig, M_RADIX_OP_ASID, w->asid);
    rig_write(&w->rig, M_RADIX_OP,
              x & 1 ? M_RADIX_OP_INVALIDATE_ALL : M_RADIX_OP_INVALIDATE_ASID);
    if (x &
        0x10) { /* another address space over the same tables: everything is new to it */
        w->asid = (uint32_t)(x >> 8) & 0x3f;
        rig_write(&w->rig, M_RADIX_OP_ASID, w->asid);
        rig_write(&w->rig, M_RADIX_OP, M_RADIX_OP_INVALIDATE_ASID);
        rig_write(&w->rig, M_RADIX_ASID, w->asid);
    }
}

struct tally {
    unsigned cause[HW_CAUSE_COUNT], hits, updates;
};

static void access_once(struct walk *w, struct tally *t)
{
    uint64_t va = some_va(w), pa = 0, cycles = 0;
    enum hw_access access = (enum hw_access)(rig_random(&w->rng) % 3);
    struct answer dry = slow_walk(w, va, access, false);
    if (cpu_cache_lookup(&w->cache, va, access, &pa)) {
        CU_ASSERT(dry.cause == 0 && dry.writes == 0);
        CU_ASSERT(pa == (dry.page | (va & (BIT(w->f->shift) - 1))));
        t->hits++;
        return;
    }
    struct answer a = slow_walk(w, va, access, true);
    int cause = w->rig.mmu->miss(w->rig.dev, va, access, &cycles);
    CU_ASSERT(cause == a.cause);
    CU_ASSERT(cycles == (a.reads + a.writes) * w->walk_cycles);
    CU_ASSERT(cpu_cache_lookup(&w->cache, va, access, &pa) == (cause == 0));
    if (cause == 0)
        CU_ASSERT(pa == (a.page | (va & (BIT(w->f->shift) - 1))));
    t->cause[cause]++;
    t->updates += a.writes;
}

static void walk_format(const struct format *f)
{
    struct walk *w = calloc(1, sizeof *w);
    struct tally t = {0};
    struct rig_set set[RIG_MAX_VALUES];
    void *fdt = f->board ? board_load(f->board) : NULL;
    if (fdt)
        CU_ASSERT_FATAL(strcmp(board_mmu(fdt, set)->compatible, "exo,mmu-radix") == 0);
    rig_open(&w->rig, "exo,mmu-radix", fdt ? set : f->set);
    struct hw_value values[RIG_MAX_VALUES];
    rig_values(w->rig.model, fdt ? set : f->set, values);
    for (size_t i = 0; i < w->rig.model->nparams; i++)
        if (strcmp(w->rig.model->params[i].name, "exo,walk-cycles") == 0)
            w->walk_cycles = values[i].u;
    w->f = f;
    w->rng = 3 + f->levels;
    w->root = UINT64_C(1) << f->shift;
    w->ram = calloc(1, RIG_RAM);
    cpu_cache_attach(&w->cache, &w->rig);
    fill_tables(w);
    rig_write64(&w->rig, M_RADIX_ROOT, w->root);
    for (unsigned step = 0; step < 30000; step++) {
        if (step % 200 == 199) {
            for (unsigned i = 0; i < 25; i++)
                set_random_entry(w);
            flush(w);
        }
        access_once(w, &t);
        if (step % 16 == 0)
            CU_ASSERT_FATAL(cpu_cache_check(&w->cache, still_true, w) == -1);
    }
    CU_ASSERT(memcmp(w->ram, w->rig.f.ram, RIG_RAM) ==
              0); /* accessed, dirty, nothing else */
    CU_ASSERT(w->cache.empty_calls == 0 && w->rig.f.errors == 0);
    /* The test has seen what it is for. */
    CU_ASSERT(t.cause[0] > 1000 && t.hits > 100 && t.updates > 100);
    CU_ASSERT(t.cause[HW_CAUSE_PAGE] > 1000 && t.cause[HW_CAUSE_PROT] > 1000);
    CU_ASSERT(t.cause[HW_CAUSE_BUS] > 300);
    rig_close(&w->rig);
    free(w->ram);
    free(w);
    free(fdt);
}

static void sv39(void)
{
    walk_format(&formats[0]);
}
static void sv32(void)
{
    walk_format(&formats[1]);
}
static void x86(void)
{
    walk_format(&formats[2]);
}
static void a64(void)
{
    walk_format(&formats[3]);
}
static void a64_16k(void)
{
    walk_format(&formats[4]);
}

void walk_suite(void)
{
    CU_pSuite s = CU_add_suite("walk", NULL, NULL);
    CU_add_test(s, "Sv39, as on riscv", sv39);
    CU_add_test(s, "Sv32, as on mips-radix", sv32);
    CU_add_test(s, "x86-64 4-level, as on pc", x86);
    CU_add_test(s, "AArch64 4 KiB, as on arm", a64);
    CU_add_test(s, "AArch64 16 KiB, small TLB, random replacement", a64_16k);
}
