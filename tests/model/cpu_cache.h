// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cpu_cache.h - what a CPU may have cached of an MMU's answers: it remembers translations that
 * lookup() gave, and forgets them all when the model calls mmu_changed(). Tests ask after every
 * step whether what is remembered is still true, and whether the model was needlessly loud.
 */
#ifndef CPU_CACHE_H
#define CPU_CACHE_H

#include "rig.h"

#define CPU_CACHE_MAX 256

struct cpu_cache {
    struct rig *rig;
    unsigned n;
    struct {
        uint64_t page_va, page_pa;
        enum hw_access access;
    } got[CPU_CACHE_MAX];
    unsigned empty_calls; /* mmu_changed() with nothing remembered */
};

void cpu_cache_attach(struct cpu_cache *c, struct rig *r);

/* lookup() as the CPU does it: true and *pa if allowed (then remembered). Checks that the answer is
 * consistent in itself. */
bool cpu_cache_lookup(struct cpu_cache *c, uint64_t va, enum hw_access access,
                      uint64_t *pa);

/* The first remembered translation for which ok() says no, or -1. */
int cpu_cache_check(const struct cpu_cache *c,
                    bool (*ok)(void *ctx, uint64_t va, uint64_t pa,
                               enum hw_access access),
                    void *ctx);

#endif
