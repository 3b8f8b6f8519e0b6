// SPDX-License-Identifier: GPL-2.0-or-later
/* walked.c - see walked.h. */
#include "walked.h"
#include "values.h"
#include <string.h>

static bool va_ok(const struct walked *d, uint64_t va)
{
    return d->va_bits == 64 || va >> d->va_bits == 0;
}

static void tell_cpu(struct walked *d)
{
    tlb_told(&d->tlb);
    d->env.mmu_changed(d->env.host);
}

static void tell_cpu_if_stale(struct walked *d)
{
    if (tlb_stale(&d->tlb))
        tell_cpu(d);
}

static uint32_t victim(struct walked *d)
{
    if (d->replace_random)
        return tlb_random(&d->random) % d->tlb.size;
    uint32_t slot = d->hand;
    d->hand = slot + 1 == d->tlb.size ? 0 : slot + 1;
    return slot;
}

static void trace_entry(struct walked *d, enum hw_event ev, const struct tlb_entry *e)
{
    d->env.trace(d->env.host, ev, e->page << d->page_shift | e->asid, e->pa | e->allowed);
}

static void lost(void *ctx, const struct tlb_entry *old)
{
    trace_entry(ctx, HW_EV_EVICT, old);
}

/* ---- translation ------------------------------------------------------------------ */

bool walked_lookup(void *mmu, uint64_t va, enum hw_access access,
                   struct hw_mmu_entry *out)
{
    struct walked *d = mmu;
    if (!va_ok(d, va))
        return false;
    uint32_t i = tlb_find(&d->tlb, va >> d->page_shift, d->asid);
    if (i == TLB_NONE || !(d->tlb.entry[i].allowed & 1u << access))
        return false;
    tlb_hand_out(&d->tlb, i);
    out->pa = d->tlb.entry[i].pa | (va & walked_offset_mask(d));
    out->allowed = d->tlb.entry[i].allowed;
    out->page_shift = d->page_shift;
    return true;
}

/* Does the entry promise nothing that the tables (a leaf found by r) do not? */
static bool agrees(const struct tlb_entry *e, const struct walk_result *r)
{
    return r->leaf && e->pa == r->pa && (e->allowed & ~r->allowed) == 0;
}

/* A walk succeeded: the page's entry (slot i, or TLB_NONE) becomes what it found. */
static void refill(struct walked *d, uint32_t i, uint64_t va, const struct walk_result *r)
{
    struct tlb_entry e = {
        .page = va >> d->page_shift,
        .pa = r->pa,
        .asid = d->asid,
        .allowed = (uint8_t)r->allowed,
        .valid = true,
    };
    if (i != TLB_NONE && agrees(&d->tlb.entry[i], r))
        d->tlb.entry[i].allowed =
            e.allowed; /* more rights: what was handed out still holds */
    else
        tlb_set(&d->tlb, i != TLB_NONE ? i : victim(d), &e, lost, d);
    d->stats.inserts++;
    trace_entry(d, HW_EV_INSERT, &e);
}

int walked_miss(void *mmu, uint64_t va, enum hw_access access, uint64_t *cycles)
{
    struct walked *d = mmu;
    uint64_t page = va >> d->page_shift, at = va & ~walked_offset_mask(d);
    *cycles = 0;
    if (!va_ok(d, va)) {
        d->stats.faults++;
        return HW_CAUSE_PAGE;
    }
    uint32_t i = tlb_find(&d->tlb, page, d->asid);
    if (i == TLB_NONE) {
        d->stats.misses++;
        d->env.trace(d->env.host, HW_EV_MISS, at, access);
    } else if (d->tlb.entry[i].allowed & 1u << access) {
        return 0;
    }
    struct walk_result r = d->walk(mmu, va, access);
    d->stats.walks++;
    *cycles = r.cycles;
    d->env.trace(d->env.host, HW_EV_WALK, at, r.reads);
    if (r.cause == 0) {
        refill(d, i, va, &r);
    } else {
        d->stats.faults++;
        if (i != TLB_NONE && !agrees(&d->tlb.entry[i], &r)) {
            lost(d, &d->tlb.entry[i]);
            tlb_drop(&d->tlb, i);
        }
    }
    tell_cpu_if_stale(d);
    return r.cause;
}

