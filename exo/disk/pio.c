// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pio.c - drives "exo,disk-pio" (exo/machine.h): one request at a time, sectors, and the
 * kernel moves every word: of a write at the call, of a read at the interrupt. Extents
 * are made of sectors.
 *
 * Interface: disk_pio; the call sector_io.
 */
#include "disk.h"

#define SECTOR_BYTES 512u
#define NONE UINT32_MAX

static uint32_t base;
static uint32_t row = NONE; /* of the request the disk does */

static uint64_t pio_init(const struct exo_hw_device *dev,
                         void *(*boot_alloc)(size_t bytes))
{
    (void)boot_alloc;
    base = dev->base;
    if (dev->nparams <= M_DISK_UNITS || dev->params[M_DISK_UNITS] == 0)
        kernel_panic("hardware table: disk pio has no sectors");
    return dev->params[M_DISK_UNITS];
}

/* A multiple of 8 words, one at a time: the register is 32 bits wide on every machine. */
static void words_out(const uint32_t *from, uint32_t bytes)
{
    uint32_t reg = base + M_PIO_DATA; /* here: `base` might change with every store */
    for (const uint32_t *end = from + bytes / 4; from != end; from += 8) {
        arch_mmio_write(reg, from[0]);
        arch_mmio_write(reg, from[1]);
        arch_mmio_write(reg, from[2]);
        arch_mmio_write(reg, from[3]);
        arch_mmio_write(reg, from[4]);
        arch_mmio_write(reg, from[5]);
        arch_mmio_write(reg, from[6]);
        arch_mmio_write(reg, from[7]);
    }
}

static void pio_interrupt(void)
{
    uint32_t status = io_read(base, M_PIO_STATUS);
    if (status & M_PIO_BUSY)
        return;
    const struct disk_request *r = disk_request(row);
    if (r != NULL) {
        bool ok = !(status & M_PIO_ERROR);
        if (ok && r->op == EXO_IO_READ && disk_told(r, &r->data))
            io_read_words(base + M_PIO_DATA,
                          arch_phys(io_pa(r->data.frame, r->data.offset)), r->bytes / 4);
        disk_finish(row, ok);
        row = NONE;
    }
    io_write(base, M_PIO_ACK, 1);
}

const struct disk_driver disk_pio = {EXO_DISK_PIO, pio_init, pio_interrupt};

SYS(sector_io)
{
    struct exo_sector_io ask;
    exo_sword error = copy_from_user(c, &ask, a0, sizeof ask);
    if (error != 0)
        return error;
    bool moves = ask.op == EXO_IO_READ || ask.op == EXO_IO_WRITE;
    if (!moves && ask.op != EXO_IO_FLUSH)
        return -EXO_EINVAL;
    if (moves && (ask.count == 0 || ask.count > M_PIO_COUNT_MAX))
        return -EXO_ERANGE;
    struct disk_request r = {.op = ask.op, .env = c->id, .extent = ask.extent};
    uint32_t sector;
    error =
        disk_check(&r, ask.cap, moves ? ask.sector : 0, moves ? ask.count : 0, &sector);
    if (error == 0 && moves)
        error = disk_lend(&r, &r.data, &ask.data, ask.count * SECTOR_BYTES, 4);
    if (error == 0)
        error = disk_lend_status(&r, &ask.done);
    if (error != 0)
        return error;
    if (row != NONE)
        return -EXO_EBUSY;

    row = disk_start(&r);
    if (moves) {
        io_write(base, M_PIO_SECTOR, sector);
        io_write(base, M_PIO_COUNT, ask.count);
    }
    if (ask.op == EXO_IO_WRITE)
        words_out(arch_phys(io_pa(r.data.frame, r.data.offset)), r.bytes);
    io_write(base, M_PIO_COMMAND, ask.op);
    return 0;
}
