// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * radix_test.c - "exo,mmu-radix" by the guest's register names: registers, TLB, invalidation, and
 * the parameters it refuses. The walker itself: walk_test.c. Tables here are Sv39 (the default).
 */
#include "cpu_cache.h"
#include "suites.h"
#include <exo/machine.h>
#include <string.h>

enum { V = 1, R = 2, W = 4, X = 8, U = 16, A = 64, D = 128 };
#define ROOT 0x10000u
#define MID 0x11000u
#define LAST 0x12000u
#define ENTRY(n) (LAST + 8 * (n)) /* the entry of page n: va n << 12 */

static void poke64(struct rig *r, uint64_t pa, uint64_t v)
{
    memcpy(r->f.ram + pa, &v, 8);
}

static uint64_t peek64(const struct rig *r, uint64_t pa)
{
    uint64_t v;
    memcpy(&v, r->f.ram + pa, 8);
    return v;
}

/* Pages 0 .. 511 of the address space map to physical pages 0x100 + n with flags. */
static void open_mapped(struct rig *r, const struct rig_set *set, uint64_t flags)
{
    rig_open(r, "exo,mmu-radix", set);
    poke64(r, ROOT, (uint64_t)MID >> 2 | V);
    poke64(r, MID, (uint64_t)LAST >> 2 | V);
    for (uint64_t n = 0; n < 512; n++)
        poke64(r, ENTRY(n), (0x100 + n) << 10 | flags);
    rig_write64(r, M_RADIX_ROOT, ROOT);
}

static int touch(struct rig *r, uint64_t va, enum hw_access access)
{
    uint64_t cycles;
    return r->mmu->miss(r->dev, va, access, &cycles);
}

static bool hit(struct rig *r, uint64_t va, enum hw_access access)
{
    struct hw_mmu_entry e;
    return r->mmu->lookup(r->dev, va, access, &e);
}

static void invalidate(struct rig *r, uint64_t va, uint32_t asid, uint32_t op)
{
    rig_write64(r, M_RADIX_VA, va);
    rig_write(r, M_RADIX_OP_ASID, asid);
    rig_write(r, M_RADIX_OP, op);
}

/* ---- replacement ---- */

static void fifo_replacement(void)
{
    struct rig r;
    struct rig_set set[] = {{"exo,tlb-entries", 8, NULL}, {0}};
    open_mapped(&r, set, V | R | U);
    for (uint64_t n = 0; n < 100; n++) {
        CU_ASSERT(touch(&r, n << 12, HW_READ) == 0);
        (void)touch(&r, (n / 2) << 12, HW_WRITE); /* a fault inserts nothing */
        for (uint64_t k = 0; k <= n; k++)
            CU_ASSERT(hit(&r, k << 12, HW_READ) == (k + 8 > n));
    }
    rig_close(&r);
}

static void random_replacement(void)
{
    struct rig a, b;
    struct rig_set set[] = {
        {"exo,tlb-entries", 8, NULL}, {"exo,replacement", 0, "random"}, {0}};
    open_mapped(&a, set, V | R | U);
    unsigned live = 0, oldest_lost = 0;
    for (uint64_t n = 0; n < 500; n++) {
        CU_ASSERT(touch(&a, n << 12, HW_READ) == 0 && hit(&a, n << 12, HW_READ));
        oldest_lost += n >= 8 && !hit(&a, (n - 8) << 12, HW_READ);
    }
    for (uint64_t n = 0; n < 500; n++)
        live += hit(&a, n << 12, HW_READ);
    CU_ASSERT(live == 8);
    CU_ASSERT(oldest_lost > 200 &&
              oldest_lost < 450); /* 1 - (7/8)^8 = 0.66: it is not fifo */
    open_mapped(&b, set, V | R | U);
    for (uint64_t n = 0; n < 500; n++)
        (void)touch(&b, n << 12, HW_READ);
    CU_ASSERT(a.f.trace_hash == b.f.trace_hash && rig_same_state(&a, &b));
    rig_close(&a);
    rig_close(&b);
}

/* ---- telling the CPU ---- */

