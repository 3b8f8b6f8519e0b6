// SPDX-License-Identifier: GPL-2.0-or-later
/* fs.c - files on the disk: POSIX functions on names, descriptors, directories; several processes. */
#include "expect.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define FAILS(call, error)                                                               \
    do {                                                                                 \
        errno = 0;                                                                       \
        CHECK_EQ(call, -1);                                                              \
        CHECK_EQ(errno, error);                                                          \
    } while (0)

static void put(const char *name, const char *text)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    CHECK(fd >= 0);
    CHECK_EQ(write(fd, text, strlen(text)), strlen(text));
    CHECK_EQ(close(fd), 0);
}

static int holds(const char *name, const char *text)
{
    char buffer[100] = "";
    int fd = open(name, O_RDONLY);
    ssize_t n = fd >= 0 ? read(fd, buffer, sizeof buffer - 1) : -1;
    close(fd);
    return n == (ssize_t)strlen(text) && memcmp(buffer, text, (size_t)n) == 0;
}

static void opening(void)
{
    struct stat st;
    CHECK(holds("hello", "hello, disk\n"));
    FAILS(open("nothing", O_RDONLY), ENOENT);
    FAILS(open("nothing/below", O_RDWR | O_CREAT, 0644), ENOENT);
    FAILS(open("hello/below", O_RDONLY), ENOTDIR);
    FAILS(open("hello", O_RDWR | O_CREAT | O_EXCL, 0644), EEXIST);
    FAILS(open("sub", O_RDWR), EISDIR);
    FAILS(open("hello", O_RDONLY | O_DIRECTORY), ENOTDIR);
    mode_t old = umask(027);
    int fd = open("new", O_RDWR | O_CREAT | O_EXCL, 0666);
    CHECK_EQ(umask(old), 027);
    CHECK(fd >= 0);
    CHECK_EQ(fstat(fd, &st), 0);
    CHECK_EQ(st.st_mode, S_IFREG | 0640);
    CHECK_EQ(st.st_size, 0);
    CHECK_EQ(st.st_nlink, 1);
    CHECK_EQ(close(fd), 0);
    CHECK_EQ(unlink("new"), 0);
    FAILS(stat("new", &st), ENOENT);
    CHECK_EQ(access("hello", R_OK | W_OK), 0);
    FAILS(access("hello", X_OK), EACCES);
}

static void content(void)
{
    char b[64];
    struct iovec iov[2] = {{b, 3}, {b + 3, 4}};
    int fd = open("data", O_RDWR | O_CREAT | O_TRUNC, 0600);
    CHECK_EQ(write(fd, "0123456789", 10), 10);
    CHECK_EQ(pwrite(fd, "AB", 2, 4), 2);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 10);
    CHECK_EQ(pread(fd, b, 20, 2), 8);
    CHECK(memcmp(b, "23AB6789", 8) == 0);
    CHECK_EQ(lseek(fd, -5, SEEK_END), 5);
    CHECK_EQ(readv(fd, iov, 2), 5);
    CHECK(memcmp(b, "B6789", 5) == 0);
    CHECK_EQ(ftruncate(fd, 5), 0);
    CHECK_EQ(ftruncate(fd, 8), 0);
    CHECK_EQ(pread(fd, b, 20, 0), 8);
    CHECK(memcmp(b, "0123A\0\0\0", 8) == 0);
    int again = open("data", O_WRONLY | O_APPEND);
    CHECK_EQ(lseek(again, 0, SEEK_SET), 0);
    CHECK_EQ(write(again, "end", 3), 3);
    CHECK_EQ(lseek(again, 0, SEEK_CUR), 11);
    FAILS(read(again, b, 1), EBADF);
    close(again);
    CHECK_EQ(fsync(fd), 0);
    CHECK_EQ(lseek(fd, 5000000000, SEEK_SET), 5000000000); /* past 4 GB */
    CHECK_EQ(write(fd, "far", 3), 3);
    CHECK_EQ(lseek(fd, 0, SEEK_END), 5000000003);
    CHECK_EQ(pread(fd, b, 10, 4999999998), 5);
    CHECK(memcmp(b, "\0\0far", 5) == 0);
    struct stat st;
    CHECK_EQ(fstat(fd, &st), 0);
    CHECK(st.st_blocks < 200);
    CHECK_EQ(unlink("data"), 0); /* stays until it is closed */
    CHECK_EQ(pread(fd, b, 3, 5000000000), 3);
    CHECK_EQ(fstat(fd, &st), 0);
    CHECK_EQ(st.st_nlink, 0);
    CHECK_EQ(close(fd), 0);
    fd = open("sync", O_WRONLY | O_CREAT | O_SYNC, 0600);
    CHECK_EQ(write(fd, "sure", 4), 4);
    close(fd);
    CHECK_EQ(unlink("sync"), 0);
}

