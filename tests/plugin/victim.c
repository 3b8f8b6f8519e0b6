// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * victim.c - "example,mmu-victim": a model out of the tree, as docs/models.md explains it. Built
 * against hw.h alone, loaded by --plugin.
 *
 * To the guest it is a software-refilled TLB like "exo,mmu-softtlb" (same registers, see below,
 * same kernel). But what random replacement evicts is kept in a small victim buffer: a miss that
 * finds its page there is served by hardware, which swaps the two entries for exo,victim-cycles,
 * and the kernel hears nothing. (Jouppi, "Improving direct-mapped cache performance by the
 * addition of a small fully-associative cache and prefetch buffers", ISCA 1990, did it to caches.)
 *
 *   0x00 ASID  0x04 INDEX  0x08 HI (64 bit)  0x10 LO (64 bit: page | V 1, R 2, W 4, X 8, G 0x10)
 *   0x18 HI_ASID  0x1c OP: 1 write random, 2 write index, 3 probe, 4 read; 5 invalidate HI, 6 ASID,
 *   7 all, 8 frame; 5..8 with 0x100 on every core
 *
 * Slots 0 .. entries-1 are the TLB, the next `victims` are the buffer: INDEX, PROBE and READ see the
 * TLB only, invalidations see both. Plain loops over all slots: an example, not a fast model.
 */
#include "hw.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef VICTIM_ABI /* the test of the version check builds a wrong one */
#define VICTIM_ABI HW_ABI
#endif

enum { ASID = 0x00, INDEX = 0x04, HI = 0x08, LO = 0x10, HI_ASID = 0x18, OP = 0x1c };
enum {
    WRITE_RANDOM = 1,
    WRITE_INDEX,
    PROBE,
    READ,
    INVALIDATE,
    INV_ASID,
    INV_ALL,
    INV_FRAME
};
enum { BROADCAST = 0x100, V = 1, G = 0x10, FLAGS = 0x1f };
#define STATE 0x4d544356u /* "VCTM" */

static const struct hw_param params[] = {
    {"exo,entries", HW_PARAM_U64, "entries", 64, 8, 1024, NULL, "size of the TLB"},
    {"exo,asid-bits", HW_PARAM_U64, "bits", 6, 0, 12, NULL, "address space identifier"},
    {"exo,page-shift", HW_PARAM_U64, "bits", 12, 12, 16, NULL, "log2 of the page size"},
    {"exo,wired", HW_PARAM_U64, "entries", 8, 0, 1016, NULL,
     "lowest slots, never replaced"},
    {"exo,va-bits", HW_PARAM_U64, "bits", 32, 20, 63, NULL, "virtual address"},
    {"exo,miss-cycles", HW_PARAM_U64, "cycles", 0, 0, 100000, NULL, "when a miss traps"},
    {"exo,victims", HW_PARAM_U64, "entries", 4, 1, 64, NULL, "size of the victim buffer"},
    {"exo,victim-cycles", HW_PARAM_U64, "cycles", 3, 0, 100000, NULL,
     "when a miss is served from the victim buffer"},
};
enum { P_ENTRIES, P_ASID, P_SHIFT, P_WIRED, P_VA, P_MISS, P_VICTIMS, P_SWAP, P_COUNT };

struct slot {
    uint64_t hi, lo; /* lo without V: empty, and all zero */
    uint32_t asid;
};

struct victim {
    struct hw_env env;
    uint64_t param[P_COUNT];
    uint64_t hi, lo, random;
    uint32_t asid, index, hi_asid, next_victim;
    struct hw_mmu_stats stats;
    uint32_t slots; /* entries + victims */
    bool out;       /* lookup() has given something away since mmu_changed(): not state */
    struct slot slot[];
};

/* ---- slots ------------------------------------------------------------------------ */

static uint64_t page_of(const struct victim *d, uint64_t a)
{
    return a >> d->param[P_SHIFT] << d->param[P_SHIFT];
}

static bool matches(const struct slot *s, uint64_t page, uint32_t asid)
{
    return (s->lo & V) && s->hi == page && ((s->lo & G) || s->asid == asid);
}

/* Slot in [from, to) that translates page, or `to`. */
static uint32_t find(const struct victim *d, uint64_t page, uint32_t asid, uint64_t from,
                     uint64_t to)
{
    for (uint32_t i = (uint32_t)from; i < to; i++)
        if (matches(&d->slot[i], page, asid))
            return i;
    return (uint32_t)to;
}

/* Something that may have been handed out is gone (this example does not ask what exactly). */
static void changed(struct victim *d)
{
    if (d->out)
        d->env.mmu_changed(d->env.host);
    d->out = false;
}

static void trace(struct victim *d, enum hw_event ev, const struct slot *s)
{
    d->env.trace(d->env.host, ev, s->hi | s->asid, s->lo);
}

/* A seeded slot that is not wired: a linear congruential generator (Knuth, MMIX). */
static uint32_t random_slot(struct victim *d)
{
    d->random = d->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    uint64_t free = d->param[P_ENTRIES] - d->param[P_WIRED];
    return (uint32_t)(d->param[P_WIRED] + (d->random >> 33) % free);
}

/* ---- operations ------------------------------------------------------------------- */

static void write_slot(struct victim *d, uint32_t i, bool keep_old)
{
    struct slot new = {d->hi, d->lo, d->lo & G ? 0 : d->hi_asid};
    if (i >= d->param[P_ENTRIES] || (new.lo &V &&new.hi >> d->param[P_VA] != 0)) {
        d->env.guest_error(d->env.host, "victim: write of slot %u, page 0x%" PRIx64, i,
                           d->hi);
        return;
    }
    for (uint32_t k = 0; k < d->slots; k++) { /* nothing is ever there twice */
        struct slot *s = &d->slot[k];
        if ((s->lo & V) && k != i && s->hi == new.hi &&
            ((s->lo & G) || (new.lo &G) || s->asid == new.asid))
            *s = (struct slot){0};
    }
    struct slot old = d->slot[i];
    if (keep_old && (old.lo & V) && !matches(&old, new.hi, new.asid)) {
        struct slot *buffer = &d->slot[d->param[P_ENTRIES] + d->next_victim];
        d->next_victim = (d->next_victim + 1) % (uint32_t)d->param[P_VICTIMS];
        if (buffer->lo & V)
            trace(d, HW_EV_EVICT, buffer);
        *buffer = old;
    } else if (old.lo & V) {
        trace(d, HW_EV_EVICT, &old);
    }
    d->slot[i] = new.lo &V ? new : (struct slot){0};
    if (new.lo & V) {
        d->stats.inserts++;
        trace(d, HW_EV_INSERT, &new);
    }
    changed(d);
}

static void read_slot(struct victim *d)
{
    if (d->index >= d->param[P_ENTRIES]) {
        d->env.guest_error(d->env.host, "victim: read of slot %u", d->index);
        return;
    }
    d->hi = d->slot[d->index].hi;
    d->lo = d->slot[d->index].lo;
    d->hi_asid = d->slot[d->index].asid;
}

/* a = page (INVALIDATE) or physical page (FRAME), b = address space. */
static void invalidate(void *mmu, uint32_t op, uint64_t a, uint64_t b)
{
    struct victim *d = mmu;
    d->stats.flushes++;
    d->env.trace(d->env.host, HW_EV_FLUSH, op,
                 op == INVALIDATE  ? a | b
                 : op == INV_FRAME ? a
                                   : b);
    for (uint32_t i = 0; i < d->slots; i++) {
        struct slot *s = &d->slot[i];
        if (op == INV_ALL || (op == INVALIDATE && matches(s, a, (uint32_t)b)) ||
            (op == INV_ASID && s->asid == b && !(s->lo & G)) ||
            (op == INV_FRAME && page_of(d, s->lo) == a))
            *s = (struct slot){0};
    }
    changed(d);
}

static void operate(struct victim *d, uint32_t value)
{
    uint32_t op = value & ~(uint32_t)BROADCAST;
    bool everywhere = value & BROADCAST;
    if (op < WRITE_RANDOM || op > INV_FRAME || (everywhere && op < INVALIDATE)) {
        d->env.guest_error(d->env.host, "victim: OP = 0x%" PRIx32 ": no such operation",
                           value);
        return;
    }
    uint64_t a = op == INVALIDATE ? d->hi : op == INV_FRAME ? page_of(d, d->lo) : 0;
    uint64_t b = op == INVALIDATE || op == INV_ASID ? d->hi_asid : 0;
    switch (op) {
    case WRITE_RANDOM: write_slot(d, random_slot(d), true); break;
    case WRITE_INDEX: write_slot(d, d->index, false); break;
    case PROBE:
        d->index = find(d, d->hi, d->hi_asid, 0, d->param[P_ENTRIES]);
        if (d->index == d->param[P_ENTRIES])
            d->index = 0x80000000u;
        break;
    case READ: read_slot(d); break;
    default:
        invalidate(d, op, a, b);
        if (everywhere)
            d->env.mmu_broadcast(d->env.host, op, a, b);
    }
}

/* ---- registers -------------------------------------------------------------------- */

static uint32_t reg_read(void *dev, unsigned core, uint32_t off)
{
    struct victim *d = dev;
    (void)core;
    switch (off) {
    case ASID: return d->asid;
    case INDEX: return d->index;
    case HI: return (uint32_t)d->hi;
    case HI + 4: return (uint32_t)(d->hi >> 32);
    case LO: return (uint32_t)d->lo;
    case LO + 4: return (uint32_t)(d->lo >> 32);
    case HI_ASID: return d->hi_asid;
    default:
        d->env.guest_error(d->env.host, "victim: read of offset 0x%" PRIx32, off);
        return 0;
    }
}

static void reg_write(void *dev, unsigned core, uint32_t off, uint32_t value)
{
    struct victim *d = dev;
    uint32_t asid = value & ((1u << d->param[P_ASID]) - 1);
    (void)core;
    switch (off) {
    case ASID:
        if (asid != d->asid)
            changed(d);
        d->asid = asid;
        return;
    case INDEX: d->index = value; return;
    case HI: d->hi = d->hi >> 32 << 32 | (uint32_t)page_of(d, value); return;
    case HI + 4: d->hi = (uint32_t)d->hi | (uint64_t)value << 32; return;
    case LO:
        d->lo = d->lo >> 32 << 32 | (uint32_t)page_of(d, value) | (value & FLAGS);
        return;
    case LO + 4: d->lo = (uint32_t)d->lo | (uint64_t)value << 32; return;
    case HI_ASID: d->hi_asid = asid; return;
    case OP: operate(d, value); return;
    default: d->env.guest_error(d->env.host, "victim: write to offset 0x%" PRIx32, off);
    }
}

/* ---- translation ------------------------------------------------------------------ */

static bool allows(const struct slot *s, enum hw_access access)
{
    return s->lo >> (1 + access) & 1; /* R, W, X are bits 1, 2, 3 */
}

/* Pure: it looks into the TLB only. A page in the victim buffer is a miss, and miss() swaps. */
static bool lookup(void *mmu, uint64_t va, enum hw_access access,
                   struct hw_mmu_entry *out)
{
    struct victim *d = mmu;
    uint32_t i = find(d, page_of(d, va), d->asid, 0, d->param[P_ENTRIES]);
    if (i == d->param[P_ENTRIES] || !allows(&d->slot[i], access))
        return false;
    d->out = true;
    out->pa = page_of(d, d->slot[i].lo) | (va ^ page_of(d, va));
    out->allowed = (unsigned)(d->slot[i].lo >> 1 & 7);
    out->page_shift = (unsigned)d->param[P_SHIFT];
    return true;
}

static int miss(void *mmu, uint64_t va, enum hw_access access, uint64_t *cycles)
{
    struct victim *d = mmu;
    *cycles = 0;
    if (va >> d->param[P_VA] != 0) {
        d->stats.faults++;
        return HW_CAUSE_PAGE;
    }
    uint32_t i = find(d, page_of(d, va), d->asid, 0, d->slots);
    if (i == d->slots) {
        d->stats.misses++;
        d->hi = page_of(d, va);
        d->hi_asid = d->asid;
        *cycles = d->param[P_MISS];
        d->env.trace(d->env.host, HW_EV_MISS, page_of(d, va), access);
        return HW_CAUSE_TLB_MISS;
    }
    if (i >= d->param[P_ENTRIES]) { /* in the buffer: swap it with a random entry */
        uint32_t k = random_slot(d);
        struct slot back = d->slot[i];
        d->slot[i] = d->slot[k];
        d->slot[k] = back;
        d->stats.walks++;
        *cycles = d->param[P_SWAP];
        d->env.trace(d->env.host, HW_EV_WALK, page_of(d, va), 0);
        changed(d);
        i = k;
    }
    if (allows(&d->slot[i], access))
        return 0;
    d->stats.faults++;
    return HW_CAUSE_PROT;
}

static void stats(void *mmu, struct hw_mmu_stats *out)
{
    *out = ((struct victim *)mmu)->stats;
}

static unsigned page_shift(void *mmu)
{
    return (unsigned)((struct victim *)mmu)->param[P_SHIFT];
}

static unsigned table_params(void *mmu, uint64_t out[HW_MAX_PARAMS])
{
    memcpy(out, ((struct victim *)mmu)->param,
           5 * sizeof *out); /* as "exo,mmu-softtlb" */
    return 5;
}

/* ---- life ------------------------------------------------------------------------- */

static int create(const struct hw_env *env, const struct hw_value *values, unsigned cores,
                  void **out, struct hw_err *err)
{
    (void)cores;
    for (unsigned i = 0; i < P_COUNT; i++) {
        if (values[i].u < params[i].min || values[i].u > params[i].max) {
            snprintf(err->msg, sizeof err->msg, "%s is %" PRIu64, params[i].name,
                     values[i].u);
            return -1;
        }
    }
    if (values[P_WIRED].u + 8 > values[P_ENTRIES].u) {
        snprintf(err->msg, sizeof err->msg,
                 "exo,wired is %" PRIu64 ", expected at least 8 of exo,entries not wired",
                 values[P_WIRED].u);
        return -1;
    }
    uint32_t slots = (uint32_t)(values[P_ENTRIES].u + values[P_VICTIMS].u);
    struct victim *d = calloc(1, sizeof *d + slots * sizeof d->slot[0]);
    if (!d) {
        snprintf(err->msg, sizeof err->msg, "out of memory");
        return -1;
    }
    d->env = *env;
    d->slots = slots;
    for (unsigned i = 0; i < P_COUNT; i++)
        d->param[i] = values[i].u;
    d->random = env->random(env->host);
    *out = d;
    return 0;
}

/* State: the fields in order, then the slots, as 64-bit little-endian numbers. */
#define HEAD 11u

static void pack(const struct victim *d, uint64_t head[HEAD])
{
    const uint64_t h[HEAD] = {STATE,
                              d->hi,
                              d->lo,
                              d->random,
                              d->asid,
                              (uint64_t)d->index << 32 | d->hi_asid,
                              d->next_victim,
                              d->stats.misses,
                              d->stats.walks,
                              d->stats.faults,
                              d->stats.inserts << 32 | d->stats.flushes};
    memcpy(head, h, sizeof h);
}

static void put(uint8_t *buf, size_t max, size_t i, uint64_t v)
{
    for (size_t k = 0; k < 8; k++)
        if (buf && i * 8 + k < max)
            buf[i * 8 + k] = (uint8_t)(v >> 8 * k);
}

static uint64_t get(const uint8_t *buf, size_t i)
{
    uint64_t v = 0;
    for (size_t k = 0; k < 8; k++)
        v |= (uint64_t)buf[i * 8 + k] << 8 * k;
    return v;
}

static size_t save(void *dev, uint8_t *buf, size_t max)
{
    struct victim *d = dev;
    uint64_t head[HEAD];
    pack(d, head);
    for (size_t i = 0; i < HEAD; i++)
        put(buf, max, i, head[i]);
    for (size_t i = 0; i < d->slots; i++) {
        put(buf, max, HEAD + 3 * i, d->slot[i].hi);
        put(buf, max, HEAD + 3 * i + 1, d->slot[i].lo);
        put(buf, max, HEAD + 3 * i + 2, d->slot[i].asid);
    }
    return 8 * (HEAD + 3 * (size_t)d->slots);
}

static int restore(void *dev, const uint8_t *buf, size_t len)
{
    struct victim *d = dev;
    if (len != save(d, NULL, 0) || get(buf, 0) != STATE)
        return -1;
    d->hi = get(buf, 1);
    d->lo = get(buf, 2);
    d->random = get(buf, 3);
    d->asid = (uint32_t)get(buf, 4);
    d->index = (uint32_t)(get(buf, 5) >> 32);
    d->hi_asid = (uint32_t)get(buf, 5);
    d->next_victim = (uint32_t)(get(buf, 6) % d->param[P_VICTIMS]);
    d->stats.misses = get(buf, 7);
    d->stats.walks = get(buf, 8);
    d->stats.faults = get(buf, 9);
    d->stats.inserts = get(buf, 10) >> 32;
    d->stats.flushes = (uint32_t)get(buf, 10);
    for (size_t i = 0; i < d->slots; i++) {
        d->slot[i].hi = get(buf, HEAD + 3 * i);
        d->slot[i].lo = get(buf, HEAD + 3 * i + 1);
        d->slot[i].asid = (uint32_t)get(buf, HEAD + 3 * i + 2);
    }
    d->out = true;
    changed(d);
    return 0;
}

static size_t describe(void *dev, char *buf, size_t max)
{
    struct victim *d = dev;
    size_t used = 0;
    for (uint32_t i = 0; i < d->slots; i++)
        used += d->slot[i].lo & V;
    int n = snprintf(buf, max, "asid %u\nused %zu of %u\nswaps %" PRIu64 "\n", d->asid,
                     used, d->slots, d->stats.walks);
    return max == 0 ? 0 : (size_t)n < max ? (size_t)n : max - 1;
}

static const struct hw_mmu_ops ops = {
    .dev =
        {
            .create = create,
            .destroy = free,
            .read = reg_read,
            .write = reg_write,
            .save = save,
            .restore = restore,
            .describe = describe,
        },
    .kind = HW_MMU_SOFTTLB,
    .lookup = lookup,
    .miss = miss,
    .stats = stats,
    .broadcast = invalidate,
    .page_shift = page_shift,
    .table_params = table_params,
};

static const struct hw_model model = {
    .abi = VICTIM_ABI,
    .class_ = HW_CLASS_MMU,
    .compatible = "example,mmu-victim",
    .summary = "software-refilled TLB with a victim buffer (the plugin example)",
    .params = params,
    .nparams = P_COUNT,
    .ops = &ops,
};

/* HW_PLUGIN_SYMBOL: the rows this plugin brings. */
extern const struct hw_model *const exosim_plugin_models[];
const struct hw_model *const exosim_plugin_models[] = {&model, NULL};
