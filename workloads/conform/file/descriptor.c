// SPDX-License-Identifier: GPL-2.0-or-later
/* descriptor.c - descriptors: opened, closed, duplicated, their flags. */
#include "support.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

static mode_t mode_of(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? st.st_mode & 07777 : 0177777;
}

/* A name of n bytes. */
static const char *name_of(size_t n)
{
    static char name[PATH_MAX + 2];
    memset(name, 'n', n);
    name[n] = '\0';
    return name;
}

CONFORM(open, NEEDS_DISK)
{
    char buf[16];
    int fd = open("text", O_RDONLY), other = open("/text", O_RDONLY);
    REQUIRE(fd >= 0 && other > fd);
    CHECK_EQ(close(fd), 0);
    CHECK_EQ(open("dir/a", O_RDONLY), fd); /* the lowest that is free */
    CHECK_EQ(read(fd, buf, sizeof buf), 2);
    CHECK_ERRNO(write(fd, "x", 1), EBADF);
    CHECK_EQ(close(fd), 0);
    CHECK_EQ(close(other), 0);
    CHECK_ERRNO(open("none", O_RDONLY), ENOENT);
    CHECK_ERRNO(open("", O_RDONLY), ENOENT);
    CHECK_ERRNO(open("none/x", O_RDWR | O_CREAT, 0600), ENOENT);
    CHECK_ERRNO(open("text/x", O_RDONLY), ENOTDIR);
    CHECK_ERRNO(open("text/", O_RDONLY), ENOTDIR);
    CHECK_ERRNO(open("text", O_RDONLY | O_DIRECTORY), ENOTDIR);
    CHECK_ERRNO(open("dir", O_WRONLY), EISDIR);
    CHECK_ERRNO(open("dir", O_RDWR), EISDIR);
    CHECK_ERRNO(open("text", O_WRONLY | O_CREAT | O_EXCL, 0600), EEXIST);
    CHECK_ERRNO(open("link", O_RDONLY | O_NOFOLLOW), ELOOP);
    CHECK_ERRNO(open(name_of(NAME_MAX + 1), O_RDONLY), ENAMETOOLONG);
    CHECK_ERRNO(open(name_of(PATH_MAX), O_RDONLY), ENAMETOOLONG);
    CHECK_ERRNO(open(name_of(NAME_MAX), O_RDONLY), ENOENT);
    fd = open("link", O_RDONLY);
    CHECK_EQ(read(fd, buf, 3), 3);
    CHECK(memcmp(buf, "the", 3) == 0);
    CHECK_EQ(close(fd), 0);
}

CONFORM(openat, NEEDS_DISK)
{
    char buf[16];
    int dir = open("dir", O_RDONLY | O_DIRECTORY), file = open("text", O_RDONLY);
    REQUIRE(dir >= 0 && file >= 0);
    int fd = openat(dir, "a", O_RDONLY);
    CHECK_EQ(read(fd, buf, sizeof buf), 2);
    close(fd);
    fd = openat(dir, "../text", O_RDONLY);
    CHECK_EQ(read(fd, buf, 3), 3);
    close(fd);
    fd = openat(-5, "/text", O_RDONLY); /* an absolute path needs no directory */
    CHECK(fd >= 0);
    close(fd);
    fd = openat(AT_FDCWD, "text", O_RDONLY);
    CHECK(fd >= 0);
    close(fd);
    fd = openat(dir, "new", O_RDWR | O_CREAT, 0640);
    CHECK(fd >= 0);
    close(fd);
    CHECK_EQ(mode_of("dir/new"), 0640);
    CHECK_ERRNO(openat(dir, "text", O_RDONLY), ENOENT);
    CHECK_ERRNO(openat(file, "a", O_RDONLY), ENOTDIR);
    CHECK_ERRNO(openat(-5, "a", O_RDONLY), EBADF);
    close(dir);
    CHECK_ERRNO(openat(dir, "a", O_RDONLY), EBADF);
    close(file);
}

