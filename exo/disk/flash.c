// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flash.c - drives "exo,disk-flash" (exo/machine.h): raw NAND, one command at a time, the
 * chip's DMA engine reads and writes the callers' frames. Extents are made of erase
 * blocks; pages in a request count from the extent's start.
 *
 * Bad blocks, wear and the order of programming are the library's business: the chip says
 * FAIL, the request ends with EXO_IO_ERROR.
 *
 * Interface: disk_flash; the call flash_io.
 */
#include "disk.h"

#define NONE UINT32_MAX

static uint32_t base;
static uint32_t page_bytes, oob_bytes, block_pages;
static uint32_t row = NONE; /* of the request the chip does */

static uint64_t flash_init(const struct exo_hw_device *dev,
                           void *(*boot_alloc)(size_t bytes))
{
    (void)boot_alloc;
    const uint64_t *p = dev->params;
    base = dev->base;
    if (dev->nparams <= M_FL_PARAM_BLOCK_PAGES || p[M_FL_PARAM_PAGE_SIZE] == 0 ||
        p[M_FL_PARAM_PAGE_SIZE] > machine.page_size ||
        p[M_FL_PARAM_OOB_SIZE] > machine.page_size)
        kernel_panic("hardware table: a flash page must fit in a frame");
    if (p[M_FL_PARAM_BLOCK_PAGES] == 0 || p[M_DISK_UNITS] > UINT32_MAX ||
        p[M_DISK_UNITS] < p[M_FL_PARAM_BLOCK_PAGES])
        kernel_panic("hardware table: flash has no erase block, or too many pages");
    page_bytes = (uint32_t)p[M_FL_PARAM_PAGE_SIZE];
    oob_bytes = (uint32_t)p[M_FL_PARAM_OOB_SIZE];
    block_pages = (uint32_t)p[M_FL_PARAM_BLOCK_PAGES];
    return (uint32_t)p[M_DISK_UNITS] / block_pages;
}

static void flash_interrupt(void)
{
    uint32_t status = io_read(base, M_FL_STATUS);
    if (status & M_PIO_BUSY)
        return;
    if (disk_request(row) != NULL) {
        disk_finish(row, !(status & M_PIO_ERROR));
        row = NONE;
    }
    io_write(base, M_FL_ACK, 1);
}

const struct disk_driver disk_flash = {EXO_DISK_FLASH, flash_init, flash_interrupt};

static uint64_t address(const struct disk_memory *m)
{
    return m->frame != 0 ? io_pa(m->frame, m->offset) : 0;
}

SYS(flash_io)
{
    struct exo_flash_io ask;
    exo_sword error = copy_from_user(c, &ask, a0, sizeof ask);
    if (error != 0)
        return error;
    bool moves = ask.op == EXO_IO_READ || ask.op == EXO_IO_WRITE;
    if (!moves && ask.op != EXO_IO_ERASE)
        return -EXO_EINVAL;
    if (moves && ask.data.frame == 0 && ask.oob.frame == 0)
        return -EXO_EINVAL;
    struct disk_request r = {.op = ask.op, .env = c->id, .extent = ask.extent};
    uint32_t block;
    error = disk_check(&r, ask.cap, ask.page / block_pages, 1, &block);
    if (error == 0 && moves && ask.data.frame != 0)
        error = disk_lend(&r, &r.data, &ask.data, page_bytes, 4);
    if (error == 0 && moves && ask.oob.frame != 0)
        error = disk_lend(&r, &r.oob, &ask.oob, oob_bytes, 4);
    if (error == 0)
        error = disk_lend_status(&r, &ask.done);
    if (error != 0)
        return error;
    if (row != NONE)
        return -EXO_EBUSY;

    row = disk_start(&r);
    io_write(base, M_FL_PAGE, block * block_pages + ask.page % block_pages);
    io_write64(base, M_FL_DATA, address(&r.data));
    io_write64(base, M_FL_OOB, address(&r.oob));
    io_write(base, M_FL_COMMAND, ask.op);
    return 0;
}
