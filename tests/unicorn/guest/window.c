// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * window.c - a leaf function run at its own address and at an alias inside the library window: the
 * rig maps the program there once more. 1000 rounds of 4 instructions or so each.
 */
#include "user.h"

START;

__attribute__((noinline)) static unsigned leaf(unsigned n)
{
    unsigned s = 0;
    for (unsigned i = 0; i < n; i++)
        __asm__ volatile("" : "+r"(s));
    return s + n;
}

int user_main(void)
{
    unsigned (*alias)(unsigned) = (unsigned (*)(unsigned))((uintptr_t)leaf + 0x10000000u);
    __asm__ volatile("" : "+r"(alias));
    return leaf(1000) + alias(1000) == 2000 ? 0 : 1;
}
