// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vmsa.c - backend for "exo,mmu-vmsa". A frame of the process is the second-level tables of 4 MiB;
 * the first level is the kernel's. A binding stays until it is taken away, so faults come for
 * pages never bound, and for rights not yet given.
 */
#include <exo/hwtable.h>

#include "layout.h"
#include "mmu.h"

#define GROUP 22 /* log2 of what a frame of tables covers */

static __attribute__((noinline)) int bind_with_tables(uint32_t va_rights, uint32_t frame)
{
    uint32_t tables = frame_take();
    if (tables == 0)
        return -EXO_EFULL;
    exo_sword r = exo_vmsa_table(0, 0, va_rights & ~(uint32_t)EXO_MAP_FLAGS, tables);
    if (r < 0)
        frame_give_back(tables);
    if (r < 0 && r != -EXO_EBUSY)
        return (int)r;
    return (int)exo_vmsa_bind(0, 0, va_rights, frame, 0);
}

static int vmsa_bind(uint32_t va_rights, uint32_t frame)
{
    int r = (int)exo_vmsa_bind(0, 0, va_rights, frame, 0);
    return r == -EXO_ENOTABLE ? bind_with_tables(va_rights, frame) : r;
}

static int vmsa_batch(uint32_t env, const struct exo_map *maps, uint32_t n)
{
    for (uint32_t i = 0; i < n; i += EXO_BATCH_MAX) {
        uint32_t count = n - i < EXO_BATCH_MAX ? n - i : EXO_BATCH_MAX;
        exo_sword r = exo_vmsa_batch(env, 0, (exo_word)&maps[i], count);
        if (r < 0)
            return (int)r;
    }
    return 0;
}

static int vmsa_unbind(uint32_t va, uint32_t pages)
{
    return (int)exo_vmsa_unbind(0, 0, va, pages);
}

static int vmsa_protect(uint32_t va_rights, uint32_t pages)
{
    return (int)exo_vmsa_protect(0, 0, va_rights, pages);
}

/* A page table forgets nothing. */
static int vmsa_window(struct batch *b, uint32_t env, uint32_t upage, uint32_t upstack)
{
    (void)b, (void)env, (void)upage, (void)upstack;
    return 0;
}

#define NEEDS 32

/* The tables the maps need: taken, held for the embryo, given up, put in place. */
static int vmsa_space(struct batch *b, uint32_t env, const struct exo_map *maps,
                      uint32_t n)
{
    uint32_t group[NEEDS], frames[NEEDS], count = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t g = (uint32_t)maps[i].va >> GROUP, k = 0;
        while (k < count && group[k] != g)
            k++;
        if (k == NEEDS)
            return -EXO_EFULL;
        if (k == count)
            group[count++] = g;
    }
    uint32_t got = frame_take_many(frames, count);
    for (uint32_t i = 0; i < got; i++) {
        if (got == count)
            BATCH(b, frame_hold, frames[i], env, 0);
        BATCH(b, frame_free, frames[i]);
        if (got == count)
            BATCH(b, vmsa_table, env, 0, group[i] << GROUP, frames[i]);
    }
    return got == count ? 0 : -EXO_EFULL;
}

WIRED_DATA const struct mmu_ops mmu_vmsa = {
    .kind = EXO_MMU_VMSA,
    .name = "vmsa",
    .bind_call = EXO_CALL_vmsa_bind,
    .unbind_call = EXO_CALL_vmsa_unbind,
    .bind = vmsa_bind,
    .batch = vmsa_batch,
    .unbind = vmsa_unbind,
    .protect = vmsa_protect,
    .window = vmsa_window,
    .space = vmsa_space,
};
