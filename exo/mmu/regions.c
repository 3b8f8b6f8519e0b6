// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * regions.c - translations by base/limit windows. Each environment has as many windows as the
 * hardware; they are loaded when it gets the core. There are no pages: what no window holds is the
 * environment's exception, and a window goes as a whole when one of its frames does.
 *
 * Interface: mmu.h's mmu_*, inv_mmu, and the calls region_*.
 *
 * regions.loaded says whose windows a core's hardware holds. Those of a running environment are
 * changed in place. Where another core holds them too (a parent changes its child, an
 * environment moved), they are emptied there; who runs there comes back by a fault, for which
 * mmu_trap() or its library loads them again. So the hardware may hold fewer windows than the
 * table, never others.
 *
 * What the boot loader bound is guaranteed as long as there is no exception handler: the
 * kernel puts a window where such a program faults, from the last one down.
 */
#include "regions.h"

struct regions regions;

static uint32_t this_core(void)
{
    return regions.shared ? arch_mmio_read(M_CORE_BASE + M_COREID) : 0;
}

/* ---- the hardware ---- */

/* Into window INDEX, which becomes the next. */
static void hardware_write(const struct window *w)
{
    if (w->pages != 0) {
        write64(regions.base + M_REGIONS_BASE, w->va);
        write64(regions.base + M_REGIONS_LIMIT,
                w->va + ((exo_word)w->pages << regions.shift));
        arch_mmio_write(regions.base + M_REGIONS_PA, w->frame << regions.shift |
                                                         (w->flags & RIGHTS) << 1 |
                                                         M_REGIONS_V);
    } else {
        arch_mmio_write(regions.base + M_REGIONS_PA, 0);
    }
    arch_mmio_write(regions.base + M_REGIONS_OP, M_REGIONS_OP_WRITE);
}

static void hardware_load(uint32_t env)
{
    arch_mmio_write(regions.base + M_REGIONS_INDEX, 0);
    for (uint32_t i = 0; i < regions.count; i++)
        hardware_write(&regions.window[env][i]);
}

/* Other cores that hold t's windows: no more. */
static void forget_elsewhere(const struct ctx *t)
{
    uint32_t me = this_core();
    bool held = false;
    for (uint32_t core = 0; regions.shared && core < EXO_NCORE; core++)
        if (core != me && regions.loaded[core] == t->id) {
            regions.loaded[core] = 0;
            held = true;
        }
    if (!held)
        return;
    for (uint32_t i = 0; i < regions.count; i++) {
        const struct window *w = &regions.window[t->id][i];
        if (w->pages == 0)
            continue;
        arch_mmio_write(regions.base + M_REGIONS_PA, w->frame << regions.shift);
        arch_mmio_write(regions.base + M_REGIONS_OP,
                        M_REGIONS_OP_CLEAR_FRAME | M_MMU_BROADCAST);
    }
    if (regions.loaded[me] != 0) /* it met this core, too */
        hardware_load(regions.loaded[me]);
}

/* ---- windows ---- */

void window_put(const struct ctx *t, uint32_t i, const struct window *w)
{
    forget_elsewhere(t);
    regions.window[t->id][i] = *w;
    if (regions.loaded[this_core()] == t->id) {
        arch_mmio_write(regions.base + M_REGIONS_INDEX, i);
        hardware_write(w);
    }
}

int window_check(exo_word va, exo_word pages)
{
    if (pages == 0 || pages > EXO_REGION_PAGES)
        return -EXO_ERANGE;
    if ((regions.va_end - va) >> regions.shift < pages)
        return -EXO_EVA;
    if (regions.power && (pages & (pages - 1)) != 0)
        return -EXO_ERANGE;
    if (regions.power && (va >> regions.shift & (pages - 1)) != 0)
        return -EXO_EVA;
    return 0;
}

/* The window that decides for va, NULL if there is none. */
static const struct window *window_find(uint32_t env, exo_word va)
{
    for (uint32_t i = 0; i < regions.count; i++)
        if (window_has_va(&regions.window[env][i], va))
            return &regions.window[env][i];
    return NULL;
}

/* ---- what the boot loader bound ---- */

/* The part of the run around va that one window can hold. */
static struct window piece_of(const struct boot_run *r, exo_word va)
{
    uint32_t at = (uint32_t)((va - r->va) >> regions.shift), first = 0, n = r->pages;
    if (regions.power) {
        first = at;
        n = 1;
        for (uint32_t size = 2; size <= EXO_REGION_PAGES; size *= 2) {
            exo_word start = va & ~(((exo_word)size << regions.shift) - 1);
            uint32_t from = (uint32_t)((start - r->va) >> regions.shift);
            if (start < r->va || r->pages - from < size)
                break;
            first = from;
            n = size;
        }
    } else if (n > EXO_REGION_PAGES) {
        first = at / EXO_REGION_PAGES * EXO_REGION_PAGES;
        n = n - first < EXO_REGION_PAGES ? n - first : EXO_REGION_PAGES;
    }
    return (struct window){.va = r->va + ((exo_word)first << regions.shift),
                           .pages = n,
                           .frame = r->frame + first,
                           .flags = r->flags | WINDOW_BOOT};
}

/* A window for what va is part of, from the last one down and only in the upper half: in
 * place of an empty one, else of another boot window in its turn. */
