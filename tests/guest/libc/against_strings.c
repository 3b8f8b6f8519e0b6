// SPDX-License-Identifier: GPL-2.0-or-later
/* against_strings.c - memory and strings: every alignment, guard bytes around every target. */
#define _GNU_SOURCE
#include "ours.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SPAN 300

static unsigned char a[2 * SPAN], b[2 * SPAN], c[2 * SPAN];

static int sign(int v)
{
    return (v > 0) - (v < 0);
}

static void fill(unsigned char *p, unsigned kinds)
{
    for (size_t i = 0; i < 2 * SPAN; i++)
        p[i] = (unsigned char)(kinds == 256 ? test_random() : 'a' + test_below(kinds));
}

static void memory_once(void)
{
    size_t n = test_below(2) ? test_below(24) : test_below(SPAN);
    size_t from = test_below(40), to = test_below(40);
    int byte = (int)test_below(256);

    fill(a, 256);
    fill(b, 256);
    memcpy(c, b, sizeof b);
    CHECK(exos_memcpy(b + to, a + from, n) == b + to, "memcpy result");
    memcpy(c + to, a + from, n);
    CHECK(!memcmp(b, c, sizeof b), "memcpy to +%zu from +%zu n %zu", to, from, n);
    exos_memmove(b + to, b + from, n);
    memmove(c + to, c + from, n);
    CHECK(!memcmp(b, c, sizeof b), "memmove to +%zu from +%zu n %zu", to, from, n);
    exos_memset(b + to, byte, n);
    memset(c + to, byte, n);
    CHECK(!memcmp(b, c, sizeof b), "memset at +%zu n %zu", to, n);

    memcpy(a + from, b + to, n);
    if (n && test_below(3))
        a[from + test_below((unsigned)n)] ^= (unsigned char)(1u << test_below(8));
    CHECK(sign(exos_memcmp(a + from, b + to, n)) == sign(memcmp(a + from, b + to, n)),
          "memcmp +%zu +%zu n %zu", from, to, n);
    byte = test_below(2) ? byte : a[from + n / 2];
    CHECK(exos_memchr(a + from, byte, n) == memchr(a + from, byte, n),
          "memchr +%zu n %zu c %d", from, n, byte);
    CHECK(exos_memrchr(a + from, byte, n) == memrchr(a + from, byte, n), "memrchr");
    memcpy(b, c, sizeof b);
    void *x = exos_memccpy(b, a, byte, n), *y = memccpy(c, a, byte, n);
    CHECK((x ? (unsigned char *)x - b : -1) == (y ? (unsigned char *)y - c : -1) &&
              !memcmp(b, c, sizeof b),
          "memccpy");
    fill(a, 2);
    fill(b, 2);
    size_t m = test_below(12);
    CHECK(exos_memmem(a, n, b, m) == memmem(a, n, b, m), "memmem n %zu m %zu", n, m);
}

void test_memory(void)
{
    for (int i = 0; i < 40000; i++)
        memory_once();
}

/* Two random strings of few kinds of characters at random places, often equal for a while. */
static void make(char **s, char **t, unsigned kinds)
{
    fill(a, kinds);
    fill(b, kinds);
    size_t x = test_below(20), y = test_below(20), n = test_below(60);
    *s = (char *)a + x;
    *t = (char *)b + y;
    if (test_below(2))
        memcpy(*t, *s, 80);
    (*s)[n] = 0;
    (*t)[test_below(3) ? n : test_below(60)] = 0;
}

