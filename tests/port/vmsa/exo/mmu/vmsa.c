// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vmsa.c - translations on "exo,mmu-vmsa" (exo/mmu_vmsa.h). Interface: mmu.h's mmu_*, inv_mmu, and
 * the calls vmsa_* (calls/mmu_vmsa.def).
 *
 *     first[env], 8 KiB each, the kernel's  ->  frames of the environment, four tables each  ->  page
 *
 * Ownership: a first-level table belongs to the kernel, one for each environment from boot on. A
 * frame of second-level tables is held by its environment, has type TABLE and is written only here;
 * its four first-level descriptors are set together. live[frame] = descriptors in use in it. A page
 * descriptor counts in exo_frame.maps, and in uses[frame][env], so that breaking a binding that
 * is not there costs nothing.
 */
#include <exo/mmu_vmsa.h>

#include "common.h"

#define SYS(name)                                                                        \
    exo_sword sys_##name(struct ctx *c, exo_word a0, exo_word a1, exo_word a2,           \
                         exo_word a3, exo_word a4)
#define RIGHTS (EXO_R | EXO_W | EXO_X)
#define SHIFT 12u
#define PAGE_MASK (~(exo_word)0xfff)
#define GROUP 22u     /* log2 of what a frame of tables covers */
#define GROUPS 512u   /* of 2 GiB */
#define ENTRIES 1024u /* descriptors in it */
#define MANY 255u     /* uses[] sticks here: "perhaps more" */

static struct {
    uint32_t base, nframes;
    exo_word va_end;
    uint32_t *first; /* [EXO_NENV][4 * GROUPS] */
    uint16_t *live;  /* [nframes] */
    uint8_t *uses;   /* [nframes][EXO_NENV] */
    struct asids asids;
} vmsa;

/* ---- descriptors ---- */

static uint32_t *first_of(const struct ctx *c, uint32_t group)
{
    return &vmsa.first[(c->id * GROUPS + group) * 4];
}

/* Frame of the second-level tables around va; 0: none. */
static uint32_t tables_of(const struct ctx *c, exo_word va)
{
    return *first_of(c, (uint32_t)(va >> GROUP)) >> SHIFT;
}

static volatile uint32_t *slot(uint32_t tables, uint32_t index)
{
    volatile uint32_t *t = arch_phys((uint64_t)tables << SHIFT);
    return &t[index];
}

static volatile uint32_t *slot_of(uint32_t tables, exo_word va)
{
    return slot(tables, (uint32_t)(va >> SHIFT) & (ENTRIES - 1));
}

/* Writing and running need reading: the format knows no other pages. */
static uint32_t descriptor(uint32_t frame, uint32_t rights)
{
    return frame << SHIFT | M_VMSA_PAGE | M_VMSA_AP_USER |
           (rights & EXO_W ? 0 : M_VMSA_AP_RO) | (rights & EXO_X ? 0 : M_VMSA_XN);
}

static uint32_t rights_of(uint32_t d)
{
    if (!(d & M_VMSA_PAGE))
        return 0;
    return EXO_R | (d & M_VMSA_AP_RO ? 0 : EXO_W) | (d & M_VMSA_XN ? 0 : EXO_X);
}

static uint8_t *uses(const struct ctx *c, uint32_t frame)
{
    return &vmsa.uses[frame * EXO_NENV + c->id];
}

/* ---- the hardware's copies ---- */

static void invalidate(uint32_t reg, uint32_t value)
{
    uint32_t all = vmsa.asids.broadcast ? M_VMSA_SHARED : 0;
    arch_mmio_write(vmsa.base + reg + all, value);
}

static void forget(const struct ctx *c, exo_word va)
{
    invalidate(M_VMSA_TLBIMVA, (uint32_t)va | c->asid);
}

/* ---- changing bindings ---- */

static void count_out(const struct ctx *c, uint32_t frame)
{
    uint8_t *n = uses(c, frame);
    if (*n != MANY)
        --*n;
    frame_unmapped(frame);
}

static void unbind(struct ctx *t, uint32_t tables, exo_word va)
{
    uint32_t old = *slot_of(tables, va);
    if (!(old & M_VMSA_PAGE))
        return;
    *slot_of(tables, va) = 0;
    vmsa.live[tables]--;
    forget(t, va);
    count_out(t, old >> SHIFT);
}

