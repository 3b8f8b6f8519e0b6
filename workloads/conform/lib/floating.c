// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * floating.c - text to floating point, correctly rounded; whole numbers, remainders and roots, exact.
 * Expected values are hexadecimal constants where rounding matters.
 */
#include "support.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *end;
#define WENT(text) (end - (text))

/* Zeros have signs. */
static bool same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

CONFORM(atof, NEEDS_NONE)
{
    CHECK(atof("1.5") == 1.5);
    CHECK(atof("  -2.5e1x") == -25);
    CHECK(atof("") == 0);
    CHECK(atof(".5") == 0.5);
    CHECK(atof("1e400") == HUGE_VAL);
}

CONFORM(strtod, NEEDS_NONE)
{
    const char *s = " \t+12.34e2z";
    CHECK(strtod(s, &end) == 1234);
    CHECK_EQ(WENT(s), 10);
    s = "1e+";
    CHECK(strtod(s, &end) == 1); /* an exponent needs digits */
    CHECK_EQ(WENT(s), 1);
    s = "-.";
    CHECK(same(strtod(s, &end), 0));
    CHECK_EQ(WENT(s), 0);
    CHECK(same(strtod("-0", NULL), -0.0));
    CHECK(strtod("0.1", NULL) == 0x1.999999999999ap-4);
    CHECK(strtod("9007199254740993", NULL) == 0x1p53); /* half way: to even */
    CHECK(strtod("9007199254740995", NULL) == 0x1.0000000000002p53);
    CHECK(strtod("9007199254740993.00000000000000000000001", NULL) ==
          0x1.0000000000001p53);
    CHECK(strtod("2.2250738585072011e-308", NULL) == 0x0.fffffffffffffp-1022);
    CHECK(strtod("4.9e-324", NULL) == 0x1p-1074);
    CHECK(strtod("1.7976931348623157e308", NULL) == DBL_MAX);
    CHECK(strtod("0x1.8p1", NULL) == 3);
    CHECK(strtod("-0xA", &end) == -10);
    CHECK(strtod("INFINITYx", &end) == HUGE_VAL);
    CHECK_EQ(*end, 'x');
    CHECK(strtod("-inf", NULL) == -HUGE_VAL);
    CHECK(isnan(strtod("nan(12)!", &end)));
    CHECK_EQ(*end, '!');
    CHECK_SETS(strtod("-1e309", &end) == -HUGE_VAL, ERANGE);
    CHECK_EQ(*end, '\0');
    CHECK_SETS(strtod("1e-400", NULL) < DBL_MIN, ERANGE);
    CHECK_SETS(strtod("1e308", NULL) == 1e308, 0);
}

CONFORM(strtof, NEEDS_NONE)
{
    const char *s = "3.25f";
    CHECK(strtof(s, &end) == 3.25f);
    CHECK_EQ(WENT(s), 4);
    CHECK(strtof("0.1", NULL) == 0x1.99999ap-4f);
    CHECK(strtof("16777217", NULL) == 0x1p24f);
    CHECK(strtof("16777217.000000001", NULL) == 0x1.000002p24f); /* rounded once only */
    CHECK(strtof("3.4028234e38", NULL) == FLT_MAX);
    CHECK(strtof("1.4e-45", NULL) == 0x1p-149f);
    CHECK_SETS(strtof("3.5e38", NULL) == HUGE_VALF, ERANGE);
    CHECK(isnan(strtof("NAN", NULL)));
}

CONFORM(fabs, NEEDS_NONE)
{
    CHECK(fabs(-1.5) == 1.5 && fabs(2.5) == 2.5);
    CHECK(same(fabs(-0.0), 0.0));
    CHECK(fabs(-HUGE_VAL) == HUGE_VAL);
    CHECK(isnan(fabs(-NAN)) && !signbit(fabs(-NAN)));
    CHECK(fabs(-DBL_MIN / 4) == DBL_MIN / 4);
}

CONFORM(fabsf, NEEDS_NONE)
{
    CHECK(fabsf(-1.5f) == 1.5f && fabsf(2.5f) == 2.5f);
    CHECK(!signbit(fabsf(-0.0f)));
    CHECK(fabsf(-FLT_MAX) == FLT_MAX);
    CHECK(isnan(fabsf(NAN)));
}

CONFORM(trunc, NEEDS_NONE)
{
    CHECK(trunc(2.9) == 2 && trunc(-2.9) == -2);
    CHECK(same(trunc(-0.5), -0.0) && same(trunc(0.5), 0.0));
    CHECK(trunc(0x1.fffffffffffffp51) == 0x1.ffffffffffffep51);
    CHECK(trunc(0x1p60 + 4096) == 0x1p60 + 4096);
    CHECK(trunc(-HUGE_VAL) == -HUGE_VAL);
    CHECK(isnan(trunc(NAN)));
}

CONFORM(floor, NEEDS_NONE)
{
    CHECK(floor(2.9) == 2 && floor(-2.1) == -3 && floor(-2) == -2);
    CHECK(same(floor(-0.0), -0.0) && same(floor(0.9), 0.0));
    CHECK(floor(-DBL_MIN) == -1);
    CHECK(floor(0x1.fffffffffffffp51) == 0x1.ffffffffffffep51);
    CHECK(floor(HUGE_VAL) == HUGE_VAL);
    CHECK(isnan(floor(NAN)));
}

CONFORM(ceil, NEEDS_NONE)
{
    CHECK(ceil(2.1) == 3 && ceil(-2.9) == -2 && ceil(7) == 7);
    CHECK(same(ceil(-0.5), -0.0) && same(ceil(0.0), 0.0));
    CHECK(ceil(DBL_MIN) == 1);
    CHECK(ceil(-HUGE_VAL) == -HUGE_VAL);
    CHECK(isnan(ceil(NAN)));
}

CONFORM(sqrt, NEEDS_NONE)
{
    CHECK(sqrt(0x1p-200) == 0x1p-100 && sqrt(144) == 12);
    CHECK(sqrt(2) == 0x1.6a09e667f3bcdp0);
    CHECK(sqrt(3) == 0x1.bb67ae8584caap0);
    CHECK(sqrt(DBL_MAX) == 0x1.fffffffffffffp511);
    CHECK(sqrt(0x1p-1074) == 0x1p-537); /* a denormal number */
    CHECK(same(sqrt(-0.0), -0.0) && same(sqrt(0.0), 0.0));
    CHECK(sqrt(HUGE_VAL) == HUGE_VAL);
    CHECK(isnan(sqrt(-1)) && isnan(sqrt(-HUGE_VAL)) && isnan(sqrt(NAN)));
}

CONFORM(fmod, NEEDS_NONE)
{
    CHECK(fmod(7, 3) == 1 && fmod(-7, 3) == -1 && fmod(7, -3) == 1);
    CHECK(fmod(5.5, 0.5) == 0);
    CHECK(same(fmod(-6, 3), -0.0)); /* the sign of the first */
    CHECK(fmod(1, HUGE_VAL) == 1 && fmod(2, 4) == 2);
    CHECK(fmod(0x1p100, 3) == 1);
    CHECK(fmod(0x1p-1073, 0x1.8p-1073) == 0x1p-1073);
    CHECK(isnan(fmod(1, 0)) && isnan(fmod(HUGE_VAL, 1)) && isnan(fmod(NAN, 1)));
}
