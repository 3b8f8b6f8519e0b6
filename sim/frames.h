// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * frames.h - Ethernet frames on their way, in the order in which they arrive: by cycle, and those
 * of one cycle as they were put. The queue owns copies.
 */
#ifndef SIM_FRAMES_H
#define SIM_FRAMES_H

#include <stddef.h>
#include <stdint.h>

struct frame {
    struct frame *next, *before;
    uint64_t at;
    size_t len;
    uint8_t bytes[];
};

struct frames {
    struct frame *first, *last;
    size_t n;
};

void frames_put(struct frames *q, uint64_t at, const uint8_t *bytes, size_t len);
/* Cycle of the first, UINT64_MAX if there is none. */
uint64_t frames_next(const struct frames *q);
/* Takes the first if it is due at `now`, else NULL. free() it. */
struct frame *frames_take(struct frames *q, uint64_t now);
void frames_free(struct frames *q);

#endif