static void place(struct ctx *t, uint32_t tables, exo_word va, uint32_t frame,
                  uint32_t rights)
{
    uint32_t old = *slot_of(tables, va);
    uint8_t *n = uses(t, frame);
    *slot_of(tables, va) = descriptor(frame, rights);
    if (*n != MANY)
        ++*n;
    frame_mapped(frame);
    if (old & M_VMSA_PAGE) {
        forget(t, va);
        count_out(t, old >> SHIFT);
    } else {
        vmsa.live[tables]++;
    }
}

/* Caller c binds va | flags of t to a frame. Without rights: unbinds. */
static int bind(struct ctx *c, struct ctx *t, exo_word arg, exo_word frame, exo_word cap)
{
    exo_word va;
    uint32_t rights = (uint32_t)arg & RIGHTS;
    if (page_arg(arg, PAGE_MASK, vmsa.va_end, &va) != 0)
        return -EXO_EVA;
    uint32_t tables = tables_of(t, va);
    if (rights == 0) {
        if (tables != 0)
            unbind(t, tables, va);
        return 0;
    }
    if (tables == 0)
        return -EXO_ENOTABLE;
    if (frame >= vmsa.nframes)
        return -EXO_EFRAME;
    int error = frame_may_bind(c->id, t->id, cap, (uint32_t)frame, rights | EXO_R);
    if (error != 0)
        return error;

    place(t, tables, va, (uint32_t)frame, rights);
    return 0;
}

/* ---- walking an address space ---- */

/* Ends the translations of one environment: those to `frame`, as many as are counted. */
static void break_in(struct ctx *t, uint32_t frame)
{
    for (uint32_t g = 0; g < GROUPS && *uses(t, frame) != 0; g++) {
        uint32_t tables = tables_of(t, (exo_word)g << GROUP);
        uint32_t left = tables != 0 ? vmsa.live[tables] : 0;
        for (uint32_t i = 0; left > 0 && *uses(t, frame) != 0; i++) {
            uint32_t d = *slot(tables, i);
            if (!(d & M_VMSA_PAGE))
                continue;
            left--;
            if (d >> SHIFT == frame)
                unbind(t, tables, ((exo_word)g << GROUP) + ((exo_word)i << SHIFT));
        }
    }
    *uses(t, frame) = 0; /* also if it stuck */
}

/* ---- mmu.h ---- */

void mmu_init(const struct exo_hw_device *dev, void *(*boot_alloc)(size_t bytes))
{
    const struct exo_hw_table *t = arch_phys(M_TABLE_BASE);
    if (dev->nparams < M_VMSA_PARAMS || dev->params[M_VMSA_PARAM_PAGE_SHIFT] != SHIFT ||
        dev->params[M_VMSA_PARAM_VA_BITS] != 31)
        kernel_panic("vmsa MMU: expected pages of 4 KiB and 31-bit virtual addresses");
    vmsa.base = dev->base;
    vmsa.va_end = va_limit(31);
    vmsa.nframes = (uint32_t)(t->ram_size >> SHIFT);
    size_t table = 4 * GROUPS * sizeof vmsa.first[0];
    char *memory =
        boot_alloc((EXO_NENV + 1) * table); /* tables are aligned to their size */
    vmsa.first = (uint32_t *)(void *)(memory + (table - arch_pa(memory) % table) % table);
    vmsa.live = boot_alloc(vmsa.nframes * sizeof vmsa.live[0]);
    vmsa.uses = boot_alloc((size_t)vmsa.nframes * EXO_NENV);
    asids_init(&vmsa.asids, dev->params[M_VMSA_PARAM_ASID_BITS]);
}

/* Row 0 is no environment's: empty. */
void mmu_init_core(void)
{
    arch_mmio_write(vmsa.base + M_VMSA_TTBR0, (uint32_t)arch_pa(vmsa.first));
    arch_mmio_write(vmsa.base + M_VMSA_ASID, 0);
    arch_mmio_write(vmsa.base + M_VMSA_TLBIALL, 0);
}

void mmu_env_init(struct ctx *c)
{
    c->asid = c->id & vmsa.asids.mask;
    c->root = arch_pa(first_of(c, 0));
    c->mmu = vmsa.base;
    c->switch_ = 0; /* no switch.S: pct_call goes through C */
    c->miss = 0;
    ctx_update_save(c);
}

static void drop_tables(struct ctx *c, uint32_t tables)
{
    uint32_t left = vmsa.live[tables];
    for (uint32_t i = 0; left > 0; i++) {
        uint32_t d = *slot(tables, i);
        if (!(d & M_VMSA_PAGE))
            continue;
        left--;
        *uses(c, d >> SHIFT) = 0;
        frame_unmapped(d >> SHIFT);
    }
    vmsa.live[tables] = 0;
    frame_drop_table(c->id, tables);
}

