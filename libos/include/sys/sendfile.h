// SPDX-License-Identifier: GPL-2.0-or-later
/* sys/sendfile.h - a file into a stream socket: read straight into the buffers it is sent from. */
#ifndef EXOS_LIBC_SYS_SENDFILE_H
#define EXOS_LIBC_SYS_SENDFILE_H

#include <sys/types.h>

/* out: a TCP socket (others EINVAL). off NULL: from the file's position, which moves. */
ssize_t sendfile(int out, int in, off_t *off, size_t n);

#endif
