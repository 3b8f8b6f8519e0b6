// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * data.c - the content of files. Sequential reading reads ahead, all blocks in a row at once. A
 * write is cut into transactions of a few blocks; what it has not reached when it fails is not
 * there.
 */
#include "fs_priv.h"

#define AHEAD_FIRST 8u /* of DISK_BLOCK */

/* -- reading -- */

/* Read a run that is not in the cache, and more of it if reading goes on and on. */
static void read_run(struct fs *fs, uint32_t block, uint32_t need, uint32_t run,
                     uint32_t at, bool sequential)
{
    uint32_t window = at >> fs->per_shift < 2 * AHEAD_FIRST ? AHEAD_FIRST : FS_BATCH;
    uint32_t n = need;
    if (sequential && n < window << fs->per_shift)
        n = window << fs->per_shift;
    if (n > run)
        n = run;
    if (n > 1u << fs->per_shift)
        e2_blk_prefetch(fs, block, n);
}

int64_t fs_read(struct fs *fs, uint32_t ino, uint64_t at, void *buf, size_t n,
                uint32_t *ahead)
{
    struct inode i;
    uint8_t *to = buf, *from;
    int error = e2_inode_get(fs, ino, &i);
    if (error != 0 || is_dir(&i))
        return error != 0 ? error : -EISDIR;
    uint64_t size = e2_inode_size(&i);
    if (at >= size || !is_reg(&i))
        return is_reg(&i) ? 0 : -EINVAL;
    if (n > size - at)
        n = (size_t)(size - at);
    uint32_t first = (uint32_t)(at >> fs->block_shift);
    bool sequential = first == *ahead || first + 1 == *ahead;
    uint32_t last = (uint32_t)((size - 1) >> fs->block_shift);
    size_t done = 0;
    while (done < n) {
        uint32_t b = (uint32_t)((at + done) >> fs->block_shift), block;
        uint32_t offset = (uint32_t)(at + done) & (fs->block_size - 1);
        uint32_t run = last - b + 1;
        uint32_t most = FS_BATCH << fs->per_shift;
        run = run < most ? run : most;
        error = e2_map_find(fs, &i, b, &block, &run);
        if (error != 0)
            break;
        uint64_t bytes = ((uint64_t)run << fs->block_shift) - offset;
        size_t want = n - done < bytes ? n - done : (size_t)bytes;
        if (block != 0 && !e2_blk_cached(fs, block))
            read_run(fs, block,
                     (uint32_t)((offset + want + fs->block_size - 1) >> fs->block_shift),
                     run, b, sequential);
        for (size_t end = done + want; done < end; offset = 0) {
            size_t part = fs->block_size - offset;
            part = part < end - done ? part : end - done;
            if (block == 0) {
                memset(to + done, 0, part);
            } else {
                error = e2_blk_read(fs, block++, &from);
                if (error != 0)
                    break;
                memcpy(to + done, from + offset, part);
            }
            done += part;
        }
        if (error != 0)
            break;
    }
    *ahead = (uint32_t)((at + done) >> fs->block_shift);
    return done > 0 ? (int64_t)done : error;
}

/* -- writing -- */

/* Into one block, of the transaction. */
static int write_block(struct fs *fs, struct inode *i, uint64_t at, const uint8_t *from,
                       uint32_t n)
{
    uint32_t block, offset = (uint32_t)at & (fs->block_size - 1);
    uint8_t *to;
    bool fresh;
    int error =
        e2_map_make(fs, i, (uint32_t)(at >> fs->block_shift), false, &block, &fresh);
    if (error == 0)
        error = n == fs->block_size ? e2_blk_over(fs, block, &to)
                : fresh             ? e2_blk_zero(fs, block, &to)
                                    : e2_blk_read(fs, block, &to);
    if (error != 0)
        return error;
    memcpy(to + offset, from, n);
    e2_blk_data(fs, block);
    return 0;
}

/* As many blocks as fit the transaction. Returns bytes, or an error if there were none. */
static int64_t write_some(struct fs *fs, struct inode *i, uint64_t at,
                          const uint8_t *from, size_t n)
{
    size_t done = 0;
    int error = 0;
    while (done < n && error == 0 && (done == 0 || e2_tx_room(fs) >= MAP_CREDITS + 8)) {
        size_t part = fs->block_size - ((at + done) & (fs->block_size - 1));
        part = part < n - done ? part : n - done;
        error = write_block(fs, i, at + done, from + done, (uint32_t)part);
        if (error == 0)
            done += part;
    }
    if (error == -EIO || error == -EUCLEAN)
        return error;
    if (done > 0 && at + done > e2_inode_size(i)) {
        int failed = e2_inode_set_size(fs, i, at + done);
        if (failed != 0)
            return failed;
    }
    i->d.mode &= (uint16_t) ~(done > 0 ? 06000 : 0); /* written to: not set-id any more */
    e2_inode_touch(fs, i, T_MTIME | T_CTIME);
    int put = e2_inode_put(fs, i);
    return put != 0 ? put : done > 0 ? (int64_t)done : error;
}

