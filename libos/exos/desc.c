// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * desc.c - descriptors and open files: the console, boot modules (module.c), ends of pipes
 * (pipe.c), files on the disk (fsys.h), sockets (sock.h). A descriptor names a row of open
 * files; the row has the position and is shared by those that fork and dup gave it to.
 *
 * Inodes and sockets take long to close: their last reference only leaves the row marked, and
 * file_closing() does it where no lock is held.
 */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <unistd.h>

#include "fsys.h"
#include "sock.h"

static int fail(int error)
{
    errno = error;
    return -1;
}

/* -- open files -- */

void ofile_ref(unsigned row)
{
    struct ofile *f = ofile_row(row);
    if (f != NULL)
        f->refs++;
}

static bool closes_later(const struct ofile *f)
{
    return f->kind == OFILE_INODE || f->kind == OFILE_SOCKET;
}

void ofile_put(unsigned row)
{
    struct ofile *f = ofile_row(row);
    if (f == NULL || --f->refs > 0)
        return;
    if (closes_later(f)) {
        session->closing++;
        return;
    }
    if (f->kind == OFILE_PIPE_READ || f->kind == OFILE_PIPE_WRITE)
        pipe_end_closed(f->object, (enum ofile_kind)f->kind);
    f->kind = OFILE_FREE;
}

/* Take a row that is to be closed off the table; false: none that this program can close. */
static bool take_closing(struct ofile *taken)
{
    bool found = false;
    lock_take(&session->lock);
    session_far_join();
    for (unsigned row = 0; row < NOFILE && !found; row++) {
        struct ofile *f = ofile_row(row);
        if (f == NULL)
            break;
        if (f->refs > 0 || !closes_later(f) ||
            (f->kind == OFILE_SOCKET && sock_close == NULL))
            continue;
        *taken = *f;
        f->kind = OFILE_FREE;
        session->closing--;
        found = true;
    }
    lock_drop(&session->lock);
    return found;
}

void file_closing(void)
{
    struct ofile f;
    while (session->closing != 0 && ME->holding == 0 && take_closing(&f)) {
        if (f.kind == OFILE_SOCKET)
            sock_close(f.object);
        else
            fsys_close(f.object);
    }
}

void ofile_set_cwd(unsigned file)
{
    lock_take(&session->lock);
    unsigned old = ME->cwd;
    if (file != 0)
        ofile_ref(file - 1);
    ME->cwd = (uint16_t)file;
    if (old != 0)
        ofile_put(old - 1);
    lock_drop(&session->lock);
    file_closing();
}

/* -- descriptors -- */

struct ofile *file_of(int fd)
{
    unsigned file = fd >= 0 && fd < (int)ME->nfd ? fd_get(SELF->proc, (unsigned)fd) : 0;
    return file != 0 ? ofile_row(file - 1) : NULL;
}

static void set_cloexec(int fd, bool on)
{
    uint32_t *word = fd_cloexec(SELF->proc, (unsigned)fd), bit = 1u << (fd % 32);
    if (word != NULL)
        *word = on ? *word | bit : *word & ~bit;
}

static bool get_cloexec(int fd)
{
    const uint32_t *word = fd_cloexec(SELF->proc, (unsigned)fd);
    return word != NULL && *word >> (fd % 32) & 1;
}

static void set_fd(int fd, unsigned file, bool cloexec)
{
    fd_put(SELF->proc, (unsigned)fd, file);
    if (ME->nfd <= (uint32_t)fd)
        ME->nfd = (uint16_t)(fd + 1);
    set_cloexec(fd, cloexec);
}

static int lowest_free(int from)
{
    for (int fd = from; fd < NFD; fd++) {
        if (fd >= NFD_NEAR && !session_far())
            return fail(ENOMEM);
        if (fd_get(SELF->proc, (unsigned)fd) == 0)
            return fd;
    }
    return fail(EMFILE);
}

/* A free row, NOFILE: none, NOFILE + 1: none of those that are here. The lock is held. */
static unsigned free_row(void)
{
    unsigned row = 0;
    const struct ofile *f;
    while (row < NOFILE && (f = ofile_row(row)) != NULL && f->kind != OFILE_FREE)
        row++;
    return row < NOFILE && ofile_row(row) == NULL ? NOFILE + 1 : row;
}

/* Flags that are for opening only. */
#define OPENING (O_CLOEXEC | O_CREAT | O_EXCL | O_TRUNC | O_NOCTTY)