static bool mapped(void *ctx, uint64_t va, uint64_t pa, enum hw_access access)
{
    (void)access;
    struct rig *r = ctx;
    return pa == (peek64(r, ENTRY(va >> 12)) >> 10) << 12 && hit(r, va, access);
}

static void eviction_tells(void)
{
    struct rig r;
    struct cpu_cache c;
    struct rig_set set[] = {{"exo,tlb-entries", 8, NULL}, {0}};
    uint64_t pa, rng = 6;
    open_mapped(&r, set, V | R | U);
    for (uint64_t n = 0; n < 8; n++)
        (void)touch(&r, n << 12, HW_READ);
    (void)touch(&r, 8 << 12, HW_READ); /* evicts page 0, which nobody looked up */
    CU_ASSERT(r.f.changed == 0);
    cpu_cache_attach(&c, &r);
    CU_ASSERT(cpu_cache_lookup(&c, 1 << 12, HW_READ, &pa));
    (void)touch(&r, 9 << 12, HW_READ); /* evicts page 1 */
    CU_ASSERT(r.f.changed == 1 && c.n == 0);
    (void)touch(&r, 10 << 12, HW_READ); /* nothing is out */
    CU_ASSERT(r.f.changed == 1);
    for (unsigned i = 0; i < 20000; i++) {
        uint64_t va = (rig_random(&rng) % 24) << 12;
        if (!cpu_cache_lookup(&c, va, HW_READ, &pa))
            CU_ASSERT(touch(&r, va, HW_READ) == 0);
        CU_ASSERT_FATAL(cpu_cache_check(&c, mapped, &r) == -1);
    }
    CU_ASSERT(c.empty_calls == 0 && r.f.changed > 1000);
    rig_close(&r);
}

/* The first write to a page sets dirty; what was handed out for reading stays good. */
static void first_write(void)
{
    struct rig r;
    uint64_t cycles;
    open_mapped(&r, (struct rig_set[]){{"exo,walk-cycles", 10, NULL}, {0}},
                V | R | W | U);
    CU_ASSERT(r.mmu->miss(r.dev, 0x5123, HW_READ, &cycles) == 0 && cycles == 40);
    CU_ASSERT((peek64(&r, ENTRY(5)) & (A | D)) == A);
    CU_ASSERT(hit(&r, 0x5000, HW_READ) && !hit(&r, 0x5000, HW_WRITE));
    CU_ASSERT(r.mmu->miss(r.dev, 0x5ff8, HW_WRITE, &cycles) == 0 && cycles == 40);
    CU_ASSERT((peek64(&r, ENTRY(5)) & (A | D)) == (A | D));
    CU_ASSERT(hit(&r, 0x5000, HW_READ) && hit(&r, 0x5000, HW_WRITE));
    CU_ASSERT(r.f.changed == 0);
    poke64(&r, ENTRY(5), peek64(&r, ENTRY(5)) & ~(uint64_t)(A | D));
    CU_ASSERT(hit(&r, 0x5000, HW_WRITE)); /* the TLB does not look at memory */
    invalidate(&r, 0x5000, 0, M_RADIX_OP_INVALIDATE);
    CU_ASSERT(r.f.changed == 1 && !hit(&r, 0x5000, HW_READ));
    CU_ASSERT(r.mmu->miss(r.dev, 0x5000, HW_WRITE, &cycles) == 0 && cycles == 40);
    CU_ASSERT((peek64(&r, ENTRY(5)) & (A | D)) == (A | D));
    CU_ASSERT(r.mmu->miss(r.dev, 0x6000, HW_FETCH, &cycles) == HW_CAUSE_PROT &&
              cycles == 30);
    CU_ASSERT((peek64(&r, ENTRY(6)) & (A | D)) == 0);
    rig_close(&r);
}

