// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * generate.c - the input files of the workload tests, the same every time.
 *
 *   generate FOLDER     writes the files listed in `kinds` there
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static uint64_t state = 42;

static unsigned below(unsigned n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)((state >> 33) % n);
}

static void word(FILE *f)
{
    for (unsigned n = 1 + below(9); n; n--)
        fputc("etaoinshrdlucmfwypvbgkjqxz"[below(3) ? below(10) : below(26)], f);
}

static void text(FILE *f, size_t bytes)
{
    while ((size_t)ftell(f) < bytes) {
        for (unsigned n = below(14); n; n--) {
            word(f);
            fputs(below(20) ? " " : below(2) ? "\t" : "  ", f);
        }
        fputc('\n', f);
    }
}

static void empty(FILE *f)
{
    (void)f;
}

static void newline(FILE *f)
{
    fputc('\n', f);
}

static void no_final_newline(FILE *f)
{
    fputs("pear\napple pie\n\napple", f);
}

static void small(FILE *f)
{
    text(f, 3000);
}

static void large(FILE *f)
{
    text(f, 1200000);
}

static void long_lines(FILE *f)
{
    for (int i = 0; i < 12; i++) {
        for (unsigned n = below(2) ? 70000 : 9; n; n--)
            fputc('a' + (int)below(2), f);
        fputc('\n', f);
    }
}

static void binary(FILE *f)
{
    for (int i = 0; i < 50000; i++)
        fputc((int)below(256), f);
}

static void blank(FILE *f)
{
    for (int i = 0; i < 2000; i++)
        fputc(" \t\v\f\r\n"[below(6)], f);
}

static void utf8(FILE *f)
{
    for (int i = 0; i < 300; i++)
        fputs((const char *[]){"d\303\251j\303\240 ", "\342\200\224 ", "vu\n",
                               "na\303\257f "}[below(4)],
              f);
}

static void numbers(FILE *f)
{
    static const char *const odd[] = {"-0",
                                      "0",
                                      "",
                                      "abc",
                                      "  7",
                                      "-",
                                      "-.5",
                                      ".5",
                                      "00012",
                                      "12.0",
                                      "12",
                                      "-12",
                                      "1e3",
                                      "\t3",
                                      "+4",
                                      "0.0",
                                      "1.50",
                                      "1.5",
                                      "123456789012345678901234567890",
                                      "-99999999999999999999",
                                      "0.1234567890123456789",
                                      "0.1234567890123456788"};

    for (int i = 0; i < 4000; i++) {
        if (below(5) == 0)
            fputs(odd[below(sizeof odd / sizeof *odd)], f);
        else
            fprintf(f, "%s%u.%u", below(2) ? "-" : "", below(300), below(10));
        fputs(below(4) ? "\n" : " kg\n", f);
    }
}

static void same_start(FILE *f)
{
    for (int i = 0; i < 3000; i++)
        fprintf(f, "2026-01-01T00:00:%02u host%s program[%u]: %s\n", below(60),
                below(2) ? "1" : "", below(9), below(2) ? "started" : "stopped");
}

static void few(FILE *f) /* long runs of equal lines */
{
    for (int i = 0; i < 20000; i++)
        fprintf(f, "%u\n", below(5) ? 3 : below(7));
}

static void ordered(FILE *f)
{
    for (int i = 0; i < 8000; i++)
        fprintf(f, "%06d\n", i < 4000 ? i : 8000 - i);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*make)(FILE *);
    } kinds[] = {
        {"empty", empty},     {"newline", newline},      {"nofinal", no_final_newline},
        {"small", small},     {"large", large},          {"longlines", long_lines},
        {"binary", binary},   {"blank", blank},          {"utf8", utf8},
        {"numbers", numbers}, {"samestart", same_start}, {"few", few},
        {"ordered", ordered}};

    if (argc != 2) {
        fprintf(stderr, "usage: generate FOLDER\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", argv[1], kinds[i].name);
        FILE *f = fopen(path, "wb");
        if (!f) {
            fprintf(stderr, "generate: %s: %s\n", path, strerror(errno));
            return 1;
        }
        kinds[i].make(f);
        if (fclose(f)) {
            fprintf(stderr, "generate: %s: %s\n", path, strerror(errno));
            return 1;
        }
    }
    return 0;
}
