// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hashed.c - translations in one hashed page table for all environments (machine.h, M_HPT_*). The
 * hardware searches it; a search that finds nothing traps, as does one on softtlb.
 *
 * Interface: mmu.h's mmu_*, inv_mmu, and the calls hpt_*.
 *
 *      va, environment --hash--> two groups of 8 entries: 16 places
 *
 * The table is sized at boot, an entry for every quarter of a frame up to EXO_NHPT, and never
 * changes place. It and the numbers of its entries' owners are readable by all, written only
 * here. A binding lies in one of the sixteen places of its page, or nowhere: it is lost when its
 * place goes to another (hashed_place.c says to whom). Wired translations, and what the boot
 * loader bound as long as there is no exception handler, are put back by mmu_trap (kept.h). An
 * environment's number is its address space.
 *
 * What a TLB holds is in the table: an entry is changed by clearing word 0, telling every core's
 * TLB, then writing it anew. Hardware sets R and C in word 1 at any time; nothing here depends
 * on them. Every entry is on the list of its frame and of its environment (lists.h).
 */
#include "hashed.h"

#define VSID_MASK 0xffffffu
#define VSID_INVERSE 0xff0ff1u /* of M_HPT_VSID_FACTOR, mod 2^24 */
_Static_assert((M_HPT_VSID_FACTOR * VSID_INVERSE & VSID_MASK) == 1, "inverse");

struct hpt hpt;

static void barrier(void)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* ---- where a page lies ---- */

struct hpt_page hpt_page(uint32_t env, exo_word va)
{
    uint32_t a = (uint32_t)va;
    uint32_t vsid = (env << 4 | a >> 28) * M_HPT_VSID_FACTOR & VSID_MASK;
    uint32_t hash = (vsid ^ (a & 0x0fffffffu) >> hpt.shift) & (hpt.groups - 1);
    return (struct hpt_page){
        .env = env,
        .tag = M_HPT_V | vsid << M_HPT_VSID_SHIFT | (a >> 22 & M_HPT_API),
        .first = {hash * M_HPT_GROUP, (hpt.groups - 1 - hash) * M_HPT_GROUP}};
}

exo_word hpt_va(uint32_t slot)
{
    uint32_t hi = hpt.entry[slot].hi, group = slot / M_HPT_GROUP;
    uint32_t vsid = hi >> M_HPT_VSID_SHIFT & VSID_MASK;
    uint32_t segment = vsid * VSID_INVERSE & 15;
    uint32_t hash = hi & M_HPT_H ? ~group : group;
    uint32_t low = (hash ^ vsid) & ((1u << (22 - hpt.shift)) - 1); /* the rest is API */
    return segment << 28 | (hi & M_HPT_API) << 22 | low << hpt.shift;
}

uint32_t hpt_find(const struct hpt_page *p, uint32_t *free)
{
    uint32_t empty = HPT_NONE;
    for (uint32_t group = 0; group < 2; group++) {
        const struct hpt_entry *e = &hpt.entry[p->first[group]];
        uint32_t tag = group == 0 ? p->tag : p->tag | M_HPT_H;
        for (uint32_t i = 0; i < M_HPT_GROUP; i++) {
            if (e[i].hi == tag)
                return p->first[group] + i;
            if (!(e[i].hi & M_HPT_V) && empty == HPT_NONE)
                empty = p->first[group] + i;
        }
    }
    *free = empty;
    return HPT_NONE;
}

/* ---- changing the table ---- */

static void operate(uint32_t op)
{
    arch_mmio_write(hpt.base + M_HPT_OP,
                    op | (hpt.asids.broadcast ? M_MMU_BROADCAST : 0));
}

static void forget(uint32_t env, exo_word va)
{
    arch_mmio_write(hpt.base + M_HPT_VA, (uint32_t)va);
    arch_mmio_write(hpt.base + M_HPT_OP_SPACE, env);
    operate(M_HPT_OP_INVALIDATE);
}

/* Out of the table; a TLB may still have it. */
static void drop(uint32_t slot)
{
    uint32_t env = hpt.owner[slot];
    if (hpt.is_wired[slot]) {
        hpt.is_wired[slot] = 0;
        env_ctx(env)->miss++; /* before another core can miss it */
        barrier();
    }
    lists_remove(&hpt.lists, slot, hpt_frame(slot), env);
    hpt.entry[slot].hi = 0;
    hpt.owner[slot] = 0;
    barrier();
}

void hpt_remove(uint32_t slot)
{
    uint32_t env = hpt.owner[slot];
    exo_word va = hpt_va(slot);
    drop(slot);
    forget(env, va);
}

