// SPDX-License-Identifier: GPL-2.0-or-later
/* posix.c - blocks through the file system: files `data`, which must be on the disk, and `new`. */
#include "diskbench.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char block[BLOCK];
static int fd;

static int trouble(const char *what)
{
    perror(what);
    return -1;
}

int posix_open(void)
{
    memset(block, 'x', sizeof block);
    return 0;
}

static int open_data(unsigned n)
{
    fd = open("/data", O_RDWR);
    if (fd < 0)
        return trouble("diskbench: /data");
    if (lseek(fd, 0, SEEK_END) < (off_t)n * (off_t)BLOCK) {
        fprintf(stderr, "diskbench: /data: fewer than %u blocks of %u bytes\n", n, BLOCK);
        return -1;
    }
    return lseek(fd, 0, SEEK_SET) == 0 ? 0 : trouble("diskbench: /data");
}

int posix_read(unsigned n, struct measure *m)
{
    if (open_data(n) < 0)
        return -1;
    *m = measure_start();
    for (unsigned i = 0; i < n; i++)
        if (read(fd, block, BLOCK) != (ssize_t)BLOCK)
            return trouble("diskbench: reading /data");
    measure_stop(m);
    return 0;
}

int posix_cached(unsigned n, struct measure *m)
{
    if (open_data(1) < 0 || read(fd, block, BLOCK) != (ssize_t)BLOCK)
        return trouble("diskbench: /data");
    *m = measure_start();
    for (unsigned i = 0; i < n; i++)
        if (lseek(fd, 0, SEEK_SET) != 0 || read(fd, block, BLOCK) != (ssize_t)BLOCK)
            return trouble("diskbench: reading /data");
    measure_stop(m);
    return 0;
}

int posix_write(unsigned n, struct measure *m)
{
    fd = open("/new", O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd < 0)
        return trouble("diskbench: /new");
    *m = measure_start();
    for (unsigned i = 0; i < n; i++)
        if (write(fd, block, BLOCK) != (ssize_t)BLOCK)
            return trouble("diskbench: writing /new");
    measure_stop(m);
    return 0;
}

int posix_fsync(unsigned n, struct measure *m)
{
    if (open_data(n) < 0)
        return -1;
    *m = measure_start();
    for (unsigned i = 0; i < n; i++)
        if (write(fd, block, BLOCK) != (ssize_t)BLOCK || fsync(fd) < 0)
            return trouble("diskbench: /data");
    measure_stop(m);
    return 0;
}
