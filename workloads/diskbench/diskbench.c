// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * diskbench.c - what a block of 4 KiB costs, in the machine's own counters (measure.h):
 *
 *   diskbench raw  read|write|flush|burst COUNT    through the disk backend alone; DESTROYS what is
 *                                                  on the disk
 *   diskbench file read|cached|write|fsync COUNT   through the file system; /data must be there,
 *                                                  of COUNT blocks at least
 *
 *   flush   a write, then a flush       burst   reads, many under way
 *   cached  the same block again        fsync   a write over an old block, then fsync
 *
 * Prints a line of measure.h. Exit status 1: the disk or the file system said no.
 */
#include "diskbench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *layer, *what;
    int (*open)(void);
    int (*run)(unsigned n, struct measure *m);
} rows[] = {
    {"raw", "read", raw_open, raw_read},
    {"raw", "write", raw_open, raw_write},
    {"raw", "flush", raw_open, raw_flush},
    {"raw", "burst", raw_open, raw_burst},
    {"file", "read", posix_open, posix_read},
    {"file", "cached", posix_open, posix_cached},
    {"file", "write", posix_open, posix_write},
    {"file", "fsync", posix_open, posix_fsync},
};

int main(int argc, char **argv)
{
    unsigned long n = argc == 4 ? strtoul(argv[3], NULL, 10) : 0;
    for (size_t i = 0; n > 0 && i < sizeof rows / sizeof rows[0]; i++) {
        struct measure m = {0};
        char name[16];
        if (strcmp(argv[1], rows[i].layer) != 0 || strcmp(argv[2], rows[i].what) != 0)
            continue;
        if (rows[i].open() < 0 || rows[i].run((unsigned)n, &m) < 0)
            return 1;
        measure_heading();
        snprintf(name, sizeof name, "%s.%s", argv[1], argv[2]);
        measure_print(name, &m, (unsigned)n);
        return fflush(stdout) != 0;
    }
    fprintf(stderr, "usage: diskbench raw  read|write|flush|burst COUNT\n"
                    "       diskbench file read|cached|write|fsync COUNT\n");
    return 1;
}