int64_t fs_write(struct fs *fs, uint32_t ino, uint64_t at, const void *buf, size_t n)
{
    struct inode i;
    size_t done = 0;
    uint64_t max = e2_map_max_size(fs, true);
    if (at >= max)
        return -EFBIG;
    if (n > max - at)
        n = (size_t)(max - at);
    while (done < n) {
        int error = e2_tx_begin(fs, MAP_CREDITS + 12);
        if (error != 0)
            return done > 0 ? (int64_t)done : error;
        error = e2_inode_get(fs, ino, &i);
        if (error == 0 && !is_reg(&i))
            error = is_dir(&i) ? -EISDIR : -EINVAL;
        int64_t part = error != 0 ? error
                                  : write_some(fs, &i, at + done,
                                               (const uint8_t *)buf + done, n - done);
        error = e2_tx_end(fs, part < 0 ? (int)part : 0);
        if (e2_tx_retry(fs, error))
            continue;
        if (error != 0)
            return done > 0 ? (int64_t)done : error;
        done += (size_t)part;
    }
    return (int64_t)done;
}

/* -- changing the size -- */

/* What lies behind the end in the last block is zero, should the file grow again. */
static int zero_tail(struct fs *fs, const struct inode *i, uint64_t size)
{
    uint32_t offset = (uint32_t)size & (fs->block_size - 1), block, run = 1;
    uint8_t *p;
    if (offset == 0 || !is_reg(i))
        return 0;
    int error = e2_map_find(fs, i, (uint32_t)(size >> fs->block_shift), &block, &run);
    if (error != 0 || block == 0)
        return error;
    if (e2_blk_is_system(fs, block))
        return -EUCLEAN;
    error = e2_blk_read(fs, block, &p);
    if (error != 0)
        return error;
    memset(p + offset, 0, fs->block_size - offset);
    e2_blk_data(fs, block);
    return 0;
}

int e2_data_cut(struct fs *fs, uint32_t ino, uint64_t size, bool orphan)
{
    struct inode i;
    uint32_t from = (uint32_t)((size + fs->block_size - 1) >> fs->block_shift);
    for (bool first = true;; first = false) {
        int error = e2_tx_begin(fs, 40), more = 0;
        if (error != 0)
            return error;
        error = e2_inode_get(fs, ino, &i);
        if (error == 0 && first) {
            if (!e2_map_is_short(&i) && !orphan && i.d.links > 0)
                error = e2_orphan_add(fs, &i); /* what is cut later, if power fails */
            if (error == 0)
                error = e2_inode_set_size(fs, &i, size);
            e2_inode_touch(fs, &i, T_MTIME | T_CTIME);
            if (error == 0)
                error = zero_tail(fs, &i, size);
            if (error == 0)
                error = e2_inode_put(fs, &i);
        }
        if (error == 0) {
            more = e2_map_cut(fs, &i, from);
            error = more < 0 ? more : 0;
        }
        if (error == 0 && more == 0 && i.d.links > 0)
            error = e2_orphan_remove(fs, &i);
        if (error == 0)
            error = e2_inode_put(fs, &i);
        error = e2_tx_end(fs, error);
        if (error != 0 || more == 0)
            return error;
    }
}

int fs_truncate(struct fs *fs, uint32_t ino, uint64_t size)
{
    struct inode i;
    int error = e2_inode_get(fs, ino, &i);
    if (error == 0 && !is_reg(&i))
        error = is_dir(&i) ? -EISDIR : -EINVAL;
    if (error == 0 && size > e2_map_max_size(fs, true))
        error = -EFBIG;
    if (error != 0)
        return error;
    if (size < e2_inode_size(&i))
        return e2_data_cut(fs, ino, size, false);
    error = e2_tx_begin(fs, 8);
    if (error != 0)
        return error;
    error = e2_inode_get(fs, ino, &i);
    if (error == 0)
        error = zero_tail(fs, &i, e2_inode_size(&i));
    if (error == 0)
        error = e2_inode_set_size(fs, &i, size);
    e2_inode_touch(fs, &i, T_MTIME | T_CTIME);
    if (error == 0)
        error = e2_inode_put(fs, &i);
    return e2_tx_end(fs, error);
}