/* A fault shows that the tables say less than the TLB: the entry goes. */
static void fault_drops_stale(void)
{
    struct rig r;
    open_mapped(&r, NULL, V | R | W | U);
    CU_ASSERT(touch(&r, 0x3000, HW_READ) == 0 && hit(&r, 0x3000, HW_READ));
    CU_ASSERT(touch(&r, 0x3000, HW_FETCH) == HW_CAUSE_PROT);
    CU_ASSERT(hit(&r, 0x3000, HW_READ) && r.f.changed == 0); /* still as the tables say */
    poke64(&r, ENTRY(3), 0);
    CU_ASSERT(touch(&r, 0x3000, HW_WRITE) == HW_CAUSE_PAGE);
    CU_ASSERT(!hit(&r, 0x3000, HW_READ) && r.f.changed == 1);
    CU_ASSERT(touch(&r, 0x4000, HW_READ) == 0 && hit(&r, 0x4000, HW_READ));
    poke64(&r, ENTRY(4),
           UINT64_C(0x300) << 10 | V | R | U); /* another page, not writable */
    CU_ASSERT(touch(&r, 0x4000, HW_WRITE) == HW_CAUSE_PROT);
    CU_ASSERT(!hit(&r, 0x4000, HW_READ) && r.f.changed == 2);
    CU_ASSERT(touch(&r, 0x5000, HW_READ) == 0 && hit(&r, 0x5000, HW_READ));
    poke64(&r, ENTRY(5),
           UINT64_C(0x300) << 10 | V | R | W | U); /* another page, writable */
    CU_ASSERT(touch(&r, 0x5000, HW_WRITE) == 0 && r.f.changed == 3);
    struct hw_mmu_entry e;
    CU_ASSERT(r.mmu->lookup(r.dev, 0x5008, HW_READ, &e) && e.pa == 0x300008);
    rig_close(&r);
}

/* ---- address spaces, invalidation ---- */

static void address_spaces(void)
{
    struct rig r;
    open_mapped(&r, NULL, V | R | U);
    CU_ASSERT(touch(&r, 0x1000, HW_READ) == 0);
    rig_write(&r, M_RADIX_ASID, 7);
    CU_ASSERT(r.f.changed == 0); /* nothing handed out yet */
    CU_ASSERT(!hit(&r, 0x1000, HW_READ) && touch(&r, 0x1000, HW_READ) == 0);
    CU_ASSERT(hit(&r, 0x1000, HW_READ));
    rig_write(&r, M_RADIX_ASID, 7);
    CU_ASSERT(r.f.changed == 0); /* no change */
    rig_write(&r, M_RADIX_ASID, 0);
    CU_ASSERT(r.f.changed == 1 && hit(&r, 0x1000, HW_READ));
    invalidate(&r, 0, 7, M_RADIX_OP_INVALIDATE_ASID);
    CU_ASSERT(r.f.changed == 1 &&
              hit(&r, 0x1000, HW_READ)); /* 7's was not out any more */
    rig_write(&r, M_RADIX_ASID, 7);
    CU_ASSERT(!hit(&r, 0x1000, HW_READ));
    rig_write(&r, M_RADIX_ASID, 0);
    invalidate(&r, 0x1000, 7, M_RADIX_OP_INVALIDATE);
    CU_ASSERT(hit(&r, 0x1000, HW_READ));
    invalidate(&r, 0x1fff, 0, M_RADIX_OP_INVALIDATE); /* any address in the page */
    CU_ASSERT(!hit(&r, 0x1000, HW_READ));
    CU_ASSERT(touch(&r, 0x1000, HW_READ) == 0 && touch(&r, 0x2000, HW_READ) == 0);
    invalidate(&r, 0, 0, M_RADIX_OP_INVALIDATE_ALL);
    CU_ASSERT(!hit(&r, 0x1000, HW_READ) && !hit(&r, 0x2000, HW_READ));
    rig_close(&r);
}

static void broadcast(void)
{
    struct rig r[2];
    for (uint32_t op = M_RADIX_OP_INVALIDATE; op <= M_RADIX_OP_INVALIDATE_ALL; op++) {
        for (unsigned i = 0; i < 2; i++) {
            open_mapped(&r[i], (struct rig_set[]){{"exo,op-cycles", 9, NULL}, {0}},
                        V | R | U);
            rig_write(&r[i], M_RADIX_ASID, 3);
            CU_ASSERT(touch(&r[i], 0x1000, HW_READ) == 0 && hit(&r[i], 0x1000, HW_READ));
        }
        r[0].f.peer[1].ops = r[1].mmu;
        r[0].f.peer[1].dev = r[1].dev;
        invalidate(&r[0], 0x1000, 3, op);
        CU_ASSERT(!hit(&r[0], 0x1000, HW_READ) && hit(&r[1], 0x1000, HW_READ));
        invalidate(&r[0], 0x1000, 3, op | M_MMU_BROADCAST);
        CU_ASSERT(!hit(&r[1], 0x1000, HW_READ) && r[1].f.changed == 1);
        CU_ASSERT(r[0].f.charged == 18 && r[1].f.charged == 0);
        rig_close(&r[0]);
        rig_close(&r[1]);
    }
}

