// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * inode.c - inodes: where they are, their sizes and times, making them; and orphans, inodes without
 * names that are open or being freed: a list from the superblock through their dtime, so that
 * after a power cut they go too.
 */
#include "fs_priv.h"

static int place(struct fs *fs, uint32_t ino, uint32_t *block, uint32_t *offset)
{
    struct place d;
    if (ino == 0 || ino > fs->ninodes)
        return -EUCLEAN;
    uint32_t g = (ino - 1) / fs->inodes_per_group;
    int error = e2_group_place(fs, g, &d);
    if (error != 0)
        return error;
    uint32_t at = (ino - 1 - g * fs->inodes_per_group) * fs->inode_size;
    *block = d.inode_table + (at >> fs->block_shift);
    *offset = at & (fs->block_size - 1);
    return 0;
}

static uint32_t stored(const struct fs *fs)
{
    return fs->inode_size >= sizeof(struct ext2_inode)
               ? (uint32_t)sizeof(struct ext2_inode)
               : EXT2_INODE_OLD;
}

int e2_inode_get(struct fs *fs, uint32_t ino, struct inode *i)
{
    uint32_t block, offset;
    uint8_t *p;
    int error = place(fs, ino, &block, &offset);
    if (error == 0)
        error = e2_blk_read(fs, block, &p);
    if (error != 0)
        return error;
    i->ino = ino;
    memcpy(&i->d, p + offset, stored(fs));
    if (stored(fs) == EXT2_INODE_OLD)
        memset((uint8_t *)&i->d + EXT2_INODE_OLD, 0, sizeof i->d - EXT2_INODE_OLD);
    return 0;
}

int e2_inode_put(struct fs *fs, const struct inode *i)
{
    uint32_t block, offset;
    uint8_t *p;
    int error = place(fs, i->ino, &block, &offset);
    if (error == 0)
        error = e2_blk_read(fs, block, &p);
    if (error != 0)
        return error;
    memcpy(p + offset, &i->d, stored(fs));
    e2_blk_meta(fs, block);
    return 0;
}

uint64_t e2_inode_size(const struct inode *i)
{
    return is_reg(i) ? (uint64_t)i->d.size_high << 32 | i->d.size : i->d.size;
}

int e2_inode_set_size(struct fs *fs, struct inode *i, uint64_t size)
{
    i->d.size = (uint32_t)size;
    if (!is_reg(i))
        return 0;
    i->d.size_high = (uint32_t)(size >> 32);
    if (size <= INT32_MAX || fs->ro_compat & EXT2_RO_LARGE_FILE)
        return 0;
    struct ext2_super *sb;
    int error = e2_super_get(fs, &sb);
    if (error != 0)
        return error;
    sb->feature_ro_compat |= EXT2_RO_LARGE_FILE;
    fs->ro_compat |= EXT2_RO_LARGE_FILE;
    e2_super_changed(fs);
    return 0;
}

/* Seconds beyond 32 bits (two more) and nanoseconds, where the inode has room. */
static bool has_extra(const struct inode *i)
{
    return i->d.extra_size >= 24;
}

void e2_inode_set_time(struct fs *fs, struct inode *i, unsigned which, int64_t sec,
                       uint32_t ns)
{
    (void)fs;
    uint32_t low = (uint32_t)sec;
    uint32_t extra = (uint32_t)((sec - (int32_t)low) >> 32 & 3) | ns << 2;
    if (!has_extra(i))
        extra = 0;
    if (which & T_ATIME) {
        i->d.atime = low;
        i->d.atime_extra = has_extra(i) ? extra : i->d.atime_extra;
    }
    if (which & T_MTIME) {
        i->d.mtime = low;
        i->d.mtime_extra = has_extra(i) ? extra : i->d.mtime_extra;
    }
    if (which & T_CTIME) {
        i->d.ctime = low;
        i->d.ctime_extra = has_extra(i) ? extra : i->d.ctime_extra;
    }
}

void e2_inode_touch(struct fs *fs, struct inode *i, unsigned times)
{
    uint32_t ns;
    int64_t now = fs_now(fs, &ns);
    e2_inode_set_time(fs, i, times, now, ns);
}

int e2_inode_make(struct fs *fs, uint32_t parent, uint32_t mode, struct inode *i)
{
    uint32_t block, offset, ino;
    uint8_t *p;
    int error = e2_inode_alloc(fs, parent, (mode & 0170000) == 0040000, &ino);
    if (error == 0)
        error = place(fs, ino, &block, &offset);
    if (error == 0)
        error = e2_blk_read(fs, block, &p);
    if (error != 0)
        return error;
    uint32_t generation =
        ((const struct ext2_inode *)(const void *)(p + offset))->generation;
    memset(p + offset, 0, fs->inode_size);
    memset(i, 0, sizeof *i);
    i->ino = ino;
    i->d.mode = (uint16_t)mode;
    i->d.generation = generation + 1;
    if (stored(fs) > EXT2_INODE_OLD)
        i->d.extra_size = sizeof(struct ext2_inode) - EXT2_INODE_OLD;
    e2_inode_touch(fs, i, T_ATIME | T_MTIME | T_CTIME);
    i->d.crtime = i->d.ctime;
    i->d.crtime_extra = i->d.ctime_extra;
    return e2_inode_put(fs, i);
}

/* -- orphans -- */

