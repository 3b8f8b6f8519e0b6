// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * many.c - much new code: rewrites and runs a page of it again and again, which fills any buffer
 * for translated code. Exits 0 if every run gave what was written.
 */
#include "user.h"

START;

#define N 256
static uint32_t code[N] __attribute__((aligned(4096)));

/* x = x + k, N - 2 times, and return. */
static uint32_t add(unsigned k)
{
#if defined(__riscv)
    return 0x00050513u | k << 20;
#elif defined(__aarch64__)
    return 0x91000000u | k << 10;
#elif defined(__x86_64__)
    return 0x0000c783u | k << 16 | 0x90000000u; /* add $k, %edi; nop */
#else
    return 0x24840000u | k;
#endif
}

int user_main(void)
{
    unsigned long (*f)(unsigned long) = (unsigned long (*)(unsigned long))(uintptr_t)code;
    for (unsigned i = 0; i < 3000; i++) {
        unsigned k = i % 100;
        for (unsigned j = 0; j < N - 4; j++)
            code[j] = add(k);
#if defined(__riscv)
        code[N - 4] = 0x00008067u;
#elif defined(__aarch64__)
        code[N - 4] = 0xd65f03c0u;
#elif defined(__x86_64__)
        code[N - 4] = 0x00c3f889u;              /* mov %edi, %eax; ret */
#else
        code[N - 4] = 0x03e00008u; /* jr $31 */
        code[N - 3] = 0x00801021u; /* move $2, $4 */
#endif
        if (f(1) != 1 + (N - 4) * k)
            return 1;
    }
    return 0;
}
