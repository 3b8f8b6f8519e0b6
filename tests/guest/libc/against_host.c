// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * against_host.c - the C library of exos against the host's, on random input: one TAP line a
 * group of functions. Built with address and undefined-behaviour sanitizers.
 */
#include "ours.h"

static unsigned failures;
static uint64_t state = 0x9e3779b97f4a7c15;

uint64_t test_random(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

unsigned test_below(unsigned n)
{
    return (unsigned)(test_random() % n);
}

void test_failed(const char *file, int line, const char *format, ...)
{
    va_list ap;

    if (failures++ >= 10)
        return;
    va_start(ap, format);
    printf("# %s:%d: ", file, line);
    vprintf(format, ap);
    printf("\n");
    va_end(ap);
}

int main(void)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } tests[] = {
        {"memory", test_memory}, {"strings", test_strings}, {"integers", test_integers},
        {"floats", test_floats}, {"printf", test_printf},   {"scanf", test_scanf},
        {"heap", test_heap},     {"sorting", test_sorting}, {"files", test_files},
        {"calendar", test_time}, {"options", test_options},
    };
    unsigned bad = 0, n = sizeof tests / sizeof *tests;

    printf("1..%u\n", n);
    for (unsigned i = 0; i < n; i++) {
        failures = 0;
        tests[i].run();
        printf("%sok %u - %s", failures ? "not " : "", i + 1, tests[i].name);
        printf(failures ? " (%u differences)\n" : "\n", failures);
        bad += failures != 0;
    }
    return bad != 0;
}
