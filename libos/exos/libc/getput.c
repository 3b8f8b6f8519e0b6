// SPDX-License-Identifier: GPL-2.0-or-later
/* getput.c - characters, lines and blocks from and to files. */
#include "file.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int fgetc(FILE *f)
{
    if (f->rpos < f->rend || file_fill(f))
        return *f->rpos++;
    return EOF;
}

int getc(FILE *f)
{
    return fgetc(f);
}

int getchar(void)
{
    return fgetc(stdin);
}

int ungetc(int c, FILE *f)
{
    if (c == EOF || file_reads(f) || f->rpos == f->base)
        return EOF;
    *--f->rpos = (unsigned char)c;
    f->eof = false;
    return (unsigned char)c;
}

size_t fread(void *p, size_t size, size_t n, FILE *f)
{
    unsigned char *to = p;
    size_t want, done = 0;

    if (__builtin_mul_overflow(size, n, &want)) {
        errno = EOVERFLOW;
        return 0;
    }
    while (done < want) {
        size_t have = file_fill(f);
        if (!have)
            break;
        if (have > want - done)
            have = want - done;
        memcpy(to + done, f->rpos, have);
        f->rpos += have;
        done += have;
    }
    return done == want ? (want ? n : 0) : done / size;
}

/* Take the error flag off while something is read: only its own errors make that fail. */
static bool error_aside(FILE *f)
{
    bool before = f->error;

    f->error = false;
    return before;
}

/* Was there one? The flag is as if nobody had touched it. */
static bool error_since(FILE *f, bool before)
{
    bool now = f->error;

    f->error = now || before;
    return now;
}

char *fgets(char *s, int n, FILE *f)
{
    char *to = s;
    size_t left = n > 0 ? (size_t)n - 1 : 0;

    if (n <= 0)
        return NULL;
    bool before = error_aside(f);
    while (left) {
        size_t have = file_fill(f);
        if (!have)
            break;
        if (have > left)
            have = left;
        unsigned char *newline = memchr(f->rpos, '\n', have);
        if (newline)
            have = (size_t)(newline - f->rpos) + 1;
        memcpy(to, f->rpos, have);
        f->rpos += have;
        to += have;
        left -= have;
        if (newline)
            break;
    }
    if (error_since(f, before) || (to == s && n > 1))
        return NULL;
    *to = 0;
    return s;
}

ssize_t getdelim(char **line, size_t *size, int delim, FILE *f)
{
    size_t len = 0;
    unsigned char *found = NULL;

    if (!line || !size) {
        errno = EINVAL;
        return -1;
    }
    if (!*line)
        *size = 0;
    bool before = error_aside(f);
    while (!found) {
        size_t have = file_fill(f);
        if (!have)
            break;
        found = memchr(f->rpos, delim, have);
        if (found)
            have = (size_t)(found - f->rpos) + 1;
        if (*size < len + have + 1) {
            size_t grown = *size * 2 > len + have + 1 ? *size * 2 : len + have + 1;
            grown = grown < 120 ? 120 : grown;
            char *bigger = realloc(*line, grown);
            if (!bigger) {
                f->error = true;
                return -1;
            }
            *line = bigger;
            *size = grown;
        }
        memcpy(*line + len, f->rpos, have);
        f->rpos += have;
        len += have;
    }
    if (error_since(f, before) || !len)
        return -1;
    (*line)[len] = 0;
    return (ssize_t)len;
}

ssize_t getline(char **line, size_t *size, FILE *f)
{
    return getdelim(line, size, '\n', f);
}

int fputc(int c, FILE *f)
{
    unsigned char byte = (unsigned char)c;

    if (f->wpos && f->wpos < f->end && !f->direct && !f->line) {
        *f->wpos++ = byte;
        return byte;
    }
    return file_put(f, &byte, 1) ? byte : EOF;
}

int putc(int c, FILE *f)
{
    return fputc(c, f);
}

int putchar(int c)
{
    return fputc(c, stdout);
}

int fputs(const char *s, FILE *f)
{
    size_t n = strlen(s);

    return file_put(f, s, n) == n ? 0 : EOF;
}

int puts(const char *s)
{
    return fputs(s, stdout) || fputc('\n', stdout) == EOF ? EOF : 0;
}

size_t fwrite(const void *p, size_t size, size_t n, FILE *f)
{
    size_t want;

    if (__builtin_mul_overflow(size, n, &want)) {
        errno = EOVERFLOW;
        return 0;
    }
    if (!want)
        return 0;
    size_t done = file_put(f, p, want);
    return done == want ? n : done / size;
}

void perror(const char *s)
{
    int error = errno;

    if (s && *s)
        fprintf(stderr, "%s: ", s);
    fprintf(stderr, "%s\n", strerror(error));
}
