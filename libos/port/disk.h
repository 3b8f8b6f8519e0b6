// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * disk.h - a backend: what exos needs of a disk, one const struct each in libos/port/disk/<kind>.c,
 * picked from the hardware table (disk_backend); hooks.def says what each function is to do. Whatever the disk, a volume is an array of blocks
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
#define HOOK_disk(name, type, params, args, contract) type(*name) params;
#include "hooks.def"
};

#define EXO_KIND_DISK(number, name, NAME) extern const struct disk_ops disk_##name;
#include <exo/kinds.def>

/* disk_open() ...: the hook of this board's backend. */
#define HOOK_disk(name, type, params, args, contract) type disk_##name params;
#include "hooks.def"

/* The one for this machine's disk; NULL: no disk, or none for its kind. */
const struct disk_ops *disk_backend(void);

#endif
