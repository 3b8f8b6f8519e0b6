// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ftl_nand.h - a NAND chip in memory for the tests of the flash translation layer: programs once, in
 * order, after an erase; blocks that fail; wear; and a power supply that ends at any step, leaving a page
 * or an erase block torn. Implements the layer's nand_*().
 */
#ifndef FTL_NAND_H
#define FTL_NAND_H

#include "ftl.h"

#define NAND_GONE (-99) /* result of everything after the power was cut */

enum nand_tear { TEAR_PREFIX, TEAR_ANY, TEAR_NOTHING, TEAR_ALL, TEAR_KINDS };

struct nand {
    struct ftl_geometry g;
    uint8_t *bytes;
    uint32_t *next;  /* of a block: page that may be programmed */
    uint32_t *wear;  /* erases */
    uint8_t *broken; /* every program and erase of the block fails */
    uint64_t steps;  /* programs and erases done */
    uint64_t cut_at; /* the power ends in this step; 0: never */
    int gone;        /* it did */
    enum nand_tear tear;
    uint32_t fail_per_mille; /* a program or erase breaks its block */
    uint32_t endurance;      /* erases a block stands; 0: any number */
    uint64_t seed;
};

extern struct nand nand;

void nand_new(struct ftl_geometry g, uint64_t seed);
void nand_delete(void);
/* Power comes back. */
void nand_power(void);
uint64_t nand_random(void);
uint8_t *nand_page(uint32_t page);

#endif
