// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * regions.c - "exo,mmu-regions": N windows, no pages. A window moves the virtual addresses [BASE,
 * LIMIT) to the physical ones from PA on, with rights. The bounds registers are those of the
 * Armv8-M MPU (PMSAv8: a base and a limit a region, 8 or 16 regions); the relocation is an adder
 * behind the comparison, as in the segment registers of the PDP-11 (KT11: 8 of them, each with a
 * base and a length). Registers are 64-bit LO/HI so that any ISA can drive it.
 *
 *   0x00 INDEX   rw  window of OP
 *   0x08 BASE    rw  64-bit LO/HI: first virtual address
 *   0x10 LIMIT   rw  64-bit LO/HI: first virtual address behind it
 *   0x18 PA      rw  64-bit LO/HI: physical address of BASE | V 1, R 2, W 4, X 8
 *   0x20 OP      wo  1 write window INDEX, INDEX becomes the next; 2 read; 3 empty window INDEX;
 *                    4 empty all; 5 empty each that maps PA's granule. 4, 5 with 0x100: on
 *                    every core
 *
 * BASE, LIMIT and PA are multiples of the granule (exo,page-shift; low bits read as written 0).
 * With exo,power-of-two the size must be a power of two and BASE a multiple of it, as in Armv7-M's
 * MPU and RISC-V's PMP (NAPOT); PA is any granule. Windows may overlap: the one with the lowest
 * number that holds the address decides, as in RISC-V's PMP.
 * Faults: in no window, or beyond exo,va-bits = PAGE; in one without the right = PROT. Comparators
 * work beside the access: a translation costs nothing. There is no address space identifier:
 * whoever switches loads the windows anew. A core's instance is its own.
 */
#include "models.h"
#include "state.h"
#include "tlb.h"
#include "values.h"
#include <stdlib.h>

enum {
    REG_INDEX = 0x00,
    REG_BASE = 0x08,
    REG_LIMIT = 0x10,
    REG_PA = 0x18,
    REG_OP = 0x20
};
enum {
    OP_WRITE = 1,
    OP_READ = 2,
    OP_CLEAR = 3,
    OP_CLEAR_ALL = 4,
    OP_CLEAR_FRAME = 5,
    OP_BROADCAST = 0x100
};
enum { PA_V = 0x01, PA_R = 0x02, PA_W = 0x04, PA_X = 0x08, PA_FLAGS = 0x0f };
#define REGIONS_STATE 0x4e474552u /* "REGN" */
#define WINDOWS_MAX 64u
#define WINDOW_NONE UINT32_MAX

enum { P_WINDOWS, P_PAGE_SHIFT, P_VA_BITS, P_POWER, P_OP, P_COUNT };

static const struct hw_param regions_params[] = {
    {"exo,windows", HW_PARAM_U64, "windows", 16, 4, WINDOWS_MAX, NULL,
     "base/limit windows"},
    {"exo,page-shift", HW_PARAM_U64, "bits", 12, 12, 16, NULL,
     "log2 of the granule of bases and limits"},
    {"exo,va-bits", HW_PARAM_U64, "bits", 32, 20, 63, NULL, "virtual address"},
    {"exo,power-of-two", HW_PARAM_BOOL, "", 0, 0, 1, NULL,
     "sizes are powers of two, bases multiples of them"},
    {"exo,op-cycles", HW_PARAM_U64, "cycles", 0, 0, 100000, NULL,
     "charged for each operation, beside the store to OP"},
};
_Static_assert(sizeof regions_params / sizeof regions_params[0] == P_COUNT, "parameters");

struct window {
    uint64_t base, limit, pa; /* [base, limit) */
    uint32_t flags;           /* PA_*; 0 = empty */
    bool handed;              /* lookup() gave it out since the CPU was told last */
};

struct regions {
    struct hw_env env;
    struct window window[WINDOWS_MAX];
    uint32_t count, shift, va_bits;
    bool power;
    uint32_t index;
    uint64_t base, limit, pa; /* registers; pa with flags */
    uint64_t op_cycles;
    struct hw_mmu_stats stats;
};

/* ---- helpers ---------------------------------------------------------------------- */

static uint64_t granule_mask(const struct regions *d)
{
    return ~((UINT64_C(1) << d->shift) - 1);
}

static void tell_cpu(struct regions *d)
{
    for (uint32_t i = 0; i < d->count; i++)
        d->window[i].handed = false;
    d->env.mmu_changed(d->env.host);
}