static void registers(void)
{
    struct rig r;
    uint64_t p[HW_MAX_PARAMS];
    rig_open(&r, "exo,mmu-radix", NULL);
    rig_write64(&r, M_RADIX_ROOT, UINT64_C(0x1234567800));
    CU_ASSERT(r.f.errors == 1); /* not aligned */
    CU_ASSERT(rig_read64(&r, M_RADIX_ROOT) == UINT64_C(0x1234567000));
    CU_ASSERT(touch(&r, 0, HW_READ) == HW_CAUSE_BUS); /* a root outside RAM */
    rig_write64(&r, M_RADIX_VA, UINT64_C(0x3456789abc));
    CU_ASSERT(rig_read64(&r, M_RADIX_VA) == UINT64_C(0x3456789000));
    rig_write(&r, M_RADIX_ASID, 0x200); /* nine bits */
    CU_ASSERT(r.f.errors == 2 && rig_read(&r, M_RADIX_ASID) == 0);
    rig_write(&r, M_RADIX_OP_ASID, 0x1ff);
    CU_ASSERT(rig_read(&r, M_RADIX_OP_ASID) == 0x1ff && r.f.errors == 2);
    rig_write(&r, M_RADIX_OP, 4);
    rig_write(&r, M_RADIX_OP, 8 | M_MMU_BROADCAST);
    CU_ASSERT(r.f.errors == 4 && r.f.broadcasts == 0);
    CU_ASSERT(r.mmu->table_params(r.dev, p) == M_RADIX_ASID_BITS + 1);
    CU_ASSERT(p[M_RADIX_LEVELS] == 3 && p[M_RADIX_INDEX_BITS] == 9);
    CU_ASSERT(p[M_RADIX_PAGE_SHIFT] == 12 && p[M_RADIX_PTE_SIZE] == 8);
    CU_ASSERT(p[M_RADIX_PFN_LSB] == 10 && p[M_RADIX_PFN_BITS] == 44);
    CU_ASSERT(p[M_RADIX_PRESENT_MASK] == V && p[M_RADIX_PRESENT_VALUE] == V);
    CU_ASSERT(p[M_RADIX_TABLE_MASK] == (V | R | W | X) && p[M_RADIX_TABLE_VALUE] == V);
    CU_ASSERT(p[M_RADIX_LEAF_MASK] == 0 && p[M_RADIX_LEAF_VALUE] == 0);
    CU_ASSERT(p[M_RADIX_READ_MASK] == R && p[M_RADIX_READ_VALUE] == R);
    CU_ASSERT(p[M_RADIX_WRITE_MASK] == W && p[M_RADIX_WRITE_VALUE] == W);
    CU_ASSERT(p[M_RADIX_EXEC_MASK] == X && p[M_RADIX_EXEC_VALUE] == X);
    CU_ASSERT(p[M_RADIX_USER_MASK] == U && p[M_RADIX_USER_VALUE] == U);
    CU_ASSERT(p[M_RADIX_ACCESSED] == A && p[M_RADIX_DIRTY] == D);
    CU_ASSERT(p[M_RADIX_SOFT_LSB] == 8 && p[M_RADIX_ASID_BITS] == 9);
    rig_close(&r);
}

