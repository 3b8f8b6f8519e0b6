// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * against_numbers.c - text to numbers, numbers to text, calendar. Doubles come as random bits, as
 * short decimals, and around the halfway points where rounding is decided.
 */
#define _GNU_SOURCE
#include "ours.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* -- integers -- */

static void random_number_text(char *to, unsigned max)
{
    static const char soup[] = "0123456789999900000abcdefxXzZ+- \t";
    unsigned n = test_below(max), i = 0;

    while (test_below(6) == 0 && i < n)
        to[i++] = " \t+-0"[test_below(5)];
    for (; i < n; i++)
        to[i] = soup[test_below(test_below(3) ? 19 : sizeof soup - 1)];
    to[n] = 0;
    while ((to = strstr(to, "0b")) != NULL)
        to[1] = 'c'; /* a binary prefix since C23, which only a newer host knows */
}

void test_integers(void)
{
    char s[64], *x, *y;

    for (int i = 0; i < 300000; i++) {
        static const int bases[] = {0, 10, 16, 8, 2, 36, 7, 1, 37, -1};
        int base = bases[test_below(10)];
        random_number_text(s, 28);
        if (base == 16 && test_below(2))
            memmove(s + 2, s, 30), memcpy(s, "0x", 2);
        errno = exos_errno = 0;
        long a = exos_strtol(s, &x, base), b = strtol(s, &y, base);
        CHECK(a == b && exos_errno == errno, "strtol '%s' %d: %ld %ld, errno %d %d", s,
              base, a, b, exos_errno, errno);
        CHECK(x == y || base < 0 || base == 1 || base > 36, "strtol '%s' %d: end", s,
              base);
        errno = exos_errno = 0;
        unsigned long c = exos_strtoul(s, &x, base), d = strtoul(s, &y, base);
        CHECK(c == d && exos_errno == errno, "strtoul '%s' %d: %lu %lu", s, base, c, d);
    }
}

/* -- floats -- */

static double random_double(void)
{
    uint64_t bits = test_random();
    double v;

    switch (test_below(6)) {
    case 0: /* near one */
        bits = (bits & ~((uint64_t)0x7ff << 52)) | (uint64_t)(1023 - 40 + test_below(80))
                                                       << 52;
        break;
    case 1: /* denormal */
        bits &= ~((uint64_t)0x7ff << 52);
        bits >>= test_below(52);
        break;
    case 2: /* short */
        return (double)(int64_t)(test_random() >> test_below(64)) /
               (double)(1 << test_below(12));
    case 3: { /* decimal */
        static const double scale[] = {1, 10, 100, 1000, 1e4, 1e6, 1e9, 1e15, 1e22};
        return (double)(int)test_below(1000000) / scale[test_below(9)];
    }
    default: break;
    }
    memcpy(&v, &bits, sizeof v);
    return v;
}

static void compare_parse(const char *s)
{
    char *x, *y;

    errno = exos_errno = 0;
    double a = exos_strtod(s, &x), b = strtod(s, &y);
    CHECK(x == y && (!memcmp(&a, &b, sizeof a) || (isnan(a) && isnan(b))),
          "strtod '%s': %a %a, ends %td %td", s, a, b, x - s, y - s);
    CHECK(exos_errno == errno || (a == 0x1p-1022 || a == -0x1p-1022),
          "strtod '%s': errno %d, %d", s, exos_errno, errno);
    float f = exos_strtof(s, &x), g = strtof(s, &y);
    CHECK(x == y && (!memcmp(&f, &g, sizeof f) || (isnan(f) && isnan(g))),
          "strtof '%s': %a %a", s, (double)f, (double)g);
}

/* The decimal expansion of the point halfway above v, perhaps disturbed far behind. */
static void halfway(double v)
{
    static char s[2000];
    long double h =
        (long double)v + ((long double)nextafter(v, HUGE_VAL) - (long double)v) / 2;

    if (!isfinite(v) || !isfinite(nextafter(v, HUGE_VAL)))
        return;
    snprintf(s, sizeof s, "%.*Le", (int)test_below(2) ? 800 : 20, h);
    if (test_below(2)) {
        char *e = strchr(s, 'e');
        e[-1] = (char)('0' + test_below(10));
    }
    compare_parse(s);
    snprintf(s, sizeof s, "%.1100Lf%d", fabsl(h) < 1e200L ? h : 1.5L, test_below(2));
    compare_parse(s);
}

