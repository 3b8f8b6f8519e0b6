// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hashed_test.c - "exo,mmu-hashed": registers, R and C, costs, and the search, against a reference
 * that works the other way round: it goes through every entry of the whole table and works out
 * which page that entry translates where it lies, from the PowerPC's manual.
 */
#include "cpu_cache.h"
#include "suites.h"
#include <exo/machine.h>
#include <stdlib.h>
#include <string.h>

#define ORG 0x20000u
#define PTEG 20u
#define UPDATE 7u

static struct rig_set costs[] = {
    {"exo,pteg-cycles", PTEG, NULL}, {"exo,update-cycles", UPDATE, NULL}, {0}, {0}, {0}};

static uint32_t get32(const uint8_t *ram, uint64_t pa)
{
    uint32_t v;
    memcpy(&v, ram + pa, 4); /* the host is little endian, as the table is */
    return v;
}

static void put32(struct rig *r, uint64_t pa, uint32_t v)
{
    memcpy(r->f.ram + pa, &v, 4);
}

static int touch(struct rig *r, uint64_t va, enum hw_access access, uint64_t *cycles)
{
    return r->mmu->miss(r->dev, va, access, cycles);
}

static bool hit(struct rig *r, uint64_t va, enum hw_access access)
{
    struct hw_mmu_entry e;
    return r->mmu->lookup(r->dev, va, access, &e);
}

static void invalidate(struct rig *r, uint64_t va, uint32_t space, uint32_t op)
{
    rig_write64(r, M_HPT_VA, va);
    rig_write(r, M_HPT_OP_SPACE, space);
    rig_write(r, M_HPT_OP, op);
}

/* ---- the reference ---- */

/* VSID of a segment by addition: each space's sixteen follow those of the one before. */
static uint32_t vsid_of(uint32_t space, uint32_t segment)
{
    uint32_t vsid = 0;
    for (uint32_t i = 0; i < space * 16 + segment; i++)
        vsid = (vsid + 273) % 16777216;
    return vsid;
}

struct reference {
    const uint8_t *ram;
    uint64_t org;
    uint32_t groups;
    unsigned shift;
    uint32_t vsid[4][16]; /* of spaces 0 .. 3 */
};

/* Page index an entry at (group, H) stands for: the low bits from where it lies, the high ones
 * from its API. All indices that hash there are tried: no formula is inverted. */
static bool translates(const struct reference *f, uint32_t group, uint32_t word0,
                       uint32_t vsid, uint32_t index)
{
    bool v = word0 >> 31, h = word0 >> 6 & 1;
    uint32_t api = index >> (28 - 6 - f->shift);
    if (!v || (word0 >> 7 & 0xffffff) != vsid || (word0 & 0x3f) != api)
        return false;
    uint32_t hash = (vsid & 0x7ffff) ^ index;
    if (h)
        hash = 0x7ffff - hash;
    return hash % f->groups == group;
}

struct answer {
    int cause;
    unsigned groups, writes;
    uint64_t page, at;
    uint32_t after; /* word 1 when done */
};

static struct answer slow_search(const struct reference *f, uint32_t space, uint64_t va,
                                 enum hw_access access)
{
    struct answer a = {.cause = HW_CAUSE_TLB_MISS};
    if (va >= UINT64_C(1) << 32) {
        a.cause = HW_CAUSE_PAGE;
        return a;
    }
    a.groups = 2;
    uint32_t index = (uint32_t)(va % (1u << 28)) >> f->shift;
    bool found = false;
    for (uint32_t want_h = 0; want_h < 2 && !found; want_h++)
        for (uint32_t i = 0; i < f->groups * 8 && !found; i++) {
            uint32_t word0 = get32(f->ram, f->org + i * 8);
            if ((word0 >> 6 & 1) != want_h ||
                !translates(f, i / 8, word0, f->vsid[space][va >> 28], index))
                continue;
            found = true;
            a.groups = 1 + want_h;
            a.at = f->org + i * 8;
        }
    if (!found)
        return a;
    uint32_t word1 = get32(f->ram, a.at + 4), pp = word1 & 3;
    bool may = access == HW_READ    ? pp != 0
               : access == HW_WRITE ? pp == 2
                                    : pp != 0 && !(word1 & 4);
    a.cause = may ? 0 : HW_CAUSE_PROT;
    a.after = word1;
    if (may)
        a.after |= access == HW_WRITE ? 0x180 : 0x100;
    a.writes = a.after != word1;
    a.page = word1 >> f->shift << f->shift;
    return a;
}

