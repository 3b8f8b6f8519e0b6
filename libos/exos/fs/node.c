// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * node.c - files by name: opening, making, linking, removing; and what stat, chmod and their kin
 * ask. Each is one transaction; where it fails for want of room what was made is undone in it.
 */
#include "fs_priv.h"

#define MODE_BITS 07777u
#define CREDITS 36u

/* A directory that is not removed already, to be changed. */
static int dir_get(struct fs *fs, uint32_t ino, struct inode *dir)
{
    int error = e2_inode_get(fs, ino, dir);
    if (error == 0 && !is_dir(dir))
        error = -ENOTDIR;
    if (error == 0 && dir->d.links == 0)
        error = -ENOENT;
    return error;
}

/* It never had a name. */
static int unmake(struct fs *fs, struct inode *i, int because)
{
    bool directory = is_dir(i);
    int error = 0;
    if (is_dir(i) || (is_link(i) && !e2_link_is_fast(fs, i)))
        error = e2_map_cut(fs, i, 0);
    i->d.links = 0;
    i->d.size = 0;
    i->d.dtime = (uint32_t)fs_now(fs, NULL);
    if (error == 0)
        error = e2_inode_put(fs, i);
    if (error == 0)
        error = e2_inode_free(fs, i->ino, directory);
    return error != 0 ? error : because;
}

struct make {
    uint32_t mode, rdev;
    const char *target; /* of a symbolic link */
};

static int put_target(struct fs *fs, struct inode *i, const char *target)
{
    size_t n = strlen(target);
    uint32_t block;
    uint8_t *p;
    bool fresh;
    i->d.size = (uint32_t)n;
    if (n < sizeof i->d.block) {
        memcpy(i->d.block, target, n);
        return 0;
    }
    int error = e2_map_make(fs, i, 0, true, &block, &fresh);
    if (error == 0)
        error = e2_blk_zero(fs, block, &p);
    if (error != 0)
        return error;
    memcpy(p, target, n);
    e2_blk_meta(fs, block);
    return 0;
}

static int fill(struct fs *fs, struct inode *i, const struct make *m, uint32_t parent)
{
    i->d.links = is_dir(i) ? 2 : 1;
    if (is_dir(i))
        return e2_dir_make_empty(fs, i, parent);
    if (is_link(i))
        return put_target(fs, i, m->target);
    if (m->rdev != 0)
        i->d.block[0] = m->rdev;
    return 0;
}

/* The name, and one link more of the directory that a directory is made in. */
static int put_name(struct fs *fs, struct inode *dir, const char *name, uint32_t len,
                    const struct inode *i)
{
    if (is_dir(i))
        dir->d.links++;
    int error = e2_dir_add(fs, dir, name, len, i->ino, i->d.mode);
    if (error == -ENOSPC && is_dir(i)) {
        dir->d.links--;
        int put = e2_inode_put(fs, dir);
        error = put != 0 ? put : error;
    }
    return error;
}

static int take_name(struct fs *fs, struct inode *dir, const char *name, uint32_t len,
                     bool directory)
{
    struct dir_place place;
    int error = e2_dir_find(fs, dir, name, len, &place);
    if (error != 0)
        return error;
    if (directory)
        dir->d.links--;
    return e2_dir_remove(fs, dir, &place);
}

/* Without a journal the order matters: e2fsck removes names of inodes that are not there, but asks
 * what to do with inodes that have no name. So names come first. */
static int make_in(struct fs *fs, struct inode *dir, const char *name, uint32_t len,
                   const struct make *m, uint32_t *ino)
{
    struct inode i;
    bool name_first = !fs->journaled;
    if ((m->mode & 0170000) == 0040000 && dir->d.links >= EXT2_LINK_MAX)
        return -EMLINK;
    int error = e2_inode_make(fs, dir->ino, m->mode, &i);
    if (error != 0)
        return error;
    *ino = i.ino;
    if (name_first) {
        error = put_name(fs, dir, name, len, &i);
        if (error != 0)
            return error == -ENOSPC ? unmake(fs, &i, error) : error;
        error = e2_tx_order(fs);
    }
    if (error == 0)
        error = fill(fs, &i, m, dir->ino);
    if (error == 0)
        error = e2_inode_put(fs, &i);
    if (error == 0)
        error = e2_tx_order(fs);
    if (error == 0 && !name_first)
        error = put_name(fs, dir, name, len, &i);
    if (error != -ENOSPC)
        return error;
    int failed = name_first ? take_name(fs, dir, name, len, is_dir(&i)) : 0;
    return failed != 0 ? failed : unmake(fs, &i, error);
}

