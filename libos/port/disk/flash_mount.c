// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flash_mount.c - ftl_mount: the map is found again by reading the chip (format: ftl.h). Of a full
 * block two pages are read, the first one's record and the summary; of the others (the one
 * that was open, those given up early) all of them, data included, because the last page
 * written may be torn.
 */
#include <string.h>

#include "ftl.h"

struct scan {
    uint32_t
        newest; /* block with the greatest sequence number, FTL_NONE: no block is in use */
    uint32_t foreign;       /* blocks with something that is not ours */
    uint64_t erases, known; /* sum, and number of blocks whose count was found */
};

static bool newer(const struct ftl *f, uint32_t page, uint32_t than)
{
    uint32_t pages = f->chip.block_pages;
    uint32_t a = f->block[page / pages].sequence, b = f->block[than / pages].sequence;
    return a != b ? a > b : page > than;
}

static void found(struct ftl *f, uint32_t logical, uint32_t page)
{
    if (logical < f->total &&
        (f->map[logical] == FTL_NONE || newer(f, page, f->map[logical])))
        f->map[logical] = page;
}

int ftl_read_summary(struct ftl *f, uint32_t b, uint32_t *list)
{
    uint32_t pages = f->chip.block_pages, sum[2];
    struct ftl_oob r;
    /* Most often there is none: look at the record first. */
    int e = nand_read(f, b * pages + pages - 1, NULL);
    if (e < 0)
        return e;
    if (!ftl_decode(f, &r) || r.logical != FTL_SUMMARY ||
        r.sequence != f->block[b].sequence)
        return -EXO_EIO;
    e = nand_read(f, b * pages + pages - 1, &(struct ftl_data){f->meta, 0, 0});
    if (e < 0)
        return e;
    ftl_sum(f->meta, sum);
    if (r.sum[0] != sum[0] || r.sum[1] != sum[1])
        return -EXO_EIO;
    memcpy(list, f->meta, (pages - 1) * sizeof *list);
    return 0;
}

/* Every page of a block without a summary, into `list`. *end: behind the last page that is not
 * blank. */
static int scan_pages(struct ftl *f, uint32_t b, uint32_t *list, uint32_t *end)
{
    uint32_t pages = f->chip.block_pages, sum[2];
    struct ftl_data d = {f->copy, 0, 0};
    *end = 0;
    memset(list, 0xff, pages * sizeof *list);
    for (uint32_t i = 0; i < pages; i++) {
        struct ftl_oob r;
        int e = nand_read(f, b * pages + i, &d);
        if (e < 0 && e != -EXO_EIO)
            return e;
        if (e < 0 || !ftl_blank(f->oob, f->chip.oob_size) ||
            !ftl_blank(f->copy, FTL_PAGE))
            *end = i + 1;
        if (e < 0 || i == pages - 1 || !ftl_decode(f, &r) ||
            r.sequence != f->block[b].sequence)
            continue;
        ftl_sum(f->copy, sum);
        if (r.sum[0] == sum[0] && r.sum[1] == sum[1])
            list[i] = r.logical;
    }
    return 0;
}

static int scan_block(struct ftl *f, uint32_t b, struct scan *s)
{
    struct ftl_block *block = &f->block[b];
    uint32_t pages = f->chip.block_pages, end;
    struct ftl_oob r;
    int e = nand_read(f, b * pages, NULL);
    if (e < 0 && e != -EXO_EIO)
        return e;
    if (e < 0 || f->oob[0] != 0xff) { /* the factory's mark */
        block->state = FTL_BAD;
        return 0;
    }
    block->state = FTL_FREE;
    if (!ftl_decode(f, &r)) {
        s->foreign += !ftl_blank(f->oob, f->chip.oob_size);
        return 0;
    }
    block->sequence = r.sequence;
    block->erases = r.erases;
    s->erases += r.erases;
    s->known++;
    if (s->newest == FTL_NONE || r.sequence > f->block[s->newest].sequence)
        s->newest = b;
    e = ftl_read_summary(f, b, f->list);
    block->summary = e == 0;
    if (e == -EXO_EIO)
        e = scan_pages(f, b, f->list, &end);
    if (e < 0)
        return e;
    block->state = FTL_CLOSED;
    for (uint32_t i = 0; i < pages - 1; i++)
        found(f, f->list[i], b * pages + i);
    return 0;
}

/* Count what is valid; a block without anything valid is free. */
static void count(struct ftl *f, const struct scan *s)
{
    uint32_t average = s->known > 0 ? (uint32_t)(s->erases / s->known) : 0;
    for (uint32_t l = 0; l < f->total; l++)
        if (f->map[l] != FTL_NONE)
            f->block[f->map[l] / f->chip.block_pages].valid++;
    for (uint32_t i = 0; i < f->chip.blocks; i++) {
        struct ftl_block *b = &f->block[i];
        if (b->state == FTL_FREE && b->sequence == 0)
            b->erases = average;
        if (b->state == FTL_CLOSED && b->valid == 0)
            b->state = FTL_FREE;
        f->free += b->state == FTL_FREE;
        f->bad += b->state == FTL_BAD;
    }
}

/* Go on in the block that was open, so that mounting does not use up blocks: behind what it has,
 * if all of that is blank. */
static int resume(struct ftl *f, uint32_t b)
{
    uint32_t end;
    if (b == FTL_NONE || f->block[b].summary || f->block[b].state != FTL_CLOSED)
        return 0;
    int e = scan_pages(f, b, f->list, &end);
    if (e < 0 || end > f->chip.block_pages - 1)
        return e;
    f->block[b].state = FTL_OPEN;
    f->open = b;
    f->at = end;
    f->resumed = 1;
    return 0;
}

/* Blocks that failed in use. */
static void read_bad(struct ftl *f)
{
    for (uint32_t k = f->logical; k < f->total; k++) {
        uint32_t from = (k - f->logical) * FTL_PAGE * 8;
        if (ftl_read(f, k, &(struct ftl_data){f->copy, 0, 0}) < 0)
            continue; /* they will fail again */
        for (uint32_t i = 0; i < FTL_PAGE * 8 && from + i < f->chip.blocks; i++) {
            struct ftl_block *b = &f->block[from + i];
            if (!(f->copy[i / 8] >> i % 8 & 1))
                continue;
            b->retired = 1;
            if (b->state == FTL_FREE) {
                b->state = FTL_BAD;
                f->free--;
                f->bad++;
            } else if (b->state == FTL_CLOSED) {
                b->state = FTL_RETIRING;
                f->retiring++;
            }
        }
    }
}

int ftl_mount(struct ftl *f, const struct ftl_geometry *g)
{
    struct scan s = {.newest = FTL_NONE};
    int e = ftl_lay_out(f, g);
    for (uint32_t b = 0; e == 0 && b < f->chip.blocks; b++)
        e = scan_block(f, b, &s);
    if (e < 0)
        return e;
    f->sequence = s.newest == FTL_NONE ? 1 : f->block[s.newest].sequence + 1;
    count(f, &s);
    /* One block may be torn by a power cut in the first write ever. */
    if (s.newest == FTL_NONE && (s.foreign > 1 || f->bad > f->chip.blocks / 2))
        return -EXO_EINVAL;
    read_bad(f);
    e = resume(f, s.newest);
    if (e == 0)
        f->magic = FTL_MAGIC;
    return e;
}
