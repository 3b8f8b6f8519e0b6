// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fs_dev.h - what the file system needs of the world around it, resolved at link time: on exos the
 * session's disk, area and clock (fsys.c); in tests an image file on the host.
 * Results are 0 or a negative errno.
 */
#ifndef EXOS_FS_DEV_H
#define EXOS_FS_DEV_H

#include <stdbool.h>
#include <stdint.h>

#include "disk.h"

struct fs;

/* All n requests, started as the disk takes them, and waited for. -EIO if one failed; the others
 * are done nevertheless. */
int fs_dev_io(struct fs *fs, struct disk_io *const io[], uint32_t n);
int fs_dev_flush(struct fs *fs);
/* Where memory of the file system is, as the disk is told. */
void fs_dev_place(struct fs *fs, const void *p, uint32_t *frame, uint32_t *offset);
/* Seconds and nanoseconds since the machine started. */
uint64_t fs_dev_seconds(uint32_t *ns);
/* Is the inode open in some process? */
bool fs_dev_is_open(uint32_t ino);
/* One line for the user: why a file system is not mounted, or not as it should be. */
void fs_dev_say(const char *what);

#endif