/* Make what the path, already walked, does not find. */
static int make_at(struct fs *fs, const struct path *p, const struct make *m,
                   uint32_t *ino)
{
    struct inode dir;
    char *name = fs->name;
    memcpy(name, p->name, p->len);
    for (;;) {
        int error = e2_tx_begin(fs, CREDITS);
        if (error != 0)
            return error;
        error = dir_get(fs, p->parent, &dir);
        if (error == 0)
            error = make_in(fs, &dir, name, p->len, m, ino);
        error = e2_tx_end(fs, error);
        if (!e2_tx_retry(fs, error))
            return error;
    }
}

static int make(struct fs *fs, uint32_t at, const char *path, const struct make *m)
{
    struct path p;
    uint32_t ino;
    int error = e2_path_walk(fs, at, path, PATH_NAME, &p);
    if (error != 0)
        return error;
    if (p.ino != 0)
        return -EEXIST;
    if (p.slash && (m->mode & 0170000) != 0040000)
        return -ENOENT;
    return make_at(fs, &p, m, &ino);
}

int fs_mkdir(struct fs *fs, uint32_t at, const char *path, uint32_t mode)
{
    struct make m = {.mode = 0040000 | (mode & MODE_BITS)};
    return make(fs, at, path, &m);
}

int fs_mknod(struct fs *fs, uint32_t at, const char *path, uint32_t mode, uint32_t rdev)
{
    struct make m = {.mode = mode & 0177777, .rdev = rdev};
    uint32_t type = mode & 0170000;
    if (type == 0040000 || type == 0120000)
        return -EINVAL;
    return make(fs, at, path, &m);
}

int fs_symlink(struct fs *fs, const char *target, uint32_t at, const char *path)
{
    struct make m = {.mode = 0120777, .target = target};
    size_t n = strlen(target);
    if (n == 0)
        return -ENOENT;
    if (n >= fs->block_size || n >= FS_PATH)
        return -ENAMETOOLONG;
    return make(fs, at, path, &m);
}

int fs_open(struct fs *fs, uint32_t at, const char *path, struct fs_open *how,
            uint32_t *ino)
{
    struct path p;
    struct inode i;
    bool follow = !how->no_follow && !(how->create && how->exclusive);
    int error = e2_path_walk(fs, at, path, follow ? PATH_FOLLOW : PATH_LINK, &p);
    how->created = false;
    if (how->create && p.slash && error == 0)
        return -EISDIR;
    if (error != 0)
        return error;
    if (p.ino == 0) {
        struct make m = {.mode = 0100000 | (how->mode & MODE_BITS)};
        how->created = true;
        return !how->create ? -ENOENT : p.slash ? -EISDIR : make_at(fs, &p, &m, ino);
    }
    if (how->create && how->exclusive)
        return -EEXIST;
    *ino = p.ino;
    error = e2_inode_get(fs, p.ino, &i);
    if (error != 0)
        return error;
    if (is_link(&i))
        return -ELOOP;
    if (how->directory && !is_dir(&i))
        return -ENOTDIR;
    if (is_dir(&i))
        return how->write || how->create ? -EISDIR : 0;
    if (!is_reg(&i))
        return -ENXIO; /* FIFOs and devices are only names here */
    if (how->write && fs->read_only)
        return -EROFS;
    return how->truncate && e2_inode_size(&i) > 0 ? fs_truncate(fs, p.ino, 0) : 0;
}

