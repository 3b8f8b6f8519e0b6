// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * path.c - from a path to an inode. The path is walked in a copy, fs->path[]; a symbolic link puts
 * its text before what is left of it.
 */
#include "fs_priv.h"

#define LINKS_MAX 40

int64_t fs_readlink(struct fs *fs, uint32_t ino, char *buf, size_t n)
{
    struct inode i;
    uint8_t *p;
    uint32_t block, run = 1;
    int error = e2_inode_get(fs, ino, &i);
    if (error != 0 || !is_link(&i))
        return error != 0 ? error : -EINVAL;
    if (i.d.size >= fs->block_size && i.d.size > FS_PATH)
        return -EUCLEAN;
    n = n < i.d.size ? n : i.d.size;
    if (e2_link_is_fast(fs, &i)) {
        memcpy(buf, i.d.block, n);
        return (int64_t)n;
    }
    error = e2_map_find(fs, &i, 0, &block, &run);
    if (error == 0)
        error = block != 0 && i.d.size < fs->block_size ? e2_blk_read(fs, block, &p)
                                                        : -EUCLEAN;
    if (error != 0)
        return error;
    memcpy(buf, p, n);
    return (int64_t)n;
}

struct walk {
    struct fs *fs;
    char *rest; /* what is left, in fs->path[which] */
    unsigned which, links;
    uint32_t dir; /* where we are */
};

/* The link's text before what is left of the path. */
static int splice(struct walk *w, uint32_t ino)
{
    char *to = w->fs->path[!w->which];
    size_t left = strlen(w->rest);
    if (++w->links > LINKS_MAX)
        return -ELOOP;
    int64_t n = fs_readlink(w->fs, ino, to, FS_PATH - 1);
    if (n <= 0)
        return n < 0 ? (int)n : -ENOENT;
    if ((size_t)n + left + 1 > FS_PATH)
        return -ENAMETOOLONG;
    if (memchr(to, '\0', (size_t)n) != NULL)
        return -EUCLEAN;
    memcpy(to + n, w->rest, left + 1);
    if (to[0] == '/')
        w->dir = EXT2_ROOT_INO;
    w->rest = to;
    w->which = !w->which;
    return 0;
}

static bool is_dots(const struct path *p)
{
    return p->name[0] == '.' && (p->len == 1 || (p->len == 2 && p->name[1] == '.'));
}

/* Look the part up in w->dir; with `place` also where its entry is. */
static int step(struct walk *w, struct path *p, bool place)
{
    struct inode dir;
    p->parent = w->dir;
    p->ino = place ? 0 : e2_known_find(w->fs, w->dir, p->name, p->len, &p->place.type);
    if (p->ino != 0)
        return 0;
    int error = e2_inode_get(w->fs, w->dir, &dir);
    if (error == 0 && !is_dir(&dir))
        error = -ENOTDIR;
    if (error != 0)
        return error;
    error = e2_dir_find(w->fs, &dir, p->name, p->len, &p->place);
    if (error != 0)
        return error == -ENOENT ? 0 : error;
    p->ino = p->place.ino;
    if (!is_dots(p))
        e2_known_add(w->fs, w->dir, p->name, p->len, p->ino, p->place.type);
    return 0;
}

/* Is it a symbolic link? The entry says so where it has a type. */
static int links_on(struct fs *fs, const struct path *p)
{
    struct inode i;
    bool typed = fs->incompat & EXT2_INCOMPAT_FILETYPE;
    if (typed && (p->place.type == EXT2_T_REG || p->place.type == EXT2_T_DIR))
        return p->ino <= fs->ninodes ? 0 : -EUCLEAN;
    int error = e2_inode_get(fs, p->ino, &i);
    return error != 0 ? error : is_link(&i);
}

/* Cut the next part off the rest. false: there is none. */
static bool next_part(struct walk *w, struct path *p)
{
    while (*w->rest == '/')
        w->rest++;
    p->name = w->rest;
    while (*w->rest != '/' && *w->rest != '\0')
        w->rest++;
    p->len = (uint32_t)(w->rest - p->name);
    p->slash = *w->rest == '/';
    return p->len > 0;
}

static bool is_last(const struct walk *w)
{
    const char *s = w->rest;
    while (*s == '/')
        s++;
    return *s == '\0';
}

static int at_end(struct walk *w, struct path *p)
{
    struct inode i;
    if (!p->slash || p->ino == 0)
        return 0;
    int error = e2_inode_get(w->fs, p->ino, &i);
    return error != 0 ? error : is_dir(&i) ? 0 : -ENOTDIR;
}

int e2_path_walk(struct fs *fs, uint32_t at, const char *path, enum path_end end,
                 struct path *p)
{
    struct walk w = {.fs = fs, .dir = path[0] == '/' ? EXT2_ROOT_INO : at};
    size_t n = strlen(path);
    if (n == 0 || n >= FS_PATH)
        return n == 0 ? -ENOENT : -ENAMETOOLONG;
    memcpy(fs->path[0], path, n + 1);
    w.rest = fs->path[0];
    *p = (struct path){.parent = w.dir, .ino = w.dir};
    while (next_part(&w, p)) {
        if (p->len > EXT2_NAME_MAX)
            return -ENAMETOOLONG;
        bool last = is_last(&w);
        int error = step(&w, p, last && end == PATH_NAME);
        if (error != 0)
            return error;
        if (p->ino == 0)
            return last ? 0 : -ENOENT;
        if (last && is_dots(p))
            p->len = 0;
        int link = links_on(fs, p);
        if (link < 0)
            return link;
        if (link && (!last || end == PATH_FOLLOW || (end == PATH_LINK && p->slash))) {
            error = splice(&w, p->ino);
            if (error != 0)
                return error;
            p->ino = w.dir;
            p->parent = w.dir;
            continue;
        }
        if (last)
            return end == PATH_NAME ? 0 : at_end(&w, p);
        w.dir = p->ino;
    }
    p->len = 0; /* only slashes were left: the root, or where a link led */
    p->ino = w.dir;
    return 0;
}

int fs_lookup(struct fs *fs, uint32_t at, const char *path, bool follow, uint32_t *ino)
{
    struct path p;
    int error = e2_path_walk(fs, at, path, follow ? PATH_FOLLOW : PATH_LINK, &p);
    if (error == 0 && p.ino == 0)
        error = -ENOENT;
    *ino = p.ino;
    return error;
}
