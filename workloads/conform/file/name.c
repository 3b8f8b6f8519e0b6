// SPDX-License-Identifier: GPL-2.0-or-later
/* name.c - names of files: links, symbolic links, removing, renaming. */
#include "support.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

static bool exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

static ino_t inode(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 ? st.st_ino : 0;
}

static nlink_t links(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 ? st.st_nlink : 0;
}

static int dir_fd(void)
{
    int fd = open("dir", O_RDONLY | O_DIRECTORY);
    REQUIRE(fd >= 0);
    return fd;
}

/* POSIX has EPERM, others EISDIR. */
#define CHECK_NOT_A_FILE(call)                                                           \
    CHECK_SETS((call) == -1 && (errno == EPERM || errno == EISDIR), errno)

CONFORM(link, NEEDS_DISK)
{
    CHECK_EQ(link("text", "dir/second"), 0);
    CHECK(inode("text") == inode("dir/second"));
    CHECK_EQ(links("text"), 2);
    CHECK(put_file("dir/second", "changed"));
    CHECK(file_is("text", "changed"));
    CHECK_ERRNO(link("text", "empty"), EEXIST);
    CHECK_ERRNO(link("text", "text"), EEXIST);
    CHECK_ERRNO(link("none", "third"), ENOENT);
    CHECK_ERRNO(link("text", "none/third"), ENOENT);
    CHECK_ERRNO(link("text", "empty/third"), ENOTDIR);
    CHECK_ERRNO(link("dir", "third"), EPERM);
    CHECK_EQ(unlink("text"), 0);
    CHECK_EQ(links("dir/second"), 1);
    CHECK(file_is("dir/second", "changed"));
}

CONFORM(linkat, NEEDS_DISK)
{
    int dir = dir_fd();
    CHECK_EQ(linkat(dir, "a", AT_FDCWD, "from_dir", 0), 0);
    CHECK(inode("dir/a") == inode("from_dir"));
    CHECK_EQ(linkat(AT_FDCWD, "text", dir, "sub/text", 0), 0);
    CHECK(inode("text") == inode("dir/sub/text"));
    CHECK_EQ(linkat(AT_FDCWD, "link", dir, "link", 0), 0); /* the link itself */
    CHECK(inode("dir/link") == inode("link"));
    CHECK_EQ(linkat(AT_FDCWD, "link", dir, "target", AT_SYMLINK_FOLLOW), 0);
    CHECK(inode("dir/target") == inode("text"));
    CHECK_ERRNO(linkat(dir, "a", dir, "b", 0), EEXIST);
    CHECK_ERRNO(linkat(dir, "a", dir, "c", 0x4000000), EINVAL);
    CHECK_ERRNO(linkat(-5, "a", dir, "c", 0), EBADF);
}

CONFORM(symlink, NEEDS_DISK)
{
    char to[16], longest[600];
    CHECK_EQ(symlink("dir/sub", "way"), 0);
    CHECK(file_is("way/c", "ccc\n"));
    CHECK_EQ(symlink("no/matter what", "dir/odd"), 0); /* nothing is looked up */
    CHECK_EQ(readlink("dir/odd", to, sizeof to), 14);
    CHECK_EQ(symlink("../text", "dir/up"), 0); /* from where the link is */
    CHECK(inode("dir/up") != inode("text"));
    CHECK(open("dir/up", O_RDONLY) >= 0);
    CHECK_ERRNO(symlink("x", "text"), EEXIST);
    CHECK_ERRNO(symlink("x", "link"), EEXIST);
    CHECK_ERRNO(symlink("x", "none/x"), ENOENT);
    CHECK_ERRNO(symlink("x", "text/x"), ENOTDIR);
    CHECK_ERRNO(symlink("", "nothing"), ENOENT);
    CHECK_EQ(symlink("b_loop", "a_loop"), 0);
    CHECK_EQ(symlink("a_loop", "b_loop"), 0);
    CHECK_ERRNO(open("a_loop", O_RDONLY), ELOOP);
    CHECK_ERRNO(open("a_loop/x", O_RDONLY), ELOOP);
    memset(longest, 'x', 599);
    longest[599] = '\0';
    CHECK_EQ(symlink(longest, "long"), 0); /* longer than fits an inode */
    CHECK_EQ(readlink("long", longest, sizeof longest), 599);
}