int fs_link(struct fs *fs, uint32_t from_at, const char *from, bool follow, uint32_t at,
            const char *path)
{
    struct path p;
    struct inode i, dir;
    uint32_t ino;
    int error = fs_lookup(fs, from_at, from, follow, &ino);
    if (error == 0)
        error = e2_path_walk(fs, at, path, PATH_NAME, &p);
    if (error != 0)
        return error;
    if (p.ino != 0)
        return -EEXIST;
    memcpy(fs->name, p.name, p.len);
    for (;;) {
        error = e2_tx_begin(fs, CREDITS);
        if (error != 0)
            return error;
        error = e2_inode_get(fs, ino, &i);
        if (error == 0)
            error = is_dir(&i)                   ? -EPERM
                    : p.slash                    ? -ENOENT
                    : i.d.links >= EXT2_LINK_MAX ? -EMLINK
                    : i.d.links == 0             ? -ENOENT
                                                 : dir_get(fs, p.parent, &dir);
        if (error == 0) {
            i.d.links++;
            e2_inode_touch(fs, &i, T_CTIME);
            error = e2_inode_put(fs, &i);
        }
        if (error == 0)
            error = e2_tx_order(fs);
        if (error == 0) {
            error = e2_dir_add(fs, &dir, fs->name, p.len, ino, i.d.mode);
            if (error == -ENOSPC) {
                i.d.links--;
                int put = e2_inode_put(fs, &i);
                error = put != 0 ? put : error;
            }
        }
        error = e2_tx_end(fs, error);
        if (!e2_tx_retry(fs, error))
            return error;
    }
}

/* -- removing -- */

/* The inode has lost a name (a directory: all). To be deleted by the caller if it has none. */
static int lose(struct fs *fs, struct inode *i)
{
    i->d.links = is_dir(i) || i->d.links == 0 ? 0 : (uint16_t)(i->d.links - 1);
    e2_inode_touch(fs, i, T_CTIME);
    return i->d.links == 0 ? e2_orphan_add(fs, i) : e2_inode_put(fs, i);
}

static int check_remove(struct fs *fs, const struct path *p, struct inode *dir,
                        struct inode *i, bool directory)
{
    int error = dir_get(fs, p->parent, dir);
    if (error == 0)
        error = e2_inode_get(fs, p->ino, i);
    if (error == 0 && is_dir(i) != directory)
        error = directory ? -ENOTDIR : -EISDIR;
    if (error == 0 && p->slash && !directory)
        error = -ENOTDIR;
    if (error == 0 && i->d.links == 0)
        error = -EUCLEAN;
    if (error == 0 && directory) {
        int empty = e2_dir_is_empty(fs, i);
        error = empty < 0 ? empty : empty ? 0 : -ENOTEMPTY;
    }
    return error;
}

/* As in make_in(): the inode goes before its name. */
static int remove_entry(struct fs *fs, const struct path *p, struct inode *i,
                        bool directory)
{
    struct inode dir;
    int error = check_remove(fs, p, &dir, i, directory);
    if (error == 0)
        error = lose(fs, i);
    if (error == 0)
        error = e2_tx_order(fs);
    if (error != 0)
        return error;
    if (directory && dir.d.links > 2)
        dir.d.links--;
    return e2_dir_remove(fs, &dir, &p->place);
}

static int remove_path(struct fs *fs, const struct path *p, bool directory)
{
    struct inode i;
    int error = e2_tx_begin(fs, CREDITS);
    if (error != 0)
        return error;
    error = e2_tx_end(fs, remove_entry(fs, p, &i, directory));
    if (error == 0 && i.d.links == 0 && !fs_dev_is_open(p->ino))
        error = e2_inode_delete(fs, p->ino);
    return error;
}

int fs_unlink(struct fs *fs, uint32_t at, const char *path)
{
    struct path p;
    int error = e2_path_walk(fs, at, path, PATH_NAME, &p);
    if (error != 0 || p.ino == 0)
        return error != 0 ? error : -ENOENT;
    if (p.len == 0)
        return -EISDIR;
    return remove_path(fs, &p, false);
}

int fs_rmdir(struct fs *fs, uint32_t at, const char *path)
{
    struct path p;
    int error = e2_path_walk(fs, at, path, PATH_NAME, &p);
    if (error != 0 || p.ino == 0)
        return error != 0 ? error : -ENOENT;
    if (p.len == 0)
        return p.ino == EXT2_ROOT_INO && p.name[0] != '.' ? -EBUSY
               : p.name[0] == '.' && p.name[1] == '.'     ? -ENOTEMPTY
                                                          : -EINVAL;
    return remove_path(fs, &p, true);
}

