// SPDX-License-Identifier: GPL-2.0-or-later
/* host_regions.c - the registers of "exo,mmu-regions" for the host's machine (exo/machine.h).
 * config.variant 1: sizes are powers of two. */
#include "host.h"

#include <stdio.h>
#include <stdlib.h>

#define WINDOWS 8u
#define VA_BITS 32u

struct window {
    uint64_t base, limit, pa; /* pa with flags */
};
struct regions {
    struct window window[WINDOWS];
    struct window reg;
    uint32_t index;
};
static struct regions regions[HOST_NCORE];
static bool power;
const uint32_t host_mmu_kind = EXO_MMU_REGIONS;
/* By windows, not pages: tests that bind pages give each a window (exo_rig.c). */
const struct host_mmu_calls host_mmu_calls = {
    .bind = EXO_CALL_region_set,
    .unbind = EXO_CALL_region_clear,
    .protect = EXO_CALL_region_protect,
    .batch = EXO_CALL_region_batch,
    .first = EXO_CALL_region_set,
    .last = EXO_CALL_region_read,
};

void host_mmu_describe(struct exo_hw_device *dev, const struct host_config *config)
{
    power = config->variant != 0;
    dev->nparams = 4;
    dev->params[M_REGIONS_WINDOWS] = WINDOWS;
    dev->params[M_REGIONS_PAGE_SHIFT] = host.page_shift;
    dev->params[M_REGIONS_VA_BITS] = VA_BITS;
    dev->params[M_REGIONS_POWER] = power;
}

static uint64_t page(uint64_t address)
{
    return address >> host.page_shift << host.page_shift;
}

static void write_window(struct regions *r)
{
    uint64_t size = r->reg.limit - r->reg.base;
    if (r->index >= WINDOWS)
        abort();
    if (!(r->reg.pa & M_REGIONS_V)) {
        r->window[r->index++] = (struct window){0};
        return;
    }
    if (r->reg.limit <= r->reg.base || r->reg.limit > 1ull << VA_BITS ||
        (power && ((size & (size - 1)) != 0 || r->reg.base % size != 0))) {
        fprintf(stderr, "window %u of %#llx..%#llx\n", r->index,
                (unsigned long long)r->reg.base, (unsigned long long)r->reg.limit);
        abort();
    }
    r->window[r->index++] = r->reg;
}

static void clear(struct regions *r, uint32_t op, uint64_t pa)
{
    for (uint32_t i = 0; i < WINDOWS; i++) {
        struct window *w = &r->window[i];
        if (op == M_REGIONS_OP_CLEAR_ALL || page(pa) - page(w->pa) < w->limit - w->base)
            *w = (struct window){0};
    }
}

static void operate(uint32_t core, uint32_t op)
{
    struct regions *r = &regions[core];
    switch (op & 0xff) {
    case M_REGIONS_OP_WRITE: write_window(r); break;
    case M_REGIONS_OP_READ: r->reg = r->window[r->index % WINDOWS]; break;
    case M_REGIONS_OP_CLEAR: r->window[r->index % WINDOWS] = (struct window){0}; break;
    default:
        for (uint32_t k = 0; k < host.cores; k++)
            if (k == core || op & M_MMU_BROADCAST)
                clear(&regions[k], op & 0xff, r->reg.pa);
        break;
    }
}

static uint32_t *reg_word(struct regions *r, uint32_t reg)
{
    switch (reg) {
    case M_REGIONS_INDEX: return &r->index;
    case M_REGIONS_BASE: return (uint32_t *)&r->reg.base;
    case M_REGIONS_BASE + 4: return (uint32_t *)&r->reg.base + 1;
    case M_REGIONS_LIMIT: return (uint32_t *)&r->reg.limit;
    case M_REGIONS_LIMIT + 4: return (uint32_t *)&r->reg.limit + 1;
    case M_REGIONS_PA: return (uint32_t *)&r->reg.pa;
    case M_REGIONS_PA + 4: return (uint32_t *)&r->reg.pa + 1;
    default: abort();
    }
}

uint32_t host_mmu_read(uint32_t core, uint32_t reg)
{
    return *reg_word(&regions[core], reg);
}

void host_mmu_write(uint32_t core, uint32_t reg, uint32_t value)
{
    if (reg == M_REGIONS_OP)
        operate(core, value);
    else
        *reg_word(&regions[core], reg) = value;
}

static uint32_t flags(uint64_t pa)
{
    return (pa & M_REGIONS_R ? EXO_R : 0) | (pa & M_REGIONS_W ? EXO_W : 0) |
           (pa & M_REGIONS_X ? EXO_X : 0);
}

uint32_t host_mmu_translate(uint32_t core, uint64_t va, uint32_t flag, uint64_t *pa)
{
    for (uint32_t i = 0; i < WINDOWS; i++) {
        const struct window *w = &regions[core].window[i];
        if (va < w->base || va >= w->limit)
            continue;
        if (!(flags(w->pa) & flag))
            return M_CAUSE_PROT;
        *pa = page(w->pa) + (va - w->base);
        return 0;
    }
    return M_CAUSE_PAGE;
}

/* A page each; those of the program that runs. */
uint32_t host_entries(uint32_t core, struct host_entry *out, uint32_t max)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < WINDOWS && host_env(core) != 0; i++) {
        const struct window *w = &regions[core].window[i];
        for (uint64_t va = w->base; va < w->limit && n < max; va += 1u << host.page_shift)
            out[n++] = (struct host_entry){
                va, (uint32_t)((page(w->pa) + (va - w->base)) >> host.page_shift),
                host_env(core), flags(w->pa)};
    }
    return n;
}
