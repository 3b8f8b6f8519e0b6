// SPDX-License-Identifier: GPL-2.0-or-later
/* string_copy.c - strings: length, copies, appending, copies on the heap. */
#include "harness.h"

#include <stdlib.h>
#include <string.h>

/* What a copy must not touch. */
#define FRESH(buf) memset(buf, '#', sizeof(buf))

CONFORM(strlen, NEEDS_NONE)
{
    static char s[64];
    unsigned bad = 0;
    for (unsigned a = 0; a < 9; a++)
        for (unsigned n = 0; n < 40; n++) {
            memset(s, '\x80', sizeof s);
            s[a + n] = '\0';
            bad += strlen(s + a) != n;
        }
    CHECK_EQ(bad, 0);
    CHECK_EQ(strlen(""), 0);
    CHECK_EQ(strlen("\x01\xff\x7f"), 3);
}

CONFORM(strnlen, NEEDS_NONE)
{
    char open[4] = {'a', 'b', 'c', 'd'}; /* no end */
    CHECK_EQ(strnlen(open, 4), 4);
    CHECK_EQ(strnlen(open, 0), 0);
    CHECK_EQ(strnlen("abc", 2), 2);
    CHECK_EQ(strnlen("abc", 3), 3);
    CHECK_EQ(strnlen("abc", 100), 3);
    CHECK_EQ(strnlen("abc", (size_t)-1), 3);
}

CONFORM(strcpy, NEEDS_NONE)
{
    char to[8];
    FRESH(to);
    CHECK(strcpy(to, "abc") == to);
    CHECK(memcmp(to, "abc\0####", 8) == 0);
    CHECK(strcpy(to + 3, "") == to + 3);
    CHECK_STR(to, "abc");
    CHECK_STR(strcpy(to, "1234567"), "1234567");
}

CONFORM(stpcpy, NEEDS_NONE)
{
    char to[8];
    FRESH(to);
    CHECK(stpcpy(to, "abc") == to + 3);
    CHECK(memcmp(to, "abc\0####", 8) == 0);
    CHECK(stpcpy(stpcpy(to, "12"), "34") == to + 4);
    CHECK_STR(to, "1234");
    CHECK(stpcpy(to, "") == to);
    CHECK_STR(to, "");
}

CONFORM(strncpy, NEEDS_NONE)
{
    char to[8];
    FRESH(to);
    CHECK(strncpy(to, "abcdef", 3) == to); /* no end is put */
    CHECK(memcmp(to, "abc#####", 8) == 0);
    FRESH(to);
    CHECK(strncpy(to, "ab", 6) == to); /* the rest is zeros */
    CHECK(memcmp(to, "ab\0\0\0\0##", 8) == 0);
    FRESH(to);
    CHECK(strncpy(to, "abc", 0) == to);
    CHECK(memcmp(to, "########", 8) == 0);
}

CONFORM(stpncpy, NEEDS_NONE)
{
    char to[8];
    FRESH(to);
    CHECK(stpncpy(to, "abcdef", 3) == to + 3);
    CHECK(memcmp(to, "abc#####", 8) == 0);
    FRESH(to);
    CHECK(stpncpy(to, "ab", 6) == to + 2);
    CHECK(memcmp(to, "ab\0\0\0\0##", 8) == 0);
    CHECK(stpncpy(to, "ab", 2) == to + 2);
    CHECK(stpncpy(to, "", 0) == to);
}

CONFORM(strlcpy, NEEDS_NONE)
{
    char to[8];
    FRESH(to);
    CHECK_EQ(strlcpy(to, "abc", 8), 3);
    CHECK(memcmp(to, "abc\0####", 8) == 0);
    FRESH(to);
    CHECK_EQ(strlcpy(to, "abcdef", 4), 6);
    CHECK(memcmp(to, "abc\0####", 8) == 0);
    CHECK_EQ(strlcpy(to, "xyz", 1), 3);
    CHECK_STR(to, "");
    FRESH(to);
    CHECK_EQ(strlcpy(to, "xyz", 0), 3);
    CHECK(memcmp(to, "########", 8) == 0);
}

CONFORM(strlcat, NEEDS_NONE)
{
    char to[8] = "ab";
    CHECK_EQ(strlcat(to, "cd", sizeof to), 4);
    CHECK_STR(to, "abcd");
    CHECK_EQ(strlcat(to, "efghij", sizeof to), 10);
    CHECK_STR(to, "abcdefg");
    CHECK_EQ(strlcat(to, "xyz", 3), 6); /* no end within 3 bytes: nothing is done */
    CHECK_STR(to, "abcdefg");
    CHECK_EQ(strlcat(to, "x", 0), 1);
}

CONFORM(strcat, NEEDS_NONE)
{
    char to[10];
    FRESH(to);
    to[0] = '\0';
    CHECK(strcat(to, "abc") == to);
    CHECK(strcat(to, "") == to);
    CHECK(strcat(to, "def") == to);
    CHECK(memcmp(to, "abcdef\0###", 10) == 0);
}

CONFORM(strncat, NEEDS_NONE)
{
    char to[10];
    FRESH(to);
    strcpy(to, "ab");
    CHECK(strncat(to, "cdef", 2) == to); /* an end is always put */
    CHECK(memcmp(to, "abcd\0#####", 10) == 0);
    CHECK(strncat(to, "ef", 100) == to);
    CHECK(memcmp(to, "abcdef\0###", 10) == 0);
    CHECK(strncat(to, "gh", 0) == to);
    CHECK_STR(to, "abcdef");
}

CONFORM(strdup, NEEDS_NONE)
{
    const char *s = "a copy of one's own";
    char *copy = strdup(s), *empty = strdup("");
    CHECK(copy != NULL && copy != s);
    CHECK_STR(copy, s);
    CHECK(empty != NULL && *empty == '\0');
    copy[0] = 'A';
    CHECK_EQ(s[0], 'a');
    free(copy);
    free(empty);
}

CONFORM(strndup, NEEDS_NONE)
{
    char open[3] = {'x', 'y', 'z'};
    char *copy = strndup("abcdef", 3);
    CHECK_STR(copy, "abc");
    free(copy);
    copy = strndup("abc", 100);
    CHECK_STR(copy, "abc");
    free(copy);
    copy = strndup(open, 3);
    CHECK_STR(copy, "xyz");
    free(copy);
    copy = strndup("abc", 0);
    CHECK_STR(copy, "");
    free(copy);
}
