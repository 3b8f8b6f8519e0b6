// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * alloc.c - the bitmaps: one block of bits a group for blocks, one for inodes, with counts in the
 * group's descriptor and the superblock, which change along.
 */
#include "fs_priv.h"

static bool test(const uint8_t *map, uint32_t bit)
{
    return map[bit / 8] >> (bit % 8) & 1;
}

static void set(uint8_t *map, uint32_t bit)
{
    map[bit / 8] |= (uint8_t)(1u << (bit % 8));
}

static void clear(uint8_t *map, uint32_t bit)
{
    map[bit / 8] &= (uint8_t) ~(1u << (bit % 8));
}

/* The first clear bit in [from, n), or n. */
static uint32_t find_clear(const uint8_t *map, uint32_t from, uint32_t n)
{
    while (from < n) {
        if (from % 32 == 0) {
            uint32_t word;
            memcpy(&word, map + from / 8, 4);
            if (word == UINT32_MAX) {
                from += 32;
                continue;
            }
        }
        if (!test(map, from))
            return from;
        from++;
    }
    return n;
}

static uint32_t group_start(const struct fs *fs, uint32_t g)
{
    return fs->first_data + g * fs->blocks_per_group;
}

static uint32_t group_len(const struct fs *fs, uint32_t g)
{
    uint32_t left = fs->nblocks - group_start(fs, g);
    return left < fs->blocks_per_group ? left : fs->blocks_per_group;
}

static int count_blocks(struct fs *fs, uint32_t g, int32_t delta)
{
    struct ext2_super *sb;
    struct ext2_group *d;
    int error = e2_group_get(fs, g, &d);
    if (error != 0)
        return error;
    d->free_blocks = (uint16_t)(d->free_blocks + delta);
    e2_group_changed(fs, g);
    error = e2_super_get(fs, &sb);
    if (error != 0)
        return error;
    sb->free_blocks += (uint32_t)delta;
    e2_super_changed(fs);
    return 0;
}

/* A run in group g from bit `from` on. *count 0: none. */
static int alloc_in(struct fs *fs, uint32_t g, uint32_t from, uint32_t *block,
                    uint32_t *count)
{
    struct ext2_group *d;
    uint8_t *map;
    uint32_t want = *count, n = group_len(fs, g), bit = from, start = group_start(fs, g);
    *count = 0;
    int error = e2_group_get(fs, g, &d);
    if (error != 0 || d->free_blocks == 0)
        return error;
    uint32_t bitmap = d->block_bitmap, have = d->free_blocks;
    error = e2_blk_read(fs, bitmap, &map);
    if (error != 0)
        return error;
    do
        bit = find_clear(map, bit, n);
    while (bit < n && fs->nfreed > 0 && e2_tx_is_freed(fs, start + bit) && ++bit);
    if (bit >= n)
        return 0;
    *block = start + bit;
    for (uint32_t i = 0; i < want && i < have && bit + i < n && !test(map, bit + i);
         i++) {
        if (i > 0 && fs->nfreed > 0 && e2_tx_is_freed(fs, start + bit + i))
            break;
        ++*count;
    }
    for (uint32_t i = 0; i < *count; i++)
        if (e2_blk_is_system(fs, *block + i))
            return -EUCLEAN;
    error = e2_blk_read(fs, bitmap, &map);
    if (error != 0)
        return error;
    for (uint32_t i = 0; i < *count; i++)
        set(map, bit + i);
    e2_blk_meta(fs, bitmap);
    return count_blocks(fs, g, -(int32_t)*count);
}

int e2_block_alloc(struct fs *fs, uint32_t goal, uint32_t *block, uint32_t *count)
{
    uint32_t want = *count;
    if (!blk_valid(fs, goal))
        goal = fs->first_data + 1;
    uint32_t g = (goal - fs->first_data) / fs->blocks_per_group;
    uint32_t from = (goal - fs->first_data) % fs->blocks_per_group;
    for (uint32_t tried = 0; tried <= fs->groups; tried++) {
        *count = want;
        int error = alloc_in(fs, g, from, block, count);
        if (error != 0 || *count > 0)
            return error;
        g = g + 1 < fs->groups ? g + 1 : 0;
        from = 0;
    }
    return -ENOSPC;
}

