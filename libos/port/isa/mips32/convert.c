// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * convert.c - mips32: conversions between floating point and 64-bit integers, which the compiler
 * calls and the ISA (with 32-bit floating point registers) does not have.
 *
 * Interface: names the compiler gives. fix... cut towards zero, as C asks; values out of range
 * are undefined there. float... round once, to nearest.
 */
#include <stdint.h>

uint64_t __fixunsdfdi(double x);
int64_t __fixdfdi(double x);
uint64_t __fixunssfdi(float x);
int64_t __fixsfdi(float x);
double __floatundidf(uint64_t v);
double __floatdidf(int64_t v);
float __floatundisf(uint64_t v);
float __floatdisf(int64_t v);

#define TWO_32 4294967296.0

uint64_t __fixunsdfdi(double x)
{
    if (x < 1)
        return 0;
    uint32_t high = (uint32_t)(x / TWO_32); /* exact but for the cut */
    uint32_t low = (uint32_t)(x - high * TWO_32);
    return (uint64_t)high << 32 | low;
}

int64_t __fixdfdi(double x)
{
    return x < 0 ? -(int64_t)__fixunsdfdi(-x) : (int64_t)__fixunsdfdi(x);
}

uint64_t __fixunssfdi(float x)
{
    return __fixunsdfdi(x);
}

int64_t __fixsfdi(float x)
{
    return __fixdfdi(x);
}

double __floatundidf(uint64_t v)
{
    return (uint32_t)(v >> 32) * TWO_32 + (uint32_t)v; /* only the sum rounds */
}

double __floatdidf(int64_t v)
{
    return v < 0 ? -__floatundidf(-(uint64_t)v) : __floatundidf((uint64_t)v);
}

float __floatundisf(uint64_t v)
{
    if (v >> 53) /* keep the double exact: what is cut off only tells "not half way" */
        v = (v & ~(uint64_t)0x7ff) | ((v & 0x7ff) != 0);
    return (float)__floatundidf(v);
}

float __floatdisf(int64_t v)
{
    return v < 0 ? -__floatundisf(-(uint64_t)v) : __floatundisf((uint64_t)v);
}
