// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * regions_test.c - "exo,mmu-regions" by the guest's register names, against a picture of the
 * address space: an array of granules onto which the windows are painted, the last one first.
 * It knows no comparison of bounds.
 */
#include "cpu_cache.h"
#include "suites.h"
#include <exo/machine.h>
#include <stdlib.h>
#include <string.h>

#define WINDOWS 12u
#define GRANULES 64u /* of virtual addresses the random test uses */
#define CAUSE_NONE 0

/* ---- the reference ---- */

struct ref_window {
    bool valid;
    unsigned first, count; /* granules */
    uint64_t pa;           /* with flags */
};

struct ref {
    struct ref_window window[WINDOWS];
    uint64_t picture[GRANULES]; /* physical granule | flags, 0 = nothing */
};

static void paint(struct ref *m)
{
    memset(m->picture, 0, sizeof m->picture);
    for (unsigned i = WINDOWS; i-- > 0;)
        for (unsigned g = 0; m->window[i].valid && g < m->window[i].count; g++)
            m->picture[m->window[i].first + g] = m->window[i].pa + (uint64_t)g * 4096;
}

static bool granted(uint64_t entry, enum hw_access access)
{
    static const uint64_t bit[] = {
        [HW_READ] = M_REGIONS_R, [HW_WRITE] = M_REGIONS_W, [HW_FETCH] = M_REGIONS_X};
    return (entry & bit[access]) != 0;
}

static bool still_true(void *ctx, uint64_t va, uint64_t pa, enum hw_access access)
{
    const struct ref *m = ctx;
    uint64_t e = m->picture[va >> 12];
    return granted(e, access) && e >> 12 == pa >> 12;
}

/* ---- random operations ---- */

struct bench {
    struct rig rig;
    struct ref ref;
    struct cpu_cache cache;
    uint64_t rng;
    bool power;
};

static void set_window(struct rig *r, uint32_t i, uint64_t base, uint64_t limit,
                       uint64_t pa)
{
    rig_write(r, M_REGIONS_INDEX, i);
    rig_write64(r, M_REGIONS_BASE, base);
    rig_write64(r, M_REGIONS_LIMIT, limit);
    rig_write64(r, M_REGIONS_PA, pa);
    rig_write(r, M_REGIONS_OP, M_REGIONS_OP_WRITE);
}

static void random_window(struct bench *b, uint64_t x)
{
    unsigned i = (unsigned)(x >> 8) % WINDOWS, count = 1 + (unsigned)(x >> 16) % 12;
    unsigned first = (unsigned)(x >> 24) % (GRANULES - 16);
    if (b->power) {
        count = 1u << (x >> 16) % 5;
        first = first / count * count;
    }
    uint64_t pa =
        (x >> 32 & 0xff) << 12 | (x >> 44 & 0xe) | (x >> 50 & 15 ? M_REGIONS_V : 0);
    set_window(&b->rig, i, (uint64_t)first << 12, (uint64_t)(first + count) << 12, pa);
    b->ref.window[i] = (struct ref_window){pa & M_REGIONS_V, first, count, pa};
    CU_ASSERT(rig_read(&b->rig, M_REGIONS_INDEX) == i + 1);
}

static void random_clear(struct bench *b, uint64_t x)
{
    struct rig *r = &b->rig;
    uint32_t op = x & 0x100 ? M_REGIONS_OP_CLEAR : M_REGIONS_OP_CLEAR_FRAME;
    unsigned i = (unsigned)(x >> 16) % WINDOWS;
    uint64_t pa = (x >> 32 & 0xff) << 12;
    if ((x >> 9 & 0x3f) == 0)
        op = M_REGIONS_OP_CLEAR_ALL;
    rig_write(r, M_REGIONS_INDEX, i);
    rig_write64(r, M_REGIONS_PA, pa | (x >> 44 & 0xf)); /* flags do not matter */
    rig_write(r, M_REGIONS_OP, op | (op != M_REGIONS_OP_CLEAR && x & 0x200 ? 0x100 : 0));
    for (unsigned k = 0; k < WINDOWS; k++) {
        struct ref_window *w = &b->ref.window[k];
        uint64_t start = w->pa & ~UINT64_C(0xfff),
                 end = start + w->count * UINT64_C(4096);
        if (op == M_REGIONS_OP_CLEAR_ALL || (op == M_REGIONS_OP_CLEAR && k == i) ||
            (op == M_REGIONS_OP_CLEAR_FRAME && start <= pa && pa < end))
            w->valid = false;
    }
}