void test_floats(void)
{
    static const char *const odd[] = {
        "",
        "-",
        ".",
        "+.e1",
        "1e+",
        "0x",
        "0x.p1",
        "0x1p",
        "0x1.8p3",
        "inf",
        "-Infinity",
        "infin",
        "nan",
        "NAN(12)",
        "nan(",
        "1e400",
        "-1e400",
        "1e-400",
        "0e999999999999",
        "1e99999999999",
        "  12.5x",
        "0x1p-1074",
        "0x1p-1075",
        "0x1.8p-1075",
        "0x1.fffffffffffff8p1023",
        "0x1p1024",
        "00000000000000000000001",
        ".000000000000000000000000000000000000000000000001e48",
        "9007199254740993",
        "1.e5",
        "+5",
        "4.9406564584124654e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "2.2250738585072011e-308",
        "0x123456789abcdefp-60",
        "0x0000000000000000000000000000000000001",
        "0x.00000000000000000000000000000000000001p150"};
    char s[64];

    for (unsigned i = 0; i < sizeof odd / sizeof *odd; i++)
        compare_parse(odd[i]);
    for (int i = 0; i < 60000; i++) {
        double v = random_double();
        snprintf(s, sizeof s, test_below(4) ? "%.*e" : "%.*a", (int)test_below(20), v);
        compare_parse(s);
    }
    for (int i = 0; i < 4000; i++)
        halfway(random_double());
    for (int i = 0; i < 60000; i++) {
        double x = random_double(), y = random_double(), a, b;
        if (test_below(2))
            y = x * (double)(1 + test_below(5)) / 7;
        a = exos_fmod(x, y), b = fmod(x, y);
        CHECK(!memcmp(&a, &b, 8) || (isnan(a) && isnan(b)), "fmod %a %a: %a %a", x, y, a,
              b);
        a = exos_sqrt(fabs(x)), b = sqrt(fabs(x));
        CHECK(!memcmp(&a, &b, 8) || (isnan(a) && isnan(b)), "sqrt %a: %a %a", x, a, b);
        a = exos_floor(x), b = floor(x);
        CHECK(!memcmp(&a, &b, 8) || (isnan(a) && isnan(b)), "floor %a: %a %a", x, a, b);
        a = exos_ceil(x), b = ceil(x);
        CHECK(!memcmp(&a, &b, 8) || (isnan(a) && isnan(b)), "ceil %a: %a %a", x, a, b);
    }
}

/* -- printf -- */

static char ours[3000], theirs[3000];

static void compare_text(const char *format, int x, int y)
{
    CHECK(x == y && !memcmp(ours, theirs, sizeof ours), "printf %s: '%s' (%d) '%s' (%d)",
          format, ours, x, theirs, y);
    memset(ours, '#', sizeof ours);
    memset(theirs, '#', sizeof theirs);
}

#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#define BOTH(size, format, ...)                                                          \
    compare_text(format, exos_snprintf(ours, size, format, __VA_ARGS__),                 \
                 snprintf(theirs, size, format, __VA_ARGS__))

/* "%[flags][width][.precision]" + rest */
static const char *random_spec(const char *rest, int max_precision)
{
    static char spec[40];
    char *to = spec;

    *to++ = '%';
    for (unsigned n = test_below(3); n; n--)
        *to++ = "-+ #0"[test_below(5)];
    if (test_below(2))
        to += sprintf(to, "%d", test_below(30));
    if (test_below(2))
        to +=
            sprintf(to, test_below(8) ? ".%d" : ".", test_below((unsigned)max_precision));
    strcpy(to, rest);
    return spec;
}

static void printf_integers(size_t size)
{
    static const char *const plain[] = {"d", "i", "u", "x", "X", "o", "c"};
    static const char *const small[] = {"hhd", "hx", "hd", "hho"};
    static const char *const large[] = {"ld", "lld", "lu", "llx", "lo",
                                        "jd", "zu",  "tX", "p"};
    uint64_t v = test_random() >> test_below(64);

    const char *f = random_spec(plain[test_below(7)], 25);
    BOTH(size, f, (int)v);
    f = random_spec(small[test_below(4)], 25);
    BOTH(size, f, (int)v);
    f = random_spec(large[test_below(9)], 25);
    long large_value = test_below(10) ? (long)v : 0;
    BOTH(size, f, large_value);
}

static void printf_rest(size_t size)
{
    static const char *const strings[] = {"", "a", "hello",
                                          "a somewhat longer string, this", NULL};
    const char *f = random_spec("s", 20);

    const char *text = strings[test_below(5)];
    int width = (int)test_below(20) - 10, precision = (int)test_below(6) - 2;

    BOTH(size, f, text);
    BOTH(size, "x%%y%*dz%-*.*fq", width, 7, 9, precision, 2.5);
    int x = 0, y = 0;
    char mine[8];
    CHECK(exos_snprintf(mine, sizeof mine, "ab%ncd%n", &x, &y) == 4 && x == 2 && y == 4,
          "%%n");
}

