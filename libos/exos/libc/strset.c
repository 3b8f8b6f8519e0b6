// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * strset.c - strings against sets of characters and against each other: spans, tokens,
 * substrings; and copies of strings on the heap.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct set {
    uint32_t bits[8];
};

static struct set set_of(const char *s)
{
    struct set set = {{0}};

    for (; *s; s++)
        set.bits[(unsigned char)*s >> 5] |= (uint32_t)1 << (*s & 31);
    return set;
}

static bool in(const struct set *set, char c)
{
    return set->bits[(unsigned char)c >> 5] >> (c & 31) & 1;
}

size_t strspn(const char *s, const char *set)
{
    struct set in_set = set_of(set);
    size_t n = 0;

    while (s[n] && in(&in_set, s[n]))
        n++;
    return n;
}

size_t strcspn(const char *s, const char *set)
{
    if (!set[0] || !set[1])
        return (size_t)(strchrnul(s, set[0]) - s);
    struct set in_set = set_of(set);
    size_t n = 0;
    while (s[n] && !in(&in_set, s[n]))
        n++;
    return n;
}

char *strpbrk(const char *s, const char *set)
{
    s += strcspn(s, set);
    return *s ? (char *)s : NULL;
}

char *strtok_r(char *restrict s, const char *restrict set, char **restrict next)
{
    if (!s)
        s = *next;
    s += strspn(s, set);
    char *end = s + strcspn(s, set);
    *next = *end ? end + 1 : end;
    if (!*s)
        return NULL;
    *end = 0;
    return s;
}

char *strtok(char *restrict s, const char *restrict set)
{
    static char *next;

    return strtok_r(s, set, &next);
}

char *strsep(char **s, const char *set)
{
    char *token = *s;

    if (!token)
        return NULL;
    char *end = strpbrk(token, set);
    if (end)
        *end++ = 0;
    *s = end;
    return token;
}

char *strstr(const char *hay, const char *needle)
{
    size_t m = strlen(needle);

    if (!m)
        return (char *)hay;
    for (; (hay = strchr(hay, *needle)); hay++)
        if (!strncmp(hay, needle, m))
            return (char *)hay;
    return NULL;
}

char *strcasestr(const char *hay, const char *needle)
{
    size_t m = strlen(needle);

    for (;; hay++) {
        if (!strncasecmp(hay, needle, m))
            return (char *)hay;
        if (!*hay)
            return NULL;
    }
}

char *strndup(const char *s, size_t n)
{
    size_t len = strnlen(s, n);
    char *copy = malloc(len + 1);

    if (copy) {
        memcpy(copy, s, len);
        copy[len] = 0;
    }
    return copy;
}

char *strdup(const char *s)
{
    return strndup(s, strlen(s));
}
