// SPDX-License-Identifier: GPL-2.0-or-later
/* tlb.c - see tlb.h. Entries of one (page, asid) hash to one bucket; global ones to (page, G). */
#include "tlb.h"
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define GLOBAL_TAG UINT32_MAX /* no ASID is that large */

bool tlb_init(struct tlb *t, uint32_t size)
{
    uint32_t buckets = 16;
    while (buckets < 2 * size)
        buckets *= 2;
    *t = (struct tlb){.size = size, .bucket_mask = buckets - 1, .epoch = 1};
    t->entry = calloc(size, sizeof *t->entry);
    t->next = calloc(size, sizeof *t->next);
    t->bucket = calloc(buckets, sizeof *t->bucket);
    t->handed = calloc(size, sizeof *t->handed);
    if (!t->entry || !t->next || !t->bucket || !t->handed) {
        tlb_free(t);
        return false;
    }
    memset(t->bucket, 0xff, buckets * sizeof *t->bucket);
    return true;
}

void tlb_free(struct tlb *t)
{
    free(t->entry);
    free(t->next);
    free(t->bucket);
    free(t->handed);
    *t = (struct tlb){0};
}

static uint32_t *bucket_of(const struct tlb *t, uint64_t page, uint32_t tag)
{
    uint64_t h = (page ^ (uint64_t)tag << 40) * UINT64_C(0x9e3779b97f4a7c15);
    return &t->bucket[(uint32_t)(h >> 32) & t->bucket_mask];
}

static uint32_t tag_of(const struct tlb_entry *e)
{
    return e->global ? GLOBAL_TAG : e->asid;
}

static uint32_t find_tag(const struct tlb *t, uint64_t page, uint32_t tag)
{
    uint32_t i = *bucket_of(t, page, tag);
    while (i != TLB_NONE && (t->entry[i].page != page || tag_of(&t->entry[i]) != tag))
        i = t->next[i];
    return i;
}

uint32_t tlb_find(const struct tlb *t, uint64_t page, uint32_t asid)
{
    uint32_t i = find_tag(t, page, asid);
    if (i == TLB_NONE && t->globals > 0)
        i = find_tag(t, page, GLOBAL_TAG);
    return i;
}

void tlb_drop(struct tlb *t, uint32_t i)
{
    struct tlb_entry *e = &t->entry[i];
    if (!e->valid)
        return;
    uint32_t *link = bucket_of(t, e->page, tag_of(e));
    while (*link != i) {
        assert(*link != TLB_NONE);
        link = &t->next[*link];
    }
    *link = t->next[i];
    t->globals -= e->global;
    t->used--;
    if (t->handed[i] == t->epoch)
        t->stale = true;
    *e = (struct tlb_entry){0};
}

static void lose(struct tlb *t, uint32_t i,
                 void (*lost)(void *ctx, const struct tlb_entry *old), void *ctx)
{
    if (lost && t->entry[i].valid)
        lost(ctx, &t->entry[i]);
    tlb_drop(t, i);
}

void tlb_set(struct tlb *t, uint32_t i, const struct tlb_entry *e,
             void (*lost)(void *ctx, const struct tlb_entry *old), void *ctx)
{
    assert(e->valid && i < t->size);
    lose(t, i, lost, ctx);
    if (e->global) { /* it shadows the page in every address space: rare, look at all slots */
        for (uint32_t k = 0; k < t->size; k++)
            if (t->entry[k].valid && t->entry[k].page == e->page)
                lose(t, k, lost, ctx);
    } else {
        uint32_t other = tlb_find(t, e->page, e->asid);
        if (other != TLB_NONE)
            lose(t, other, lost, ctx);
    }
    uint32_t *head = bucket_of(t, e->page, tag_of(e));
    t->entry[i] = *e;
    t->next[i] = *head;
    *head = i;
    t->handed[i] = 0;
    t->globals += e->global;
    t->used++;
}

void tlb_told(struct tlb *t)
{
    t->epoch++;
    t->stale = false;
    t->any_handed = false;
}

void tlb_put(const struct tlb *t, struct state_out *o)
{
    state_put32(o, t->size);
    for (uint32_t i = 0; i < t->size; i++) {
        const struct tlb_entry *e = &t->entry[i];
        state_put64(o, e->page);
        state_put64(o, e->pa);
        state_put32(o, e->asid);
        state_put8(o, e->allowed);
        state_put8(o, (uint8_t)(e->valid | e->global << 1));
    }
}

static void drop_all(struct tlb *t)
{
    for (uint32_t i = 0; i < t->size; i++)
        tlb_drop(t, i);
}

static bool get_entry(struct tlb *t, uint32_t i, struct state_in *in,
                      bool (*ok)(const void *ctx, const struct tlb_entry *e),
                      const void *ctx)
{
    struct tlb_entry e = {0};
    e.page = state_get64(in);
    e.pa = state_get64(in);
    e.asid = state_get32(in);
    e.allowed = state_get8(in);
    uint8_t bits = state_get8(in);
    e.valid = bits & 1;
    e.global = bits & 2;
    if (in->bad || bits > 3)
        return false;
    if (!e.valid)
        return true;
    if (!ok(ctx, &e))
        return false;
    uint32_t used = t->used;
    tlb_set(t, i, &e, NULL, NULL);
    return t->used == used + 1; /* else it replaced another: a duplicate */
}

bool tlb_get(struct tlb *t, struct state_in *in,
             bool (*ok)(const void *ctx, const struct tlb_entry *e), const void *ctx)
{
    drop_all(t);
    bool good = state_get32(in) == t->size;
    for (uint32_t i = 0; i < t->size && good; i++)
        good = get_entry(t, i, in, ok, ctx);
    if (!good)
        drop_all(t);
    return good;
}

void tlb_describe(const struct tlb *t, unsigned page_shift, struct text *out)
{
    for (uint32_t i = 0; i < t->size; i++) {
        const struct tlb_entry *e = &t->entry[i];
        if (e->valid)
            text_add(out,
                     "tlb%" PRIu32 " 0x%" PRIx64 " asid %" PRIu32 " -> 0x%" PRIx64
                     " %s%s%s%s\n",
                     i, e->page << page_shift, e->asid, e->pa,
                     e->allowed & 1u << HW_READ ? "r" : "-",
                     e->allowed & 1u << HW_WRITE ? "w" : "-",
                     e->allowed & 1u << HW_FETCH ? "x" : "-", e->global ? "g" : "");
    }
}

void tlb_put_stats(const struct hw_mmu_stats *s, struct state_out *o)
{
    state_put64(o, s->misses);
    state_put64(o, s->walks);
    state_put64(o, s->faults);
    state_put64(o, s->inserts);
    state_put64(o, s->flushes);
}

void tlb_get_stats(struct hw_mmu_stats *s, struct state_in *in)
{
    s->misses = state_get64(in);
    s->walks = state_get64(in);
    s->faults = state_get64(in);
    s->inserts = state_get64(in);
    s->flushes = state_get64(in);
}

uint32_t tlb_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (uint32_t)((*state * UINT64_C(0x2545f4914f6cdd1d)) >> 32);
}
