// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dir.c - directories: blocks full of entries, each as long as it says; a free one has inode 0 or
 * is slack at the end of the one before it. Searched from the beginning. A hash tree looks like
 * free entries to who does not know it: it is left alone by reading, and the first entry added
 * clears the flag that says that it is one.
 */
#include "fs_priv.h"

/* Entry at `offset` of a directory block if it can be one. */
static struct ext2_dirent *entry_at(const struct fs *fs, uint8_t *p, uint32_t offset)
{
    struct ext2_dirent *e = (struct ext2_dirent *)(void *)(p + offset);
    if (offset + 8 > fs->block_size || e->rec_len < 8 || e->rec_len % 4 != 0 ||
        e->rec_len > fs->block_size - offset)
        return NULL;
    if (e->inode != 0 &&
        (e->name_len == 0 || e->name_len + 8u > e->rec_len || e->inode > fs->ninodes))
        return NULL;
    return e;
}

/* The directory's block number `at`; *block 0: a hole. */
static int dir_block(struct fs *fs, const struct inode *dir, uint32_t at, uint32_t *block,
                     uint8_t **p)
{
    uint32_t run = FS_BATCH;
    int error = e2_map_find(fs, dir, at, block, &run);
    if (error != 0 || *block == 0)
        return error;
    if (run > 1 && !e2_blk_cached(fs, *block))
        e2_blk_prefetch(fs, *block, run);
    return e2_blk_read(fs, *block, p);
}

static uint32_t dir_blocks(const struct fs *fs, const struct inode *dir)
{
    return dir->d.size >> fs->block_shift;
}

/* Where in the block the name is, or block_size; -EUCLEAN. Most entries differ in length or in their
 * last character. */
static int find_in(const struct fs *fs, uint8_t *p, const char *name, uint32_t len,
                   struct dir_place *place)
{
    char last = name[len - 1];
    uint32_t size = fs->block_size;
    place->before = 0;
    for (uint32_t offset = 0; offset + 8 <= size;) {
        const struct ext2_dirent *e =
            (const struct ext2_dirent *)(const void *)(p + offset);
        uint32_t length = e->rec_len;
        if (length < 8 || length % 4 != 0 || length > size - offset)
            return -EUCLEAN;
        if (e->name_len == len && e->inode != 0 && len + 8 <= length &&
            e->name[len - 1] == last && memcmp(e->name, name, len) == 0) {
            if (entry_at(fs, p, offset) == NULL)
                return -EUCLEAN;
            place->offset = offset;
            place->ino = e->inode;
            place->type = e->type;
            return 1;
        }
        place->before = offset;
        offset += length;
    }
    return 0;
}

int e2_dir_find(struct fs *fs, const struct inode *dir, const char *name, uint32_t len,
                struct dir_place *place)
{
    for (uint32_t at = 0; at < dir_blocks(fs, dir); at++) {
        uint8_t *p;
        int error = dir_block(fs, dir, at, &place->block, &p);
        if (error != 0)
            return error;
        if (place->block == 0)
            continue;
        int found = find_in(fs, p, name, len, place);
        if (found != 0)
            return found < 0 ? found : 0;
    }
    return -ENOENT;
}

static uint8_t type_of(const struct fs *fs, uint32_t mode)
{
    static const uint8_t types[16] = {
        [1] = EXT2_T_FIFO, [2] = EXT2_T_CHR,  [4] = EXT2_T_DIR,  [6] = EXT2_T_BLK,
        [8] = EXT2_T_REG,  [10] = EXT2_T_LNK, [12] = EXT2_T_SOCK};
    return fs->incompat & EXT2_INCOMPAT_FILETYPE ? types[mode >> 12 & 15] : 0;
}

static void fill_entry(const struct fs *fs, struct ext2_dirent *e, const char *name,
                       uint32_t len, uint32_t ino, uint32_t mode)
{
    e->inode = ino;
    e->name_len = (uint8_t)len;
    e->type = type_of(fs, mode);
    memcpy(e->name, name, len);
}

