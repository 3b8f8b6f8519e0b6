// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * format.c - the engine under the printf family: parsing of conversions, integers,
 * strings.
 *
 * Takes the conversions d i u o x X c s p n m % and those of format_float.c, flags - +
 * space # 0, width and precision also as *, lengths hh h l ll q j z t L. Wide characters
 * and numbered arguments do not exist: EINVAL.
 */
#include "format.h"
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

void sink_put(struct sink *to, const char *text, size_t n)
{
    if (n) {
        to->put(to, text, n);
        to->total += n;
    }
}

void sink_fill(struct sink *to, char c, int n)
{
    char run[32];

    if (n <= 0)
        return;
    memset(run, c, sizeof run);
    for (; n > (int)sizeof run; n -= (int)sizeof run)
        sink_put(to, run, sizeof run);
    sink_put(to, run, (size_t)n);
}

int field_open(struct sink *to, const struct spec *s, const char *prefix, int body)
{
    int len = (int)strlen(prefix);
    int pad = s->width - len - body;

    if (!s->left && !s->zero) {
        sink_fill(to, ' ', pad);
        pad = 0;
    }
    sink_put(to, prefix, (size_t)len);
    if (!s->left && s->zero) {
        sink_fill(to, '0', pad);
        pad = 0;
    }
    return pad;
}

/* Decimal digits of v, ending at end; 64-bit divisions only while v needs them. */
static char *decimal_text(char *end, uint64_t v)
{
    while (v >> 32) {
        uint64_t rest = v / 1000000000u;
        uint32_t part = (uint32_t)(v - rest * 1000000000u);
        for (int i = 0; i < 9; i++, part /= 10)
            *--end = (char)('0' + part % 10);
        v = rest;
    }
    for (uint32_t w = (uint32_t)v; w; w /= 10)
        *--end = (char)('0' + w % 10);
    return end;
}

static char *power_text(char *end, uint64_t v, unsigned bits, const char *digits)
{
    for (; v; v >>= bits)
        *--end = digits[v & ((1u << bits) - 1)];
    return end;
}

static void format_integer(struct sink *to, struct spec *s, uint64_t v,
                           const char *prefix)
{
    char text[32], *end = text + sizeof text, *at;

    switch (s->conversion) {
    case 'o': at = power_text(end, v, 3, "01234567"); break;
    case 'x':
    case 'p': at = power_text(end, v, 4, "0123456789abcdef"); break;
    case 'X': at = power_text(end, v, 4, "0123456789ABCDEF"); break;
    default: at = decimal_text(end, v);
    }
    int len = (int)(end - at);
    int digits = s->precision < 0 ? 1 : s->precision;
    if (s->conversion == 'o' && s->alt && digits <= len)
        digits = len + 1;
    if (digits < len)
        digits = len;
    if (s->precision >= 0)
        s->zero = false;
    int pad = field_open(to, s, prefix, digits);
    sink_fill(to, '0', digits - len);
    sink_put(to, at, (size_t)len);
    sink_fill(to, ' ', pad);
}

static void format_text(struct sink *to, struct spec *s, const char *text, size_t len)
{
    s->zero = false;
    int pad = field_open(to, s, "", (int)len);
    sink_put(to, text, len);
    sink_fill(to, ' ', pad);
}

static void format_string(struct sink *to, struct spec *s, const char *text)
{
    if (!text)
        text = s->precision < 0 || s->precision >= 6 ? "(null)" : "";
    format_text(to, s, text,
                s->precision < 0 ? strlen(text) : strnlen(text, (size_t)s->precision));
}

/* -- arguments by length -- */

enum length { LEN_HH = -2, LEN_H, LEN_INT, LEN_LONG, LEN_LLONG, LEN_WIDE };

struct args {
    va_list ap;
};

static int64_t next_signed(struct args *a, enum length len)
{
    switch (len) {
    case LEN_HH: return (signed char)va_arg(a->ap, int);
    case LEN_H: return (short)va_arg(a->ap, int);
    case LEN_LONG: return va_arg(a->ap, long);
    case LEN_LLONG: return va_arg(a->ap, long long);
    default: return va_arg(a->ap, int);
    }
}

static uint64_t next_unsigned(struct args *a, enum length len)
{
    switch (len) {
    case LEN_HH: return (unsigned char)va_arg(a->ap, int);
    case LEN_H: return (unsigned short)va_arg(a->ap, int);
    case LEN_LONG: return va_arg(a->ap, unsigned long);
    case LEN_LLONG: return va_arg(a->ap, unsigned long long);
    default: return va_arg(a->ap, unsigned);
    }
}

static void store_count(struct args *a, enum length len, size_t count)
{
    void *p = va_arg(a->ap, void *);

    if (len == LEN_HH)
        *(signed char *)p = (signed char)count;
    else if (len == LEN_H)
        *(short *)p = (short)count;
    else if (len == LEN_LONG)
        *(long *)p = (long)count;
    else if (len == LEN_LLONG)
        *(long long *)p = (long long)count;
    else
        *(int *)p = (int)count;
}

#if __LDBL_MANT_DIG__ == 113
/* IEEE 754 binary128 to the bits of a binary64; the last bit rounds half up. */
static uint64_t narrow(const long double *wide)
{
    uint64_t half[2];

    memcpy(half, wide, sizeof half);
    int exp = (int)(half[1] >> 48 & 0x7fff) - 16383 + 1023;
    uint64_t sign = half[1] & (uint64_t)1 << 63, infinite = (uint64_t)0x7ff << 52;
    uint64_t bits = (half[1] & 0xffffffffffff) << 4 | half[0] >> 60;
    if (exp == 0x7fff - 16383 + 1023)
        return sign | infinite | bits | (uint64_t)(half[0] != 0) << 51;
    if (exp >= 0x7ff)
        return sign | infinite;
    if (exp <= 0)
        return sign;
    return sign | ((bits | (uint64_t)exp << 52) + (half[0] >> 59 & 1));
}
#endif