/* -- asking and telling about inodes -- */

static int64_t seconds(const struct ext2_inode *d, uint32_t low, uint32_t extra)
{
    return (int64_t)(int32_t)low + (d->extra_size >= 24 ? (int64_t)(extra & 3) << 32 : 0);
}

static uint32_t nanoseconds(const struct ext2_inode *d, uint32_t extra)
{
    uint32_t ns = d->extra_size >= 24 ? extra >> 2 : 0;
    return ns < 1000000000 ? ns : 0;
}

int fs_stat(struct fs *fs, uint32_t ino, struct fs_stat *st)
{
    struct inode i;
    int error = e2_inode_get(fs, ino, &i);
    if (error != 0)
        return error;
    const struct ext2_inode *d = &i.d;
    bool device = (d->mode & 0170000) == 0020000 || (d->mode & 0170000) == 0060000;
    *st = (struct fs_stat){
        .ino = ino,
        .mode = d->mode,
        .links = d->links,
        .uid = d->uid | (uint32_t)d->uid_high << 16,
        .gid = d->gid | (uint32_t)d->gid_high << 16,
        .rdev = device ? d->block[0] != 0 ? d->block[0] : d->block[1] : 0,
        .generation = d->generation,
        .size = e2_inode_size(&i),
        .sectors = d->sectors,
        .atime = seconds(d, d->atime, d->atime_extra),
        .mtime = seconds(d, d->mtime, d->mtime_extra),
        .ctime = seconds(d, d->ctime, d->ctime_extra),
        .atime_ns = nanoseconds(d, d->atime_extra),
        .mtime_ns = nanoseconds(d, d->mtime_extra),
        .ctime_ns = nanoseconds(d, d->ctime_extra),
    };
    return 0;
}

/* Write the inode back, changed now. */
static int changed(struct fs *fs, struct inode *i)
{
    e2_inode_touch(fs, i, T_CTIME);
    return e2_inode_put(fs, i);
}

int fs_chmod(struct fs *fs, uint32_t ino, uint32_t mode)
{
    struct inode i;
    int error = e2_tx_begin(fs, 4);
    if (error != 0)
        return error;
    error = e2_inode_get(fs, ino, &i);
    if (error == 0) {
        i.d.mode = (uint16_t)((i.d.mode & ~MODE_BITS) | (mode & MODE_BITS));
        error = changed(fs, &i);
    }
    return e2_tx_end(fs, error);
}

int fs_chown(struct fs *fs, uint32_t ino, int64_t uid, int64_t gid)
{
    struct inode i;
    int error = e2_tx_begin(fs, 4);
    if (error != 0)
        return error;
    error = e2_inode_get(fs, ino, &i);
    if (error == 0) {
        if (uid >= 0) {
            i.d.uid = (uint16_t)uid;
            i.d.uid_high = (uint16_t)(uid >> 16);
        }
        if (gid >= 0) {
            i.d.gid = (uint16_t)gid;
            i.d.gid_high = (uint16_t)(gid >> 16);
        }
        error = changed(fs, &i);
    }
    return e2_tx_end(fs, error);
}

static void set_one(struct fs *fs, struct inode *i, unsigned which,
                    const struct fs_time *t)
{
    if (t->ns == FS_TIME_NOW)
        e2_inode_touch(fs, i, which);
    else if (t->ns != FS_TIME_OMIT)
        e2_inode_set_time(fs, i, which, t->sec, (uint32_t)t->ns);
}

int fs_utime(struct fs *fs, uint32_t ino, const struct fs_time *atime,
             const struct fs_time *mtime)
{
    struct inode i;
    int error = e2_tx_begin(fs, 4);
    if (error != 0)
        return error;
    error = e2_inode_get(fs, ino, &i);
    if (error == 0) {
        set_one(fs, &i, T_ATIME, atime);
        set_one(fs, &i, T_MTIME, mtime);
        error = changed(fs, &i);
    }
    return e2_tx_end(fs, error);
}
