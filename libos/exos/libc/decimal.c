// SPDX-License-Identifier: GPL-2.0-or-later
/* decimal.c - exact decimal fixed-point numbers; see decimal.h. Integer arithmetic only.
 */
#include "decimal.h"

const uint32_t decimal_pow10[10] = {1,      10,      100,      1000,      10000,
                                    100000, 1000000, 10000000, 100000000, 1000000000};

static uint32_t limb_at(const struct decimal *d, int i)
{
    return i >= d->lo && i < d->hi ? d->limb[i] : 0;
}

static void trim(struct decimal *d)
{
    while (d->hi > d->lo && !d->limb[d->hi - 1])
        d->hi--;
    while (d->lo < d->hi && !d->limb[d->lo])
        d->lo++;
}

void decimal_shift_left(struct decimal *d, unsigned k)
{
    while (k) {
        unsigned step = k < 29 ? k : 29;
        uint32_t carry = 0;
        for (int i = d->lo; i < d->hi; i++) {
            uint64_t t = ((uint64_t)d->limb[i] << step) + carry;
            carry = (uint32_t)(t / DECIMAL_BASE);
            d->limb[i] = (uint32_t)(t - (uint64_t)carry * DECIMAL_BASE);
        }
        if (carry)
            d->limb[d->hi++] = carry;
        trim(d);
        k -= step;
    }
}

void decimal_shift_right(struct decimal *d, unsigned k, int floor)
{
    while (k) {
        unsigned step = k < 9 ? k : 9; /* 10^9 is a multiple of 2^9 */
        uint32_t mask = (1u << step) - 1, scale = DECIMAL_BASE >> step, carry = 0;
        for (int i = d->hi - 1; i >= d->lo; i--) {
            uint32_t limb = d->limb[i];
            d->limb[i] = (limb >> step) + carry;
            carry = (limb & mask) * scale;
        }
        if (carry && d->lo > floor)
            d->limb[--d->lo] = carry;
        else if (carry)
            d->sticky = true;
        for (; d->lo < floor && d->lo < d->hi; d->lo++)
            d->sticky |= d->limb[d->lo] != 0;
        trim(d);
        k -= step;
    }
}

void decimal_set(struct decimal *d, uint64_t m, int exp2)
{
    d->sticky = false;
    d->lo = d->hi = DECIMAL_FRAC;
    for (; m; m /= DECIMAL_BASE)
        d->limb[d->hi++] = (uint32_t)(m % DECIMAL_BASE);
    if (exp2 > 0)
        decimal_shift_left(d, (unsigned)exp2);
    else if (exp2 < 0)
        decimal_shift_right(d, (unsigned)-exp2, 0);
}

/* Add one unit of limb[at]'s digit of weight `unit`, with carries. */
static void bump(struct decimal *d, int at, uint32_t unit)
{
    for (;; at++, unit = 1) {
        if (at == d->hi)
            d->limb[d->hi++] = 0;
        d->limb[at] += unit;
        if (d->limb[at] < DECIMAL_BASE)
            return;
        d->limb[at] -= DECIMAL_BASE;
    }
}

void decimal_round(struct decimal *d, int places)
{
    int cut = DECIMAL_FRAC * 9 - places; /* digits below the cut, from limb 0 up */
    if (cut <= d->lo * 9 || d->lo == d->hi)
        return;
    int at = cut / 9, within = cut % 9;
    int below = within ? at : at - 1; /* limb with the first digit that goes */
    uint32_t unit = decimal_pow10[within];
    uint32_t half = (within ? unit : DECIMAL_BASE) / 2;
    uint32_t rest = within ? limb_at(d, at) % unit : limb_at(d, below);

    bool more = d->sticky, odd = limb_at(d, at) / unit & 1;
    for (int i = d->lo; i < below && i < d->hi; i++)
        more |= d->limb[i] != 0;
    while (d->hi <= at)
        d->limb[d->hi++] = 0;
    if (within)
        d->limb[at] -= rest;
    d->lo = at;
    d->sticky = false;
    if (rest > half || (rest == half && (more || odd)))
        bump(d, at, unit);
    trim(d);
}

int decimal_exponent(const struct decimal *d)
{
    if (d->lo == d->hi)
        return 0;
    int digits = 1;
    while (d->limb[d->hi - 1] >= decimal_pow10[digits])
        digits++;
    return 9 * (d->hi - 1 - DECIMAL_FRAC) + digits - 1;
}

uint32_t decimal_digits(const struct decimal *d, int weight, int n)
{
    uint32_t v = 0;

    while (n) {
        int place = weight + 9 * DECIMAL_FRAC; /* of the leading wanted digit */
        if (place < 0)
            return v * decimal_pow10[n];
        int within = place % 9 + 1; /* digits of its limb from there down */
        int take = n < within ? n : within;
        uint32_t part = limb_at(d, place / 9) % decimal_pow10[within];
        v = v * decimal_pow10[take] + part / decimal_pow10[within - take];
        weight -= take;
        n -= take;
    }
    return v;
}
