// SPDX-License-Identifier: GPL-2.0-or-later
/* fopen.c - opening, closing and positioning files. */
#include "file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* open() flags of an fopen mode, or -1 with errno. */
static int mode_flags(const char *mode)
{
    int flags;

    switch (mode[0]) {
    case 'r': flags = O_RDONLY; break;
    case 'w': flags = O_WRONLY | O_CREAT | O_TRUNC; break;
    case 'a': flags = O_WRONLY | O_CREAT | O_APPEND; break;
    default: errno = EINVAL; return -1;
    }
    for (mode++; *mode; mode++) {
        if (*mode == '+')
            flags = (flags & ~O_ACCMODE) | O_RDWR;
        else if (*mode == 'x')
            flags |= O_EXCL;
        else if (*mode == 'e')
            flags |= O_CLOEXEC;
    }
    return flags;
}

static void set_up(FILE *f, int fd, int flags)
{
    f->fd = fd;
    f->readable = (flags & O_ACCMODE) != O_WRONLY;
    f->writable = (flags & O_ACCMODE) != O_RDONLY;
    f->append = (flags & O_APPEND) != 0;
    f->eof = f->error = false;
    f->decided = false;
    f->rpos = f->rend = f->wpos = NULL;
}

static FILE *new_file(int fd, int flags)
{
    FILE *f = calloc(1, sizeof *f);

    if (!f)
        return NULL;
    set_up(f, fd, flags);
    f->own_file = true;
    f->next = file_list;
    file_list = f;
    return f;
}

FILE *fdopen(int fd, const char *mode)
{
    int flags = mode_flags(mode);
    int now = flags < 0 ? -1 : fcntl(fd, F_GETFL);

    if (now < 0)
        return NULL;
    if ((flags & O_APPEND) && !(now & O_APPEND))
        fcntl(fd, F_SETFL, now | O_APPEND);
    return new_file(fd, flags);
}

FILE *fopen(const char *path, const char *mode)
{
    int flags = mode_flags(mode);
    int fd = flags < 0 ? -1 : open(path, flags, 0666);

    if (fd < 0)
        return NULL;
    FILE *f = new_file(fd, flags);
    if (!f) {
        close(fd);
        errno = ENOMEM;
    }
    return f;
}

FILE *tmpfile(void)
{
    static unsigned number;
    char name[L_tmpnam];

    for (unsigned tries = 0; tries < 1000; tries++) {
        snprintf(name, sizeof name, "/.tmp-%d-%u", (int)getpid(), number++);
        int fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd < 0 && errno == EEXIST)
            continue;
        if (fd < 0)
            return NULL;
        unlink(name);
        FILE *f = new_file(fd, O_RDWR);
        if (!f)
            close(fd);
        return f;
    }
    errno = EEXIST;
    return NULL;
}

/* The descriptor is closed, the struct stays for fclose(). */
static FILE *lost(FILE *f)
{
    int error = errno;

    if (f->fd >= 0)
        close(f->fd);
    set_up(f, -1, 0);
    f->readable = false;
    errno = error;
    return NULL;
}

FILE *freopen(const char *path, const char *mode, FILE *f)
{
    fflush(f);
    int flags = mode_flags(mode);
    if (flags < 0)
        return lost(f);
    if (!path) {
        errno = ENOSYS;
        return NULL;
    }
    int fd = open(path, flags, 0666), want = f->fd;
    if (fd < 0)
        return lost(f);
    if (want >= 0 && fd != want) {
        int moved = dup2(fd, want);
        close(fd);
        if (moved < 0)
            return NULL;
        fd = want;
    }
    set_up(f, fd, flags);
    return f;
}

int fclose(FILE *f)
{
    int result = file_flush(f);

    if (f->rend && f->rpos != f->rend)
        lseek(f->fd, f->rpos - f->rend, SEEK_CUR);
    if (close(f->fd))
        result = EOF;
    if (f->own_buffer)
        free(f->base);
    f->own_buffer = false;
    f->base = NULL;
    f->rpos = f->rend = f->wpos = NULL;
    f->readable = f->writable = false;
    f->fd = -1;
    if (!f->own_file)
        return result;
    for (FILE **at = &file_list; *at; at = &(*at)->next) {
        if (*at == f) {
            *at = f->next;
            break;
        }
    }
    free(f);
    return result;
}

int fseeko(FILE *f, off_t off, int whence)
{
    if (file_flush(f))
        return -1;
    if (whence == SEEK_CUR && f->rend)
        off -= f->rend - f->rpos;
    if (lseek(f->fd, off, whence) < 0)
        return -1;
    f->rpos = f->rend = f->wpos = NULL;
    f->eof = false;
    return 0;
}

off_t ftello(FILE *f)
{
    off_t at = lseek(f->fd, 0, f->append && f->wpos ? SEEK_END : SEEK_CUR);

    if (at < 0)
        return -1;
    return f->rend ? at - (f->rend - f->rpos) : f->wpos ? at + (f->wpos - f->buf) : at;
}

int fseek(FILE *f, long off, int whence)
{
    return fseeko(f, off, whence);
}

long ftell(FILE *f)
{
    off_t at = ftello(f);

    if (at > __LONG_MAX__) {
        errno = EOVERFLOW;
        return -1;
    }
    return (long)at;
}

void rewind(FILE *f)
{
    fseeko(f, 0, SEEK_SET);
    f->error = false;
}

int fgetpos(FILE *f, fpos_t *pos)
{
    *pos = ftello(f);
    return *pos < 0 ? -1 : 0;
}

int fsetpos(FILE *f, const fpos_t *pos)
{
    return fseeko(f, *pos, SEEK_SET);
}

int fileno(FILE *f)
{
    if (f->fd < 0) {
        errno = EBADF;
        return -1;
    }
    return f->fd;
}

int feof(FILE *f)
{
    return f->eof;
}

int ferror(FILE *f)
{
    return f->error;
}

void clearerr(FILE *f)
{
    f->eof = f->error = false;
}
