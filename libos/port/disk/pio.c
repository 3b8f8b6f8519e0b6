// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pio.c - backend for a disk that does one request at a time, in sectors of 512 bytes. A block is
 * eight of them, one request. submit() starts one, when the disk is free, and leaves the others
 * with the caller.
 */
#include "extent.h"

#include <exo/machine.h>

#define SECTORS 8u /* of a block */

struct pio_state {
    struct disk_extent extent;
    volatile uint32_t flushed; /* status word of flush() */
};

static size_t pio_state_bytes(void)
{
    return sizeof(struct pio_state);
}

static int pio_open(void *state, uint32_t *blocks)
{
    struct pio_state *s = state;
    uint64_t sectors = disk_device()->params[M_DISK_UNITS];
    if (sectors / SECTORS == 0 || sectors > UINT32_MAX)
        return -EXO_ERANGE;
    *blocks = (uint32_t)sectors / SECTORS;
    return disk_take(&s->extent, (uint32_t)sectors);
}

static int pio_attach(void *state)
{
    struct pio_state *s = state;
    return disk_hold(&s->extent);
}

/* Sleeps while the disk does another request. */
static int start(const struct exo_sector_io *r)
{
    for (;;) {
        uint32_t turn = *disk_turns();
        int e = (int)exo_sector_io((exo_word)r);
        if (e != -EXO_EBUSY)
            return e;
        e = disk_sleep(disk_turns(), turn);
        if (e < 0)
            return e;
    }
}

static int pio_submit(void *state, struct disk_io *const io[], uint32_t n)
{
    struct pio_state *s = state;
    if (n == 0)
        return 0;
    struct exo_sector_io r = {
        .op = io[0]->op,
        .extent = s->extent.extent,
        .sector = io[0]->block * SECTORS,
        .count = SECTORS,
        .data = disk_data(io[0]),
        .done = disk_done(io[0]),
    };
    int e = start(&r);
    return e < 0 ? e : 1;
}

static int pio_wait(void *state, struct disk_io *const io[], uint32_t n)
{
    (void)state;
    for (uint32_t i = 0; i < n; i++) {
        int r = disk_sleep(&io[i]->done, 0);
        if (r < 0)
            return r;
    }
    return 0;
}

static int pio_flush(void *state)
{
    struct pio_state *s = state;
    struct exo_sector_io r = {
        .op = EXO_IO_FLUSH,
        .extent = s->extent.extent,
        .done = disk_memory(&s->flushed),
    };
    int e = start(&r);
    if (e == 0)
        e = disk_sleep(&s->flushed, 0);
    return e < 0 ? e : s->flushed == EXO_IO_DONE ? 0 : -EXO_EIO;
}

static int pio_close(void *state)
{
    struct pio_state *s = state;
    return disk_release(&s->extent);
}

const struct disk_ops disk_pio = {
    .kind = EXO_DISK_PIO,
    .name = "pio",
    .state_bytes = pio_state_bytes,
    .open = pio_open,
    .attach = pio_attach,
    .submit = pio_submit,
    .wait = pio_wait,
    .flush = pio_flush,
    .close = pio_close,
};