void mmu_env_destroy(struct ctx *c)
{
    invalidate(M_VMSA_TLBIASID, c->asid);
    for (uint32_t g = 0; g < GROUPS; g++) {
        uint32_t *first = first_of(c, g), tables = *first >> SHIFT;
        if (tables == 0)
            continue;
        first[0] = first[1] = first[2] = first[3] = 0;
        drop_tables(c, tables);
    }
}

void mmu_switch(const struct ctx *c)
{
    if (asids_must_flush(&vmsa.asids, c))
        arch_mmio_write(vmsa.base + M_VMSA_TLBIASID, c->asid);
    arch_mmio_write(vmsa.base + M_VMSA_TTBR0, (uint32_t)c->root);
    arch_mmio_write(vmsa.base + M_VMSA_ASID, c->asid);
}

int mmu_translate(struct ctx *c, uint64_t va, unsigned access, uint64_t *pa,
                  uint32_t *cause)
{
    uint32_t tables = va < vmsa.va_end ? tables_of(c, (exo_word)va) : 0;
    uint32_t d = tables != 0 ? *slot_of(tables, (exo_word)va) : 0;
    *cause = access << M_CAUSE_ACCESS_SHIFT;
    if (!(rights_of(d) >> access & 1)) {
        *cause |= d & M_VMSA_PAGE ? M_CAUSE_PROT : M_CAUSE_PAGE;
        return -EXO_EFAULT;
    }
    *pa = (d & (uint32_t)PAGE_MASK) + (va & ~(uint64_t)PAGE_MASK);
    return 0;
}

/* The walker has seen everything the kernel could: faults are the environment's. */
bool mmu_trap(struct ctx *c, uint32_t cause, uint64_t badpage)
{
    (void)c, (void)cause, (void)badpage;
    return false;
}

static void add_tables(struct ctx *c, exo_word va, uint32_t frame)
{
    uint32_t *first = first_of(c, (uint32_t)(va >> GROUP));
    vmsa.live[frame] = 0;
    for (uint32_t i = 0; i < 4; i++)
        first[i] = (frame << SHIFT) + i * 0x400 + M_VMSA_TABLE;
}

void mmu_boot_map(struct ctx *c, uint64_t va, uint32_t frame, uint32_t flags)
{
    if (tables_of(c, (exo_word)va) == 0)
        add_tables(c, (exo_word)va, frame_boot_alloc(c->id, EXO_FRAME_TABLE));
    place(c, tables_of(c, (exo_word)va), (exo_word)va, frame, flags & RIGHTS);
}

void mmu_wire_upage(struct ctx *c, uint32_t frame)
{
    (void)c, (void)frame; /* a page table forgets nothing */
}

void mmu_break_frame(struct ctx *c, uint32_t frame)
{
    for (uint32_t id = 1; id < EXO_NENV; id++) {
        struct ctx *t = env_ctx(id);
        if ((c == NULL || c == t) && *uses(t, frame) != 0)
            break_in(t, frame);
    }
}

/* ---- calls ---- */

SYS(vmsa_table)
{
    (void)a4;
    struct ctx *t;
    exo_word va;
    int error = env_target(c->id, a0, a1, EXO_CAP_W, &t);
    if (error == 0)
        error = page_arg(a2, PAGE_MASK, vmsa.va_end, &va);
    if (error != 0)
        return error;
    if (a3 == 0 || a3 >= vmsa.nframes)
        return -EXO_EFRAME;
    if (tables_of(t, va) != 0)
        return -EXO_EBUSY;
    error = frame_make_table(t->id, (uint32_t)a3);
    if (error != 0)
        return error;

    add_tables(t, va, (uint32_t)a3);
    return 0;
}

SYS(vmsa_bind)
{
    struct ctx *t;
    int error = env_target(c->id, a0, a1, EXO_CAP_W, &t);
    return error != 0 ? error : bind(c, t, a2, a3, a4);
}

SYS(vmsa_batch)
{
    (void)a4;
    struct ctx *t;
    struct exo_map op[EXO_BATCH_MAX];
    int error = env_target(c->id, a0, a1, EXO_CAP_W, &t);
    if (error != 0)
        return error;
    if (a3 > EXO_BATCH_MAX)
        return -EXO_ERANGE;
    exo_sword fault = copy_from_user(c, op, a2, a3 * sizeof op[0]);
    if (fault != 0)
        return fault;

    for (exo_word i = 0; i < a3 && error == 0; i++)
        error = (exo_word)op[i].va != op[i].va
                    ? -EXO_EVA
                    : bind(c, t, (exo_word)op[i].va, op[i].frame, op[i].cap);
    return error;
}

