// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flash_format.c - what the translation layer (ftl.h) writes beside the data: the out-of-band record and
 * its checksums; and how much of a chip becomes a volume.
 */
#include <string.h>

#include "ftl.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "the chip's format is little endian");

/* Blocks that hold no part of the volume: room for garbage collection and for bad blocks. */
static uint32_t reserve(uint32_t blocks)
{
    return 7 + blocks / 16;
}

/* Pages of the table of bad blocks: a bit a block. */
static uint32_t bad_pages(uint32_t blocks)
{
    return (blocks + FTL_PAGE * 8 - 1) / (FTL_PAGE * 8);
}

uint32_t ftl_capacity(const struct ftl_geometry *g)
{
    if (g->blocks < FTL_BLOCKS_MIN || g->blocks > FTL_BLOCKS_MAX ||
        g->block_pages < FTL_BLOCK_PAGES_MIN || g->block_pages > FTL_BLOCK_PAGES_MAX ||
        g->oob_size < FTL_OOB_MIN || g->oob_size > FTL_OOB_MAX)
        return 0;
    return (g->blocks - reserve(g->blocks)) * (g->block_pages - 1) - bad_pages(g->blocks);
}

/* Page buffers come first, each in one frame, then out-of-band bytes and the arrays. */
#define HEAD ((sizeof(struct ftl) + FTL_PAGE - 1) & ~(size_t)(FTL_PAGE - 1))

size_t ftl_bytes(const struct ftl_geometry *g)
{
    uint32_t total = ftl_capacity(g) + bad_pages(g->blocks);
    return HEAD + 3 * FTL_PAGE + g->blocks * sizeof(struct ftl_block) +
           total * sizeof(uint32_t);
}

/* An empty layer for this chip, in memory of ftl_bytes(g). -EXO_ERANGE. */
int ftl_lay_out(struct ftl *f, const struct ftl_geometry *g)
{
    uint32_t logical = ftl_capacity(g);
    if (logical == 0)
        return -EXO_ERANGE;
    memset(f, 0, sizeof *f);
    uint8_t *at = (uint8_t *)f + HEAD;
    f->chip = *g;
    f->logical = logical;
    f->total = logical + bad_pages(g->blocks);
    f->open = FTL_NONE;
    f->copy = at;
    f->meta = at + FTL_PAGE;
    f->oob = at + 2 * FTL_PAGE;
    f->block = (struct ftl_block *)(void *)(at + 3 * FTL_PAGE);
    f->map = (uint32_t *)(void *)(f->block + g->blocks);
    memset(f->block, 0, g->blocks * sizeof *f->block);
    memset(f->map, 0xff, f->total * sizeof *f->map);
    return 0;
}

/* Two sums of words modulo 2^32, the second of the first: catches torn pages (words that are
 * still 0xffffffff) and exchanged ones, three instructions a word. */
void ftl_sum(const void *data, uint32_t sum[2])
{
    const uint32_t *word = data, *end = word + FTL_PAGE / sizeof *word;
    uint32_t a = 0, b = 0;
    for (; word < end; word += 8) {
        b += a += word[0];
        b += a += word[1];
        b += a += word[2];
        b += a += word[3];
        b += a += word[4];
        b += a += word[5];
        b += a += word[6];
        b += a += word[7];
    }
    sum[0] = a;
    sum[1] = b;
}

/* CRC-32 (IEEE 802.3, reflected), four bits at a time: only 24 bytes are summed. */
static uint32_t crc32(const uint8_t *p, size_t n)
{
    static const uint32_t table[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
                                       0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
                                       0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                       0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
    uint32_t crc = 0xffffffff;
    for (size_t i = 0; i < n; i++) {
        crc = crc >> 4 ^ table[(crc ^ p[i]) & 15];
        crc = crc >> 4 ^ table[(crc ^ p[i] >> 4) & 15];
    }
    return ~crc;
}

void ftl_encode(struct ftl *f, uint32_t logical, const struct ftl_block *b,
                const uint32_t sum[2])
{
    struct ftl_oob r = {FTL_MAGIC, logical, b->sequence, b->erases, {sum[0], sum[1]}, 0};
    r.crc = crc32((const uint8_t *)&r, offsetof(struct ftl_oob, crc));
    memset(f->oob, 0xff, f->chip.oob_size);
    memcpy(f->oob + FTL_OOB_AT, &r, sizeof r);
}

bool ftl_decode(const struct ftl *f, struct ftl_oob *out)
{
    memcpy(out, f->oob + FTL_OOB_AT, sizeof *out);
    return out->magic == FTL_MAGIC &&
           out->crc == crc32((const uint8_t *)out, offsetof(struct ftl_oob, crc));
}

bool ftl_blank(const void *p, size_t n)
{
    const uint32_t *word = p;
    for (size_t i = 0; i < n / sizeof *word; i++)
        if (word[i] != 0xffffffff)
            return false;
    return true;
}
