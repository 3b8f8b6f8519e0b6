// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * softtlb_test.c - "exo,mmu-softtlb" by the guest's register names, against a map from (address
 * space, page) to entry that knows nothing of slots, hashes or hand-out marks.
 */
#include "cpu_cache.h"
#include "suites.h"
#include <exo/machine.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES 24u
#define WIRED 4u

/* ---- the reference ---- */

struct ref_entry {
    bool valid;
    uint64_t hi, lo;
    uint32_t asid;
};

struct ref {
    struct ref_entry slot[ENTRIES];
    uint32_t asid; /* current */
};

static const struct ref_entry *ref_find(const struct ref *m, uint64_t va, uint32_t asid)
{
    for (unsigned i = 0; i < ENTRIES; i++) {
        const struct ref_entry *e = &m->slot[i];
        if (e->valid && e->hi == (va & ~UINT64_C(0xfff)) &&
            ((e->lo & M_TLB_G) || e->asid == asid))
            return e;
    }
    return NULL;
}

static bool ref_allows(const struct ref_entry *e, enum hw_access access)
{
    static const uint64_t bit[] = {
        [HW_READ] = M_TLB_R, [HW_WRITE] = M_TLB_W, [HW_FETCH] = M_TLB_X};
    return e && (e->lo & bit[access]);
}

static void ref_write(struct ref *m, uint32_t slot, uint64_t hi, uint64_t lo,
                      uint32_t asid)
{
    m->slot[slot].valid = false;
    if (!(lo & M_TLB_V))
        return;
    for (unsigned i = 0; i < ENTRIES; i++) {
        struct ref_entry *e = &m->slot[i];
        if (e->hi == hi && ((e->lo & M_TLB_G) || (lo & M_TLB_G) || e->asid == asid))
            e->valid = false;
    }
    m->slot[slot] = (struct ref_entry){true, hi, lo, lo & M_TLB_G ? 0 : asid};
}

static void ref_invalidate(struct ref *m, uint32_t op, uint64_t hi, uint64_t lo,
                           uint32_t asid)
{
    for (unsigned i = 0; i < ENTRIES; i++) {
        struct ref_entry *e = &m->slot[i];
        bool global = e->lo & M_TLB_G;
        if (op == M_TLB_OP_INVALIDATE_ALL ||
            (op == M_TLB_OP_INVALIDATE && e->hi == hi && (global || e->asid == asid)) ||
            (op == M_TLB_OP_INVALIDATE_ASID && !global && e->asid == asid) ||
            (op == M_TLB_OP_INVALIDATE_FRAME && e->lo >> 12 == lo >> 12))
            e->valid = false;
    }
}

static bool still_true(void *ctx, uint64_t va, uint64_t pa, enum hw_access access)
{
    const struct ref *m = ctx;
    const struct ref_entry *e = ref_find(m, va, m->asid);
    return ref_allows(e, access) && e->lo >> 12 == pa >> 12;
}

/* ---- random operations ---- */

struct bench {
    struct rig rig;
    struct ref ref;
    struct cpu_cache cache;
    uint64_t rng;
};

static struct rig_set small[] = {{"exo,entries", ENTRIES, NULL},
                                 {"exo,wired", WIRED, NULL},
                                 {"exo,asid-bits", 3, NULL},
                                 {0}};

static void set_operands(struct rig *r, uint64_t hi, uint64_t lo, uint32_t asid)
{
    rig_write64(r, M_TLB_HI, hi);
    rig_write64(r, M_TLB_LO, lo);
    rig_write(r, M_TLB_HI_ASID, asid);
}

/* Which slot a random write took is found by asking: the one that now holds the page. */
static uint32_t slot_of(struct rig *r)
{
    rig_write(r, M_TLB_OP, M_TLB_OP_PROBE);
    return rig_read(r, M_TLB_INDEX);
}

static void random_write(struct bench *b, uint64_t hi, uint64_t lo, uint32_t asid)
{
    rig_write(&b->rig, M_TLB_OP, M_TLB_OP_WRITE_RANDOM);
    if (lo & M_TLB_V) {
        uint32_t slot = slot_of(&b->rig);
        CU_ASSERT_FATAL(slot >= WIRED && slot < ENTRIES);
        ref_write(&b->ref, slot, hi, lo, asid);
        return;
    }
    for (uint32_t i = WIRED; i < ENTRIES;
         i++) { /* some unwired slot was emptied: which? */
        rig_write(&b->rig, M_TLB_INDEX, i);
        rig_write(&b->rig, M_TLB_OP, M_TLB_OP_READ);
        if (!(rig_read(&b->rig, M_TLB_LO) & M_TLB_V))
            b->ref.slot[i].valid = false;
    }
}

