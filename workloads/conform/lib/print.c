// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * print.c - the printf family. Conversions are checked through snprintf; the others for where their
 * text goes and what they return.
 */
#include "support.h"

#include <float.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

static char got[512];

/* The text of a conversion; "" unless its length is what snprintf says. */
static const char *text(const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    int n = vsnprintf(got, sizeof got, format, ap);
    va_end(ap);
    return n >= 0 && (size_t)n == strlen(got) ? got : "<wrong length>";
}

static void integers(void)
{
    CHECK_STR(text("%d %i %u", -5, 7, 8u), "-5 7 8");
    CHECK_STR(text("%d|%d", INT_MIN, INT_MAX), "-2147483648|2147483647");
    CHECK_STR(text("%lld", LLONG_MIN), "-9223372036854775808");
    CHECK_STR(text("%llu", ULLONG_MAX), "18446744073709551615");
    CHECK_STR(text("%o %x %X", 8, 0xbeef, 0xbeef), "10 beef BEEF");
    CHECK_STR(text("%#o %#x %#X %#x %#o", 8, 255, 255, 0, 0), "010 0xff 0XFF 0 0");
    CHECK_STR(text("%5d|%-5d|%05d|%+d|% d", 42, 42, 42, 42, 42),
              "   42|42   |00042|+42| 42");
    CHECK_STR(text("%+5d|%-+5d|%+05d|%05d", 42, 42, 42, -42), "  +42|+42  |+0042|-0042");
    CHECK_STR(text("%.3d|%8.3d|%-8.3d|%08.3d", 5, 5, -5, 5),
              "005|     005|-005    |     005");
    CHECK_STR(text("[%.0d]", 0), "[]");
    CHECK_STR(text("[%#.0o] [%#.3x]", 0, 1), "[0] [0x001]");
    CHECK_STR(text("%*d|%-*d|%*d", 4, 1, 4, 2, -4, 3), "   1|2   |3   ");
    CHECK_STR(text("%.*d|%.*d", 3, 1, -1, 2), "001|2");
    CHECK_STR(text("%hhd %hd %hhu", 0x1ff, 0x12345, 0x1ff), "-1 9029 255");
    CHECK_STR(text("%ld %lu", -1L, 1UL), "-1 1");
    CHECK_STR(text("%jd %zu %td", (intmax_t)-3, (size_t)4, (ptrdiff_t)-5), "-3 4 -5");
    CHECK_STR(text("%" PRId64 " %" PRIx64 " %" PRIu8, INT64_MIN, UINT64_MAX, UINT8_MAX),
              "-9223372036854775808 ffffffffffffffff 255");
}

static void strings(void)
{
    int n = -1;
    signed char small = -1;
    char open[3] = {'a', 'b', 'c'};
    CHECK_STR(text("%s|%5s|%-5s|%.2s|%5.1s", "abc", "abc", "abc", "abc", "abc"),
              "abc|  abc|abc  |ab|    a");
    CHECK_STR(text("[%.0s] [%.*s]", "abc", 3, open), "[] [abc]");
    CHECK_STR(text("%c%c|%3c|%-3c|", 'x', 'y', 'z', 'w'), "xy|  z|w  |");
    CHECK_STR(text("100%%"), "100%");
    CHECK_STR(text("abc%n%hhn def", &n, &small), "abc def");
    CHECK(n == 3 && small == 3);
    errno = ENOENT;
    text("%m");
    CHECK_STR(got, "No such file or directory");
    CHECK_STR(text("%p", (void *)0x1234), "0x1234");
}

static void floats(void)
{
    CHECK_STR(text("%f %.2f %.0f %#.0f", 1.5, 2.675, 2.5, 3.5), "1.500000 2.67 2 4.");
    CHECK_STR(text("%e %.0e %E", 12345.678, 15.0, 1e-10),
              "1.234568e+04 2e+01 1.000000E-10");
    CHECK_STR(text("%g %g %g %g", 100000.0, 1000000.0, 0.0001, 0.00001),
              "100000 1e+06 0.0001 1e-05");
    CHECK_STR(text("%#g %.3g %G", 1.0, 0.00012345, 1e20), "1.00000 0.000123 1E+20");
    CHECK_STR(
        text("%8.2f|%-8.2f|%08.2f|%+.1f|% .1f", 3.14159, 3.14159, -3.14159, 1.0, 1.0),
        "    3.14|3.14    |-0003.14|+1.0| 1.0");
    CHECK_STR(text("%f %F %5.1f %05f", (double)INFINITY, (double)-INFINITY, (double)NAN,
                   (double)INFINITY),
              "inf -INF   nan   inf");
    CHECK_STR(text("%.17g %.20f", 0.1, 0.1),
              "0.10000000000000001 0.10000000000000000555");
    CHECK_STR(text("%.3e %g", DBL_MAX, 0x1p-1074), "1.798e+308 4.94066e-324");
    CHECK_STR(text("%a %.1a %A", 1.0, 1.999, 0.5), "0x1p+0 0x2.0p+0 0X1P-1");
    CHECK_STR(text("%g %f", -0.0, -0.0), "-0 -0.000000");
    CHECK_STR(text("%.1f %.1f %.1f", 0.25, 0.35, 0.45),
              "0.2 0.3 0.5"); /* by the exact value */
    CHECK_EQ(snprintf(got, 20, "%f", 1e300), 308);
}

CONFORM(snprintf, NEEDS_NONE)
{
    char small[6];
    integers();
    strings();
    floats();
    memset(small, '#', sizeof small);
    CHECK_EQ(snprintf(small, 4, "%d", 123456), 6);
    CHECK(memcmp(small, "123\0##", 6) == 0); /* cut, ended */
    CHECK_EQ(snprintf(small, 1, "abc"), 3);
    CHECK_STR(small, "");
    CHECK_EQ(snprintf(NULL, 0, "%s", "only counted"), 12);
    CHECK_EQ(snprintf(small, 6, "%s", "12345"), 5);
    CHECK_STR(small, "12345");
}