/* ---- random tables ---- */

struct random_table {
    struct rig rig;
    struct cpu_cache cache;
    struct reference f;
    uint64_t rng;
    uint32_t space;
    uint8_t *ram; /* the reference's own copy */
};

/* Few segments and page indices, so that accesses meet entries: some far apart that collide. */
static uint64_t some_va(struct random_table *t)
{
    uint64_t x = rig_random(&t->rng);
    uint64_t page = (x & 3) | (x >> 8 & 3) << (26 - t->f.shift);
    uint64_t va = (x >> 16 & 1) * 15 << 28 | page << t->f.shift | (x >> 40 & 0xfff);
    return x >> 58 == 0 ? va | UINT64_C(1) << (32 + (x >> 50 & 15)) : va;
}

/* A place a page could have, right or nearly right. */
static void set_entry(struct random_table *t)
{
    uint64_t x = rig_random(&t->rng), va = some_va(t) & 0xffffffff;
    uint32_t vsid = t->f.vsid[x & 3][va >> 28], h = x >> 8 & 1;
    uint32_t index = (uint32_t)(va & 0x0fffffff) >> t->f.shift;
    uint32_t hash = (vsid ^ index) & 0x7ffff, group = (h ? ~hash : hash) % t->f.groups;
    uint32_t word0 = 1u << 31 | vsid << 7 | h << 6 | (uint32_t)(va >> 22 & 63);
    uint32_t word1 = (uint32_t)(x >> 16 & 0x3ff) << t->f.shift | (x >> 32 & 0xfff);
    if (x >> 60 == 0)
        word0 ^= 1u << (x >> 50 & 31); /* one bit wrong */
    else if (x >> 60 < 6)
        word0 = 0;
    uint64_t at = t->f.org + group * 64 + (x >> 24 & 7) * 8;
    put32(&t->rig, at, word0);
    put32(&t->rig, at + 4, word1);
    memcpy(t->ram + at, t->rig.f.ram + at, 8);
}

static bool still_true(void *ctx, uint64_t va, uint64_t pa, enum hw_access access)
{
    const struct random_table *t = ctx;
    struct answer a = slow_search(&t->f, t->space, va, access);
    return a.cause == 0 && a.writes == 0 && a.page == pa;
}

struct tally {
    unsigned cause[HW_CAUSE_COUNT], hits, updates, second;
};

static void access_once(struct random_table *t, struct tally *n)
{
    uint64_t va = some_va(t), pa = 0, cycles = 0, offset = (1u << t->f.shift) - 1;
    enum hw_access access = (enum hw_access)(rig_random(&t->rng) % 3);
    struct answer a = slow_search(&t->f, t->space, va, access);
    if (cpu_cache_lookup(&t->cache, va, access, &pa)) {
        CU_ASSERT(a.cause == 0 && a.writes == 0 && pa == (a.page | (va & offset)));
        n->hits++;
        return;
    }
    int cause = touch(&t->rig, va, access, &cycles);
    CU_ASSERT(cause == a.cause);
    CU_ASSERT(cycles == a.groups * PTEG + a.writes * UPDATE);
    CU_ASSERT(cpu_cache_lookup(&t->cache, va, access, &pa) == (cause == 0));
    if (cause == 0)
        CU_ASSERT(pa == (a.page | (va & offset)));
    if (a.writes)
        memcpy(t->ram + a.at + 4, &a.after, 4);
    n->cause[cause]++;
    n->updates += a.writes;
    n->second += cause == 0 && a.groups == 2;
}

static void change(struct random_table *t)
{
    for (unsigned i = 0; i < 20; i++)
        set_entry(t);
    t->space = (uint32_t)rig_random(&t->rng) & 3;
    rig_write(&t->rig, M_HPT_SPACE, t->space);
    rig_write(&t->rig, M_HPT_OP, M_HPT_OP_INVALIDATE_ALL);
}

