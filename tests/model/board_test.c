// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * board_test.c - the built-in boards: each has the parts of docs/boards.md, in the right places,
 * with parameters its models accept and the kernel can drive.
 */
#include "board_file.h"
#include "suites.h"
#include <exo/machine.h>
#include <exo/param.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *cpu, *mmu;
} boards[] = {
    {"decstation", "exo,cpu-mips32", "exo,mmu-softtlb"},
    {"mips-radix", "exo,cpu-mips32", "exo,mmu-radix"},
    {"pc", "exo,cpu-x86_64", "exo,mmu-radix"},
    {"pc-softtlb", "exo,cpu-x86_64", "exo,mmu-softtlb"},
    {"riscv", "exo,cpu-riscv64", "exo,mmu-radix"},
    {"riscv-softtlb", "exo,cpu-riscv64", "exo,mmu-softtlb"},
    {"arm", "exo,cpu-aarch64", "exo,mmu-radix"},
    {"arm-softtlb", "exo,cpu-aarch64", "exo,mmu-softtlb"},
    {DOC_BOARD, "exo,cpu-mips32", "exo,mmu-radix"}, /* the one docs/boards.md prints */
};

#define EACH_BOARD(fdt, b)                                                               \
    for (unsigned b = 0; b < sizeof boards / sizeof boards[0]; b++)                      \
        for (void *fdt = board_load(boards[b].name); fdt; free(fdt), fdt = NULL)

static uint32_t cell(const void *fdt, int node, const char *prop, unsigned i)
{
    int len = 0;
    const uint8_t *v = fdt_getprop(fdt, node, prop, &len);
    CU_ASSERT_FATAL(v && len >= (int)(4 * i + 4));
    return fdt32_ld((const fdt32_t *)(v + 4 * i));
}

static bool is(const void *fdt, int node, const char *compatible)
{
    const char *c = fdt_getprop(fdt, node, "compatible", NULL);
    return c && strcmp(c, compatible) == 0;
}

static void parts(void)
{
    EACH_BOARD(fdt, b)
    {
        CU_ASSERT(is(fdt, 0, "exo,board"));
        CU_ASSERT(cell(fdt, 0, "exo,clock-hz", 0) >= 1000000);
        int memory = fdt_path_offset(fdt, "/memory@0");
        CU_ASSERT_FATAL(memory >= 0);
        CU_ASSERT(cell(fdt, memory, "reg", 0) == 0);
        CU_ASSERT(cell(fdt, memory, "reg", 1) == (strchr(boards[b].name, '/') ? 16u : 32u)
                                                     << 20);
        int cpu = fdt_path_offset(fdt, "/cpus/cpu@0");
        CU_ASSERT_FATAL(cpu >= 0 && is(fdt, cpu, boards[b].cpu));
        unsigned seen[HW_CLASS_NIC + 1] = {0};
        int node;
        fdt_for_each_subnode(node, fdt, 0)
        {
            const char *c = fdt_getprop(fdt, node, "compatible", NULL);
            if (!c)
                continue;
            const struct hw_model *m = rig_model(c);
            uint32_t base = cell(fdt, node, "reg", 0), size = cell(fdt, node, "reg", 1);
            CU_ASSERT(base >= HW_CORE_BASE + HW_CORE_SIZE && base + size <= HW_MMIO_END);
            seen[m->class_]++;
            CU_ASSERT(m->class_ != HW_CLASS_MMU || strcmp(c, boards[b].mmu) == 0);
        }
        CU_ASSERT(seen[HW_CLASS_MMU] == 1 && seen[HW_CLASS_INTC] == 1);
        CU_ASSERT(seen[HW_CLASS_TIMER] == 1 && seen[HW_CLASS_CONSOLE] == 1);
    }
}

static void models_accept(void)
{
    EACH_BOARD(fdt, b)
    {
        int node;
        fdt_for_each_subnode(node, fdt, 0)
        {
            const char *c = fdt_getprop(fdt, node, "compatible", NULL);
            if (!c)
                continue;
            struct rig r;
            struct rig_set set[RIG_MAX_VALUES];
            board_params(fdt, node, rig_model(c), set);
            CU_ASSERT_FATAL(rig_try(&r, rig_model(c), set, EXO_NCORE, 1) == 0);
            rig_close(&r);
        }
    }
}

/* Every address the boot loader uses lies inside the MMU's virtual addresses, and a board says
 * every parameter it has: it reads like a parts list, without defaults to look up. */
static void mmu_is_whole(void)
{
    EACH_BOARD(fdt, b)
    {
        struct rig r;
        struct rig_set set[RIG_MAX_VALUES];
        const struct hw_model *m = board_mmu(fdt, set);
        size_t n = 0;
        while (set[n].name)
            n++;
        CU_ASSERT(n == m->nparams);
        CU_ASSERT_FATAL(rig_try(&r, m, set, 1, 1) == 0);
        uint64_t p[HW_MAX_PARAMS], cycles;
        CU_ASSERT(r.mmu->table_params(r.dev, p) > 0);
        CU_ASSERT(r.mmu->page_shift(r.dev) == 12);
        int cause = r.mmu->miss(r.dev, EXO_STACK_TOP - 1, HW_READ, &cycles);
        CU_ASSERT(cause == HW_CAUSE_TLB_MISS || cause == HW_CAUSE_PAGE);
        CU_ASSERT(r.mmu->kind != HW_MMU_SOFTTLB || cause == HW_CAUSE_TLB_MISS);
        CU_ASSERT(r.mmu->kind != HW_MMU_RADIX || cycles > 0); /* in range: it walked */
        rig_close(&r);
    }
}

void board_suite(void)
{
    CU_pSuite s = CU_add_suite("board", NULL, NULL);
    CU_add_test(s, "parts and places", parts);
    CU_add_test(s, "models accept their parameters", models_accept);
    CU_add_test(s, "the MMU is whole", mmu_is_whole);
}
