// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench.h - the frame of a CPU-bound program for `exosim bench cpu`.
 *
 * Each program is one function that uses no system call, no floating point and no memory but its
 * own .data, .bss and stack. So the same ELF file also runs in a bare CPU emulator: load its
 * segments, call bench_entry(n), or bench_call(n), which ends in a system call. `n` is the number
 * of rounds; the result, of 32 bits on every ISA, is a checksum over all the work. main (main.c)
 * prints
 *
 *   NAME N CHECKSUM        decimal, decimal, 8 hexadecimal digits
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>

extern const char bench_name[];
extern const unsigned bench_rounds; /* without an argument (CMakeLists.txt) */

uint64_t bench_entry(uint64_t n);

static inline uint32_t bench_mix(uint32_t sum, uint32_t v)
{
    sum = (sum ^ v) * 0x9e3779b1u;
    return sum ^ sum >> 15;
}

/* xorshift32 (G. Marsaglia, 2003); state not 0. */
static inline uint32_t bench_random(uint32_t *state)
{
    uint32_t x = *state;

    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return *state = x;
}

#endif
