// SPDX-License-Identifier: GPL-2.0-or-later
/* transfer.c - bytes from and to files, at the position and elsewhere; positions; sizes. */
#include "support.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define TEXT "0123456789"

/* A file with TEXT, open for both. */
static int begun(void)
{
    REQUIRE(put_file("made", TEXT));
    int fd = open("made", O_RDWR);
    REQUIRE(fd >= 0);
    return fd;
}

static off_t size_of(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 ? st.st_size : -1;
}

CONFORM(read, NEEDS_DISK)
{
    static char large[9000];
    char buf[16] = "################";
    int fd = begun();
    CHECK_EQ(read(fd, buf, 4), 4);
    CHECK(memcmp(buf, "0123####", 8) == 0);
    CHECK_EQ(read(fd, buf, 0), 0);
    CHECK_EQ(read(fd, buf, sizeof buf), 6); /* what there is */
    CHECK_EQ(read(fd, buf, sizeof buf), 0); /* the end */
    CHECK_EQ(lseek(fd, 100, SEEK_SET), 100);
    CHECK_EQ(read(fd, buf, sizeof buf), 0);
    CHECK_ERRNO(read(-1, buf, 1), EBADF);
    close(fd);
    fd = open("made", O_WRONLY);
    CHECK_ERRNO(read(fd, buf, 1), EBADF);
    close(fd);
    fd = open("dir", O_RDONLY);
    CHECK_ERRNO(read(fd, buf, 1), EISDIR);
    close(fd);
    fd = open("lines", O_RDONLY); /* several blocks, in odd pieces */
    REQUIRE(fd >= 0);
    CHECK_EQ(read(fd, large, 7), 7);
    CHECK_EQ(read(fd, large + 7, 4093), 4093);
    CHECK_EQ(read(fd, large + 4100, sizeof large - 4100), 8890 - 4100);
    CHECK(memcmp(large, "line 0\nline 1\n", 14) == 0);
    CHECK(memcmp(large + 4090, "line 455\n", 9) == 0 ||
          strstr(large, "line 455\nline 456\n"));
    CHECK(memcmp(large + 8890 - 9, "line 999\n", 9) == 0);
    close(fd);
}

CONFORM(write, NEEDS_DISK)
{
    static char large[9000];
    int fd = begun();
    CHECK_EQ(write(fd, "AB", 2), 2);
    CHECK_EQ(write(fd, "", 0), 0);
    CHECK_EQ(write(fd, "C", 1), 1);
    CHECK(file_is("made", "ABC3456789"));
    CHECK_EQ(lseek(fd, 12, SEEK_SET), 12); /* past the end: zeros */
    CHECK_EQ(write(fd, "Z", 1), 1);
    char buf[16];
    lseek(fd, 8, SEEK_SET);
    CHECK_EQ(read(fd, buf, sizeof buf), 5);
    CHECK(memcmp(buf, "89\0\0Z", 5) == 0);
    memset(large, 'L', sizeof large);
    CHECK_EQ(write(fd, large, sizeof large), 9000);
    CHECK_EQ(size_of(fd), 9013);
    memset(large, 0, sizeof large);
    lseek(fd, 13, SEEK_SET);
    CHECK_EQ(read(fd, large, sizeof large), 9000);
    unsigned bad = 0;
    for (unsigned i = 0; i < sizeof large; i++)
        bad += large[i] != 'L';
    CHECK_EQ(bad, 0);
    close(fd);
    CHECK_ERRNO(write(fd, "x", 1), EBADF);
    fd = open("made", O_RDONLY);
    CHECK_ERRNO(write(fd, "x", 1), EBADF);
    close(fd);
    put_file("made", "ab");
    fd = open("made", O_WRONLY | O_APPEND);
    int other = open("made", O_WRONLY | O_APPEND);
    CHECK_EQ(write(fd, "c", 1), 1);
    CHECK_EQ(write(other, "d", 1), 1); /* each at the end as it is then */
    CHECK_EQ(write(fd, "e", 1), 1);
    CHECK(file_is("made", "abcde"));
}

