// SPDX-License-Identifier: GPL-2.0-or-later
/* queue_run.c - "exo,disk-queue": entries from submission to completion. See queue.c. */
#include "queue_priv.h"
#include <string.h>

static uint32_t get32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

static uint64_t get64(const uint8_t *p)
{
    return get32(p) | (uint64_t)get32(p + 4) << 32;
}

static void put32(uint8_t *p, uint32_t v)
{
    for (unsigned i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

static bool is_write(const struct entry *e)
{
    return e->op == HW_DISK_WRITE && e->status == OK && e->stage != FINISHED;
}

static uint64_t bytes_of(const struct entry *e)
{
    return e->op == HW_DISK_FLUSH ? 0 : (uint64_t)e->count * BLOCK;
}

enum queue_status queue_check(struct queue *d, const struct entry *e)
{
    uint8_t byte;
    if (e->op == HW_DISK_FLUSH)
        return OK;
    if (e->op != HW_DISK_READ && e->op != HW_DISK_WRITE)
        return BAD_OP;
    if (e->count == 0 || e->block >= d->blocks || e->count > d->blocks - e->block)
        return BAD_RANGE;
    uint64_t last = e->pa + bytes_of(e) - 1;
    if (last < e->pa || d->env.dma_read(d->env.host, e->pa, &byte, 1) ||
        d->env.dma_read(d->env.host, last, &byte, 1))
        return BAD_ADDRESS;
    return OK;
}

/* Latency on a channel; the link follows. */
static void work(struct queue *d, struct entry *e, uint64_t now)
{
    e->stage = WORKING;
    if (e->status != OK) {
        e->at = now; /* refused: no channel, no latency */
        return;
    }
    if (e->op == HW_DISK_FLUSH) {
        e->at = now + d->flush_cycles;
        return;
    }
    d->busy++;
    e->at = now + (e->op == HW_DISK_READ ? d->read_cycles : d->write_cycles);
}

/* The channel is done: over the link, behind those that are on it. The channel stays taken. */
static void cross(struct queue *d, struct entry *e)
{
    uint64_t start = e->at < d->link_free ? d->link_free : e->at;
    e->at = start + disk_transfer(&d->env, bytes_of(e), d->rate);
    e->stage = CROSSING;
    d->link_free = e->at;
}

static bool under_way(const struct entry *e)
{
    return e->stage == WORKING || e->stage == CROSSING;
}

/* Waiting flushes whose writes have all ended begin. */
static void wake_flushes(struct queue *d, uint64_t now)
{
    for (uint32_t i = 0; i < d->nentries && !is_write(&d->entry[i]); i++)
        if (d->entry[i].stage == WAITING)
            work(d, &d->entry[i], now);
}

static void take_one(struct queue *d, uint64_t now)
{
    uint8_t raw[SUBMIT];
    uint64_t pa = d->sq + (uint64_t)(d->sq_head & (d->depth - 1)) * SUBMIT;
    struct entry *e = &d->entry[d->nentries++];
    d->sq_head++;
    if (d->env.dma_read(d->env.host, pa, raw, sizeof raw))
        memset(raw, 0, sizeof raw); /* the ring was RAM when it was enabled: cannot be */
    *e = (struct entry){.op = get32(raw),
                        .tag = get32(raw + 4),
                        .block = get64(raw + 8),
                        .pa = get64(raw + 16),
                        .count = get32(raw + 24)};
    if (e->op == HW_DISK_FLUSH) {
        e->block = e->pa = 0;
        e->count = 0;
    }
    e->status = queue_check(d, e);
    disk_trace(&d->env, HW_EV_DISK_START, e->block, e->op, e->count, 0);
    if (e->op == HW_DISK_FLUSH)
        e->stage = WAITING;
    else
        work(d, e, now);
}

void queue_next(struct queue *d)
{
    uint64_t next = DISK_NEVER;
    for (uint32_t i = 0; i < d->nentries; i++)
        if (under_way(&d->entry[i]) && d->entry[i].at < next)
            next = d->entry[i].at;
    d->env.event(d->env.host, 0, next);
}

void queue_schedule(struct queue *d)
{
    uint64_t now = d->env.now(d->env.host);
    while (d->sq_head != d->sq_tail && d->busy < d->channels && d->nentries < d->slots)
        take_one(d, now);
    wake_flushes(d, now);
    queue_next(d);
}

/* ---- ends ---- */

static uint32_t move_block(struct queue *d, const struct entry *e, uint64_t i)
{
    uint8_t data[BLOCK];
    uint64_t off = (e->block + i) * BLOCK, pa = e->pa + i * BLOCK;
    if (e->op == HW_DISK_READ) {
        if (d->env.store_read(d->env.host, off, data, BLOCK))
            return BAD_RANGE;
        return d->env.dma_write(d->env.host, pa, data, BLOCK) ? BAD_ADDRESS : OK;
    }
    if (d->env.dma_read(d->env.host, pa, data, BLOCK))
        return BAD_ADDRESS;
    return d->env.store_write(d->env.host, off, data, BLOCK) ? BAD_RANGE : OK;
}

static void end(struct queue *d, struct entry *e)
{
    if (e->status == OK && e->op == HW_DISK_FLUSH)
        d->env.store_flush(d->env.host);
    if (e->status == OK && e->op != HW_DISK_FLUSH) {
        d->busy--;
        for (uint64_t i = 0; i < e->count && e->status == OK; i++)
            e->status = move_block(d, e, i);
    }
    e->stage = FINISHED;
    disk_count(&d->stats, e->op, bytes_of(e), e->status == OK);
    disk_trace(&d->env, HW_EV_DISK_DONE, e->block, e->op, e->count, e->status);
}

/* False if the completion ring is full. */
static bool complete(struct queue *d, const struct entry *e)
{
    if (d->cq_tail - d->cq_head == d->depth)
        return false;
    uint8_t raw[COMPLETE];
    put32(raw, e->tag);
    put32(raw + 4, e->status);
    put32(raw + 8, d->sq_head);
    put32(raw + 12, d->cq_tail + 1);
    (void)d->env.dma_write(d->env.host,
                           d->cq + (uint64_t)(d->cq_tail & (d->depth - 1)) * COMPLETE,
                           raw, sizeof raw);
    d->cq_tail++;
    queue_irq(d, true);
    return true;
}

/* The entry with the next stage due, of those due by `now`; older ones first if at once. */
static struct entry *due(struct queue *d, uint64_t now)
{
    struct entry *first = NULL;
    for (uint32_t i = 0; i < d->nentries; i++) {
        struct entry *e = &d->entry[i];
        if (under_way(e) && e->at <= now && (!first || e->at < first->at))
            first = e;
    }
    return first;
}

void queue_post(struct queue *d)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < d->nentries; i++)
        if (d->entry[i].stage != FINISHED || !complete(d, &d->entry[i]))
            d->entry[kept++] = d->entry[i];
    d->nentries = kept;
}

void queue_event(void *dev, uint32_t tag)
{
    struct queue *d = dev;
    if (tag != 0 || !d->enabled)
        return;
    uint64_t now = d->env.now(d->env.host);
    for (struct entry *e; (e = due(d, now)) != NULL;) {
        if (e->stage == WORKING && e->status == OK && bytes_of(e)) {
            cross(d, e);
        } else {
            end(d, e);
            queue_post(d);
        }
    }
    queue_schedule(d);
}
