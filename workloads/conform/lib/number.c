// SPDX-License-Identifier: GPL-2.0-or-later
/* number.c - text to integers: blanks, signs, bases, where the number ends, limits. */
#include "support.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *end;

/* How far the last number went. */
#define WENT(text) (end - (text))

CONFORM(atoi, NEEDS_NONE)
{
    CHECK_EQ(atoi("42"), 42);
    CHECK_EQ(atoi(" \t\n\v\f\r-17x"), -17);
    CHECK_EQ(atoi("+8"), 8);
    CHECK_EQ(atoi("010"), 10);
    CHECK_EQ(atoi("0x10"), 0);
    CHECK_EQ(atoi(""), 0);
    CHECK_EQ(atoi("- 1"), 0);
    CHECK_EQ(atoi("2147483647"), INT_MAX);
    CHECK_EQ(atoi("-2147483648"), INT_MIN);
}

CONFORM(atol, NEEDS_NONE)
{
    char text[32];
    CHECK_EQ(atol("  99 bottles"), 99);
    CHECK_EQ(atol("-0"), 0);
    CHECK_EQ(atol("abc"), 0);
    sprintf(text, "%ld", LONG_MAX);
    CHECK(atol(text) == LONG_MAX);
    sprintf(text, "%ld", LONG_MIN);
    CHECK(atol(text) == LONG_MIN);
}

CONFORM(atoll, NEEDS_NONE)
{
    CHECK(atoll("9223372036854775807") == LLONG_MAX);
    CHECK(atoll("-9223372036854775808") == LLONG_MIN);
    CHECK(atoll(" 5000000000,") == 5000000000);
    CHECK(atoll("") == 0);
}

CONFORM(strtol, NEEDS_NONE)
{
    const char *s = "  -0x1Fg";
    CHECK_EQ(strtol(s, &end, 16), -31);
    CHECK_EQ(WENT(s), 7);
    CHECK_EQ(strtol(s, &end, 0), -31);
    CHECK_EQ(strtol(s, &end, 10), 0);
    CHECK_EQ(WENT(s), 4);
    CHECK_EQ(strtol("0777", NULL, 0), 511);
    CHECK_EQ(strtol("0777", NULL, 10), 777);
    CHECK_EQ(strtol("zZ", NULL, 36), 35 * 36 + 35);
    CHECK_EQ(strtol("101102", &end, 2), 22); /* 10110 */
    CHECK_EQ(*end, '2');
    s = "0xg"; /* only the zero is a number */
    CHECK_EQ(strtol(s, &end, 0), 0);
    CHECK_EQ(WENT(s), 1);
    s = "08";
    CHECK_EQ(strtol(s, &end, 0), 0);
    CHECK_EQ(WENT(s), 1);
    s = " +";
    CHECK_EQ(strtol(s, &end, 10), 0);
    CHECK_EQ(WENT(s), 0); /* no number: all of it is left */
    CHECK_SETS(strtol("7", &end, 1) == 0, EINVAL);
    CHECK_SETS(strtol("7", &end, 37) == 0, EINVAL);
    s = "99999999999999999999 ";
    CHECK_SETS(strtol(s, &end, 10) == LONG_MAX, ERANGE);
    CHECK_EQ(WENT(s), 20);
    CHECK_SETS(strtol("-99999999999999999999", NULL, 10) == LONG_MIN, ERANGE);
    CHECK_SETS(strtol("1", NULL, 10) == 1, 0);
}

CONFORM(strtoul, NEEDS_NONE)
{
    const char *s = "0b1";
    CHECK(strtoul("-1", NULL, 10) == ULONG_MAX); /* negated in its own type */
    CHECK(strtoul("0xdeadbeef", NULL, 16) == 0xdeadbeef);
    CHECK(strtoul("4294967295", NULL, 10) == 4294967295);
    CHECK_EQ(strtoul(s, &end, 8), 0);
    CHECK_EQ(WENT(s), 1);
    CHECK_SETS(strtoul("ffffffffffffffff0", NULL, 16) == ULONG_MAX, ERANGE);
    CHECK_SETS(strtoul("-ffffffffffffffff0", NULL, 16) == ULONG_MAX, ERANGE);
    CHECK_SETS(strtoul("1", NULL, -2) == 0, EINVAL);
}

CONFORM(strtoll, NEEDS_NONE)
{
    const char *s = "-9223372036854775808;";
    CHECK_SETS(strtoll(s, &end, 10) == LLONG_MIN, 0);
    CHECK_EQ(WENT(s), 20);
    CHECK_SETS(strtoll("-9223372036854775809", NULL, 10) == LLONG_MIN, ERANGE);
    CHECK_SETS(strtoll("9223372036854775808", NULL, 10) == LLONG_MAX, ERANGE);
    CHECK(strtoll("7fffffffffffffff", NULL, 16) == LLONG_MAX);
    CHECK(strtoll("1y2p0ij32e8e7", NULL, 36) == LLONG_MAX);
    CHECK(strtoll("-11", NULL, 2) == -3);
}

CONFORM(strtoull, NEEDS_NONE)
{
    const char *s = "18446744073709551615 ";
    CHECK_SETS(strtoull(s, &end, 10) == ULLONG_MAX, 0);
    CHECK_EQ(WENT(s), 20);
    CHECK_SETS(strtoull("18446744073709551616", NULL, 10) == ULLONG_MAX, ERANGE);
    CHECK(strtoull("-2", NULL, 0) == ULLONG_MAX - 1);
    CHECK(strtoull("01777777777777777777777", NULL, 0) == ULLONG_MAX);
    s = "\n";
    CHECK(strtoull(s, &end, 0) == 0);
    CHECK_EQ(WENT(s), 0);
}

CONFORM(strtoimax, NEEDS_NONE)
{
    CHECK_SETS(strtoimax("9223372036854775807x", &end, 10) == INTMAX_MAX, 0);
    CHECK_EQ(*end, 'x');
    CHECK_SETS(strtoimax("-9223372036854775809", NULL, 10) == INTMAX_MIN, ERANGE);
    CHECK(strtoimax("-0x10", NULL, 0) == -16);
}

CONFORM(strtoumax, NEEDS_NONE)
{
    CHECK_SETS(strtoumax("0xffffffffffffffff", &end, 0) == UINTMAX_MAX, 0);
    CHECK_EQ(*end, '\0');
    CHECK_SETS(strtoumax("18446744073709551616", NULL, 10) == UINTMAX_MAX, ERANGE);
    CHECK(strtoumax("-1", NULL, 10) == UINTMAX_MAX);
}