/* Room for an entry in this block: put there. 1: done. */
static int add_in(struct fs *fs, uint8_t *p, const char *name, uint32_t len, uint32_t ino,
                  uint32_t mode)
{
    uint32_t need = EXT2_DIRENT(len);
    for (uint32_t offset = 0; offset < fs->block_size;) {
        struct ext2_dirent *e = entry_at(fs, p, offset);
        if (e == NULL)
            return -EUCLEAN;
        uint32_t taken = e->inode != 0 ? EXT2_DIRENT(e->name_len) : 0;
        if (e->rec_len < taken + need) {
            offset += e->rec_len;
            continue;
        }
        if (taken > 0) {
            struct ext2_dirent *slack =
                (struct ext2_dirent *)(void *)(p + offset + taken);
            slack->rec_len = (uint16_t)(e->rec_len - taken);
            e->rec_len = (uint16_t)taken;
            e = slack;
        }
        fill_entry(fs, e, name, len, ino, mode);
        return 1;
    }
    return 0;
}

/* A block more, with this entry. */
static int grow(struct fs *fs, struct inode *dir, const char *name, uint32_t len,
                uint32_t ino, uint32_t mode)
{
    uint32_t block;
    uint8_t *p;
    bool fresh;
    if (dir->d.size + (uint64_t)fs->block_size > e2_map_max_size(fs, false))
        return -ENOSPC;
    int error = e2_map_make(fs, dir, dir_blocks(fs, dir), true, &block, &fresh);
    if (error == 0)
        error = e2_blk_zero(fs, block, &p);
    if (error == 0) {
        struct ext2_dirent *e = (struct ext2_dirent *)(void *)p;
        e->rec_len = (uint16_t)fs->block_size;
        fill_entry(fs, e, name, len, ino, mode);
        e2_blk_meta(fs, block);
        dir->d.size += fs->block_size;
        error = e2_tx_order(fs); /* before the inode shows it */
    }
    int put = error == 0 || error == -ENOSPC ? e2_inode_put(fs, dir) : 0;
    return error != 0 ? error : put;
}

int e2_dir_add(struct fs *fs, struct inode *dir, const char *name, uint32_t len,
               uint32_t ino, uint32_t mode)
{
    dir->d.flags &= ~EXT2_FLAG_INDEX;
    e2_inode_touch(fs, dir, T_MTIME | T_CTIME);
    for (uint32_t at = fs->room_dir == dir->ino ? fs->room_at : 0;
         at < dir_blocks(fs, dir); at++) {
        uint32_t block;
        uint8_t *p;
        int error = dir_block(fs, dir, at, &block, &p);
        if (error != 0)
            return error;
        if (block == 0)
            continue;
        int added = add_in(fs, p, name, len, ino, mode);
        if (added < 0)
            return added;
        if (added > 0) {
            fs->room_dir = dir->ino;
            fs->room_at = at;
            e2_blk_meta(fs, block);
            return e2_inode_put(fs, dir);
        }
    }
    return grow(fs, dir, name, len, ino, mode);
}

int e2_dir_remove(struct fs *fs, struct inode *dir, const struct dir_place *place)
{
    uint8_t *p;
    int error = e2_blk_read(fs, place->block, &p);
    if (error != 0)
        return error;
    struct ext2_dirent *e = (struct ext2_dirent *)(void *)(p + place->offset);
    e2_known_drop(fs, dir->ino, e->name, e->name_len);
    fs->room_dir = 0;
    if (place->offset != 0) {
        struct ext2_dirent *before = (struct ext2_dirent *)(void *)(p + place->before);
        before->rec_len = (uint16_t)(before->rec_len + e->rec_len);
    }
    e->inode = 0;
    e2_blk_meta(fs, place->block);
    e2_inode_touch(fs, dir, T_MTIME | T_CTIME);
    return e2_inode_put(fs, dir);
}

int e2_dir_replace(struct fs *fs, struct inode *dir, const struct dir_place *place,
                   uint32_t ino, uint32_t mode)
{
    uint8_t *p;
    int error = e2_blk_read(fs, place->block, &p);
    if (error != 0)
        return error;
    struct ext2_dirent *e = (struct ext2_dirent *)(void *)(p + place->offset);
    e2_known_drop(fs, dir->ino, e->name, e->name_len);
    e->inode = ino;
    e->type = type_of(fs, mode);
    e2_blk_meta(fs, place->block);
    e2_inode_touch(fs, dir, T_MTIME | T_CTIME);
    return e2_inode_put(fs, dir);
}