static char big[300000], back[300000];

static void large(void)
{
    for (unsigned i = 0; i < sizeof big; i++)
        big[i] = (char)(i * 7 + i / 251);
    int fd = open("large", O_RDWR | O_CREAT | O_TRUNC, 0600);
    for (int i = 0; i < 4; i++)
        CHECK_EQ(write(fd, big, sizeof big), sizeof big);
    for (int i = 0; i < 4; i++) {
        CHECK_EQ(pread(fd, back, sizeof back, (off_t)(i * (int)sizeof big)), sizeof back);
        CHECK(memcmp(big, back, sizeof big) == 0);
    }
    CHECK_EQ(truncate("large", 100001), 0);
    CHECK_EQ(pread(fd, back, sizeof back, 0), 100001);
    CHECK(memcmp(big, back, 100001) == 0);
    char *map = mmap(NULL, 100001, PROT_READ, MAP_PRIVATE, fd, 0);
    CHECK(map != MAP_FAILED);
    CHECK(map != MAP_FAILED && memcmp(map, big, 100001) == 0 && map[100002] == 0);
    CHECK_EQ(munmap(map, 100001), 0);
    close(fd);
    CHECK_EQ(unlink("large"), 0);
}

static void names(void)
{
    struct stat a, b;
    char text[100];
    put("one", "1");
    put("two", "22");
    CHECK_EQ(link("one", "three"), 0);
    CHECK_EQ(stat("one", &a), 0);
    CHECK_EQ(stat("three", &b), 0);
    CHECK_EQ(a.st_ino, b.st_ino);
    CHECK_EQ(b.st_nlink, 2);
    CHECK_EQ(rename("one", "three"), 0); /* the same file: nothing happens */
    CHECK_EQ(rename("two", "three"), 0);
    CHECK(holds("three", "22") && holds("one", "1"));
    CHECK_EQ(symlink("three", "sym"), 0);
    CHECK(holds("sym", "22"));
    CHECK_EQ(lstat("sym", &a), 0);
    CHECK(S_ISLNK(a.st_mode));
    CHECK_EQ(readlink("sym", text, sizeof text), 5);
    CHECK(memcmp(text, "three", 5) == 0);
    FAILS(open("sym", O_RDONLY | O_NOFOLLOW), ELOOP);
    FAILS(symlink("x", "sym"), EEXIST);
    CHECK_EQ(symlink("loop", "loop"), 0);
    FAILS(open("loop", O_RDONLY), ELOOP);
    FAILS(readlink("three", text, 9), EINVAL);
    FAILS(rename("nothing", "x"), ENOENT);
    CHECK_EQ(remove("sym"), 0);
    CHECK_EQ(remove("loop"), 0);
    CHECK_EQ(remove("one"), 0);
    CHECK_EQ(remove("three"), 0);
    FAILS(unlink("test-exos-fs"), EROFS); /* a boot module */
    CHECK_EQ(access("/test-exos-fs", X_OK), 0);
}

static int count(const char *path, const char *wanted)
{
    DIR *d = opendir(path);
    int n = 0, found = 0;
    CHECK(d != NULL);
    for (const struct dirent *e; d != NULL && (e = readdir(d)) != NULL; n++)
        found += strcmp(e->d_name, wanted) == 0;
    CHECK_EQ(found, 1);
    if (d != NULL)
        closedir(d);
    return n;
}