/* The environment and pages that unbind and protect name. */
static int range(struct ctx *c, exo_word env, exo_word cap, exo_word arg, exo_word n,
                 struct ctx **t, exo_word *va)
{
    int error = env_target(c->id, env, cap, EXO_CAP_W, t);
    if (error == 0)
        error = page_arg(arg, PAGE_MASK, vmsa.va_end, va);
    return error != 0 ? error : range_arg(*va, n, SHIFT, vmsa.va_end);
}

SYS(vmsa_unbind)
{
    (void)a4;
    struct ctx *t;
    exo_word va;
    int error = range(c, a0, a1, a2, a3, &t, &va);
    if (error != 0)
        return error;

    for (exo_word n = a3; n > 0; n--, va += (exo_word)1 << SHIFT)
        if (tables_of(t, va) != 0)
            unbind(t, tables_of(t, va), va);
    return 0;
}

/* Rights that are not there stay away: who wants more binds anew. */
static void cut(struct ctx *t, exo_word va, uint32_t rights)
{
    uint32_t tables = tables_of(t, va), d = tables != 0 ? *slot_of(tables, va) : 0;
    uint32_t kept = rights_of(d) & rights;
    if (kept == rights_of(d))
        return;
    if (kept == 0) {
        unbind(t, tables, va);
        return;
    }
    *slot_of(tables, va) = descriptor(d >> SHIFT, kept);
    forget(t, va);
}

SYS(vmsa_protect)
{
    (void)a4;
    struct ctx *t;
    exo_word va;
    int error = range(c, a0, a1, a2, a3, &t, &va);
    if (error != 0)
        return error;

    for (exo_word n = a3; n > 0; n--, va += (exo_word)1 << SHIFT)
        cut(t, va, (uint32_t)a2 & RIGHTS);
    return 0;
}

/* ---- invariants ---- */

/* A descriptor names a frame that its environment may still use like that. */
static bool inv_entry(const struct ctx *c, uint32_t d)
{
    const struct exo_frame *f = frame_get(d >> SHIFT);
    if (f == NULL)
        return false;
    switch (f->type) {
    case EXO_FRAME_EXPORT:
    case EXO_FRAME_MODULE: return !(rights_of(d) & EXO_W);
    case EXO_FRAME_TABLE: return !(rights_of(d) & EXO_W) && frame_held(c->id, d >> SHIFT);
    case EXO_FRAME_USER: return frame_held(c->id, d >> SHIFT);
    default: return false;
    }
}

static const char *inv_env(const struct ctx *c)
{
    for (uint32_t g = 0; g < GROUPS; g++) {
        uint32_t tables = tables_of(c, (exo_word)g << GROUP), n = 0;
        const struct exo_frame *f = frame_get(tables);
        if (tables == 0)
            continue;
        if (f == NULL || f->type != EXO_FRAME_TABLE || !frame_held(c->id, tables))
            return "vmsa: tables are not in their environment's table frame";
        for (uint32_t i = 0; i < ENTRIES; i++) {
            uint32_t d = *slot(tables, i);
            n += (d & M_VMSA_PAGE) != 0;
            if (d & M_VMSA_PAGE && (!inv_entry(c, d) || *uses(c, d >> SHIFT) == 0))
                return "vmsa: a descriptor names a frame its environment may not use so";
        }
        if (n != vmsa.live[tables])
            return "vmsa: a table's descriptors are not as counted";
    }
    return NULL;
}

bool inv_mmu(const char **what)
{
    const char *wrong = NULL;
    for (uint32_t id = 1; id < EXO_NENV && wrong == NULL; id++)
        wrong = inv_env(env_ctx(id));
    for (uint32_t f = 0; f < vmsa.nframes && wrong == NULL; f++) {
        const struct exo_frame *frame = frame_get(f);
        uint32_t sum = 0;
        bool many = false;
        for (uint32_t id = 1; id < EXO_NENV; id++) {
            sum += vmsa.uses[f * EXO_NENV + id];
            many |= vmsa.uses[f * EXO_NENV + id] == MANY;
        }
        if (frame != NULL && !many && frame->maps != sum)
            wrong = "vmsa: a frame's maps are not the descriptors that point to it";
    }
    if (wrong != NULL)
        *what = wrong;
    return wrong == NULL;
}
