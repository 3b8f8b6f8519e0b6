// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * names.c - POSIX functions on names: the root directory is the disk's, with the boot modules before
 * what the disk has of the same names; those are read-only files. Paths of functions without
 * a directory argument start at the working directory.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "fsys.h"

static int fail(int error)
{
    errno = error;
    return -1;
}

/* Where a path starts: 0, or -1 and errno. */
static int start_of(int dir, const char *path, uint32_t *at)
{
    *at = FS_ROOT;
    if (strlen(path) >= 4096)
        return fail(ENAMETOOLONG);
    return path[0] != '/' ? fsys_at(dir, at) : 0;
}

/* Where a path starts, and the file system; NULL and errno. The path is looked at before the
 * lock is held: it may be a bad pointer. `change`: without a disk nothing can. */
static struct fs *enter(int dir, const char *path, bool change, uint32_t *at)
{
    if (start_of(dir, path, at) < 0)
        return NULL;
    struct fs *fs = fsys_enter();
    if (fs == NULL && (errno == ENODEV || errno == ENOSYS) && exos_mmu != NULL)
        errno = change ? EROFS : ENOENT;
    return fs;
}

int fsys_at(int dir, uint32_t *inode)
{
    const struct ofile *f;
    *inode = FS_ROOT;
    if (dir == AT_FDCWD) {
        f = ME->cwd != 0 ? ofile_row(ME->cwd - 1u) : NULL;
        if (f != NULL)
            *inode = f->object;
        return 0;
    }
    f = file_of(dir);
    if (f == NULL)
        return fail(EBADF);
    if (f->kind != OFILE_INODE)
        return fail(ENOTDIR);
    *inode = f->object;
    return 0;
}

/* A boot module has that name: it cannot be changed. */
static bool is_module(int dir, const char *path)
{
    return file_module_at(dir, path) >= 0;
}

static mode_t masked(mode_t mode)
{
    return mode & 07777 & ~(mode_t)ME->umask;
}

int fsys_open(int dir, const char *path, int flags, mode_t mode, uint32_t *inode)
{
    uint32_t at;
    struct fs *fs = enter(dir, path, flags & O_CREAT, &at);
    struct fs_open how = {.write = (flags & O_ACCMODE) != O_RDONLY,
                          .create = flags & O_CREAT,
                          .exclusive = flags & O_EXCL,
                          .truncate = flags & O_TRUNC,
                          .directory = flags & O_DIRECTORY,
                          .no_follow = flags & O_NOFOLLOW,
                          .mode = masked(mode)};
    return fs != NULL ? fsys_leave(fs_open(fs, at, path, &how, inode)) : -1;
}

/* -- asking -- */

static int module_stat_at(int module, struct stat *st)
{
    *st = (struct stat){.st_nlink = 1, .st_blksize = 4096, .st_dev = OFILE_MODULE};
    module_stat((unsigned)module, st);
    return 0;
}

bool file_is_root(const char *path)
{
    if (path[0] == '\0')
        return false;
    while (*path == '/' || (path[0] == '.' && (path[1] == '/' || path[1] == '\0')))
        path++;
    return *path == '\0';
}

/* Without a file system it holds the boot modules. */
static int bare_root(struct stat *st)
{
    *st = (struct stat){.st_mode = S_IFDIR | 0555,
                        .st_nlink = 2,
                        .st_ino = FS_ROOT,
                        .st_blksize = 4096,
                        .st_dev = OFILE_MODULE};
    return 0;
}

int fstatat(int dir, const char *path, struct stat *st, int flags)
{
    struct fs_stat from;
    uint32_t at, ino;
    if (flags & ~AT_SYMLINK_NOFOLLOW)
        return fail(EINVAL);
    int module = file_module_at(dir, path);
    if (module >= 0)
        return module_stat_at(module, st);
    struct fs *fs = enter(dir, path, false, &at);
    if (fs == NULL)
        return errno == ENOENT && file_is_root(path) ? bare_root(st) : -1;
    int error = fs_lookup(fs, at, path, !(flags & AT_SYMLINK_NOFOLLOW), &ino);
    if (error == 0)
        error = fs_stat(fs, ino, &from);
    if (fsys_leave(error) < 0)
        return -1;
    fsys_tell(&from, st);
    return 0;
}

int stat(const char *path, struct stat *st)
{
    return fstatat(AT_FDCWD, path, st, 0);
}

int lstat(const char *path, struct stat *st)
{
    return fstatat(AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW);
}