static void directories(void)
{
    char name[40], cwd[200];
    struct stat st;
    CHECK_EQ(mkdir("d", 0755), 0);
    CHECK_EQ(mkdir("d/e", 0700), 0);
    FAILS(mkdir("d", 0755), EEXIST);
    FAILS(rmdir("d"), ENOTEMPTY);
    FAILS(unlink("d"), EISDIR);
    FAILS(rename("d", "d/e/f"), EINVAL);
    CHECK_EQ(stat("d", &st), 0);
    CHECK_EQ(st.st_nlink, 3);
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "d/e/a file with number %d", i);
        put(name, name);
    }
    CHECK_EQ(count("d/e", "a file with number 123"), 302);
    CHECK_EQ(chdir("d/e"), 0);
    CHECK(getcwd(cwd, sizeof cwd) != NULL && strcmp(cwd, "/d/e") == 0);
    CHECK(getcwd(cwd, 4) == NULL && errno == ERANGE);
    CHECK(holds("a file with number 7", "d/e/a file with number 7"));
    CHECK(holds("../../hello", "hello, disk\n"));
    int dir = open("..", O_RDONLY | O_DIRECTORY);
    CHECK(dir >= 0);
    FAILS(read(dir, name, 1), EISDIR);
    int fd = openat(dir, "at", O_CREAT | O_WRONLY, 0600);
    CHECK(fd >= 0);
    close(fd);
    CHECK_EQ(fstatat(dir, "at", &st, 0), 0);
    CHECK_EQ(unlinkat(dir, "at", 0), 0);
    CHECK_EQ(fchdir(dir), 0);
    close(dir);
    CHECK_EQ(rename("e", "../moved"), 0);
    CHECK_EQ(chdir("/moved"), 0);
    CHECK(getcwd(cwd, sizeof cwd) != NULL && strcmp(cwd, "/moved") == 0);
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "a file with number %d", i);
        CHECK_EQ(unlink(name), 0);
    }
    CHECK_EQ(rmdir("../moved"), 0); /* where we are */
    FAILS(open("x", O_CREAT | O_WRONLY, 0600), ENOENT);
    CHECK(getcwd(cwd, sizeof cwd) == NULL);
    CHECK_EQ(chdir("/"), 0);
    CHECK_EQ(rmdir("d"), 0);
}

static void attributes(void)
{
    struct stat st;
    struct statvfs vfs;
    struct timespec times[2] = {{1000000000, 5}, {1200000000, 123456789}};
    put("attr", "x");
    CHECK_EQ(chmod("attr", 0751), 0);
    CHECK_EQ(chown("attr", 1000, 70000), 0);
    CHECK_EQ(utimensat(AT_FDCWD, "attr", times, 0), 0);
    CHECK_EQ(stat("attr", &st), 0);
    CHECK_EQ(st.st_mode, S_IFREG | 0751);
    CHECK_EQ(st.st_uid, 1000);
    CHECK_EQ(st.st_gid, 70000);
    CHECK_EQ(st.st_atim.tv_sec, 1000000000);
    CHECK_EQ(st.st_mtim.tv_sec, 1200000000);
    CHECK_EQ(st.st_mtim.tv_nsec, 123456789);
    int fd = open("attr", O_RDWR);
    times[1].tv_nsec = UTIME_OMIT;
    times[0].tv_nsec = UTIME_NOW;
    CHECK_EQ(futimens(fd, times), 0);
    CHECK_EQ(fstat(fd, &st), 0);
    CHECK_EQ(st.st_mtim.tv_sec, 1200000000);
    CHECK(st.st_atim.tv_sec > 1200000000);
    CHECK_EQ(fchmod(fd, 0600), 0);
    close(fd);
    CHECK_EQ(unlink("attr"), 0);
    CHECK_EQ(statvfs("/", &vfs), 0);
    CHECK(vfs.f_blocks > 1000 && vfs.f_bfree > 100 && vfs.f_bfree < vfs.f_blocks);
}

static void stdio(void)
{
    char line[50];
    FILE *f = fopen("stdio", "w+");
    CHECK(f != NULL);
    fprintf(f, "line %d\nline %d\n", 1, 2);
    CHECK_EQ(fseeko(f, 5, SEEK_SET), 0);
    CHECK_EQ(fgetc(f), '1');
    CHECK_EQ(fclose(f), 0);
    f = fopen("stdio", "a+");
    fputs("line 3\n", f);
    rewind(f);
    int n = 0;
    while (fgets(line, sizeof line, f) != NULL)
        n++;
    CHECK_EQ(n, 3);
    fclose(f);
    CHECK_EQ(remove("stdio"), 0);
    f = tmpfile();
    CHECK(f != NULL);
    fputs("temporary", f);
    rewind(f);
    CHECK(f != NULL && fgets(line, sizeof line, f) != NULL &&
          strcmp(line, "temporary") == 0);
    fclose(f);
}