static void search_table(unsigned shift, uint32_t mask)
{
    struct random_table *t = calloc(1, sizeof *t);
    struct tally n = {0};
    costs[2] = (struct rig_set){"exo,page-shift", shift, NULL};
    costs[3] = (struct rig_set){"exo,tlb-entries", 8, NULL};
    rig_open(&t->rig, "exo,mmu-hashed", costs);
    t->rng = shift + mask;
    t->ram = calloc(1, RIG_RAM);
    t->f = (struct reference){t->ram, ORG * (mask + 1), 1024 * (mask + 1), shift, {{0}}};
    for (uint32_t space = 0; space < 4; space++)
        for (uint32_t segment = 0; segment < 16; segment++)
            t->f.vsid[space][segment] = vsid_of(space, segment);
    cpu_cache_attach(&t->cache, &t->rig);
    rig_write(&t->rig, M_HPT_SDR1, (uint32_t)t->f.org | mask);
    for (unsigned i = 0; i < 300; i++)
        set_entry(t);
    for (unsigned step = 0; step < 4000; step++) {
        if (step % 50 == 49)
            change(t);
        access_once(t, &n);
        if (step % 32 == 0)
            CU_ASSERT_FATAL(cpu_cache_check(&t->cache, still_true, t) == -1);
    }
    CU_ASSERT(memcmp(t->ram, t->rig.f.ram, RIG_RAM) == 0); /* R and C, nothing else */
    CU_ASSERT(t->cache.empty_calls == 0 && t->rig.f.errors == 0);
    /* The test has seen what it is for. */
    CU_ASSERT(n.cause[0] > 500 && n.hits > 20 && n.updates > 50 && n.second > 50);
    CU_ASSERT(n.cause[HW_CAUSE_TLB_MISS] > 200 && n.cause[HW_CAUSE_PROT] > 100);
    CU_ASSERT(n.cause[HW_CAUSE_PAGE] > 20);
    rig_close(&t->rig);
    free(t->ram);
    free(t);
}

static void search_4k(void)
{
    search_table(12, 0);
}
static void search_larger_table(void)
{
    search_table(12, 3);
}
static void search_64k(void)
{
    search_table(16, 1);
}

/* ---- by hand ---- */

/* Page index 5 of segment 2, space 1: worked out on paper. VSID = (1 * 16 + 2) * 0x111 = 0x1332;
 * hash = 0x1332 ^ 5 = 0x1337; of 1024 groups 0x337, and 0xc8 as the secondary. */
#define BY_HAND_VA 0x20005000u
#define BY_HAND_WORD0 (0x80000000u | 0x1332u << 7)

static void open_by_hand(struct rig *r, uint32_t h, uint32_t word1)
{
    costs[2] = (struct rig_set){0};
    rig_open(r, "exo,mmu-hashed", costs);
    uint32_t at = ORG + (h ? 0x0c8 : 0x337) * 64 + 7 * 8;
    put32(r, at, BY_HAND_WORD0 | h << 6);
    put32(r, at + 4, word1);
    rig_write(r, M_HPT_SDR1, ORG);
    rig_write(r, M_HPT_SPACE, 1);
}

static void by_hand(void)
{
    for (uint32_t h = 0; h < 2; h++) {
        struct rig r;
        uint64_t cycles;
        struct hw_mmu_entry e;
        uint32_t at = ORG + (h ? 0x0c8 : 0x337) * 64 + 7 * 8 + 4;
        open_by_hand(&r, h, 0x345000 | M_HPT_PP_WRITE);
        CU_ASSERT(touch(&r, BY_HAND_VA + 0x123, HW_READ, &cycles) == 0);
        CU_ASSERT(cycles == (1 + h) * PTEG + UPDATE);
        CU_ASSERT(get32(r.f.ram, at) == (0x345000 | M_HPT_R | M_HPT_PP_WRITE));
        CU_ASSERT(r.mmu->lookup(r.dev, BY_HAND_VA + 0x123, HW_FETCH, &e) &&
                  e.pa == 0x345123);
        CU_ASSERT(!hit(&r, BY_HAND_VA, HW_WRITE)); /* the first write must be seen */
        CU_ASSERT(touch(&r, BY_HAND_VA, HW_WRITE, &cycles) == 0);
        CU_ASSERT(get32(r.f.ram, at) == (0x345000 | M_HPT_R | M_HPT_C | M_HPT_PP_WRITE));
        CU_ASSERT(hit(&r, BY_HAND_VA, HW_WRITE) && r.f.changed == 0);
        CU_ASSERT(touch(&r, BY_HAND_VA + 0x1000, HW_READ, &cycles) == HW_CAUSE_TLB_MISS);
        CU_ASSERT(cycles == 2 * PTEG);
        char text[512];
        (void)r.ops->describe(r.dev, text, sizeof text);
        CU_ASSERT(
            strstr(text, h ? "node 0 0x20005000 -> 0x345000 rwx space 1 group 200.7 2nd\n"
                           : "node 0 0x20005000 -> 0x345000 rwx space 1 group 823.7\n") !=
            NULL);
        rig_write(&r, M_HPT_SPACE, 2);
        CU_ASSERT(r.f.changed == 1 && !hit(&r, BY_HAND_VA, HW_READ));
        CU_ASSERT(touch(&r, BY_HAND_VA, HW_READ, &cycles) == HW_CAUSE_TLB_MISS);
        rig_close(&r);
    }
}

