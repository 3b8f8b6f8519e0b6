// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * softtlb.c - translations on a software-refilled TLB. Behind the small hardware TLB the
 * kernel keeps a software TLB, a cache of bindings (Engler 1995, section 5.4): a miss
 * found there is refilled in a few instructions by entry.S, any other becomes the
 * environment's exception.
 *
 * Interface: mmu.h's mmu_*, inv_mmu, and the calls tlb_*.
 *
 * Each environment sees a window of STLB_WINDOW entries, direct mapped. A binding may be
 * lost to another one at any time; the hardware TLB may go on holding it, so that two
 * pages of the same place can be used by one instruction. What the hardware holds is
 * always still allowed: taking a binding away, by address, frame or environment, makes
 * the hardware forget too, whether the software TLB knew it or not. Wired translations
 * are guaranteed: those that are not in the software TLB now (ctx.miss counts them) are
 * put back by mmu_trap. What the boot loader bound is guaranteed too, as long as the
 * environment has no exception handler to bring it back itself. Every entry is on the
 * list of its frame and of its environment, so that revocation and death cost what there
 * is to break.
 *
 * entry.S reads entries without the lock. An entry is changed by clearing its tag first
 * and setting it last, then the hardware forgets on every core; entry.S looks again after
 * it wrote the hardware (see there).
 */
#include "softtlb.h"

struct softtlb softtlb;

static void barrier(void)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* ---- the hardware TLB ---- */

static void operate(uint32_t op)
{
    arch_mmio_write(softtlb.base + M_TLB_OP,
                    op | (softtlb.asids.broadcast ? M_MMU_BROADCAST : 0));
}

void hardware_forget(uint32_t asid, exo_word va)
{
    write64(softtlb.base + M_TLB_HI, va);
    arch_mmio_write(softtlb.base + M_TLB_HI_ASID, asid);
    operate(M_TLB_OP_INVALIDATE);
}

void hardware_write(const struct ctx *c, exo_word va, exo_word lo)
{
    write64(softtlb.base + M_TLB_HI, va);
    arch_mmio_write(softtlb.base + M_TLB_HI_ASID, c->asid);
    arch_mmio_write(softtlb.base + M_TLB_LO, (uint32_t)lo);
    arch_mmio_write(softtlb.base + M_TLB_OP, M_TLB_OP_WRITE_RANDOM);
}

/* ---- the software TLB ---- */

void hardware_forget_all(uint32_t asid)
{
    arch_mmio_write(softtlb.base + M_TLB_HI_ASID, asid);
    operate(M_TLB_OP_INVALIDATE_ASID);
}

static void hardware_forget_frame(uint32_t frame)
{
    arch_mmio_write(softtlb.base + M_TLB_LO, frame << softtlb.shift);
    operate(M_TLB_OP_INVALIDATE_FRAME);
}

static void drop(struct stlb_entry *e)
{
    uint32_t i = (uint32_t)(e - softtlb.entry);
    struct ctx *owner = env_ctx(stlb_env(e));
    lists_remove(&softtlb.lists, i, stlb_frame(e), stlb_env(e));
    e->tag = 0;
    barrier();
    if (softtlb.is_wired[i]) {
        softtlb.is_wired[i] = 0;
        owner->miss++;
    }
}

void stlb_remove(struct stlb_entry *e)
{
    uint32_t asid = env_ctx(stlb_env(e))->asid;
    exo_word va = stlb_va(e);
    drop(e);
    hardware_forget(asid, va);
}

void stlb_place(struct ctx *c, exo_word va, uint32_t frame, uint32_t flags, bool wired)
{
    uint32_t i = stlb_index(c->id, va);
    struct stlb_entry *e = &softtlb.entry[i];
    if (e->tag != 0)
        drop(e);
    e->lo = stlb_lo(frame, flags);
    barrier();
    e->tag = stlb_tag(c->id, va);
    softtlb.is_wired[i] = wired;
    if (wired)
        c->miss--;
    lists_add(&softtlb.lists, i, frame, c->id);
}

void stlb_insert(struct ctx *c, exo_word va, uint32_t frame, uint32_t flags, bool wired)
{
    stlb_place(c, va, frame, flags, wired);
    hardware_forget(c->asid, va); /* what it may hold of an earlier binding of va */
}

/* ---- wired translations ---- */

void wired_clear(struct ctx *c, struct wired *w)
{
    if (w->flags == 0)
        return;
    struct stlb_entry *e = stlb_find(c->id, w->va);
    if (e != NULL)
        stlb_remove(e);
    else
        hardware_forget(c->asid, w->va);
    c->miss--;
    w->flags = 0;
}

void wired_set(struct ctx *c, struct wired *w, exo_word va, uint32_t frame,
               uint32_t flags)
{
    wired_clear(c, w);
    *w = (struct wired){.va = va, .frame = frame, .flags = flags};
    c->miss++;
    stlb_insert(c, va, frame, flags, true);
}

/* ---- mmu.h ---- */

