// SPDX-License-Identifier: GPL-2.0-or-later
/* fsys_file.c - open files on the disk: what descriptors and positions are for. See fsys.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#include "area.h"
#include "file.h"
#include "fsys.h"
#include "vm.h"

#define PIECE (1u << 20) /* bytes moved with the lock held */

static int fail(int error)
{
    errno = error;
    return -1;
}

void fsys_close(uint32_t inode)
{
    if (!session_live_user(session->area[AREA_FS].users, NPROC))
        return; /* not mounted: if it has no names, the next mount finds that */
    struct fs *fs = fsys_enter();
    if (fs != NULL)
        fsys_leave(fs_forget(fs, inode));
}

static ssize_t read_at(uint32_t inode, uint64_t at, void *buf, size_t n, uint32_t *hint)
{
    size_t done = 0;
    while (done < n) {
        size_t part = n - done < PIECE ? n - done : PIECE;
        if (vm_touch((uint8_t *)buf + done, part, EXO_W) != 0)
            return done > 0 ? (ssize_t)done : fail(EFAULT);
        struct fs *fs = fsys_enter();
        if (fs == NULL)
            return -1;
        int r = fsys_leave(
            (int)fs_read(fs, inode, at + done, (uint8_t *)buf + done, part, hint));
        if (r <= 0)
            return done > 0 ? (ssize_t)done : r;
        done += (size_t)r;
        if ((size_t)r < part)
            break;
    }
    return (ssize_t)done;
}

ssize_t fsys_read(struct ofile *f, void *buf, size_t n)
{
    ssize_t r = read_at(f->object, f->offset, buf, n, &f->hint);
    if (r > 0)
        f->offset += (uint64_t)r;
    return r;
}

/* at NULL: at the end; else it is moved. */
static int64_t write_piece(struct fs *fs, uint32_t inode, uint64_t *at, bool append,
                           const void *buf, size_t n)
{
    struct fs_stat st;
    if (append) {
        int error = fs_stat(fs, inode, &st);
        if (error != 0)
            return error;
        *at = st.size;
    }
    int64_t r = fs_write(fs, inode, *at, buf, n);
    if (r > 0)
        *at += (uint64_t)r;
    return r;
}

static ssize_t write_at(const struct ofile *f, uint64_t *at, const void *buf, size_t n)
{
    size_t done = 0;
    bool append = f->flags & O_APPEND, sync = f->flags & O_DSYNC;
    while (done < n) {
        size_t part = n - done < PIECE ? n - done : PIECE;
        if (vm_touch((const uint8_t *)buf + done, part, EXO_R) != 0)
            return done > 0 ? (ssize_t)done : fail(EFAULT);
        struct fs *fs = fsys_enter();
        if (fs == NULL)
            return -1;
        int64_t w =
            write_piece(fs, f->object, at, append, (const uint8_t *)buf + done, part);
        if (w > 0 && sync) {
            int error = fs_sync(fs);
            w = error != 0 ? error : w;
        }
        int r = fsys_leave((int)w);
        if (r <= 0)
            return done > 0 ? (ssize_t)done : r;
        done += (size_t)r;
        if ((size_t)r < part)
            break;
    }
    return (ssize_t)done;
}

ssize_t fsys_write(struct ofile *f, const void *buf, size_t n)
{
    uint64_t at = f->offset;
    ssize_t r = write_at(f, &at, buf, n);
    if (r > 0)
        f->offset = at;
    return r;
}

off_t fsys_size(uint32_t inode)
{
    struct fs_stat st;
    struct fs *fs = fsys_enter();
    if (fs == NULL || fsys_leave(fs_stat(fs, inode, &st)) < 0)
        return -1;
    return (off_t)st.size;
}

void fsys_tell(const struct fs_stat *from, struct stat *st)
{
    *st = (struct stat){
        .st_dev = OFILE_INODE,
        .st_ino = from->ino,
        .st_mode = from->mode,
        .st_nlink = from->links,
        .st_uid = from->uid,
        .st_gid = from->gid,
        .st_rdev = from->rdev,
        .st_size = (off_t)from->size,
        .st_blksize = 4096,
        .st_blocks = (blkcnt_t)from->sectors,
        .st_atim = {from->atime, (long)from->atime_ns},
        .st_mtim = {from->mtime, (long)from->mtime_ns},
        .st_ctim = {from->ctime, (long)from->ctime_ns},
    };
}

int fsys_stat(uint32_t inode, struct stat *st)
{
    struct fs_stat from;
    struct fs *fs = fsys_enter();
    if (fs == NULL || fsys_leave(fs_stat(fs, inode, &from)) < 0)
        return -1;
    fsys_tell(&from, st);
    return 0;
}

/* -- what POSIX has more of -- */

/* The open file on the disk, or NULL and errno. */
static struct ofile *on_disk(int fd, bool write, int other)
{
    struct ofile *f = file_of(fd);
    int mode = f != NULL ? (int)(f->flags & O_ACCMODE) : 0;
    if (f == NULL || (write ? mode == O_RDONLY : mode == O_WRONLY)) {
        errno = EBADF;
        return NULL;
    }
    if (f->kind == OFILE_INODE)
        return f;
    errno = other;
    return NULL;
}