static void operate(struct bench *b)
{
    uint64_t x = rig_random(&b->rng);
    uint64_t hi = (x >> 8 & 0x3f) << 12, lo = (x >> 16 & 0x1f) << 12 | (x >> 24 & 0x0f);
    uint32_t asid = (uint32_t)(x >> 32) & 7;
    lo |= (x >> 28 & 7) ? M_TLB_V : 0;
    lo |= (x >> 52 & 15) == 0 ? M_TLB_G : 0;
    uint32_t op = M_TLB_OP_INVALIDATE + (x >> 40 & 3);
    if (op == M_TLB_OP_INVALIDATE_ALL && (x >> 44 & 7))
        op = M_TLB_OP_INVALIDATE;
    set_operands(&b->rig, hi, lo, asid);
    switch (x & 7) {
    case 0:
        b->ref.asid = asid;
        rig_write(&b->rig, M_TLB_ASID, asid);
        break;
    case 1:
    case 2:
        rig_write(&b->rig, M_TLB_INDEX, (uint32_t)(x >> 48) % ENTRIES);
        rig_write(&b->rig, M_TLB_OP, M_TLB_OP_WRITE_INDEX);
        ref_write(&b->ref, (uint32_t)(x >> 48) % ENTRIES, hi, lo, asid);
        break;
    case 3:
        rig_write(&b->rig, M_TLB_OP, op | (x & 0x10 ? M_MMU_BROADCAST : 0));
        ref_invalidate(&b->ref, op, hi, lo, asid);
        break;
    default: random_write(b, hi, lo, asid);
    }
}

static void ask(struct bench *b)
{
    uint64_t x = rig_random(&b->rng), pa = 0, cycles = 77;
    uint64_t va = (x >> 8 & 0x3f) << 12 | (x >> 20 & 0xfff);
    enum hw_access access = (enum hw_access)(x % 3);
    const struct ref_entry *e = ref_find(&b->ref, va, b->ref.asid);
    bool got = cpu_cache_lookup(&b->cache, va, access, &pa);
    CU_ASSERT(got == ref_allows(e, access));
    if (got)
        CU_ASSERT(pa == ((e->lo & ~UINT64_C(0xfff)) | (va & 0xfff)));
    int cause = b->rig.mmu->miss(b->rig.dev, va, access, &cycles);
    CU_ASSERT(cause == (got ? 0 : e ? HW_CAUSE_PROT : HW_CAUSE_TLB_MISS));
    CU_ASSERT(cycles == (e ? 0 : 5));
    if (!e) {
        CU_ASSERT(rig_read64(&b->rig, M_TLB_HI) == (va & ~UINT64_C(0xfff)));
        CU_ASSERT(rig_read(&b->rig, M_TLB_HI_ASID) == b->ref.asid);
    }
}

static void check_slots(struct bench *b)
{
    for (uint32_t i = 0; i < ENTRIES; i++) {
        const struct ref_entry *e = &b->ref.slot[i];
        rig_write(&b->rig, M_TLB_INDEX, i);
        rig_write(&b->rig, M_TLB_OP, M_TLB_OP_READ);
        uint64_t lo = rig_read64(&b->rig, M_TLB_LO);
        CU_ASSERT(!!(lo & M_TLB_V) == e->valid);
        if (e->valid) {
            CU_ASSERT(lo == e->lo && rig_read64(&b->rig, M_TLB_HI) == e->hi);
            CU_ASSERT(rig_read(&b->rig, M_TLB_HI_ASID) == e->asid);
        }
    }
}

