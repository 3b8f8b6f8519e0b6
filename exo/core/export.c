// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * export.c - the window every environment may read: the kernel's own tables, not copies.
 *
 *   +-------+----------+--------+-------+--------+----+---------+-------+---------+
 *   | kinfo | hardware | frames | envi- | slice  | io | extents | rings | filters |
 *   |       | table    |        | ronm. | vectors|    |         |       |         |
 *   +-------+----------+--------+-------+--------+----+---------+-------+---------+
 *   0         each part starts at a multiple of 64 bytes              export_pages
 *
 * A machine without a disk has no extents, one without a network no rings and filters.
 */
#include "core_priv.h"

#define ALIGN64(n) (((uint32_t)(n) + 63u) & ~63u)

static uint32_t layout(const struct exo_hw_table *t, uint32_t nframes,
                       struct exo_kinfo *k)
{
    uint32_t at = ALIGN64(sizeof(struct exo_kinfo));
    k->hwtable_off = at;
    at += ALIGN64(sizeof *t);
    k->frames_off = at;
    at += ALIGN64(nframes * (uint32_t)sizeof(struct exo_frame));
    k->envs_off = at;
    at += ALIGN64(EXO_NENV * sizeof(struct exo_env_public));
    k->slices_off = at;
    at += EXO_NCORE * EXO_NSLICE;
    k->io_off = at;
    at += ALIGN64(sizeof(struct exo_io_public));
    k->extents_off = machine.disk_kind != 0 ? at : 0;
    if (machine.disk_kind != 0)
        at += ALIGN64(EXO_NEXTENT * sizeof(struct exo_extent));
    k->rings_off = k->filters_off = 0;
    if (machine.nic_kind == 0)
        return at;
    k->rings_off = at;
    at += ALIGN64(EXO_NRING * sizeof(struct exo_ring));
    k->filters_off = at;
    return at + EXO_NFILTER * (uint32_t)sizeof(struct exo_filter);
}

uint32_t export_size(const struct exo_hw_table *t, uint32_t nframes)
{
    struct exo_kinfo k;
    return layout(t, nframes, &k);
}

void export_init(void *base, uint32_t bytes)
{
    uint8_t *b = base;
    struct exo_kinfo *k = base;
    layout(machine.table, machine.nframes, k);
    memcpy(b + k->hwtable_off, machine.table, sizeof *machine.table);
    machine.kinfo = k;
    machine.table = (const void *)(b + k->hwtable_off);
    machine.frame = (void *)(b + k->frames_off);
    machine.env = (void *)(b + k->envs_off);
    machine.slice = (void *)(b + k->slices_off);
    machine.io = (void *)(b + k->io_off);
    machine.extent = k->extents_off != 0 ? (void *)(b + k->extents_off) : NULL;
    machine.ring = k->rings_off != 0 ? (void *)(b + k->rings_off) : NULL;
    machine.filter = k->filters_off != 0 ? (void *)(b + k->filters_off) : NULL;
    machine.io->disk_kind = machine.disk_kind;
    machine.io->nic_kind = machine.nic_kind;
    k->abi = EXO_ABI_VERSION;
    k->page_shift = machine.page_shift;
    k->nframes = machine.nframes;
    k->nenv = EXO_NENV;
    k->export_frame = (uint32_t)arch_pa(base) >> machine.page_shift;
    k->export_pages = (bytes + machine.page_size - 1) >> machine.page_shift;
    k->cores = machine.cores;
}
