// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * directory.c - directories: made, removed, read; the working directory. The disk has dir/ with a, b
 * and sub/, and sub/ with c.
 */
#include "support.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define MANY 40

static struct stat status_of(const char *path)
{
    struct stat st;
    memset(&st, 0, sizeof st);
    if (stat(path, &st) != 0)
        st.st_nlink = 0;
    return st;
}

static DIR *opened(const char *path)
{
    DIR *d = opendir(path);
    REQUIRE(d != NULL);
    return d;
}

/* Bits of what was read from here on: 1 ".", 2 "..", 4 a, 8 b, 16 sub, 32 anything else. */
static unsigned rest(DIR *d)
{
    static const char *const known[] = {".", "..", "a", "b", "sub"};
    unsigned seen = 0;
    for (const struct dirent *e; (e = readdir(d)) != NULL;) {
        unsigned i = 0;
        while (i < 5 && strcmp(e->d_name, known[i]) != 0)
            i++;
        seen |= seen & 1u << i ? 32 : 1u << i; /* twice is wrong, too */
    }
    return seen;
}

CONFORM(mkdir, NEEDS_DISK)
{
    mode_t before = umask(022);
    nlink_t links = status_of("dir").st_nlink;
    CHECK_EQ(mkdir("dir/new", 0777), 0);
    struct stat st = status_of("dir/new");
    CHECK_EQ(st.st_mode, S_IFDIR | 0755);
    CHECK_EQ(st.st_nlink, 2);
    CHECK_EQ(status_of("dir").st_nlink, links + 1);
    CHECK(status_of("dir/new/..").st_ino == status_of("dir").st_ino);
    CHECK(put_file("dir/new/file", "in it"));
    CHECK_EQ(mkdir("dir/slash/", 0700), 0);
    CHECK_ERRNO(mkdir("dir/new", 0700), EEXIST);
    CHECK_ERRNO(mkdir("text", 0700), EEXIST);
    CHECK_ERRNO(mkdir("link", 0700), EEXIST);
    CHECK_ERRNO(mkdir("none/x", 0700), ENOENT);
    CHECK_ERRNO(mkdir("text/x", 0700), ENOTDIR);
    CHECK_ERRNO(mkdir("", 0700), ENOENT);
    CHECK_ERRNO(mkdir("/", 0700), EEXIST);
    umask(before);
}

CONFORM(mkdirat, NEEDS_DISK)
{
    int dir = open("dir", O_RDONLY);
    CHECK_EQ(mkdirat(dir, "new", 0700), 0);
    CHECK(S_ISDIR(status_of("dir/new").st_mode));
    CHECK_EQ(mkdirat(AT_FDCWD, "new", 0700), 0);
    CHECK(S_ISDIR(status_of("new").st_mode));
    CHECK_ERRNO(mkdirat(dir, "a", 0700), EEXIST);
    CHECK_ERRNO(mkdirat(-5, "x", 0700), EBADF);
    CHECK_ERRNO(mkdirat(open("text", O_RDONLY), "x", 0700), ENOTDIR);
}

CONFORM(rmdir, NEEDS_DISK)
{
    nlink_t links = status_of("dir").st_nlink;
    CHECK_ERRNO(rmdir("dir/sub"), ENOTEMPTY);
    CHECK_EQ(unlink("dir/sub/c"), 0);
    DIR *d = opened("dir/sub");
    CHECK_EQ(rmdir("dir/sub"), 0);
    CHECK_EQ(status_of("dir").st_nlink, links - 1);
    CHECK(status_of("dir/sub").st_nlink == 0);
    CHECK_EQ(rest(d) & ~3u, 0); /* what is open is empty */
    CHECK_ERRNO(openat(dirfd(d), "new", O_WRONLY | O_CREAT, 0600), ENOENT);
    CHECK_EQ(closedir(d), 0);
    CHECK_ERRNO(rmdir("dir/sub"), ENOENT);
    CHECK_ERRNO(rmdir("text"), ENOTDIR);
    CHECK_ERRNO(rmdir("none/x"), ENOENT);
    CHECK_EQ(mkdir("new", 0700), 0);
    CHECK_ERRNO(rmdir("new/."), EINVAL);
    CHECK_EQ(symlink("new", "way"), 0);
    CHECK_ERRNO(rmdir("way"), ENOTDIR);
    CHECK_EQ(rmdir("new/"), 0);
}

CONFORM(opendir, NEEDS_DISK)
{
    DIR *d = opened("dir");
    CHECK_EQ(rest(d), 31);
    CHECK(fcntl(dirfd(d), F_GETFD) & FD_CLOEXEC);
    CHECK_EQ(closedir(d), 0);
    CHECK_NULL(opendir("none"), ENOENT);
    CHECK_NULL(opendir("text"), ENOTDIR);
    CHECK_NULL(opendir("link"), ENOTDIR);
    CHECK_NULL(opendir(""), ENOENT);
    d = opened("/");
    CHECK(rest(d) & 32);
    CHECK_EQ(closedir(d), 0);
}

