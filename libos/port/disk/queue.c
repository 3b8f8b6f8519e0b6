// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * queue.c - backend for a disk with submission and completion rings: blocks of 4096 bytes, many
 * requests under way. submit() passes on as many as the ring takes (it sleeps until that is at
 * least one), with a call per BURST.
 */
#include "extent.h"

#include <exo/machine.h>

#define BURST 32u /* requests of one call: 1.5 KiB of stack */

struct queue_state {
    struct disk_extent extent;
    volatile uint32_t flushed; /* status word of flush() */
};

static size_t queue_state_bytes(void)
{
    return sizeof(struct queue_state);
}

static int queue_open(void *state, uint32_t *blocks)
{
    struct queue_state *s = state;
    uint64_t units = disk_device()->params[M_DISK_UNITS];
    if (units == 0 || units > UINT32_MAX)
        return -EXO_ERANGE;
    *blocks = (uint32_t)units;
    return disk_take(&s->extent, *blocks);
}

static int queue_attach(void *state)
{
    struct queue_state *s = state;
    return disk_hold(&s->extent);
}

/* Sleeps while the ring is full. How many were accepted, at least one. */
static int start(const struct exo_block_io *r, uint32_t n)
{
    for (;;) {
        uint32_t turn = *disk_turns();
        int e = (int)exo_block_io((exo_word)r, n);
        if (e != -EXO_EBUSY)
            return e;
        e = disk_sleep(disk_turns(), turn);
        if (e < 0)
            return e;
    }
}

static int queue_submit(void *state, struct disk_io *const io[], uint32_t n)
{
    struct queue_state *s = state;
    struct exo_block_io burst[BURST];
    uint32_t started = 0;
    while (started < n) {
        uint32_t count = n - started < BURST ? n - started : BURST;
        for (uint32_t i = 0; i < count; i++) {
            const struct disk_io *from = io[started + i];
            burst[i] = (struct exo_block_io){
                .op = from->op,
                .extent = s->extent.extent,
                .block = from->block,
                .data = disk_data(from),
                .done = disk_done(from),
            };
        }
        int r = start(burst, count);
        if (r < 0)
            return started > 0 ? (int)started : r;
        started += (uint32_t)r;
        if ((uint32_t)r < count) /* the ring is full behind them */
            break;
    }
    return (int)started;
}

static int queue_wait(void *state, struct disk_io *const io[], uint32_t n)
{
    (void)state;
    /* The last submitted is likely the last to end: one sleep instead of n. */
    for (uint32_t i = n; i-- > 0;) {
        int r = disk_sleep(&io[i]->done, 0);
        if (r < 0)
            return r;
    }
    return 0;
}

static int queue_flush(void *state)
{
    struct queue_state *s = state;
    struct exo_block_io r = {
        .op = EXO_IO_FLUSH,
        .extent = s->extent.extent,
        .done = disk_memory(&s->flushed),
    };
    int e = start(&r, 1);
    if (e > 0)
        e = disk_sleep(&s->flushed, 0);
    return e < 0 ? e : s->flushed == EXO_IO_DONE ? 0 : -EXO_EIO;
}

static int queue_close(void *state)
{
    struct queue_state *s = state;
    return disk_release(&s->extent);
}

const struct disk_ops disk_queue = {
    .kind = EXO_DISK_QUEUE,
    .name = "queue",
    .state_bytes = queue_state_bytes,
    .open = queue_open,
    .attach = queue_attach,
    .submit = queue_submit,
    .wait = queue_wait,
    .flush = queue_flush,
    .close = queue_close,
};
