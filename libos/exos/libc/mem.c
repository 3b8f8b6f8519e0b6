// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mem.c - copying, setting, comparing and searching memory, a word at a time.
 *
 * Interface: <string.h>, the mem* functions. The compiler calls memcpy, memmove, memset
 * and memcmp on its own, so nothing here may lean on another part of the library.
 *
 * When source and destination are not aligned alike, words are put together from two
 * aligned reads: that needs no unaligned access from the machine.
 */
#include "libc_priv.h"
#include <string.h>

WORDWISE static void copy_up_shifted(word *to, const unsigned char *from, size_t words)
{
    unsigned off = (unsigned)WORD_OFFSET(from);
    const word *src = (const word *)(const void *)(from - off);
    unsigned down = 8 * off, up = WORD_BITS - down;
    word low = *src++;

    while (words--) {
        word high = *src++;
        *to++ = low >> down | high << up;
        low = high;
    }
}

WORDWISE static void copy_up_aligned(word *to, const word *from, size_t words)
{
    for (; words >= 4; words -= 4, to += 4, from += 4) {
        word a = from[0], b = from[1], c = from[2], d = from[3];
        to[0] = a;
        to[1] = b;
        to[2] = c;
        to[3] = d;
    }
    while (words--)
        *to++ = *from++;
}

/* Bytes from low to high addresses; right for overlaps with to < from. */
static void copy_up(unsigned char *to, const unsigned char *from, size_t n)
{
    if (n >= 2 * WORD_BYTES) {
        for (; WORD_OFFSET(to); n--)
            *to++ = *from++;
        size_t words = n / WORD_BYTES;
        if (WORD_OFFSET(from))
            copy_up_shifted((word *)(void *)to, from, words);
        else
            copy_up_aligned((word *)(void *)to, (const word *)(const void *)from, words);
        to += words * WORD_BYTES;
        from += words * WORD_BYTES;
        n %= WORD_BYTES;
    }
    while (n--)
        *to++ = *from++;
}

WORDWISE static void copy_down(unsigned char *to, const unsigned char *from, size_t n)
{
    to += n;
    from += n;
    if (n >= 2 * WORD_BYTES) {
        for (; WORD_OFFSET(to); n--)
            *--to = *--from;
        unsigned off = (unsigned)WORD_OFFSET(from);
        const word *src = (const word *)(const void *)(from - off);
        word *dst = (word *)(void *)to;
        size_t words = n / WORD_BYTES;
        if (!off) {
            for (size_t i = words; i; i--)
                *--dst = *--src;
        } else {
            unsigned down = 8 * off, up = WORD_BITS - down;
            word high = *src;
            for (size_t i = words; i; i--) {
                word low = *--src;
                *--dst = low >> down | high << up;
                high = low;
            }
        }
        to -= words * WORD_BYTES;
        from -= words * WORD_BYTES;
        n %= WORD_BYTES;
    }
    while (n--)
        *--to = *--from;
}

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
    copy_up(to, from, n);
    return to;
}

void *mempcpy(void *restrict to, const void *restrict from, size_t n)
{
    copy_up(to, from, n);
    return (char *)to + n;
}

void *memmove(void *to, const void *from, size_t n)
{
    if ((uintptr_t)to - (uintptr_t)from >= n)
        copy_up(to, from, n);
    else
        copy_down(to, from, n);
    return to;
}

void *memset(void *p, int c, size_t n)
{
    unsigned char *to = p, byte = (unsigned char)c;

    if (n >= 2 * WORD_BYTES) {
        for (; WORD_OFFSET(to); n--)
            *to++ = byte;
        word fill = WORD_LOW * byte, *w = (word *)(void *)to;
        size_t words = n / WORD_BYTES;
        to += words * WORD_BYTES;
        n %= WORD_BYTES;
        for (; words >= 4; words -= 4, w += 4) {
            w[0] = fill;
            w[1] = fill;
            w[2] = fill;
            w[3] = fill;
        }
        while (words--)
            *w++ = fill;
    }
    while (n--)
        *to++ = byte;
    return p;
}

/* Number of leading words that are equal; a is aligned, b need not be. */
WORDWISE static size_t equal_words(const unsigned char *a, const unsigned char *b,
                                   size_t words)
{
    const word *wa = (const word *)(const void *)a;
    unsigned off = (unsigned)WORD_OFFSET(b);
    const word *wb = (const word *)(const void *)(b - off);
    size_t i = 0;

    if (!off) {
        while (i < words && wa[i] == wb[i])
            i++;
        return i;
    }
    unsigned down = 8 * off, up = WORD_BITS - down;
    for (word low = wb[0]; i < words; i++) {
        word high = wb[i + 1];
        if (wa[i] != (low >> down | high << up))
            break;
        low = high;
    }
    return i;
}

int memcmp(const void *pa, const void *pb, size_t n)
{
    const unsigned char *a = pa, *b = pb;

    if (n >= 4 * WORD_BYTES) {
        for (; WORD_OFFSET(a); a++, b++, n--)
            if (*a != *b)
                return *a - *b;
        size_t equal = equal_words(a, b, n / WORD_BYTES) * WORD_BYTES;
        a += equal;
        b += equal;
        n -= equal;
    }
    for (; n; a++, b++, n--)
        if (*a != *b)
            return *a - *b;
    return 0;
}

WORDWISE void *memchr(const void *p, int c, size_t n)
{
    const char *s = p, *end = n > -(uintptr_t)s ? (const char *)-1 : s + n;
    word want = WORD_LOW * (unsigned char)c, marks;
    const word *w = (const word *)(const void *)(s - WORD_OFFSET(s));

    if (!n)
        return NULL;
    /* bytes in front of s become all ones: no match */
    marks = word_zero((*w ^ want) | (((word)1 << 8 * WORD_OFFSET(s)) - 1));
    while (!marks) {
        if ((const char *)++w >= end)
            return NULL;
        marks = word_zero(*w ^ want);
    }
    s = (const char *)w + word_first(marks);
    return s < end ? (char *)(uintptr_t)s : NULL;
}

void *memrchr(const void *p, int c, size_t n)
{
    const unsigned char *s = p;

    while (n--)
        if (s[n] == (unsigned char)c)
            return (void *)(s + n);
    return NULL;
}

void *memmem(const void *hay, size_t n, const void *needle, size_t m)
{
    const char *at = hay, *end = at + n;

    if (!m)
        return (void *)at;
    while ((size_t)(end - at) >= m) {
        at = memchr(at, *(const char *)needle, (size_t)(end - at) - m + 1);
        if (!at)
            break;
        if (!memcmp(at, needle, m))
            return (void *)at;
        at++;
    }
    return NULL;
}

void *memccpy(void *restrict to, const void *restrict from, int c, size_t n)
{
    const void *last = memchr(from, c, n);

    if (!last) {
        memcpy(to, from, n);
        return NULL;
    }
    return mempcpy(to, from, (size_t)((const char *)last - (const char *)from) + 1);
}
