// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flash.c - backend for raw NAND: the translation layer (ftl.h) over flash_io calls. The chip does one
 * command at a time, so submit() does what it starts: a request is done, and durable, when
 * it returns. The layer's state lies in memory shared by the session.
 *
 *   state  | struct flash_state, one page of 4096 | struct ftl and its arrays |
 */
#include "extent.h"

#include <exo/machine.h>

#include "ftl.h"

struct flash_state {
    struct disk_extent extent;
};

static struct ftl *layer(void *state)
{
    return (struct ftl *)(void *)((uint8_t *)state + FTL_PAGE);
}

static const struct flash_state *state_of(const struct ftl *f)
{
    return (const struct flash_state *)(const void *)((const uint8_t *)f - FTL_PAGE);
}

/* -EXO_ERANGE: not a chip this layer is for. */
static int geometry(struct ftl_geometry *g)
{
    const uint64_t *p = disk_device()->params;
    uint64_t pages = p[M_DISK_UNITS], each = p[M_FL_PARAM_BLOCK_PAGES];
    if (p[M_FL_PARAM_PAGE_SIZE] != FTL_PAGE || each == 0 || pages > UINT32_MAX)
        return -EXO_ERANGE;
    *g = (struct ftl_geometry){(uint32_t)(pages / each), (uint32_t)each,
                               (uint32_t)p[M_FL_PARAM_OOB_SIZE]};
    return ftl_capacity(g) > 0 ? 0 : -EXO_ERANGE;
}

/* -- the chip's seam -- */

static int command(struct ftl *f, struct exo_flash_io *r)
{
    r->extent = state_of(f)->extent.extent;
    r->done = disk_memory(&f->done);
    for (;;) {
        uint32_t turn = *disk_turns();
        int e = (int)exo_flash_io((exo_word)r);
        if (e == 0)
            e = disk_sleep(&f->done, 0);
        else if (e == -EXO_EBUSY) {
            e = disk_sleep(disk_turns(), turn);
            if (e == 0)
                continue;
        }
        return e < 0 ? e : f->done == EXO_IO_DONE ? 0 : -EXO_EIO;
    }
}

static struct exo_io_memory memory(const struct ftl_data *d)
{
    if (d == NULL)
        return (struct exo_io_memory){0, 0, 0, 0};
    if (d->frame == 0)
        return disk_memory(d->data);
    return (struct exo_io_memory){d->frame, d->offset, 0, 0};
}

int nand_read(struct ftl *f, uint32_t page, const struct ftl_data *d)
{
    struct exo_flash_io r = {
        .op = EXO_IO_READ, .page = page, .data = memory(d), .oob = disk_memory(f->oob)};
    f->reads++;
    return command(f, &r);
}

int nand_program(struct ftl *f, uint32_t page, const struct ftl_data *d)
{
    struct exo_flash_io r = {
        .op = EXO_IO_WRITE, .page = page, .data = memory(d), .oob = disk_memory(f->oob)};
    return command(f, &r);
}

int nand_erase(struct ftl *f, uint32_t block)
{
    struct exo_flash_io r = {.op = EXO_IO_ERASE, .page = block * f->chip.block_pages};
    return command(f, &r);
}

/* -- the backend -- */

static size_t flash_state_bytes(void)
{
    struct ftl_geometry g;
    return geometry(&g) == 0 ? FTL_PAGE + ftl_bytes(&g) : FTL_PAGE;
}

static int flash_open(void *state, uint32_t *blocks)
{
    struct flash_state *s = state;
    struct ftl *f = layer(state);
    struct ftl_geometry g;
    int e = geometry(&g);
    if (e == 0)
        e = disk_take(&s->extent, g.blocks);
    if (e == 0)
        e = ftl_mount(f, &g);
    if (e == 0)
        *blocks = f->logical;
    return e;
}

static int flash_attach(void *state)
{
    struct flash_state *s = state;
    return disk_hold(&s->extent);
}

static int flash_submit(void *state, struct disk_io *const io[], uint32_t n)
{
    struct ftl *f = layer(state);
    for (uint32_t i = 0; i < n; i++) {
        struct ftl_data d = {io[i]->data, io[i]->frame, io[i]->offset};
        int e = io[i]->block >= f->logical  ? -EXO_ERANGE /* the layer's own */
                : io[i]->op == EXO_IO_READ  ? ftl_read(f, io[i]->block, &d)
                : io[i]->op == EXO_IO_WRITE ? ftl_write(f, io[i]->block, &d)
                                            : -EXO_EINVAL;
        if (e < 0 && e != -EXO_EIO && e != -EXO_EFULL)
            return i > 0 ? (int)i : e;
        io[i]->done = e < 0 ? EXO_IO_ERROR : EXO_IO_DONE;
    }
    return (int)n;
}

static int flash_wait(void *state, struct disk_io *const io[], uint32_t n)
{
    (void)state, (void)io, (void)n; /* submit() did them */
    return 0;
}

static int flash_flush(void *state)
{
    return ftl_flush(layer(state));
}

static int flash_close(void *state)
{
    struct flash_state *s = state;
    return disk_release(&s->extent);
}

const struct disk_ops disk_flash = {
    .kind = EXO_DISK_FLASH,
    .name = "flash",
    .state_bytes = flash_state_bytes,
    .open = flash_open,
    .attach = flash_attach,
    .submit = flash_submit,
    .wait = flash_wait,
    .flush = flash_flush,
    .close = flash_close,
};
