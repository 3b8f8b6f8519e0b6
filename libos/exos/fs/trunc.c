// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trunc.c - freeing a file's blocks from its end, in steps that fit transactions: first the numbers
 * are cleared, then (without a journal: when that is on the disk) the blocks are free.
 */
#include "fs_priv.h"

struct cut {
    struct fs *fs;
    struct inode *i;
    uint32_t n, most;
    struct run run[FS_BATCH];
    bool metadata[FS_BATCH];
};

/* false: no room for another run. */
static bool add(struct cut *c, uint32_t block, bool metadata)
{
    struct run *last = &c->run[c->n > 0 ? c->n - 1 : 0];
    if (c->n > 0 && block + 1 == last->start && c->metadata[c->n - 1] == metadata &&
        last->count < 2048) {
        last->start--;
        last->count++;
        return true;
    }
    if (c->n == c->most)
        return false;
    c->run[c->n] = (struct run){block, 1};
    c->metadata[c->n++] = metadata;
    return true;
}

static uint64_t span_of(const struct fs *fs, int level)
{
    uint64_t span = 1;
    while (level-- > 0)
        span *= fs->addrs;
    return span;
}

static int cut_tree(struct cut *c, uint32_t block, int level, uint64_t keep);

/* One number, at *slot of block `in` (0: the inode): what is below it but for the first `keep`
 * blocks. 1: no room for more. */
static int cut_one(struct cut *c, uint32_t entry, int level, uint64_t keep, bool *clear)
{
    *clear = false;
    if (entry == 0)
        return 0;
    if (!blk_valid(c->fs, entry))
        return -EUCLEAN;
    if (level > 0) {
        int r = cut_tree(c, entry, level, keep);
        if (r != 0 || keep > 0)
            return r;
    }
    *clear = add(c, entry, level > 0 || !is_reg(c->i));
    return !*clear;
}

/* The tree of numbers in `block`: its entries are of level - 1. */
static int cut_tree(struct cut *c, uint32_t block, int level, uint64_t keep)
{
    struct fs *fs = c->fs;
    uint64_t span = span_of(fs, level - 1);
    for (uint32_t e = fs->addrs; e-- > 0 && (e + 1) * span > keep;) {
        uint64_t below = e * span < keep ? keep - e * span : 0;
        uint8_t *bytes;
        bool clear;
        int error = e2_blk_read(fs, block, &bytes);
        if (error != 0)
            return error;
        uint32_t entry = ((uint32_t *)(void *)bytes)[e];
        if (entry == 0)
            continue;
        int r = cut_one(c, entry, level - 1, below, &clear);
        if (clear) {
            error = e2_blk_read(fs, block, &bytes);
            if (error != 0)
                return error;
            ((uint32_t *)(void *)bytes)[e] = 0;
            e2_blk_meta(fs, block);
        }
        if (r != 0)
            return r;
    }
    return 0;
}

/* Collect what can go now, from the end. 1: there is more. */
static int collect(struct cut *c, uint32_t from)
{
    struct fs *fs = c->fs;
    uint32_t *p = c->i->d.block;
    bool clear;
    for (int depth = 3; depth >= 1; depth--) {
        uint64_t start = EXT2_NDIR;
        for (int d = 1; d < depth; d++)
            start += span_of(fs, d);
        if (from >= start + span_of(fs, depth))
            continue;
        int r = cut_one(c, p[EXT2_NDIR + depth - 1], depth,
                        from > start ? from - start : 0, &clear);
        if (clear)
            p[EXT2_NDIR + depth - 1] = 0;
        if (r != 0)
            return r;
    }
    for (uint32_t at = EXT2_NDIR; at-- > from;) {
        int r = cut_one(c, p[at], 0, 0, &clear);
        if (clear)
            p[at] = 0;
        if (r != 0)
            return r;
    }
    return 0;
}

static int free_runs(struct cut *c)
{
    struct fs *fs = c->fs;
    for (uint32_t k = 0; k < c->n; k++) {
        uint32_t sectors = c->run[k].count * (fs->block_size / 512);
        c->i->d.sectors = c->i->d.sectors > sectors ? c->i->d.sectors - sectors : 0;
    }
    int error = e2_inode_put(fs, c->i);
    if (error == 0)
        error = e2_tx_order(fs);
    for (uint32_t k = 0; k < c->n && error == 0; k++)
        error = e2_block_free(fs, c->run[k].start, c->run[k].count, c->metadata[k]);
    return error;
}

int e2_map_cut(struct fs *fs, struct inode *i, uint32_t from)
{
    struct cut c = {.fs = fs, .i = i};
    if (i->d.flags & EXT2_FLAG_EXTENTS)
        return -EUCLEAN;
    for (;;) {
        uint32_t room = e2_tx_room(fs);
        c.n = 0;
        c.most = room > 20 ? (room - 12) / 4 : 2;
        if (c.most > FS_BATCH)
            c.most = FS_BATCH;
        int more = collect(&c, from);
        if (more < 0)
            return more;
        int error = free_runs(&c);
        if (error != 0 || more == 0)
            return error;
        if (e2_tx_room(fs) < 40 || fs->nfreed + FS_BATCH >= FS_FREED ||
            fs->nrevokes + FS_REVOKES / 4 >= FS_REVOKES)
            return 1;
    }
}

bool e2_map_is_short(const struct inode *i)
{
    return i->d.block[EXT2_NDIR] == 0 && i->d.block[EXT2_NDIR + 1] == 0 &&
           i->d.block[EXT2_NDIR + 2] == 0;
}
