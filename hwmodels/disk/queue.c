// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * queue.c - "exo,disk-queue": 4 KiB blocks, submission and completion rings in memory, DMA.
 *
 *   0x00 SQ       rw  64 bits: address of the submission ring
 *   0x08 CQ       rw  64 bits: of the completion ring
 *   0x10 DEPTH    rw  entries of both, a power of two up to the board's depth
 *   0x14 ENABLE   rw  1 starts with indexes 0; 0 stops, requests are forgotten
 *   0x18 SQ_TAIL  wo  entries below this index are submitted
 *   0x1c CQ_HEAD  wo  completions below this index are consumed
 *   0x20 ACK      wo  drops the interrupt; it is raised again if completions are left
 *   0x24 STATUS   ro  bit 0 enabled, bit 1 error (a bad ring; until ENABLE), bit 2 interrupt
 *   0x28 BLOCKS   ro  64 bits: blocks of the disk
 *
 * Indexes are free-running. An entry waits for a channel, takes its latency there, then its
 * blocks cross the one link to memory; then they have moved and the completion is written, if
 * the completion ring has room (else it waits for CQ_HEAD). So entries overtake each other. A
 * FLUSH needs no channel: it waits until all writes submitted before it have ended. Data moves
 * at the end of an entry. With the write cache a write that has ended may be lost until a FLUSH
 * (HW_PERSIST_CACHED); without it, writes are on the medium when they end.
 */
#include "disk.h"
#include "models.h"
#include "values.h"
#include <stdlib.h>
#include <string.h>

enum {
    REG_SQ_LO = 0x00,
    REG_SQ_HI = 0x04,
    REG_CQ_LO = 0x08,
    REG_CQ_HI = 0x0c,
    REG_DEPTH = 0x10,
    REG_ENABLE = 0x14,
    REG_SQ_TAIL = 0x18,
    REG_CQ_HEAD = 0x1c,
    REG_ACK = 0x20,
    REG_STATUS = 0x24,
    REG_BLOCKS_LO = 0x28,
    REG_BLOCKS_HI = 0x2c
};
enum { STATUS_ENABLED = 1, STATUS_ERROR = 2, STATUS_IRQ = 4 };
enum { OK = 0, BAD_OP = 1, BAD_RANGE = 2, BAD_ADDRESS = 3 };
#define BLOCK 4096u
#define SUBMIT 32u
#define COMPLETE 16u
#define DEPTH_MAX 1024u
#define CHANNELS_MAX 64u
#define QUEUE_STATE 0x4b534451u /* "QDSK" */

enum {
    P_BLOCKS,
    P_DEPTH,
    P_CHANNELS,
    P_READ,
    P_WRITE,
    P_FLUSH,
    P_RATE,
    P_CACHE,
    P_COUNT
};
static const struct hw_param params[] = {
    {"exo,blocks", HW_PARAM_U64, "blocks", 65536, 1, 1u << 28, NULL,
     "of 4096 bytes of a blank disk; an image has its own"},
    {"exo,depth", HW_PARAM_U64, "entries", 128, 2, DEPTH_MAX, NULL,
     "longest ring, a power of two"},
    {"exo,channels", HW_PARAM_U64, "channels", 8, 1, CHANNELS_MAX, NULL,
     "reads and writes at once"},
    {"exo,read-us", HW_PARAM_U64, "microseconds", 67, 0, 1000000, NULL,
     "latency of a read, before its blocks cross the link"},
    {"exo,write-us", HW_PARAM_U64, "microseconds", 20, 0, 1000000, NULL,
     "latency of a write"},
    {"exo,flush-us", HW_PARAM_U64, "microseconds", 500, 0, 10000000, NULL,
     "of a flush, once the writes before it have ended"},
    {"exo,link-bytes-per-second", HW_PARAM_U64, "bytes a second", 3400000000, 1000,
     100000000000, NULL, "of the one link to memory"},
    {"exo,write-cache", HW_PARAM_BOOL, "", 1, 0, 1, NULL,
     "a write that has ended may be lost until a flush"},
};
_Static_assert(sizeof params / sizeof *params == P_COUNT, "a parameter a name");

/* An entry the device has taken and not yet completed, in the order they were submitted. */
enum stage {
    WAITING,  /* a FLUSH, for the writes before it */
    WORKING,  /* ends at `at` */
    FINISHED, /* no room in the completion ring yet */
};
struct entry {
    uint64_t block, pa, at;
    uint32_t op, tag, count, status;
    uint8_t stage;
};