void walked_stats(void *mmu, struct hw_mmu_stats *out)
{
    *out = ((struct walked *)mmu)->stats;
}

unsigned walked_page_shift(void *mmu)
{
    return ((struct walked *)mmu)->page_shift;
}

/* ---- operations ------------------------------------------------------------------- */

void walked_set_asid(struct walked *d, uint32_t asid)
{
    if (asid == d->asid)
        return;
    d->asid = asid;
    if (d->tlb.any_handed)
        tell_cpu(d);
}

static void flushed(struct walked *d, uint32_t op, uint64_t what)
{
    d->stats.flushes++;
    d->env.trace(d->env.host, HW_EV_FLUSH, op, what);
}

void walked_drop_page(struct walked *d, uint32_t op, uint64_t va, uint32_t asid)
{
    flushed(d, op, va | asid);
    uint32_t i = tlb_find(&d->tlb, va >> d->page_shift, asid);
    if (i != TLB_NONE)
        tlb_drop(&d->tlb, i);
    tell_cpu_if_stale(d);
}

static void drop_some(struct walked *d, bool all, uint32_t asid)
{
    for (uint32_t i = 0; i < d->tlb.size && d->tlb.used > 0; i++)
        if (all || d->tlb.entry[i].asid == asid)
            tlb_drop(&d->tlb, i);
    tell_cpu_if_stale(d);
}

void walked_drop_asid(struct walked *d, uint32_t op, uint32_t asid)
{
    flushed(d, op, asid);
    drop_some(d, false, asid);
}

void walked_drop_all(struct walked *d, uint32_t op)
{
    flushed(d, op, 0);
    drop_some(d, true, 0);
}

/* ---- life ------------------------------------------------------------------------- */

int walked_init(struct walked *d, const struct hw_env *env, uint64_t entries,
                const char *replacement, struct hw_err *err)
{
    d->replace_random = strcmp(replacement, "random") == 0;
    if (!d->replace_random && strcmp(replacement, "fifo") != 0)
        return hw_refuse(err,
                         "exo,replacement is \"%s\", expected \"fifo\" or \"random\"",
                         replacement);
    if (!tlb_init(&d->tlb, (uint32_t)entries))
        return hw_refuse(err, "out of memory");
    d->env = *env;
    d->random = tlb_random_state(env->random(env->host));
    return 0;
}

void walked_free(struct walked *d)
{
    tlb_free(&d->tlb);
}

void walked_put(const struct walked *d, struct state_out *o)
{
    state_put32(o, d->asid);
    state_put32(o, d->hand);
    state_put64(o, d->random);
    tlb_put_stats(&d->stats, o);
    tlb_put(&d->tlb, o);
}

static bool entry_ok(const void *ctx, const struct tlb_entry *e)
{
    const struct walked *d = ctx;
    unsigned shift = d->page_shift;
    return va_ok(d, e->page << shift) && e->page << shift >> shift == e->page &&
           !e->global && (e->pa & walked_offset_mask(d)) == 0 &&
           (e->asid & ~d->asid_mask) == 0 && e->allowed < 8;
}

bool walked_get(struct walked *d, struct state_in *in)
{
    d->asid = state_get32(in) & d->asid_mask;
    d->hand = state_get32(in) % d->tlb.size;
    d->random = tlb_random_state(state_get64(in));
    tlb_get_stats(&d->stats, in);
    bool good = tlb_get(&d->tlb, in, entry_ok, d);
    tell_cpu(d);
    return good;
}

void walked_describe(const struct walked *d, struct text *out)
{
    text_add(out, "asid %" PRIu32 "\nused %" PRIu32 " of %" PRIu32 "\n", d->asid,
             d->tlb.used, d->tlb.size);
    tlb_describe(&d->tlb, d->page_shift, out);
}