static void strings_once(void)
{
    char *s, *t;
    int ch = "abcx\0"[test_below(5)];

    make(&s, &t, 1 + test_below(4));
    size_t n = test_below(70);
    CHECK(exos_strlen(s) == strlen(s), "strlen %s", s);
    CHECK(exos_strnlen(s, n) == strnlen(s, n), "strnlen %s", s);
    CHECK(sign(exos_strcmp(s, t)) == sign(strcmp(s, t)), "strcmp %s %s", s, t);
    CHECK(sign(exos_strncmp(s, t, n)) == sign(strncmp(s, t, n)), "strncmp %s %s", s, t);
    CHECK(sign(exos_strcasecmp(s, t)) == sign(strcasecmp(s, t)), "strcasecmp %s %s", s,
          t);
    CHECK(exos_strchr(s, ch) == strchr(s, ch), "strchr %s %c", s, ch);
    CHECK(exos_strrchr(s, ch) == strrchr(s, ch), "strrchr %s %c", s, ch);
    t[test_below(4)] = 0;
    CHECK(exos_strstr(s, t) == strstr(s, t), "strstr %s %s", s, t);
    CHECK(exos_strcasestr(s, t) == strcasestr(s, t), "strcasestr %s %s", s, t);
    CHECK(exos_strspn(s, t) == strspn(s, t), "strspn %s %s", s, t);
    CHECK(exos_strcspn(s, t) == strcspn(s, t), "strcspn %s %s", s, t);
    CHECK(exos_strpbrk(s, t) == strpbrk(s, t), "strpbrk %s %s", s, t);

    fill(c, 256);
    unsigned char d[sizeof c];
    memcpy(d, c, sizeof c);
    CHECK(exos_strcpy((char *)c + 3, s) == (char *)c + 3, "strcpy result");
    strcpy((char *)d + 3, s);
    CHECK(!memcmp(c, d, sizeof c), "strcpy %s", s);
    CHECK(exos_stpncpy((char *)c, s, n) - (char *)c ==
                  stpncpy((char *)d, s, n) - (char *)d &&
              !memcmp(c, d, sizeof c),
          "stpncpy %s %zu", s, n);
    c[90] = d[90] = 0;
    exos_strncat((char *)c, t, n);
    strncat((char *)d, t, n);
    CHECK(!memcmp(c, d, sizeof c), "strncat %s %zu", t, n);
    memset(c, 'z', sizeof c);
    CHECK(exos_strlcpy((char *)c, s, n) == strlen(s), "strlcpy result");
    CHECK(!n || strnlen((char *)c, n) == (strlen(s) < n ? strlen(s) : n - 1),
          "strlcpy %s", s);
    CHECK(c[n] == 'z', "strlcpy wrote past %zu", n);
}

static void tokens_once(void)
{
    char *s, *t, *x, *y, *sx, *sy;

    make(&s, &t, 4);
    memcpy(c, s, 64);
    t[1] = 0;
    x = exos_strtok_r(s, t, &sx);
    y = strtok_r((char *)c, t, &sy);
    while (x && y) {
        CHECK(!strcmp(x, y) && x - s == y - (char *)c, "strtok %s %s", x, y);
        x = exos_strtok_r(NULL, t, &sx);
        y = strtok_r(NULL, t, &sy);
    }
    CHECK(!x && !y, "strtok ends");
    make(&s, &t, 4);
    memcpy(c, s, 64);
    t[2] = 0;
    sx = s;
    sy = (char *)c;
    do {
        x = exos_strsep(&sx, t);
        y = strsep(&sy, t);
        CHECK(!x == !y && (!x || !strcmp(x, y)), "strsep");
    } while (x && y);
}

void test_strings(void)
{
    for (int i = 0; i < 60000; i++)
        strings_once();
    for (int i = 0; i < 20000; i++)
        tokens_once();
}

/* -- getopt -- */

static void options_once(void)
{
    static char *const words[] = {"-a", "-b", "-ab", "-cx", "-c",  "x",
                                  "yy", "-",  "--",  "-z",  "-az", "-:"};
    static const char *const specs[] = {"abc:", "+abc:", ":abc:", "a"};
    char *x[10] = {"prog"}, *y[10];
    int n = 1 + (int)test_below(8), p, q;
    const char *spec = specs[test_below(4)];

    for (int i = 1; i < n; i++)
        x[i] = words[test_below(12)];
    memcpy(y, x, sizeof y);
    optind = exos_optind = 0;
    opterr = exos_opterr = 0;
    do {
        optarg = exos_optarg = NULL;
        p = exos_getopt(n, x, spec);
        q = getopt(n, y, spec);
        CHECK(p == q && exos_optarg == optarg, "getopt %s: %c %c", spec, p, q);
        CHECK((p != '?' && p != ':') || exos_optopt == optopt, "optopt");
    } while (p != -1 && q != -1);
    CHECK(exos_optind == optind && !memcmp(x, y, sizeof x),
          "getopt %s: order of operands", spec);
}

void test_options(void)
{
    for (int i = 0; i < 20000; i++)
        options_once();
}