CONFORM(lseek, NEEDS_DISK)
{
    int fd = begun(), ends[2];
    char c;
    CHECK_EQ(lseek(fd, 4, SEEK_SET), 4);
    CHECK_EQ(lseek(fd, 2, SEEK_CUR), 6);
    CHECK_EQ(read(fd, &c, 1), 1);
    CHECK_EQ(c, '6');
    CHECK_EQ(lseek(fd, -1, SEEK_END), 9);
    CHECK_EQ(lseek(fd, -9, SEEK_CUR), 0);
    CHECK_ERRNO(lseek(fd, -1, SEEK_CUR), EINVAL);
    CHECK_ERRNO(lseek(fd, -11, SEEK_END), EINVAL);
    CHECK_ERRNO(lseek(fd, 0, 99), EINVAL);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 0); /* stays where it fails */
    CHECK(lseek(fd, (off_t)1 << 33, SEEK_SET) == (off_t)1 << 33);
    CHECK_EQ(size_of(fd), 10); /* moving alone changes nothing */
    CHECK_ERRNO(lseek(fd, INT64_MAX, SEEK_CUR), EOVERFLOW);
    CHECK_ERRNO(lseek(-1, 0, SEEK_SET), EBADF);
    CHECK_EQ(pipe(ends), 0);
    CHECK_ERRNO(lseek(ends[0], 0, SEEK_SET), ESPIPE);
}

CONFORM(pread, NEEDS_DISK)
{
    char buf[16] = "";
    int fd = begun(), ends[2];
    CHECK_EQ(pread(fd, buf, 3, 5), 3);
    CHECK(memcmp(buf, "567", 3) == 0);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 0); /* the position does not move */
    CHECK_EQ(pread(fd, buf, 16, 8), 2);
    CHECK_EQ(pread(fd, buf, 16, 10), 0);
    CHECK_EQ(pread(fd, buf, 0, 0), 0);
    CHECK_ERRNO(pread(fd, buf, 1, -1), EINVAL);
    CHECK_ERRNO(pread(-1, buf, 1, 0), EBADF);
    CHECK_EQ(pipe(ends), 0);
    CHECK_ERRNO(pread(ends[0], buf, 1, 0), ESPIPE);
    close(fd);
    fd = open("made", O_WRONLY);
    CHECK_ERRNO(pread(fd, buf, 1, 0), EBADF);
}

CONFORM(pwrite, NEEDS_DISK)
{
    int fd = begun(), ends[2];
    CHECK_EQ(pwrite(fd, "XY", 2, 4), 2);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 0);
    CHECK_EQ(pwrite(fd, "!", 1, 10), 1);
    CHECK(file_is("made", "0123XY6789!"));
    CHECK_EQ(pwrite(fd, "", 0, 50), 0);
    CHECK_EQ(size_of(fd), 11);
    CHECK_ERRNO(pwrite(fd, "x", 1, -1), EINVAL);
    CHECK_ERRNO(pwrite(-1, "x", 1, 0), EBADF);
    CHECK_EQ(pipe(ends), 0);
    CHECK_ERRNO(pwrite(ends[1], "x", 1, 0), ESPIPE);
    close(fd);
    fd = open("made", O_RDONLY);
    CHECK_ERRNO(pwrite(fd, "x", 1, 0), EBADF);
}

CONFORM(readv, NEEDS_DISK)
{
    char a[4] = "", b[8] = "", c[8] = "########";
    struct iovec v[3] = {{a, 3}, {NULL, 0}, {b, 5}};
    int fd = begun();
    CHECK_EQ(readv(fd, v, 3), 8);
    CHECK_STR(a, "012");
    CHECK_STR(b, "34567");
    v[1] = (struct iovec){c, 8};
    CHECK_EQ(readv(fd, v, 2), 2); /* the first part only */
    CHECK(memcmp(a, "892", 3) == 0 && c[0] == '#');
    CHECK_EQ(readv(fd, v, 2), 0);
    CHECK_ERRNO(readv(-1, v, 1), EBADF);
    CHECK_ERRNO(readv(fd, v, -1), EINVAL);
    CHECK_ERRNO(readv(fd, v, 1 << 20), EINVAL);
}

CONFORM(writev, NEEDS_DISK)
{
    char a[] = "ab", b[] = "cde";
    struct iovec v[3] = {{a, 2}, {NULL, 0}, {b, 3}};
    int fd = begun();
    CHECK_EQ(writev(fd, v, 3), 5);
    CHECK_EQ(writev(fd, v, 1), 2);
    CHECK(file_is("made", "abcdeab789"));
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 7);
    CHECK_ERRNO(writev(fd, v, -1), EINVAL);
    CHECK_ERRNO(writev(fd, v, 1 << 20), EINVAL);
    close(fd);
    CHECK_ERRNO(writev(fd, v, 1), EBADF);
}

