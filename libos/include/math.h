// SPDX-License-Identifier: GPL-2.0-or-later
/* math.h - the few functions that need no more than a register or two. */
#ifndef EXOS_LIBC_MATH_H
#define EXOS_LIBC_MATH_H

#define HUGE_VAL (__builtin_huge_val())
#define HUGE_VALF (__builtin_huge_valf())
#define INFINITY (__builtin_inff())
#define NAN (__builtin_nanf(""))
#define isnan(x) __builtin_isnan(x)
#define isinf(x) __builtin_isinf(x)
#define isfinite(x) __builtin_isfinite(x)
#define signbit(x) __builtin_signbit(x)

double fabs(double x);
float fabsf(float x);
double sqrt(double x);
double floor(double x);
double ceil(double x);
double trunc(double x);
double fmod(double x, double y);

#endif