/* The only user may do everything but write modules and execute what nobody may. */
int faccessat(int dir, const char *path, int mode, int flags)
{
    struct stat st;
    if (mode & ~(R_OK | W_OK | X_OK) || flags & ~(AT_SYMLINK_NOFOLLOW | AT_EACCESS))
        return fail(EINVAL);
    if (fstatat(dir, path, &st, flags & AT_SYMLINK_NOFOLLOW) < 0)
        return -1;
    if (mode & W_OK && st.st_dev == OFILE_MODULE)
        return fail(EROFS);
    if (mode & X_OK && !S_ISDIR(st.st_mode) && !(st.st_mode & 0111))
        return fail(EACCES);
    return 0;
}

int access(const char *path, int mode)
{
    return faccessat(AT_FDCWD, path, mode, 0);
}

ssize_t readlinkat(int dir, const char *path, char *buf, size_t n)
{
    uint32_t at, ino;
    char text[4096];
    if (is_module(dir, path))
        return fail(EINVAL);
    struct fs *fs = enter(dir, path, false, &at);
    if (fs == NULL)
        return -1;
    int error = fs_lookup(fs, at, path, false, &ino);
    int64_t length = error == 0 ? fs_readlink(fs, ino, text, sizeof text) : error;
    int r = fsys_leave((int)length);
    if (r > 0 && (size_t)r > n)
        r = (int)n;
    if (r > 0)
        memcpy(buf, text, (size_t)r);
    return r;
}

ssize_t readlink(const char *path, char *buf, size_t n)
{
    return readlinkat(AT_FDCWD, path, buf, n);
}

/* -- making -- */

int mkdirat(int dir, const char *path, mode_t mode)
{
    uint32_t at;
    if (is_module(dir, path))
        return fail(EEXIST);
    struct fs *fs = enter(dir, path, true, &at);
    return fs != NULL ? fsys_leave(fs_mkdir(fs, at, path, masked(mode))) : -1;
}

int mkdir(const char *path, mode_t mode)
{
    return mkdirat(AT_FDCWD, path, mode);
}

int mknod(const char *path, mode_t mode, dev_t dev)
{
    uint32_t at;
    if (is_module(AT_FDCWD, path))
        return fail(EEXIST);
    if ((mode & S_IFMT) == 0)
        mode |= S_IFREG;
    struct fs *fs = enter(AT_FDCWD, path, true, &at);
    return fs != NULL ? fsys_leave(fs_mknod(fs, at, path, (mode & S_IFMT) | masked(mode),
                                            (uint32_t)dev))
                      : -1;
}

int mkfifo(const char *path, mode_t mode)
{
    return mknod(path, S_IFIFO | (mode & 07777), 0);
}

int symlinkat(const char *target, int dir, const char *path)
{
    uint32_t at;
    if (is_module(dir, path))
        return fail(EEXIST);
    if (strlen(target) >= 4096)
        return fail(ENAMETOOLONG);
    struct fs *fs = enter(dir, path, true, &at);
    return fs != NULL ? fsys_leave(fs_symlink(fs, target, at, path)) : -1;
}

int symlink(const char *target, const char *path)
{
    return symlinkat(target, AT_FDCWD, path);
}

int linkat(int from_dir, const char *from, int to_dir, const char *to, int flags)
{
    uint32_t from_at, to_at;
    if (flags & ~AT_SYMLINK_FOLLOW)
        return fail(EINVAL);
    if (is_module(from_dir, from))
        return fail(EXDEV);
    if (is_module(to_dir, to))
        return fail(EEXIST);
    if (start_of(from_dir, from, &from_at) < 0)
        return -1;
    struct fs *fs = enter(to_dir, to, true, &to_at);
    return fs != NULL ? fsys_leave(fs_link(fs, from_at, from, flags & AT_SYMLINK_FOLLOW,
                                           to_at, to))
                      : -1;
}

