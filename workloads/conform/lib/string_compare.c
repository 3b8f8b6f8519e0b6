// SPDX-License-Identifier: GPL-2.0-or-later
/* string_compare.c - the order of strings: as unsigned bytes; without regard to case; of the C locale. */
#include "harness.h"

#include <string.h>
#include <strings.h>

CONFORM(strcmp, NEEDS_NONE)
{
    static char a[64], b[64];
    unsigned bad = 0;
    for (unsigned x = 0; x < 9; x++)
        for (unsigned at = 0; at < 30; at += 5) {
            memset(a, 'k', sizeof a);
            memset(b, 'k', sizeof b);
            a[x + 40] = b[3 + 40] = '\0';
            bad += strcmp(a + x, b + 3) != 0;
            a[x + at] = '\xe1'; /* above all of ASCII */
            bad += strcmp(a + x, b + 3) <= 0;
            bad += strcmp(b + 3, a + x) >= 0;
            a[x + at] = '\0';
            bad += strcmp(a + x, b + 3) >= 0;
        }
    CHECK_EQ(bad, 0);
    CHECK(strcmp("", "") == 0);
    CHECK(strcmp("", "a") < 0);
    CHECK(strcmp("a", "") > 0);
    CHECK(strcmp("abc", "abcd") < 0);
    CHECK(strcmp("Z", "a") < 0);
}

CONFORM(strncmp, NEEDS_NONE)
{
    CHECK(strncmp("abc", "abd", 2) == 0);
    CHECK(strncmp("abc", "abd", 3) < 0);
    CHECK(strncmp("abc", "ab", 3) > 0);
    CHECK(strncmp("abc", "xyz", 0) == 0);
    CHECK(strncmp("ab\0x", "ab\0y", 4) == 0); /* nothing behind the end counts */
    CHECK(strncmp("\xe1", "z", 1) > 0);
    CHECK(strncmp("abc", "abc", (size_t)-1) == 0);
}

CONFORM(strcoll, NEEDS_NONE)
{
    CHECK(strcoll("abc", "abc") == 0);
    CHECK(strcoll("B", "a") < 0); /* the C locale orders by bytes */
    CHECK(strcoll("\xe1", "z") > 0);
    CHECK(strcoll("a", "ab") < 0);
}

CONFORM(strxfrm, NEEDS_NONE)
{
    char a[8], b[8];
    CHECK_EQ(strxfrm(NULL, "abc", 0), 3);
    size_t n = strxfrm(a, "abc", sizeof a);
    CHECK(n < sizeof a);
    CHECK_EQ(strlen(a), n);
    strxfrm(b, "aBc", sizeof b);
    CHECK((strcmp(a, b) > 0) == (strcoll("abc", "aBc") > 0));
    CHECK(strxfrm(a, "abcdefgh", sizeof a) >= sizeof a); /* does not fit */
}

CONFORM(strcasecmp, NEEDS_NONE)
{
    CHECK(strcasecmp("", "") == 0);
    CHECK(strcasecmp("HeLLo", "hEllO") == 0);
    CHECK(strcasecmp("abc", "ABD") < 0);
    CHECK(strcasecmp("ABD", "abc") > 0);
    CHECK(strcasecmp("abc", "AB") > 0);
    CHECK(strcasecmp("[", "a") < 0); /* as lower-case letters: between Z and a */
    CHECK(strcasecmp("[", "A") < 0);
    CHECK(strcasecmp("@", "`") != 0);
    CHECK(strcasecmp("\xe1", "\xc1") != 0); /* no letters in the C locale */
    CHECK(strcasecmp("\xe1", "z") > 0);
}

CONFORM(strncasecmp, NEEDS_NONE)
{
    CHECK(strncasecmp("ABCx", "abcY", 3) == 0);
    CHECK(strncasecmp("ABCx", "abcY", 4) < 0);
    CHECK(strncasecmp("a", "b", 0) == 0);
    CHECK(strncasecmp("Ab", "aBc", 5) < 0);
    CHECK(strncasecmp("ab\0X", "AB\0y", 4) == 0);
}