static void protection(void)
{
    static const struct {
        uint32_t bits;
        bool may[3];
    } cases[] = {
        {0, {false, false, false}},
        {M_HPT_PP_READ, {true, false, true}},
        {M_HPT_PP_WRITE, {true, true, true}},
        {3, {true, false, true}},
        {M_HPT_N, {false, false, false}},
        {M_HPT_N | M_HPT_PP_READ, {true, false, false}},
        {M_HPT_N | M_HPT_PP_WRITE, {true, true, false}},
        {M_HPT_N | 3, {true, false, false}},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (unsigned access = 0; access < 3; access++) {
            struct rig r;
            uint64_t cycles;
            open_by_hand(&r, 0, 0x345000 | 0xe78 | cases[i].bits);
            int cause = touch(&r, BY_HAND_VA, (enum hw_access)access, &cycles);
            CU_ASSERT(cause == (cases[i].may[access] ? 0 : HW_CAUSE_PROT));
            uint32_t rc = get32(r.f.ram, ORG + 0x337 * 64 + 60) & (M_HPT_R | M_HPT_C);
            CU_ASSERT(rc == (cause != 0           ? 0
                             : access == HW_WRITE ? M_HPT_R | M_HPT_C
                                                  : M_HPT_R));
            rig_close(&r);
        }
}

static void registers(void)
{
    struct rig r;
    uint64_t p[HW_MAX_PARAMS], cycles;
    rig_open(&r, "exo,mmu-hashed", costs);
    CU_ASSERT(touch(&r, 0, HW_READ, &cycles) == HW_CAUSE_TLB_MISS && cycles == 0);
    static const uint32_t bad[] = {0x10002, 0x10001, 0x70003, 0x10200, 0x2, 0x18000};
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        rig_write(&r, M_HPT_SDR1, bad[i]);
        CU_ASSERT(r.f.errors == i + 1 && rig_read(&r, M_HPT_SDR1) == 0);
    }
    rig_write(&r, M_HPT_SDR1, 0x40003);
    CU_ASSERT(rig_read(&r, M_HPT_SDR1) == 0x40003);
    rig_write(&r, M_HPT_SDR1, RIG_RAM);
    CU_ASSERT(touch(&r, 0, HW_READ, &cycles) == HW_CAUSE_BUS && cycles == PTEG);
    CU_ASSERT(touch(&r, UINT64_C(1) << 32, HW_READ, &cycles) == HW_CAUSE_PAGE);
    unsigned errors = r.f.errors;
    rig_write64(&r, M_HPT_VA, 0x12345678);
    CU_ASSERT(rig_read64(&r, M_HPT_VA) == 0x12345000);
    rig_write(&r, M_HPT_SPACE, 0x1000);
    CU_ASSERT(r.f.errors == errors + 1 && rig_read(&r, M_HPT_SPACE) == 0);
    rig_write(&r, M_HPT_OP_SPACE, 0xfff);
    CU_ASSERT(rig_read(&r, M_HPT_OP_SPACE) == 0xfff && r.f.errors == errors + 1);
    rig_write(&r, M_HPT_OP, 6);
    rig_write(&r, M_HPT_OP, 8 | M_MMU_BROADCAST);
    CU_ASSERT(r.f.errors == errors + 3 && r.f.broadcasts == 0);
    CU_ASSERT(r.mmu->table_params(r.dev, p) == M_HASHED_TLB_ENTRIES + 1);
    CU_ASSERT(p[M_HASHED_PAGE_SHIFT] == 12 && p[M_HASHED_VA_BITS] == 32);
    CU_ASSERT(p[M_HASHED_SPACE_BITS] == M_HPT_SPACE_BITS);
    CU_ASSERT(p[M_HASHED_TLB_ENTRIES] == 128);
    rig_close(&r);
}

