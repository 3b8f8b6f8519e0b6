// SPDX-License-Identifier: GPL-2.0-or-later
/* poll.h - waiting for one of several descriptors: sockets, pipes, the console, files. */
#ifndef EXOS_LIBC_POLL_H
#define EXOS_LIBC_POLL_H

#include <sys/types.h>

typedef unsigned long nfds_t;

struct pollfd {
    int fd;
    short events, revents;
};

#define POLLIN 0x001
#define POLLPRI 0x002
#define POLLOUT 0x004
#define POLLERR 0x008
#define POLLHUP 0x010
#define POLLNVAL 0x020
#define POLLRDNORM 0x040
#define POLLWRNORM 0x100
#define POLLRDHUP 0x2000

int poll(struct pollfd *fds, nfds_t n, int timeout);

#endif
