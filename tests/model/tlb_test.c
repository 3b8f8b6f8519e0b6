// SPDX-License-Identifier: GPL-2.0-or-later
/* tlb_test.c - the TLB both MMUs share (hwmodels/mmu/tlb.h) against a plain list of slots. */
#include "mmu/tlb.h"
#include "rig.h"
#include "suites.h"
#include <stdlib.h>
#include <string.h>

#define SLOTS 40u

struct list {
    struct tlb_entry slot[SLOTS];
    unsigned lost;
};

static bool matches(const struct tlb_entry *e, uint64_t page, uint32_t asid)
{
    return e->valid && e->page == page && (e->global || e->asid == asid);
}

static uint32_t list_find(const struct list *l, uint64_t page, uint32_t asid)
{
    for (uint32_t i = 0; i < SLOTS; i++)
        if (matches(&l->slot[i], page, asid))
            return i;
    return TLB_NONE;
}

static void list_set(struct list *l, uint32_t i, const struct tlb_entry *e)
{
    for (uint32_t k = 0; k < SLOTS; k++) {
        struct tlb_entry *o = &l->slot[k];
        bool clash = o->page == e->page && (o->global || e->global || o->asid == e->asid);
        if (o->valid && (k == i || clash)) {
            l->lost++;
            *o = (struct tlb_entry){0};
        }
    }
    l->slot[i] = *e;
}

static void count_lost(void *ctx, const struct tlb_entry *old)
{
    CU_ASSERT(old->valid);
    ++*(unsigned *)ctx;
}

static struct tlb_entry random_entry(uint64_t *rng)
{
    uint64_t x = rig_random(rng);
    return (struct tlb_entry){.page = x % 24 + (x & 0x100 ? UINT64_C(1) << 50 : 0),
                              .pa = (x >> 20 & 0xff) << 12,
                              .asid = (x & 0xe000) == 0 ? 0 : (uint32_t)(x >> 32) % 5,
                              .allowed = (uint8_t)(x >> 40 & 7),
                              .valid = true,
                              .global = (x & 0xe000) == 0};
}

static void against_list(void)
{
    struct tlb t;
    struct list l = {0};
    unsigned lost = 0;
    uint64_t rng = 11;
    CU_ASSERT_FATAL(tlb_init(&t, SLOTS));
    for (unsigned step = 0; step < 40000; step++) {
        struct tlb_entry e = random_entry(&rng);
        uint32_t slot = (uint32_t)(rig_random(&rng) % SLOTS);
        if (step % 3 == 0) {
            tlb_drop(&t, slot);
            l.slot[slot] = (struct tlb_entry){0};
        } else {
            tlb_set(&t, slot, &e, count_lost, &lost);
            list_set(&l, slot, &e);
        }
        struct tlb_entry q = random_entry(&rng);
        CU_ASSERT(tlb_find(&t, q.page, q.asid) == list_find(&l, q.page, q.asid));
        CU_ASSERT(tlb_find(&t, e.page, e.asid) == list_find(&l, e.page, e.asid));
    }
    CU_ASSERT(lost == l.lost);
    unsigned used = 0, globals = 0;
    for (uint32_t i = 0; i < SLOTS; i++) {
        CU_ASSERT(memcmp(&t.entry[i], &l.slot[i], sizeof t.entry[i]) == 0);
        used += l.slot[i].valid;
        globals += l.slot[i].global;
    }
    CU_ASSERT(t.used == used && t.globals == globals);
    tlb_free(&t);
}

static void handed_out(void)
{
    struct tlb t;
    CU_ASSERT_FATAL(tlb_init(&t, 4));
    struct tlb_entry e = {.page = 1, .pa = 0x1000, .allowed = 1, .valid = true};
    tlb_set(&t, 0, &e, NULL, NULL);
    tlb_drop(&t, 0);
    CU_ASSERT(!tlb_stale(&t)); /* nobody has seen it */
    tlb_set(&t, 0, &e, NULL, NULL);
    tlb_hand_out(&t, 0);
    e.page = 2;
    tlb_set(&t, 1, &e, NULL, NULL);
    CU_ASSERT(!tlb_stale(&t));
    tlb_set(&t, 0, &e, NULL, NULL); /* replaces what was handed out */
    CU_ASSERT(tlb_stale(&t));
    tlb_told(&t);
    CU_ASSERT(!tlb_stale(&t) && !t.any_handed);
    tlb_drop(&t, 0);
    CU_ASSERT(!tlb_stale(&t));
    tlb_free(&t);
}

/* Thousands of pages over many address spaces: a bucket stays short. */
static void chains_stay_short(void)
{
    struct tlb t;
    const uint32_t size = 4096;
    CU_ASSERT_FATAL(tlb_init(&t, size));
    for (uint32_t i = 0; i < size; i++) {
        struct tlb_entry e = {.page = 0x400 + i / 64,
                              .asid = i % 64,
                              .pa = (uint64_t)i << 12,
                              .valid = true};
        tlb_set(&t, i, &e, NULL, NULL);
    }
    uint32_t longest = 0;
    for (uint32_t b = 0; b <= t.bucket_mask; b++) {
        uint32_t n = 0;
        for (uint32_t i = t.bucket[b]; i != TLB_NONE; i = t.next[i])
            n++;
        longest = n > longest ? n : longest;
    }
    CU_ASSERT(t.used == size);
    CU_ASSERT(longest <= 10);
    tlb_free(&t);
}

static bool any_ok(const void *ctx, const struct tlb_entry *e)
{
    (void)ctx;
    return e->allowed < 8;
}

/* Two entries for one (page, asid) are no state a TLB can have. */
static void duplicates_in_state(void)
{
    struct tlb t;
    uint8_t buf[256];
    CU_ASSERT_FATAL(tlb_init(&t, 4));
    struct tlb_entry e = {.page = 1, .pa = 0x1000, .allowed = 1, .valid = true};
    tlb_set(&t, 0, &e, NULL, NULL);
    e.page = 2;
    tlb_set(&t, 1, &e, NULL, NULL);
    struct state_out o = {buf, sizeof buf, 0};
    tlb_put(&t, &o);
    struct state_in in = {buf, o.at, 0, false};
    CU_ASSERT(tlb_get(&t, &in, any_ok, NULL) && state_done(&in) && t.used == 2);
    buf[4 + 22] = 1; /* the second entry's page becomes the first's */
    in = (struct state_in){buf, o.at, 0, false};
    CU_ASSERT(!tlb_get(&t, &in, any_ok, NULL) && t.used == 0);
    tlb_free(&t);
}

void tlb_suite(void)
{
    CU_pSuite s = CU_add_suite("tlb", NULL, NULL);
    CU_add_test(s, "40000 steps against a list of slots", against_list);
    CU_add_test(s, "handed-out marks", handed_out);
    CU_add_test(s, "chains stay short", chains_stay_short);
    CU_add_test(s, "no duplicates by restore", duplicates_in_state);
}
