// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flash_gc.c - what the translation layer (ftl.h) does before a write: blocks that failed are emptied and
 * retired, the block with the least in it is emptied when free ones run out (greedy), and now
 * and then the least worn block, whose data never change, is emptied so that it takes its
 * share of the wear (static wear levelling).
 *
 * Emptying appends pages to the log under their old checksums: damage is never made to look
 * intact.
 */
#include <string.h>

#include "ftl.h"

#define FREE_LOW 3u /* free blocks kept: a write may use some before the next tidying */
#define LEVELLING_EVERY 8u /* blocks opened between two looks at wear */
#define LEVELLING_GAP 32u  /* erases between the least and the most worn */

/* Logical numbers of b's pages, FTL_NONE where there is nothing. */
static int list_pages(struct ftl *f, uint32_t b)
{
    uint32_t pages = f->chip.block_pages;
    if (f->block[b].summary) {
        int e = ftl_read_summary(f, b, f->victim);
        if (e != -EXO_EIO)
            return e;
    }
    for (uint32_t i = 0; i < pages - 1; i++) {
        struct ftl_oob r;
        int e = nand_read(f, b * pages + i, NULL);
        if (e < 0 && e != -EXO_EIO)
            return e;
        f->victim[i] = e == 0 && ftl_decode(f, &r) ? r.logical : FTL_NONE;
    }
    return 0;
}

/* Append what page `page` holds of `logical`. -EXO_EIO: it cannot be read. */
static int move(struct ftl *f, uint32_t logical, uint32_t page)
{
    struct ftl_oob r;
    struct ftl_data d = {f->copy, 0, 0};
    int e = nand_read(f, page, &d);
    if (e < 0)
        return e;
    if (!ftl_decode(f, &r) || r.logical != logical)
        return -EXO_EIO;
    f->moved++;
    return ftl_append(f, logical, &d, r.sum);
}

/* Move everything needed out of block b, which is CLOSED or RETIRING. */
static int empty(struct ftl *f, uint32_t b)
{
    uint32_t first = b * f->chip.block_pages;
    int e = list_pages(f, b);
    for (uint32_t i = 0; e == 0 && i < f->chip.block_pages - 1; i++) {
        uint32_t logical = f->victim[i];
        if (logical >= f->total || f->map[logical] != first + i)
            continue;
        e = move(f, logical, first + i);
        if (e == -EXO_EIO) { /* it stays where it is: perhaps it can be read later */
            f->block[b].unread = 1;
            e = 0;
        }
    }
    /* Pages whose out-of-band bytes cannot be read are in no list. */
    if (e == 0 && f->block[b].state == FTL_CLOSED && f->block[b].valid > 0)
        f->block[b].unread = 1;
    return e;
}

/* The CLOSED block with the least in it; FTL_NONE: emptying would gain nothing. */
static uint32_t emptiest(const struct ftl *f)
{
    uint32_t best = FTL_NONE;
    for (uint32_t i = 0; i < f->chip.blocks; i++) {
        const struct ftl_block *b = &f->block[i];
        if (b->state != FTL_CLOSED || b->unread)
            continue;
        if (best == FTL_NONE || b->valid < f->block[best].valid ||
            (b->valid == f->block[best].valid && b->erases < f->block[best].erases))
            best = i;
    }
    if (best != FTL_NONE && f->block[best].valid >= f->chip.block_pages - 1)
        best = FTL_NONE;
    return best;
}

static int collect(struct ftl *f)
{
    for (uint32_t turn = 0; f->free < FREE_LOW && turn < f->chip.blocks; turn++) {
        uint32_t victim = emptiest(f);
        if (victim == FTL_NONE)
            break;
        int e = empty(f, victim);
        if (e < 0)
            return e;
    }
    return f->free > 0 ? 0 : -EXO_EFULL;
}

/* Empty one block that failed. */
static int retire(struct ftl *f)
{
    uint32_t i = 0;
    while (f->block[i].state != FTL_RETIRING)
        i++;
    int e = empty(f, i);
    if (e < 0)
        return e;
    f->block[i].state = FTL_BAD;
    f->block[i].retired = 1;
    f->retiring--;
    f->bad++;
    f->bad_changed = 1;
    return 0;
}

static int level(struct ftl *f)
{
    if (f->since_levelling < LEVELLING_EVERY || f->free < FREE_LOW)
        return 0;
    f->since_levelling = 0;
    uint32_t least = FTL_NONE, most = 0;
    for (uint32_t i = 0; i < f->chip.blocks; i++) {
        const struct ftl_block *b = &f->block[i];
        if (b->state == FTL_BAD)
            continue;
        if (b->erases > most)
            most = b->erases;
        if (b->state == FTL_CLOSED && !b->unread &&
            (least == FTL_NONE || b->erases < f->block[least].erases))
            least = i;
    }
    if (least == FTL_NONE || most - f->block[least].erases < LEVELLING_GAP)
        return 0;
    return empty(f, least);
}

/* The table of bad blocks, a page for every 8 * 4096 of them. */
static int write_bad(struct ftl *f)
{
    while (f->bad_changed) {
        f->bad_changed = 0; /* writing it may find another one */
        for (uint32_t k = f->logical; k < f->total; k++) {
            uint32_t from = (k - f->logical) * FTL_PAGE * 8, sum[2];
            memset(f->copy, 0, FTL_PAGE);
            for (uint32_t i = 0; i < FTL_PAGE * 8 && from + i < f->chip.blocks; i++)
                if (f->block[from + i].retired)
                    f->copy[i / 8] |= (uint8_t)(1u << i % 8);
            ftl_sum(f->copy, sum);
            int e = ftl_append(f, k, &(struct ftl_data){f->copy, 0, 0}, sum);
            if (e < 0) {
                f->bad_changed = 1;
                return e;
            }
        }
    }
    return 0;
}

int ftl_tidy(struct ftl *f)
{
    int e = f->free < FREE_LOW ? collect(f) : 0;
    for (uint32_t turn = 0; e == 0 && f->retiring > 0 && turn < f->chip.blocks; turn++) {
        e = retire(f);
        if (e == 0 && f->free < FREE_LOW)
            e = collect(f);
    }
    if (e == 0)
        e = level(f);
    if (e == 0 && f->bad_changed)
        e = write_bad(f);
    return e;
}

int ftl_flush(struct ftl *f)
{
    int e = f->retiring > 0 || f->bad_changed ? ftl_tidy(f) : 0;
    return e == -EXO_EFULL ? 0 : e; /* what the user wrote is on the chip */
}