static void trace_and_counters(void)
{
    struct rig r;
    struct hw_mmu_stats s;
    open_mapped(&r, NULL, V | R | U);
    rig_write(&r, M_RADIX_ASID, 2);
    CU_ASSERT(touch(&r, 0x1234, HW_READ) == 0);
    CU_ASSERT(fake_env_last(&r.f, 2)->event == HW_EV_MISS &&
              fake_env_last(&r.f, 2)->a == 0x1000);
    CU_ASSERT(fake_env_last(&r.f, 1)->event == HW_EV_WALK &&
              fake_env_last(&r.f, 1)->b == 3);
    CU_ASSERT(fake_env_last(&r.f, 0)->event == HW_EV_INSERT);
    CU_ASSERT(fake_env_last(&r.f, 0)->a == (0x1000 | 2));
    CU_ASSERT(fake_env_last(&r.f, 0)->b == (0x101000 | 1u << HW_READ));
    CU_ASSERT(touch(&r, 0x1234, HW_WRITE) == HW_CAUSE_PROT);
    CU_ASSERT(fake_env_last(&r.f, 0)->event == HW_EV_WALK);
    CU_ASSERT(touch(&r, UINT64_C(1) << 39, HW_READ) == HW_CAUSE_PAGE); /* no walk */
    invalidate(&r, 0x1000, 2, M_RADIX_OP_INVALIDATE);
    CU_ASSERT(fake_env_last(&r.f, 0)->event == HW_EV_FLUSH);
    CU_ASSERT(fake_env_last(&r.f, 0)->b == (0x1000 | 2));
    r.mmu->stats(r.dev, &s);
    CU_ASSERT(s.misses == 1 && s.walks == 2 && s.faults == 2 && s.inserts == 1 &&
              s.flushes == 1);
    rig_close(&r);
}

/* ---- parameters ---- */

static void bad_parameters(void)
{
    static const struct {
        struct rig_set set[4];
        const char *names; /* what the refusal must name */
    } bad[] = {
        {{{"exo,levels", 0, NULL}}, "exo,levels"},
        {{{"exo,levels", 6, NULL}}, "exo,levels"}, /* 6 * 9 + 12 = 66 bits */
        {{{"exo,page-shift", 13, NULL}}, "exo,index-bits"},
        {{{"exo,index-bits", 10, NULL}}, "exo,index-bits"},
        {{{"exo,pte-size", 6, NULL}}, "exo,pte-size"},
        {{{"exo,pte-size", 4, NULL}}, "exo,index-bits"},
        {{{"exo,pte-size", 4, NULL}, {"exo,index-bits", 10, NULL}}, "exo,pfn-bits"},
        {{{"exo,pfn-lsb", 30, NULL}}, "exo,pfn-bits"},
        {{{"exo,pfn-lsb", 8, NULL}},
         "exo,soft-lsb"}, /* software bits inside the page number */
        {{{"exo,pfn-lsb", 4, NULL}}, "exo,user-mask"},
        {{{"exo,present-value", 2, NULL}}, "exo,present-value"},
        {{{"exo,present-mask", 0, NULL}, {"exo,present-value", 0, NULL}},
         "exo,present-value"},
        {{{"exo,present-value", 0, NULL}}, "exo,present-value"},
        {{{"exo,table-value", 0, NULL}}, "exo,table-value"}, /* contradicts present */
        {{{"exo,write-mask", 3, NULL}}, "exo,write-value"},  /* absent if writable */
        {{{"exo,exec-mask", 1u << 20, NULL}}, "exo,exec-mask"},
        {{{"exo,accessed", 3u << 6, NULL}}, "exo,accessed"},
        {{{"exo,accessed", 2, NULL}}, "exo,accessed"},
        {{{"exo,dirty", 0x40, NULL}}, "exo,dirty"},
        {{{"exo,dirty", 0x100, NULL}}, "exo,soft-lsb"},
        {{{"exo,soft-lsb", 63, NULL}}, "exo,soft-lsb"},
        {{{"exo,soft-lsb", 254, NULL}}, "exo,soft-lsb"},
        {{{"exo,asid-bits", 13, NULL}}, "exo,asid-bits"},
        {{{"exo,replacement", 0, "lru"}}, "exo,replacement"},
        {{{"exo,replacement", 0, NULL}}, "exo,replacement"},
        {{{"exo,tlb-entries", 7, NULL}}, "exo,tlb-entries"},
    };
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct rig r;
        CU_ASSERT_FATAL(rig_try(&r, rig_model("exo,mmu-radix"), bad[i].set, 1, 1) == -1);
        CU_ASSERT(strncmp(r.err.msg, bad[i].names, strlen(bad[i].names)) == 0);
    }
}

