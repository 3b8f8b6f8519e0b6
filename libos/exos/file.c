// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * file.c - descriptors and open files. Three kinds of things can be open: the console, boot
 * modules (--file NAME=PATH, and the programs; read-only) and ends of pipes.
 *
 * A boot module is read where it lies: one region of the page map covers all modules.
 */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "signal_priv.h"
#include "vm.h"

static int fail(int error)
{
    errno = error;
    return -1;
}

/* -- boot modules -- */

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

static ssize_t module_read(struct ofile *f, void *buf, size_t n)
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

/* -- console -- */

static ssize_t console_write(const char *bytes, size_t n)
{
    size_t done = 0;
    while (done < n) {
        size_t part = n - done > EXO_IO_MAX ? EXO_IO_MAX : n - done;
        exo_sword r = exo_console_write((exo_word)(bytes + done), part);
        if (r < 0)
            return done > 0 ? (ssize_t)done : fail(EFAULT);
        done += (size_t)r;
    }
    return (ssize_t)done;
}

/* There is no predicate for input: look again every POLL_CYCLES. */
#define POLL_CYCLES 20000

static ssize_t console_read(char *bytes, size_t n, uint32_t flags)
{
    if (n > EXO_IO_MAX)
        n = EXO_IO_MAX;
    for (;;) {
        exo_sword r = exo_console_read((exo_word)bytes, n);
        if (r >= 0)
            return r;
        if (r != -EXO_EAGAIN)
            return fail(EFAULT);
        if (flags & O_NONBLOCK)
            return fail(EAGAIN);
        struct exo_pred pred[2] = {{EXO_PRED_TIME, 0, 0, exo_time64() + POLL_CYCLES}};
        proc_sleep(pred, 1);
        if (signal_poll())
            return fail(EINTR);
    }
}

/* -- open files -- */

void ofile_ref(unsigned row)
{
    session->ofile[row].refs++;
}

void ofile_put(unsigned row)
{
    struct ofile *f = &session->ofile[row];
    if (--f->refs > 0)
        return;
    if (f->kind == OFILE_PIPE_READ || f->kind == OFILE_PIPE_WRITE)
        pipe_end_closed(f->object, (enum ofile_kind)f->kind);
    f->kind = OFILE_FREE;
}

struct ofile *file_of(int fd)
{
    if (fd < 0 || fd >= NFD || ME->fd[fd] == 0)
        return NULL;
    return &session->ofile[ME->fd[fd] - 1];
}

static void set_cloexec(int fd, bool on)
{
    uint32_t *word = &ME->cloexec[fd / 32], bit = 1u << (fd % 32);
    *word = on ? *word | bit : *word & ~bit;
}

static bool get_cloexec(int fd)
{
    return ME->cloexec[fd / 32] >> (fd % 32) & 1;
}

static void set_fd(int fd, uint8_t file, bool cloexec)
{
    ME->fd[fd] = file;
    if (ME->nfd <= (uint32_t)fd)
        ME->nfd = (uint32_t)fd + 1;
    set_cloexec(fd, cloexec);
}

static int lowest_free(int from)
{
    for (int fd = from; fd < NFD; fd++)
        if (ME->fd[fd] == 0)
            return fd;
    return fail(EMFILE);
}

int file_open(uint8_t kind, uint8_t object, uint32_t flags)
{
    int fd = lowest_free(0);
    if (fd < 0)
        return -1;
    lock_take(&session->lock);
    unsigned row = 0;
    while (row < NOFILE && session->ofile[row].kind != OFILE_FREE)
        row++;
    if (row < NOFILE) {
        session->ofile[row] =
            (struct ofile){kind, object, 1, flags & ~(uint32_t)O_CLOEXEC, 0};
        set_fd(fd, (uint8_t)(row + 1), flags & O_CLOEXEC);
    }
    lock_drop(&session->lock);
    return row < NOFILE ? fd : fail(ENFILE);
}