CONFORM(symlinkat, NEEDS_DISK)
{
    char to[16];
    int dir = dir_fd();
    CHECK_EQ(symlinkat("a", dir, "s"), 0);
    CHECK(file_is("dir/s", "a\n"));
    CHECK_EQ(symlinkat("text", AT_FDCWD, "s"), 0);
    CHECK_EQ(readlink("s", to, sizeof to), 4);
    CHECK_ERRNO(symlinkat("x", dir, "a"), EEXIST);
    CHECK_ERRNO(symlinkat("x", -5, "s2"), EBADF);
    CHECK_EQ(symlinkat("x", -5, "/s2"), 0);
}

CONFORM(readlink, NEEDS_DISK)
{
    char to[8] = "########";
    CHECK_EQ(readlink("link", to, sizeof to), 4); /* no end is put */
    CHECK(memcmp(to, "text####", 8) == 0);
    CHECK_EQ(readlink("link", to, 2), 2); /* cut */
    CHECK_ERRNO(readlink("text", to, sizeof to), EINVAL);
    CHECK_ERRNO(readlink("dir", to, sizeof to), EINVAL);
    CHECK_ERRNO(readlink("none", to, sizeof to), ENOENT);
    CHECK_ERRNO(readlink("text/x", to, sizeof to), ENOTDIR);
}

CONFORM(readlinkat, NEEDS_DISK)
{
    char to[16];
    int dir = dir_fd();
    CHECK_EQ(symlink("../text", "dir/s"), 0);
    CHECK_EQ(readlinkat(dir, "s", to, sizeof to), 7);
    CHECK(memcmp(to, "../text", 7) == 0);
    CHECK_EQ(readlinkat(AT_FDCWD, "link", to, sizeof to), 4);
    CHECK_ERRNO(readlinkat(dir, "a", to, sizeof to), EINVAL);
    CHECK_ERRNO(readlinkat(dir, "link", to, sizeof to), ENOENT);
    CHECK_ERRNO(readlinkat(-5, "s", to, sizeof to), EBADF);
}

CONFORM(unlink, NEEDS_DISK)
{
    char buf[8];
    int fd = open("text", O_RDWR);
    REQUIRE(fd >= 0);
    CHECK_EQ(unlink("text"), 0);
    CHECK(!exists("text"));
    CHECK_EQ(read(fd, buf, 3), 3); /* open files go on */
    struct stat st;
    CHECK_EQ(fstat(fd, &st), 0);
    CHECK_EQ(st.st_nlink, 0);
    CHECK_EQ(close(fd), 0);
    CHECK(exists("link"));
    CHECK_EQ(unlink("link"), 0); /* the link, wherever it leads */
    CHECK_ERRNO(unlink("text"), ENOENT);
    CHECK_ERRNO(unlink("none/x"), ENOENT);
    CHECK_ERRNO(unlink("lines/x"), ENOTDIR);
    CHECK_ERRNO(unlink(""), ENOENT);
    CHECK_NOT_A_FILE(unlink("dir"));
    CHECK(exists("dir/a"));
}

CONFORM(unlinkat, NEEDS_DISK)
{
    int dir = dir_fd();
    CHECK_EQ(unlinkat(dir, "a", 0), 0);
    CHECK(!exists("dir/a"));
    CHECK_ERRNO(unlinkat(dir, "sub", AT_REMOVEDIR), ENOTEMPTY);
    CHECK_EQ(unlinkat(dir, "sub/c", 0), 0);
    CHECK_NOT_A_FILE(unlinkat(dir, "sub", 0));
    CHECK_EQ(unlinkat(dir, "sub", AT_REMOVEDIR), 0);
    CHECK_ERRNO(unlinkat(dir, "b", AT_REMOVEDIR), ENOTDIR);
    CHECK_EQ(unlinkat(AT_FDCWD, "text", 0), 0);
    CHECK_ERRNO(unlinkat(dir, "none", 0), ENOENT);
    CHECK_ERRNO(unlinkat(-5, "b", 0), EBADF);
    CHECK_ERRNO(unlinkat(dir, "b", 0x4000000), EINVAL);
    CHECK(exists("dir/b"));
}

