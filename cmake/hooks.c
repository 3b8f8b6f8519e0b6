// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hooks.c - build tool: print libos/port/hooks.def as tab-separated lines, for readers that may not
 * include libos/ (`exosim port status` and the porting report).
 *
 * Columns: class (mmu, disk, nic), number (place in its class), name, contract. The first line is
 * the heading.
 */
#include <stdio.h>
#include <string.h>

static const struct row {
    const char *class_, *name, *contract;
} rows[] = {
#define HOOK(class, name, type, params, args, contract) {#class, #name, contract},
#include "hooks.def"
};

int main(void)
{
    puts("class\tnumber\tname\tcontract");
    for (size_t i = 0, number = 0; i < sizeof rows / sizeof rows[0]; i++) {
        number =
            i > 0 && strcmp(rows[i].class_, rows[i - 1].class_) == 0 ? number + 1 : 0;
        printf("%s\t%zu\t%s\t%s\n", rows[i].class_, number, rows[i].name,
               rows[i].contract);
    }
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
