// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * plugin_test.c - the plugin example: plugin_tests GOOD.so WRONG-ABI.so. The conformance suite runs
 * over it as well (model_conform); here is what is its own: the victim buffer.
 */
#include "rig.h"
#include "suites.h"
#include <CUnit/Basic.h>
#include <dlfcn.h>
#include <exo/machine.h>
#include <stdio.h>
#include <string.h>

static const struct hw_model *const *good, *const *wrong;

static void rows(void)
{
    CU_ASSERT(good[0]->abi == HW_ABI && wrong[0]->abi != HW_ABI);
    CU_ASSERT(strcmp(good[0]->compatible, "example,mmu-victim") == 0);
    CU_ASSERT(strcmp(wrong[0]->compatible, good[0]->compatible) == 0);
    CU_ASSERT(good[1] == NULL);
}

static void bind(struct rig *r, uint64_t va, uint64_t lo, uint32_t op)
{
    rig_write64(r, M_TLB_HI, va);
    rig_write64(r, M_TLB_LO, lo);
    rig_write(r, M_TLB_HI_ASID, 0);
    rig_write(r, M_TLB_OP, op);
}

static bool hit(struct rig *r, uint64_t va, uint64_t *pa)
{
    struct hw_mmu_entry e;
    if (!r->mmu->lookup(r->dev, va, HW_READ, &e))
        return false;
    *pa = e.pa;
    return true;
}

/* Every page bound so far is in the TLB, in the buffer (served without a trap), or truly gone. */
static void victims_come_back(void)
{
    struct rig r;
    struct rig_set set[] = {{"exo,entries", 16, NULL},
                            {"exo,wired", 0, NULL},
                            {"exo,victim-cycles", 7, NULL},
                            {"exo,miss-cycles", 50, NULL},
                            {0}};
    rig_open(&r, "example,mmu-victim", set);
    unsigned direct = 0, swapped = 0, lost = 0;
    for (uint64_t n = 0; n < 40; n++)
        bind(&r, n << 12, (0x100 + n) << 12 | M_TLB_V | M_TLB_R, M_TLB_OP_WRITE_RANDOM);
    for (uint64_t n = 0; n < 40; n++) {
        uint64_t pa, cycles;
        if (hit(&r, n << 12, &pa)) {
            direct++;
            continue;
        }
        int cause = r.mmu->miss(r.dev, n << 12, HW_READ, &cycles);
        swapped += cause == 0;
        lost += cause == HW_CAUSE_TLB_MISS;
        CU_ASSERT(cycles == (cause == 0 ? 7 : 50));
        CU_ASSERT(hit(&r, n << 12, &pa) == (cause == 0));
        CU_ASSERT(cause != 0 || pa == (0x100 + n) << 12);
    }
    CU_ASSERT(swapped >= 4 && direct >= 8 && direct + swapped + lost == 40);
    struct hw_mmu_stats s;
    r.mmu->stats(r.dev, &s);
    CU_ASSERT(s.walks == swapped && s.misses == lost);
    rig_close(&r);
}

/* What is invalidated is gone from the buffer too: nothing stale comes back. */
static void invalidated_victims_do_not(void)
{
    struct rig_set set[] = {{"exo,entries", 16, NULL}, {"exo,wired", 0, NULL}, {0}};
    for (uint32_t op = M_TLB_OP_INVALIDATE; op <= M_TLB_OP_INVALIDATE_FRAME; op++) {
        struct rig r;
        rig_open(&r, "example,mmu-victim", set);
        for (uint64_t n = 0; n < 40; n++)
            bind(&r, n << 12, (0x100 + n) << 12 | M_TLB_V | M_TLB_R,
                 M_TLB_OP_WRITE_RANDOM);
        for (uint64_t n = 0; n < 40; n++) {
            uint64_t pa, cycles;
            bind(&r, n << 12, (0x100 + n) << 12, op);
            CU_ASSERT(!hit(&r, n << 12, &pa));
            CU_ASSERT(r.mmu->miss(r.dev, n << 12, HW_READ, &cycles) == HW_CAUSE_TLB_MISS);
        }
        rig_close(&r);
    }
}

/* A page bound anew while its old binding is in the buffer has one binding: the new one. */
static void rebinding(void)
{
    struct rig r;
    struct rig_set set[] = {{"exo,entries", 16, NULL}, {"exo,wired", 0, NULL}, {0}};
    rig_open(&r, "example,mmu-victim", set);
    uint64_t rng = 9, newest[40] = {0};
    for (unsigned i = 0; i < 5000; i++) {
        uint64_t n = rig_random(&rng) % 40, pa, cycles;
        newest[n] = (0x100 + i) << 12;
        bind(&r, n << 12, newest[n] | M_TLB_V | M_TLB_R, M_TLB_OP_WRITE_RANDOM);
        n = rig_random(&rng) % 40;
        if (hit(&r, n << 12, &pa) ||
            (r.mmu->miss(r.dev, n << 12, HW_READ, &cycles) == 0 && hit(&r, n << 12, &pa)))
            CU_ASSERT(pa == newest[n]);
    }
    rig_close(&r);
}

static const struct hw_model *const *load(const char *path)
{
    void *so = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const struct hw_model *const *rows = so ? dlsym(so, HW_PLUGIN_SYMBOL) : NULL;
    if (!rows)
        fprintf(stderr, "%s: %s\n", path, dlerror());
    return rows;
}

int main(int argc, char **argv)
{
    if (argc != 3 || !(good = load(argv[1])) || !(wrong = load(argv[2])))
        return 2;
    rig_rows = good;
    if (CU_initialize_registry() != CUE_SUCCESS)
        return 2;
    CU_pSuite s = CU_add_suite("plugin", NULL, NULL);
    CU_add_test(s, "rows", rows);
    CU_add_test(s, "victims come back without a trap", victims_come_back);
    CU_add_test(s, "invalidated victims do not", invalidated_victims_do_not);
    CU_add_test(s, "rebinding", rebinding);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