int link(const char *from, const char *to)
{
    return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

/* -- removing, moving -- */

int unlinkat(int dir, const char *path, int flags)
{
    uint32_t at;
    bool directory = flags & AT_REMOVEDIR;
    if (flags & ~AT_REMOVEDIR)
        return fail(EINVAL);
    if (is_module(dir, path))
        return fail(directory ? ENOTDIR : EROFS);
    struct fs *fs = enter(dir, path, false, &at);
    if (fs == NULL)
        return -1;
    return fsys_leave(directory ? fs_rmdir(fs, at, path) : fs_unlink(fs, at, path));
}

int unlink(const char *path)
{
    return unlinkat(AT_FDCWD, path, 0);
}

int rmdir(const char *path)
{
    return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int remove(const char *path)
{
    int r = unlink(path);
    return r < 0 && errno == EISDIR ? rmdir(path) : r;
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
    uint32_t from_at, to_at;
    if (is_module(from_dir, from) || is_module(to_dir, to))
        return fail(EROFS);
    if (start_of(from_dir, from, &from_at) < 0)
        return -1;
    struct fs *fs = enter(to_dir, to, true, &to_at);
    return fs != NULL ? fsys_leave(fs_rename(fs, from_at, from, to_at, to)) : -1;
}

int rename(const char *from, const char *to)
{
    return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

/* -- changing what is known about a file -- */

/* The file system, entered, and the inode; NULL and errno. */
static struct fs *find(int dir, const char *path, int flags, uint32_t *ino)
{
    uint32_t at;
    bool unknown = flags & ~AT_SYMLINK_NOFOLLOW;
    if (unknown || is_module(dir, path)) {
        errno = unknown ? EINVAL : EROFS;
        return NULL;
    }
    struct fs *fs = enter(dir, path, false, &at);
    if (fs == NULL)
        return NULL;
    int error = fs_lookup(fs, at, path, !(flags & AT_SYMLINK_NOFOLLOW), ino);
    if (error == 0)
        return fs;
    fsys_leave(error);
    return NULL;
}

int fchmodat(int dir, const char *path, mode_t mode, int flags)
{
    uint32_t ino;
    struct fs *fs = find(dir, path, flags, &ino);
    return fs != NULL ? fsys_leave(fs_chmod(fs, ino, mode)) : -1;
}

int chmod(const char *path, mode_t mode)
{
    return fchmodat(AT_FDCWD, path, mode, 0);
}

static int64_t or_stay(uint32_t id)
{
    return id == (uint32_t)-1 ? -1 : (int64_t)id;
}

int fchownat(int dir, const char *path, uid_t uid, gid_t gid, int flags)
{
    uint32_t ino;
    struct fs *fs = find(dir, path, flags, &ino);
    return fs != NULL ? fsys_leave(fs_chown(fs, ino, or_stay(uid), or_stay(gid))) : -1;
}

int chown(const char *path, uid_t uid, gid_t gid)
{
    return fchownat(AT_FDCWD, path, uid, gid, 0);
}

int lchown(const char *path, uid_t uid, gid_t gid)
{
    return fchownat(AT_FDCWD, path, uid, gid, AT_SYMLINK_NOFOLLOW);
}

/* -1 and EINVAL if it is no time. */
static int time_of(const struct timespec *t, struct fs_time *to)
{
    *to = (struct fs_time){.ns = FS_TIME_NOW};
    if (t == NULL || t->tv_nsec == UTIME_NOW)
        return 0;
    if (t->tv_nsec == UTIME_OMIT)
        to->ns = FS_TIME_OMIT;
    else if (t->tv_nsec < 0 || t->tv_nsec >= 1000000000)
        return fail(EINVAL);
    else
        *to = (struct fs_time){t->tv_sec, (int32_t)t->tv_nsec};
    return 0;
}

int utimensat(int dir, const char *path, const struct timespec times[2], int flags)
{
    struct fs_time a, m;
    uint32_t ino;
    if (time_of(times, &a) < 0 || time_of(times != NULL ? times + 1 : NULL, &m) < 0)
        return -1;
    struct fs *fs = find(dir, path, flags, &ino);
    return fs != NULL ? fsys_leave(fs_utime(fs, ino, &a, &m)) : -1;
}

int futimens(int fd, const struct timespec times[2])
{
    struct fs_time a, m;
    const struct ofile *f = file_of(fd);
    if (time_of(times, &a) < 0 || time_of(times != NULL ? times + 1 : NULL, &m) < 0)
        return -1;
    if (f == NULL || f->kind != OFILE_INODE)
        return fail(f == NULL ? EBADF : EINVAL);
    struct fs *fs = fsys_enter();
    return fs != NULL ? fsys_leave(fs_utime(fs, f->object, &a, &m)) : -1;
}

int truncate(const char *path, off_t size)
{
    uint32_t ino;
    if (size < 0)
        return fail(EINVAL);
    struct fs *fs = find(AT_FDCWD, path, 0, &ino);
    return fs != NULL ? fsys_leave(fs_truncate(fs, ino, (uint64_t)size)) : -1;
}

mode_t umask(mode_t mask)
{
    mode_t old = ME->umask;
    ME->umask = (uint16_t)(mask & 0777);
    return old;
}

uid_t getuid(void)
{
    return 0;
}

uid_t geteuid(void)
{
    return 0;
}

gid_t getgid(void)
{
    return 0;
}

gid_t getegid(void)
{
    return 0;
}
