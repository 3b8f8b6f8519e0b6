// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mix.c - a little of everything a compiler emits: branches, calls, byte, word and floating
 * point work, division, atomics, system calls. Exits with a checksum.
 */
#include "user.h"

START;

static uint32_t words[64];
static double reals[16];
static uint32_t counter;

static uint32_t crc(const uint8_t *p, unsigned n)
{
    uint32_t c = ~0u;
    while (n--) {
        c ^= *p++;
        for (int k = 0; k < 8; k++)
            c = c & 1 ? c >> 1 ^ 0xedb88320u : c >> 1;
    }
    return ~c;
}

static void sort(uint32_t *v, unsigned n)
{
    for (unsigned i = 1; i < n; i++)
        for (unsigned k = i; k && v[k - 1] > v[k]; k--) {
            uint32_t t = v[k];
            v[k] = v[k - 1];
            v[k - 1] = t;
        }
}

int user_main(void)
{
    uint32_t x = 12345;
    for (unsigned i = 0; i < 24; i++) {
        x = x * 1103515245u + 12345u;
        words[i] = x % 1000u;
    }
    sort(words, 24);
    for (unsigned i = 0; i < 16; i++)
        reals[i] = (double)words[i] / 3.0 + (i ? reals[i - 1] : 0.5);
    call(CALL_NULL, 0, 0);
    for (unsigned i = 0; i < 10; i++)
        __atomic_fetch_add(&counter, words[i], __ATOMIC_SEQ_CST);
    for (unsigned i = 0; i < 5; i++) { /* load-linked, store-conditional */
        uint32_t old = counter;
        while (!__atomic_compare_exchange_n(&counter, &old, old * 3 + i, 0,
                                            __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
            continue;
    }
    call(CALL_LOG, counter, 0);
    uint32_t sum = crc((const uint8_t *)words, 16) ^ crc((const uint8_t *)reals, 24);
    return (int)((sum ^ sum >> 8 ^ sum >> 16 ^ counter) & 0x7f);
}
