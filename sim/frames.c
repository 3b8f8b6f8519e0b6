// SPDX-License-Identifier: GPL-2.0-or-later
/* frames.c - frames on their way: a list sorted from its end, where nearly all belong. */
#include "frames.h"

#include <stdlib.h>
#include <string.h>

#include "err.h"

void frames_put(struct frames *q, uint64_t at, const uint8_t *bytes, size_t len)
{
    struct frame *f = mem_zero(1, sizeof *f + len), *p = q->last;
    f->at = at;
    f->len = len;
    memcpy(f->bytes, bytes, len);
    while (p && p->at > at)
        p = p->before;
    f->before = p;
    f->next = p ? p->next : q->first;
    *(p ? &p->next : &q->first) = f;
    *(f->next ? &f->next->before : &q->last) = f;
    q->n++;
}

uint64_t frames_next(const struct frames *q)
{
    return q->first ? q->first->at : UINT64_MAX;
}

struct frame *frames_take(struct frames *q, uint64_t now)
{
    struct frame *f = q->first;
    if (!f || f->at > now)
        return NULL;
    q->first = f->next;
    *(f->next ? &f->next->before : &q->last) = NULL;
    q->n--;
    return f;
}

void frames_free(struct frames *q)
{
    struct frame *f;
    while ((f = frames_take(q, UINT64_MAX)))
        free(f);
}
