// SPDX-License-Identifier: GPL-2.0-or-later
/* limits.h - the compiler's limits and POSIX's. */
#ifndef EXOS_LIBC_LIMITS_H
#define EXOS_LIBC_LIMITS_H

#pragma GCC system_header
#include_next <limits.h>

#ifndef SSIZE_MAX
#define SSIZE_MAX __PTRDIFF_MAX__
#endif
#define PATH_MAX 4096
#define NAME_MAX 255
#define ARG_MAX 65536
#define PIPE_BUF 4096
#define OPEN_MAX 256
#define IOV_MAX 16

#endif