CONFORM(sprintf, NEEDS_NONE)
{
    memset(got, '#', sizeof got);
    CHECK_EQ(sprintf(got, "%s-%03d", "ab", 7), 6);
    CHECK(memcmp(got, "ab-007\0#", 8) == 0);
    CHECK_EQ(sprintf(got, "%300d", 1), 300);
    CHECK_EQ(strlen(got), 300);
    CHECK_EQ(sprintf(got, "%s", ""), 0);
    CHECK_STR(got, "");
}

CONFORM(asprintf, NEEDS_NONE)
{
    char *s = NULL;
    CHECK_EQ(asprintf(&s, "%0500d", 7), 500);
    REQUIRE(s != NULL);
    CHECK_EQ(strlen(s), 500);
    CHECK_EQ(s[499], '7');
    free(s);
    CHECK_EQ(asprintf(&s, "%s", ""), 0);
    CHECK_STR(s, "");
    free(s);
}

CONFORM(printf, NEEDS_NONE)
{
    capture_begin(STDOUT_FILENO);
    int n = printf("%s=%d\n", "answer", 42), none = printf("%s", "");
    fflush(stdout);
    capture_end(got, sizeof got);
    CHECK_EQ(n, 10);
    CHECK_EQ(none, 0);
    CHECK_STR(got, "answer=42\n");
}

CONFORM(fprintf, NEEDS_DISK)
{
    FILE *f = fopen("made", "w");
    REQUIRE(f != NULL);
    CHECK_EQ(fprintf(f, "%d %s", 1, "two"), 5);
    CHECK_EQ(fprintf(f, "%5000s", "x"), 5000); /* more than the buffer */
    CHECK_EQ(ftell(f), 5005);
    CHECK_EQ(fclose(f), 0);
    get_file("made", got, 10);
    CHECK_STR(got, "1 two    ");
    f = fopen("made", "r");
    REQUIRE(f != NULL);
    CHECK(fprintf(f, "%d", 1) < 0); /* not for writing */
    CHECK(ferror(f));
    fclose(f);
}

CONFORM(dprintf, NEEDS_NONE)
{
    capture_begin(STDERR_FILENO);
    int n = dprintf(STDERR_FILENO, "%s %600d", "to", 5);
    capture_end(got, sizeof got);
    CHECK_EQ(n, 603);
    CHECK(strncmp(got, "to    ", 6) == 0 && strlen(got) == sizeof got - 1);
    CHECK(dprintf(-1, "x") < 0);
}

/* -- with a list of arguments -- */

static int v(const char *which, void *to, const char *format, ...)
{
    int n = -1;
    va_list ap;
    va_start(ap, format);
    switch (which[0]) {
    case 'o': n = vprintf(format, ap); break;
    case 'f': n = vfprintf(to, format, ap); break;
    case 'd': n = vdprintf(*(int *)to, format, ap); break;
    case 's': n = vsprintf(to, format, ap); break;
    case 'n': n = vsnprintf(to, 8, format, ap); break;
    case 'a': n = vasprintf(to, format, ap); break;
    }
    va_end(ap);
    return n;
}

CONFORM(vprintf, NEEDS_NONE)
{
    capture_begin(STDOUT_FILENO);
    int n = v("out", NULL, "%d:%lld:%s:%.1f", 1, 5000000000, "x", 2.5);
    fflush(stdout);
    capture_end(got, sizeof got);
    CHECK_EQ(n, 18);
    CHECK_STR(got, "1:5000000000:x:2.5");
}

CONFORM(vfprintf, NEEDS_DISK)
{
    FILE *f = fopen("made", "w");
    REQUIRE(f != NULL);
    CHECK_EQ(v("file", f, "%c%lld%s", 'a', -5000000000, "z"), 13);
    CHECK_EQ(fclose(f), 0);
    CHECK(file_is("made", "a-5000000000z"));
    f = fopen("made", "r");
    REQUIRE(f != NULL);
    CHECK(v("file", f, "x") < 0);
    fclose(f);
}

CONFORM(vdprintf, NEEDS_NONE)
{
    int fd = STDERR_FILENO, none = -1;
    capture_begin(fd);
    int n = v("descriptor", &fd, "%d|%g|%s", 3, 0.5, "y");
    capture_end(got, sizeof got);
    CHECK_EQ(n, 7);
    CHECK_STR(got, "3|0.5|y");
    CHECK(v("descriptor", &none, "x") < 0);
}

CONFORM(vsprintf, NEEDS_NONE)
{
    CHECK_EQ(v("string", got, "%x-%llx-%e", 255, 0xfedcba9876543210, 1.0), 32);
    CHECK_STR(got, "ff-fedcba9876543210-1.000000e+00");
}

CONFORM(vsnprintf, NEEDS_NONE)
{
    memset(got, '#', 16);
    CHECK_EQ(v("n", got, "%s%d%f", "abc", 12, 1.0), 13); /* room for 8 */
    CHECK(memcmp(got, "abc121.\0####", 12) == 0);
    CHECK_EQ(v("n", got, "%lld", 1234567LL), 7);
    CHECK_STR(got, "1234567");
}

CONFORM(vasprintf, NEEDS_NONE)
{
    char *s = NULL;
    CHECK_EQ(v("allocated", &s, "%d %300s %lld", 1, "two", 3LL), 304);
    REQUIRE(s != NULL);
    CHECK_EQ(strlen(s), 304);
    CHECK_STR(s + 299, "two 3");
    free(s);
}