/* The TLB keeps what it found until it is told, on every core that is told. */
static void invalidation(void)
{
    for (uint32_t op = M_HPT_OP_INVALIDATE; op <= M_HPT_OP_INVALIDATE_ALL; op += 2) {
        struct rig r[2];
        uint64_t cycles;
        for (unsigned i = 0; i < 2; i++) {
            costs[2] = (struct rig_set){"exo,op-cycles", 9, NULL};
            rig_open(&r[i], "exo,mmu-hashed", costs);
            uint32_t at = ORG + 0x337 * 64;
            put32(&r[i], at, BY_HAND_WORD0);
            put32(&r[i], at + 4, 0x345000 | M_HPT_PP_READ);
            rig_write(&r[i], M_HPT_SDR1, ORG);
            rig_write(&r[i], M_HPT_SPACE, 1);
            CU_ASSERT(touch(&r[i], BY_HAND_VA, HW_READ, &cycles) == 0);
            put32(&r[i], at, 0);
            CU_ASSERT(hit(&r[i], BY_HAND_VA, HW_READ));
        }
        r[0].f.peer[1].ops = r[1].mmu;
        r[0].f.peer[1].dev = r[1].dev;
        if (op == M_HPT_OP_INVALIDATE) {
            invalidate(&r[0], BY_HAND_VA, 2, op | M_MMU_BROADCAST);
            invalidate(&r[0], BY_HAND_VA + 0x1000, 1, op | M_MMU_BROADCAST);
            CU_ASSERT(hit(&r[0], BY_HAND_VA, HW_READ) && r[0].f.changed == 0);
        }
        invalidate(&r[0], BY_HAND_VA, 1, op);
        CU_ASSERT(!hit(&r[0], BY_HAND_VA, HW_READ) && hit(&r[1], BY_HAND_VA, HW_READ));
        invalidate(&r[0], BY_HAND_VA, 1, op | M_MMU_BROADCAST);
        CU_ASSERT(!hit(&r[1], BY_HAND_VA, HW_READ) && r[1].f.changed == 1);
        CU_ASSERT(r[0].f.charged == (op == M_HPT_OP_INVALIDATE ? 36 : 18));
        CU_ASSERT(r[1].f.charged == 0);
        rig_close(&r[0]);
        rig_close(&r[1]);
    }
    costs[2] = (struct rig_set){0};
}

static void bad_parameters(void)
{
    static const struct rig_set bad[][2] = {
        {{"exo,page-shift", 11, NULL}, {0}},      {{"exo,page-shift", 17, NULL}, {0}},
        {{"exo,tlb-entries", 7, NULL}, {0}},      {{"exo,replacement", 0, "lru"}, {0}},
        {{"exo,pteg-cycles", 100001, NULL}, {0}},
    };
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct rig r;
        CU_ASSERT_FATAL(rig_try(&r, rig_model("exo,mmu-hashed"), bad[i], 1, 1) == -1);
        CU_ASSERT(strncmp(r.err.msg, bad[i][0].name, strlen(bad[i][0].name)) == 0);
    }
}

void hashed_suite(void)
{
    CU_pSuite s = CU_add_suite("hashed", NULL, NULL);
    CU_add_test(s, "an entry placed by hand", by_hand);
    CU_add_test(s, "PP and N; R and C only if allowed", protection);
    CU_add_test(s, "registers, SDR1, hardware table parameters", registers);
    CU_add_test(s, "invalidation, broadcast", invalidation);
    CU_add_test(s, "bad parameters are refused by name", bad_parameters);
    CU_add_test(s, "search: smallest table", search_4k);
    CU_add_test(s, "search: 4096 groups", search_larger_table);
    CU_add_test(s, "search: 64 KiB pages", search_64k);
}
