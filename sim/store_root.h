// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * store_root.h - disk images made of other things by host programs: an ext2 file system of a
 * folder (mke2fs), a flash chip's medium of an ext2 image and back (ftlimage).
 */
#ifndef SIM_STORE_ROOT_H
#define SIM_STORE_ROOT_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"

/*
 * Makes IMG, an ext2 file system with a journal that holds what DIR holds, by mke2fs -d. `size`
 * in bytes, a multiple of 4096; 0: what the content takes, and room, at least 16 MiB. In `tmp`, a
 * folder, more files may be made. The same content gives the same image: names are taken in
 * order, everything belongs to user and group 0, access, change and creation times are the
 * modification's (with $SOURCE_DATE_EPOCH no later than that), identifiers are fixed.
 */
int root_make(const char *dir, const char *img, const char *tmp, uint64_t size,
              struct err *err);

/* Size of the file system in an image, if it is ext2, else 0. */
uint64_t root_is_ext2(int fd);
/* Gives all inodes of an ext2 image owner 0 and one time each. ERR_USER if it is none. */
int root_settle(int fd, struct err *err);

struct flash_chip { /* exo/machine.h: M_FL_PARAM_* */
    uint64_t page, oob, block_pages;
    uint64_t bad_per_mille, seed;
};

static inline uint64_t flash_block_bytes(const struct flash_chip *c)
{
    return (c->page + c->oob) * c->block_pages;
}

/* Puts an image on a chip as large as it needs (docs/disk.md): RAW is its medium. */
int flash_make(const struct flash_chip *c, const char *img, const char *raw,
               struct err *err);
/* The first `size` bytes of the volume that is on a chip: IMG must not exist. */
int flash_back(const struct flash_chip *c, const char *raw, const char *img,
               uint64_t size, struct err *err);

#endif
