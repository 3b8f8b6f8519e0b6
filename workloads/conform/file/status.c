// SPDX-License-Identifier: GPL-2.0-or-later
/* status.c - what is known about files: status, modes, owners, times; about the file system. */
#include "support.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define TEXT_BYTES 44

static struct stat seen(const char *path)
{
    struct stat st;
    memset(&st, 0, sizeof st);
    lstat(path, &st);
    return st;
}

CONFORM(stat, NEEDS_DISK)
{
    struct stat st, dir;
    CHECK_EQ(stat("text", &st), 0);
    CHECK(S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode));
    CHECK_EQ(st.st_size, TEXT_BYTES);
    CHECK_EQ(st.st_nlink, 1);
    CHECK(st.st_ino != 0 && st.st_blksize > 0);
    CHECK(st.st_blocks > 0 && st.st_blocks % 2 == 0); /* of 512 bytes */
    CHECK_EQ(stat("link", &dir), 0);
    CHECK(dir.st_ino == st.st_ino && S_ISREG(dir.st_mode)); /* follows */
    CHECK_EQ(stat("dir", &dir), 0);
    CHECK(S_ISDIR(dir.st_mode) && dir.st_nlink == 3 && dir.st_dev == st.st_dev);
    CHECK_EQ(stat("empty", &st), 0);
    CHECK(st.st_size == 0 && st.st_blocks == 0);
    CHECK_EQ(stat("dir/./sub/..", &st), 0);
    CHECK(st.st_ino == dir.st_ino);
    CHECK_ERRNO(stat("none", &st), ENOENT);
    CHECK_ERRNO(stat("", &st), ENOENT);
    CHECK_ERRNO(stat("text/x", &st), ENOTDIR);
    CHECK_EQ(symlink("none", "dangling"), 0);
    CHECK_ERRNO(stat("dangling", &st), ENOENT);
}

CONFORM(lstat, NEEDS_DISK)
{
    struct stat st;
    CHECK_EQ(lstat("link", &st), 0);
    CHECK(S_ISLNK(st.st_mode));
    CHECK_EQ(st.st_size, 4); /* of its text */
    CHECK_EQ(symlink("none", "dangling"), 0);
    CHECK_EQ(lstat("dangling", &st), 0);
    CHECK_EQ(symlink("dir", "way"), 0);
    CHECK_EQ(lstat("way/", &st), 0); /* a slash means where it leads */
    CHECK(S_ISDIR(st.st_mode));
    CHECK_EQ(lstat("text", &st), 0);
    CHECK(S_ISREG(st.st_mode));
    CHECK_ERRNO(lstat("none", &st), ENOENT);
}

CONFORM(fstat, NEEDS_DISK)
{
    struct stat st, by_name;
    int fd = open("made", O_RDWR | O_CREAT | O_TRUNC, 0604), ends[2];
    CHECK_EQ(fstat(fd, &st), 0);
    CHECK_EQ(st.st_mode, S_IFREG | 0604);
    CHECK_EQ(st.st_size, 0);
    CHECK_EQ(write(fd, "abc", 3), 3);
    CHECK_EQ(fstat(fd, &st), 0);
    CHECK_EQ(st.st_size, 3);
    CHECK_EQ(stat("made", &by_name), 0);
    CHECK(by_name.st_ino == st.st_ino && by_name.st_dev == st.st_dev);
    CHECK_EQ(pipe(ends), 0);
    CHECK_EQ(fstat(ends[0], &st), 0);
    CHECK(S_ISFIFO(st.st_mode));
    CHECK_ERRNO(fstat(-1, &st), EBADF);
    close(fd);
    CHECK_ERRNO(fstat(fd, &st), EBADF);
}

CONFORM(fstatat, NEEDS_DISK)
{
    struct stat st;
    int dir = open("dir", O_RDONLY);
    CHECK_EQ(fstatat(dir, "b", &st, 0), 0);
    CHECK_EQ(st.st_size, 3);
    CHECK_EQ(fstatat(AT_FDCWD, "link", &st, 0), 0);
    CHECK(S_ISREG(st.st_mode));
    CHECK_EQ(fstatat(AT_FDCWD, "link", &st, AT_SYMLINK_NOFOLLOW), 0);
    CHECK(S_ISLNK(st.st_mode));
    CHECK_EQ(fstatat(-5, "/", &st, 0), 0);
    CHECK(S_ISDIR(st.st_mode));
    CHECK_ERRNO(fstatat(dir, "none", &st, 0), ENOENT);
    CHECK_ERRNO(fstatat(-5, "b", &st, 0), EBADF);
    CHECK_ERRNO(fstatat(open("text", O_RDONLY), "b", &st, 0), ENOTDIR);
    CHECK_ERRNO(fstatat(dir, "b", &st, 0x4000000), EINVAL);
}

