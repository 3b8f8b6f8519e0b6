// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * format_float.c - floating point for the printf family: e f g a and their capitals.
 * Exact: digits come from exact decimals (decimal.h), rounded half to even at the place
 * asked for. The value is taken apart as bits; no floating point instruction is executed.
 */
#include "decimal.h"
#include "format.h"
#include <string.h>

/* Digits from weight `from` down to weight `to`, to <= from. */
static void put_digits(struct sink *out, const struct decimal *d, int from, int to)
{
    while (from >= to) {
        int n = from - to + 1 < 9 ? from - to + 1 : 9;
        if (from < -9 * DECIMAL_FRAC) {
            sink_fill(out, '0', from - to + 1);
            return;
        }
        char text[9];
        uint32_t v = decimal_digits(d, from, n);
        for (int i = n; i--; v /= 10)
            text[i] = (char)('0' + v % 10);
        sink_put(out, text, (size_t)n);
        from -= n;
    }
}

static void put_fixed(struct sink *to, const struct spec *s, const char *sign,
                      const struct decimal *d, int places)
{
    int top = decimal_exponent(d) > 0 ? decimal_exponent(d) : 0;
    bool point = places > 0 || s->alt;
    int pad = field_open(to, s, sign, top + 1 + point + places);

    put_digits(to, d, top, 0);
    if (point)
        sink_put(to, ".", 1);
    put_digits(to, d, -1, -places);
    sink_fill(to, ' ', pad);
}

/* "e+05": letter, sign, at least two digits. Returns the length. */
static int exponent_text(char *text, char letter, int exp, int min_digits)
{
    int n = 0, digits[5], count = 0;

    text[n++] = letter;
    text[n++] = exp < 0 ? '-' : '+';
    exp = exp < 0 ? -exp : exp;
    do
        digits[count++] = exp % 10;
    while ((exp /= 10));
    while (count < min_digits)
        digits[count++] = 0;
    while (count)
        text[n++] = (char)('0' + digits[--count]);
    return n;
}

static void put_scientific(struct sink *to, const struct spec *s, const char *sign,
                           const struct decimal *d, int places, char letter)
{
    char exp[8];
    int top = decimal_exponent(d);
    int len = exponent_text(exp, letter, top, 2);
    bool point = places > 0 || s->alt;
    int pad = field_open(to, s, sign, 1 + point + places + len);

    put_digits(to, d, top, top);
    if (point)
        sink_put(to, ".", 1);
    put_digits(to, d, top - 1, top - places);
    sink_put(to, exp, (size_t)len);
    sink_fill(to, ' ', pad);
}

/* Weight of the last digit that is not zero, or `none` for zero. */
static int last_digit(const struct decimal *d, int none)
{
    if (d->lo == d->hi)
        return none;
    int weight = 9 * (d->lo - DECIMAL_FRAC);
    for (uint32_t v = d->limb[d->lo]; v % 10 == 0; v /= 10)
        weight++;
    return weight;
}

static void put_general(struct sink *to, const struct spec *s, const char *sign,
                        struct decimal *d, int digits, char letter)
{
    if (!digits)
        digits = 1;
    decimal_round(d, digits - 1 - decimal_exponent(d));
    int top = decimal_exponent(d);
    bool fixed = top >= -4 && top < digits;
    int places = fixed ? digits - 1 - top : digits - 1;
    if (!s->alt) {
        int used = -last_digit(d, 0) + (fixed ? 0 : top);
        if (used < places)
            places = used > 0 ? used : 0;
    }
    if (fixed)
        put_fixed(to, s, sign, d, places);
    else
        put_scientific(to, s, sign, d, places, letter);
}

static void put_hex(struct sink *to, const struct spec *s, const char *sign, uint64_t m,
                    int exp, bool capital)
{
    const char *digit = capital ? "0123456789ABCDEF" : "0123456789abcdef";
    char prefix[4], text[16], tail[8];
    int places = s->precision;

    strcpy(prefix, sign);
    strcat(prefix, capital ? "0X" : "0x");
    if (!m)
        exp = 0;
    if (places >= 0 && places < 13) { /* half to even at hexadecimal digit `places` */
        uint64_t unit = (uint64_t)1 << (52 - 4 * places), rest = m & (unit - 1);
        m -= rest;
        if (rest > unit / 2 || (rest == unit / 2 && (m & unit)))
            m += unit;
    }
    int n = 0;
    text[n++] = digit[m >> 52];
    for (uint64_t rest = m << 12; n < 14 && (places < 0 ? rest != 0 : n <= places);
         rest <<= 4)
        text[n++] = digit[rest >> 60];
    if (places < 0)
        places = n - 1;
    bool point = places > 0 || s->alt;
    int len = exponent_text(tail, capital ? 'P' : 'p', exp, 1);
    int pad = field_open(to, s, prefix, 1 + point + places + len);
    sink_put(to, text, 1);
    if (point)
        sink_put(to, ".", 1);
    sink_put(to, text + 1, (size_t)(n - 1));
    sink_fill(to, '0', places - (n - 1));
    sink_put(to, tail, (size_t)len);
    sink_fill(to, ' ', pad);
}

static void put_special(struct sink *to, const struct spec *s, const char *sign, bool nan,
                        bool capital)
{
    struct spec plain = *s;

    plain.zero = false;
    int pad = field_open(to, &plain, sign, 3);
    sink_put(to, nan ? (capital ? "NAN" : "nan") : (capital ? "INF" : "inf"), 3);
    sink_fill(to, ' ', pad);
}

void format_double(struct sink *to, const struct spec *s, uint64_t bits)
{
    bool capital = s->conversion < 'a';
    char kind = (char)(s->conversion | 32);
    const char *sign = bits >> 63 ? "-" : s->plus ? "+" : s->space ? " " : "";
    int exp = (int)(bits >> 52 & 0x7ff);
    uint64_t m = bits & (((uint64_t)1 << 52) - 1);

    if (exp == 0x7ff) {
        put_special(to, s, sign, m != 0, capital);
        return;
    }
    if (exp)
        m |= (uint64_t)1 << 52;
    else
        exp = 1;
    if (kind == 'a') {
        put_hex(to, s, sign, m, exp - 1023, capital);
        return;
    }
    struct decimal d;
    unsigned zeros = m ? (unsigned)__builtin_ctzll(m) : 0; /* whole numbers stay short */
    decimal_set(&d, m >> zeros, exp - 1075 + (int)zeros);
    int places = s->precision < 0 ? 6 : s->precision;
    char letter = capital ? 'E' : 'e';
    if (kind == 'f') {
        decimal_round(&d, places);
        put_fixed(to, s, sign, &d, places);
    } else if (kind == 'e') {
        decimal_round(&d, places - decimal_exponent(&d));
        put_scientific(to, s, sign, &d, places, letter);
    } else {
        put_general(to, s, sign, &d, places, letter);
    }
}
