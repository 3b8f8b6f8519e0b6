// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flash_log.c - the log of the translation layer (ftl.h): every write appends a page to the open block;
 * a full block gets its summary and the least worn free block is erased and opened.
 */
#include <string.h>

#include "ftl.h"

int ftl_read(struct ftl *f, uint32_t logical, const struct ftl_data *d)
{
    if (logical >= f->total)
        return -EXO_ERANGE;
    if (f->map[logical] == FTL_NONE) {
        memset(d->data, 0, FTL_PAGE);
        return 0;
    }
    struct ftl_oob r;
    uint32_t sum[2];
    int e = nand_read(f, f->map[logical], d);
    if (e < 0)
        return e;
    ftl_sum(d->data, sum);
    bool intact = ftl_decode(f, &r) && r.logical == logical && r.sum[0] == sum[0] &&
                  r.sum[1] == sum[1];
    return intact ? 0 : -EXO_EIO;
}

/* The page where `logical` was is garbage now. */
static void forget(struct ftl *f, uint32_t logical)
{
    uint32_t page = f->map[logical];
    if (page == FTL_NONE)
        return;
    struct ftl_block *b = &f->block[page / f->chip.block_pages];
    b->valid--;
    if (b->valid == 0 && b->state == FTL_CLOSED) {
        b->state = FTL_FREE;
        b->unread = 0;
        f->free++;
    }
}

/* The open block is not written any more. failed: a page could not be programmed. */
static void leave(struct ftl *f, bool failed)
{
    struct ftl_block *b = &f->block[f->open];
    /* One that was open at mount may fail for what a power cut did to it: no reason to retire it. */
    if (failed && !f->resumed) {
        b->state = FTL_RETIRING;
        f->retiring++;
    } else if (b->valid == 0) {
        b->state = FTL_FREE;
        f->free++;
    } else {
        b->state = FTL_CLOSED;
    }
    f->open = FTL_NONE;
}

/* All data pages are written: the summary. */
static int finish(struct ftl *f)
{
    struct ftl_block *b = &f->block[f->open];
    uint32_t pages = f->chip.block_pages, sum[2];
    memset(f->meta, 0xff, FTL_PAGE);
    memcpy(f->meta, f->list, (pages - 1) * sizeof f->list[0]);
    ftl_sum(f->meta, sum);
    ftl_encode(f, FTL_SUMMARY, b, sum);
    int e =
        nand_program(f, f->open * pages + pages - 1, &(struct ftl_data){f->meta, 0, 0});
    if (e < 0 && e != -EXO_EIO)
        return e;
    f->programs++;
    b->summary = e == 0;
    leave(f, e < 0);
    return 0;
}

static uint32_t least_worn(const struct ftl *f)
{
    uint32_t best = FTL_NONE;
    for (uint32_t i = 0; i < f->chip.blocks; i++)
        if (f->block[i].state == FTL_FREE &&
            (best == FTL_NONE || f->block[i].erases < f->block[best].erases))
            best = i;
    return best;
}

static int open_block(struct ftl *f)
{
    for (uint32_t i; (i = least_worn(f)) != FTL_NONE;) {
        struct ftl_block *b = &f->block[i];
        int e = nand_erase(f, i);
        if (e < 0 && e != -EXO_EIO)
            return e;
        f->free--;
        f->erases++;
        b->erases++;
        b->summary = 0;
        if (e < 0) {
            b->state = FTL_BAD;
            b->retired = 1;
            f->bad++;
            f->bad_changed = 1;
            continue;
        }
        b->state = FTL_OPEN;
        b->sequence = f->sequence++;
        f->open = i;
        f->at = 0;
        f->resumed = 0;
        f->since_levelling++;
        memset(f->list, 0xff, sizeof f->list);
        return 0;
    }
    return -EXO_EFULL;
}

int ftl_append(struct ftl *f, uint32_t logical, const struct ftl_data *d,
               const uint32_t sum[2])
{
    for (;;) {
        int e = 0;
        if (f->open != FTL_NONE && f->at == f->chip.block_pages - 1)
            e = finish(f);
        if (e == 0 && f->open == FTL_NONE)
            e = open_block(f);
        if (e < 0)
            return e;
        uint32_t page = f->open * f->chip.block_pages + f->at;
        ftl_encode(f, logical, &f->block[f->open], sum);
        e = nand_program(f, page, d);
        if (e < 0 && e != -EXO_EIO)
            return e;
        f->programs++;
        if (e < 0) {
            leave(f, true);
            continue;
        }
        f->list[f->at++] = logical;
        f->block[f->open].valid++;
        forget(f, logical);
        f->map[logical] = page;
        return 0;
    }
}

int ftl_write(struct ftl *f, uint32_t logical, const struct ftl_data *d)
{
    uint32_t sum[2];
    if (logical >= f->logical)
        return -EXO_ERANGE;
    int e = ftl_tidy(f);
    if (e < 0)
        return e;
    ftl_sum(d->data, sum);
    return ftl_append(f, logical, d, sum);
}
