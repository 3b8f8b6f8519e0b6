// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * radix.c - translations on a hardware-walked page table of any geometry: levels, index
 * bits, entry size and layout come from the hardware table (machine.h, M_RADIX_*).
 *
 * Interface: mmu.h's mmu_*, inv_mmu, and the calls pt_*. The environment names every
 * frame, also those that become its tables; nothing is allocated here.
 *
 *     ctx.root -> root table (level levels-1) -> ... -> last table (level 0) -> page
 *
 * Ownership: a table frame is held by its environment, has type TABLE and is written only
 * here (its holder may bind it read-only); an entry of the last level counts in
 * exo_frame.maps. Per frame: table_of[] = entries in use if it is a table; uses[] =
 * entries of each environment that point to it, so that breaking a binding that is not
 * there costs nothing.
 */
#include "radix_priv.h"

struct radix radix;

/* The table of `level` that covers va; 0 if there is none. */
uint32_t radix_walk(const struct ctx *c, exo_word va, uint32_t level)
{
    uint32_t table = (uint32_t)(c->root >> radix.shift);
    for (uint32_t l = radix.levels - 1; l > level; l--) {
        uint64_t pte = slot_read(table, index_of(va, l));
        if (!holds(&radix.present, pte))
            return 0;
        table = frame_of(pte);
    }
    return radix_has_root(c) ? table : 0;
}

uint32_t radix_last_table(const struct ctx *c, exo_word va)
{
    exo_word key = (va & radix.last_mask) + 1;
    struct radix_last *last = &radix.last[c->id][index_of(va, 1) % RADIX_LAST];
    if (last->key == key)
        return last->table;
    uint32_t table = radix_walk(c, va, 0);
    if (table != 0)
        *last = (struct radix_last){key, table};
    return table;
}

void radix_forget_tables(const struct ctx *c)
{
    for (uint32_t i = 0; i < RADIX_LAST; i++)
        radix.last[c->id][i].key = 0;
}

/* ---- the hardware's copies ---- */

static void operate(uint32_t op)
{
    arch_mmio_write(radix.base + M_RADIX_OP,
                    op | (radix.asids.broadcast ? M_MMU_BROADCAST : 0));
}

void radix_forget(const struct ctx *c, exo_word va)
{
    write64(radix.base + M_RADIX_VA, va);
    arch_mmio_write(radix.base + M_RADIX_OP_ASID, c->asid);
    operate(M_RADIX_OP_INVALIDATE);
}

void radix_forget_all(const struct ctx *c)
{
    arch_mmio_write(radix.base + M_RADIX_OP_ASID, c->asid);
    operate(M_RADIX_OP_INVALIDATE_ASID);
}

/* ---- counting ---- */

static void use_entry(uint32_t table, uint32_t index)
{
    struct radix_table *t = &radix.table_of[table];
    t->live++;
    if (index < t->first)
        t->first = (uint16_t)index;
}

static void count_in(const struct ctx *c, uint32_t frame)
{
    uint8_t *uses = radix_uses(c, frame);
    if (*uses != RADIX_USES_MANY)
        ++*uses;
    frame_mapped(frame);
}

static void count_out(const struct ctx *c, uint32_t table, uint32_t frame)
{
    uint8_t *uses = radix_uses(c, frame);
    radix.table_of[table].live--;
    if (*uses != RADIX_USES_MANY)
        --*uses;
    frame_unmapped(frame);
}

/* ---- tables ---- */

void radix_new_table(uint32_t frame)
{
    radix.table_of[frame] = (struct radix_table){.live = 0, .first = UINT16_MAX};
}

void radix_add_table(uint32_t above, uint32_t index, uint32_t frame)
{
    radix_new_table(frame);
    slot_write(above, index, entry_of(frame, radix.table_bits));
    use_entry(above, index);
}

/* ---- changing bindings ---- */

void radix_unbind(struct ctx *t, exo_word va, uint32_t table)
{
    uint32_t i = index_of(va, 0);
    uint64_t old = slot_read(table, i);
    if (!holds(&radix.present, old))
        return;
    slot_write(table, i, 0);
    radix_forget(t, va);
    count_out(t, table, frame_of(old));
}