int e2_orphan_add(struct fs *fs, struct inode *i)
{
    struct ext2_super *sb;
    int error = e2_super_get(fs, &sb);
    if (error != 0)
        return error;
    i->d.dtime = sb->last_orphan;
    sb->last_orphan = i->ino;
    e2_super_changed(fs);
    return e2_inode_put(fs, i);
}

/* The inode itself is changed, not put. Not on the list: nothing happens. */
int e2_orphan_remove(struct fs *fs, struct inode *i)
{
    struct ext2_super *sb;
    struct inode other;
    int error = e2_super_get(fs, &sb);
    if (error != 0)
        return error;
    if (sb->last_orphan == i->ino) {
        sb->last_orphan = i->d.dtime;
        e2_super_changed(fs);
        i->d.dtime = 0;
        return 0;
    }
    uint32_t ino = sb->last_orphan;
    for (uint32_t n = 0; ino != 0 && n < fs->ninodes; n++) {
        error = e2_inode_get(fs, ino, &other);
        if (error != 0)
            return error;
        if (other.d.dtime == i->ino) {
            other.d.dtime = i->d.dtime;
            i->d.dtime = 0;
            return e2_inode_put(fs, &other);
        }
        ino = other.d.dtime;
    }
    return 0;
}

/* What attributes are outside of the inode goes, or loses a user. */
static int drop_attributes(struct fs *fs, struct inode *i)
{
    uint8_t *p;
    uint32_t block = i->d.file_acl;
    if (block == 0)
        return 0;
    if (e2_blk_is_system(fs, block))
        return -EUCLEAN;
    int error = e2_blk_read(fs, block, &p);
    if (error != 0)
        return error;
    struct ext2_xattr *x = (struct ext2_xattr *)(void *)p;
    if (x->magic != EXT2_XATTR_MAGIC)
        return -EUCLEAN;
    i->d.file_acl = 0;
    if (x->refs <= 1)
        return e2_block_free(fs, block, 1, true);
    x->refs--;
    e2_blk_meta(fs, block);
    return 0;
}

static int finish_delete(struct fs *fs, struct inode *i)
{
    int error = e2_orphan_remove(fs, i);
    if (error == 0)
        error = drop_attributes(fs, i);
    if (error != 0)
        return error;
    bool directory = is_dir(i);
    i->d.size = i->d.size_high = i->d.sectors = 0;
    i->d.dtime = (uint32_t)fs_now(fs, NULL);
    error = e2_inode_put(fs, i);
    if (error == 0)
        error = e2_tx_order(fs);
    return error != 0 ? error : e2_inode_free(fs, i->ino, directory);
}

/* Its text is where block numbers are else. */
bool e2_link_is_fast(const struct fs *fs, const struct inode *i)
{
    uint32_t attributes = i->d.file_acl != 0 ? fs->block_size / 512 : 0;
    return i->d.sectors <= attributes && i->d.size < sizeof i->d.block;
}

static bool has_blocks(const struct fs *fs, const struct inode *i)
{
    return is_reg(i) || is_dir(i) || (is_link(i) && !e2_link_is_fast(fs, i));
}

int e2_inode_delete(struct fs *fs, uint32_t ino)
{
    struct inode i;
    for (;;) {
        int error = e2_tx_begin(fs, 32), more = 0;
        if (error != 0)
            return error;
        error = e2_inode_get(fs, ino, &i);
        if (error == 0 && i.d.links != 0)
            error = -EUCLEAN;
        if (error == 0 && has_blocks(fs, &i)) {
            more = e2_map_cut(fs, &i, 0);
            error = more < 0 ? more : e2_inode_put(fs, &i);
        }
        if (error == 0 && more == 0)
            error = finish_delete(fs, &i);
        error = e2_tx_end(fs, error);
        if (error != 0 || more == 0)
            return error;
    }
}

int fs_forget(struct fs *fs, uint32_t ino)
{
    struct inode i;
    if (!fs->mounted || fs->read_only || fs->broken != 0)
        return 0;
    int error = e2_inode_get(fs, ino, &i);
    if (error != 0 || i.d.links != 0 || i.d.mode == 0 || fs_dev_is_open(ino))
        return error;
    return e2_inode_delete(fs, ino);
}

int e2_orphans_at_mount(struct fs *fs)
{
    struct ext2_super *sb;
    struct inode i;
    int error = e2_super_get(fs, &sb);
    if (error != 0)
        return error;
    uint32_t ino = sb->last_orphan;
    for (uint32_t n = 0; ino != 0; n++) {
        error = n < fs->ninodes && ino >= fs->first_ino ? e2_inode_get(fs, ino, &i)
                                                        : -EUCLEAN;
        if (error == 0 && i.d.links == 0 && i.d.mode == 0)
            error = -EUCLEAN;
        if (error != 0)
            break;
        uint32_t following = i.d.dtime;
        if (i.d.links != 0)
            error = e2_data_cut(fs, ino, e2_inode_size(&i), true);
        else if (!fs_dev_is_open(ino))
            error = e2_inode_delete(fs, ino);
        if (error != 0)
            break;
        ino = following;
    }
    if (error == -EUCLEAN) {
        fs_dev_say("the list of deleted files is damaged, run e2fsck: mounted read-only");
        fs->read_only = true;
        error = 0;
    }
    return error;
}
