// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * float64.c - mips32: conversions between 64-bit integers and floating point, which the compiler
 * calls and the ISA does not have. Each rounds once, to nearest.
 *
 * Interface: __float{,un}di{df,sf}, __fix{,uns}{df,sf}di (names the compiler gives).
 */
#include <stdint.h>

#define TWO32 4294967296.0

double __floatdidf(int64_t v);
double __floatundidf(uint64_t v);
float __floatdisf(int64_t v);
float __floatundisf(uint64_t v);
int64_t __fixdfdi(double v);
uint64_t __fixunsdfdi(double v);
int64_t __fixsfdi(float v);
uint64_t __fixunssfdi(float v);

/* The upper half is exact, so is its product with 2^32: only the sum rounds. */
double __floatdidf(int64_t v)
{
    return (double)(int32_t)(v >> 32) * TWO32 + (double)(uint32_t)v;
}

double __floatundidf(uint64_t v)
{
    return (double)(uint32_t)(v >> 32) * TWO32 + (double)(uint32_t)v;
}

/* Squeezed to 53 bits with a sticky last one, v passes through double unrounded. */
float __floatundisf(uint64_t v)
{
    if (v >> 53 == 0)
        return (float)__floatundidf(v);
    uint64_t top = v >> 11 | ((v & 0x7ff) != 0);
    return (float)__floatundidf(top) * 2048.0f;
}

float __floatdisf(int64_t v)
{
    return v < 0 ? -__floatundisf(-(uint64_t)v) : __floatundisf((uint64_t)v);
}

uint64_t __fixunsdfdi(double v)
{
    if (!(v >= 1.0))
        return 0;
    uint32_t high = (uint32_t)(v / TWO32);
    return (uint64_t)high << 32 | (uint32_t)(v - (double)high * TWO32);
}

int64_t __fixdfdi(double v)
{
    return v < 0 ? (int64_t)-__fixunsdfdi(-v) : (int64_t)__fixunsdfdi(v);
}

uint64_t __fixunssfdi(float v)
{
    return __fixunsdfdi((double)v);
}

int64_t __fixsfdi(float v)
{
    return __fixdfdi((double)v);
}