/* Clear a bit of a bitmap; -EUCLEAN if it is clear. */
static int give_bit(struct fs *fs, uint32_t bitmap, uint32_t bit)
{
    uint8_t *map;
    int error = e2_blk_read(fs, bitmap, &map);
    if (error == 0 && !test(map, bit))
        error = -EUCLEAN;
    if (error != 0)
        return error;
    clear(map, bit);
    e2_blk_meta(fs, bitmap);
    return 0;
}

int e2_block_free(struct fs *fs, uint32_t block, uint32_t count, bool metadata)
{
    struct ext2_group *d;
    for (; count > 0; block++, count--) {
        if (e2_blk_is_system(fs, block))
            return -EUCLEAN;
        uint32_t g = (block - fs->first_data) / fs->blocks_per_group;
        uint32_t bit = (block - fs->first_data) % fs->blocks_per_group;
        int error = e2_group_get(fs, g, &d);
        if (error == 0)
            error = give_bit(fs, d->block_bitmap, bit);
        if (error == 0)
            error = count_blocks(fs, g, 1);
        if (error != 0)
            return error;
        e2_blk_drop(fs, block);
        e2_tx_freed(fs, block, metadata);
    }
    return 0;
}

/* -- inodes -- */

static int count_inodes(struct fs *fs, uint32_t g, int32_t delta, bool directory)
{
    struct ext2_super *sb;
    struct ext2_group *d;
    int error = e2_group_get(fs, g, &d);
    if (error != 0)
        return error;
    d->free_inodes = (uint16_t)(d->free_inodes + delta);
    if (directory)
        d->used_dirs = (uint16_t)(d->used_dirs - delta);
    e2_group_changed(fs, g);
    error = e2_super_get(fs, &sb);
    if (error != 0)
        return error;
    sb->free_inodes += (uint32_t)delta;
    e2_super_changed(fs);
    return 0;
}

static int inode_in(struct fs *fs, uint32_t g, bool directory, uint32_t *ino)
{
    struct ext2_group *d;
    uint8_t *map;
    int error = e2_group_get(fs, g, &d);
    *ino = 0;
    if (error != 0 || d->free_inodes == 0)
        return error;
    uint32_t bitmap = d->inode_bitmap, n = fs->inodes_per_group;
    error = e2_blk_read(fs, bitmap, &map);
    if (error != 0)
        return error;
    uint32_t bit = find_clear(map, 0, n);
    while (bit < n && g * n + bit + 1 < fs->first_ino)
        bit = find_clear(map, bit + 1, n);
    if (bit == n)
        return 0;
    set(map, bit);
    e2_blk_meta(fs, bitmap);
    *ino = g * n + bit + 1;
    return count_inodes(fs, g, -1, directory);
}

/* Directories below the root are spread: to the group with the most free blocks. */
static uint32_t roomy_group(struct fs *fs, uint32_t otherwise)
{
    uint32_t best = otherwise, most = 0;
    for (uint32_t k = 0; k < fs->groups; k++) {
        uint32_t g = (fs->alloc_group + 1 + k) % fs->groups;
        struct ext2_group *d;
        if (e2_group_get(fs, g, &d) != 0 || d->free_inodes == 0 || d->free_blocks <= most)
            continue;
        most = d->free_blocks;
        best = g;
    }
    fs->alloc_group = best;
    return best;
}

int e2_inode_alloc(struct fs *fs, uint32_t parent, bool directory, uint32_t *ino)
{
    uint32_t g = (parent - 1) / fs->inodes_per_group;
    if (directory && parent == EXT2_ROOT_INO)
        g = roomy_group(fs, g);
    for (uint32_t tried = 0; tried < fs->groups; tried++) {
        int error = inode_in(fs, g, directory, ino);
        if (error != 0 || *ino != 0)
            return error;
        g = g + 1 < fs->groups ? g + 1 : 0;
    }
    return -ENOSPC;
}

int e2_inode_free(struct fs *fs, uint32_t ino, bool directory)
{
    struct ext2_group *d;
    uint32_t g = (ino - 1) / fs->inodes_per_group, bit = (ino - 1) % fs->inodes_per_group;
    if (ino < fs->first_ino || ino > fs->ninodes)
        return -EUCLEAN;
    int error = e2_group_get(fs, g, &d);
    if (error == 0)
        error = give_bit(fs, d->inode_bitmap, bit);
    return error != 0 ? error : count_inodes(fs, g, 1, directory);
}
