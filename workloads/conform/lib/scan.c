// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * scan.c - the scanf family. Conversions are checked through sscanf; the others for where they read
 * from and what they leave unread.
 */
#include "support.h"

#include <limits.h>
#include <stdarg.h>
#include <unistd.h>

static void numbers(void)
{
    int a = -1, b = -1;
    unsigned u = 0;
    long long ll = 0;
    unsigned char c = 0;
    short h = 0;
    CHECK_EQ(sscanf(" 12 -34", "%d%d", &a, &b), 2);
    CHECK(a == 12 && b == -34);
    CHECK_EQ(sscanf("0x1f 017 19", "%i %i %i", &a, &b, (int *)&u), 3);
    CHECK(a == 31 && b == 15 && u == 19);
    CHECK_EQ(sscanf("ff 777", "%x %o", &u, (unsigned *)&a), 2);
    CHECK(u == 255 && a == 511);
    CHECK_EQ(sscanf("12345", "%2d%3d", &a, &b), 2);
    CHECK(a == 12 && b == 345);
    CHECK_EQ(sscanf("9223372036854775807 300 70000", "%lld %hhu %hd", &ll, &c, &h), 3);
    CHECK(ll == LLONG_MAX && c == 44 && h == 4464);
    a = 5;
    CHECK_EQ(sscanf("x", "%d", &a), 0);
    CHECK_EQ(a, 5); /* no match: untouched */
    CHECK_EQ(sscanf("", "%d", &a), EOF);
    CHECK_EQ(sscanf("   ", "%d", &a), EOF);
    CHECK_EQ(sscanf("7 ", "%d %d", &a, &b), 1);
    CHECK_EQ(sscanf("1 2 3", "%d %*d %d", &a, &b), 2);
    CHECK(a == 1 && b == 3);
}

static void floats(void)
{
    float f = 0;
    double d = 0;
    CHECK_EQ(sscanf("1.5 -2.25e2", "%f %lf", &f, &d), 2);
    CHECK(f == 1.5f && d == -225);
    CHECK_EQ(sscanf(".5e1x", "%lf", &d), 1);
    CHECK(d == 5);
    CHECK_EQ(sscanf("inf 0x1p4", "%f %lf", &f, &d), 2);
    CHECK(f > 1e38f && d == 16);
    CHECK_EQ(sscanf("1e", "%lf", &d), 0); /* begins like one */
}

static void texts(void)
{
    char s[16] = "", t[16] = "", c[4] = "###";
    int n = -1, a;
    CHECK_EQ(sscanf("  word next", "%s%n", s, &n), 1);
    CHECK_STR(s, "word");
    CHECK_EQ(n, 6);
    CHECK_EQ(sscanf("abcdef", "%3s%s", s, t), 2);
    CHECK_STR(s, "abc");
    CHECK_STR(t, "def");
    CHECK_EQ(sscanf(" xyz", "%2c", c), 1); /* blanks count, no end is put */
    CHECK(memcmp(c, " x#", 3) == 0);
    CHECK_EQ(sscanf("key=value;", "%[a-z]=%[^;]", s, t), 2);
    CHECK_STR(s, "key");
    CHECK_STR(t, "value");
    CHECK_EQ(sscanf("]-x", "%[]x-]", s), 1); /* ] first, - last: themselves */
    CHECK_STR(s, "]-x");
    CHECK_EQ(sscanf("abc", "%[0-9]", s), 0);
    CHECK_EQ(sscanf("5%", "%d%%%n", &a, &n), 1);
    CHECK_EQ(n, 2);
    CHECK_EQ(sscanf("a,b", "a,%s", s), 1);
    CHECK_STR(s, "b");
    CHECK_EQ(sscanf("a;b", "a,%s", s), 0);
    CHECK_EQ(sscanf("1 , 2", "%d , %d", &a, &n), 2);
    void *p = NULL;
    char print[32];
    snprintf(print, sizeof print, "%p", (void *)&p);
    CHECK_EQ(sscanf(print, "%p", &p), 1);
    CHECK(p == (void *)&p);
}

CONFORM(sscanf, NEEDS_NONE)
{
    numbers();
    floats();
    texts();
}

CONFORM(scanf, NEEDS_NONE)
{
    int a = 0;
    char s[8] = "";
    feed_begin("17 abc\nrest");
    CHECK_EQ(scanf("%d%7s", &a, s), 2);
    CHECK_EQ(a, 17);
    CHECK_STR(s, "abc");
    CHECK_EQ(getchar(), '\n'); /* what is behind stays */
    CHECK_EQ(scanf("%*s"), 0);
    CHECK_EQ(scanf("%d", &a), EOF);
    feed_end();
}

CONFORM(fscanf, NEEDS_DISK)
{
    int a = 0, b = 0;
    char s[8] = "";
    FILE *f = stream_of("1 2\nx y", "r");
    REQUIRE(f != NULL);
    CHECK_EQ(fscanf(f, "%d%d", &a, &b), 2);
    CHECK(a == 1 && b == 2);
    CHECK_EQ(fscanf(f, "%d", &a), 0);
    CHECK_EQ(fgetc(f), 'x'); /* did not match: still there */
    CHECK_EQ(fscanf(f, "%7s", s), 1);
    CHECK_STR(s, "y");
    CHECK_EQ(fscanf(f, "%7s", s), EOF);
    CHECK(feof(f));
    fclose(f);
    f = fopen("lines", "r"); /* across buffers */
    REQUIRE(f != NULL);
    int bad = 0;
    for (int i = 0; i < 480; i++)
        bad += fscanf(f, "line %d\n", &a) != 1 || a != i;
    CHECK_EQ(bad, 0);
    fclose(f);
    f = fopen("made", "w");
    REQUIRE(f != NULL);
    CHECK_SETS(fscanf(f, "%d", &a) == EOF, EBADF);
    fclose(f);
}

/* -- with a list of arguments -- */

static int v(void *from, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    int n = from == NULL ? vscanf(format, ap) : vfscanf(from, format, ap);
    va_end(ap);
    return n;
}

static int v_string(const char *from, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    int n = vsscanf(from, format, ap);
    va_end(ap);
    return n;
}

CONFORM(vscanf, NEEDS_NONE)
{
    int a = 0;
    long long b = 0;
    double d = 0;
    feed_begin("1 5000000000 2.5");
    CHECK_EQ(v(NULL, "%d%lld%lf", &a, &b, &d), 3);
    CHECK(a == 1 && b == 5000000000 && d == 2.5);
    CHECK_EQ(v(NULL, "%d", &a), EOF);
    feed_end();
}

CONFORM(vfscanf, NEEDS_DISK)
{
    int a = 0;
    char s[8] = "";
    FILE *f = stream_of("name: 12", "r");
    REQUIRE(f != NULL);
    CHECK_EQ(v(f, "%7[a-z]: %d", s, &a), 2);
    CHECK_STR(s, "name");
    CHECK_EQ(a, 12);
    CHECK_EQ(v(f, "%d", &a), EOF);
    fclose(f);
}

CONFORM(vsscanf, NEEDS_NONE)
{
    int a = 0, b = 0;
    char c = 0;
    CHECK_EQ(v_string("10x20", "%d%c%d", &a, &c, &b), 3);
    CHECK(a == 10 && c == 'x' && b == 20);
    CHECK_EQ(v_string("10", "%d%c", &a, &c), 1);
    CHECK_EQ(v_string("", "%c", &c), EOF);
}
