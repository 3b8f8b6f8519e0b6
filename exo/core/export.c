// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * export.c - the window every environment may read: the kernel's own tables, not copies.
 *
 *   +---------+----------------+----------------+---------------+----------------+
 *   | kinfo   | hardware table | frames         | environments  | slice vectors  |
 *   +---------+----------------+----------------+---------------+----------------+
 *   0         each part starts at a multiple of 64 bytes            export_pages
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
    return at + EXO_NCORE * EXO_NSLICE;
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
    k->abi = EXO_ABI_VERSION;
    k->page_shift = machine.page_shift;
    k->nframes = machine.nframes;
    k->nenv = EXO_NENV;
    k->export_frame = (uint32_t)arch_pa(base) >> machine.page_shift;
    k->export_pages = (bytes + machine.page_size - 1) >> machine.page_shift;
    k->cores = machine.cores;
}
