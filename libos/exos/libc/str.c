// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * str.c - strings: length, copy, compare, find one character. What scans long strings
 * goes a word at a time.
 *
 * Interface: <string.h>; sets, substrings and tokens are in strset.c.
 */
#include "libc_priv.h"
#include <string.h>
#include <strings.h>

/* The word s points into, bytes in front of s all ones. */
WORDWISE static word first_word(const char *s)
{
    const word *w = (const word *)(const void *)(s - WORD_OFFSET(s));

    return *w | (((word)1 << 8 * WORD_OFFSET(s)) - 1);
}

WORDWISE size_t strlen(const char *s)
{
    const word *w = (const word *)(const void *)(s - WORD_OFFSET(s));
    word zero = word_zero(first_word(s));

    while (!zero)
        zero = word_zero(*++w);
    return (size_t)((const char *)w + word_first(zero) - s);
}

size_t strnlen(const char *s, size_t n)
{
    const char *end = memchr(s, 0, n);

    return end ? (size_t)(end - s) : n;
}

char *stpcpy(char *restrict to, const char *restrict from)
{
    size_t n = strlen(from);

    memcpy(to, from, n + 1);
    return to + n;
}

char *strcpy(char *restrict to, const char *restrict from)
{
    memcpy(to, from, strlen(from) + 1);
    return to;
}

char *stpncpy(char *restrict to, const char *restrict from, size_t n)
{
    size_t len = strnlen(from, n);

    memcpy(to, from, len);
    memset(to + len, 0, n - len);
    return to + len;
}

char *strncpy(char *restrict to, const char *restrict from, size_t n)
{
    stpncpy(to, from, n);
    return to;
}

size_t strlcpy(char *restrict to, const char *restrict from, size_t size)
{
    size_t n = strlen(from);

    if (size) {
        size_t fits = n < size ? n : size - 1;
        memcpy(to, from, fits);
        to[fits] = 0;
    }
    return n;
}

size_t strlcat(char *restrict to, const char *restrict from, size_t size)
{
    size_t have = strnlen(to, size);

    return have + strlcpy(to + have, from, size - have);
}

char *strcat(char *restrict to, const char *restrict from)
{
    strcpy(to + strlen(to), from);
    return to;
}

char *strncat(char *restrict to, const char *restrict from, size_t n)
{
    size_t len = strnlen(from, n);
    char *end = to + strlen(to);

    memcpy(end, from, len);
    end[len] = 0;
    return to;
}

WORDWISE int strcmp(const char *a, const char *b)
{
    if (WORD_OFFSET(a) == WORD_OFFSET(b)) {
        for (; WORD_OFFSET(a); a++, b++)
            if (*a != *b || !*a)
                return (unsigned char)*a - (unsigned char)*b;
        const word *wa = (const word *)(const void *)a,
                   *wb = (const word *)(const void *)b;
        while (*wa == *wb && !word_zero(*wa)) {
            wa++;
            wb++;
        }
        a = (const char *)wa;
        b = (const char *)wb;
    }
    for (; *a == *b && *a; a++, b++)
        ;
    return (unsigned char)*a - (unsigned char)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
    for (; n; a++, b++, n--)
        if (*a != *b || !*a)
            return (unsigned char)*a - (unsigned char)*b;
    return 0;
}

int strcoll(const char *a, const char *b)
{
    return strcmp(a, b);
}

size_t strxfrm(char *restrict to, const char *restrict from, size_t n)
{
    return strlcpy(to, from, n);
}

WORDWISE char *strchrnul(const char *s, int c)
{
    char ch = (char)c;

    for (; WORD_OFFSET(s); s++)
        if (!*s || *s == ch)
            return (char *)s;
    word want = WORD_LOW * (unsigned char)c;
    const word *w = (const word *)(const void *)s;
    while (!word_zero(*w) && !word_zero(*w ^ want))
        w++;
    for (s = (const char *)w; *s && *s != ch; s++)
        ;
    return (char *)s;
}

char *strchr(const char *s, int c)
{
    char *at = strchrnul(s, c);

    return *at == (char)c ? at : NULL;
}

char *strrchr(const char *s, int c)
{
    return memrchr(s, c, strlen(s) + 1);
}

/* -- strings.h -- */

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

int strncasecmp(const char *a, const char *b, size_t n)
{
    for (; n; a++, b++, n--)
        if (lower(*a) != lower(*b) || !*a)
            return lower(*a) - lower(*b);
    return 0;
}

int strcasecmp(const char *a, const char *b)
{
    return strncasecmp(a, b, (size_t)-1);
}

void bcopy(const void *from, void *to, size_t n)
{
    memmove(to, from, n);
}

void bzero(void *p, size_t n)
{
    memset(p, 0, n);
}

int bcmp(const void *a, const void *b, size_t n)
{
    return memcmp(a, b, n);
}

char *index(const char *s, int c)
{
    return strchr(s, c);
}

char *rindex(const char *s, int c)
{
    return strrchr(s, c);
}

int ffs(int v)
{
    return v ? __builtin_ctz((unsigned)v) + 1 : 0;
}
