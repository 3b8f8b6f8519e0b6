// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * disk.c - what the disk backends share (libos/port/disk/extent.h), and which one this machine
 * needs. The session takes the whole disk as one extent, guarded by its own capability; every
 * process that uses it holds it, so it stays the session's while one of them lives.
 */
#include "disk/extent.h"
#include "pagemap.h"

#define EXTENTS                                                                          \
    ((volatile const struct exo_extent *)(uintptr_t)(EXO_EXPORT_VA + KINFO->extents_off))
#define IO_PUBLIC                                                                        \
    ((volatile const struct exo_io_public *)(uintptr_t)(EXO_EXPORT_VA + KINFO->io_off))

const struct exo_hw_device *disk_device(void)
{
    const struct exo_hw_table *t = HWTABLE;
    for (uint32_t i = 0; i < t->ndevices; i++)
        if (t->device[i].class_ == EXO_HW_DISK)
            return &t->device[i];
    return NULL;
}

const struct disk_ops *disk_backend(void)
{
    static const struct disk_ops *const all[EXO_DISK_KINDS] = {
#define EXO_KIND_DISK(number, name, NAME) [EXO_DISK_##NAME] = &disk_##name,
#include <exo/kinds.def>
    };
    static const struct disk_ops *found;
    const struct exo_hw_device *d = found == NULL ? disk_device() : NULL;
    if (d != NULL && d->kind < EXO_DISK_KINDS)
        found = all[d->kind];
    return found;
}

int disk_take(struct disk_extent *e, uint32_t units)
{
    /* Whoever took it may be dead, and the extent with it. */
    if (e->taken && disk_hold(e) == 0)
        return 0;
    e->taken = 0;
    exo_sword r = -EXO_EFULL;
    for (uint32_t row = 0; row < EXO_NEXTENT; row++) {
        if (EXTENTS[row].count != 0)
            continue;
        r = exo_extent_alloc(row, 0, units, 0);
        if (r == -EXO_EBUSY) /* somebody was faster with this row */
            continue;
        if (r < 0)
            return (int)r;
        *e = (struct disk_extent){row, units, 1};
        return 0;
    }
    return (int)r;
}

int disk_hold(const struct disk_extent *e)
{
    if (!e->taken)
        return -EXO_ENOTHELD;
    exo_sword r = exo_extent_hold(e->extent, 0, 0);
    return r == -EXO_EBUSY ? 0 : (int)r; /* holds it already */
}

int disk_release(const struct disk_extent *e)
{
    return e->taken ? (int)exo_extent_free(e->extent) : 0;
}

struct exo_io_memory disk_memory(const volatile void *p)
{
    uint32_t va = (uint32_t)(uintptr_t)p;
    return (struct exo_io_memory){pm_frame(pm_lookup(PAGE_DOWN(va))), va - PAGE_DOWN(va),
                                  0, 0};
}

int disk_sleep(const volatile uint32_t *word, uint32_t value)
{
    while (*word == value) {
        struct exo_pred pred = {EXO_PRED_NE, 0, (uintptr_t)word, value};
        exo_sword r = exo_sleep((exo_word)&pred, 1);
        if (r < 0 && r != -EXO_EAGAIN)
            return (int)r;
    }
    return 0;
}

const volatile uint32_t *disk_turns(void)
{
    return &IO_PUBLIC->disk_turns;
}