ssize_t pread(int fd, void *buf, size_t n, off_t off)
{
    struct ofile *f = file_of(fd);
    uint32_t hint = 0;
    if (off < 0 || n > SSIZE_MAX)
        return fail(EINVAL);
    if (f != NULL && f->kind == OFILE_MODULE) {
        struct ofile copy = *f;
        copy.offset = (uint64_t)off;
        return module_read(&copy, buf, n);
    }
    f = on_disk(fd, false, ESPIPE);
    return f != NULL ? read_at(f->object, (uint64_t)off, buf, n, &hint) : -1;
}

ssize_t pwrite(int fd, const void *buf, size_t n, off_t off)
{
    uint64_t at = (uint64_t)off;
    const struct ofile *f = on_disk(fd, true, ESPIPE);
    if (f == NULL)
        return -1;
    if (off < 0 || n > SSIZE_MAX)
        return fail(EINVAL);
    return write_at(f, &at, buf, n);
}

static ssize_t vector(int fd, const struct iovec *iov, int n, bool out)
{
    ssize_t done = 0;
    if (n < 0 || n > IOV_MAX)
        return fail(EINVAL);
    for (int i = 0; i < n; i++) {
        if (iov[i].iov_len == 0)
            continue;
        ssize_t r = out ? write(fd, iov[i].iov_base, iov[i].iov_len)
                        : read(fd, iov[i].iov_base, iov[i].iov_len);
        if (r < 0)
            return done > 0 ? done : r;
        done += r;
        if ((size_t)r < iov[i].iov_len)
            break;
    }
    return done;
}

ssize_t readv(int fd, const struct iovec *iov, int n)
{
    return vector(fd, iov, n, false);
}

ssize_t writev(int fd, const struct iovec *iov, int n)
{
    return vector(fd, iov, n, true);
}

int ftruncate(int fd, off_t size)
{
    const struct ofile *f = on_disk(fd, true, EINVAL);
    if (f == NULL || size < 0)
        return f == NULL ? -1 : fail(EINVAL);
    struct fs *fs = fsys_enter();
    return fs != NULL ? fsys_leave(fs_truncate(fs, f->object, (uint64_t)size)) : -1;
}

int fsync(int fd)
{
    const struct ofile *f = file_of(fd);
    if (f == NULL || f->kind != OFILE_INODE)
        return fail(f == NULL ? EBADF : f->kind == OFILE_MODULE ? EROFS : EINVAL);
    struct fs *fs = fsys_enter();
    return fs != NULL ? fsys_leave(fs_sync(fs)) : -1;
}

int fdatasync(int fd)
{
    return fsync(fd);
}

void sync(void)
{
    int before = errno;
    struct fs *fs = fsys_enter();
    if (fs != NULL)
        fsys_leave(fs_sync(fs));
    errno = before;
}

int fchmod(int fd, mode_t mode)
{
    const struct ofile *f = file_of(fd);
    if (f == NULL || f->kind != OFILE_INODE)
        return fail(f == NULL ? EBADF : EINVAL);
    struct fs *fs = fsys_enter();
    return fs != NULL ? fsys_leave(fs_chmod(fs, f->object, mode)) : -1;
}

static int64_t or_stay(uint32_t id)
{
    return id == (uint32_t)-1 ? -1 : (int64_t)id;
}

int fchown(int fd, uid_t uid, gid_t gid)
{
    const struct ofile *f = file_of(fd);
    if (f == NULL || f->kind != OFILE_INODE)
        return fail(f == NULL ? EBADF : EINVAL);
    struct fs *fs = fsys_enter();
    return fs != NULL ? fsys_leave(fs_chown(fs, f->object, or_stay(uid), or_stay(gid)))
                      : -1;
}

static int tell_fs(struct statvfs *st)
{
    struct fs_statfs from;
    struct fs *fs = fsys_enter();
    if (fs == NULL || fsys_leave(fs_statfs(fs, &from)) < 0)
        return -1;
    *st = (struct statvfs){
        .f_bsize = from.block_size,
        .f_frsize = from.block_size,
        .f_blocks = from.blocks,
        .f_bfree = from.free,
        .f_bavail = from.avail,
        .f_files = from.files,
        .f_ffree = from.free_files,
        .f_favail = from.free_files,
        .f_flag = from.read_only ? ST_RDONLY : 0,
        .f_namemax = from.name_max,
    };
    return 0;
}

int fstatvfs(int fd, struct statvfs *st)
{
    const struct ofile *f = file_of(fd);
    if (f == NULL || f->kind != OFILE_INODE)
        return fail(f == NULL ? EBADF : ENOSYS);
    return tell_fs(st);
}

int statvfs(const char *path, struct statvfs *st)
{
    struct stat file;
    return stat(path, &file) < 0 ? -1 : tell_fs(st);
}
