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

/* A frame as our table of this level over va. 0 also if there is one already. */
static int make_table(uint32_t va, uint32_t level)
{
    uint32_t frame = frame_take();
    if (frame == 0)
        return -EXO_EFULL;
    exo_sword r = exo_pt_table(0, 0, va, level, frame);
    if (r < 0)
        frame_give_back(frame);
    return r == -EXO_EBUSY ? 0 : (int)r;
}

static __attribute__((noinline)) int bind_with_tables(uint32_t va_rights, uint32_t frame)
{
    struct shape s = shape();
    uint32_t va = va_rights & ~((1u << s.page_shift) - 1);
    for (uint32_t level = s.levels - 1; level-- > 0;) {
        int r = make_table(va, level);
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

/* A page table forgets nothing. */
static int radix_window(struct batch *b, uint32_t env, uint32_t upage, uint32_t upstack)
{
    (void)b, (void)env, (void)upage, (void)upstack;
    return 0;
}

/* A table an embryo needs: `level` of va; the root is level `levels - 1`. */
struct need {
    uint32_t va, level;
};
#define NEEDS 32

/* The tables of one level, each once: two addresses share one if they agree in the bits above
 * what it covers. Maps come in ascending runs, so there are few to look through. */
static uint32_t need_level(const struct exo_map *maps, uint32_t n, uint32_t level,
                           uint32_t covered, struct need *needs, uint32_t count)
{
    uint32_t first = count, last = ~0u;
    for (uint32_t i = 0; i < n && count < NEEDS; i++) {
        uint32_t key = covered < 32 ? (uint32_t)maps[i].va >> covered : 0, k = first;
        if (key == last)
            continue;
        last = key;
        while (k < count && (covered < 32 ? needs[k].va >> covered : 0) != key)
            k++;
        if (k == count)
            needs[count++] = (struct need){(uint32_t)maps[i].va & ~EXO_MAP_FLAGS, level};
    }
    return count;
}

/* Root, then each table, from the top: taken, held for it, given up, put in place. */
static int radix_space(struct batch *b, uint32_t env, const struct exo_map *maps,
                       uint32_t n)
{
    struct shape s = shape();
    struct need needs[NEEDS];
    uint32_t frames[NEEDS], count = 1;
    for (uint32_t level = s.levels - 1; level-- > 0;)
        count = need_level(maps, n, level, s.page_shift + s.index_bits * (level + 1),
                           needs, count);
    uint32_t got = frame_take_many(frames, count);
    for (uint32_t i = 0; i < got; i++) {
        if (got == count)
            BATCH(b, frame_hold, frames[i], env, 0);
        BATCH(b, frame_free, frames[i]);
        if (got < count)
            continue;
        if (i == 0)
            BATCH(b, pt_root, env, 0, frames[i]);
        else
            BATCH(b, pt_table, env, 0, needs[i].va, needs[i].level, frames[i]);
    }
    return got == count && count < NEEDS ? 0 : -EXO_EFULL;
}

WIRED_DATA const struct mmu_ops mmu_radix = {
    .kind = EXO_MMU_RADIX,
    .name = "radix",
    .bind_call = EXO_CALL_pt_map,
    .unbind_call = EXO_CALL_pt_unmap,
    .bind = radix_bind,
    .batch = radix_batch,
    .unbind = radix_unbind,
    .protect = radix_protect,
    .window = radix_window,
    .space = radix_space,
};