/* Also what open does with O_CREAT, O_EXCL and O_TRUNC: creat is a case of it. */
CONFORM(creat, NEEDS_DISK)
{
    mode_t before = umask(027);
    int fd = creat("made", 0666);
    REQUIRE(fd >= 0);
    CHECK_EQ(mode_of("made"), 0640);
    CHECK_EQ(write(fd, "abcdef", 6), 6);
    CHECK_ERRNO(read(fd, &fd, 1), EBADF); /* for writing only */
    CHECK_EQ(close(fd), 0);
    umask(before);
    fd = creat("made", 0777); /* there already: cut, the mode stays */
    CHECK(fd >= 0 && file_is("made", ""));
    CHECK_EQ(mode_of("made"), 0640);
    CHECK_EQ(close(fd), 0);
    put_file("made", "abc");
    fd = open("made", O_WRONLY | O_CREAT, 0600); /* not cut */
    CHECK_EQ(write(fd, "X", 1), 1);
    close(fd);
    CHECK(file_is("made", "Xbc"));
    fd = open("made", O_WRONLY | O_TRUNC);
    close(fd);
    CHECK(file_is("made", ""));
    CHECK_EQ(symlink("nowhere", "dangling"), 0);
    CHECK_ERRNO(open("dangling", O_WRONLY | O_CREAT | O_EXCL, 0600), EEXIST);
    fd = creat("dangling", 0600); /* makes what the link names */
    CHECK(fd >= 0);
    close(fd);
    CHECK_EQ(mode_of("nowhere"), 0600);
    CHECK_ERRNO(creat("dir", 0600), EISDIR);
    CHECK_ERRNO(creat("none/x", 0600), ENOENT);
}

CONFORM(close, NEEDS_DISK)
{
    char buf[8];
    CHECK_ERRNO(close(-1), EBADF);
    CHECK_ERRNO(close(200), EBADF);
    int fd = open("text", O_RDONLY);
    REQUIRE(fd >= 0);
    int copy = dup(fd);
    CHECK_EQ(close(fd), 0);
    CHECK_ERRNO(close(fd), EBADF);
    CHECK_ERRNO(read(fd, buf, 1), EBADF);
    CHECK_EQ(read(copy, buf, 1), 1); /* the open file is there while one has it */
    CHECK_EQ(close(copy), 0);
    int ends[2];
    CHECK_EQ(pipe(ends), 0);
    CHECK_EQ(close(ends[1]), 0);
    CHECK_EQ(read(ends[0], buf, 1), 0); /* the last writer has gone */
    CHECK_EQ(close(ends[0]), 0);
}

CONFORM(dup, NEEDS_DISK)
{
    char buf[8];
    int fd = open("text", O_RDONLY | O_CLOEXEC);
    REQUIRE(fd >= 0);
    int copy = dup(fd);
    CHECK(copy > fd);
    CHECK_EQ(fcntl(copy, F_GETFD), 0); /* is not closed by exec */
    CHECK_EQ(read(fd, buf, 4), 4);
    CHECK_EQ(lseek(copy, 0, SEEK_CUR), 4); /* one position */
    close(copy);
    CHECK_EQ(read(fd, buf, 1), 1);
    CHECK_ERRNO(dup(-1), EBADF);
    CHECK_ERRNO(dup(copy), EBADF);
    int last = fd; /* until there are no more */
    while (dup2(fd, last + 1) >= 0)
        last++;
    CHECK_ERRNO(dup(fd), EMFILE);
    CHECK(last >= 19); /* _POSIX_OPEN_MAX is 20 */
    CHECK_ERRNO(open("text", O_RDONLY), EMFILE);
    CHECK_EQ(close(last), 0);
    CHECK_EQ(dup(fd), last);
}