int file_open(uint8_t kind, uint32_t object, uint32_t flags)
{
    file_closing();
    int fd = lowest_free(0);
    if (fd < 0)
        return -1;
    unsigned row;
    for (;;) {
        lock_take(&session->lock);
        row = free_row();
        if (row < NOFILE) {
            *ofile_row(row) = (struct ofile){.kind = kind,
                                             .refs = 1,
                                             .object = object,
                                             .flags = flags & ~(uint32_t)OPENING};
            set_fd(fd, row + 1, flags & O_CLOEXEC);
        }
        lock_drop(&session->lock);
        if (row != NOFILE + 1)
            return row < NOFILE ? fd : fail(ENFILE);
        if (!session_far())
            return fail(ENOMEM);
    }
}

bool file_is_open(uint8_t kind, uint32_t object)
{
    bool found = false;
    lock_take(&session->lock);
    session_far_join();
    for (unsigned row = 0; row < NOFILE && !found; row++) {
        const struct ofile *f = ofile_row(row);
        if (f == NULL)
            break;
        found = f->kind == kind && f->object == object && f->refs > 0;
    }
    lock_drop(&session->lock);
    return found;
}

/* Does this process still have the pipe open? */
static bool has_pipe(unsigned pipe)
{
    for (int fd = 0; fd < (int)ME->nfd; fd++) {
        const struct ofile *f = file_of(fd);
        if (f != NULL && f->object == pipe &&
            (f->kind == OFILE_PIPE_READ || f->kind == OFILE_PIPE_WRITE))
            return true;
    }
    return false;
}

int close(int fd)
{
    struct ofile *f = file_of(fd);
    if (f == NULL)
        return fail(EBADF);
    bool is_pipe = f->kind == OFILE_PIPE_READ || f->kind == OFILE_PIPE_WRITE;
    unsigned pipe = f->object, row = fd_get(SELF->proc, (unsigned)fd) - 1;
    lock_take(&session->lock);
    fd_put(SELF->proc, (unsigned)fd, 0);
    ofile_put(row);
    lock_drop(&session->lock);
    if (is_pipe && !has_pipe(pipe))
        pipe_unmap(pipe);
    file_closing();
    return 0;
}

void file_exec(void)
{
    for (int fd = 0; fd < (int)ME->nfd; fd++)
        if (get_cloexec(fd) && fd_get(SELF->proc, (unsigned)fd) != 0)
            close(fd);
}

static int duplicate(int fd, int to, bool cloexec)
{
    unsigned file = fd_get(SELF->proc, (unsigned)fd);
    lock_take(&session->lock);
    set_fd(to, file, cloexec);
    ofile_ref(file - 1);
    lock_drop(&session->lock);
    return to;
}

int dup(int fd)
{
    if (file_of(fd) == NULL)
        return fail(EBADF);
    int to = lowest_free(0);
    return to < 0 ? -1 : duplicate(fd, to, false);
}

int dup2(int fd, int to)
{
    if (file_of(fd) == NULL || to < 0 || to >= NFD)
        return fail(EBADF);
    if (fd == to)
        return to;
    if (to >= NFD_NEAR && !session_far())
        return fail(ENOMEM);
    if (file_of(to) != NULL)
        close(to);
    return duplicate(fd, to, false);
}

#define SETTABLE (O_NONBLOCK | O_APPEND)

int fcntl(int fd, int cmd, ...)
{
    va_list ap;
    va_start(ap, cmd);
    int arg = va_arg(ap, int);
    va_end(ap);
    struct ofile *f = file_of(fd);
    if (f == NULL)
        return fail(EBADF);
    switch (cmd) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC: {
        if (arg < 0 || arg >= NFD)
            return fail(EINVAL);
        int to = lowest_free(arg);
        return to < 0 ? -1 : duplicate(fd, to, cmd == F_DUPFD_CLOEXEC);
    }
    case F_GETFD: return get_cloexec(fd) ? FD_CLOEXEC : 0;
    case F_SETFD: set_cloexec(fd, arg & FD_CLOEXEC); return 0;
    case F_GETFL: return (int)f->flags;
    case F_SETFL:
        f->flags = (f->flags & ~(uint32_t)SETTABLE) | ((uint32_t)arg & SETTABLE);
        return 0;
    default: return fail(EINVAL);
    }
}

/* -- what they are good for, by kind -- */

