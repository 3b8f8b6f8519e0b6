// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fill.h - TLB fills: what an engine may touch. Pure as far as the guest can see: a fill is
 * asked for at times that depend on the host, so it changes nothing but the engine's own notes.
 */
#ifndef CPU_FILL_H
#define CPU_FILL_H

#include "core.h"

bool fill_callback(uc_engine *uc, uint64_t va, uc_mem_type type, uc_tlb_entry *out,
                   void *engine);
void fill_note_fetch(struct engine *e, uint64_t va_page, uint64_t pa_page);
void engine_flush(struct engine *e);

/* Is there RAM at pa that anybody may use? */
static inline bool fill_is_ram(const struct core *c, uint64_t pa)
{
    return pa >= PAGE_SIZE && pa < c->w.ram_size;
}

#endif