static bool boot_window(const struct ctx *c, exo_word va)
{
    const struct boot_run *r = kept_boot(&regions.kept, c->id, va);
    if (r == NULL || c->exc_entry != 0)
        return false;
    uint32_t half = regions.count / 2, victim = EXO_NWINDOW;
    for (uint32_t k = 1; k <= half && victim == EXO_NWINDOW; k++)
        if (regions.window[c->id][regions.count - k].pages == 0)
            victim = regions.count - k;
    for (uint32_t k = 0; k < half && victim == EXO_NWINDOW; k++) {
        uint32_t i = regions.count - 1 - regions.boot_next[c->id]++ % half;
        if (regions.window[c->id][i].flags & WINDOW_BOOT)
            victim = i;
    }
    if (victim == EXO_NWINDOW)
        return false;
    struct window w = piece_of(r, va);
    window_put(c, victim, &w);
    return true;
}

/* ---- mmu.h ---- */

void mmu_init(const struct exo_hw_device *dev, void *(*boot_alloc)(size_t bytes))
{
    const struct exo_hw_table *t = arch_phys(M_TABLE_BASE);
    (void)boot_alloc; /* all tables are of fixed size */
    if (dev->nparams <= M_REGIONS_POWER)
        kernel_panic("regions MMU: the hardware table lacks parameters");
    regions.base = dev->base;
    regions.shift = (uint32_t)dev->params[M_REGIONS_PAGE_SHIFT];
    if (regions.shift < 12 || regions.shift > 16)
        kernel_panic("regions MMU: granules must be 4 KiB to 64 KiB");
    regions.count = dev->params[M_REGIONS_WINDOWS] < EXO_NWINDOW
                        ? (uint32_t)dev->params[M_REGIONS_WINDOWS]
                        : EXO_NWINDOW;
    regions.kept.shift = regions.shift;
    regions.power = dev->params[M_REGIONS_POWER] != 0;
    regions.shared = arch_mmio_read(M_CORE_BASE + M_CORES) > 1;
    regions.page_mask = ~(((exo_word)1 << regions.shift) - 1);
    regions.va_end = va_limit(dev->params[M_REGIONS_VA_BITS]);
    regions.nframes = (uint32_t)(t->ram_size >> regions.shift);
}

void mmu_init_core(void)
{
    write64(regions.base + M_REGIONS_PA, 0); /* physical addresses fit the low half */
    arch_mmio_write(regions.base + M_REGIONS_OP, M_REGIONS_OP_CLEAR_ALL);
    regions.loaded[this_core()] = 0;
}

/* Assembly never switches: windows have to be loaded. */
void mmu_env_init(struct ctx *c)
{
    c->asid = c->id;
    c->root = 0;
    c->mmu = regions.base;
    c->switch_ = 0;
    c->miss = 0;
    ctx_update_save(c);
}

void mmu_env_destroy(struct ctx *c)
{
    forget_elsewhere(c);
    for (uint32_t i = 0; i < regions.count; i++)
        regions.window[c->id][i] = (struct window){0};
    kept_forget_boot(&regions.kept, c->id, 0, true);
    if (regions.loaded[this_core()] == c->id)
        mmu_init_core();
}

void mmu_switch(const struct ctx *c)
{
    uint32_t me = this_core();
    if (regions.loaded[me] == c->id)
        return;
    hardware_load(c->id);
    regions.loaded[me] = (uint8_t)c->id;
}

int mmu_translate(struct ctx *c, uint64_t va, unsigned access, uint64_t *pa,
                  uint32_t *cause)
{
    exo_word at = (exo_word)va;
    bool user = va < regions.va_end;
    const struct window *w = user ? window_find(c->id, at) : NULL;
    if (user && w == NULL && boot_window(c, at & regions.page_mask))
        w = window_find(c->id, at);
    *cause = access << M_CAUSE_ACCESS_SHIFT | (w != NULL ? M_CAUSE_PROT : M_CAUSE_PAGE);
    if (w == NULL || !(w->flags >> access & 1))
        return -EXO_EFAULT;
    *pa = ((exo_word)w->frame << regions.shift) + (at - w->va);
    return 0;
}

/* The hardware held fewer windows than the table, or a boot program needs one. */
bool mmu_trap(struct ctx *c, uint32_t cause, uint64_t badpage)
{
    uint64_t pa;
    uint32_t why;
    if (mmu_translate(c, badpage, cause >> M_CAUSE_ACCESS_SHIFT & 3, &pa, &why) < 0)
        return false;
    hardware_load(c->id);
    regions.loaded[this_core()] = (uint8_t)c->id;
    return true;
}

void mmu_boot_map(struct ctx *c, uint64_t va, uint32_t frame, uint32_t flags)
{
    kept_note_boot(&regions.kept, c->id, (exo_word)va, frame, flags & RIGHTS);
}

/* A window stays until it is taken away: the environment sees to that itself. */
void mmu_wire_upage(struct ctx *c, uint32_t frame)
{
    (void)c, (void)frame;
}

static void break_in(struct ctx *c, uint32_t frame)
{
    static const struct window empty;
    for (uint32_t i = 0; i < regions.count; i++)
        if (window_has_frame(&regions.window[c->id][i], frame))
            window_put(c, i, &empty);
    if (regions.kept.boot[c->id][0].pages != 0)
        kept_forget_boot(&regions.kept, c->id, frame, c->exc_entry != 0);
}

void mmu_break_frame(struct ctx *c, uint32_t frame)
{
    if (c != NULL)
        break_in(c, frame);
    for (uint32_t id = 1; c == NULL && id < EXO_NENV; id++)
        break_in(env_ctx(id), frame);
}
