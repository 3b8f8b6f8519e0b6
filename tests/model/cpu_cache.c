// SPDX-License-Identifier: GPL-2.0-or-later
/* cpu_cache.c - see cpu_cache.h. */
#include "cpu_cache.h"
#include "suites.h"

static void forget(void *ctx)
{
    struct cpu_cache *c = ctx;
    c->empty_calls += c->n == 0;
    c->n = 0;
}

void cpu_cache_attach(struct cpu_cache *c, struct rig *r)
{
    *c = (struct cpu_cache){.rig = r};
    r->f.on_changed = forget;
    r->f.changed_ctx = c;
}

bool cpu_cache_lookup(struct cpu_cache *c, uint64_t va, enum hw_access access,
                      uint64_t *pa)
{
    struct hw_mmu_entry e = {0};
    if (!c->rig->mmu->lookup(c->rig->dev, va, access, &e))
        return false;
    uint64_t offset = (UINT64_C(1) << e.page_shift) - 1;
    CU_ASSERT(e.page_shift == c->rig->mmu->page_shift(c->rig->dev));
    CU_ASSERT((e.pa & offset) == (va & offset));
    CU_ASSERT(e.allowed < 8 && (e.allowed & 1u << access));
    *pa = e.pa;
    unsigned i = 0;
    while (i < c->n &&
           (c->got[i].page_va != (va & ~offset) || c->got[i].access != access))
        i++;
    if (i == c->n) {
        if (c->n == CPU_CACHE_MAX)
            i = (unsigned)(va >> e.page_shift) %
                CPU_CACHE_MAX; /* forgets one: always allowed */
        else
            c->n++;
    }
    c->got[i].page_va = va & ~offset;
    c->got[i].page_pa = e.pa & ~offset;
    c->got[i].access = access;
    return true;
}

int cpu_cache_check(const struct cpu_cache *c,
                    bool (*ok)(void *ctx, uint64_t va, uint64_t pa,
                               enum hw_access access),
                    void *ctx)
{
    for (unsigned i = 0; i < c->n; i++)
        if (!ok(ctx, c->got[i].page_va, c->got[i].page_pa, c->got[i].access))
            return (int)i;
    return -1;
}
