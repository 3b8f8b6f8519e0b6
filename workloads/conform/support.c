// SPDX-License-Identifier: GPL-2.0-or-later
/* support.c - see support.h. */
#include "support.h"

#include <fcntl.h>
#include <unistd.h>

static int caught_fd, saved_fd, read_end, saved_input;

void capture_begin(int fd)
{
    int ends[2] = {-1, -1};
    saved_fd = dup(fd);
    caught_fd = fd;
    if (pipe(ends) == 0) {
        dup2(ends[1], fd);
        close(ends[1]);
    }
    read_end = ends[0];
}

size_t capture_end(char *buf, size_t size)
{
    size_t n = 0;
    ssize_t r;
    dup2(saved_fd, caught_fd); /* the pipe's last writing end */
    close(saved_fd);
    while (n + 1 < size && (r = read(read_end, buf + n, size - 1 - n)) > 0)
        n += (size_t)r;
    buf[n] = '\0';
    close(read_end);
    return n;
}

void feed_begin(const char *text)
{
    int ends[2];
    saved_input = dup(STDIN_FILENO);
    if (pipe(ends) != 0)
        return;
    if (write(ends[1], text, strlen(text)) == (ssize_t)strlen(text))
        dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    close(ends[1]);
}

void feed_end(void)
{
    if (saved_input >= 0) {
        dup2(saved_input, STDIN_FILENO);
        close(saved_input);
    } else {
        close(STDIN_FILENO);
    }
}

bool put_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    size_t n = strlen(text);
    bool done = fd >= 0 && write(fd, text, n) == (ssize_t)n;
    if (fd >= 0)
        close(fd);
    return done;
}

const char *get_file(const char *path, char *buf, size_t size)
{
    int fd = open(path, O_RDONLY);
    ssize_t n = fd >= 0 ? read(fd, buf, size - 1) : 0;
    if (fd >= 0)
        close(fd);
    buf[n > 0 ? n : 0] = '\0';
    return buf;
}

bool file_is(const char *path, const char *text)
{
    char buf[512];
    return strcmp(get_file(path, buf, sizeof buf), text) == 0;
}

FILE *stream_of(const char *text, const char *mode)
{
    return put_file("stream", text) ? fopen("stream", mode) : NULL;
}