/* Does this process still have the pipe open? */
static bool has_pipe(unsigned pipe)
{
    for (int fd = 0; fd < NFD; fd++) {
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
    unsigned pipe = f->object, row = ME->fd[fd] - 1u;
    lock_take(&session->lock);
    ME->fd[fd] = 0;
    ofile_put(row);
    lock_drop(&session->lock);
    if (is_pipe && !has_pipe(pipe))
        pipe_unmap(pipe);
    return 0;
}

void file_exec(void)
{
    for (int fd = 0; fd < NFD; fd++)
        if (get_cloexec(fd) && ME->fd[fd] != 0)
            close(fd);
}

static int duplicate(int fd, int to, bool cloexec)
{
    lock_take(&session->lock);
    set_fd(to, ME->fd[fd], cloexec);
    ofile_ref(ME->fd[fd] - 1u);
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
    if (file_of(to) != NULL)
        close(to);
    return duplicate(fd, to, false);
}

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
        f->flags = (f->flags & ~(uint32_t)O_NONBLOCK) | ((uint32_t)arg & O_NONBLOCK);
        return 0;
    default: return fail(EINVAL);
    }
}

int open(const char *path, int flags, ...)
{
    int module = file_module(path);
    if (module < 0)
        return fail(flags & O_CREAT ? EROFS : ENOENT);
    if ((flags & O_ACCMODE) != O_RDONLY || flags & O_TRUNC)
        return fail(EROFS);
    if ((flags & O_CREAT) && (flags & O_EXCL))
        return fail(EEXIST);
    if (flags & O_DIRECTORY)
        return fail(ENOTDIR);
    return file_open(OFILE_MODULE, (uint8_t)module, (uint32_t)flags);
}

ssize_t read(int fd, void *buf, size_t n)
{
    struct ofile *f = file_of(fd);
    if (f == NULL || (f->flags & O_ACCMODE) == O_WRONLY)
        return fail(EBADF);
    if (n > SSIZE_MAX)
        return fail(EINVAL);
    if (n == 0)
        return 0;
    switch (f->kind) {
    case OFILE_MODULE: return module_read(f, buf, n);
    case OFILE_CONSOLE: return console_read(buf, n, f->flags);
    default: return pipe_read(f->object, buf, n, f->flags);
    }
}

ssize_t write(int fd, const void *buf, size_t n)
{
    const struct ofile *f = file_of(fd);
    if (f == NULL || (f->flags & O_ACCMODE) == O_RDONLY)
        return fail(EBADF);
    if (n > SSIZE_MAX)
        return fail(EINVAL);
    if (n == 0)
        return 0;
    if (f->kind == OFILE_CONSOLE)
        return console_write(buf, n);
    return pipe_write(f->object, buf, n, f->flags);
}

off_t lseek(int fd, off_t off, int whence)
{
    struct ofile *f = file_of(fd);
    if (f == NULL)
        return fail(EBADF);
    if (f->kind != OFILE_MODULE)
        return fail(ESPIPE);
    int64_t base = whence == SEEK_SET   ? 0
                   : whence == SEEK_CUR ? (int64_t)f->offset
                                        : (int64_t)HWTABLE->module[f->object].size;
    if (whence != SEEK_SET && whence != SEEK_CUR && whence != SEEK_END)
        return fail(EINVAL);
    int64_t at;
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
    *st = (struct stat){.st_nlink = 1, .st_blksize = 4096};
    switch (f->kind) {
    case OFILE_MODULE: {
        const struct exo_hw_module *m = &HWTABLE->module[f->object];
        st->st_mode = S_IFREG | (m->kind == EXO_MODULE_FILE ? 0444 : 0555);
        st->st_size = (off_t)m->size;
        st->st_blocks = (blkcnt_t)((m->size + 511) / 512);
        st->st_ino = f->object + 1u;
        break;
    }
    case OFILE_CONSOLE: st->st_mode = S_IFCHR | 0600; break;
    default:
        st->st_mode = S_IFIFO | 0600;
        st->st_ino = f->object + 1u;
        break;
    }
    st->st_dev = f->kind;
    return 0;
}

/* The console is a byte stream: there is no line discipline behind it. */
int isatty(int fd)
{
    if (file_of(fd) == NULL)
        return fail(EBADF);
    errno = ENOTTY;
    return 0;
}