void hpt_set(const struct hpt_page *p, uint32_t slot, uint32_t frame, uint32_t flags,
             bool wired)
{
    struct hpt_entry *e = &hpt.entry[slot];
    e->lo = hpt_lo(frame, flags);
    barrier();
    e->hi = slot - p->first[0] < M_HPT_GROUP ? p->tag : p->tag | M_HPT_H;
    hpt.owner[slot] = (uint8_t)p->env;
    lists_add(&hpt.lists, slot, frame, p->env);
    hpt.is_wired[slot] = wired;
    if (wired)
        env_ctx(p->env)->miss--;
}

void hpt_change(uint32_t slot, uint32_t lo)
{
    struct hpt_entry *e = &hpt.entry[slot];
    uint32_t hi = e->hi, env = hpt.owner[slot];
    exo_word va = hpt_va(slot);
    e->hi = 0;
    barrier();
    forget(env, va);
    lists_remove(&hpt.lists, slot, hpt_frame(slot), env);
    e->lo = lo;
    lists_add(&hpt.lists, slot, hpt_frame(slot), env);
    barrier();
    e->hi = hi;
}

/* A guaranteed binding: in the table if there is room, else mmu_trap brings it. */
static void put_back(struct ctx *c, exo_word va, uint32_t frame, uint32_t flags,
                     bool wired)
{
    struct hpt_page p = hpt_page(c->id, va);
    uint32_t free = HPT_NONE, slot = hpt_find(&p, &free);
    if (slot != HPT_NONE)
        hpt_remove(slot);
    else
        slot = hpt_make_room(&p, free);
    if (slot != HPT_NONE)
        hpt_set(&p, slot, frame, flags, wired);
}

/* ---- wired translations ---- */

void wired_clear(struct ctx *c, struct wired *w)
{
    if (w->flags == 0)
        return;
    struct hpt_page p = hpt_page(c->id, w->va);
    uint32_t free = HPT_NONE, slot = hpt_find(&p, &free);
    if (slot != HPT_NONE)
        hpt_remove(slot);
    c->miss--;
    w->flags = 0;
}

void wired_set(struct ctx *c, struct wired *w, exo_word va, uint32_t frame,
               uint32_t flags)
{
    wired_clear(c, w);
    *w = (struct wired){.va = va, .frame = frame, .flags = flags};
    c->miss++;
    put_back(c, va, frame, flags, true);
}

/* ---- mmu.h ---- */

/* A power of two of groups, a quarter of a frame an entry, within what fits. */
static uint32_t choose_groups(uint64_t ram_size)
{
    uint32_t wanted = (uint32_t)(ram_size >> 13), groups = M_HPT_GROUPS_MIN;
    while (groups < wanted && groups < EXO_NHPT / M_HPT_GROUP)
        groups *= 2;
    return groups;
}

/* Where hardware can find it: at a multiple of its size. */
static void *aligned_table(uint32_t bytes, void *(*boot_alloc)(size_t bytes))
{
    uint32_t over = (uint32_t)arch_pa(boot_alloc(0)) & (bytes - 1);
    if (over != 0)
        boot_alloc(bytes - over);
    return boot_alloc(bytes);
}

void mmu_init(const struct exo_hw_device *dev, void *(*boot_alloc)(size_t bytes))
{
    const struct exo_hw_table *t = arch_phys(M_TABLE_BASE);
    if (dev->nparams <= M_HASHED_TLB_ENTRIES)
        kernel_panic("hashed MMU: the hardware table lacks parameters");
    hpt.base = dev->base;
    hpt.shift = (uint32_t)dev->params[M_HASHED_PAGE_SHIFT];
    if (hpt.shift < 12 || hpt.shift > 16)
        kernel_panic("hashed MMU: pages must be 4 KiB to 64 KiB");
    hpt.page_mask = ~(((exo_word)1 << hpt.shift) - 1);
    hpt.va_end = va_limit(dev->params[M_HASHED_VA_BITS]);
    hpt.nframes = (uint32_t)(t->ram_size >> hpt.shift);
    hpt.share = EXO_HPT_SHARE(t->cores);
    hpt.groups = choose_groups(t->ram_size);
    hpt.slots = hpt.groups * M_HPT_GROUP;
    hpt.entry = aligned_table(hpt.slots * sizeof hpt.entry[0], boot_alloc);
    hpt.owner = boot_alloc(hpt.slots);
    hpt.is_wired = boot_alloc(hpt.slots);
    lists_init(&hpt.lists, hpt.slots, hpt.nframes, boot_alloc);
    hpt.kept.shift = hpt.shift;
    hpt.kept.nframes = hpt.nframes;
    hpt.kept.va_end = hpt.va_end;
    asids_init(&hpt.asids, dev->params[M_HASHED_SPACE_BITS]);
    if (!hpt.asids.unique)
        kernel_panic("hashed MMU: fewer address spaces than environments");
}

/* All may read it: nobody but the kernel has these frames. */
static void export(const void *p, uint32_t bytes)
{
    uint32_t first = (uint32_t)(arch_pa(p) >> hpt.shift);
    for (uint32_t i = 0; i << hpt.shift < bytes; i++)
        frame_get(first + i)->type = EXO_FRAME_EXPORT;
}

