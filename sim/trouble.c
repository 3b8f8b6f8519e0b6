// SPDX-License-Identifier: GPL-2.0-or-later
/* trouble.c - a wire with trouble. See trouble.h. */
#include "trouble.h"

#include <hw.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"

#define BURST 15u /* bits */

struct trouble {
    struct trouble_setup setup;
    /* one stream each: asking for one kind of trouble does not move another */
    uint64_t loss, corrupt, duplicate, reorder;
    struct net_stats stats;
};

struct trouble *trouble_new(const struct trouble_setup *setup)
{
    struct trouble *t = mem_zero(1, sizeof *t);
    t->setup = *setup;
    t->loss = setup->seed;
    t->corrupt = setup->seed ^ UINT64_C(0x1111111111111111);
    t->duplicate = setup->seed ^ UINT64_C(0x2222222222222222);
    t->reorder = setup->seed ^ UINT64_C(0x4444444444444444);
    return t;
}

void trouble_free(struct trouble *t)
{
    free(t);
}

/* splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014. */
static uint64_t draw(uint64_t *stream)
{
    uint64_t z = (*stream += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static bool happens(uint64_t *stream, uint32_t chance, uint64_t *count)
{
    bool yes = draw(stream) % TROUBLE_ALWAYS < chance;
    *count += yes;
    return yes;
}

/* A burst: its first bit and any of the BURST - 1 behind it. A burst shorter than 16 bits always
 * changes the Internet checksum; bits spread over the frame would, one time in thirty, not. */
static void corrupt(struct trouble *t, uint8_t *frame, size_t len)
{
    uint64_t first = draw(&t->corrupt) % (len * 8), bits = draw(&t->corrupt) | 1;
    for (uint64_t i = 0; i < BURST && first + i < len * 8; i++)
        if (bits >> i & 1)
            frame[(first + i) / 8] ^= (uint8_t)(1u << (first + i) % 8);
}

void trouble_pass(struct trouble *t, uint64_t clock_hz, uint64_t at, const uint8_t *frame,
                  size_t len,
                  void (*to)(void *arg, uint64_t at, const uint8_t *frame, size_t len),
                  void *arg)
{
    const struct trouble_setup *s = &t->setup;
    uint8_t copy[HW_FRAME_MAX];
    if (happens(&t->loss, s->loss, &t->stats.lost) || len > sizeof copy)
        return;
    memcpy(copy, frame, len);
    if (happens(&t->corrupt, s->corrupt, &t->stats.corrupted))
        corrupt(t, copy, len);
    unsigned copies = happens(&t->duplicate, s->duplicate, &t->stats.duplicated) ? 2 : 1;
    for (unsigned i = 0; i < copies; i++) {
        uint64_t ns = s->delay_ns;
        if (happens(&t->reorder, s->reorder, &t->stats.reordered))
            ns += TROUBLE_REORDER_NS + draw(&t->reorder) % TROUBLE_REORDER_NS;
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

void trouble_state_put(const struct trouble *t, struct bytes *to)
{
    const uint64_t v[] = {
        t->loss,       t->corrupt,          t->duplicate,       t->reorder,
        t->stats.lost, t->stats.duplicated, t->stats.reordered, t->stats.corrupted};
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        bytes_put64(to, v[i]);
}

void trouble_state_get(struct trouble *t, struct bytes_in *in)
{
    uint64_t *const v[] = {
        &t->loss,       &t->corrupt,          &t->duplicate,       &t->reorder,
        &t->stats.lost, &t->stats.duplicated, &t->stats.reordered, &t->stats.corrupted};
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        *v[i] = bytes_get64(in);
}
