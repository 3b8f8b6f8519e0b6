// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trouble.h - a wire that loses, duplicates, reorders, corrupts and delays frames, both ways,
 * repeatably by seed.
 *
 * Each frame that passes is first lost or not; then corrupted (a burst of up to 15 bits; its
 * length stays); then duplicated (the copy is the same, and comes right behind); every copy is
 * delayed, and reordered by waiting TROUBLE_REORDER_NS longer at least, twice that at most, so that
 * later ones overtake it. The FCS is not modelled: what is corrupted reaches the machine.
 */
#ifndef SIM_TROUBLE_H
#define SIM_TROUBLE_H

#include <stddef.h>
#include <stdint.h>

#include "net.h"

#define TROUBLE_REORDER_NS 500000u
#define TROUBLE_ALWAYS 1000000u /* chances are in millionths */

struct trouble_setup {
    uint32_t loss, duplicate, reorder, corrupt; /* chance of a frame, in millionths */
    uint64_t delay_ns, seed;
};

struct trouble *trouble_new(const struct trouble_setup *setup);
void trouble_free(struct trouble *t);
/* Calls `to` for every frame that comes out, with the cycle it now arrives at; not in order. */
void trouble_pass(struct trouble *t, uint64_t clock_hz, uint64_t at, const uint8_t *frame,
                  size_t len,
                  void (*to)(void *arg, uint64_t at, const uint8_t *frame, size_t len),
                  void *arg);
void trouble_state_put(const struct trouble *t, struct bytes *to);
void trouble_state_get(struct trouble *t, struct bytes_in *in);
void trouble_stats(const struct trouble *t, struct net_stats *out);

#endif