CONFORM(fdopendir, NEEDS_DISK)
{
    int fd = open("dir", O_RDONLY), file = open("text", O_RDONLY);
    DIR *d = fdopendir(fd);
    REQUIRE(d != NULL);
    CHECK_EQ(dirfd(d), fd);
    CHECK_EQ(rest(d), 31);
    CHECK_EQ(closedir(d), 0);
    CHECK_ERRNO(close(fd), EBADF); /* closed with it */
    CHECK_NULL(fdopendir(file), ENOTDIR);
    CHECK_EQ(close(file), 0);
    CHECK_NULL(fdopendir(-1), EBADF);
    CHECK_NULL(fdopendir(fd), EBADF);
}

CONFORM(readdir, NEEDS_DISK)
{
    DIR *d = opened("dir");
    unsigned wrong = 0, n = 0;
    char path[300];
    for (const struct dirent *e; (e = readdir(d)) != NULL; n++) {
        struct stat st;
        unsigned char type =
            strcmp(e->d_name, "a") == 0 || strcmp(e->d_name, "b") == 0 ? DT_REG : DT_DIR;
        snprintf(path, sizeof path, "dir/%s", e->d_name);
        wrong += stat(path, &st) != 0 || st.st_ino != e->d_ino;
        wrong += e->d_type != type && e->d_type != DT_UNKNOWN;
    }
    CHECK_EQ(n, 5);
    CHECK_EQ(wrong, 0);
    CHECK_SETS(readdir(d) == NULL, 0); /* the end is no error */
    CHECK_EQ(closedir(d), 0);
    CHECK_EQ(mkdir("many", 0700), 0);
    for (unsigned i = 0; i < MANY; i++) { /* long names: more than a block */
        snprintf(path, sizeof path, "many/%0120u", i);
        wrong += !put_file(path, "");
    }
    bool seen[MANY] = {false};
    d = opened("many");
    n = 0;
    for (const struct dirent *e; (e = readdir(d)) != NULL;)
        if (e->d_name[0] != '.') {
            unsigned long i = strtoul(e->d_name, NULL, 10);
            wrong += i >= MANY || seen[i] || strlen(e->d_name) != 120;
            seen[i % MANY] = true;
            n++;
        }
    CHECK_EQ(n, MANY);
    CHECK_EQ(wrong, 0);
    CHECK_EQ(closedir(d), 0);
}

CONFORM(rewinddir, NEEDS_DISK)
{
    DIR *d = opened("dir");
    CHECK_EQ(rest(d), 31);
    CHECK_EQ(rest(d), 0);
    CHECK(put_file("dir/new", ""));
    CHECK_EQ(unlink("dir/a"), 0);
    rewinddir(d); /* and sees what there is now */
    CHECK_EQ(rest(d), 31 - 4 + 32);
    rewinddir(d);
    CHECK(readdir(d) != NULL);
    closedir(d);
}

CONFORM(telldir, NEEDS_DISK)
{
    char name[256];
    DIR *d = opened("dir");
    long start = telldir(d);
    readdir(d);
    readdir(d);
    long here = telldir(d);
    const struct dirent *e = readdir(d);
    REQUIRE(e != NULL);
    strcpy(name, e->d_name);
    unsigned left = rest(d);
    seekdir(d, here);
    e = readdir(d);
    CHECK_STR(e != NULL ? e->d_name : NULL, name);
    CHECK_EQ(rest(d), left);
    seekdir(d, start);
    CHECK_EQ(telldir(d), start);
    CHECK_EQ(rest(d), 31);
    closedir(d);
}

CONFORM(seekdir, NEEDS_DISK)
{
    long at[6];
    char names[6][256];
    int n = 0;
    DIR *d = opened("dir");
    const struct dirent *e;
    for (at[0] = telldir(d); n < 5 && (e = readdir(d)) != NULL; at[n] = telldir(d))
        strcpy(names[n++], e->d_name);
    CHECK_EQ(n, 5);
    for (int i = n - 1; i >= 0; i--) { /* backwards, each alone */
        seekdir(d, at[i]);
        e = readdir(d);
        CHECK(e != NULL && strcmp(e->d_name, names[i]) == 0);
    }
    seekdir(d, at[5]);
    CHECK(readdir(d) == NULL);
    closedir(d);
}

CONFORM(dirfd, NEEDS_DISK)
{
    DIR *d = opened("dir");
    struct stat st;
    CHECK(dirfd(d) >= 0);
    CHECK_EQ(fstat(dirfd(d), &st), 0);
    CHECK(st.st_ino == status_of("dir").st_ino);
    int fd = openat(dirfd(d), "b", O_RDONLY);
    CHECK(fd >= 0);
    close(fd);
    closedir(d);
}

