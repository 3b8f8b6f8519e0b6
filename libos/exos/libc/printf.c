// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * printf.c - the printf family: format_all() into files, descriptors and memory.
 *
 * An unbuffered file and a descriptor get the text of one call in as few writes as a
 * buffer on the stack allows, so that lines of several processes do not mix.
 */
#include "file.h"
#include "format.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* -- files -- */

struct file_sink {
    struct sink sink;
    FILE *file;
    bool failed;
};

static void put_file(struct sink *to, const char *text, size_t n)
{
    struct file_sink *s = (struct file_sink *)to;

    if (file_put(s->file, text, n) != n)
        s->failed = true;
}

int vfprintf(FILE *f, const char *format, va_list ap)
{
    struct file_sink to = {.sink = {.put = put_file}, .file = f};

    if (f->direct) {
        if (file_writes(f))
            return -1;
        return vdprintf(f->fd, format, ap);
    }
    int n = format_all(&to.sink, format, ap);
    return to.failed ? -1 : n;
}

/* -- descriptors -- */

struct fd_sink {
    struct sink sink;
    int fd;
    bool failed;
    size_t used;
    char text[256];
};

static void flush_fd(struct fd_sink *s)
{
    for (size_t done = 0; done < s->used && !s->failed;) {
        ssize_t w = write(s->fd, s->text + done, s->used - done);
        if (w > 0)
            done += (size_t)w;
        else if (w == 0 || errno != EINTR)
            s->failed = true;
    }
    s->used = 0;
}

static void put_fd(struct sink *to, const char *text, size_t n)
{
    struct fd_sink *s = (struct fd_sink *)to;

    while (n) {
        size_t fits = sizeof s->text - s->used;
        if (fits > n)
            fits = n;
        memcpy(s->text + s->used, text, fits);
        s->used += fits;
        text += fits;
        n -= fits;
        if (s->used == sizeof s->text)
            flush_fd(s);
    }
}

int vdprintf(int fd, const char *format, va_list ap)
{
    struct fd_sink to;

    to.sink.put = put_fd;
    to.fd = fd;
    to.failed = false;
    to.used = 0;
    int n = format_all(&to.sink, format, ap);
    flush_fd(&to);
    return to.failed ? -1 : n;
}

/* -- memory -- */

struct memory_sink {
    struct sink sink;
    char *at, *end; /* end: place of the final NUL at the latest */
};

static void put_memory(struct sink *to, const char *text, size_t n)
{
    struct memory_sink *s = (struct memory_sink *)to;
    size_t room = (size_t)(s->end - s->at);

    if (n > room)
        n = room;
    memcpy(s->at, text, n);
    s->at += n;
}

int vsnprintf(char *s, size_t n, const char *format, va_list ap)
{
    char none;
    struct memory_sink to = {.sink = {.put = put_memory}, .at = n ? s : &none};

    if (n > __PTRDIFF_MAX__)
        n = __PTRDIFF_MAX__;
    if (n && (uintptr_t)s + n < (uintptr_t)s) /* vsprintf: to the end of memory */
        n = -(uintptr_t)s;
    to.end = to.at + (n ? n - 1 : 0);
    int total = format_all(&to.sink, format, ap);
    *to.at = 0;
    return total;
}

int vsprintf(char *s, const char *format, va_list ap)
{
    return vsnprintf(s, __PTRDIFF_MAX__, format, ap);
}

int vasprintf(char **s, const char *format, va_list ap)
{
    int n = vsnprintf(NULL, 0, format, ap);

    *s = n < 0 ? NULL : malloc((size_t)n + 1);
    return *s ? vsnprintf(*s, (size_t)n + 1, format, ap) : -1;
}

/* -- with arguments listed -- */

int printf(const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    int n = vfprintf(stdout, format, ap);
    va_end(ap);
    return n;
}

int fprintf(FILE *f, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    int n = vfprintf(f, format, ap);
    va_end(ap);
    return n;
}

int dprintf(int fd, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    int n = vdprintf(fd, format, ap);
    va_end(ap);
    return n;
}

int sprintf(char *s, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    int n = vsprintf(s, format, ap);
    va_end(ap);
    return n;
}

int snprintf(char *s, size_t n, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    int len = vsnprintf(s, n, format, ap);
    va_end(ap);
    return len;
}

int asprintf(char **s, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    int n = vasprintf(s, format, ap);
    va_end(ap);
    return n;
}

int vprintf(const char *format, va_list ap)
{
    return vfprintf(stdout, format, ap);
}