static uint32_t find(const struct regions *d, uint64_t va)
{
    for (uint32_t i = 0; i < d->count; i++) {
        const struct window *w = &d->window[i];
        if (va - w->base < w->limit - w->base)
            return i;
    }
    return WINDOW_NONE;
}

static bool allows(const struct window *w, enum hw_access access)
{
    static const uint32_t bit[] = {
        [HW_READ] = PA_R, [HW_WRITE] = PA_W, [HW_FETCH] = PA_X};
    return w->flags & bit[access];
}

/* What may stand in a window; why not otherwise. */
static const char *wrong(const struct regions *d, const struct window *w)
{
    uint64_t size = w->limit - w->base;
    if (w->limit <= w->base)
        return "LIMIT is not behind BASE";
    if (w->limit > UINT64_C(1) << d->va_bits)
        return "LIMIT has more bits than exo,va-bits";
    if (d->power && ((size & (size - 1)) != 0 || (w->base & (size - 1)) != 0))
        return "the size is no power of two, or BASE no multiple of it";
    if (w->pa + size < w->pa)
        return "the physical range wraps";
    return NULL;
}

/* -- changes: each says whether the CPU may hold an answer that is wrong now */

static bool empty(struct regions *d, uint32_t i)
{
    struct window *w = &d->window[i];
    bool stale = w->handed;
    if (w->flags != 0)
        d->env.trace(d->env.host, HW_EV_EVICT, w->base | i, w->pa | w->flags);
    *w = (struct window){0};
    return stale;
}

static bool fill(struct regions *d, uint32_t i, const struct window *new)
{
    bool stale = empty(d, i);
    d->window[i] = *new;
    d->stats.inserts++;
    d->env.trace(d->env.host, HW_EV_INSERT, new->base | i,
                 (new->limit - new->base) >> d->shift << 40 | new->pa | new->flags);
    for (uint32_t k = i + 1; k < d->count; k++) /* it decides for these from now on */
        stale |= d->window[k].handed &&
                 d->window[k].base < new->limit &&new->base < d->window[k].limit;
    return stale;
}

/* ---- operations ------------------------------------------------------------------- */

static void op_write(struct regions *d)
{
    struct window w = {d->base, d->limit, d->pa & granule_mask(d),
                       (uint32_t)d->pa & PA_FLAGS, false};
    const char *why = w.flags & PA_V ? wrong(d, &w) : NULL;
    if (why != NULL) {
        d->env.guest_error(d->env.host, "regions: window %" PRIu32 ": %s", d->index, why);
        return;
    }
    bool stale = w.flags & PA_V ? fill(d, d->index, &w) : empty(d, d->index);
    d->index++;
    if (stale)
        tell_cpu(d);
}

static void op_read(struct regions *d)
{
    const struct window *w = &d->window[d->index];
    d->base = w->base;
    d->limit = w->limit;
    d->pa = w->pa | w->flags;
}

/* op and a as in hw_mmu_ops.broadcast: a = physical granule (CLEAR_FRAME). */
static void clear(struct regions *d, uint32_t op, uint64_t a)
{
    bool stale = false;
    d->stats.flushes++;
    d->env.trace(d->env.host, HW_EV_FLUSH, op, op == OP_CLEAR_FRAME ? a : 0);
    for (uint32_t i = 0; i < d->count; i++) {
        const struct window *w = &d->window[i];
        if (op == OP_CLEAR_ALL || a - w->pa < w->limit - w->base)
            stale |= empty(d, i);
    }
    if (stale)
        tell_cpu(d);
}

static void operate(struct regions *d, uint32_t value)
{
    uint32_t op = value & ~(uint32_t)OP_BROADCAST;
    bool everywhere = value & OP_BROADCAST;
    if (op < OP_WRITE || op > OP_CLEAR_FRAME || (everywhere && op < OP_CLEAR_ALL)) {
        d->env.guest_error(d->env.host, "regions: OP = 0x%" PRIx32 ": no such operation",
                           value);
        return;
    }
    if (op < OP_CLEAR_ALL && d->index >= d->count) {
        d->env.guest_error(d->env.host, "regions: window %" PRIu32 " of %" PRIu32,
                           d->index, d->count);
        return;
    }
    d->env.charge(d->env.host, d->op_cycles);
    switch (op) {
    case OP_WRITE: op_write(d); return;
    case OP_READ: op_read(d); return;
    case OP_CLEAR:
        if (empty(d, d->index))
            tell_cpu(d);
        return;
    default:
        clear(d, op, d->pa & granule_mask(d));
        if (everywhere)
            d->env.mmu_broadcast(d->env.host, op, d->pa & granule_mask(d), 0);
    }
}