CONFORM(truncate, NEEDS_DISK)
{
    struct stat st;
    REQUIRE(put_file("made", TEXT));
    CHECK_EQ(truncate("made", 4), 0);
    CHECK(file_is("made", "0123"));
    CHECK_EQ(truncate("made", 6), 0); /* longer: zeros, not what was there */
    char buf[8] = "########";
    int fd = open("made", O_RDONLY);
    CHECK_EQ(read(fd, buf, 8), 6);
    CHECK(memcmp(buf, "0123\0\0##", 8) == 0);
    close(fd);
    CHECK_EQ(truncate("link", 3), 0); /* follows */
    CHECK_EQ(stat("text", &st), 0);
    CHECK_EQ(st.st_size, 3);
    CHECK_EQ(truncate("lines", 5000), 0);
    CHECK_EQ(truncate("lines", 0), 0);
    CHECK_EQ(stat("lines", &st), 0);
    CHECK(st.st_size == 0 && st.st_blocks == 0); /* its blocks are free */
    CHECK_ERRNO(truncate("none", 0), ENOENT);
    CHECK_ERRNO(truncate("dir", 0), EISDIR);
    CHECK_ERRNO(truncate("made", -1), EINVAL);
    CHECK_ERRNO(truncate("made/x", 0), ENOTDIR);
}

CONFORM(ftruncate, NEEDS_DISK)
{
    int fd = begun(), ends[2];
    CHECK_EQ(lseek(fd, 8, SEEK_SET), 8);
    CHECK_EQ(ftruncate(fd, 5), 0);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 8); /* the position does not move */
    CHECK_EQ(write(fd, "x", 1), 1);
    CHECK_EQ(size_of(fd), 9);
    CHECK_EQ(ftruncate(fd, 100000), 0); /* takes no blocks */
    CHECK_EQ(size_of(fd), 100000);
    char c = '#';
    CHECK_EQ(pread(fd, &c, 1, 99999), 1);
    CHECK_EQ(c, 0);
    CHECK_ERRNO(ftruncate(fd, -1), EINVAL);
    CHECK_ERRNO(ftruncate(-1, 0), EBADF);
    close(fd);
    fd = open("made", O_RDONLY);
    CHECK_SETS(ftruncate(fd, 0) == -1 && (errno == EBADF || errno == EINVAL), errno);
    CHECK_EQ(pipe(ends), 0);
    CHECK_ERRNO(ftruncate(ends[1], 0), EINVAL);
}

CONFORM(fsync, NEEDS_DISK)
{
    int fd = begun(), ends[2];
    CHECK_EQ(write(fd, "durable", 7), 7);
    CHECK_EQ(fsync(fd), 0);
    CHECK_EQ(fsync(fd), 0); /* nothing to do */
    CHECK(file_is("made", "durable789"));
    close(fd);
    fd = open("made", O_RDONLY);
    CHECK_EQ(fsync(fd), 0);
    CHECK_ERRNO(fsync(-1), EBADF);
    CHECK_EQ(pipe(ends), 0);
    CHECK_ERRNO(fsync(ends[1]), EINVAL);
}

CONFORM(fdatasync, NEEDS_DISK)
{
    int fd = begun(), ends[2];
    CHECK_EQ(write(fd, "data", 4), 4);
    CHECK_EQ(fdatasync(fd), 0);
    CHECK(file_is("made", "data456789"));
    CHECK_ERRNO(fdatasync(-1), EBADF);
    CHECK_EQ(pipe(ends), 0);
    CHECK_ERRNO(fdatasync(ends[1]), EINVAL);
}

CONFORM(sync, NEEDS_DISK)
{
    int fd = begun();
    CHECK_EQ(write(fd, "all", 3), 3);
    CHECK_EQ(mkdir("new", 0700), 0);
    errno = EDOM;
    sync();
    int after = errno;
    CHECK_EQ(after, EDOM); /* it cannot fail */
    CHECK(file_is("made", "all3456789"));
    sync();
}