CONFORM(access, NEEDS_DISK)
{
    CHECK_EQ(access("text", F_OK), 0);
    CHECK_EQ(access("text", R_OK | W_OK), 0);
    CHECK_EQ(access("dir", R_OK | W_OK | X_OK), 0);
    CHECK_EQ(chmod("text", 0644), 0);
    CHECK_ERRNO(access("text", X_OK), EACCES); /* nobody may */
    CHECK_EQ(chmod("text", 0744), 0);
    CHECK_EQ(access("text", X_OK), 0);
    CHECK_ERRNO(access("none", F_OK), ENOENT);
    CHECK_ERRNO(access("text/x", F_OK), ENOTDIR);
    CHECK_ERRNO(access("text", 0x40), EINVAL);
}

CONFORM(faccessat, NEEDS_DISK)
{
    int dir = open("dir", O_RDONLY);
    CHECK_EQ(faccessat(dir, "a", R_OK, 0), 0);
    CHECK_EQ(faccessat(AT_FDCWD, "text", W_OK, AT_EACCESS), 0);
    CHECK_EQ(symlink("none", "dir/dangling"), 0);
    CHECK_ERRNO(faccessat(dir, "dangling", F_OK, 0), ENOENT);
    CHECK_EQ(faccessat(dir, "dangling", F_OK, AT_SYMLINK_NOFOLLOW), 0);
    CHECK_ERRNO(faccessat(-5, "a", F_OK, 0), EBADF);
    CHECK_ERRNO(faccessat(dir, "a", F_OK, 0x4000000), EINVAL);
}

/* -- modes -- */

CONFORM(chmod, NEEDS_DISK)
{
    CHECK_EQ(chmod("text", 0), 0);
    CHECK_EQ(seen("text").st_mode, S_IFREG);
    CHECK_EQ(chmod("link", 07777), 0); /* follows */
    CHECK_EQ(seen("text").st_mode, S_IFREG | 07777);
    CHECK_EQ(chmod("dir", 0100), 0);
    CHECK_EQ(seen("dir").st_mode, S_IFDIR | 0100);
    CHECK_ERRNO(chmod("none", 0600), ENOENT);
    CHECK_ERRNO(chmod("text/x", 0600), ENOTDIR);
}

CONFORM(fchmod, NEEDS_DISK)
{
    int fd = open("text", O_RDONLY);
    CHECK_EQ(fchmod(fd, 0421), 0);
    CHECK_EQ(seen("text").st_mode, S_IFREG | 0421);
    CHECK_ERRNO(fchmod(-1, 0600), EBADF);
}

CONFORM(fchmodat, NEEDS_DISK)
{
    int dir = open("dir", O_RDONLY);
    CHECK_EQ(fchmodat(dir, "a", 0604, 0), 0);
    CHECK_EQ(seen("dir/a").st_mode, S_IFREG | 0604);
    CHECK_EQ(fchmodat(AT_FDCWD, "text", 0440, 0), 0);
    CHECK_EQ(seen("text").st_mode, S_IFREG | 0440);
    CHECK_ERRNO(fchmodat(dir, "none", 0600, 0), ENOENT);
    CHECK_ERRNO(fchmodat(-5, "a", 0600, 0), EBADF);
    CHECK_ERRNO(fchmodat(dir, "a", 0600, 0x4000000), EINVAL);
}

CONFORM(umask, NEEDS_DISK)
{
    mode_t before = umask(0);
    CHECK_EQ(umask(0777), 0);
    CHECK_EQ(umask(0137), 0777);
    close(open("one", O_WRONLY | O_CREAT, 0777));
    CHECK_EQ(seen("one").st_mode, S_IFREG | 0640);
    CHECK_EQ(mkdir("two", 0777), 0);
    CHECK_EQ(seen("two").st_mode, S_IFDIR | 0640);
    CHECK_EQ(umask(0), 0137);
    CHECK_EQ(chmod("one", 0777), 0); /* does not mask this */
    CHECK_EQ(seen("one").st_mode, S_IFREG | 0777);
    CHECK_EQ(umask(07777), 0);
    CHECK_EQ(umask(before), 0777); /* permissions only */
}

