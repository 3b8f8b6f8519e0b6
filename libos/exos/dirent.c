// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dirent.c - reading directories, several entries at a time. The root directory of a machine without
 * a file system holds the boot modules; with one, readdir tells what is on the disk.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "fsys.h"

#define AT_ONCE 16

struct exos_dir {
    int fd;        /* -1: the boot modules */
    uint64_t next; /* position behind what is buffered; of modules the next one */
    unsigned have, taken;
    struct {
        uint32_t ino;
        uint8_t type;
        uint64_t behind;
        char name[256];
    } entry[AT_ONCE];
    struct dirent out;
};

static DIR *new_dir(int fd)
{
    DIR *d = calloc(1, sizeof *d);
    if (d == NULL)
        errno = ENOMEM;
    else
        d->fd = fd;
    return d;
}

DIR *fdopendir(int fd)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return NULL;
    if (!S_ISDIR(st.st_mode)) {
        errno = ENOTDIR;
        return NULL;
    }
    return new_dir(fd);
}

DIR *opendir(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT && ME->cwd == 0 && file_is_root(path))
        return new_dir(-1);
    if (fd < 0)
        return NULL;
    DIR *d = new_dir(fd);
    if (d == NULL)
        close(fd);
    return d;
}

static int fill(DIR *d)
{
    const struct ofile *f = file_of(d->fd);
    struct fs_entry e;
    int r = 1;
    if (f == NULL || f->kind != OFILE_INODE) {
        errno = EBADF;
        return -1;
    }
    struct fs *fs = fsys_enter();
    if (fs == NULL)
        return -1;
    d->have = d->taken = 0;
    while (d->have < AT_ONCE && (r = fs_readdir(fs, f->object, &d->next, &e)) == 1) {
        d->entry[d->have].ino = e.ino;
        d->entry[d->have].type = e.type;
        d->entry[d->have].behind = d->next;
        memcpy(d->entry[d->have++].name, e.name, e.len + 1u);
    }
    return fsys_leave(r);
}

static uint8_t type_of(uint8_t type)
{
    static const uint8_t types[8] = {DT_UNKNOWN, DT_REG,  DT_DIR,  DT_CHR,
                                     DT_BLK,     DT_FIFO, DT_SOCK, DT_LNK};
    return types[type & 7];
}

static struct dirent *next_module(DIR *d)
{
    const struct exo_hw_table *t = HWTABLE;
    if (d->next >= t->nmodules)
        return NULL;
    const struct exo_hw_module *m = &t->module[d->next++];
    d->out.d_ino = d->next;
    d->out.d_off = (off_t)d->next;
    d->out.d_type = DT_REG;
    memcpy(d->out.d_name, m->name, EXO_HW_NAME_MAX);
    d->out.d_name[EXO_HW_NAME_MAX] = '\0';
    d->out.d_reclen = sizeof d->out;
    return &d->out;
}

struct dirent *readdir(DIR *d)
{
    if (d->fd < 0)
        return next_module(d);
    if (d->taken == d->have && fill(d) < 0)
        return NULL;
    if (d->taken == d->have)
        return NULL;
    unsigned i = d->taken++;
    d->out.d_ino = d->entry[i].ino;
    d->out.d_off = (off_t)d->entry[i].behind;
    d->out.d_reclen = sizeof d->out;
    d->out.d_type = type_of(d->entry[i].type);
    strcpy(d->out.d_name, d->entry[i].name);
    return &d->out;
}

void seekdir(DIR *d, long pos)
{
    d->have = d->taken = 0;
    d->next = (uint64_t)pos;
}

void rewinddir(DIR *d)
{
    seekdir(d, 0);
}

long telldir(DIR *d)
{
    if (d->taken == d->have || d->fd < 0)
        return (long)d->next;
    return d->taken > 0 ? (long)d->entry[d->taken - 1].behind : 0;
}

int dirfd(DIR *d)
{
    if (d->fd < 0)
        errno = ENOTSUP;
    return d->fd;
}

int closedir(DIR *d)
{
    int r = d->fd >= 0 ? close(d->fd) : 0;
    free(d);
    return r;
}

int alphasort(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* A copy of *e at the end of the list; false: no memory. */
static bool append(struct dirent ***list, int *n, int *room, const struct dirent *e)
{
    if (*n == *room) {
        int wider = *room * 2 + 16;
        struct dirent **more = realloc(*list, (size_t)wider * sizeof **list);
        if (more == NULL)
            return false;
        *list = more;
        *room = wider;
    }
    struct dirent *copy = malloc(sizeof *e);
    if (copy == NULL)
        return false;
    *copy = *e;
    (*list)[(*n)++] = copy;
    return true;
}

typedef int (*compare_any)(const void *, const void *);

int scandir(const char *path, struct dirent ***result,
            int (*select)(const struct dirent *),
            int (*compare)(const struct dirent **, const struct dirent **))
{
    DIR *d = opendir(path);
    struct dirent **list = NULL;
    int n = 0, room = 0;
    if (d == NULL)
        return -1;
    int before = errno, error;
    errno = 0;
    for (const struct dirent *e; (e = readdir(d)) != NULL; errno = 0)
        if ((select == NULL || select(e)) && !append(&list, &n, &room, e)) {
            errno = ENOMEM;
            break;
        }
    error = errno;
    closedir(d);
    errno = error != 0 ? error : before;
    if (error != 0) {
        while (n > 0)
            free(list[--n]);
        free(list);
        return -1;
    }
    if (compare != NULL && n > 1)
        qsort(list, (size_t)n, sizeof *list, (compare_any)(void *)compare);
    *result = list;
    return n;
}
