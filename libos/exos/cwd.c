// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cwd.c - the working directory: a reference to a row of open files, so that the directory stays
 * while somebody is there, names or not. The root needs none.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "fsys.h"

static int fail(int error)
{
    errno = error;
    return -1;
}

int fchdir(int fd)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return -1;
    if (!S_ISDIR(st.st_mode))
        return fail(ENOTDIR);
    ofile_set_cwd(st.st_ino == FS_ROOT ? 0 : fd_get(SELF->proc, (unsigned)fd));
    return 0;
}

int chdir(const char *path)
{
    if (strcmp(path, "/") == 0) {
        ofile_set_cwd(0);
        return 0;
    }
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    int r = fchdir(fd);
    close(fd);
    return r;
}

/* From the working directory up, names put before each other at the end of the buffer. */
static int climb(struct fs *fs, uint32_t ino, char *buf, size_t size, size_t *start)
{
    struct fs_entry e;
    for (unsigned depth = 0; ino != FS_ROOT; depth++) {
        uint32_t parent;
        int error = depth < 1024 ? fs_name_of(fs, ino, &parent, &e) : -ELOOP;
        if (error != 0)
            return error;
        if (*start < e.len + 1u)
            return -ERANGE;
        *start -= e.len;
        memcpy(buf + *start, e.name, e.len);
        buf[--*start] = '/';
        ino = parent;
    }
    if (buf[*start] == '\0') {
        if (*start == 0)
            return -ERANGE;
        buf[--*start] = '/';
    }
    (void)size;
    return 0;
}

char *getcwd(char *buf, size_t size)
{
    uint32_t ino;
    char text[4096];
    size_t start = sizeof text - 1;
    text[start] = '\0';
    if (buf == NULL || size < 2) {
        errno = buf == NULL || size == 0 ? EINVAL : ERANGE;
        return NULL;
    }
    fsys_at(AT_FDCWD, &ino);
    if (ino == FS_ROOT)
        return strcpy(buf, "/");
    struct fs *fs = fsys_enter();
    if (fs == NULL || fsys_leave(climb(fs, ino, text, sizeof text, &start)) < 0)
        return NULL;
    if (sizeof text - start > size) {
        errno = ERANGE;
        return NULL;
    }
    return memcpy(buf, text + start, sizeof text - start);
}
