// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * event.c - the event queue: a sorted array. A machine has a handful of deadlines at a time (a
 * timer a core, a disk, a NIC), so moving a few entries beats any tree. See event.h.
 */
#include "event.h"

#include <stdlib.h>
#include <string.h>

#include "err.h"

/* Does a come before b? */
static bool before(const struct event *a, const struct event *b)
{
    if (a->at != b->at)
        return a->at < b->at;
    if (a->owner != b->owner)
        return a->owner < b->owner;
    return a->tag < b->tag;
}

static void drop(struct event_queue *q, uint32_t owner, uint32_t tag)
{
    for (size_t i = 0; i < q->n; i++)
        if (q->e[i].owner == owner && q->e[i].tag == tag) {
            memmove(&q->e[i], &q->e[i + 1], (q->n - i - 1) * sizeof *q->e);
            q->n--;
            return;
        }
}

void event_set(struct event_queue *q, uint32_t owner, uint32_t tag, uint64_t at)
{
    drop(q, owner, tag);
    if (at == EVENT_NEVER)
        return;
    if (q->n == q->cap) {
        q->cap = q->cap ? 2 * q->cap : 16;
        q->e = mem_grow(q->e, q->cap, sizeof *q->e);
    }
    struct event e = {.at = at, .owner = owner, .tag = tag};
    size_t i = q->n++;
    for (; i > 0 && before(&q->e[i - 1], &e); i--)
        q->e[i] = q->e[i - 1];
    q->e[i] = e;
}

uint64_t event_next(const struct event_queue *q)
{
    return q->n ? q->e[q->n - 1].at : EVENT_NEVER;
}

bool event_pop(struct event_queue *q, uint64_t now, struct event *out)
{
    if (!q->n || q->e[q->n - 1].at > now)
        return false;
    *out = q->e[--q->n];
    return true;
}

void event_free(struct event_queue *q)
{
    free(q->e);
    *q = (struct event_queue){0};
}
