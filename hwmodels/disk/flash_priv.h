// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flash_priv.h - the state of "exo,disk-flash", shared by flash.c (registers, commands) and
 * flash_state.c (save, restore, describe).
 */
#ifndef HWMODELS_FLASH_PRIV_H
#define HWMODELS_FLASH_PRIV_H

#include "disk.h"

#define FLASH_UNKNOWN UINT32_MAX

struct flash_block {
    uint32_t next;   /* first page that may be programmed; UNKNOWN: look at the medium */
    uint32_t erases; /* in this run */
    uint8_t bad;     /* factory-bad or worn out */
};

struct flash {
    struct hw_env env;
    uint32_t page_size, oob_size, block_pages, blocks;
    uint64_t pages, endurance, rate;
    uint64_t read_cycles, program_cycles, erase_cycles;
    struct hw_disk_stats stats;
    /* registers */
    uint32_t page;
    uint64_t data, oob;
    bool busy, error, irq;
    /* the command under way */
    uint32_t op, at; /* page */
    uint64_t to_data, to_oob, done;
    bool fails;      /* a program that will FAIL */
    uint8_t *buffer; /* a page and its out-of-band bytes: what is being programmed */
    uint8_t *erased; /* an erased block */
    struct flash_block *block;
};

static inline uint32_t flash_page_bytes(const struct flash *d)
{
    return d->page_size + d->oob_size;
}

/* ---- flash.c ---- */

void flash_irq(struct flash *d, bool up);

/* ---- flash_state.c ---- */

size_t flash_save(void *dev, uint8_t *buf, size_t max);
int flash_restore(void *dev, const uint8_t *buf, size_t len);
size_t flash_describe(void *dev, char *buf, size_t max);

#endif