int radix_bind(struct ctx *c, struct ctx *t, exo_word arg, exo_word frame, exo_word cap)
{
    exo_word va;
    uint32_t rights = (uint32_t)arg & RIGHTS;
    if (page_arg(arg, radix.page_mask, radix.va_end, &va) != 0)
        return -EXO_EVA;
    uint32_t table = radix_last_table(t, va);
    if (rights == 0) {
        if (table != 0)
            radix_unbind(t, va, table);
        return 0;
    }
    if (table == 0)
        return -EXO_ENOTABLE;
    if (!radix.can[rights])
        return -EXO_EINVAL;
    if (frame >= radix.nframes)
        return -EXO_EFRAME;
    int error = frame_may_bind(c->id, t->id, cap, (uint32_t)frame, rights);
    if (error != 0)
        return error;

    uint32_t i = index_of(va, 0);
    uint64_t old = slot_read(table, i);
    slot_write(table, i, entry_of((uint32_t)frame, radix_bits(arg)));
    use_entry(table, i);
    count_in(t, (uint32_t)frame);
    if (holds(&radix.present, old)) {
        radix_forget(t, va);
        count_out(t, table, frame_of(old));
    }
    return 0;
}

/* ---- walking all of an address space, in address order, without recursion ---- */

void radix_cursor_start(struct radix_cursor *k, const struct ctx *c)
{
    k->level = radix.levels - 1;
    k->table[k->level] = (uint32_t)(c->root >> radix.shift);
    k->index[k->level] = radix.table_of[k->table[k->level]].first;
    k->left[k->level] = radix_has_root(c) ? radix.table_of[k->table[k->level]].live : 0;
}

/* From index on, skip what is zero, words at a time: what is not in use is zero, and an entry
 * of zeroes is never present. */
static uint32_t next_used(uint32_t table, uint32_t index)
{
    const exo_word *word = slot(table, 0);
    const uint32_t size = sizeof *word;
    uint32_t end = (radix.pte_size << radix.bits) / size;
    uint32_t w = index * radix.pte_size / size;
    while (w + 4 <= end && (word[w] | word[w + 1] | word[w + 2] | word[w + 3]) == 0)
        w += 4;
    while (w < end && word[w] == 0)
        w++;
    uint32_t found = w * size / radix.pte_size;
    return found > index ? found : index;
}

bool radix_cursor_next(struct radix_cursor *k)
{
    while (k->left[k->level] != 0) {
        uint32_t l = k->level;
        k->index[l] = next_used(k->table[l], k->index[l]);
        uint64_t pte = slot_read(k->table[l], k->index[l]);
        k->index[l]++;
        if (!holds(&radix.present, pte))
            continue;
        k->left[l]--;
        if (l == 0)
            return true;
        k->level = l - 1;
        k->table[l - 1] = frame_of(pte);
        k->index[l - 1] = radix.table_of[frame_of(pte)].first;
        k->left[l - 1] = radix.table_of[frame_of(pte)].live;
    }
    return false;
}

bool radix_cursor_up(struct radix_cursor *k)
{
    if (k->level == radix.levels - 1)
        return false;
    k->level++;
    return true;
}

exo_word radix_cursor_va(const struct radix_cursor *k)
{
    exo_word page = 0;
    for (uint32_t l = radix.levels; l-- > 0;)
        page = page << radix.bits | (k->index[l] - 1);
    return page << radix.shift;
}

static void break_in(struct ctx *t, uint32_t frame)
{
    struct radix_cursor k;
    radix_cursor_start(&k, t);
    do {
        while (*radix_uses(t, frame) != 0 && radix_cursor_next(&k)) {
            uint32_t i = k.index[0] - 1;
            if (frame_of(slot_read(k.table[0], i)) == frame)
                radix_unbind(t, radix_cursor_va(&k), k.table[0]);
        }
    } while (*radix_uses(t, frame) != 0 && radix_cursor_up(&k));
    *radix_uses(t, frame) = 0; /* also if it stuck */
}

/* ---- mmu.h ---- */

void mmu_init(const struct exo_hw_device *dev, void *(*boot_alloc)(size_t bytes))
{
    const struct exo_hw_table *t = arch_phys(M_TABLE_BASE);
    if (dev->nparams <= M_RADIX_ASID_BITS)
        kernel_panic("radix MMU: the hardware table lacks parameters");
    if (!radix_format(dev))
        kernel_panic("radix MMU: a page table the kernel cannot drive");
    radix.nframes = (uint32_t)(t->ram_size >> radix.shift);
    radix.table_of = boot_alloc(radix.nframes * sizeof radix.table_of[0]);
    radix.uses = boot_alloc((size_t)radix.nframes * EXO_NENV);
    radix.empty_pa = arch_pa(boot_alloc((size_t)1 << radix.shift));
    asids_init(&radix.asids, dev->params[M_RADIX_ASID_BITS]);
}

