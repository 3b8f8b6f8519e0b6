// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * step.c - the exact stepper: a second engine of the same mode with a CODE hook over the same RAM.
 * It borrows the register file by context copy (which also carries what no register list
 * shows: a pending branch, a load-linked reservation) and gives it back.
 */
#include "core.h"

enum engine_out step_run(struct core *c, int64_t max, struct engine **ran)
{
    struct engine *e = &c->engine[c->kernel ? ENGINE_KERNEL : ENGINE_USER];
    struct engine *s = core_engine(c, c->kernel ? ENGINE_KERNEL_STEP : ENGINE_USER_STEP);
    *ran = e;
    if (!s)
        return OUT_BROKEN;
    *ran = s;
    uc_context_save(e->uc, c->spare);
    uc_context_restore(s->uc, c->spare);
    enum engine_out out = engine_run(s, &c->pc, max);
    uc_context_save(s->uc, c->spare);
    uc_context_restore(e->uc, c->spare);
    e->reg_known = false;
    c->steps += meter_taken(s);
    return out;
}

enum engine_out step_raw(struct core *c, struct engine **ran)
{
    struct engine *s = core_engine(c, c->kernel ? ENGINE_KERNEL_STEP : ENGINE_USER_STEP);
    if (!s) {
        *ran = &c->engine[c->kernel ? ENGINE_KERNEL : ENGINE_USER];
        return OUT_BROKEN;
    }
    s->raw = true;
    s->raw_va = PAGE_OF(c->pc);
    s->nraw = 0;
    s->flush = true;
    enum engine_out out = step_run(c, 1, ran);
    s->raw = false;
    s->flush = true;
    engine_drop_scratch(s);
    for (unsigned i = 0; i < s->nraw; i++)
        code_store(c, s->raw_page[i]);
    return out;
}
