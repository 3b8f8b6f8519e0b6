// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * map.c - which block of a file is where. An inode has twelve block numbers, then one of a block of
 * numbers, one of a block of such blocks, and one more level:
 *
 *   i_block  0..11  12       13             14
 *            data   indirect double         triple
 *
 * 0 is a hole: it reads as zeroes.
 */
#include "fs_priv.h"

/* Depth and the index at each level; -EFBIG behind the last that there can be. */
static int locate(const struct fs *fs, uint32_t at, uint32_t index[4])
{
    uint64_t n = at, span = 1;
    if (at < EXT2_NDIR) {
        index[0] = at;
        return 0;
    }
    n -= EXT2_NDIR;
    for (int depth = 1; depth <= 3; depth++) {
        span *= fs->addrs;
        if (n >= span) {
            n -= span;
            continue;
        }
        index[0] = EXT2_NDIR + (uint32_t)depth - 1;
        for (int level = 1; level <= depth; level++) {
            span /= fs->addrs;
            index[level] = (uint32_t)(n / span);
            n %= span;
        }
        return depth;
    }
    return -EFBIG;
}

uint64_t e2_map_max_size(const struct fs *fs, bool regular)
{
    uint64_t a = fs->addrs, blocks = EXT2_NDIR + a + a * a + a * a * a;
    if (!regular)
        return INT32_MAX;
    if (blocks > UINT32_MAX)
        blocks = UINT32_MAX;
    uint64_t sectors = (uint64_t)UINT32_MAX * 512; /* i_blocks has 32 bits */
    uint64_t size = blocks << fs->block_shift;
    return size < sectors ? size : sectors;
}

static uint32_t run_length(const uint32_t *p, uint32_t n, uint32_t most)
{
    uint32_t run = 1;
    if (p[0] == 0)
        while (run < n && run < most && p[run] == 0)
            run++;
    else
        while (run < n && run < most && p[run] == p[0] + run)
            run++;
    return run;
}

int e2_map_find(struct fs *fs, const struct inode *i, uint32_t at, uint32_t *block,
                uint32_t *run)
{
    uint32_t index[4], n = EXT2_NDIR, most = *run;
    const uint32_t *p = i->d.block;
    uint8_t *bytes;
    int depth = locate(fs, at, index);
    *block = 0;
    *run = 1;
    if (i->d.flags & EXT2_FLAG_EXTENTS)
        return -EUCLEAN;
    if (depth < 0)
        return depth == -EFBIG ? 0 : depth;
    for (int level = 1; level <= depth; level++) {
        uint32_t next = p[index[level - 1]];
        if (next == 0)
            return 0;
        if (!blk_valid(fs, next))
            return -EUCLEAN;
        int error = e2_blk_read(fs, next, &bytes);
        if (error != 0)
            return error;
        p = (const uint32_t *)(const void *)bytes;
        n = fs->addrs;
    }
    p += index[depth];
    n -= index[depth];
    if (p[0] != 0 && !blk_valid(fs, p[0]))
        return -EUCLEAN;
    *block = p[0];
    *run = run_length(p, n, most);
    if (*block != 0 && fs->nblocks - *block < *run)
        *run = fs->nblocks - *block;
    return 0;
}

/* Where a new block for p[index] would be well placed. */
static uint32_t goal_for(const struct fs *fs, const struct inode *i, const uint32_t *p,
                         uint32_t index, uint32_t above)
{
    for (uint32_t k = index; k-- > 0 && index - k <= 16;)
        if (p[k] != 0)
            return p[k] + (index - k);
    if (above != 0)
        return above + 1;
    uint32_t g = (i->ino - 1) / fs->inodes_per_group;
    return fs->first_data + g * fs->blocks_per_group + 1;
}

/* A block of numbers, none yet. */
static int make_indirect(struct fs *fs, struct inode *i, uint32_t goal, uint32_t *block)
{
    uint32_t one = 1;
    uint8_t *bytes;
    int error = e2_block_alloc(fs, goal, block, &one);
    if (error == 0)
        error = e2_blk_zero(fs, *block, &bytes);
    if (error != 0)
        return error;
    e2_blk_meta(fs, *block);
    i->d.sectors += fs->block_size / 512;
    return e2_tx_order(fs);
}

/* The block of numbers behind p[index] (of block `in`, 0: the inode), made if need be. */
static int descend(struct fs *fs, struct inode *i, uint32_t in, uint32_t index,
                   uint32_t *block)
{
    uint8_t *bytes = NULL;
    int error = in != 0 ? e2_blk_read(fs, in, &bytes) : 0;
    if (error != 0)
        return error;
    uint32_t *p = in != 0 ? (uint32_t *)(void *)bytes : i->d.block;
    *block = p[index];
    if (*block != 0)
        return e2_blk_is_system(fs, *block) ? -EUCLEAN : 0;
    error = make_indirect(fs, i, goal_for(fs, i, p, index, in), block);
    if (error == 0 && in != 0)
        error = e2_blk_read(fs, in, &bytes);
    if (error != 0)
        return error;
    p = in != 0 ? (uint32_t *)(void *)bytes : i->d.block;
    p[index] = *block;
    if (in != 0)
        e2_blk_meta(fs, in);
    return 0;
}

int e2_map_make(struct fs *fs, struct inode *i, uint32_t at, bool metadata,
                uint32_t *block, bool *fresh)
{
    uint32_t index[4], in = 0, one = 1;
    uint8_t *bytes = NULL;
    int depth = locate(fs, at, index), error = 0;
    *fresh = false;
    if (depth < 0 || i->d.flags & EXT2_FLAG_EXTENTS)
        return depth < 0 ? depth : -EUCLEAN;
    for (int level = 1; level <= depth && error == 0; level++)
        error = descend(fs, i, in, index[level - 1], &in);
    if (error == 0 && in != 0)
        error = e2_blk_read(fs, in, &bytes);
    if (error != 0)
        return error;
    uint32_t *p = in != 0 ? (uint32_t *)(void *)bytes : i->d.block;
    *block = p[index[depth]];
    if (*block != 0)
        return e2_blk_is_system(fs, *block) ? -EUCLEAN : 0;
    error = e2_block_alloc(fs, goal_for(fs, i, p, index[depth], in), block, &one);
    if (error == 0 && metadata && !fs->journaled) {
        error = e2_blk_zero(fs, *block, &bytes); /* never garbage behind a pointer */
        if (error == 0) {
            e2_blk_meta(fs, *block);
            error = e2_tx_order(fs);
        }
    }
    if (error == 0 && in != 0)
        error = e2_blk_read(fs, in, &bytes);
    if (error != 0)
        return error;
    p = in != 0 ? (uint32_t *)(void *)bytes : i->d.block;
    p[index[depth]] = *block;
    if (in != 0)
        e2_blk_meta(fs, in);
    i->d.sectors += fs->block_size / 512;
    *fresh = true;
    return 0;
}
