// SPDX-License-Identifier: GPL-2.0-or-later
/* end.c - a program that ends as it is told: status N, read ADDRESS, jump ADDRESS, loop 0, wait 0. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile unsigned long count;

int main(int argc, char **argv)
{
    if (argc != 3)
        return 99;
    unsigned long value = strtoul(argv[2], NULL, 0);
    if (strcmp(argv[1], "status") == 0)
        return (int)value;
    if (strcmp(argv[1], "read") == 0)
        return *(volatile int *)value;
    if (strcmp(argv[1], "jump") == 0)
        ((void (*)(void))value)();
    while (strcmp(argv[1], "loop") == 0)
        count++;
    int end[2];
    char byte;
    if (strcmp(argv[1], "wait") == 0 && pipe(end) == 0)
        return (int)read(end[0], &byte, 1);
    return 98;
}