/* Any parameters at all are refused by name, or make an MMU that keeps its promises. */
static void random_parameters(void)
{
    const struct hw_model *m = rig_model("exo,mmu-radix");
    uint64_t rng = 12345;
    unsigned accepted = 0;
    for (unsigned round = 0; round < 3000; round++) {
        struct rig r;
        struct rig_set set[8] = {{0}};
        for (unsigned i = 0; i < 1 + round % 6; i++) {
            const struct hw_param *p = &m->params[rig_random(&rng) % m->nparams];
            uint64_t x = rig_random(&rng), value = x >> (x % 61 + 3);
            if (x & 0x10000)
                value = UINT64_C(1) << x % 64;
            set[i] = (struct rig_set){p->name, x & 0x20000 ? p->def : value, "random"};
        }
        if (rig_try(&r, m, set, 1, round) != 0) {
            bool named = false;
            for (size_t i = 0; i < m->nparams; i++)
                named = named || strstr(r.err.msg, m->params[i].name) != NULL;
            CU_ASSERT(named);
            continue;
        }
        accepted++;
        for (size_t i = 0; i < 0x4000; i += 8)
            poke64(&r, i, rig_random(&rng) >> 40 << (i % 16) | (i % 3 == 0));
        for (unsigned i = 0; i < 20; i++) {
            uint64_t va = rig_random(&rng) >> (i * 3), cycles;
            enum hw_access access = (enum hw_access)(i % 3);
            int cause = r.mmu->miss(r.dev, va, access, &cycles);
            CU_ASSERT(cause == 0 || cause == HW_CAUSE_PAGE || cause == HW_CAUSE_PROT ||
                      cause == HW_CAUSE_BUS);
            CU_ASSERT(hit(&r, va, access) == (cause == 0));
        }
        rig_close(&r);
    }
    CU_ASSERT(accepted > 100 && accepted < 2500);
}

static void four_byte_masks(void)
{
    struct rig r;
    struct rig_set set[] = {{"exo,levels", 2, NULL},
                            {"exo,index-bits", 10, NULL},
                            {"exo,pte-size", 4, NULL},
                            {"exo,pfn-bits", 22, NULL},
                            {"exo,soft-lsb", 8, NULL},
                            {0},
                            {0}};
    CU_ASSERT_FATAL(rig_try(&r, rig_model("exo,mmu-radix"), set, 1, 1) == 0);
    rig_close(&r);
    set[5] = (struct rig_set){"exo,dirty", UINT64_C(1) << 32, NULL};
    CU_ASSERT_FATAL(rig_try(&r, rig_model("exo,mmu-radix"), set, 1, 1) == -1);
    CU_ASSERT(strncmp(r.err.msg, "exo,dirty", 9) == 0);
    set[5] = (struct rig_set){"exo,user-mask", UINT64_C(1) << 40, NULL};
    CU_ASSERT_FATAL(rig_try(&r, rig_model("exo,mmu-radix"), set, 1, 1) == -1);
    CU_ASSERT(strncmp(r.err.msg, "exo,user-mask", 13) == 0);
}

void radix_suite(void)
{
    CU_pSuite s = CU_add_suite("radix", NULL, NULL);
    CU_add_test(s, "fifo replacement", fifo_replacement);
    CU_add_test(s, "random replacement", random_replacement);
    CU_add_test(s, "eviction tells the CPU, and only then", eviction_tells);
    CU_add_test(s, "accessed and dirty, the first write", first_write);
    CU_add_test(s, "a fault drops a stale entry", fault_drops_stale);
    CU_add_test(s, "address spaces and invalidation", address_spaces);
    CU_add_test(s, "broadcast", broadcast);
    CU_add_test(s, "registers, hardware table parameters", registers);
    CU_add_test(s, "trace and counters", trace_and_counters);
    CU_add_test(s, "bad parameters are refused by name", bad_parameters);
    CU_add_test(s, "random parameters", random_parameters);
    CU_add_test(s, "four-byte entries", four_byte_masks);
}