struct queue {
    struct hw_env env;
    uint64_t blocks, read_cycles, write_cycles, flush_cycles, rate;
    uint32_t depth_max, channels, slots;
    bool cache;
    struct hw_disk_stats stats;
    /* registers */
    uint64_t sq, cq;
    uint32_t depth;
    bool enabled, error, irq;
    /* indexes, free-running */
    uint32_t sq_head, sq_tail, cq_head, cq_tail;
    uint64_t link_free;      /* when the link is done with what is on its way */
    uint32_t nentries, busy; /* taken; of them on a channel */
    struct entry entry[];    /* slots */
};

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

static void set_irq(struct queue *d, bool up)
{
    if (d->irq == up)
        return;
    d->irq = up;
    d->env.irq(d->env.host, up);
}

static int medium(struct queue *d, uint64_t blank, struct hw_err *err)
{
    uint64_t size = d->env.store_size(d->env.host);
    if (size == 0) {
        if (d->env.store_blank(d->env.host, blank * BLOCK))
            return hw_refuse(err,
                             "exo,blocks is %" PRIu64
                             ": the host cannot give a blank disk of that size",
                             blank);
        size = d->env.store_size(d->env.host);
    }
    if (size % BLOCK)
        return hw_refuse(err,
                         "the disk has %" PRIu64
                         " bytes, expected a multiple of %u (whole blocks)",
                         size, BLOCK);
    d->blocks = size / BLOCK;
    return 0;
}

static int queue_create(const struct hw_env *env, const struct hw_value *values,
                        unsigned cores, void **out, struct hw_err *err)
{
    (void)cores;
    if (values_check(params, P_COUNT, values, err))
        return -1;
    uint32_t depth = (uint32_t)values[P_DEPTH].u;
    uint32_t channels = (uint32_t)values[P_CHANNELS].u;
    if (depth & (depth - 1))
        return hw_refuse(err, "exo,depth is %" PRIu32 ", expected a power of two", depth);
    struct queue *d = calloc(1, sizeof *d + (depth + channels) * sizeof d->entry[0]);
    if (!d)
        return hw_refuse(err, "out of memory");
    d->env = *env;
    if (medium(d, values[P_BLOCKS].u, err)) {
        free(d);
        return -1;
    }
    d->depth_max = d->depth = depth;
    d->channels = channels;
    d->slots = depth + channels;
    d->read_cycles = disk_cycles(env, values[P_READ].u);
    d->write_cycles = disk_cycles(env, values[P_WRITE].u);
    d->flush_cycles = disk_cycles(env, values[P_FLUSH].u);
    d->rate = values[P_RATE].u;
    d->cache = values[P_CACHE].u != 0;
    *out = d;
    return 0;
}

/* ---- entries ---- */

static bool is_write(const struct entry *e)
{
    return e->op == HW_DISK_WRITE && e->status == OK && e->stage != FINISHED;
}

static uint64_t bytes_of(const struct entry *e)
{
    return e->op == HW_DISK_FLUSH ? 0 : (uint64_t)e->count * BLOCK;
}

static uint32_t check(struct queue *d, const struct entry *e)
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

/* Latency on a channel, then the link, one after the other. */
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
    uint64_t ready = now + (e->op == HW_DISK_READ ? d->read_cycles : d->write_cycles);
    if (ready < d->link_free)
        ready = d->link_free;
    e->at = ready + disk_transfer(&d->env, bytes_of(e), d->rate);
    d->link_free = e->at;
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
    e->status = check(d, e);
    disk_trace(&d->env, HW_EV_DISK_START, e->block, e->op, e->count, 0);
    if (e->op == HW_DISK_FLUSH)
        e->stage = WAITING;
    else
        work(d, e, now);
}

/* Takes what the channels have room for, and says when the next entry ends. */
static void schedule(struct queue *d)
{
    uint64_t now = d->env.now(d->env.host), next = DISK_NEVER;
    while (d->sq_head != d->sq_tail && d->busy < d->channels && d->nentries < d->slots)
        take_one(d, now);
    wake_flushes(d, now);
    for (uint32_t i = 0; i < d->nentries; i++)
        if (d->entry[i].stage == WORKING && d->entry[i].at < next)
            next = d->entry[i].at;
    d->env.event(d->env.host, 0, next);
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
    set_irq(d, true);
    return true;
}

/* The entry that ends first, of those that end by `now`; older ones first if at once. */
static struct entry *ending(struct queue *d, uint64_t now)
{
    struct entry *first = NULL;
    for (uint32_t i = 0; i < d->nentries; i++) {
        struct entry *e = &d->entry[i];
        if (e->stage == WORKING && e->at <= now && (!first || e->at < first->at))
            first = e;
    }
    return first;
}