void mmu_init_core(void)
{
    write64(radix.base + M_RADIX_ROOT, radix.empty_pa);
    arch_mmio_write(radix.base + M_RADIX_ASID, 0);
    arch_mmio_write(radix.base + M_RADIX_OP, M_RADIX_OP_INVALIDATE_ALL);
}

void mmu_env_init(struct ctx *c)
{
    c->asid = c->id & radix.asids.mask;
    c->root = radix.empty_pa;
    c->mmu = radix.base;
    c->switch_ = asids_simple(&radix.asids) ? radix.base : 0;
    c->miss = 0;
    radix_forget_tables(c);
    ctx_update_save(c);
}

void mmu_env_destroy(struct ctx *c)
{
    struct radix_cursor k;
    if (!radix_has_root(c))
        return;
    radix_cursor_start(&k, c);
    c->root = radix.empty_pa;
    radix_forget_tables(c);
    radix_forget_all(c);
    do {
        while (radix_cursor_next(&k)) {
            uint32_t frame = frame_of(slot_read(k.table[0], k.index[0] - 1));
            *radix_uses(c, frame) = 0;
            frame_unmapped(frame);
        }
        frame_drop_table(c->id, k.table[k.level]);
    } while (radix_cursor_up(&k));
}

void mmu_switch(const struct ctx *c)
{
    if (asids_must_flush(&radix.asids, c)) {
        arch_mmio_write(radix.base + M_RADIX_OP_ASID, c->asid);
        arch_mmio_write(radix.base + M_RADIX_OP, M_RADIX_OP_INVALIDATE_ASID);
    }
    write64(radix.base + M_RADIX_ROOT, c->root);
    arch_mmio_write(radix.base + M_RADIX_ASID, c->asid);
}

/* As the walker would, accessed and dirty bits included. */
int mmu_translate(struct ctx *c, uint64_t address, unsigned access, uint64_t *pa,
                  uint32_t *cause)
{
    exo_word va = (exo_word)address;
    uint32_t table = address < radix.va_end ? radix_last_table(c, va) : 0;
    uint32_t i = index_of(va, 0);
    uint64_t pte = table != 0 ? slot_read(table, i) : 0;
    *cause = access << M_CAUSE_ACCESS_SHIFT;
    if (table == 0 || !holds(&radix.present, pte)) {
        *cause |= M_CAUSE_PAGE;
        return -EXO_EFAULT;
    }
    if (!(radix_rights(pte) >> access & 1)) {
        *cause |= M_CAUSE_PROT;
        return -EXO_EFAULT;
    }
    uint64_t used = pte | radix.accessed | (access == 1 ? radix.dirty : 0);
    if (used != pte)
        slot_write(table, i, used);
    *pa = ((uint64_t)frame_of(pte) << radix.shift) + (va & ~radix.page_mask);
    return 0;
}

/* The walker has seen everything the kernel could: faults are the environment's. */
bool mmu_trap(struct ctx *c, uint32_t cause, uint64_t badpage)
{
    (void)c;
    (void)cause;
    (void)badpage;
    return false;
}

void mmu_boot_map(struct ctx *c, uint64_t address, uint32_t frame, uint32_t flags)
{
    exo_word va = (exo_word)address;
    if (!radix_has_root(c)) {
        uint32_t root = frame_boot_alloc(c->id, EXO_FRAME_TABLE);
        radix_new_table(root);
        c->root = (uint64_t)root << radix.shift;
    }
    for (uint32_t l = radix.levels - 1; l > 0; l--) {
        uint32_t above = radix_walk(c, va, l), i = index_of(va, l);
        if (!holds(&radix.present, slot_read(above, i)))
            radix_add_table(above, i, frame_boot_alloc(c->id, EXO_FRAME_TABLE));
    }
    uint32_t last = radix_walk(c, va, 0), i = index_of(va, 0);
    uint64_t old = slot_read(last, i);
    if (!radix.can[flags & RIGHTS])
        kernel_panic("radix MMU: its entries cannot say what a boot program needs");
    slot_write(last, i, entry_of(frame, radix_bits(flags)));
    use_entry(last, i);
    count_in(c, frame);
    if (holds(&radix.present, old))
        count_out(c, last, frame_of(old));
}

void mmu_wire_upage(struct ctx *c, uint32_t frame)
{
    (void)c;
    (void)frame; /* a page table forgets nothing */
}

void mmu_break_frame(struct ctx *c, uint32_t frame)
{
    if (c != NULL) {
        if (*radix_uses(c, frame) != 0)
            break_in(c, frame);
        return;
    }
    for (uint32_t id = 1; id < EXO_NENV; id++)
        if (radix.uses[frame * EXO_NENV + id] != 0)
            break_in(env_ctx(id), frame);
}
