// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fill.c - see fill.h. An engine is given the access it asks for, and with it only what it has
 * had before in the same TLB generation (or the entry of a page used in two ways would be
 * refilled at each change). Refused: what the MMU model does not allow now; running a page not
 * yet marked as code; writing a page that is. Refusals are dealt with outside the engine, at
 * the exact instruction.
 */
#include "fill.h"
#include <string.h>

void fill_note_fetch(struct engine *e, uint64_t va_page, uint64_t pa_page)
{
    unsigned slot = (unsigned)(va_page >> PAGE_SHIFT) % FETCH_SLOTS;
    e->fetched[slot].va = va_page;
    e->fetched[slot].pa = PAGE_OF(pa_page);
    e->fetched[slot].generation = e->generation;
}

static bool allows(unsigned allowed, enum hw_access access)
{
    return (allowed >> access) & 1u;
}

/* Would the MMU grant a write too, now and at this address? */
static bool may_write(struct engine *e, uint64_t va)
{
    struct core *c = e->core;
    struct hw_mmu_entry entry;
    return e->kernel || c->w.mmu->lookup(c->w.mmu_dev, va, HW_WRITE, &entry);
}

static bool note_raw(struct engine *e, uint64_t page)
{
    for (unsigned i = 0; i < e->nraw; i++)
        if (e->raw_page[i] == page)
            return true;
    if (e->nraw == RAW_MAX)
        return false;
    e->raw_page[e->nraw++] = page;
    return true;
}

/* One instruction of a page that it may overwrite, or of that page's end, runs in a copy. */
static bool grant_copy(struct engine *e, uint64_t va, uint64_t pa, uc_tlb_entry *out)
{
    struct core *c = e->core;
    uint64_t page = PAGE_OF(va) == e->raw_va               ? 1
                    : PAGE_OF(va) == e->raw_va + PAGE_SIZE ? 2
                                                           : 0;
    if (page == 0)
        return false;
    memcpy(c->scratch + page * PAGE_SIZE, c->w.ram + PAGE_OF(pa), PAGE_SIZE);
    out->paddr = SCRATCH_BASE + page * PAGE_SIZE + (va & (PAGE_SIZE - 1));
    out->perms = UC_PROT_EXEC;
    return true;
}

static bool grant_fetch(struct engine *e, uint64_t va, uint64_t pa, unsigned allowed,
                        uc_tlb_entry *out)
{
    if (e->raw)
        return grant_copy(e, va, pa, out);
    if (!code_is_marked(e->core, pa))
        return false;
    e->holds[pa >> PAGE_SHIFT] = 1;
    fill_note_fetch(e, PAGE_OF(va), pa);
    out->paddr = pa;
    out->perms = UC_PROT_EXEC | (allows(allowed, HW_READ) ? UC_PROT_READ : 0);
    return true;
}

static bool grant_write(struct engine *e, uint64_t pa, unsigned allowed,
                        uc_tlb_entry *out)
{
    if (code_is_marked(e->core, pa) && !(e->raw && note_raw(e, PAGE_OF(pa))))
        return false;
    e->wrote[pa >> PAGE_SHIFT] = e->generation;
    out->paddr = pa;
    out->perms = UC_PROT_WRITE | (allows(allowed, HW_READ) ? UC_PROT_READ : 0);
    return true;
}

static bool grant_read(struct engine *e, uint64_t va, uint64_t pa, unsigned allowed,
                       uc_tlb_entry *out)
{
    uint64_t page = pa >> PAGE_SHIFT;
    out->paddr = pa;
    out->perms = UC_PROT_READ;
    if (code_is_marked(e->core, pa)) {
        if (e->holds[page] && allows(allowed, HW_FETCH)) {
            fill_note_fetch(e, PAGE_OF(va), pa);
            out->perms |= UC_PROT_EXEC;
        }
    } else if (e->wrote[page] == e->generation && allows(allowed, HW_WRITE) &&
               may_write(e, va)) {
        out->perms |= UC_PROT_WRITE;
    }
    return true;
}

static bool grant(struct engine *e, uint64_t va, uint64_t pa, enum hw_access access,
                  unsigned allowed, uc_tlb_entry *out)
{
    switch (access) {
    case HW_FETCH: return grant_fetch(e, va, pa, allowed, out);
    case HW_WRITE: return grant_write(e, pa, allowed, out);
    default: return grant_read(e, va, pa, allowed, out);
    }
}

static bool fill_user(struct engine *e, uint64_t va, enum hw_access access,
                      uc_tlb_entry *out)
{
    struct core *c = e->core;
    struct hw_mmu_entry entry;
    if (!c->w.mmu->lookup(c->w.mmu_dev, va, access, &entry) || !fill_is_ram(c, entry.pa))
        return false;
    return grant(e, va, entry.pa, access, entry.allowed, out);
}

static bool fill_kernel(struct engine *e, uint64_t va, enum hw_access access,
                        uc_tlb_entry *out)
{
    if (va >= HW_MMIO_BASE && va < HW_MMIO_END && access != HW_FETCH) {
        out->paddr = va;
        out->perms = UC_PROT_READ | UC_PROT_WRITE;
        return true;
    }
    return fill_is_ram(e->core, va) && grant(e, va, va, access, 7, out);
}

bool fill_callback(uc_engine *uc, uint64_t va, uc_mem_type type, uc_tlb_entry *out,
                   void *engine)
{
    (void)uc;
    struct engine *e = engine;
    if (e->window) {
        out->paddr = va;
        out->perms = UC_PROT_ALL;
        return true;
    }
    enum hw_access access = type == UC_MEM_FETCH   ? HW_FETCH
                            : type == UC_MEM_WRITE ? HW_WRITE
                                                   : HW_READ;
    if (e->ahead && access == HW_FETCH && PAGE_OF(va) == e->ahead_va) {
        out->paddr = SCRATCH_BASE + (va & (PAGE_SIZE - 1));
        out->perms = UC_PROT_EXEC;
        return true;
    }
    if (e->kernel ? fill_kernel(e, va, access, out) : fill_user(e, va, access, out))
        return true;
    e->refused.va = va;
    e->refused.access = access;
    e->refused.valid = true;
    return false;
}