/* Completions for what is finished, as far as there is room. */
static void post(struct queue *d)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < d->nentries; i++)
        if (d->entry[i].stage != FINISHED || !complete(d, &d->entry[i]))
            d->entry[kept++] = d->entry[i];
    d->nentries = kept;
}

static void queue_event(void *dev, uint32_t tag)
{
    struct queue *d = dev;
    if (tag != 0 || !d->enabled)
        return;
    uint64_t now = d->env.now(d->env.host);
    for (struct entry *e; (e = ending(d, now)) != NULL;) {
        end(d, e);
        post(d);
    }
    schedule(d);
}

/* ---- registers ---- */

static void stop(struct queue *d)
{
    d->enabled = false;
    d->nentries = d->busy = 0;
    d->sq_head = d->sq_tail = d->cq_head = d->cq_tail = 0;
    d->link_free = 0;
    d->env.event(d->env.host, 0, DISK_NEVER);
    set_irq(d, false);
}

static bool ring_in_ram(struct queue *d, uint64_t pa, uint64_t bytes)
{
    uint8_t byte;
    return pa + bytes > pa && d->env.dma_read(d->env.host, pa, &byte, 1) == 0 &&
           d->env.dma_read(d->env.host, pa + bytes - 1, &byte, 1) == 0;
}

static void bad_ring(struct queue *d, const char *why, uint32_t value)
{
    d->env.guest_error(d->env.host, "disk: %s (0x%" PRIx32 ")", why, value);
    d->error = true;
}

static void enable(struct queue *d, uint32_t value)
{
    if (value > 1) {
        d->env.guest_error(d->env.host, "disk: ENABLE = 0x%" PRIx32 ": expected 0 or 1",
                           value);
        return;
    }
    stop(d);
    d->error = false;
    if (value == 0)
        return;
    if (d->depth < 2 || d->depth > d->depth_max || (d->depth & (d->depth - 1)))
        bad_ring(d, "DEPTH is no power of two up to the board's depth", d->depth);
    else if (!ring_in_ram(d, d->sq, (uint64_t)d->depth * SUBMIT))
        bad_ring(d, "the submission ring is not RAM", (uint32_t)d->sq);
    else if (!ring_in_ram(d, d->cq, (uint64_t)d->depth * COMPLETE))
        bad_ring(d, "the completion ring is not RAM", (uint32_t)d->cq);
    else
        d->enabled = true;
}

static void set_tail(struct queue *d, uint32_t value)
{
    if (!d->enabled)
        d->env.guest_error(d->env.host, "disk: SQ_TAIL written while not enabled");
    else if (value - d->sq_head > d->depth ||
             value - d->sq_head < d->sq_tail - d->sq_head)
        bad_ring(d, "SQ_TAIL is more than DEPTH ahead, or behind where it was", value);
    else {
        d->sq_tail = value;
        schedule(d);
    }
}

static void set_head(struct queue *d, uint32_t value)
{
    if (!d->enabled) {
        d->env.guest_error(d->env.host, "disk: CQ_HEAD written while not enabled");
    } else if (value - d->cq_head > d->cq_tail - d->cq_head) {
        bad_ring(d, "CQ_HEAD is beyond the completions there are", value);
    } else {
        d->cq_head = value;
        post(d);
        schedule(d);
    }
}

static uint32_t queue_read(void *dev, unsigned core, uint32_t off)
{
    struct queue *d = dev;
    (void)core;
    switch (off) {
    case REG_SQ_LO: return (uint32_t)d->sq;
    case REG_SQ_HI: return (uint32_t)(d->sq >> 32);
    case REG_CQ_LO: return (uint32_t)d->cq;
    case REG_CQ_HI: return (uint32_t)(d->cq >> 32);
    case REG_DEPTH: return d->depth;
    case REG_ENABLE: return d->enabled;
    case REG_STATUS:
        return (d->enabled ? STATUS_ENABLED : 0u) | (d->error ? STATUS_ERROR : 0u) |
               (d->irq ? STATUS_IRQ : 0u);
    case REG_BLOCKS_LO: return (uint32_t)d->blocks;
    case REG_BLOCKS_HI: return (uint32_t)(d->blocks >> 32);
    default:
        d->env.guest_error(
            d->env.host, "disk: read of offset 0x%" PRIx32 ": no readable register", off);
        return 0;
    }
}

static void set_half(uint64_t *reg, bool high, uint32_t value)
{
    if (high)
        *reg = (*reg & UINT32_MAX) | (uint64_t)value << 32;
    else
        *reg = (*reg & ~(uint64_t)UINT32_MAX) | value;
}

