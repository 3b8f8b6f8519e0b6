// SPDX-License-Identifier: GPL-2.0-or-later
/* string_search.c - characters and strings in strings; the end of a string can be looked for too. */
#include "harness.h"

#include <string.h>
#include <strings.h>

/* Every place, every alignment: the first of two. */
static unsigned misses(char *(*f)(const char *, int))
{
    static char s[64];
    unsigned bad = 0;
    for (unsigned a = 0; a < 9; a++)
        for (unsigned at = 0; at < 25; at++) {
            memset(s, 'x', sizeof s);
            s[a + 40] = '\0';
            s[a + at] = s[a + 30] = '\xe1';
            bad += f(s + a, 0xe1) != s + a + at;
            bad += f(s + a, -31) != s + a + at; /* the same char */
        }
    return bad;
}

static char *by_strchr(const char *s, int c)
{
    return strchr(s, c);
}

static char *by_index(const char *s, int c)
{
    return index(s, c);
}

static char *by_strchrnul(const char *s, int c)
{
    return strchrnul((char *)s, c);
}

CONFORM(strchr, NEEDS_NONE)
{
    const char *s = "abcab";
    CHECK_EQ(misses(by_strchr), 0);
    CHECK(strchr(s, 'b') == s + 1);
    CHECK(strchr(s, 'x') == NULL);
    CHECK(strchr(s, '\0') == s + 5);
    CHECK(strchr("", 'a') == NULL);
    CHECK(strchr(s, 'c' + 256) == s + 2);
}

CONFORM(index, NEEDS_NONE)
{
    const char *s = "abcab";
    CHECK_EQ(misses(by_index), 0);
    CHECK(index(s, 'x') == NULL);
    CHECK(index(s, '\0') == s + 5);
}

CONFORM(strchrnul, NEEDS_NONE)
{
    const char *s = "abcab";
    CHECK_EQ(misses(by_strchrnul), 0);
    CHECK(strchrnul(s, 'b') == s + 1);
    CHECK(strchrnul(s, 'x') == s + 5);
    CHECK(strchrnul(s, '\0') == s + 5);
}

CONFORM(strrchr, NEEDS_NONE)
{
    const char *s = "abcab";
    CHECK(strrchr(s, 'b') == s + 4);
    CHECK(strrchr(s, 'c') == s + 2);
    CHECK(strrchr(s, 'x') == NULL);
    CHECK(strrchr(s, '\0') == s + 5);
    CHECK(strrchr("", 'a') == NULL);
}

CONFORM(rindex, NEEDS_NONE)
{
    const char *s = "abcab";
    CHECK(rindex(s, 'a') == s + 3);
    CHECK(rindex(s, 'x') == NULL);
    CHECK(rindex(s, '\0') == s + 5);
}

CONFORM(strspn, NEEDS_NONE)
{
    CHECK_EQ(strspn("aabbcd", "ab"), 4);
    CHECK_EQ(strspn("aabbcd", "ba"), 4);
    CHECK_EQ(strspn("abc", ""), 0);
    CHECK_EQ(strspn("", "abc"), 0);
    CHECK_EQ(strspn("abc", "abc"), 3);
    CHECK_EQ(strspn("\xe1\xff z", "\xff\xe1"), 2);
    CHECK_EQ(strspn("xabc", "abc"), 0);
}

CONFORM(strcspn, NEEDS_NONE)
{
    CHECK_EQ(strcspn("abcdef", "ef"), 4);
    CHECK_EQ(strcspn("abcdef", "d"), 3);
    CHECK_EQ(strcspn("abcdef", "xyz"), 6);
    CHECK_EQ(strcspn("abcdef", ""), 6);
    CHECK_EQ(strcspn("", "abc"), 0);
    CHECK_EQ(strcspn("a\x80", "\x80z"), 1);
}

CONFORM(strpbrk, NEEDS_NONE)
{
    const char *s = "key = value";
    CHECK(strpbrk(s, "= ") == s + 3);
    CHECK(strpbrk(s, "=") == s + 4);
    CHECK(strpbrk(s, "xyz") == s + 2);
    CHECK(strpbrk(s, "q") == NULL);
    CHECK(strpbrk(s, "") == NULL);
    CHECK(strpbrk("", "abc") == NULL);
}

CONFORM(strstr, NEEDS_NONE)
{
    const char *s = "aaabaabab";
    CHECK(strstr(s, "") == s);
    CHECK(strstr(s, "aab") == s + 1); /* begins within a false start */
    CHECK(strstr(s, "abab") == s + 5);
    CHECK(strstr(s, "bb") == NULL);
    CHECK(strstr(s, s) == s);
    CHECK(strstr("ab", "abc") == NULL);
    CHECK(strstr("", "a") == NULL);
    CHECK(strstr("", "") != NULL);
}

CONFORM(strcasestr, NEEDS_NONE)
{
    const char *s = "The Quick BROWN fox";
    CHECK(strcasestr(s, "quick") == s + 4);
    CHECK(strcasestr(s, "bRoWn FOX") == s + 10);
    CHECK(strcasestr(s, "") == s);
    CHECK(strcasestr(s, "foxy") == NULL);
    CHECK(strcasestr("", "a") == NULL);
}

CONFORM(strtok, NEEDS_NONE)
{
    char s[] = ",,one,;two;;three,", other[] = "x y", none[] = ";;";
    CHECK_STR(strtok(s, ",;"), "one");
    CHECK_STR(strtok(NULL, ";"), "two"); /* another set; the ',' was eaten with "one" */
    CHECK_STR(strtok(NULL, ";,"), "three");
    CHECK(strtok(NULL, ";,") == NULL);
    CHECK(strtok(NULL, ";,") == NULL);
    CHECK_STR(strtok(other, " "), "x"); /* a new string begins */
    CHECK_STR(strtok(NULL, " "), "y");
    CHECK(strtok(none, ";") == NULL);
}

CONFORM(strtok_r, NEEDS_NONE)
{
    char outer[] = "a=1;b=2", *part, *next, *inner;
    part = strtok_r(outer, ";", &next);
    CHECK_STR(strtok_r(part, "=", &inner), "a"); /* two at once */
    CHECK_STR(strtok_r(NULL, "=", &inner), "1");
    CHECK(strtok_r(NULL, "=", &inner) == NULL);
    part = strtok_r(NULL, ";", &next);
    CHECK_STR(part, "b=2");
    CHECK(strtok_r(NULL, ";", &next) == NULL);
    char blank[] = "   ";
    CHECK(strtok_r(blank, " ", &next) == NULL);
}

CONFORM(strsep, NEEDS_NONE)
{
    char text[] = "a,,b:c", *at = text;
    CHECK_STR(strsep(&at, ",:"), "a");
    CHECK_STR(strsep(&at, ",:"), ""); /* unlike strtok: empty parts count */
    CHECK_STR(strsep(&at, ",:"), "b");
    CHECK(at == text + 5);
    CHECK_STR(strsep(&at, ",:"), "c");
    CHECK(at == NULL);
    CHECK(strsep(&at, ",:") == NULL);
}

CONFORM(ffs, NEEDS_NONE)
{
    CHECK_EQ(ffs(0), 0);
    CHECK_EQ(ffs(1), 1);
    CHECK_EQ(ffs(0x50), 5);
    CHECK_EQ(ffs(-1), 1);
    CHECK_EQ(ffs((int)0x80000000u), 32);
}