static void random_operations(void)
{
    struct bench *b = calloc(1, sizeof *b);
    struct rig_set set[8];
    memcpy(set, small, sizeof small);
    set[3] = (struct rig_set){"exo,miss-cycles", 5, NULL};
    set[4] = (struct rig_set){0};
    rig_open(&b->rig, "exo,mmu-softtlb", set);
    cpu_cache_attach(&b->cache, &b->rig);
    b->rng = 2024;
    for (unsigned step = 0; step < 60000; step++) {
        operate(b);
        CU_ASSERT_FATAL(cpu_cache_check(&b->cache, still_true, &b->ref) == -1);
        ask(b);
        if (step % 256 == 0)
            check_slots(b);
    }
    CU_ASSERT(b->cache.empty_calls == 0); /* never told of what it cannot have */
    CU_ASSERT(b->rig.f.changed > 1000 && b->rig.f.changed < 60000);
    CU_ASSERT(b->rig.f.errors == 0);
    rig_close(&b->rig);
    free(b);
}

/* ---- single facts ---- */

static void put(struct rig *r, uint32_t slot, uint64_t hi, uint64_t lo, uint32_t asid)
{
    set_operands(r, hi, lo, asid);
    rig_write(r, M_TLB_INDEX, slot);
    rig_write(r, M_TLB_OP, M_TLB_OP_WRITE_INDEX);
}

static bool hit(struct rig *r, uint64_t va, enum hw_access access)
{
    struct hw_mmu_entry e;
    return r->mmu->lookup(r->dev, va, access, &e);
}

static void random_spares_wired(void)
{
    struct rig r;
    unsigned taken[64] = {0};
    rig_open(&r, "exo,mmu-softtlb", NULL); /* 64 entries, 8 wired */
    for (uint64_t i = 0; i < 8; i++)
        put(&r, (uint32_t)i, i << 12, M_TLB_V | M_TLB_R, 0);
    for (uint64_t i = 0; i < 20000; i++) {
        set_operands(&r, (100 + i) << 12, M_TLB_V, 0);
        rig_write(&r, M_TLB_OP, M_TLB_OP_WRITE_RANDOM);
        taken[slot_of(&r) & 63]++;
    }
    for (uint64_t i = 0; i < 64; i++) {
        if (i < 8) {
            CU_ASSERT(taken[i] == 0 && hit(&r, i << 12, HW_READ));
        } else {
            CU_ASSERT(taken[i] > 200 && taken[i] < 520); /* 357 +- 8 sigma */
        }
    }
    rig_close(&r);
}

static void seed_decides(void)
{
    struct rig r[3];
    for (unsigned i = 0; i < 3; i++) {
        rig_open_cores(&r[i], "exo,mmu-softtlb", NULL, 1, i < 2 ? 5 : 6);
        for (uint64_t k = 0; k < 500; k++) {
            set_operands(&r[i], k << 12, M_TLB_V, 0);
            rig_write(&r[i], M_TLB_OP, M_TLB_OP_WRITE_RANDOM);
        }
    }
    CU_ASSERT(rig_same_state(&r[0], &r[1]) && r[0].f.trace_hash == r[1].f.trace_hash);
    CU_ASSERT(!rig_same_state(&r[0], &r[2]));
    for (unsigned i = 0; i < 3; i++)
        rig_close(&r[i]);
}

static void addresses_out_of_range(void)
{
    struct rig r;
    uint64_t cycles;
    rig_open(&r, "exo,mmu-softtlb", (struct rig_set[]){{"exo,va-bits", 39, NULL}, {0}});
    CU_ASSERT(r.mmu->miss(r.dev, UINT64_C(1) << 39, HW_READ, &cycles) == HW_CAUSE_PAGE);
    CU_ASSERT(r.mmu->miss(r.dev, UINT64_MAX, HW_READ, &cycles) == HW_CAUSE_PAGE);
    CU_ASSERT(r.mmu->miss(r.dev, (UINT64_C(1) << 39) - 1, HW_READ, &cycles) ==
              HW_CAUSE_TLB_MISS);
    put(&r, 0, UINT64_C(1) << 39, M_TLB_V | M_TLB_R, 0);
    CU_ASSERT(r.f.errors == 1 && !hit(&r, UINT64_C(1) << 39, HW_READ) &&
              !hit(&r, 0, HW_READ));
    rig_close(&r);
    rig_open(&r, "exo,mmu-softtlb", (struct rig_set[]){{"exo,va-bits", 64, NULL}, {0}});
    put(&r, 0, UINT64_C(0xfffffffffffff000), M_TLB_V | M_TLB_R, 0);
    CU_ASSERT(hit(&r, UINT64_MAX, HW_READ) && r.f.errors == 0);
    rig_close(&r);
}

