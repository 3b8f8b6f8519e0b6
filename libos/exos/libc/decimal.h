// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * decimal.h - exact decimal fixed-point numbers, wide enough for every double: what
 * printf and strtod round with. Library-private.
 *
 * Limb i (0..999999999) weighs 10^(9 * (i - DECIMAL_FRAC)). A double has at most 309
 * digits before the point (35 limbs) and 1074 behind it (120 limbs). Only limbs [lo, hi)
 * are stored, all others are zero; hi == lo is the number zero. `sticky` remembers that
 * something nonzero below limb 0 was cut off: enough to round right, since the halfway
 * points between doubles end before 1152 digits.
 */
#ifndef EXOS_LIBC_DECIMAL_H
#define EXOS_LIBC_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

#define DECIMAL_FRAC 128
#define DECIMAL_LIMBS (DECIMAL_FRAC + 37)
#define DECIMAL_BASE 1000000000u

struct decimal {
    int lo, hi;
    bool sticky;
    uint32_t limb[DECIMAL_LIMBS];
};

extern const uint32_t decimal_pow10[10];

/* m * 2^exp2, exactly; for the mantissa and exponent of a double. */
void decimal_set(struct decimal *d, uint64_t m, int exp2);
/* Times 2^k. May not grow past the top limb. */
void decimal_shift_left(struct decimal *d, unsigned k);
/* Divided by 2^k; what falls below limb `floor` is cut off into sticky. */
void decimal_shift_right(struct decimal *d, unsigned k, int floor);
/* Round half to even to a multiple of 10^-places. */
void decimal_round(struct decimal *d, int places);
/* Exponent of the leading digit; 0 for zero. */
int decimal_exponent(const struct decimal *d);
/* The n digits (n <= 9) from weight 10^weight down, as an integer. */
uint32_t decimal_digits(const struct decimal *d, int weight, int n);

#endif