int e2_dir_make_empty(struct fs *fs, struct inode *dir, uint32_t parent)
{
    uint32_t block;
    uint8_t *p;
    bool fresh;
    int error = e2_map_make(fs, dir, 0, true, &block, &fresh);
    if (error == 0)
        error = e2_blk_zero(fs, block, &p);
    if (error != 0)
        return error;
    struct ext2_dirent *self = (struct ext2_dirent *)(void *)p;
    self->rec_len = EXT2_DIRENT(1);
    fill_entry(fs, self, ".", 1, dir->ino, dir->d.mode);
    struct ext2_dirent *up = (struct ext2_dirent *)(void *)(p + EXT2_DIRENT(1));
    up->rec_len = (uint16_t)(fs->block_size - EXT2_DIRENT(1));
    fill_entry(fs, up, "..", 2, parent, dir->d.mode);
    e2_blk_meta(fs, block);
    dir->d.size = fs->block_size;
    return e2_tx_order(fs); /* before the inode shows it */
}

static bool is_dots(const struct ext2_dirent *e)
{
    return e->name[0] == '.' &&
           (e->name_len == 1 || (e->name_len == 2 && e->name[1] == '.'));
}

int e2_dir_is_empty(struct fs *fs, const struct inode *dir)
{
    for (uint32_t at = 0; at < dir_blocks(fs, dir); at++) {
        uint32_t block;
        uint8_t *p;
        int error = dir_block(fs, dir, at, &block, &p);
        if (error != 0)
            return error;
        for (uint32_t offset = 0; block != 0 && offset < fs->block_size;) {
            const struct ext2_dirent *e = entry_at(fs, p, offset);
            if (e == NULL)
                return -EUCLEAN;
            if (e->inode != 0 && !is_dots(e))
                return 0;
            offset += e->rec_len;
        }
    }
    return 1;
}

/* -- for who reads it -- */

static void tell(const struct ext2_dirent *e, const struct fs *fs, struct fs_entry *entry)
{
    entry->ino = e->inode;
    entry->type =
        fs->incompat & EXT2_INCOMPAT_FILETYPE && e->type <= EXT2_T_LNK ? e->type : 0;
    entry->len = e->name_len;
    memcpy(entry->name, e->name, e->name_len);
    entry->name[e->name_len] = '\0';
}

int fs_readdir(struct fs *fs, uint32_t ino, uint64_t *pos, struct fs_entry *entry)
{
    struct inode dir;
    int error = e2_inode_get(fs, ino, &dir);
    if (error == 0 && !is_dir(&dir))
        error = -ENOTDIR;
    if (error != 0)
        return error;
    for (uint32_t at = (uint32_t)(*pos >> fs->block_shift); at < dir_blocks(fs, &dir);
         at++) {
        uint32_t block;
        uint8_t *p;
        uint64_t start = (uint64_t)at << fs->block_shift;
        error = dir_block(fs, &dir, at, &block, &p);
        if (error != 0)
            return error;
        for (uint32_t offset = 0; block != 0 && offset < fs->block_size;) {
            const struct ext2_dirent *e = entry_at(fs, p, offset);
            if (e == NULL)
                return -EUCLEAN;
            if (start + offset >= *pos && e->inode != 0) {
                tell(e, fs, entry);
                *pos = start + offset + e->rec_len;
                return 1;
            }
            offset += e->rec_len;
        }
        *pos = start + fs->block_size;
    }
    return 0;
}

int fs_name_of(struct fs *fs, uint32_t ino, uint32_t *parent, struct fs_entry *entry)
{
    struct inode dir;
    struct dir_place up;
    int error = e2_inode_get(fs, ino, &dir);
    if (error == 0)
        error = is_dir(&dir) && dir.d.links > 0 ? e2_dir_find(fs, &dir, "..", 2, &up)
                                                : -ENOENT;
    if (error != 0)
        return error;
    *parent = up.ino;
    for (uint64_t pos = 0;;) {
        error = fs_readdir(fs, up.ino, &pos, entry);
        if (error <= 0)
            return error < 0 ? error : -ENOENT;
        bool dots = entry->name[0] == '.' &&
                    (entry->len == 1 || (entry->len == 2 && entry->name[1] == '.'));
        if (entry->ino == ino && !dots)
            return 0;
    }
}
