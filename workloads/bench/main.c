// SPDX-License-Identifier: GPL-2.0-or-later
/* main.c - runs one bench program: NAME [ROUNDS]; see bench.h. */
#include "bench.h"
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    char *end = "";
    unsigned long n = argc > 1 ? strtoul(argv[1], &end, 10) : bench_rounds;

    if (argc > 2 || *end || !n) {
        fprintf(stderr, "usage: %s [ROUNDS]\n", bench_name);
        return 2;
    }
    printf("%s %lu %08lx\n", bench_name, n, (unsigned long)bench_entry(n));
    return 0;
}
