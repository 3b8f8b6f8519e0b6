// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * log.c - the log that a power cut is judged by (-l), a line each on standard output, written before the
 * next thing is done:
 *
 *   F PATH SIZE SUM   this file is on the disk (SUM: as the cksum command says)
 *   D PATH            this directory is
 *   L PATH TARGET     this symbolic link is
 *   U PATH            it, or what it holds, is about to change
 *   # ...             something else
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fsstress.h"

bool logging;

/* CRC of POSIX's cksum: polynomial 0x04c11db7, most significant bit first, the length behind. */
static uint32_t cksum(const uint8_t *p, uint32_t n)
{
    static uint32_t table[256];
    uint32_t crc = 0;
    for (uint32_t i = 0; table[1] == 0 && i < 256; i++) {
        uint32_t c = (255 - i) << 24;
        for (int k = 0; k < 8; k++)
            c = c & 0x80000000u ? c << 1 ^ 0x04c11db7 : c << 1;
        table[255 - i] = c;
    }
    for (uint32_t i = 0; i < n; i++)
        crc = crc << 8 ^ table[crc >> 24 ^ p[i]];
    for (; n > 0; n >>= 8)
        crc = crc << 8 ^ table[crc >> 24 ^ (n & 0xff)];
    return ~crc;
}

static void line(const char *text, size_t n)
{
    write_full(STDOUT_FILENO, text, n);
}

void log_durable(int n)
{
    char text[8300];
    const struct inode *i = node[n].inode;
    if (!logging || node[n].durable)
        return;
    const char *path = path_of(n);
    int length = i->type == FILE_ ? snprintf(text, sizeof text, "F %s %u %u\n", path,
                                             i->size, cksum(i->data, i->size))
                 : i->type == LINK
                     ? snprintf(text, sizeof text, "L %s %s\n", path, i->target)
                     : snprintf(text, sizeof text, "D %s\n", path);
    line(text, (size_t)length);
    node[n].durable = true;
}

void log_change(int n)
{
    char text[4200];
    for (int i = 0; logging && i < NODES; i++) {
        if (node[i].inode == NULL || !node[i].durable || !below(i, n))
            continue;
        line(text, (size_t)snprintf(text, sizeof text, "U %s\n", path_of(i)));
        node[i].durable = false;
    }
}

void log_inode(const struct inode *what)
{
    for (int i = 0; logging && i < NODES; i++)
        if (node[i].inode == what)
            log_change(i);
}