/* ---- registers -------------------------------------------------------------------- */

static uint32_t regions_read(void *dev, unsigned core, uint32_t off)
{
    struct regions *d = dev;
    (void)core;
    switch (off) {
    case REG_INDEX: return d->index;
    case REG_BASE: return (uint32_t)d->base;
    case REG_BASE + 4: return (uint32_t)(d->base >> 32);
    case REG_LIMIT: return (uint32_t)d->limit;
    case REG_LIMIT + 4: return (uint32_t)(d->limit >> 32);
    case REG_PA: return (uint32_t)d->pa;
    case REG_PA + 4: return (uint32_t)(d->pa >> 32);
    default:
        d->env.guest_error(d->env.host,
                           "regions: read of offset 0x%" PRIx32 ": no readable register",
                           off);
        return 0;
    }
}

static void set_low(uint64_t *reg, uint64_t value)
{
    *reg = (*reg & ~UINT64_C(0xffffffff)) | value;
}

static void set_high(uint64_t *reg, uint32_t value)
{
    *reg = (*reg & UINT64_C(0xffffffff)) | (uint64_t)value << 32;
}

static void regions_write(void *dev, unsigned core, uint32_t off, uint32_t value)
{
    struct regions *d = dev;
    (void)core;
    switch (off) {
    case REG_INDEX: d->index = value; return;
    case REG_BASE: set_low(&d->base, value & granule_mask(d)); return;
    case REG_BASE + 4: set_high(&d->base, value); return;
    case REG_LIMIT: set_low(&d->limit, value & granule_mask(d)); return;
    case REG_LIMIT + 4: set_high(&d->limit, value); return;
    case REG_PA: set_low(&d->pa, value & (granule_mask(d) | PA_FLAGS)); return;
    case REG_PA + 4: set_high(&d->pa, value); return;
    case REG_OP: operate(d, value); return;
    default:
        d->env.guest_error(d->env.host,
                           "regions: write to offset 0x%" PRIx32 ": no register", off);
    }
}

/* ---- translation ------------------------------------------------------------------ */

static bool regions_lookup(void *mmu, uint64_t va, enum hw_access access,
                           struct hw_mmu_entry *out)
{
    struct regions *d = mmu;
    uint32_t i = find(d, va);
    if (i == WINDOW_NONE || !allows(&d->window[i], access))
        return false;
    struct window *w = &d->window[i];
    w->handed = true;
    out->pa = w->pa + (va - w->base);
    out->allowed = (w->flags & PA_R ? 1u << HW_READ : 0) |
                   (w->flags & PA_W ? 1u << HW_WRITE : 0) |
                   (w->flags & PA_X ? 1u << HW_FETCH : 0);
    out->page_shift = d->shift;
    return true;
}

static int regions_miss(void *mmu, uint64_t va, enum hw_access access, uint64_t *cycles)
{
    struct regions *d = mmu;
    uint32_t i = find(d, va);
    *cycles = 0;
    if (i != WINDOW_NONE && allows(&d->window[i], access))
        return 0;
    d->stats.faults++;
    if (i != WINDOW_NONE)
        return HW_CAUSE_PROT;
    d->stats.misses++;
    return HW_CAUSE_PAGE;
}

static void regions_stats(void *mmu, struct hw_mmu_stats *out)
{
    *out = ((struct regions *)mmu)->stats;
}

static void regions_broadcast(void *mmu, uint32_t op, uint64_t a, uint64_t b)
{
    (void)b;
    clear(mmu, op, a);
}

static unsigned regions_page_shift(void *mmu)
{
    return ((struct regions *)mmu)->shift;
}

static unsigned regions_table_params(void *mmu, uint64_t params[HW_MAX_PARAMS])
{
    const struct regions *d = mmu;
    params[0] = d->count;
    params[1] = d->shift;
    params[2] = d->va_bits;
    params[3] = d->power;
    return 4;
}

/* ---- life ------------------------------------------------------------------------- */

