// SPDX-License-Identifier: GPL-2.0-or-later
/* ftl_nand.c - see ftl_nand.h. */
#include "ftl_nand.h"

#include <stdlib.h>
#include <string.h>

#define ATOM 64u

struct nand nand;

static size_t page_bytes(void)
{
    return FTL_PAGE + nand.g.oob_size;
}

uint8_t *nand_page(uint32_t page)
{
    return nand.bytes + page * page_bytes();
}

uint64_t nand_random(void)
{
    uint64_t x = nand.seed;
    x ^= x >> 12, x ^= x << 25, x ^= x >> 27;
    nand.seed = x;
    return x * 0x2545f4914f6cdd1du >> 16;
}

void nand_new(struct ftl_geometry g, uint64_t seed)
{
    nand_delete();
    nand = (struct nand){.g = g, .seed = seed * 2 + 1};
    size_t size = (size_t)g.blocks * g.block_pages * page_bytes();
    nand.bytes = malloc(size);
    nand.next = calloc(g.blocks, sizeof *nand.next);
    nand.wear = calloc(g.blocks, sizeof *nand.wear);
    nand.broken = calloc(g.blocks, 1);
    memset(nand.bytes, 0xff, size);
}

void nand_delete(void)
{
    free(nand.bytes);
    free(nand.next);
    free(nand.wear);
    free(nand.broken);
    nand = (struct nand){0};
}

/* What was programmed is all the chip remembers. */
void nand_power(void)
{
    nand.gone = 0;
    nand.cut_at = 0;
    for (uint32_t b = 0; b < nand.g.blocks; b++) {
        nand.next[b] = 0;
        for (uint32_t p = 0; p < nand.g.block_pages; p++)
            if (!ftl_blank(nand_page(b * nand.g.block_pages + p), page_bytes()))
                nand.next[b] = p + 1;
    }
}

/* Is this the step the power ends in? */
static bool step(void)
{
    nand.steps++;
    if (nand.steps != nand.cut_at)
        return false;
    nand.gone = 1;
    return true;
}

static bool breaks(uint32_t block)
{
    if (nand_random() % 1000 < nand.fail_per_mille ||
        (nand.endurance != 0 && nand.wear[block] > nand.endurance))
        nand.broken[block] = 1;
    return nand.broken[block];
}

/* Do some of what was to be done to n bytes: atoms of `from` (NULL: 0xff). */
static void tear(uint8_t *to, const uint8_t *from, size_t n)
{
    size_t prefix = nand_random() % (n / ATOM + 1) * ATOM;
    for (size_t at = 0; at < n; at += ATOM) {
        size_t part = n - at < ATOM ? n - at : ATOM;
        bool done = nand.tear == TEAR_PREFIX ? at < prefix
                    : nand.tear == TEAR_ANY  ? nand_random() % 2
                    : nand.tear == TEAR_ALL  ? true
                                             : false;
        if (!done)
            continue;
        if (from == NULL)
            memset(to + at, 0xff, part);
        else
            memcpy(to + at, from + at, part);
    }
}

int nand_read(struct ftl *f, uint32_t page, const struct ftl_data *d)
{
    f->reads++;
    if (nand.gone)
        return NAND_GONE;
    if (d != NULL)
        memcpy(d->data, nand_page(page), FTL_PAGE);
    memcpy(f->oob, nand_page(page) + FTL_PAGE, nand.g.oob_size);
    return 0;
}

int nand_program(struct ftl *f, uint32_t page, const struct ftl_data *d)
{
    uint32_t block = page / nand.g.block_pages, at = page % nand.g.block_pages;
    uint8_t whole[FTL_PAGE + FTL_OOB_MAX];
    if (nand.gone)
        return NAND_GONE;
    memcpy(whole, d->data, FTL_PAGE);
    memcpy(whole + FTL_PAGE, f->oob, nand.g.oob_size);
    if (step()) {
        if (at >= nand.next[block])
            tear(nand_page(page), whole, page_bytes());
        return NAND_GONE;
    }
    if (at < nand.next[block] || breaks(block))
        return -EXO_EIO;
    memcpy(nand_page(page), whole, page_bytes());
    nand.next[block] = at + 1;
    return 0;
}

int nand_erase(struct ftl *f, uint32_t block)
{
    uint8_t *at = nand_page(block * nand.g.block_pages);
    size_t n = nand.g.block_pages * page_bytes();
    (void)f;
    if (nand.gone)
        return NAND_GONE;
    nand.wear[block]++;
    if (step()) {
        tear(at, NULL, n);
        return NAND_GONE;
    }
    if (breaks(block))
        return -EXO_EIO;
    memset(at, 0xff, n);
    nand.next[block] = 0;
    return 0;
}
