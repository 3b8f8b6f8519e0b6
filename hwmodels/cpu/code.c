// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * code.c - no engine of any core runs stale code.
 *
 * A page of RAM is data or code (wiring->code_pages). While it is code no engine has write
 * access; while it is data no engine has execute access or translations. The first fetch makes
 * it code (code_mark: write access is withdrawn everywhere), the first store makes it data
 * (code_store: translations are dropped everywhere). Both happen outside the engines at
 * exact instructions, so the trace of them repeats. A store into the page it runs in would
 * go back and forth for ever: step_raw() takes that one instruction with both rights.
 */
#include "core.h"

void code_mark(struct core *c, uint64_t pa)
{
    c->w.code_pages[pa >> PAGE_SHIFT] = 1;
    c->w.code_executed(c->env.host, c->w.core, PAGE_OF(pa));
}

void code_store(struct core *c, uint64_t pa)
{
    c->w.code_written(c->env.host, c->w.core, PAGE_OF(pa));
}

void core_code_executed(void *cpu, uint64_t pa)
{
    struct core *c = cpu;
    if (pa >= c->w.ram_size)
        return;
    for (int i = 0; i < ENGINES; i++) {
        struct engine *e = &c->engine[i];
        if (e->uc && e->wrote[pa >> PAGE_SHIFT] == e->generation)
            e->flush = true;
    }
}

void core_code_written(void *cpu, uint64_t pa, uint64_t len)
{
    struct core *c = cpu;
    if (len == 0 || pa >= c->w.ram_size)
        return;
    uint64_t last = len > c->w.ram_size - pa ? c->w.ram_size - 1 : pa + len - 1;
    for (uint64_t page = pa >> PAGE_SHIFT; page <= last >> PAGE_SHIFT; page++) {
        if (c->w.code_pages[page]) {
            c->w.code_pages[page] = 0;
            c->env.trace(c->env.host, HW_EV_CODE, page << PAGE_SHIFT, 0);
        }
        bool held = false;
        for (int i = 0; i < ENGINES; i++) {
            struct engine *e = &c->engine[i];
            if (e->uc && e->holds[page]) {
                engine_drop(e, page << PAGE_SHIFT);
                held = true;
            }
        }
        if (held)
            meter_forget(c);
    }
}
