// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * view_rates.c - how often things happened, over a whole run of unknown length: when the buckets are
 * full, two become one. See view.h.
 */
#include <string.h>

#include "trace.h"
#include "view.h"

#define FIRST_WIDTH 1024u /* cycles */

static int rate_of(const struct hw_trace_record *r)
{
    switch (r->event) {
    case HW_EV_TRAP: return RATE_TRAPS;
    case HW_EV_CALL: return RATE_CALLS;
    case HW_EV_MISS:
    case HW_EV_WALK: return RATE_MISSES;
    case HW_EV_DISK_START: return RATE_DISK;
    case HW_EV_NIC_TX:
    case HW_EV_NIC_RX: return RATE_NIC;
    default: return -1;
    }
}

static void halve(struct view_rates *t)
{
    for (unsigned k = 0; k < RATES; k++) {
        uint32_t *n = t->count[k];
        for (unsigned i = 0; i < VIEW_BUCKETS / 2; i++)
            n[i] = n[2 * i] + n[2 * i + 1];
        memset(n + VIEW_BUCKETS / 2, 0, VIEW_BUCKETS / 2 * sizeof *n);
    }
    t->width *= 2;
    t->used = (t->used + 1) / 2;
}

void view_rates_add(struct view_rates *t, const struct hw_trace_record *r)
{
    int k = rate_of(r);
    if (t->width == 0)
        t->width = FIRST_WIDTH;
    while (r->cycle / t->width >= VIEW_BUCKETS)
        halve(t);
    unsigned i = (unsigned)(r->cycle / t->width);
    if (i >= t->used)
        t->used = i + 1;
    if (k >= 0)
        t->count[k][i]++;
}