CONFORM(dup2, NEEDS_DISK)
{
    char buf[8];
    int fd = open("text", O_RDONLY), other = open("lines", O_RDONLY | O_CLOEXEC);
    REQUIRE(fd >= 0 && other >= 0);
    CHECK_EQ(dup2(fd, 60), 60);
    CHECK_EQ(read(60, buf, 3), 3);
    CHECK(memcmp(buf, "the", 3) == 0);
    CHECK_EQ(dup2(fd, other), other); /* what it was is closed */
    CHECK_EQ(fcntl(other, F_GETFD), 0);
    CHECK_EQ(read(other, buf, 2), 2);
    CHECK(memcmp(buf, " q", 2) == 0);
    CHECK_EQ(dup2(fd, fd), fd);
    CHECK(is_open(fd));
    CHECK_ERRNO(dup2(-1, 10), EBADF);
    CHECK_ERRNO(dup2(fd, -1), EBADF);
    CHECK_ERRNO(dup2(fd, 1 << 20), EBADF);
    CHECK_ERRNO(dup2(199, other), EBADF);
    CHECK(is_open(other)); /* stays when the first is bad */
}

CONFORM(fcntl, NEEDS_DISK)
{
    int fd = open("made", O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    REQUIRE(fd >= 0);
    CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(fcntl(fd, F_SETFD, 0), 0);
    CHECK_EQ(fcntl(fd, F_GETFD), 0);
    int flags = fcntl(fd, F_GETFL);
    CHECK_EQ(flags & O_ACCMODE, O_RDWR);
    CHECK(flags & O_APPEND);
    CHECK(!(flags & (O_CREAT | O_TRUNC | O_EXCL))); /* these were for opening only */
    CHECK_EQ(write(fd, "abc", 3), 3);
    CHECK_EQ(fcntl(fd, F_SETFL, flags & ~O_APPEND), 0);
    CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
    CHECK_EQ(write(fd, "X", 1), 1);
    CHECK(file_is("made", "Xbc"));
    CHECK_EQ(fcntl(fd, F_SETFL, O_APPEND | O_WRONLY), 0); /* the access mode stays */
    CHECK_EQ(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDWR);
    lseek(fd, 0, SEEK_SET);
    CHECK_EQ(write(fd, "d", 1), 1);
    CHECK(file_is("made", "Xbcd"));
    CHECK_EQ(fcntl(fd, F_DUPFD, 50), 50);
    CHECK_EQ(fcntl(fd, F_DUPFD, 50), 51);
    CHECK_EQ(fcntl(50, F_GETFD), 0);
    CHECK_EQ(fcntl(fd, F_DUPFD_CLOEXEC, 50), 52);
    CHECK_EQ(fcntl(52, F_GETFD), FD_CLOEXEC);
    CHECK(fcntl(51, F_GETFL) & O_APPEND); /* status flags are the open file's */
    CHECK_ERRNO(fcntl(fd, F_DUPFD, -1), EINVAL);
    CHECK_ERRNO(fcntl(fd, F_DUPFD, 1 << 20), EINVAL);
    CHECK_ERRNO(fcntl(199, F_GETFD), EBADF);
    CHECK_ERRNO(fcntl(fd, 7777), EINVAL);
    int ends[2];
    char c;
    CHECK_EQ(pipe(ends), 0);
    CHECK_EQ(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    CHECK_ERRNO(read(ends[0], &c, 1), EAGAIN);
}

CONFORM(isatty, NEEDS_DISK)
{
    int fd = open("text", O_RDONLY), ends[2];
    REQUIRE(fd >= 0);
    CHECK_SETS(isatty(fd) == 0, ENOTTY);
    CHECK_EQ(pipe(ends), 0);
    CHECK_SETS(isatty(ends[0]) == 0, ENOTTY);
    CHECK_SETS(isatty(-1) == 0, EBADF);
    CHECK_SETS(isatty(199) == 0, EBADF);
}