static void big_pages(void)
{
    struct rig r;
    struct hw_mmu_entry e;
    rig_open(&r, "exo,mmu-softtlb",
             (struct rig_set[]){{"exo,page-shift", 16, NULL}, {0}});
    put(&r, 9, 0x12345678, 0x00abcdef | M_TLB_V | M_TLB_R, 0);
    CU_ASSERT(rig_read(&r, M_TLB_HI) == 0x12340000);
    CU_ASSERT(rig_read(&r, M_TLB_LO) == (0x00ab0000 | (0xef & 0x1f)));
    CU_ASSERT(r.mmu->lookup(r.dev, 0x1234ffff, HW_READ, &e));
    CU_ASSERT(e.pa == 0xabffff && e.page_shift == 16);
    CU_ASSERT(r.mmu->page_shift(r.dev) == 16);
    rig_close(&r);
}

static void guest_errors(void)
{
    struct rig r;
    rig_open(&r, "exo,mmu-softtlb", NULL);
    rig_write(&r, M_TLB_OP, 0);
    rig_write(&r, M_TLB_OP, 9);
    rig_write(&r, M_TLB_OP, M_TLB_OP_PROBE | M_MMU_BROADCAST);
    CU_ASSERT(r.f.errors == 3 && r.f.broadcasts == 0);
    rig_write(&r, M_TLB_INDEX, 64);
    rig_write(&r, M_TLB_OP, M_TLB_OP_WRITE_INDEX);
    rig_write(&r, M_TLB_OP, M_TLB_OP_READ);
    CU_ASSERT(r.f.errors == 5);
    rig_write(&r, M_TLB_ASID, 64); /* six bits */
    CU_ASSERT(r.f.errors == 6 && rig_read(&r, M_TLB_ASID) == 0);
    rig_write(&r, M_TLB_HI_ASID, 0xffffffff);
    CU_ASSERT(r.f.errors == 7 && rig_read(&r, M_TLB_HI_ASID) == 63);
    rig_write64(&r, M_TLB_HI, 0x5000);
    rig_write(&r, M_TLB_OP, M_TLB_OP_PROBE);
    CU_ASSERT(rig_read(&r, M_TLB_INDEX) == 0x80000000u && r.f.errors == 7);
    rig_close(&r);
}

static void costs(void)
{
    struct rig r;
    uint64_t cycles = 1;
    rig_open(&r, "exo,mmu-softtlb",
             (struct rig_set[]){
                 {"exo,miss-cycles", 13, NULL}, {"exo,op-cycles", 3, NULL}, {0}});
    CU_ASSERT(r.mmu->miss(r.dev, 0x1000, HW_WRITE, &cycles) == HW_CAUSE_TLB_MISS &&
              cycles == 13);
    CU_ASSERT(fake_env_last(&r.f, 0)->event == HW_EV_MISS);
    CU_ASSERT(fake_env_last(&r.f, 0)->a == 0x1000 &&
              fake_env_last(&r.f, 0)->b == HW_WRITE);
    put(&r, 0, 0x1000, 0x7000 | M_TLB_V | M_TLB_R | M_TLB_G, 3);
    CU_ASSERT(r.f.charged == 3);
    const struct hw_trace_record *t = fake_env_last(&r.f, 0);
    CU_ASSERT(t->event == HW_EV_INSERT && t->a == 0x1000);
    CU_ASSERT(t->b == (0x7000 | M_TLB_V | M_TLB_R | M_TLB_G));
    put(&r, 0, 0x2000, 0x8000 | M_TLB_V, 3);
    CU_ASSERT(fake_env_last(&r.f, 1)->event == HW_EV_EVICT &&
              fake_env_last(&r.f, 1)->a == 0x1000);
    CU_ASSERT(fake_env_last(&r.f, 0)->a == (0x2000 | 3));
    CU_ASSERT(r.mmu->miss(r.dev, 0x2000, HW_READ, &cycles) ==
              HW_CAUSE_TLB_MISS); /* asid 0 */
    rig_write(&r, M_TLB_ASID, 3);
    CU_ASSERT(r.mmu->miss(r.dev, 0x2000, HW_READ, &cycles) == HW_CAUSE_PROT &&
              cycles == 0);
    struct hw_mmu_stats s;
    r.mmu->stats(r.dev, &s);
    CU_ASSERT(s.misses == 2 && s.faults == 1 && s.inserts == 2 && s.walks == 0 &&
              s.flushes == 0);
    rig_close(&r);
}

