// SPDX-License-Identifier: GPL-2.0-or-later
/* measure.c - reading the machine's counters; see measure.h. */
#include "measure.h"
#include <exo/user.h>
#include <stdio.h>

static struct measure now(void)
{
    struct measure m;

    m.kernel = exo_counter64(EXO_COUNTER_KERNEL);
    m.lib = exo_counter64(EXO_COUNTER_LIB);
    m.user = exo_counter64(EXO_COUNTER_USER);
    m.cycles = exo_counter64(EXO_COUNTER_CYCLES);
    return m;
}

static struct measure difference(const struct measure *a, const struct measure *b)
{
    return (struct measure){a->cycles - b->cycles, a->user - b->user, a->lib - b->lib,
                            a->kernel - b->kernel};
}

static struct measure own; /* what measuring nothing shows */

struct measure measure_start(void)
{
    for (int tries = own.cycles ? 0 : 8; tries;
         tries--) { /* a slice may end in some of them */
        struct measure a = now(), b = now(), d = difference(&b, &a);
        if (!own.cycles || d.cycles < own.cycles)
            own = d;
    }
    return now();
}

void measure_stop(struct measure *m)
{
    struct measure end = now(), spent = difference(&end, m);

    *m = difference(&spent, &own);
}

void measure_keep_least(struct measure *least, const struct measure *m)
{
    if (!least->cycles || m->cycles < least->cycles)
        *least = *m;
}

void measure_heading(void)
{
    printf("# %-10s %6s %12s %12s = %10s + %10s + %10s\n", "operation", "count", "cycles",
           "instructions", "user", "library", "kernel");
}

/* v / n with one digit behind the point, rounded. */
static void print_quotient(const char *before, int width, uint64_t v, unsigned n)
{
    unsigned long long tenths = (v * 10 + n / 2) / n;

    printf("%s%*llu.%llu", before, width - 2, tenths / 10, tenths % 10);
}

void measure_print(const char *name, const struct measure *m, unsigned n)
{
    printf("%-12s %6u", name, n);
    print_quotient(" ", 12, m->cycles, n);
    print_quotient(" ", 12, m->user + m->lib + m->kernel, n);
    print_quotient(" = ", 10, m->user, n);
    print_quotient(" + ", 10, m->lib, n);
    print_quotient(" + ", 10, m->kernel, n);
    printf("\n");
}
