// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * disk.h - the seam between the exokernel's core and exo/disk/<kind>.c. It is not a
 * common disk for applications: the calls they see (sector_io, block_io, flash_io) differ
 * by kind and live in the kind's file. This is what the kinds share: extents, and the
 * table of requests under way.
 *
 * Life of a request (a row of struct disk_request):
 *
 *   <kind>_io:  checks; disk_start (pins frames, status word = 0); tells the device
 *   interrupt:  the device is done -> disk_finish (status word, unpins, row is free)
 *
 * A request whose environment dies or whose extent is taken away stays until the device
 * is done (env becomes 0: nobody is told), and its frames and the extent's units stay
 * taken as long.
 */
#ifndef EXO_CORE_DISK_H
#define EXO_CORE_DISK_H

#include "device.h"

struct disk_driver {
    uint32_t kind; /* enum exo_disk_kind */
    /* Once, on core 0; returns the number of units extents are made of. boot_alloc(bytes)
     * gives zeroed, page aligned kernel memory. Panics on a device it cannot drive. */
    uint64_t (*init)(const struct exo_hw_device *dev, void *(*boot_alloc)(size_t bytes));
    void (*interrupt)(void); /* core 0, big lock held; drops the interrupt */
};
#define EXO_KIND_DISK(number, name, NAME) extern const struct disk_driver disk_##name;
#include <exo/kinds.def>

/* -- disk.c -- */
struct disk_memory {
    uint32_t frame, offset; /* frame 0: none */
};
struct disk_request {
    uint32_t op;          /* enum exo_io_op; 0: this row is free */
    uint32_t env, extent; /* env 0: nobody is told */
    uint32_t bytes;       /* of data */
    struct disk_memory data, oob, done;
};

bool disk_known(uint32_t kind);
void disk_init(const struct exo_hw_device *dev, void *(*boot_alloc)(size_t bytes));
void disk_interrupt(void);
bool disk_expected(void); /* requests are under way: something will happen */
void disk_env_died(struct ctx *c);
void disk_extent_taken(uint32_t env, uint32_t extent); /* env's requests on it: untold */
uint32_t disk_pins(uint32_t frame); /* by requests under way: for invariants */
bool inv_disk(const char **what);

/* For the kinds. The checks of r: op, env and extent are filled in. Units are relative to
 * the extent, *first is the disk's own; lending fills in a memory of r. 0 or negative
 * error. */
exo_sword disk_check(const struct disk_request *r, exo_word cap, uint32_t unit,
                     uint32_t count, uint32_t *first);
exo_sword disk_lend(struct disk_request *r, struct disk_memory *as,
                    const struct exo_io_memory *m, uint32_t bytes, uint32_t align);
exo_sword disk_lend_status(struct disk_request *r, const struct exo_io_memory *m);
uint32_t disk_under_way(void); /* rows in use, of EXO_NIO */
/* Cannot fail: all was checked, and a row is free. Returns the row's number. */
uint32_t disk_start(const struct disk_request *request);
void disk_finish(uint32_t row, bool ok);
const struct disk_request *disk_request(uint32_t row); /* NULL: not under way */
/* The environment that started it is still there to be told and holds this memory. */
bool disk_told(const struct disk_request *r, const struct disk_memory *m);

/* -- extent.c -- */
void extent_init(uint64_t units);
bool extent_held(uint32_t env, uint32_t extent);
void extent_take(struct ctx *c, uint32_t extent); /* one holding ends; the last frees */
void extent_env_died(struct ctx *c);
void extent_request_done(uint32_t extent);
/* Does env hold the extent, and does its capability satisfy the guard for rights? */
exo_sword extent_check(uint32_t env, uint32_t extent, exo_word cap, uint32_t rights);

#endif
