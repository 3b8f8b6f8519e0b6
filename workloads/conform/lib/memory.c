// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * memory.c - copying, setting, comparing and searching memory: every alignment of both sides against a
 * loop over bytes, guard bytes on both ends, overlaps, nothing at all, bytes above 127.
 */
#include "harness.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#define AREA 96

static unsigned char from[AREA], to[AREA], want[AREA];

static void fill(void)
{
    for (unsigned i = 0; i < AREA; i++) {
        from[i] = (unsigned char)(i * 7 + 1);
        to[i] = want[i] = (unsigned char)(200 + i);
    }
}

/* Bytes that differ from what was wanted, in all of the area. */
static unsigned wrong(void)
{
    unsigned n = 0;
    for (unsigned i = 0; i < AREA; i++)
        n += to[i] != want[i];
    return n;
}

static void expect_copy(unsigned at, const unsigned char *source, unsigned n)
{
    unsigned char held[AREA];
    for (unsigned i = 0; i < n; i++)
        held[i] = source[i];
    for (unsigned i = 0; i < n; i++)
        want[at + i] = held[i];
}

/* Copies of n bytes between all alignments, by f, which returns its first argument `plus` bytes on. */
static unsigned copies(void *(*f)(void *, const void *, size_t), unsigned n, bool plus)
{
    unsigned bad = 0;
    for (unsigned a = 0; a < 9; a++)
        for (unsigned b = 0; b < 9; b++) {
            fill();
            expect_copy(8 + a, from + b, n);
            bad += f(to + 8 + a, from + b, n) != to + 8 + a + (plus ? n : 0);
            bad += wrong();
        }
    return bad;
}

static void *by_memcpy(void *p, const void *q, size_t n)
{
    return memcpy(p, q, n);
}

static void *by_mempcpy(void *p, const void *q, size_t n)
{
    return mempcpy(p, q, n);
}

static void *by_bcopy(void *p, const void *q, size_t n)
{
    bcopy(q, p, n);
    return p;
}

/* Copies within one area, both ways, all distances up to 20. */
static unsigned overlaps(void *(*f)(void *, const void *, size_t), unsigned n)
{
    unsigned bad = 0;
    for (unsigned a = 0; a < 20; a++)
        for (unsigned b = 0; b < 20; b++) {
            fill();
            expect_copy(8 + a, to + 8 + b, n);
            bad += f(to + 8 + a, to + 8 + b, n) != to + 8 + a;
            bad += wrong();
        }
    return bad;
}

CONFORM(memcpy, NEEDS_NONE)
{
    CHECK_EQ(copies(by_memcpy, 0, false), 0);
    CHECK_EQ(copies(by_memcpy, 1, false), 0);
    CHECK_EQ(copies(by_memcpy, 7, false), 0);
    CHECK_EQ(copies(by_memcpy, 33, false), 0);
}

CONFORM(mempcpy, NEEDS_NONE)
{
    CHECK_EQ(copies(by_mempcpy, 0, true), 0);
    CHECK_EQ(copies(by_mempcpy, 5, true), 0);
    CHECK_EQ(copies(by_mempcpy, 40, true), 0);
}

CONFORM(memmove, NEEDS_NONE)
{
    CHECK_EQ(copies(memmove, 17, false), 0);
    CHECK_EQ(overlaps(memmove, 0), 0);
    CHECK_EQ(overlaps(memmove, 3), 0);
    CHECK_EQ(overlaps(memmove, 41), 0);
}

CONFORM(bcopy, NEEDS_NONE)
{
    CHECK_EQ(copies(by_bcopy, 19, false), 0);
    CHECK_EQ(overlaps(by_bcopy, 24), 0);
    CHECK_EQ(overlaps(by_bcopy, 0), 0);
}

static unsigned sets(unsigned n, int c)
{
    unsigned bad = 0;
    for (unsigned a = 0; a < 9; a++) {
        fill();
        for (unsigned i = 0; i < n; i++)
            want[8 + a + i] = (unsigned char)c;
        bad += memset(to + 8 + a, c, n) != to + 8 + a;
        bad += wrong();
    }
    return bad;
}

CONFORM(memset, NEEDS_NONE)
{
    CHECK_EQ(sets(0, 'x'), 0);
    CHECK_EQ(sets(1, 'x'), 0);
    CHECK_EQ(sets(13, 0xff), 0);
    CHECK_EQ(sets(64, 0), 0);
    CHECK_EQ(sets(37, 0x1234), 0); /* as an unsigned char */
    CHECK_EQ(sets(30, -2), 0);
}

