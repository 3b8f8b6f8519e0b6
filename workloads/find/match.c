// SPDX-License-Identifier: GPL-2.0-or-later
/* match.c - shell patterns, without recursion: only the last star ever needs another try. */
#include "match.h"

#include <stddef.h>

/* Behind the set that starts at p ('['), *yes: c is in it. NULL: no set, the bracket is itself. */
static const char *in_set(const char *p, char c, bool *yes)
{
    const char *at = p + 1;
    bool not = *at == '!' || *at == '^', found = false;
    at += not ;
    for (bool first = true; first || *at != ']'; first = false) {
        if (*at == '\\' && at[1] != '\0')
            at++;
        if (*at == '\0')
            return NULL;
        unsigned char low = (unsigned char)*at++, high = low;
        if (*at == '-' && at[1] != ']' && at[1] != '\0') {
            high = (unsigned char)at[1];
            at += 2;
        }
        found |= (unsigned char)c >= low && (unsigned char)c <= high;
    }
    *yes = found != not ;
    return at + 1;
}

/* One character of the name against one item of the pattern; behind it, or NULL. */
static const char *step(const char *p, char c)
{
    bool yes;
    if (*p == '?')
        return p + 1;
    if (*p == '[') {
        const char *behind = in_set(p, c, &yes);
        if (behind != NULL)
            return yes ? behind : NULL;
    }
    if (*p == '\\' && p[1] != '\0')
        p++;
    return *p == c && c != '\0' ? p + 1 : NULL;
}

bool match(const char *pattern, const char *name)
{
    const char *star = NULL, *from = NULL;
    while (*name != '\0') {
        if (*pattern == '*') {
            star = ++pattern;
            from = name;
            continue;
        }
        const char *behind = *pattern != '\0' ? step(pattern, *name) : NULL;
        if (behind != NULL) {
            pattern = behind;
            name++;
        } else if (star != NULL) {
            pattern = star;
            name = ++from;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}
