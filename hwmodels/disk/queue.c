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
#include "models.h"
#include "queue_priv.h"
#include "values.h"
#include <stdlib.h>

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
#define DEPTH_MAX 1024u
#define CHANNELS_MAX 64u

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

void queue_irq(struct queue *d, bool up)
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

/* ---- registers ---- */

static void stop(struct queue *d)
{
    d->enabled = false;
    d->nentries = d->busy = 0;
    d->sq_head = d->sq_tail = d->cq_head = d->cq_tail = 0;
    d->link_free = 0;
    d->env.event(d->env.host, 0, DISK_NEVER);
    queue_irq(d, false);
}

static bool in_ram(struct queue *d, uint64_t pa, uint64_t bytes)
{
    uint8_t byte;
    return pa + bytes > pa && d->env.dma_read(d->env.host, pa, &byte, 1) == 0 &&
           d->env.dma_read(d->env.host, pa + bytes - 1, &byte, 1) == 0;
}

const char *queue_rings_wrong(struct queue *d)
{
    if (!in_ram(d, d->sq, (uint64_t)d->depth * SUBMIT))
        return "the submission ring is not RAM";
    if (!in_ram(d, d->cq, (uint64_t)d->depth * COMPLETE))
        return "the completion ring is not RAM";
    return NULL;
}

static void bad_ring(struct queue *d, const char *why, uint32_t value)
{
    d->env.guest_error(d->env.host, "disk: %s (0x%" PRIx32 ")", why, value);
    d->error = true;
}

static void enable(struct queue *d, uint32_t value)
{
    const char *why;
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
    else if ((why = queue_rings_wrong(d)) != NULL)
        bad_ring(d, why, d->depth);
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
        queue_schedule(d);
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
        queue_post(d);
        queue_schedule(d);
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
        queue_irq(d, false);
        if (d->cq_tail != d->cq_head)
            queue_irq(d, true);
        return;
    default:
        d->env.guest_error(d->env.host,
                           "disk: write to offset 0x%" PRIx32 ": no writable register",
                           off);
    }
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