static int open_module(int module, int flags)
{
    if ((flags & O_ACCMODE) != O_RDONLY || flags & O_TRUNC)
        return fail(EROFS);
    if ((flags & O_CREAT) && (flags & O_EXCL))
        return fail(EEXIST);
    if (flags & O_DIRECTORY)
        return fail(ENOTDIR);
    return file_open(OFILE_MODULE, (uint32_t)module, (uint32_t)flags);
}

int openat(int dir, const char *path, int flags, ...)
{
    va_list ap;
    va_start(ap, flags);
    mode_t mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
    va_end(ap);
    uint32_t inode;
    int module = file_module_at(dir, path);
    if (module >= 0)
        return open_module(module, flags);
    if (fsys_open(dir, path, flags, mode, &inode) < 0)
        return -1;
    int fd = file_open(OFILE_INODE, inode, (uint32_t)flags);
    if (fd < 0) {
        int error = errno;
        fsys_close(inode);
        errno = error;
    }
    return fd;
}

int open(const char *path, int flags, ...)
{
    va_list ap;
    va_start(ap, flags);
    mode_t mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
    va_end(ap);
    return openat(AT_FDCWD, path, flags, mode);
}

int creat(const char *path, mode_t mode)
{
    return open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

/* The open file, unless its access mode is `refused` or n too much: NULL and errno. */
static struct ofile *for_data(int fd, uint32_t refused, size_t n)
{
    struct ofile *f = file_of(fd);
    bool bad = f == NULL || (f->flags & O_ACCMODE) == refused;
    if (!bad && n <= SSIZE_MAX)
        return f;
    errno = bad ? EBADF : EINVAL;
    return NULL;
}

ssize_t read(int fd, void *buf, size_t n)
{
    struct ofile *f = for_data(fd, O_WRONLY, n);
    if (f == NULL || n == 0)
        return f == NULL ? -1 : 0;
    switch (f->kind) {
    case OFILE_MODULE: return module_read(f, buf, n);
    case OFILE_CONSOLE: return console_read(buf, n, f->flags);
    case OFILE_INODE: return fsys_read(f, buf, n);
    case OFILE_SOCKET:
        return sock_read != NULL ? sock_read(f->object, buf, n, f->flags) : fail(ENOSYS);
    default: return pipe_read(f->object, buf, n, f->flags);
    }
}

ssize_t write(int fd, const void *buf, size_t n)
{
    struct ofile *f = for_data(fd, O_RDONLY, n);
    if (f == NULL || n == 0)
        return f == NULL ? -1 : 0;
    switch (f->kind) {
    case OFILE_CONSOLE: return console_write(buf, n);
    case OFILE_INODE: return fsys_write(f, buf, n);
    case OFILE_SOCKET:
        return sock_write != NULL ? sock_write(f->object, buf, n, f->flags)
                                  : fail(ENOSYS);
    default: return pipe_write(f->object, buf, n, f->flags);
    }
}

off_t lseek(int fd, off_t off, int whence)
{
    struct ofile *f = file_of(fd);
    if (f == NULL)
        return fail(EBADF);
    if (f->kind != OFILE_MODULE && f->kind != OFILE_INODE)
        return fail(ESPIPE);
    if (whence != SEEK_SET && whence != SEEK_CUR && whence != SEEK_END)
        return fail(EINVAL);
    int64_t base = whence == SEEK_CUR ? (int64_t)f->offset : 0, at;
    if (whence == SEEK_END)
        base = f->kind == OFILE_MODULE ? module_size(f->object) : fsys_size(f->object);
    if (base < 0)
        return -1;
    if (__builtin_add_overflow(base, off, &at))
        return fail(EOVERFLOW);
    if (at < 0)
        return fail(EINVAL);
    f->offset = (uint64_t)at;
    return at;
}

int fstat(int fd, struct stat *st)
{
    const struct ofile *f = file_of(fd);
    if (f == NULL)
        return fail(EBADF);
    if (f->kind == OFILE_INODE)
        return fsys_stat(f->object, st);
    *st = (struct stat){.st_nlink = 1, .st_blksize = 4096, .st_dev = f->kind};
    switch (f->kind) {
    case OFILE_MODULE: module_stat(f->object, st); break;
    case OFILE_CONSOLE: st->st_mode = S_IFCHR | 0600; break;
    case OFILE_SOCKET: return sock_stat != NULL ? sock_stat(f->object, st) : fail(ENOSYS);
    default:
        st->st_mode = S_IFIFO | 0600;
        st->st_ino = f->object + 1u;
        break;
    }
    return 0;
}

int isatty(int fd)
{
    errno = file_of(fd) == NULL ? EBADF : ENOTTY;
    return 0;
}