void test_printf(void)
{
    static const char *const conversions[] = {"e", "f", "g", "E", "F", "G", "a", "A"};

    memset(ours, '#', sizeof ours);
    memset(theirs, '#', sizeof theirs);
    for (int i = 0; i < 100000; i++) {
        size_t size = test_below(4) ? sizeof ours : test_below(30);
        printf_integers(size);
        printf_rest(size);
        if (i % 2)
            continue;
        const char *f =
            random_spec(conversions[test_below(8)], test_below(10) ? 25 : 1200);
        double v = random_double();
        BOTH(size, f, v);
        if (v < 1e300 && v > -1e300)
            BOTH(size, "%.12Lg", (long double)v);
    }
    BOTH(sizeof ours, "%.3f %.0f %.0f %.0f %g %g", 2.0005, 0.5, 1.5, 2.5, 1e100, 0.0001);
    BOTH(sizeof ours, "%f %e %g %a %5.1f|%-9f|%+09.2f", INFINITY, -INFINITY, NAN, -0.0,
         0.05, 1.0, 3.14159);
}

/* -- scanf -- */

void test_scanf(void)
{
    static const char *const inputs[] = {"12 0x1f 077 abc 3.5e2 x",
                                         "-5,7;[abc]def",
                                         "  +9z",
                                         "",
                                         "   ",
                                         "0x",
                                         "99999999999",
                                         "3.25.5",
                                         "abc",
                                         "a b c",
                                         "12%34",
                                         "nan inf",
                                         "- 5",
                                         "0x1.8p1 1"};

    for (unsigned i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        const char *in = inputs[i];
        int p[6] = {0}, q[6] = {0}, r, t;
        char s[2][6][32] = {{{0}}};
        double d = 0, e = 0;
        float f = 0, g = 0;
        long long l = 0, m = 0;
#define COMPARE(what)                                                                    \
    CHECK(r == t && !memcmp(p, q, sizeof p) && !memcmp(s[0], s[1], sizeof s[0]) &&       \
              !memcmp(&d, &e, 8) && !memcmp(&f, &g, 4) && l == m,                        \
          "sscanf '%s' %s: %d %d", in, what, r, t)
        r = exos_sscanf(in, "%d %i %o %31s %lf %c", p, p + 1, (unsigned *)p + 2, s[0][0],
                        &d, s[0][1]);
        t = sscanf(in, "%d %i %o %31s %lf %c", q, q + 1, (unsigned *)q + 2, s[1][0], &e,
                   s[1][1]);
        COMPARE("numbers");
        r = exos_sscanf(in, "%d,%d;[%31[a-c]]%2s%n", p, p + 1, s[0][2], s[0][3], p + 2);
        t = sscanf(in, "%d,%d;[%31[a-c]]%2s%n", q, q + 1, s[1][2], s[1][3], q + 2);
        COMPARE("sets");
        r = exos_sscanf(in, "%lf %f", &d, &f);
        t = sscanf(in, "%lf %f", &e, &g);
        COMPARE("floats");
        r = exos_sscanf(in, "%2lld%*d%31[^ ]", &l, s[0][4]);
        t = sscanf(in, "%2lld%*d%31[^ ]", &m, s[1][4]);
        COMPARE("widths");
        r = exos_sscanf(in, "%d%%%d", p + 4, p + 5);
        t = sscanf(in, "%d%%%d", q + 4, q + 5);
        COMPARE("percent");
    }
}

/* -- calendar -- */

void test_time(void)
{
    for (int i = 0; i < 20000; i++) {
        time_t t =
            (time_t)(test_random() >> (20 + test_below(40))) * (test_below(2) ? 1 : -1);
        struct tm tm;
        if (!gmtime_r(&t, &tm))
            continue;
        char x[200], y[200];
        const char *f =
            "%a %A %b %B %C %d %e %H %I %j %m %M %p %S %u %w %y %Y %D %F %T %R %r %s %%";
        if (tm.tm_year < -900 || tm.tm_year > 8000)
            continue;
        CHECK(exos_strftime(x, sizeof x, f, &tm) == strftime(y, sizeof y, f, &tm) &&
                  !strcmp(x, y),
              "strftime %lld: %s | %s", (long long)t, x, y);
        CHECK(exos_timegm(&tm) == t, "timegm %lld", (long long)t);
    }
}
