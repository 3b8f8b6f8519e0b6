// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * disk.h - a backend: what exos needs of a disk, one const struct each in libos/port/disk/<kind>.c,
 * picked from the hardware table (disk_backend). Whatever the disk, a volume is an array of blocks
 * of 4096 bytes. Results are 0 or a negative enum exo_error.
 *
 * All calls are made with the session's file system lock held: one process at a time. `state`, the
 * data and the status words of requests lie in memory all processes of the session have at the same
 * addresses (area.h); the kernel is told their frames.
 */
#ifndef EXOS_PORT_DISK_H
#define EXOS_PORT_DISK_H

#include <stddef.h>

#include <exo/abi.h>

#define DISK_BLOCK 4096u

struct disk_io {
    uint32_t op; /* EXO_IO_READ, EXO_IO_WRITE */
    uint32_t block;
    uint32_t frame, offset; /* where the data are: bytes from the frame's start */
    void *data;             /* the same, as an address */
    volatile uint32_t done; /* 0: under way; EXO_IO_DONE, EXO_IO_ERROR */
    uint32_t done_frame, done_offset; /* where `done` is */
    uint32_t priv[4];                 /* the backend's */
};

struct disk_ops {
    uint32_t kind; /* enum exo_disk_kind */
    const char *name;
    /* Shared memory it needs for this machine's disk, page-aligned, zero at first. */
    size_t (*state_bytes)(void);
    /* The session's first process, or one that found its predecessor dead inside a call: take the
     * disk, read what the backend keeps on it. *blocks: those of the volume. */
    int (*open)(void *state, uint32_t *blocks);
    /* Another process of the session. */
    int (*attach)(void *state);
    /* Start some, from the first on; returns how many, at least one: sleeps while the disk
     * can take none. What is wrong with the first is the result. */
    int (*submit)(void *state, struct disk_io *const io[], uint32_t n);
    /* Until these, all submitted, are done. Sleeps. */
    int (*wait)(void *state, struct disk_io *const io[], uint32_t n);
    /* What was done before is durable. */
    int (*flush)(void *state);
    /* This process uses the disk no longer. */
    int (*close)(void *state);
};

extern const struct disk_ops disk_pio, disk_queue, disk_flash;

/* The one for this machine's disk; NULL: no disk, or none for its kind. */
const struct disk_ops *disk_backend(void);

#endif