extern const char miss_vector[]; /* <isa>/miss.S */

void mmu_init_core(void)
{
    if (arch_mmio_read(M_CORE_BASE + M_COREID) == 0) { /* the frame table is there now */
        export(hpt.entry, hpt.slots * (uint32_t)sizeof hpt.entry[0]);
        export(hpt.owner, hpt.slots);
    }
    arch_mmio_write(M_CORE_BASE + M_MISS_VECTOR, (uint32_t)(uintptr_t)miss_vector);
    arch_mmio_write(hpt.base + M_HPT_SPACE, 0);
    arch_mmio_write(hpt.base + M_HPT_SDR1,
                    (uint32_t)arch_pa(hpt.entry) | (hpt.groups / M_HPT_GROUPS_MIN - 1));
    arch_mmio_write(hpt.base + M_HPT_OP, M_HPT_OP_INVALIDATE_ALL);
}

void mmu_env_init(struct ctx *c)
{
    c->asid = c->id;
    c->root = 0;
    c->mmu = hpt.base;
    c->switch_ = asids_simple(&hpt.asids) ? hpt.base : 0;
    c->miss = 0;
    ctx_update_save(c);
}

void mmu_env_destroy(struct ctx *c)
{
    kept_forget(&hpt.kept, c->id);
    bool any = hpt.lists.env_head[c->id] != 0;
    while (hpt.lists.env_head[c->id] != 0)
        drop(hpt.lists.env_head[c->id] - 1u);
    if (any)
        operate(
            M_HPT_OP_INVALIDATE_ALL); /* there is no operation for one address space */
    c->miss = 0;
}

void mmu_switch(const struct ctx *c)
{
    arch_mmio_write(hpt.base + M_HPT_SPACE, c->asid);
}

/* The slot of the page, brought back if it is guaranteed. */
static uint32_t look_up(struct ctx *c, exo_word va)
{
    struct hpt_page p = hpt_page(c->id, va);
    uint32_t free = HPT_NONE, frame, flags, slot = hpt_find(&p, &free);
    bool wired;
    if (slot != HPT_NONE || !kept_find(&hpt.kept, c, va, &frame, &flags, &wired))
        return slot;
    slot = hpt_make_room(&p, free);
    if (slot != HPT_NONE)
        hpt_set(&p, slot, frame, flags, wired);
    return slot;
}

/* As the hardware would, R and C included. */
int mmu_translate(struct ctx *c, uint64_t va, unsigned access, uint64_t *pa,
                  uint32_t *cause)
{
    exo_word offset = (exo_word)va & ~hpt.page_mask;
    uint32_t slot = va < hpt.va_end ? look_up(c, (exo_word)va - offset) : HPT_NONE;
    *cause = access << M_CAUSE_ACCESS_SHIFT;
    if (slot == HPT_NONE) {
        *cause |= va < hpt.va_end ? M_CAUSE_TLB_MISS : M_CAUSE_PAGE;
        return -EXO_EFAULT;
    }
    if (!(hpt_flags(slot) >> access & 1)) {
        *cause |= M_CAUSE_PROT;
        return -EXO_EFAULT;
    }
    hpt.entry[slot].lo |= access == 1 ? M_HPT_R | M_HPT_C : M_HPT_R;
    *pa = ((uint64_t)hpt_frame(slot) << hpt.shift) + offset;
    return 0;
}

/* PROT can be out of date only where another core just changed the binding. */
bool mmu_trap(struct ctx *c, uint32_t cause, uint64_t badpage)
{
    uint32_t access = cause >> M_CAUSE_ACCESS_SHIFT & 3;
    if (badpage >= hpt.va_end)
        return false;
    uint32_t slot = look_up(c, (exo_word)badpage);
    if (slot == HPT_NONE)
        return false;
    return (cause & M_CAUSE_CODE) != M_CAUSE_PROT || hpt_flags(slot) >> access & 1;
}

void mmu_boot_map(struct ctx *c, uint64_t va, uint32_t frame, uint32_t flags)
{
    kept_note_boot(&hpt.kept, c->id, (exo_word)va, frame, flags & RIGHTS);
    put_back(c, (exo_word)va, frame, flags, false);
}

void mmu_wire_upage(struct ctx *c, uint32_t frame)
{
    kept_wire_upage(&hpt.kept, c, frame);
}

void mmu_break_frame(struct ctx *c, uint32_t frame)
{
    kept_break(&hpt.kept, c, frame);
    uint16_t next;
    for (uint16_t i = hpt.lists.frame_head[frame]; i != 0; i = next) {
        next = hpt.lists.link[i].frame_next;
        if (c == NULL || hpt.owner[i - 1] == c->id)
            hpt_remove(i - 1u);
    }
}