/* Rings do not move under the device. */
static bool configurable(struct queue *d, uint32_t off)
{
    if (d->enabled)
        d->env.guest_error(d->env.host,
                           "disk: write to offset 0x%" PRIx32 " while enabled", off);
    return !d->enabled;
}

static void queue_write(void *dev, unsigned core, uint32_t off, uint32_t value)
{
    struct queue *d = dev;
    (void)core;
    switch (off) {
    case REG_SQ_LO:
    case REG_SQ_HI:
        if (configurable(d, off))
            set_half(&d->sq, off == REG_SQ_HI, value);
        return;
    case REG_CQ_LO:
    case REG_CQ_HI:
        if (configurable(d, off))
            set_half(&d->cq, off == REG_CQ_HI, value);
        return;
    case REG_DEPTH:
        if (configurable(d, off))
            d->depth = value;
        return;
    case REG_ENABLE: enable(d, value); return;
    case REG_SQ_TAIL: set_tail(d, value); return;
    case REG_CQ_HEAD: set_head(d, value); return;
    case REG_ACK:
        set_irq(d, false);
        if (d->cq_tail != d->cq_head)
            set_irq(d, true);
        return;
    default:
        d->env.guest_error(d->env.host,
                           "disk: write to offset 0x%" PRIx32 ": no writable register",
                           off);
    }
}

/* ---- state ---- */

static size_t queue_save(void *dev, uint8_t *buf, size_t max)
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
    if (e->stage > FINISHED || e->status > BAD_ADDRESS)
        return false;
    if (e->op == HW_DISK_FLUSH)
        return e->block == 0 && e->pa == 0 && e->count == 0 && e->status == OK;
    if (e->stage == WAITING)
        return false;
    return e->status != OK || e->stage == FINISHED || check(d, e) == OK;
}

static bool sane(struct queue *d)
{
    d->busy = 0;
    for (uint32_t i = 0; i < d->nentries; i++) {
        const struct entry *e = &d->entry[i];
        if (!entry_sane(d, e))
            return false;
        if (e->stage == WORKING && e->op != HW_DISK_FLUSH && e->status == OK)
            d->busy++;
    }
    if (!d->enabled)
        return d->nentries == 0 && d->sq_head == d->sq_tail;
    return d->busy <= d->channels && d->depth >= 2 && d->depth <= d->depth_max &&
           (d->depth & (d->depth - 1)) == 0 && d->sq_tail - d->sq_head <= d->depth &&
           d->cq_tail - d->cq_head <= d->depth &&
           ring_in_ram(d, d->sq, (uint64_t)d->depth * SUBMIT) &&
           ring_in_ram(d, d->cq, (uint64_t)d->depth * COMPLETE);
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

static int queue_restore(void *dev, const uint8_t *buf, size_t len)
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
        uint64_t next = DISK_NEVER;
        for (uint32_t i = 0; i < d->nentries; i++)
            if (d->entry[i].stage == WORKING && d->entry[i].at < next)
                next = d->entry[i].at;
        set_irq(d, irq);
        d->env.event(d->env.host, 0, next);
    }
    free(was);
    return ok ? 0 : -1;
}

static size_t queue_describe(void *dev, char *buf, size_t max)
{
    static const char *const stages[] = {"waiting", "working", "finished"};
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

static enum hw_persist queue_persist(void *dev, uint32_t *atom)
{
    *atom = 512; /* a sector is whole or not at all */
    return ((struct queue *)dev)->cache ? HW_PERSIST_CACHED : HW_PERSIST_ORDERED;
}

static void queue_stats(void *dev, struct hw_disk_stats *out)
{
    *out = ((struct queue *)dev)->stats;
}

static unsigned queue_table(void *dev, uint64_t p[HW_MAX_PARAMS])
{
    const struct queue *d = dev;
    p[0] = d->blocks;
    p[1] = d->depth_max;
    p[2] = d->channels;
    return 3;
}

static const struct hw_disk_ops queue_ops = {
    .dev = {.create = queue_create,
            .destroy = free,
            .read = queue_read,
            .write = queue_write,
            .event = queue_event,
            .save = queue_save,
            .restore = queue_restore,
            .describe = queue_describe},
    .kind = HW_DISK_QUEUE,
    .persist = queue_persist,
    .stats = queue_stats,
    .table_params = queue_table,
};

const struct hw_model hw_disk_queue = {
    .abi = HW_ABI,
    .class_ = HW_CLASS_DISK,
    .compatible = "exo,disk-queue",
    .summary = "block device: rings in memory, DMA, several requests at once",
    .params = params,
    .nparams = P_COUNT,
    .ops = &queue_ops,
};
