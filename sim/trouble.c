// SPDX-License-Identifier: GPL-2.0-or-later
/* trouble.c - a wire with trouble. See trouble.h. */
#include "trouble.h"

#include <hw.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"

#define FLIPS 8u

struct trouble {
    struct trouble_setup setup;
    uint64_t random;
    struct net_stats stats;
};

struct trouble *trouble_new(const struct trouble_setup *setup)
{
    struct trouble *t = mem_zero(1, sizeof *t);
    t->setup = *setup;
    t->random = setup->seed;
    return t;
}

void trouble_free(struct trouble *t)
{
    free(t);
}

/* splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014. */
static uint64_t draw(struct trouble *t)
{
    uint64_t z = (t->random += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* Draws even if the chance is none: asking for one kind of trouble does not move another. */
static bool happens(struct trouble *t, uint32_t chance, uint64_t *count)
{
    bool yes = draw(t) % TROUBLE_ALWAYS < chance;
    *count += yes;
    return yes;
}

static void corrupt(struct trouble *t, uint8_t *frame, size_t len)
{
    uint64_t flips = 1 + draw(t) % FLIPS;
    for (uint64_t i = 0; i < flips; i++) {
        uint64_t bit = draw(t) % (len * 8);
        frame[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

void trouble_pass(struct trouble *t, uint64_t clock_hz, uint64_t at, const uint8_t *frame,
                  size_t len,
                  void (*to)(void *arg, uint64_t at, const uint8_t *frame, size_t len),
                  void *arg)
{
    const struct trouble_setup *s = &t->setup;
    uint8_t copy[HW_FRAME_MAX];
    if (happens(t, s->loss, &t->stats.lost) || len > sizeof copy)
        return;
    memcpy(copy, frame, len);
    if (happens(t, s->corrupt, &t->stats.corrupted))
        corrupt(t, copy, len);
    unsigned copies = happens(t, s->duplicate, &t->stats.duplicated) ? 2 : 1;
    for (unsigned i = 0; i < copies; i++) {
        uint64_t ns = s->delay_ns;
        if (happens(t, s->reorder, &t->stats.reordered))
            ns += TROUBLE_REORDER_NS + draw(t) % TROUBLE_REORDER_NS;
        to(arg, at + cycles_of_ns(ns, clock_hz), copy, len);
    }
}

void trouble_stats(const struct trouble *t, struct net_stats *out)
{
    out->lost = t->stats.lost;
    out->duplicated = t->stats.duplicated;
    out->reordered = t->stats.reordered;
    out->corrupted = t->stats.corrupted;
}