CONFORM(remove, NEEDS_DISK)
{
    CHECK_EQ(remove("text"), 0);
    CHECK(!exists("text"));
    CHECK_EQ(mkdir("new", 0700), 0);
    CHECK_EQ(remove("new"), 0); /* an empty directory, too */
    CHECK(!exists("new"));
    CHECK_ERRNO(remove("dir"), ENOTEMPTY);
    CHECK_ERRNO(remove("none"), ENOENT);
    CHECK_EQ(remove("link"), 0);
}

CONFORM(rename, NEEDS_DISK)
{
    ino_t text = inode("text"), sub = inode("dir/sub");
    CHECK_EQ(rename("text", "dir/moved"), 0);
    CHECK(!exists("text") && inode("dir/moved") == text);
    CHECK_EQ(rename("dir/moved", "empty"), 0); /* in its place */
    CHECK(inode("empty") == text && !exists("dir/moved"));
    CHECK_EQ(rename("empty", "empty"), 0);
    CHECK_EQ(link("empty", "other"), 0);
    CHECK_EQ(rename("empty", "other"), 0); /* the same file: nothing happens */
    CHECK(exists("empty") && exists("other"));
    nlink_t before = links("dir");
    CHECK_EQ(rename("dir/sub", "sub"), 0); /* a directory gets another parent */
    CHECK(inode("sub") == sub && inode("sub/..") == inode("/"));
    CHECK_EQ(links("dir"), before - 1);
    CHECK(file_is("sub/c", "ccc\n"));
    CHECK_EQ(mkdir("none", 0700), 0);
    CHECK_EQ(rename("sub", "none"), 0); /* over an empty one */
    CHECK(file_is("none/c", "ccc\n"));
    CHECK_SETS(rename("none", "dir") == -1 && (errno == ENOTEMPTY || errno == EEXIST),
               errno);
    CHECK_ERRNO(rename("lines", "dir"), EISDIR);
    CHECK_ERRNO(rename("dir", "lines"), ENOTDIR);
    CHECK_ERRNO(rename("nothing", "x"), ENOENT);
    CHECK_ERRNO(rename("lines", "nothing/x"), ENOENT);
    CHECK_ERRNO(rename("dir", "dir/into/itself"), ENOENT);
    CHECK_EQ(mkdir("dir/in", 0700), 0);
    CHECK_ERRNO(rename("dir", "dir/in/itself"), EINVAL);
    CHECK_SETS(rename("dir/.", "x") == -1 && (errno == EINVAL || errno == EBUSY), errno);
    CHECK_EQ(rename("link", "renamed"), 0); /* the link, not what it names */
    CHECK(exists("renamed"));
    int fd = open("other", O_RDONLY); /* what is open goes on without a name */
    CHECK_EQ(rename("lines", "other"), 0);
    CHECK_EQ(rename("junk", "empty"), 0);
    char c;
    CHECK_EQ(read(fd, &c, 1), 1);
    CHECK_EQ(c, 't');
}

CONFORM(renameat, NEEDS_DISK)
{
    int dir = dir_fd(), sub = open("dir/sub", O_RDONLY);
    CHECK_EQ(renameat(dir, "a", AT_FDCWD, "a"), 0);
    CHECK(file_is("a", "a\n"));
    CHECK_EQ(renameat(AT_FDCWD, "text", sub, "text"), 0);
    CHECK(exists("dir/sub/text"));
    CHECK_EQ(renameat(sub, "text", dir, "b"), 0);
    CHECK(!exists("dir/sub/text"));
    CHECK_EQ(renameat(-5, "/a", sub, "a"), 0);
    CHECK_ERRNO(renameat(dir, "none", dir, "x"), ENOENT);
    CHECK_ERRNO(renameat(-5, "b", dir, "x"), EBADF);
    CHECK_ERRNO(renameat(dir, "b", -5, "x"), EBADF);
}