static void ask(struct bench *b)
{
    uint64_t x = rig_random(&b->rng), pa = 0, cycles = 77;
    uint64_t va = (x >> 8) % (GRANULES << 12);
    enum hw_access access = (enum hw_access)(x % 3);
    uint64_t e = b->ref.picture[va >> 12];
    bool got = cpu_cache_lookup(&b->cache, va, access, &pa);
    CU_ASSERT(got == granted(e, access));
    if (got)
        CU_ASSERT(pa == ((e & ~UINT64_C(0xfff)) | (va & 0xfff)));
    int cause = b->rig.mmu->miss(b->rig.dev, va, access, &cycles);
    CU_ASSERT(cause == (got ? CAUSE_NONE : e != 0 ? HW_CAUSE_PROT : HW_CAUSE_PAGE));
    CU_ASSERT(cycles == 0);
}

static void check_windows(struct bench *b)
{
    for (uint32_t i = 0; i < WINDOWS; i++) {
        const struct ref_window *w = &b->ref.window[i];
        rig_write(&b->rig, M_REGIONS_INDEX, i);
        rig_write(&b->rig, M_REGIONS_OP, M_REGIONS_OP_READ);
        CU_ASSERT(rig_read64(&b->rig, M_REGIONS_PA) == (w->valid ? w->pa : 0));
        if (w->valid) {
            CU_ASSERT(rig_read64(&b->rig, M_REGIONS_BASE) == (uint64_t)w->first << 12);
            CU_ASSERT(rig_read64(&b->rig, M_REGIONS_LIMIT) ==
                      (uint64_t)(w->first + w->count) << 12);
        }
    }
}

static void random_operations(bool power)
{
    struct bench *b = calloc(1, sizeof *b);
    struct rig_set set[] = {
        {"exo,windows", WINDOWS, NULL}, {"exo,power-of-two", power, NULL}, {0}};
    rig_open(&b->rig, "exo,mmu-regions", set);
    cpu_cache_attach(&b->cache, &b->rig);
    b->rng = 2025;
    b->power = power;
    for (unsigned step = 0; step < 40000; step++) {
        uint64_t x = rig_random(&b->rng);
        if (x & 7)
            random_window(b, x);
        else
            random_clear(b, x);
        paint(&b->ref);
        CU_ASSERT_FATAL(cpu_cache_check(&b->cache, still_true, &b->ref) == -1);
        for (unsigned k = 0; k < 4; k++)
            ask(b);
        if (step % 256 == 0)
            check_windows(b);
    }
    CU_ASSERT(b->cache.empty_calls == 0); /* never told of what it cannot have */
    CU_ASSERT(b->rig.f.changed > 1000 && b->rig.f.changed < 40000);
    CU_ASSERT(b->rig.f.errors == 0);
    rig_close(&b->rig);
    free(b);
}

static void random_any(void)
{
    random_operations(false);
}

static void random_power(void)
{
    random_operations(true);
}

/* ---- single facts ---- */

static bool hit(struct rig *r, uint64_t va, enum hw_access access, uint64_t *pa)
{
    struct hw_mmu_entry e = {0};
    bool got = r->mmu->lookup(r->dev, va, access, &e);
    *pa = e.pa;
    return got;
}

#define RW (M_REGIONS_V | M_REGIONS_R | M_REGIONS_W)

static void bounds_to_the_byte(void)
{
    struct rig r;
    uint64_t pa;
    rig_open(&r, "exo,mmu-regions",
             (struct rig_set[]){{"exo,page-shift", 16, NULL}, {0}});
    set_window(&r, 3, 0x31234, 0x5ffff, 0x123456 | RW); /* low bits fall away */
    CU_ASSERT(!hit(&r, 0x2ffff, HW_READ, &pa));
    CU_ASSERT(hit(&r, 0x30000, HW_READ, &pa) && pa == 0x120000);
    CU_ASSERT(hit(&r, 0x4ffff, HW_WRITE, &pa) && pa == 0x13ffff);
    CU_ASSERT(!hit(&r, 0x50000, HW_READ, &pa) && !hit(&r, 0x40000, HW_FETCH, &pa));
    CU_ASSERT(r.mmu->page_shift(r.dev) == 16 && r.f.errors == 0);
    rig_close(&r);
}

