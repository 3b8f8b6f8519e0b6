// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ctype.c - classes of characters of the C locale: all of EOF and 0..255 against the lists of
 * POSIX (Base Definitions, 7.3.1).
 */
#include "harness.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGIT "0123456789"
#define PUNCT "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

/* Characters that f puts elsewhere than the set says. */
static int astray(int (*f)(int), const char *set)
{
    int bad = f(EOF) != 0 ? 1000 : 0;
    for (int c = 0; c < 256; c++) {
        bool in = c != 0 && strchr(set, c) != NULL;
        bad += (f(c) != 0) != in;
    }
    return bad;
}

#define CLASS(name, set)                                                                 \
    CONFORM(name, NEEDS_NONE)                                                            \
    {                                                                                    \
        CHECK_EQ(astray(name, set), 0);                                                  \
    }

CLASS(isalnum, LOWER UPPER DIGIT)
CLASS(isalpha, LOWER UPPER)
CLASS(isblank, " \t")
CLASS(isdigit, DIGIT)
CLASS(isgraph, LOWER UPPER DIGIT PUNCT)
CLASS(islower, LOWER)
CLASS(isprint, LOWER UPPER DIGIT PUNCT " ")
CLASS(ispunct, PUNCT)
CLASS(isspace, " \t\n\v\f\r")
CLASS(isupper, UPPER)
CLASS(isxdigit, DIGIT "abcdefABCDEF")

CONFORM(iscntrl, NEEDS_NONE)
{
    int bad = iscntrl(EOF) != 0;
    for (int c = 0; c < 256; c++)
        bad += (iscntrl(c) != 0) != (c < 32 || c == 127);
    CHECK_EQ(bad, 0);
}

CONFORM(isascii, NEEDS_NONE)
{
    int bad = isascii(EOF) != 0; /* defined for every integer */
    for (int c = 0; c < 256; c++)
        bad += (isascii(c) != 0) != (c < 128);
    CHECK_EQ(bad, 0);
    CHECK(isascii(65 + 256) == 0);
}

/* Characters that f maps otherwise than from[] to to[], all others to themselves. */
static int mapped_wrong(int (*f)(int), const char *from, const char *to)
{
    int bad = f(EOF) != EOF;
    for (int c = 0; c < 256; c++) {
        const char *at = c != 0 ? strchr(from, c) : NULL;
        bad += f(c) != (at != NULL ? to[at - from] : c);
    }
    return bad;
}

CONFORM(tolower, NEEDS_NONE)
{
    CHECK_EQ(mapped_wrong(tolower, UPPER, LOWER), 0);
}

CONFORM(toupper, NEEDS_NONE)
{
    CHECK_EQ(mapped_wrong(toupper, LOWER, UPPER), 0);
}
