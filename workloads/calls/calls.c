// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * calls.c - one operation of the machine, over and over, for `exosim bench` to time from outside:
 *
 *   null    an exokernel call that does nothing (the fast path in assembly)
 *   saved   one that saves all registers and is refused in C (cap_drop of no slot)
 *   touch   a sweep that reads one byte of each of 2048 pages, more than a TLB holds
 *
 *   calls null|saved|touch COUNT
 */
#include <exo/user.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGES 2048u
#define STRIDE 4096u /* the smallest page of any board */

static volatile unsigned char area[PAGES * STRIDE];

static int null_calls(unsigned long n)
{
    while (n--)
        if (exo_null() != EXO_OK)
            return 1;
    return 0;
}

static int saved_calls(unsigned long n)
{
    while (n--)
        if (exo_cap_drop(EXO_NCAP) >= 0)
            return 1;
    return 0;
}

static int touch(unsigned long n)
{
    for (unsigned i = 0; i < PAGES; i++)
        area[i * STRIDE] = 1;
    while (n--)
        for (unsigned i = 0; i < PAGES; i++)
            if (area[i * STRIDE] != 1)
                return 1;
    return 0;
}

int main(int argc, char **argv)
{
    unsigned long n = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
    const char *what = argc == 3 ? argv[1] : "";
    int wrong = 2;
    if (n && strcmp(what, "null") == 0)
        wrong = null_calls(n);
    else if (n && strcmp(what, "saved") == 0)
        wrong = saved_calls(n);
    else if (n && strcmp(what, "touch") == 0)
        wrong = touch(n);
    if (wrong == 2)
        fprintf(stderr, "usage: calls null|saved|touch COUNT\n");
    else if (wrong)
        fprintf(stderr, "calls: %s: a wrong answer\n", what);
    return wrong;
}
