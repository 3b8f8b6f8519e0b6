// SPDX-License-Identifier: GPL-2.0-or-later
/* console.c - guest output to a descriptor or to memory, input from a descriptor. See console.h. */
#include "console.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OUT_BUFFER 65536u
#define IN_CHUNK 65536u

void console_open(struct console *c, int fd, struct console_input *in)
{
    *c = (struct console){.fd = fd, .in = in, .tty = fd >= 0 && isatty(fd)};
}

/* Bytes that may go out now. */
static size_t whole(const struct console *c)
{
    if (!c->lines || c->n >= OUT_BUFFER)
        return c->n;
    const uint8_t *end = c->n ? memrchr(c->out, '\n', c->n) : NULL;
    return end ? (size_t)(end - c->out) + 1 : 0;
}

int console_flush(struct console *c)
{
    if (c->fd < 0)
        return c->error;
    size_t at = 0, end = whole(c);
    while (at < end && !c->error) {
        ssize_t put = write(c->fd, c->out + at, end - at);
        if (put < 0 && errno != EINTR)
            c->error = errno;
        if (put > 0)
            at += (size_t)put;
    }
    c->n = c->error ? 0 : c->n - end;
    if (c->n)
        memmove(c->out, c->out + end, c->n);
    return c->error;
}

int console_write(struct console *c, const uint8_t *bytes, size_t n)
{
    uint64_t again = c->shown - c->written < n ? c->shown - c->written : n;
    c->written += n;
    bytes += again;
    n -= (size_t)again;
    c->shown += n;
    if (c->error || n == 0)
        return c->error;
    if (c->n + n > c->cap) {
        c->cap = c->cap ? c->cap : 4096;
        while (c->cap < c->n + n)
            c->cap *= 2;
        c->out = mem_grow(c->out, c->cap, 1);
    }
    memcpy(c->out + c->n, bytes, n);
    c->n += n;
    if (c->n >= OUT_BUFFER || (c->tty && memchr(bytes, '\n', n)))
        return console_flush(c);
    return 0;
}

/* One more piece of input; false at its end. */
static bool fill(struct console_input *in)
{
    if (in->end || in->fd < 0)
        return false;
    if (in->cap - in->n < IN_CHUNK) {
        in->cap = in->n + 2 * IN_CHUNK;
        in->bytes = mem_grow(in->bytes, in->cap, 1);
    }
    ssize_t got;
    do
        got = read(in->fd, in->bytes + in->n, IN_CHUNK);
    while (got < 0 && errno == EINTR);
    if (got <= 0) { /* an unreadable standard input is an empty one */
        in->end = true;
        return false;
    }
    in->n += (size_t)got;
    return true;
}

size_t console_read(struct console *c, uint8_t *bytes, size_t max)
{
    struct console_input *in = c->in;
    if (!in || max == 0)
        return 0;
    if (c->read_at == in->n) {
        if (!in->keep) {
            in->n = 0;
            c->read_at = 0;
        }
        console_flush(c); /* a prompt */
        if (!fill(in))
            return 0;
    }
    size_t n = in->n - c->read_at < max ? in->n - c->read_at : max;
    memcpy(bytes, in->bytes + c->read_at, n);
    c->read_at += n;
    return n;
}

void console_rewind(struct console *c, uint64_t written, uint64_t read_at)
{
    c->written = written;
    c->read_at = (size_t)read_at;
}

void console_close(struct console *c)
{
    c->lines = false;
    console_flush(c);
    free(c->out);
    c->out = NULL;
}
