// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * file.c - FILEs: buffers between programs and file descriptors; the three standard ones.
 *
 * Interface: file.h inside the library; setvbuf, fflush, and exos_stdio_flush for exit().
 * Buffers are full-size except: stdout on a terminal is line-buffered, stderr has none.
 */
#include "file.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static unsigned char in_buffer[FILE_PUSHBACK + BUFSIZ],
    out_buffer[FILE_PUSHBACK + BUFSIZ];

static struct exos_file std_err = {
    .fd = 2, .writable = true, .direct = true, .decided = true};
static struct exos_file std_out = {.fd = 1,
                                   .writable = true,
                                   .base = out_buffer,
                                   .buf = out_buffer + FILE_PUSHBACK,
                                   .end = out_buffer + sizeof out_buffer,
                                   .next = &std_err};
static struct exos_file std_in = {.fd = 0,
                                  .readable = true,
                                  .decided = true,
                                  .base = in_buffer,
                                  .buf = in_buffer + FILE_PUSHBACK,
                                  .end = in_buffer + sizeof in_buffer,
                                  .next = &std_out};
FILE *const stdin = &std_in, *const stdout = &std_out, *const stderr = &std_err;
struct exos_file *file_list = &std_in;

static int fail(FILE *f, int error)
{
    errno = error;
    f->error = true;
    return -1;
}

static void decide(FILE *f)
{
    if (!f->decided) {
        int before = errno;
        f->line = isatty(f->fd);
        errno = before;
    }
    f->decided = true;
    if (f->base)
        return;
    if (!f->direct && (f->base = malloc(FILE_PUSHBACK + BUFSIZ))) {
        f->own_buffer = true;
        f->end = f->base + FILE_PUSHBACK + BUFSIZ;
    } else {
        f->base = f->small;
        f->end = f->small + sizeof f->small;
    }
    f->buf = f->base + FILE_PUSHBACK;
}

/* Write all of it, whatever pieces it goes in. Returns the number written. */
static size_t write_out(FILE *f, const unsigned char *at, size_t n)
{
    size_t done = 0;

    while (done < n) {
        ssize_t w = write(f->fd, at + done, n - done);
        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0) {
            f->error = true;
            break;
        }
        done += (size_t)w;
    }
    return done;
}

int file_flush(FILE *f)
{
    if (!f->wpos || f->wpos == f->buf)
        return 0;
    size_t n = (size_t)(f->wpos - f->buf);
    f->wpos = f->buf;
    return write_out(f, f->buf, n) == n ? 0 : -1;
}

int file_reads(FILE *f)
{
    if (f->rend)
        return 0;
    if (!f->readable)
        return fail(f, EBADF);
    if (file_flush(f))
        return -1;
    decide(f);
    f->wpos = NULL;
    f->rpos = f->rend = f->buf;
    return 0;
}

int file_writes(FILE *f)
{
    if (f->wpos)
        return 0;
    if (!f->writable)
        return fail(f, EBADF);
    if (f->rend && f->rpos != f->rend) /* give back what was read ahead */
        lseek(f->fd, f->rpos - f->rend, SEEK_CUR);
    decide(f);
    f->rpos = f->rend = NULL;
    f->wpos = f->buf;
    return 0;
}

size_t file_fill(FILE *f)
{
    if (file_reads(f))
        return 0;
    if (f->rpos < f->rend)
        return (size_t)(f->rend - f->rpos);
    if (f->eof || f->text) {
        f->eof = true;
        return 0;
    }
    if (std_out.line && f != &std_out)
        file_flush(&std_out); /* a prompt, say */
    ssize_t n;
    do
        n = read(f->fd, f->buf, (size_t)(f->end - f->buf));
    while (n < 0 && errno == EINTR);
    f->rpos = f->rend = f->buf;
    if (n <= 0) {
        if (n)
            f->error = true;
        else
            f->eof = true;
        return 0;
    }
    f->rend += n;
    return (size_t)n;
}

size_t file_put(FILE *f, const void *bytes, size_t n)
{
    const unsigned char *at = bytes;

    if (file_writes(f))
        return 0;
    size_t room = (size_t)(f->end - f->wpos);
    if (f->direct || n > room) {
        if (file_flush(f))
            return 0;
        size_t whole = f->direct ? n : n - n % (size_t)(f->end - f->buf);
        size_t done = whole ? write_out(f, at, whole) : 0;
        if (done < whole)
            return done;
        memcpy(f->wpos, at + whole, n - whole);
        f->wpos += n - whole;
    } else {
        memcpy(f->wpos, at, n);
        f->wpos += n;
    }
    if (f->line && memrchr(bytes, '\n', n) && file_flush(f))
        return 0;
    return n;
}

int fflush(FILE *f)
{
    int result = 0;

    if (f) {
        if (f->rend && f->rpos != f->rend && !f->text &&
            lseek(f->fd, f->rpos - f->rend, SEEK_CUR) >= 0)
            f->rpos = f->rend = f->buf;
        return file_flush(f);
    }
    for (f = file_list; f; f = f->next)
        if (file_flush(f))
            result = EOF;
    return result;
}

/* exit() finds this only in programs that use files. */
void exos_stdio_flush(void);
void exos_stdio_flush(void)
{
    fflush(NULL);
}

int setvbuf(FILE *f, char *buf, int mode, size_t size)
{
    if (mode != _IOFBF && mode != _IOLBF && mode != _IONBF) {
        errno = EINVAL;
        return -1;
    }
    if (file_flush(f) || (f->rend && f->rpos != f->rend))
        return -1; /* too late: data is in the old one */
    f->decided = true;
    f->line = mode == _IOLBF;
    f->direct = mode == _IONBF;
    f->rpos = f->rend = f->wpos = NULL;
    if (f->own_buffer)
        free(f->base);
    f->own_buffer = false;
    f->base = NULL;
    if (!f->direct && buf && size > FILE_PUSHBACK) {
        f->base = (unsigned char *)buf;
        f->end = f->base + size;
    } else if (!f->direct && size > FILE_PUSHBACK &&
               (f->base = malloc(FILE_PUSHBACK + size))) {
        f->own_buffer = true;
        f->end = f->base + FILE_PUSHBACK + size;
    }
    if (f->base)
        f->buf = f->base + FILE_PUSHBACK;
    return 0;
}

void setbuf(FILE *f, char *buf)
{
    setvbuf(f, buf, buf ? _IOFBF : _IONBF, BUFSIZ);
}

void setlinebuf(FILE *f)
{
    setvbuf(f, NULL, _IOLBF, 0);
}
