// SPDX-License-Identifier: GPL-2.0-or-later
/* files.c - boot modules as files: read, lseek, fstat, mmap; descriptors. --file text=..., big=... */
#include "expect.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* CMakeLists.txt makes it: lines "line N\n", N from 0. */
#define LINES 20000

static const char text[] = "the quick brown fox\n";

static void reading(void)
{
    char buffer[64];
    struct stat st;
    int fd = open("text", O_RDONLY);
    CHECK_EQ(fd, 3);
    CHECK_EQ(fstat(fd, &st), 0);
    CHECK_EQ(st.st_size, sizeof text - 1);
    CHECK(S_ISREG(st.st_mode));
    CHECK_EQ(read(fd, buffer, 3), 3);
    CHECK_EQ(read(fd, buffer + 3, 60), sizeof text - 4);
    CHECK(memcmp(buffer, text, sizeof text - 1) == 0);
    CHECK_EQ(read(fd, buffer, 60), 0);
    CHECK_EQ(lseek(fd, -4, SEEK_END), sizeof text - 5);
    CHECK_EQ(read(fd, buffer, 60), 4);
    CHECK(memcmp(buffer, "fox\n", 4) == 0);
    CHECK_EQ(lseek(fd, 1000, SEEK_SET), 1000);
    CHECK_EQ(read(fd, buffer, 60), 0);
    CHECK_EQ(lseek(fd, -1, SEEK_SET), -1);
    CHECK_EQ(errno, EINVAL);
    CHECK_EQ(lseek(fd, 0, 9), -1);
    CHECK_EQ(write(fd, "x", 1), -1);
    CHECK_EQ(errno, EBADF);
    CHECK_EQ(close(fd), 0);
}

static void opening(void)
{
    CHECK_EQ(open("none", O_RDONLY), -1);
    CHECK_EQ(errno, ENOENT);
    CHECK_EQ(open("", O_RDONLY), -1);
    CHECK_EQ(open("a-name-that-is-longer-than-any-module-can-have", O_RDONLY), -1);
    CHECK_EQ(open("text", O_WRONLY), -1);
    CHECK_EQ(errno, EROFS);
    CHECK_EQ(open("new", O_WRONLY | O_CREAT, 0644), -1);
    CHECK_EQ(errno, EROFS);
    int a = open("/text", O_RDONLY), b = open("./text", O_RDONLY);
    CHECK(a >= 0 && b >= 0 && a != b);
    close(a);
    close(b);
    int fds[300], n = 0;
    while (n < 300 && (fds[n] = open("text", O_RDONLY)) >= 0)
        n++;
    CHECK(n > 20 && n < 300);
    CHECK(errno == EMFILE);
    while (n-- > 0)
        close(fds[n]);
}

static void big(void)
{
    static char buffer[70000];
    int fd = open("big", O_RDONLY), line = 0, wrong = 0;
    size_t have = 0;
    for (;;) {
        ssize_t n = read(fd, buffer + have, sizeof buffer - have);
        if (n <= 0)
            break;
        have += (size_t)n;
        char *at = buffer, *end;
        while ((end = memchr(at, '\n', have - (size_t)(at - buffer))) != NULL) {
            wrong += atoi(at + 5) != line++;
            at = end + 1;
        }
        have -= (size_t)(at - buffer);
        memmove(buffer, at, have);
    }
    CHECK_EQ(line, LINES);
    CHECK_EQ(wrong, 0);
    close(fd);
}

static void mapping(void)
{
    struct stat st;
    int fd = open("big", O_RDONLY);
    fstat(fd, &st);
    size_t size = (size_t)st.st_size, page = (size_t)getpagesize();
    char *p = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
    char *q = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    CHECK(p != MAP_FAILED && q != MAP_FAILED);
    CHECK(memcmp(p, q, size) == 0);
    int lines = 0;
    for (size_t i = 0; i < size; i++)
        lines += p[i] == '\n';
    CHECK_EQ(lines, LINES);
    q[2 * page] = '!';
    CHECK(p[2 * page] != '!');
    pid_t pid = fork();
    if (pid == 0) {
        q[2 * page + 1] = '?';
        q[3 * page] = '?';
        _exit(q[2 * page] == '!' && p[2 * page] != '!' ? 5 : 1);
    }
    int status;
    waitpid(pid, &status, 0);
    CHECK_EQ(WEXITSTATUS(status), 5);
    CHECK(q[2 * page + 1] == p[2 * page + 1] && q[3 * page] == p[3 * page]);
    CHECK(mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED);
    CHECK_EQ(errno, EACCES);
    CHECK(mmap(NULL, page, PROT_READ, MAP_PRIVATE, fd,
               (off_t)(size + 2 * page) / (off_t)page * (off_t)page) == MAP_FAILED);
    CHECK_EQ(errno, ENXIO);
    CHECK(mmap(NULL, page, PROT_READ, MAP_PRIVATE, fd, 5) == MAP_FAILED);
    CHECK_EQ(errno, EINVAL);
    CHECK(mmap(NULL, page, PROT_READ, MAP_PRIVATE, 1, 0) == MAP_FAILED);
    CHECK_EQ(errno, ENODEV);
    CHECK_EQ(close(fd), 0);
    CHECK_EQ(p[0], 'l'); /* lives on without the descriptor */
    CHECK_EQ(munmap(p, size), 0);
    CHECK_EQ(munmap(q, size), 0);
}

static void shared_offset(void)
{
    int fd = open("text", O_RDONLY);
    char c;
    pid_t pid = fork();
    if (pid == 0) {
        read(fd, &c, 1);
        _exit(c);
    }
    waitpid(pid, NULL, 0);
    CHECK_EQ(read(fd, &c, 1), 1);
    CHECK_EQ(c, 'h');
    close(fd);
}

static void streams(void)
{
    FILE *f = fopen("big", "r");
    char line[64];
    int n = 0;
    CHECK(f != NULL);
    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        n += atoi(line + 5) == n;
    CHECK_EQ(n, LINES);
    fclose(f);
}

int main(void)
{
    BALANCED(reading);
    BALANCED(opening);
    BALANCED(big);
    BALANCED(mapping);
    BALANCED(shared_offset);
    BALANCED(streams);
    return verdict();
}