void mmu_init(const struct exo_hw_device *dev, void *(*boot_alloc)(size_t bytes))
{
    const struct exo_hw_table *t = arch_phys(M_TABLE_BASE);
    if (dev->nparams <= M_SOFTTLB_VA_BITS)
        kernel_panic("softtlb MMU: the hardware table lacks parameters");
    softtlb.base = dev->base;
    softtlb.hardware_entries = (uint32_t)dev->params[M_SOFTTLB_ENTRIES];
    softtlb.shift = (uint32_t)dev->params[M_SOFTTLB_PAGE_SHIFT];
    if (softtlb.shift < 12 || softtlb.shift > 16)
        kernel_panic("softtlb MMU: pages must be 4 KiB to 64 KiB");
    softtlb.page_mask = ~(((exo_word)1 << softtlb.shift) - 1);
    softtlb.va_end = va_limit(dev->params[M_SOFTTLB_VA_BITS]);
    softtlb.nframes = (uint32_t)(t->ram_size >> softtlb.shift);
    softtlb.entry = boot_alloc(EXO_NSTLB * sizeof softtlb.entry[0]);
    softtlb.is_wired = boot_alloc(EXO_NSTLB);
    lists_init(&softtlb.lists, EXO_NSTLB, softtlb.nframes, boot_alloc);
    softtlb.kept.shift = softtlb.shift;
    softtlb.kept.nframes = softtlb.nframes;
    softtlb.kept.va_end = softtlb.va_end;
    asids_init(&softtlb.asids, dev->params[M_SOFTTLB_ASID_BITS]);
}

/* <isa>/miss.S; the second where other cores may change the table meanwhile. */
extern const char miss_vector[], miss_vector_shared[];

void mmu_init_core(void)
{
    bool shared = arch_mmio_read(M_CORE_BASE + M_CORES) > 1;
    arch_mmio_write(M_CORE_BASE + M_MISS_VECTOR,
                    (uint32_t)(uintptr_t)(shared ? miss_vector_shared : miss_vector));
    write64(softtlb.base + M_TLB_LO, 0); /* physical addresses fit the low half */
    arch_mmio_write(softtlb.base + M_TLB_ASID, 0);
    arch_mmio_write(softtlb.base + M_TLB_OP, M_TLB_OP_INVALIDATE_ALL);
}

void mmu_env_init(struct ctx *c)
{
    c->asid = c->id & softtlb.asids.mask;
    c->root = arch_pa(&softtlb.entry[c->id * STLB_STRIDE]);
    c->mmu = softtlb.base;
    c->switch_ = asids_simple(&softtlb.asids) ? softtlb.base : 0;
    c->miss = 0;
    ctx_update_save(c);
}

void mmu_env_destroy(struct ctx *c)
{
    kept_forget(&softtlb.kept, c->id);
    while (softtlb.lists.env_head[c->id] != 0)
        drop(&softtlb.entry[softtlb.lists.env_head[c->id] - 1]);
    hardware_forget_all(c->asid);
    c->miss = 0;
}

void mmu_switch(const struct ctx *c)
{
    if (asids_must_flush(&softtlb.asids, c)) {
        arch_mmio_write(softtlb.base + M_TLB_HI_ASID, c->asid);
        arch_mmio_write(softtlb.base + M_TLB_OP, M_TLB_OP_INVALIDATE_ASID);
    }
    arch_mmio_write(softtlb.base + M_TLB_ASID, c->asid);
}

/* The entry for va, brought back if it is guaranteed. */
static const struct stlb_entry *look_up(struct ctx *c, exo_word va)
{
    const struct stlb_entry *e = stlb_find(c->id, va);
    if (e != NULL)
        return e;
    uint32_t frame, flags;
    bool wired;
    if (!kept_find(&softtlb.kept, c, va, &frame, &flags, &wired))
        return NULL;
    stlb_insert(c, va, frame, flags, wired);
    return stlb_find(c->id, va);
}

int mmu_translate(struct ctx *c, uint64_t va, unsigned access, uint64_t *pa,
                  uint32_t *cause)
{
    exo_word offset = (exo_word)va & ~softtlb.page_mask;
    const struct stlb_entry *e =
        va < softtlb.va_end ? look_up(c, (exo_word)va - offset) : NULL;
    *cause = access << M_CAUSE_ACCESS_SHIFT;
    if (e == NULL) {
        *cause |= va < softtlb.va_end ? M_CAUSE_TLB_MISS : M_CAUSE_PAGE;
        return -EXO_EFAULT;
    }
    if (!(stlb_flags(e) >> access & 1)) {
        *cause |= M_CAUSE_PROT;
        return -EXO_EFAULT;
    }
    *pa = (e->lo & softtlb.page_mask) + offset;
    return 0;
}

/* PROT can be out of date only where another core just changed the binding. */
bool mmu_trap(struct ctx *c, uint32_t cause, uint64_t badpage)
{
    uint32_t access = cause >> M_CAUSE_ACCESS_SHIFT & 3;
    const struct stlb_entry *e =
        badpage < softtlb.va_end ? look_up(c, (exo_word)badpage) : NULL;
    if (e == NULL)
        return false;
    if ((cause & M_CAUSE_CODE) == M_CAUSE_PROT && !(stlb_flags(e) >> access & 1))
        return false;
    hardware_write(c, (exo_word)badpage, e->lo);
    return true;
}

void mmu_boot_map(struct ctx *c, uint64_t va, uint32_t frame, uint32_t flags)
{
    kept_note_boot(&softtlb.kept, c->id, (exo_word)va, frame, flags & RIGHTS);
    stlb_insert(c, (exo_word)va, frame, flags, false);
}

void mmu_wire_upage(struct ctx *c, uint32_t frame)
{
    kept_wire_upage(&softtlb.kept, c, frame);
}

void mmu_break_frame(struct ctx *c, uint32_t frame)
{
    kept_break(&softtlb.kept, c, frame);
    uint16_t next;
    for (uint16_t i = softtlb.lists.frame_head[frame]; i != 0; i = next) {
        next = softtlb.lists.link[i].frame_next;
        if (c == NULL || stlb_env(&softtlb.entry[i - 1]) == c->id)
            stlb_remove(&softtlb.entry[i - 1]);
    }
    hardware_forget_frame(frame);
}
