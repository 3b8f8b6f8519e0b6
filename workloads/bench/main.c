// SPDX-License-Identifier: GPL-2.0-or-later
/* main.c - runs one bench program: NAME [ROUNDS]; see bench.h. */
#include "bench.h"
#include <exo/user.h>
#include <stdio.h>
#include <stdlib.h>

/* For a bare CPU emulator, which stops at the first system call: bench_entry, then a system call
 * whose first argument is the checksum. Never called in the machine. */
__attribute__((used, retain)) void bench_call(uint64_t n);
void bench_call(uint64_t n)
{
    exo_env_exit((exo_word)bench_entry(n));
}

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