static void lowest_number_decides(void)
{
    struct rig r;
    uint64_t pa, cycles;
    rig_open(&r, "exo,mmu-regions", NULL);
    set_window(&r, 5, 0x10000, 0x20000, 0x100000 | RW);
    CU_ASSERT(hit(&r, 0x14000, HW_WRITE, &pa) && pa == 0x104000);
    set_window(&r, 2, 0x14000, 0x15000, 0x200000 | M_REGIONS_V | M_REGIONS_R);
    CU_ASSERT(r.f.changed == 1); /* window 5's answer is wrong now */
    CU_ASSERT(hit(&r, 0x14000, HW_READ, &pa) && pa == 0x200000);
    CU_ASSERT(!hit(&r, 0x14000, HW_WRITE, &pa)); /* though window 5 would allow it */
    CU_ASSERT(r.mmu->miss(r.dev, 0x14000, HW_WRITE, &cycles) == HW_CAUSE_PROT);
    set_window(&r, 9, 0x10000, 0x20000, 0x300000 | RW);
    CU_ASSERT(hit(&r, 0x15000, HW_READ, &pa) && pa == 0x105000);
    rig_close(&r);
}

static void refused(void)
{
    struct rig r;
    uint64_t pa;
    rig_open(&r, "exo,mmu-regions", (struct rig_set[]){{"exo,va-bits", 31, NULL}, {0}});
    set_window(&r, 0, 0x1000, 0x1000, 0x1000 | RW); /* empty */
    set_window(&r, 0, 0x2000, 0x1000, 0x1000 | RW); /* backwards */
    set_window(&r, 0, 0x7ffff000, 0x80001000, 0x1000 | RW);
    set_window(&r, 0, 0, 0x2000, 0xfffffffffffff000 | RW);
    CU_ASSERT(r.f.errors == 4 && !hit(&r, 0x1000, HW_READ, &pa));
    set_window(&r, 16, 0, 0x1000, RW);
    rig_write(&r, M_REGIONS_INDEX, 16);
    rig_write(&r, M_REGIONS_OP, M_REGIONS_OP_READ);
    rig_write(&r, M_REGIONS_OP, M_REGIONS_OP_CLEAR);
    rig_write(&r, M_REGIONS_OP, 0);
    rig_write(&r, M_REGIONS_OP, 6);
    rig_write(&r, M_REGIONS_OP, M_REGIONS_OP_CLEAR | M_MMU_BROADCAST);
    CU_ASSERT(r.f.errors == 10 && r.f.broadcasts == 0);
    set_window(&r, 0, 0x7ffff000, 0x80000000, 0x1000 | RW); /* up to the last byte */
    CU_ASSERT(r.f.errors == 10 && hit(&r, 0x7fffffff, HW_READ, &pa) && pa == 0x1fff);
    rig_close(&r);
}

static void powers_of_two(void)
{
    struct rig r;
    uint64_t pa;
    rig_open(&r, "exo,mmu-regions",
             (struct rig_set[]){{"exo,power-of-two", 1, NULL}, {0}});
    set_window(&r, 0, 0x4000, 0x7000, 0x9000 | RW); /* three granules */
    set_window(&r, 0, 0x6000, 0xa000, 0x9000 | RW); /* four, but not at a multiple */
    CU_ASSERT(r.f.errors == 2 && !hit(&r, 0x6000, HW_READ, &pa));
    set_window(&r, 0, 0x4000, 0x8000, 0x9000 | RW); /* the physical side is any */
    CU_ASSERT(r.f.errors == 2 && hit(&r, 0x7000, HW_READ, &pa) && pa == 0xc000);
    rig_close(&r);
}