CONFORM(bzero, NEEDS_NONE)
{
    fill();
    for (unsigned i = 11; i < 64; i++)
        want[i] = 0;
    bzero(to + 11, 53);
    CHECK_EQ(wrong(), 0);
    volatile size_t none = 0;
    bzero(to + 80, none);
    CHECK_EQ(wrong(), 0);
}

/* Areas alike but for byte `at`: the sign of their order, at all alignments. */
static unsigned orders(int (*f)(const void *, const void *, size_t), unsigned n,
                       bool sign)
{
    unsigned bad = 0;
    for (unsigned a = 0; a < 9; a++)
        for (unsigned at = 0; at < n; at += 3) {
            memset(from, 0x7f, AREA);
            memset(to, 0x7f, AREA);
            from[a + at] = 0x80; /* more than 0x7f, as a signed char less */
            int r = f(from + a, to + 3, n);
            bad += r == 0; /* equal areas differ in one place, at different offsets */
            bad += sign && r < 0;
            to[3 + at] = 0x81;
            r = f(from + a, to + 3, n);
            bad += sign ? r >= 0 : r == 0;
            to[3 + at] = 0x80;
            bad += f(from + a, to + 3, n) != 0;
            bad += f(from + a, to + 3, at) != 0;
        }
    return bad;
}

CONFORM(memcmp, NEEDS_NONE)
{
    CHECK_EQ(orders(memcmp, 5, true), 0);
    CHECK_EQ(orders(memcmp, 50, true), 0);
    CHECK_EQ(memcmp("a", "b", 0), 0);
    CHECK(memcmp("a\0c", "a\0b", 3) > 0);
    CHECK(memcmp("abc", "abd", 2) == 0);
}

CONFORM(bcmp, NEEDS_NONE)
{
    CHECK_EQ(orders(bcmp, 34, false), 0);
    CHECK_EQ(bcmp("a", "b", 0), 0);
    CHECK(bcmp("a\0c", "a\0b", 3) != 0);
}

CONFORM(memchr, NEEDS_NONE)
{
    unsigned bad = 0;
    for (unsigned a = 0; a < 9; a++)
        for (unsigned at = 0; at < 30; at++) {
            memset(from, 'x', AREA);
            from[8 + a + at] = 0xe1;
            bad += memchr(from + 8 + a, 0xe1, 30) != from + 8 + a + at;
            bad += memchr(from + 8 + a, 0xe1, at) != NULL;
            bad += memchr(from + 8 + a, 0x7e1, at + 1) != from + 8 + a + at;
            bad += memchr(from + 9 + a + at, 0xe1, 10) != NULL;
        }
    CHECK_EQ(bad, 0);
    CHECK(memchr("aba", 'a', 3) != NULL);
    CHECK(memchr("aba", 'a', 0) == NULL);
    CHECK_STR(memchr("ab\0cd", 'c', 6), "cd");
    CHECK_STR(memchr("abc", 'b', SIZE_MAX), "bc"); /* stops at the first one */
}

CONFORM(memrchr, NEEDS_NONE)
{
    const char *s = "abcabc";
    CHECK(memrchr(s, 'b', 6) == s + 4);
    CHECK(memrchr(s, 'b', 4) == s + 1);
    CHECK(memrchr(s, 'a', 1) == s);
    CHECK(memrchr(s, 'a', 0) == NULL);
    CHECK(memrchr(s, 0, 6) == NULL);
    CHECK(memrchr(s, 0, 7) == s + 6);
    CHECK(memrchr(s, 'c' + 256, 6) == s + 5);
}

CONFORM(memmem, NEEDS_NONE)
{
    const char *s = "abab\0abac";
    CHECK(memmem(s, 9, "abac", 4) == s + 5);
    CHECK(memmem(s, 8, "abac", 4) == NULL);
    CHECK(memmem(s, 9, "b\0a", 3) == s + 3);
    CHECK(memmem(s, 9, "", 0) == s);
    CHECK(memmem(s, 0, "a", 1) == NULL);
    CHECK(memmem(s, 2, "aba", 3) == NULL);
    CHECK(memmem(s, 9, s, 9) == s);
}

CONFORM(memccpy, NEEDS_NONE)
{
    char copy[8] = "-------";
    CHECK(memccpy(copy, "abcdef", 'c', 6) == copy + 3);
    CHECK(memcmp(copy, "abc----", 8) == 0);
    CHECK(memccpy(copy, "xyz", 'q', 2) == NULL);
    CHECK(memcmp(copy, "xyc----", 8) == 0);
    CHECK(memccpy(copy, "q", 'q', 0) == NULL);
    CHECK(memccpy(copy, "mn\xe1p", 0xe1, 4) == copy + 3);
    CHECK(memcmp(copy, "mn\xe1----", 8) == 0);
}