/* The bits of a double. long double has a format of its own on each ISA; narrow it by hand where
 * it is wider than the compiler converts without a library. */
static uint64_t next_double(struct args *a, enum length len)
{
    uint64_t bits;
    double v;

    if (len == LEN_WIDE) {
        long double wide = va_arg(a->ap, long double);
#if __LDBL_MANT_DIG__ == 113
        return narrow(&wide);
#else
        v = (double)wide;
#endif
    } else {
        v = va_arg(a->ap, double);
    }
    memcpy(&bits, &v, sizeof bits);
    return bits;
}

/* -- parsing -- */

static int number(const char **at)
{
    int v = 0;

    for (; **at >= '0' && **at <= '9'; ++*at)
        if (v < 100000000)
            v = v * 10 + (**at - '0');
    return v;
}

static int number_or_star(const char **at, struct args *a)
{
    if (**at != '*')
        return number(at);
    ++*at;
    return va_arg(a->ap, int);
}

static enum length parse_length(const char **at)
{
    char c = **at;

    if (c == 'h' || c == 'l') {
        bool twice = (*at)[1] == c;
        *at += 1 + twice;
        return c == 'h' ? (twice ? LEN_HH : LEN_H) : twice ? LEN_LLONG : LEN_LONG;
    }
    if (!c || !strchr("qjztL", c))
        return LEN_INT;
    ++*at;
    if (c == 'L')
        return LEN_WIDE;
    return c == 'q' || c == 'j' || sizeof(size_t) == 8 ? LEN_LLONG : LEN_INT;
}

static void parse_flags(const char **at, struct spec *s)
{
    for (;; ++*at) {
        switch (**at) {
        case '-': s->left = true; break;
        case '+': s->plus = true; break;
        case ' ': s->space = true; break;
        case '#': s->alt = true; break;
        case '0': s->zero = true; break;
        case '\'': break;
        default: return;
        }
    }
}

/* Behind the '%'; leaves *at behind the conversion letter. */
static enum length parse_spec(const char **at, struct spec *s, struct args *a)
{
    *s = (struct spec){.precision = -1};
    parse_flags(at, s);
    s->width = number_or_star(at, a);
    if (s->width < 0) {
        s->left = true;
        s->width = -s->width;
    }
    if (**at == '.') {
        ++*at;
        s->precision = number_or_star(at, a);
    }
    enum length len = parse_length(at);
    s->conversion = **at;
    if (**at)
        ++*at;
    return len;
}

static const char *sign_of(const struct spec *s, bool minus)
{
    return minus ? "-" : s->plus ? "+" : s->space ? " " : "";
}

static void format_signed(struct sink *to, struct spec *s, int64_t v)
{
    format_integer(to, s, v < 0 ? -(uint64_t)v : (uint64_t)v, sign_of(s, v < 0));
}

static void format_unsigned(struct sink *to, struct spec *s, uint64_t v)
{
    const char *prefix = "";

    if (s->alt && v && s->conversion != 'o' && s->conversion != 'u')
        prefix = s->conversion == 'X' ? "0X" : "0x";
    format_integer(to, s, v, prefix);
}

static void format_pointer(struct sink *to, struct spec *s, void *p)
{
    s->alt = true;
    if (!p)
        format_text(to, s, "(nil)", 5);
    else
        format_integer(to, s, (uintptr_t)p, s->plus ? "+0x" : s->space ? " 0x" : "0x");
}

/* 0, or -1 for a conversion that does not exist. */
static int convert(struct sink *to, struct spec *s, enum length len, struct args *a)
{
    switch (s->conversion) {
    case 'd':
    case 'i': format_signed(to, s, next_signed(a, len)); return 0;
    case 'u':
    case 'o':
    case 'x':
    case 'X': format_unsigned(to, s, next_unsigned(a, len)); return 0;
    case 'c': {
        char c = (char)va_arg(a->ap, int);
        format_text(to, s, &c, 1);
        return len == LEN_INT ? 0 : -1;
    }
    case 's':
        if (len != LEN_INT)
            return -1;
        format_string(to, s, va_arg(a->ap, const char *));
        return 0;
    case 'm': format_string(to, s, strerror(errno)); return 0;
    case 'p': format_pointer(to, s, va_arg(a->ap, void *)); return 0;
    case 'n': store_count(a, len, to->total); return 0;
    case '%': sink_put(to, "%", 1); return 0;
    }
    if (!s->conversion || !strchr("aAeEfFgG", s->conversion))
        return -1;
    format_double(to, s, next_double(a, len));
    return 0;
}

int format_all(struct sink *to, const char *format, va_list ap)
{
    struct args a;
    int result = 0;

    to->total = 0;
    va_copy(a.ap, ap);
    while (*format) {
        const char *percent = strchrnul(format, '%');
        sink_put(to, format, (size_t)(percent - format));
        if (!*percent)
            break;
        format = percent + 1;
        struct spec s;
        enum length len = parse_spec(&format, &s, &a);
        if (convert(to, &s, len, &a)) {
            errno = EINVAL;
            result = -1;
            break;
        }
        if (to->total > __INT_MAX__) {
            errno = EOVERFLOW;
            result = -1;
            break;
        }
    }
    va_end(a.ap);
    return result ? result : (int)to->total;
}
