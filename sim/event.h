// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * event.h - deadlines of models on the machine's virtual time.
 *
 * One deadline per (owner, tag). Order of delivery: by cycle, then owner, then tag, so that it
 * does not depend on the order of arming.
 */
#ifndef SIM_EVENT_H
#define SIM_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVENT_TAGS 16u /* of a model */
#define EVENT_NET 16u  /* and those of its network port (net.h) */
#define EVENT_TAGS_ALL 18u
#define EVENT_NEVER UINT64_MAX

struct event {
    uint64_t at;
    uint32_t owner, tag;
};

struct event_queue {
    struct event *e; /* sorted, the next one last */
    size_t n, cap;
};

/* Arms, moves or (at = EVENT_NEVER) cancels the deadline of (owner, tag). */
void event_set(struct event_queue *q, uint32_t owner, uint32_t tag, uint64_t at);
/* Cycle of the next one, EVENT_NEVER if none. */
uint64_t event_next(const struct event_queue *q);
/* Takes the next one if it is due at `now`. */
bool event_pop(struct event_queue *q, uint64_t now, struct event *out);
void event_free(struct event_queue *q);

#endif
