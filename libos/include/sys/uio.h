// SPDX-License-Identifier: GPL-2.0-or-later
/* sys/uio.h - reading and writing several pieces of memory at once. */
#ifndef EXOS_LIBC_SYS_UIO_H
#define EXOS_LIBC_SYS_UIO_H

#include <sys/types.h>

struct iovec {
    void *iov_base;
    size_t iov_len;
};

ssize_t readv(int fd, const struct iovec *iov, int n);
ssize_t writev(int fd, const struct iovec *iov, int n);

#endif
