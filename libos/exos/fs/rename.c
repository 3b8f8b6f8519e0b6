// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rename.c - a file gets another name, perhaps another's, whose inode loses it. A directory that
 * moves to another one names that as its "..", and may not move below itself.
 */
#include "fs_priv.h"

#define CREDITS 44u
#define DEPTH_MAX 4096u

struct move {
    struct path from, to;
    struct inode i, over; /* what moves; what had the name, ino 0: nothing */
    struct inode from_dir, to_dir;
    bool same_dir;
};

/* Is `dir` the inode `top` or below it? */
static int is_below(struct fs *fs, uint32_t dir, uint32_t top)
{
    struct inode i;
    struct dir_place up;
    for (uint32_t depth = 0; depth < DEPTH_MAX; depth++) {
        if (dir == top || dir == EXT2_ROOT_INO)
            return dir == top;
        int error = e2_inode_get(fs, dir, &i);
        if (error == 0 && !is_dir(&i))
            error = -EUCLEAN;
        if (error == 0)
            error = e2_dir_find(fs, &i, "..", 2, &up);
        if (error != 0)
            return error == -ENOENT ? -EUCLEAN : error;
        dir = up.ino;
    }
    return -EUCLEAN;
}

static int check_over(struct fs *fs, struct move *m)
{
    if (is_dir(&m->i) && !is_dir(&m->over))
        return -ENOTDIR;
    if (!is_dir(&m->i) && is_dir(&m->over))
        return -EISDIR;
    if (m->over.d.links == 0)
        return -EUCLEAN;
    if (!is_dir(&m->over))
        return 0;
    int empty = e2_dir_is_empty(fs, &m->over);
    return empty < 0 ? empty : empty ? 0 : -ENOTEMPTY;
}

/* What must hold before anything changes. */
static int check(struct fs *fs, struct move *m)
{
    int error = e2_inode_get(fs, m->from.ino, &m->i);
    if (error == 0)
        error = e2_inode_get(fs, m->from.parent, &m->from_dir);
    if (error == 0)
        error = e2_inode_get(fs, m->to.parent, &m->to_dir);
    if (error != 0)
        return error;
    if (!is_dir(&m->to_dir) || (!is_dir(&m->i) && (m->to.slash || m->from.slash)))
        return -ENOTDIR;
    if (m->to_dir.d.links == 0)
        return -ENOENT;
    m->same_dir = m->from.parent == m->to.parent;
    if (is_dir(&m->i) && !m->same_dir) {
        int below = is_below(fs, m->to.parent, m->from.ino);
        if (below != 0)
            return below < 0 ? below : -EINVAL;
        if (m->to.ino == 0 && m->to_dir.d.links >= EXT2_LINK_MAX)
            return -EMLINK;
    }
    m->over.ino = 0;
    if (m->to.ino == 0)
        return 0;
    error = e2_inode_get(fs, m->to.ino, &m->over);
    return error != 0 ? error : check_over(fs, m);
}

static int move_up(struct fs *fs, struct move *m)
{
    struct dir_place up;
    int error = e2_dir_find(fs, &m->i, "..", 2, &up);
    if (error == 0)
        error = e2_dir_replace(fs, &m->i, &up, m->to.parent, m->to_dir.d.mode);
    return error == -ENOENT ? -EUCLEAN : error;
}

/* The new name, in place of another's or in free space. */
static int put_name(struct fs *fs, struct move *m, const char *name)
{
    struct inode *dir = m->same_dir ? &m->from_dir : &m->to_dir;
    bool moves_in = is_dir(&m->i) && !m->same_dir;
    if (m->over.ino != 0 && is_dir(&m->over) && dir->d.links > 2)
        dir->d.links--;
    if (moves_in)
        dir->d.links++;
    if (m->over.ino != 0)
        return e2_dir_replace(fs, dir, &m->to.place, m->i.ino, m->i.d.mode);
    int error = e2_dir_add(fs, dir, name, m->to.len, m->i.ino, m->i.d.mode);
    if (error == -ENOSPC && moves_in) {
        dir->d.links--;
        int put = e2_inode_put(fs, dir);
        error = put != 0 ? put : error;
    }
    return error;
}

/* What had the name loses it: before the name is another's, see make_in(). */
static int lose_over(struct fs *fs, struct move *m)
{
    if (m->over.ino == 0)
        return 0;
    m->over.d.links = is_dir(&m->over) ? 0 : (uint16_t)(m->over.d.links - 1);
    e2_inode_touch(fs, &m->over, T_CTIME);
    int error =
        m->over.d.links == 0 ? e2_orphan_add(fs, &m->over) : e2_inode_put(fs, &m->over);
    return error != 0 ? error : e2_tx_order(fs);
}

static int change(struct fs *fs, struct move *m, const char *from, const char *to)
{
    struct dir_place old;
    int error = lose_over(fs, m);
    if (error == 0)
        error = put_name(fs, m, to);
    if (error == 0)
        error = e2_tx_order(fs);
    if (error == 0)
        error = e2_dir_find(fs, &m->from_dir, from, m->from.len, &old);
    if (error != 0)
        return error == -ENOENT ? -EUCLEAN : error;
    if (is_dir(&m->i) && !m->same_dir && m->from_dir.d.links > 2)
        m->from_dir.d.links--;
    error = e2_dir_remove(fs, &m->from_dir, &old);
    if (error == 0 && is_dir(&m->i) && !m->same_dir)
        error = move_up(fs, m);
    e2_inode_touch(fs, &m->i, T_CTIME);
    return error != 0 ? error : e2_inode_put(fs, &m->i);
}

static int walk_both(struct fs *fs, struct move *m, uint32_t from_at, const char *from,
                     uint32_t to_at, const char *to)
{
    int error = e2_path_walk(fs, from_at, from, PATH_NAME, &m->from);
    if (error != 0 || m->from.ino == 0)
        return error != 0 ? error : -ENOENT;
    memcpy(fs->name, m->from.name, m->from.len);
    error = e2_path_walk(fs, to_at, to, PATH_NAME, &m->to);
    if (error != 0)
        return error;
    return m->from.len == 0 || m->to.len == 0 ? -EBUSY : 0;
}

int fs_rename(struct fs *fs, uint32_t from_at, const char *from, uint32_t to_at,
              const char *to)
{
    struct move m;
    char *new_name = (char *)fs->path[0];
    int error = walk_both(fs, &m, from_at, from, to_at, to);
    if (error != 0)
        return error;
    memmove(new_name, m.to.name, m.to.len);
    if (m.from.ino == m.to.ino)
        return 0;
    do {
        error = e2_tx_begin(fs, CREDITS);
        if (error != 0)
            return error;
        error = check(fs, &m);
        if (error == 0)
            error = change(fs, &m, fs->name, new_name);
        error = e2_tx_end(fs, error);
    } while (e2_tx_retry(fs, error));
    if (error == 0 && m.over.ino != 0 && m.over.d.links == 0 &&
        !fs_dev_is_open(m.over.ino))
        error = e2_inode_delete(fs, m.over.ino);
    return error;
}
