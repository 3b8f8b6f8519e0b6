// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * int64.c - mips32: 64-bit division, which the compiler calls and the ISA does not have. Schoolbook
 * division in digits of 16 bits (Knuth, The Art of Computer Programming 2, 4.3.1, algorithm D).
 *
 * Interface: __udivdi3, __umoddi3, __divdi3, __moddi3, __udivmoddi4 (names the compiler gives).
 */
#include <stdint.h>

uint64_t __udivmoddi4(uint64_t n, uint64_t d, uint64_t *rest);
uint64_t __udivdi3(uint64_t n, uint64_t d);
uint64_t __umoddi3(uint64_t n, uint64_t d);
int64_t __divdi3(int64_t n, int64_t d);
int64_t __moddi3(int64_t n, int64_t d);

/* One digit of the quotient: (r : next) / d, d normalised. r is replaced by the rest. */
static uint32_t digit(uint32_t *r, uint32_t next, uint32_t d)
{
    uint32_t top = d >> 16, low = d & 0xffff;
    uint32_t q = *r / top, rest = *r % top;
    uint32_t have = rest << 16 | next;
    /* q is at most 2 too large; once rest has a third digit it cannot be any more. */
    while (q > 0xffff || q * low > have) {
        q--;
        rest += top;
        if (rest > 0xffff)
            break;
        have = rest << 16 | next;
    }
    *r = (*r << 16 | next) - q * d;
    return q;
}

/* (high : low) / d where high < d, so that the quotient fits. */
static uint32_t divide_2by1(uint32_t high, uint32_t low, uint32_t d, uint32_t *rest)
{
    unsigned s = (unsigned)__builtin_clz(d);
    if (s > 0) {
        high = high << s | low >> (32 - s);
        low <<= s;
        d <<= s;
    }
    uint32_t q = digit(&high, low >> 16, d) << 16;
    q |= digit(&high, low & 0xffff, d);
    *rest = high >> s;
    return q;
}

uint64_t __udivmoddi4(uint64_t n, uint64_t d, uint64_t *rest)
{
    uint32_t nh = (uint32_t)(n >> 32), nl = (uint32_t)n, dh = (uint32_t)(d >> 32), r;
    if (dh == 0) {
        uint32_t dl = (uint32_t)d, qh = nh / dl; /* traps if d is 0 */
        uint32_t ql = divide_2by1(nh % dl, nl, dl, &r);
        *rest = r;
        return (uint64_t)qh << 32 | ql;
    }
    /* A one-digit quotient: estimate it from the normalised top of d, at most 1 too large. */
    unsigned s = (unsigned)__builtin_clz(dh);
    uint32_t top = s > 0 ? (uint32_t)(d << s >> 32) : dh;
    uint32_t q = divide_2by1(nh >> 1, nh << 31 | nl >> 1, top | 0x80000000u, &r);
    q = s > 0 ? q >> (31 - s) : q >> 31;
    if (q > 0)
        q--;
    uint64_t left = n - q * d;
    if (left >= d) {
        left -= d;
        q++;
    }
    *rest = left;
    return q;
}

uint64_t __udivdi3(uint64_t n, uint64_t d)
{
    uint64_t rest;
    return __udivmoddi4(n, d, &rest);
}

uint64_t __umoddi3(uint64_t n, uint64_t d)
{
    uint64_t rest;
    __udivmoddi4(n, d, &rest);
    return rest;
}

static uint64_t magnitude(int64_t v)
{
    return v < 0 ? -(uint64_t)v : (uint64_t)v;
}

int64_t __divdi3(int64_t n, int64_t d)
{
    uint64_t q = __udivdi3(magnitude(n), magnitude(d));
    return (int64_t)((n < 0) != (d < 0) ? -q : q);
}

int64_t __moddi3(int64_t n, int64_t d)
{
    uint64_t r = __umoddi3(magnitude(n), magnitude(d));
    return (int64_t)(n < 0 ? -r : r);
}