CONFORM(mkfifo, NEEDS_DISK)
{
    mode_t before = umask(0);
    CHECK_EQ(mkfifo("fifo", 0640), 0);
    CHECK_EQ(seen("fifo").st_mode, S_IFIFO | 0640);
    CHECK_ERRNO(open("fifo", O_WRONLY | O_NONBLOCK), ENXIO); /* nobody reads */
    CHECK_ERRNO(mkfifo("fifo", 0600), EEXIST);
    CHECK_ERRNO(mkfifo("none/x", 0600), ENOENT);
    CHECK_ERRNO(mkfifo("text/x", 0600), ENOTDIR);
    CHECK_EQ(unlink("fifo"), 0);
    umask(before);
}

CONFORM(mknod, NEEDS_DISK)
{
    mode_t before = umask(0);
    CHECK_EQ(mknod("device", S_IFCHR | 0600, 0x0103), 0);
    struct stat st = seen("device");
    CHECK_EQ(st.st_mode, S_IFCHR | 0600);
    CHECK_EQ(st.st_rdev, 0x0103);
    CHECK_EQ(mknod("block", S_IFBLK | 0600, 0x0801), 0);
    CHECK(S_ISBLK(seen("block").st_mode) && seen("block").st_rdev == 0x0801);
    CHECK_EQ(mknod("fifo", S_IFIFO | 0644, 0), 0);
    CHECK_EQ(seen("fifo").st_mode, S_IFIFO | 0644);
    CHECK_EQ(mknod("file", S_IFREG | 0611, 0), 0);
    CHECK(put_file("file", "abc") && file_is("file", "abc"));
    CHECK_ERRNO(mknod("text", S_IFREG | 0600, 0), EEXIST);
    CHECK_ERRNO(mknod("none/x", S_IFREG | 0600, 0), ENOENT);
    umask(before);
}

/* -- owners; there is one user, who may do all -- */

#define LARGE_ID 1000000 /* more than 16 bits */

static bool owned(const char *path, uid_t uid, gid_t gid)
{
    struct stat st = seen(path);
    return st.st_uid == uid && st.st_gid == gid;
}

CONFORM(chown, NEEDS_DISK)
{
    CHECK_EQ(chown("text", 12, 34), 0);
    CHECK(owned("text", 12, 34));
    CHECK_EQ(chown("link", (uid_t)-1, LARGE_ID), 0); /* follows; -1 stays */
    CHECK(owned("text", 12, LARGE_ID));
    CHECK_EQ(chown("text", LARGE_ID, (gid_t)-1), 0);
    CHECK(owned("text", LARGE_ID, LARGE_ID));
    CHECK_EQ(chown("dir", 1, 2), 0);
    CHECK(owned("dir", 1, 2));
    CHECK_ERRNO(chown("none", 0, 0), ENOENT);
}

CONFORM(lchown, NEEDS_DISK)
{
    struct stat text = seen("text");
    CHECK_EQ(lchown("link", 5, 6), 0);
    CHECK(owned("link", 5, 6) && owned("text", text.st_uid, text.st_gid));
    CHECK_EQ(lchown("text", 7, 8), 0);
    CHECK(owned("text", 7, 8));
    CHECK_ERRNO(lchown("none", 0, 0), ENOENT);
}

CONFORM(fchown, NEEDS_DISK)
{
    int fd = open("text", O_RDONLY);
    CHECK_EQ(fchown(fd, 9, (gid_t)-1), 0);
    CHECK_EQ(fchown(fd, (uid_t)-1, 10), 0);
    CHECK(owned("text", 9, 10));
    CHECK_ERRNO(fchown(-1, 0, 0), EBADF);
}

CONFORM(fchownat, NEEDS_DISK)
{
    int dir = open("dir", O_RDONLY);
    CHECK_EQ(fchownat(dir, "a", 1, 2, 0), 0);
    CHECK(owned("dir/a", 1, 2));
    CHECK_EQ(fchownat(AT_FDCWD, "link", 3, 4, AT_SYMLINK_NOFOLLOW), 0);
    CHECK(owned("link", 3, 4) && !owned("text", 3, 4));
    CHECK_EQ(fchownat(AT_FDCWD, "link", 5, 6, 0), 0);
    CHECK(owned("text", 5, 6));
    CHECK_ERRNO(fchownat(-5, "a", 0, 0, 0), EBADF);
    CHECK_ERRNO(fchownat(dir, "none", 0, 0, 0), ENOENT);
    CHECK_ERRNO(fchownat(dir, "a", 0, 0, 0x4000000), EINVAL);
}

/* -- times -- */

