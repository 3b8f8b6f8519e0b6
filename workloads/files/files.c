// SPDX-License-Identifier: GPL-2.0-or-later
/* files.c - see files.h. */
#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *program = "?";
int status, trouble = 1;

static void message(int error, const char *format, va_list ap)
{
    fflush(stdout);
    fprintf(stderr, "%s: ", program);
    vfprintf(stderr, format, ap);
    if (error != 0)
        fprintf(stderr, ": %s", strerror(error));
    fputc('\n', stderr);
}

void say(int error, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    message(error, format, ap);
    va_end(ap);
    if (error != 0)
        status = trouble;
}

void die(int error, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    message(error, format, ap);
    va_end(ap);
    exit(trouble);
}

void *allocate(size_t n)
{
    void *p = malloc(n != 0 ? n : 1);
    if (p == NULL)
        die(ENOMEM, "%zu bytes", n);
    return p;
}

void *grow(void *p, size_t n)
{
    p = realloc(p, n);
    if (p == NULL)
        die(ENOMEM, "%zu bytes", n);
    return p;
}

char *copy_string(const char *s)
{
    return strcpy(allocate(strlen(s) + 1), s);
}

char *join(const char *dir, const char *name)
{
    size_t n = strlen(dir);
    char *path = allocate(n + strlen(name) + 2);
    memcpy(path, dir, n);
    if (n > 0 && dir[n - 1] != '/')
        path[n++] = '/';
    strcpy(path + n, name);
    return path;
}

const char *base_name(const char *path)
{
    const char *base = path;
    for (const char *p = path; *p != '\0'; p++)
        if (*p == '/' && p[1] != '/' && p[1] != '\0')
            base = p + 1;
    return base;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int read_names(const char *dir, char ***names, size_t *n)
{
    size_t room = 0;
    *names = NULL;
    *n = 0;
    DIR *d = opendir(dir);
    if (d == NULL)
        return -1;
    errno = 0;
    for (struct dirent *e; (e = readdir(d)) != NULL; errno = 0) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        if (*n == room) {
            room = room == 0 ? 32 : 2 * room;
            *names = grow(*names, room * sizeof **names);
        }
        (*names)[(*n)++] = copy_string(e->d_name);
    }
    int error = errno;
    closedir(d);
    if (error != 0) {
        free_names(*names, *n);
        errno = error;
        return -1;
    }
    if (*n > 1)
        qsort(*names, *n, sizeof **names, by_bytes);
    return 0;
}

void free_names(char **names, size_t n)
{
    while (n > 0)
        free(names[--n]);
    free(names);
}

ssize_t read_full(int fd, void *buf, size_t n)
{
    size_t done = 0;
    while (done < n) {
        ssize_t r = read(fd, (char *)buf + done, n - done);
        if (r < 0)
            return -1;
        if (r == 0)
            break;
        done += (size_t)r;
    }
    return (ssize_t)done;
}

int write_full(int fd, const void *buf, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t r = write(fd, (const char *)buf + done, n - done);
        if (r < 0)
            return -1;
        done += (size_t)r;
    }
    return 0;
}

char *read_link(const char *path, const struct stat *st)
{
    size_t room = st->st_size > 0 ? (size_t)st->st_size + 1 : 256;
    for (;;) {
        char *to = allocate(room);
        ssize_t n = readlink(path, to, room);
        if (n < 0) {
            free(to);
            return NULL;
        }
        if ((size_t)n < room) {
            to[n] = '\0';
            return to;
        }
        free(to); /* it grew */
        room *= 2;
    }
}
