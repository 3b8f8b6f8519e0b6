// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * radix.c - backend for hardware-walked page tables. The tables are frames of the process,
 * handed to the kernel level by level; a binding stays until it is taken away, so faults
 * come for pages never bound, and for rights not yet given. Everything the fault path runs on
 * is bound once and stays.
 */
#include <exo/hwtable.h>
#include <exo/machine.h>

#include "layout.h"
#include "mmu.h"

#define KINFO ((volatile const struct exo_kinfo *)(uintptr_t)EXO_EXPORT_VA)

struct shape {
    uint32_t levels, index_bits, page_shift;
};

static struct shape shape(void)
{
    const struct exo_hw_table *t =
        (const struct exo_hw_table *)(uintptr_t)(EXO_EXPORT_VA + KINFO->hwtable_off);
    struct shape s = {0, 0, t->page_shift};
    for (uint32_t i = 0; i < t->ndevices; i++)
        if (t->device[i].class_ == EXO_HW_MMU) {
            s.levels = (uint32_t)t->device[i].params[M_RADIX_LEVELS];
            s.index_bits = (uint32_t)t->device[i].params[M_RADIX_INDEX_BITS];
        }
    return s;
}

/* A frame as the table of this level over va, of env. 0 also if there is one already. */
static int make_table(uint32_t env, uint32_t va, uint32_t level)
{
    uint32_t frame = frame_take();
    if (frame == 0)
        return -EXO_EFULL;
    exo_sword r = 0;
    if (env != 0) {
        r = exo_frame_hold(frame, env, 0);
        exo_frame_free(frame);
    }
    if (r >= 0)
        r = exo_pt_table(env, 0, va, level, frame);
    if (r < 0 && env == 0)
        frame_give_back(frame);
    return r == -EXO_EBUSY ? 0 : (int)r;
}

static __attribute__((noinline)) int bind_with_tables(uint32_t va_rights, uint32_t frame)
{
    struct shape s = shape();
    uint32_t va = va_rights & ~((1u << s.page_shift) - 1);
    for (uint32_t level = s.levels - 1; level-- > 0;) {
        int r = make_table(0, va, level);
        if (r < 0)
            return r;
    }
    return (int)exo_pt_map(0, 0, va_rights, frame, 0);
}

static int radix_bind(uint32_t va_rights, uint32_t frame)
{
    int r = (int)exo_pt_map(0, 0, va_rights, frame, 0);
    return r == -EXO_ENOTABLE ? bind_with_tables(va_rights, frame) : r;
}

static int radix_batch(uint32_t env, const struct exo_map *maps, uint32_t n)
{
    for (uint32_t i = 0; i < n; i += EXO_BATCH_MAX) {
        uint32_t count = n - i < EXO_BATCH_MAX ? n - i : EXO_BATCH_MAX;
        exo_sword r = exo_pt_batch(env, 0, (exo_word)&maps[i], count);
        if (r < 0)
            return (int)r;
    }
    return 0;
}

static int radix_unbind(uint32_t va, uint32_t pages)
{
    int r = (int)exo_pt_unmap(0, 0, va, pages);
    return r == -EXO_ENOTABLE ? 0 : r;
}

static int radix_protect(uint32_t va_rights, uint32_t pages)
{
    int r = (int)exo_pt_protect(0, 0, va_rights, pages);
    return r == -EXO_ENOTABLE ? 0 : r;
}

static int radix_window(uint32_t env, uint32_t upage, uint32_t upstack)
{
    if (env != 0)
        return 0; /* bindings last */
    int r = radix_bind(L_UPSTACK | EXO_R | EXO_W, upstack);
    return r < 0 ? r : radix_bind(L_UPAGE | EXO_R | EXO_W, upage);
}

static int make_root(uint32_t env)
{
    uint32_t root = frame_take();
    if (root == 0)
        return -EXO_EFULL;
    exo_sword r = exo_frame_hold(root, env, 0);
    exo_frame_free(root);
    return (int)(r < 0 ? r : exo_pt_root(env, 0, root));
}

#define SEEN 32

/* The tables of one level, each once: two addresses share one if they agree in the bits above
 * what it covers. Maps come in ascending runs, so there are few to remember. */
static int make_level(uint32_t env, const struct exo_map *maps, uint32_t n,
                      uint32_t level, uint32_t covered)
{
    uint32_t seen[SEEN], nseen = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t key = covered < 32 ? (uint32_t)maps[i].va >> covered : 0, k = 0;
        if (nseen > 0 && seen[nseen - 1] == key)
            continue;
        while (k < nseen && seen[k] != key)
            k++;
        if (k < nseen)
            continue;
        if (nseen == SEEN)
            return -EXO_EFULL;
        seen[nseen++] = key;
        int r = make_table(env, (uint32_t)maps[i].va & ~EXO_MAP_FLAGS, level);
        if (r < 0)
            return r;
    }
    return 0;
}

static int radix_space(uint32_t env, const struct exo_map *maps, uint32_t n)
{
    struct shape s = shape();
    int r = make_root(env);
    for (uint32_t level = s.levels - 1; r >= 0 && level-- > 0;)
        r = make_level(env, maps, n, level, s.page_shift + s.index_bits * (level + 1));
    return r;
}

WIRED_DATA const struct mmu_ops mmu_radix = {
    .kind = EXO_MMU_RADIX,
    .name = "radix",
    .bind = radix_bind,
    .batch = radix_batch,
    .unbind = radix_unbind,
    .protect = radix_protect,
    .window = radix_window,
    .space = radix_space,
};
