// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * smc.c - code that changes: written by the program (another page, its own page, the very next
 * instruction), by the kernel, by a device. Exits with the number of the part that ran
 * something stale, 0 if none. The rig maps its first page writable.
 */
#include "user.h"

START;

typedef unsigned (*function)(void);

static uint32_t elsewhere[16] __attribute__((aligned(64)));
static uint32_t beside[16] __attribute__((section(".text.beside"), aligned(64))) = {0};

/* "return k" in two words. */
static void word_pair(uint32_t w[2], unsigned k)
{
#if defined(__riscv)
    w[0] = 0x00000513u | k << 20; /* li a0, k */
    w[1] = 0x00008067u;           /* ret */
#elif defined(__aarch64__)
    w[0] = 0xd2800000u | k << 5; /* mov x0, k */
    w[1] = 0xd65f03c0u;          /* ret */
#elif defined(__x86_64__)
    w[0] = 0xb8u | k << 8; /* mov $k, %eax; ret */
    w[1] = 0x0000c300u;
#else
    w[0] = 0x03e00008u;     /* jr $31 */
    w[1] = 0x24020000u | k; /* li $2, k, in its delay slot */
#endif
}

static void put(volatile uint32_t *at, unsigned k)
{
    uint32_t w[2];
    word_pair(w, k);
    at[0] = w[0];
    at[1] = w[1];
}

static unsigned run(volatile uint32_t *at)
{
    return ((function)(uintptr_t)at)();
}

static uintptr_t physical(volatile uint32_t *at)
{
    return (uintptr_t)at - USER_BASE + USER_PA;
}

static int by_program(volatile uint32_t *at)
{
    for (unsigned i = 0; i < 40; i++) {
        put(at, i * 7 % 256);
        if (run(at) != i * 7 % 256 || run(at) != i * 7 % 256)
            return 1;
    }
    return 0;
}

static int by_kernel(volatile uint32_t *at)
{
    for (unsigned i = 0; i < 20; i++) {
        uint32_t w[2];
        word_pair(w, i);
        call(CALL_POKE, physical(at), w[0]);
        call(CALL_POKE, physical(at) + 4, w[1]);
        if (run(at) != i)
            return 1;
    }
    return 0;
}

/* The rig's DMA bytes return 77. */
static int by_device(volatile uint32_t *at)
{
    for (unsigned i = 0; i < 20; i++) {
        put(at, 5);
        if (run(at) != 5)
            return 1;
        call(CALL_DMA, physical(at), 0);
        if (run(at) != 77)
            return 1;
    }
    return 0;
}

/* An instruction of the block that runs. */
static int next_instruction(void)
{
#if defined(__x86_64__)
    for (unsigned i = 0; i < 20; i++) {
        unsigned got;
        __asm__ volatile("movb %b1, 1f+1(%%rip)\n1: mov $255, %0"
                         : "=&a"(got)
                         : "c"(i)
                         : "memory");
        if (got != i)
            return 1;
    }
#endif
    return 0;
}

int user_main(void)
{
    if (by_program(elsewhere))
        return 1;
    if (by_program(beside))
        return 2;
    if (by_kernel(elsewhere))
        return 3;
    if (by_kernel(beside))
        return 4;
    if (by_device(elsewhere))
        return 5;
    if (by_device(beside))
        return 6;
    if (next_instruction())
        return 7;
    return 0;
}