static void table_params(void)
{
    struct rig r;
    uint64_t p[HW_MAX_PARAMS];
    rig_open(&r, "exo,mmu-softtlb", small);
    CU_ASSERT(r.mmu->table_params(r.dev, p) == M_SOFTTLB_VA_BITS + 1);
    CU_ASSERT(p[M_SOFTTLB_ENTRIES] == ENTRIES && p[M_SOFTTLB_ASID_BITS] == 3);
    CU_ASSERT(p[M_SOFTTLB_PAGE_SHIFT] == 12 && p[M_SOFTTLB_WIRED] == WIRED);
    CU_ASSERT(p[M_SOFTTLB_VA_BITS] == 32);
    rig_close(&r);
}

static void wired_must_leave_room(void)
{
    struct rig r;
    struct rig_set set[] = {{"exo,entries", 64, NULL}, {"exo,wired", 57, NULL}, {0}};
    CU_ASSERT_FATAL(rig_try(&r, rig_model("exo,mmu-softtlb"), set, 1, 1) == -1);
    CU_ASSERT(strstr(r.err.msg, "exo,wired is 57") != NULL);
    set[1].u = 56;
    CU_ASSERT_FATAL(rig_try(&r, rig_model("exo,mmu-softtlb"), set, 1, 1) == 0);
    rig_close(&r);
}

/* Every invalidation with the broadcast bit does the same on the other cores, no other does. */
static void broadcast(void)
{
    struct rig r[3];
    for (uint32_t op = M_TLB_OP_INVALIDATE; op <= M_TLB_OP_INVALIDATE_FRAME; op++) {
        for (unsigned i = 0; i < 3; i++) {
            rig_open(&r[i], "exo,mmu-softtlb", NULL);
            put(&r[i], 20 + i, 0x5000, 0x9000 | M_TLB_V | M_TLB_R, 1);
            put(&r[i], 30 + i, 0x6000, 0xa000 | M_TLB_V | M_TLB_R, 2);
            rig_write(&r[i], M_TLB_ASID, 1);
            CU_ASSERT(hit(&r[i], 0x5000, HW_READ));
        }
        for (unsigned i = 1; i < 3; i++) {
            r[0].f.peer[i].ops = r[i].mmu;
            r[0].f.peer[i].dev = r[i].dev;
        }
        set_operands(&r[0], 0x5000, 0x9000, 1);
        rig_write(&r[0], M_TLB_OP, op);
        CU_ASSERT(!hit(&r[0], 0x5000, HW_READ) && hit(&r[1], 0x5000, HW_READ));
        rig_write(&r[0], M_TLB_OP, op | M_MMU_BROADCAST);
        for (unsigned i = 0; i < 3; i++) {
            CU_ASSERT(!hit(&r[i], 0x5000, HW_READ));
            CU_ASSERT(r[i].f.changed == 1 && r[i].f.errors == 0);
            rig_write(&r[i], M_TLB_ASID, 2);
            CU_ASSERT(hit(&r[i], 0x6000, HW_READ) == (op != M_TLB_OP_INVALIDATE_ALL));
            CU_ASSERT(fake_env_last(&r[i].f, 0)->event == HW_EV_FLUSH);
            CU_ASSERT(fake_env_last(&r[i].f, 0)->a == op);
            rig_close(&r[i]);
        }
    }
}

void softtlb_suite(void)
{
    CU_pSuite s = CU_add_suite("softtlb", NULL, NULL);
    CU_add_test(s, "60000 random operations against a map", random_operations);
    CU_add_test(s, "random replacement spares wired entries, is even",
                random_spares_wired);
    CU_add_test(s, "the seed decides replacement", seed_decides);
    CU_add_test(s, "addresses out of range", addresses_out_of_range);
    CU_add_test(s, "64 KiB pages", big_pages);
    CU_add_test(s, "guest errors change nothing", guest_errors);
    CU_add_test(s, "costs, trace, counters", costs);
    CU_add_test(s, "hardware table parameters", table_params);
    CU_add_test(s, "wired entries leave room", wired_must_leave_room);
    CU_add_test(s, "broadcast", broadcast);
}