/* Positions are shared, content is everybody's, an open file without a name survives its opener. */
static void processes(void)
{
    char b[10];
    int status, fd = open("shared", O_RDWR | O_CREAT | O_TRUNC, 0600);
    CHECK_EQ(write(fd, "abcdef", 6), 6);
    CHECK_EQ(lseek(fd, 2, SEEK_SET), 2);
    if (fork() == 0) {
        int bad = read(fd, b, 2) != 2 || memcmp(b, "cd", 2) != 0;
        bad |= unlink("shared") != 0 || chdir("sub") != 0 || access("nums", R_OK) != 0;
        int own = open("/from-child", O_WRONLY | O_CREAT | O_TRUNC, 0600);
        bad |= write(own, "child", 5) != 5;
        _exit(bad);
    }
    CHECK(wait(&status) > 0);
    CHECK_EQ(status, 0);
    CHECK_EQ(read(fd, b, 10), 2);
    CHECK(memcmp(b, "ef", 2) == 0);
    FAILS(access("shared", F_OK), ENOENT);
    CHECK_EQ(write(fd, "more", 4), 4);
    CHECK_EQ(pread(fd, b, 10, 0), 10);
    CHECK(memcmp(b, "abcdefmore", 10) == 0);
    close(fd);
    CHECK(holds("from-child", "child"));
    CHECK_EQ(unlink("from-child"), 0);
    for (int i = 0; i < 3; i++)
        if (fork() == 0) {
            char name[20];
            int bad = 0;
            for (int k = 0; k < 10; k++) {
                snprintf(name, sizeof name, "p%d-%d", i, k);
                put(name, name);
                bad |= !holds(name, name) || unlink(name) != 0;
            }
            _exit(bad || failures != 0);
        }
    for (int i = 0; i < 3; i++) {
        CHECK(wait(&status) > 0);
        CHECK_EQ(status, 0);
    }
}

/* A program on the disk: this one, copied there; it becomes itself once more from there. */
static void programs(void)
{
    static char piece[20000];
    int status, to = open("/program", O_WRONLY | O_CREAT | O_TRUNC, 0644);
    int from = open("/test-exos-fs", O_RDONLY);
    for (ssize_t n; (n = read(from, piece, sizeof piece)) > 0;)
        CHECK_EQ(write(to, piece, (size_t)n), n);
    close(from);
    close(to);
    FAILS(execl("/program", "program", "once", NULL), EACCES);
    CHECK_EQ(chmod("/program", 0755), 0);
    FAILS(execl("/hello", "hello", NULL), EACCES);
    CHECK_EQ(chmod("/hello", 0755), 0);
    FAILS(execl("/hello", "hello", NULL), ENOEXEC);
    CHECK_EQ(chmod("/hello", 0644), 0);
    CHECK(holds("hello", "hello, disk\n"));
    if (fork() == 0) {
        execl("/program", "program", "once", NULL);
        _exit(1);
    }
    CHECK(wait(&status) > 0);
    CHECK_EQ(WEXITSTATUS(status), 42);
    CHECK_EQ(unlink("/program"), 0);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "once") == 0) {
        if (!holds("hello", "hello, disk\n"))
            return 2;
        int status;
        if (fork() == 0) {
            failures = 5; /* a page copied on write */
            _exit(3);
        }
        if (wait(&status) < 0 || WEXITSTATUS(status) != 3)
            return 4;
        execl("program", "program", "twice", NULL);
        return 1;
    }
    if (argc == 2 && strcmp(argv[1], "twice") == 0)
        return holds("hello", "hello, disk\n") ? 42 : 3;
    BALANCED(opening);
    BALANCED(content);
    BALANCED(large);
    BALANCED(names);
    BALANCED(directories);
    BALANCED(attributes);
    BALANCED(stdio);
    BALANCED(processes);
    BALANCED(programs);
    return verdict();
}
