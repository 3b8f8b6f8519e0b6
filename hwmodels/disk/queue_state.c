// SPDX-License-Identifier: GPL-2.0-or-later
/* queue_state.c - "exo,disk-queue": its state as bytes and as words. See queue.c. */
#include "queue_priv.h"
#include "text.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define QUEUE_STATE 0x4b534451u /* "QDSK" */

size_t queue_save(void *dev, uint8_t *buf, size_t max)
{
    struct queue *d = dev;
    struct state_out o = {buf, max, 0};
    state_put32(&o, QUEUE_STATE);
    state_put64(&o, d->blocks);
    disk_put_stats(&o, &d->stats);
    state_put64(&o, d->sq);
    state_put64(&o, d->cq);
    state_put32(&o, d->depth);
    state_put8(&o, d->enabled);
    state_put8(&o, d->error);
    state_put8(&o, d->irq);
    state_put32(&o, d->sq_head);
    state_put32(&o, d->sq_tail);
    state_put32(&o, d->cq_head);
    state_put32(&o, d->cq_tail);
    state_put64(&o, d->link_free);
    state_put32(&o, d->nentries);
    for (uint32_t i = 0; i < d->nentries; i++) {
        const struct entry *e = &d->entry[i];
        state_put64(&o, e->block);
        state_put64(&o, e->pa);
        state_put64(&o, e->at);
        state_put32(&o, e->op);
        state_put32(&o, e->tag);
        state_put32(&o, e->count);
        state_put32(&o, e->status);
        state_put8(&o, e->stage);
    }
    return o.at;
}

static void get_entry(struct state_in *in, struct entry *e)
{
    e->block = state_get64(in);
    e->pa = state_get64(in);
    e->at = state_get64(in);
    e->op = state_get32(in);
    e->tag = state_get32(in);
    e->count = state_get32(in);
    e->status = state_get32(in);
    e->stage = state_get8(in);
}

/* An entry that this disk could have taken. */
static bool entry_sane(struct queue *d, const struct entry *e)
{
    if (e->stage > FINISHED || e->status > BAD_ADDRESS ||
        (e->stage == CROSSING && (e->status != OK || e->op == HW_DISK_FLUSH)))
        return false;
    if (e->op == HW_DISK_FLUSH)
        return e->block == 0 && e->pa == 0 && e->count == 0 && e->status == OK;
    if (e->stage == WAITING)
        return false;
    return e->status != OK || e->stage == FINISHED || queue_check(d, e) == OK;
}

static bool sane(struct queue *d)
{
    d->busy = 0;
    for (uint32_t i = 0; i < d->nentries; i++) {
        const struct entry *e = &d->entry[i];
        if (!entry_sane(d, e))
            return false;
        if ((e->stage == WORKING || e->stage == CROSSING) && e->op != HW_DISK_FLUSH &&
            e->status == OK)
            d->busy++;
    }
    if (!d->enabled)
        return d->nentries == 0 && d->sq_head == d->sq_tail;
    return d->busy <= d->channels && d->depth >= 2 && d->depth <= d->depth_max &&
           (d->depth & (d->depth - 1)) == 0 && d->sq_tail - d->sq_head <= d->depth &&
           d->cq_tail - d->cq_head <= d->depth && !queue_rings_wrong(d);
}

static bool load(struct queue *d, struct state_in *in, bool *irq)
{
    if (state_get32(in) != QUEUE_STATE || state_get64(in) != d->blocks)
        return false;
    disk_get_stats(in, &d->stats);
    d->sq = state_get64(in);
    d->cq = state_get64(in);
    d->depth = state_get32(in);
    d->enabled = state_get8(in) != 0;
    d->error = state_get8(in) != 0;
    *irq = state_get8(in) != 0;
    d->sq_head = state_get32(in);
    d->sq_tail = state_get32(in);
    d->cq_head = state_get32(in);
    d->cq_tail = state_get32(in);
    d->link_free = state_get64(in);
    d->nentries = state_get32(in);
    if (d->nentries > d->slots)
        return false;
    for (uint32_t i = 0; i < d->nentries; i++)
        get_entry(in, &d->entry[i]);
    return state_done(in) && sane(d);
}

int queue_restore(void *dev, const uint8_t *buf, size_t len)
{
    struct queue *d = dev;
    size_t size = sizeof *d + d->slots * sizeof d->entry[0];
    struct queue *was = malloc(size);
    struct state_in in = {buf, len, 0, false};
    bool irq = false, ok;
    if (!was)
        return -1;
    memcpy(was, d, size);
    ok = load(d, &in, &irq);
    if (!ok) {
        memcpy(d, was, size);
    } else {
        queue_irq(d, irq);
        queue_next(d);
    }
    free(was);
    return ok ? 0 : -1;
}

size_t queue_describe(void *dev, char *buf, size_t max)
{
    static const char *const stages[] = {"waiting", "working", "crossing", "finished"};
    struct queue *d = dev;
    struct text t = text_start(buf, max);
    text_add(&t,
             "blocks %" PRIu64 "\nenabled %s\nerror %s\ninterrupt %s\nsubmitted %" PRIu32
             "\ntaken %" PRIu32 "\ncompleted %" PRIu32 "\nconsumed %" PRIu32
             "\nchannels %" PRIu32 " of %" PRIu32 "\n",
             d->blocks, d->enabled ? "yes" : "no", d->error ? "yes" : "no",
             d->irq ? "up" : "down", d->sq_tail, d->sq_head, d->cq_tail, d->cq_head,
             d->busy, d->channels);
    for (uint32_t i = 0; i < d->nentries; i++) {
        const struct entry *e = &d->entry[i];
        text_add(&t,
                 "entry%" PRIu32 " op %" PRIu32 " block %" PRIu64 " count %" PRIu32
                 " %s until %" PRIu64 "\n",
                 i, e->op, e->block, e->count, stages[e->stage], e->at);
    }
    return t.at;
}