CONFORM(closedir, NEEDS_DISK)
{
    DIR *d = opened("dir");
    int fd = dirfd(d);
    CHECK_EQ(closedir(d), 0);
    CHECK_ERRNO(fcntl(fd, F_GETFD), EBADF);
    for (int i = 0; i < 20; i++) { /* nothing is left over */
        d = opendir("dir");
        CHECK(d != NULL && dirfd(d) == fd && closedir(d) == 0);
    }
}

CONFORM(alphasort, NEEDS_NONE)
{
    static struct dirent x, y;
    const struct dirent *a = &x, *b = &y;
    strcpy(x.d_name, "abc");
    strcpy(y.d_name, "abd");
    CHECK(alphasort(&a, &b) < 0);
    CHECK(alphasort(&b, &a) > 0);
    CHECK(alphasort(&a, &a) == 0);
    strcpy(y.d_name, "B");
    CHECK(alphasort(&a, &b) > 0); /* as strcoll */
}

static int visible(const struct dirent *e)
{
    return e->d_name[0] != '.';
}

static int backwards(const struct dirent **a, const struct dirent **b)
{
    return alphasort(b, a);
}

static void drop(struct dirent **list, int n)
{
    while (n > 0)
        free(list[--n]);
    free(list);
}

CONFORM(scandir, NEEDS_DISK)
{
    struct dirent **list = NULL;
    int n = scandir("dir", &list, visible, alphasort);
    REQUIRE(n == 3);
    CHECK_STR(list[0]->d_name, "a");
    CHECK_STR(list[1]->d_name, "b");
    CHECK_STR(list[2]->d_name, "sub");
    CHECK_EQ(list[2]->d_ino, status_of("dir/sub").st_ino);
    drop(list, n);
    n = scandir("dir", &list, NULL, backwards);
    REQUIRE(n == 5);
    CHECK_STR(list[0]->d_name, "sub");
    CHECK_STR(list[4]->d_name, ".");
    drop(list, n);
    n = scandir("dir", &list, NULL, NULL);
    CHECK_EQ(n, 5);
    drop(list, n);
    CHECK_ERRNO(scandir("none", &list, NULL, NULL), ENOENT);
    CHECK_ERRNO(scandir("text", &list, NULL, NULL), ENOTDIR);
}

/* -- the working directory -- */

CONFORM(chdir, NEEDS_DISK)
{
    CHECK_EQ(chdir("dir"), 0);
    CHECK(file_is("a", "a\n") && file_is("../dir/b", "bb\n"));
    CHECK_EQ(chdir("sub"), 0);
    CHECK(file_is("c", "ccc\n"));
    CHECK_EQ(chdir("../.."), 0);
    CHECK(file_is("dir/sub/c", "ccc\n"));
    CHECK_EQ(symlink("dir/sub", "way"), 0);
    CHECK_EQ(chdir("way"), 0);
    CHECK_EQ(chdir(".."), 0); /* of where it leads */
    CHECK(file_is("a", "a\n"));
    CHECK_ERRNO(chdir("a"), ENOTDIR);
    CHECK_ERRNO(chdir("none"), ENOENT);
    CHECK_ERRNO(chdir(""), ENOENT);
    CHECK(file_is("a", "a\n")); /* still here */
    CHECK_EQ(chdir("/"), 0);
}

CONFORM(fchdir, NEEDS_DISK)
{
    int dir = open("dir", O_RDONLY), file = open("text", O_RDONLY),
        top = open(".", O_RDONLY);
    CHECK_EQ(fchdir(dir), 0);
    CHECK_EQ(close(dir), 0); /* stays, though closed */
    CHECK(file_is("a", "a\n"));
    CHECK_ERRNO(fchdir(file), ENOTDIR);
    CHECK_ERRNO(fchdir(-1), EBADF);
    CHECK_ERRNO(fchdir(dir), EBADF);
    CHECK_EQ(fchdir(top), 0);
    CHECK(file_is("dir/a", "a\n"));
}

CONFORM(getcwd, NEEDS_DISK)
{
    char buf[64];
    CHECK_EQ(chdir("/"), 0);
    CHECK(getcwd(buf, sizeof buf) == buf);
    CHECK_STR(buf, "/");
    CHECK_EQ(chdir("dir/sub"), 0);
    CHECK_STR(getcwd(buf, sizeof buf), "/dir/sub");
    CHECK_STR(getcwd(buf, 9), "/dir/sub");
    CHECK_NULL(getcwd(buf, 8), ERANGE);
    CHECK_NULL(getcwd(buf, 1), ERANGE);
    CHECK_NULL(getcwd(buf, 0), EINVAL);
    CHECK_EQ(rename("/dir", "/moved"), 0);
    CHECK_STR(getcwd(buf, sizeof buf), "/moved/sub"); /* names are looked up */
    CHECK_EQ(unlink("c") + rmdir("/moved/sub"), 0);
    CHECK_NULL(getcwd(buf, sizeof buf), ENOENT);
    CHECK_EQ(chdir("/"), 0);
}
