// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * registers.c - an engine's general registers, all at once. Moving them is most of what a trap
 * costs, so an engine remembers what it was seen to hold until it runs again, and only what
 * differs is written.
 *
 * Interface: registers_init, registers_get, registers_put.
 */
#include "core.h"
#include <string.h>

void registers_init(struct engine *e)
{
    const struct cpu_isa *isa = e->core->isa;
    for (unsigned i = 0; i < isa->ngpr; i++) {
        e->reg_id[i] = isa->gpr[i];
        e->reg_at[i] = &e->reg[i];
    }
    e->reg_known = false;
}

const uint64_t *registers_get(struct engine *e)
{
    if (!e->reg_known)
        uc_reg_read_batch(e->uc, e->reg_id, e->reg_at, (int)e->core->isa->ngpr);
    e->reg_known = true;
    return e->reg;
}

void registers_put(struct engine *e, const uint64_t *value)
{
    unsigned n = e->core->isa->ngpr;
    int id[CPU_GPR_MAX];
    void *at[CPU_GPR_MAX];
    int changed = 0;
    for (unsigned i = 0; i < n; i++) {
        if (e->reg_known && e->reg[i] == value[i])
            continue;
        e->reg[i] = value[i];
        id[changed] = e->reg_id[i];
        at[changed++] = &e->reg[i];
    }
    if (changed)
        uc_reg_write_batch(e->uc, id, at, changed);
    e->reg_known = true;
}
