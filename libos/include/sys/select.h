// SPDX-License-Identifier: GPL-2.0-or-later
/* sys/select.h - waiting for one of several descriptors, by sets of bits. */
#ifndef EXOS_LIBC_SYS_SELECT_H
#define EXOS_LIBC_SYS_SELECT_H

#include <sys/time.h>
#include <sys/types.h>

#define FD_SETSIZE 1024

typedef struct {
    uint32_t bits[FD_SETSIZE / 32];
} fd_set;

#define FD_ZERO(s)                                                                       \
    do {                                                                                 \
        for (unsigned fd_i = 0; fd_i < FD_SETSIZE / 32; fd_i++)                          \
            (s)->bits[fd_i] = 0;                                                         \
    } while (0)
#define FD_SET(fd, s) ((s)->bits[(unsigned)(fd) / 32] |= 1u << (unsigned)(fd) % 32)
#define FD_CLR(fd, s) ((s)->bits[(unsigned)(fd) / 32] &= ~(1u << (unsigned)(fd) % 32))
#define FD_ISSET(fd, s) ((int)((s)->bits[(unsigned)(fd) / 32] >> (unsigned)(fd) % 32 & 1))

int select(int n, fd_set *read, fd_set *write, fd_set *except, struct timeval *timeout);

#endif
