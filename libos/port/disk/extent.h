// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * extent.h - what every disk backend (disk.h) needs, whatever the disk: the session's extent, sleeping on
 * words, names of the frames requests use. Implemented by libos/exos/disk.c. Results are 0 or a
 * negative enum exo_error. Everything uses the session's capability, slot 0.
 */
#ifndef EXOS_PORT_DISK_EXTENT_H
#define EXOS_PORT_DISK_EXTENT_H

#include <exo/user.h>

#include "disk.h"

struct disk_extent {
    uint32_t extent; /* row of the kernel's table */
    uint32_t units;  /* sectors, blocks or erase blocks */
    uint32_t taken;  /* 1: this session has it */
};

/* The disk's row of the hardware table; NULL: the machine has none. */
const struct exo_hw_device *disk_device(void);
/* Take the whole disk, `units` of it, or hold what the session took. -EXO_EOVERLAP: another library OS has some of it. */
int disk_take(struct disk_extent *e, uint32_t units);
/* Another process of the session becomes a holder; the caller no longer is one. */
int disk_hold(const struct disk_extent *e);
int disk_release(const struct disk_extent *e);

/* A word the caller's session owns, for a request: memory that disk_ops.open() was given. */
struct exo_io_memory disk_memory(const volatile void *p);
/* Sleep while *word is `value` (a status word, or disk_turns). 0, or what sleep() says but for
 * interruptions. */
int disk_sleep(const volatile uint32_t *word, uint32_t value);
/* Number that changes when the disk can take another request, and where it stands. */
const volatile uint32_t *disk_turns(void);

/* The memory of a request of the file system's. */
static inline struct exo_io_memory disk_data(const struct disk_io *io)
{
    return (struct exo_io_memory){io->frame, io->offset, 0, 0};
}

static inline struct exo_io_memory disk_done(const struct disk_io *io)
{
    return (struct exo_io_memory){io->done_frame, io->done_offset, 0, 0};
}

#endif