static int regions_create(const struct hw_env *env, const struct hw_value *v,
                          unsigned cores, void **out, struct hw_err *err)
{
    (void)cores;
    if (values_check(regions_params, P_COUNT, v, err))
        return -1;
    struct regions *d = calloc(1, sizeof *d);
    if (!d)
        return hw_refuse(err, "out of memory");
    d->env = *env;
    d->count = (uint32_t)v[P_WINDOWS].u;
    d->shift = (uint32_t)v[P_PAGE_SHIFT].u;
    d->va_bits = (uint32_t)v[P_VA_BITS].u;
    d->power = v[P_POWER].u != 0;
    d->op_cycles = v[P_OP].u;
    *out = d;
    return 0;
}

static void regions_destroy(void *dev)
{
    free(dev);
}

static size_t regions_save(void *dev, uint8_t *buf, size_t max)
{
    struct regions *d = dev;
    struct state_out o = {buf, max, 0};
    state_put32(&o, REGIONS_STATE);
    state_put32(&o, d->index);
    state_put64(&o, d->base);
    state_put64(&o, d->limit);
    state_put64(&o, d->pa);
    tlb_put_stats(&d->stats, &o);
    for (uint32_t i = 0; i < d->count; i++) {
        state_put64(&o, d->window[i].base);
        state_put64(&o, d->window[i].limit);
        state_put64(&o, d->window[i].pa | d->window[i].flags);
    }
    return o.at;
}

static bool get_window(struct regions *d, struct window *w, struct state_in *in)
{
    w->base = state_get64(in);
    w->limit = state_get64(in);
    uint64_t pa = state_get64(in);
    w->pa = pa & granule_mask(d);
    w->flags = (uint32_t)pa & PA_FLAGS;
    w->handed = false;
    if (!(w->flags & PA_V))
        return (w->base | w->limit | pa) == 0;
    return (pa & ~granule_mask(d)) == w->flags && wrong(d, w) == NULL &&
           ((w->base | w->limit) & ~granule_mask(d)) == 0;
}

static int regions_restore(void *dev, const uint8_t *buf, size_t len)
{
    struct regions *d = dev;
    struct state_in in = {buf, len, 0, false};
    if (len != regions_save(d, NULL, 0) || state_get32(&in) != REGIONS_STATE)
        return -1;
    d->index = state_get32(&in);
    d->base = state_get64(&in) & granule_mask(d);
    d->limit = state_get64(&in) & granule_mask(d);
    d->pa = state_get64(&in) & (granule_mask(d) | PA_FLAGS);
    tlb_get_stats(&d->stats, &in);
    bool good = true;
    for (uint32_t i = 0; i < d->count; i++) {
        good = good && get_window(d, &d->window[i], &in);
        if (!good)
            d->window[i] = (struct window){0};
    }
    tell_cpu(d);
    return good && state_done(&in) ? 0 : -1;
}

static size_t regions_describe(void *dev, char *buf, size_t max)
{
    struct regions *d = dev;
    struct text t = text_start(buf, max);
    text_add(&t, "windows %" PRIu32 "\n", d->count);
    for (uint32_t i = 0; i < d->count; i++) {
        const struct window *w = &d->window[i];
        if (w->flags != 0)
            text_add(&t,
                     "window%" PRIu32 " 0x%" PRIx64 "..0x%" PRIx64 " -> 0x%" PRIx64
                     " %s%s%s\n",
                     i, w->base, w->limit, w->pa, w->flags & PA_R ? "r" : "-",
                     w->flags & PA_W ? "w" : "-", w->flags & PA_X ? "x" : "-");
    }
    return t.at;
}

static const struct hw_mmu_ops regions_ops = {
    .dev =
        {
            .create = regions_create,
            .destroy = regions_destroy,
            .read = regions_read,
            .write = regions_write,
            .save = regions_save,
            .restore = regions_restore,
            .describe = regions_describe,
        },
    .kind = HW_MMU_REGIONS,
    .lookup = regions_lookup,
    .miss = regions_miss,
    .stats = regions_stats,
    .broadcast = regions_broadcast,
    .page_shift = regions_page_shift,
    .table_params = regions_table_params,
};

const struct hw_model hw_mmu_regions = {
    .abi = HW_ABI,
    .class_ = HW_CLASS_MMU,
    .compatible = "exo,mmu-regions",
    .summary = "base/limit windows with relocation, no pages (an MPU with an adder)",
    .params = regions_params,
    .nparams = P_COUNT,
    .ops = &regions_ops,
};