CONFORM(utimensat, NEEDS_DISK)
{
    struct timespec t[2] = {{1000, 0}, {2000000000, 0}},
                    bad[2] = {{0, 0}, {0, 1000000000}};
    int dir = open("dir", O_RDONLY);
    CHECK_EQ(utimensat(AT_FDCWD, "text", t, 0), 0);
    struct stat st = seen("text");
    CHECK(st.st_atime == 1000 && st.st_mtime == 2000000000);
    t[0].tv_nsec = UTIME_OMIT;
    t[1].tv_sec = 3000;
    CHECK_EQ(utimensat(AT_FDCWD, "text", t, 0), 0);
    st = seen("text");
    CHECK(st.st_atime == 1000 && st.st_mtime == 3000);
    CHECK(st.st_ctime > 3000); /* now: cannot be set */
    t[1].tv_nsec = UTIME_NOW;
    CHECK_EQ(utimensat(dir, "a", t, 0), 0);
    CHECK(seen("dir/a").st_mtime >= st.st_ctime);
    CHECK_EQ(utimensat(AT_FDCWD, "text", NULL, 0), 0);
    CHECK(seen("text").st_atime >= st.st_ctime);
    t[0] = t[1] = (struct timespec){77, 0};
    CHECK_EQ(utimensat(AT_FDCWD, "link", t, AT_SYMLINK_NOFOLLOW), 0);
    CHECK(seen("link").st_mtime == 77 && seen("text").st_mtime != 77);
    CHECK_EQ(utimensat(AT_FDCWD, "link", t, 0), 0);
    CHECK(seen("text").st_mtime == 77);
    CHECK_ERRNO(utimensat(AT_FDCWD, "text", bad, 0), EINVAL);
    CHECK_ERRNO(utimensat(AT_FDCWD, "none", t, 0), ENOENT);
    CHECK_ERRNO(utimensat(-5, "a", t, 0), EBADF);
    CHECK_ERRNO(utimensat(dir, "a", t, 0x4000000), EINVAL);
}

CONFORM(futimens, NEEDS_DISK)
{
    struct timespec t[2] = {{5, 0}, {6, 0}}, bad[2] = {{0, -1}, {0, 0}};
    int fd = open("text", O_RDWR);
    CHECK_EQ(futimens(fd, t), 0);
    struct stat st = seen("text");
    CHECK(st.st_atime == 5 && st.st_mtime == 6);
    CHECK_EQ(write(fd, "T", 1), 1); /* writing changes it again */
    CHECK(seen("text").st_mtime > 6);
    CHECK_EQ(futimens(fd, t), 0);
    CHECK_EQ(futimens(fd, NULL), 0);
    CHECK(seen("text").st_mtime > 6);
    CHECK_ERRNO(futimens(fd, bad), EINVAL);
    CHECK_ERRNO(futimens(-1, t), EBADF);
}

/* -- the file system -- */

CONFORM(statvfs, NEEDS_DISK)
{
    struct statvfs before, after;
    CHECK_EQ(statvfs("dir", &before), 0);
    CHECK(before.f_bsize >= 512 && before.f_frsize >= 512);
    CHECK(before.f_blocks > 0 && before.f_bfree <= before.f_blocks);
    CHECK(before.f_bavail <= before.f_bfree && before.f_ffree <= before.f_files);
    CHECK_EQ(before.f_namemax, NAME_MAX);
    CHECK_EQ(before.f_flag & ST_RDONLY, 0);
    CHECK(put_file("made", "takes a block and an inode"));
    CHECK_EQ(statvfs("/", &after), 0);
    CHECK_EQ(after.f_ffree, before.f_ffree - 1);
    CHECK(after.f_bfree < before.f_bfree);
    CHECK_EQ(unlink("made"), 0);
    CHECK_EQ(statvfs("text", &after), 0);
    CHECK(after.f_bfree == before.f_bfree && after.f_ffree == before.f_ffree);
    CHECK_ERRNO(statvfs("none", &after), ENOENT);
}

CONFORM(fstatvfs, NEEDS_DISK)
{
    struct statvfs by_name, by_fd;
    int fd = open("text", O_RDONLY);
    CHECK_EQ(statvfs("text", &by_name), 0);
    CHECK_EQ(fstatvfs(fd, &by_fd), 0);
    CHECK(by_fd.f_blocks == by_name.f_blocks && by_fd.f_bfree == by_name.f_bfree &&
          by_fd.f_files == by_name.f_files && by_fd.f_frsize == by_name.f_frsize);
    CHECK_ERRNO(fstatvfs(-1, &by_fd), EBADF);
}
