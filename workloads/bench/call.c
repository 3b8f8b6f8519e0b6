// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * call.c - for a bare CPU emulator, which stops at the first system call: bench_entry, then a
 * system call whose first argument is the checksum. Never called in the machine.
 */
#include "bench.h"
#include <exo/user.h>

__attribute__((used, retain)) void bench_call(uint64_t n);
void bench_call(uint64_t n)
{
    exo_env_exit((exo_word)bench_entry(n));
}