static void costs(void)
{
    struct rig r;
    uint64_t cycles = 1, pa;
    rig_open(&r, "exo,mmu-regions", (struct rig_set[]){{"exo,op-cycles", 3, NULL}, {0}});
    set_window(&r, 1, 0x10000, 0x14000, 0x7000 | RW);
    const struct hw_trace_record *t = fake_env_last(&r.f, 0);
    CU_ASSERT(r.f.charged == 3 && t->event == HW_EV_INSERT);
    CU_ASSERT(t->a == (0x10000 | 1) && t->b == (UINT64_C(4) << 40 | 0x7000 | RW));
    set_window(&r, 1, 0x20000, 0x21000, 0x9000 | RW);
    CU_ASSERT(fake_env_last(&r.f, 1)->event == HW_EV_EVICT);
    CU_ASSERT(fake_env_last(&r.f, 1)->a == (0x10000 | 1));
    CU_ASSERT(hit(&r, 0x20000, HW_READ, &pa) && r.f.charged == 6);
    CU_ASSERT(r.mmu->miss(r.dev, 0x10000, HW_READ, &cycles) == HW_CAUSE_PAGE &&
              cycles == 0);
    CU_ASSERT(r.mmu->miss(r.dev, 0x20000, HW_FETCH, &cycles) == HW_CAUSE_PROT);
    rig_write(&r, M_REGIONS_OP, M_REGIONS_OP_CLEAR_ALL);
    CU_ASSERT(fake_env_last(&r.f, 0)->event == HW_EV_EVICT && r.f.changed == 1);
    struct hw_mmu_stats s;
    r.mmu->stats(r.dev, &s);
    CU_ASSERT(s.misses == 1 && s.faults == 2 && s.inserts == 2 && s.walks == 0 &&
              s.flushes == 1);
    rig_close(&r);
}

static void table_params(void)
{
    struct rig r;
    uint64_t p[HW_MAX_PARAMS];
    struct rig_set set[] = {{"exo,windows", 8, NULL},
                            {"exo,page-shift", 14, NULL},
                            {"exo,va-bits", 39, NULL},
                            {"exo,power-of-two", 1, NULL},
                            {0}};
    rig_open(&r, "exo,mmu-regions", set);
    CU_ASSERT(r.mmu->table_params(r.dev, p) == M_REGIONS_POWER + 1);
    CU_ASSERT(p[M_REGIONS_WINDOWS] == 8 && p[M_REGIONS_PAGE_SHIFT] == 14);
    CU_ASSERT(p[M_REGIONS_VA_BITS] == 39 && p[M_REGIONS_POWER] == 1);
    rig_close(&r);
}

/* The two with the broadcast bit do the same on the other cores, without it they do not. */
static void broadcast(void)
{
    struct rig r[3];
    uint64_t pa;
    for (uint32_t op = M_REGIONS_OP_CLEAR_ALL; op <= M_REGIONS_OP_CLEAR_FRAME; op++) {
        for (unsigned i = 0; i < 3; i++) {
            rig_open(&r[i], "exo,mmu-regions", NULL);
            set_window(&r[i], i, 0x4000, 0x8000, 0x9000 | RW);
            set_window(&r[i], 5, 0x10000, 0x18000, 0x20000 | RW);
            CU_ASSERT(hit(&r[i], 0x5000, HW_READ, &pa));
        }
        for (unsigned i = 1; i < 3; i++) {
            r[0].f.peer[i].ops = r[i].mmu;
            r[0].f.peer[i].dev = r[i].dev;
        }
        rig_write64(&r[0], M_REGIONS_PA, 0xc000); /* the window's last granule */
        rig_write(&r[0], M_REGIONS_OP, op);
        CU_ASSERT(!hit(&r[0], 0x5000, HW_READ, &pa) && hit(&r[1], 0x5000, HW_READ, &pa));
        rig_write(&r[0], M_REGIONS_OP, op | M_MMU_BROADCAST);
        for (unsigned i = 0; i < 3; i++) {
            CU_ASSERT(!hit(&r[i], 0x5000, HW_READ, &pa));
            CU_ASSERT(hit(&r[i], 0x12000, HW_READ, &pa) ==
                      (op != M_REGIONS_OP_CLEAR_ALL));
            CU_ASSERT(r[i].f.changed == 1 && r[i].f.errors == 0);
            rig_close(&r[i]);
        }
    }
}

void regions_suite(void)
{
    CU_pSuite s = CU_add_suite("regions", NULL, NULL);
    CU_add_test(s, "40000 random operations against a picture", random_any);
    CU_add_test(s, "the same with powers of two", random_power);
    CU_add_test(s, "bounds to the byte, 64 KiB granules", bounds_to_the_byte);
    CU_add_test(s, "the lowest number decides", lowest_number_decides);
    CU_add_test(s, "guest errors change nothing", refused);
    CU_add_test(s, "powers of two", powers_of_two);
    CU_add_test(s, "costs, trace, counters", costs);
    CU_add_test(s, "hardware table parameters", table_params);
    CU_add_test(s, "broadcast", broadcast);
}
