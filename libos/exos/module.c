// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * module.c - boot modules (--file NAME=PATH, and the programs), read-only files in the root
 * directory. One is read where it lies: a region of the page map covers all modules.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "vm.h"

static int fail(int error)
{
    errno = error;
    return -1;
}

static bool same_name(const char *module, const char *path)
{
    for (unsigned i = 0; i < EXO_HW_NAME_MAX; i++) {
        if (module[i] != path[i])
            return false;
        if (path[i] == '\0')
            return true;
    }
    return path[EXO_HW_NAME_MAX] == '\0';
}

int file_module(const char *path)
{
    const struct exo_hw_table *t = HWTABLE;
    for (;;) {
        if (path[0] == '/')
            path++;
        else if (path[0] == '.' && path[1] == '/')
            path += 2;
        else
            break;
    }
    if (path[0] == '\0')
        return -1;
    for (unsigned i = 0; i < t->nmodules; i++)
        if (same_name(t->module[i].name, path))
            return (int)i;
    return -1;
}

int file_module_at(int dir, const char *path)
{
    bool from_root = path[0] == '/' || (dir == AT_FDCWD && ME->cwd == 0);
    return from_root ? file_module(path) : -1;
}

const uint8_t *file_bytes(unsigned module)
{
    const struct exo_hw_table *t = HWTABLE;
    uint64_t first = UINT64_MAX;
    for (unsigned i = 0; i < t->nmodules; i++)
        if (t->module[i].size != 0 && t->module[i].pa < first)
            first = t->module[i].pa;
    uint64_t at = t->module[module].pa - first;
    if (at + t->module[module].size > L_EXPORT - L_FILES)
        return NULL;
    return (const uint8_t *)(uintptr_t)(L_FILES + at);
}

int file_frames(int fd, off_t off, size_t len, uint32_t *frame)
{
    const struct ofile *f = file_of(fd);
    if (f == NULL)
        return EBADF;
    if (f->kind != OFILE_MODULE)
        return ENODEV;
    const struct exo_hw_module *m = &HWTABLE->module[f->object];
    uint64_t end = (m->size + PAGE_SIZE - 1) & ~(uint64_t)(PAGE_SIZE - 1);
    if ((uint64_t)off >= end || len > end - (uint64_t)off)
        return ENXIO;
    *frame = (uint32_t)((m->pa + (uint64_t)off) >> PAGE_SHIFT);
    return 0;
}

/* Bind the pages ahead many at a time: one call instead of a fault each. */
static void read_ahead(const struct ofile *f, const uint8_t *from, size_t n)
{
    static uint32_t
        bound[EXO_HW_MAX_MODULES]; /* address up to which this process has them */
    if (exos_mmu == NULL)
        return;
    uint32_t at = PAGE_DOWN((uintptr_t)from), end = PAGE_UP((uintptr_t)from + n);
    if (at < bound[f->object])
        at = bound[f->object];
    if (end <= at)
        return;
    if (end - at > PAGE_SIZE)
        vm_prefetch(at, (end - at) >> PAGE_SHIFT);
    bound[f->object] = end;
}

ssize_t module_read(struct ofile *f, void *buf, size_t n)
{
    const struct exo_hw_module *m = &HWTABLE->module[f->object];
    const uint8_t *bytes = file_bytes(f->object);
    if (bytes == NULL)
        return fail(EFBIG);
    if (f->offset >= m->size)
        return 0;
    if (n > m->size - f->offset)
        n = (size_t)(m->size - f->offset);
    const uint8_t *from = bytes + f->offset;
    read_ahead(f, from, n);
    memcpy(buf, from, n);
    f->offset += n;
    return (ssize_t)n;
}

off_t module_size(unsigned module)
{
    return (off_t)HWTABLE->module[module].size;
}

void module_stat(unsigned module, struct stat *st)
{
    const struct exo_hw_module *m = &HWTABLE->module[module];
    st->st_mode = S_IFREG | (m->kind == EXO_MODULE_FILE ? 0444 : 0555);
    st->st_size = (off_t)m->size;
    st->st_blocks = (blkcnt_t)((m->size + 511) / 512);
    st->st_ino = module + 1u;
}
