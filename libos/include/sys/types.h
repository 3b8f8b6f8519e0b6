// SPDX-License-Identifier: GPL-2.0-or-later
/* sys/types.h - types of POSIX. off_t and time_t are 64 bits wide on every ISA. */
#ifndef EXOS_LIBC_SYS_TYPES_H
#define EXOS_LIBC_SYS_TYPES_H

#include <stddef.h>
#include <stdint.h>

typedef __PTRDIFF_TYPE__ ssize_t;
typedef int64_t off_t;
typedef int64_t time_t;
typedef int64_t clock_t;
typedef int32_t clockid_t;
typedef int32_t pid_t;
typedef uint32_t uid_t;
typedef uint32_t gid_t;
typedef uint32_t mode_t;
typedef uint32_t nlink_t;
typedef uint64_t ino_t;
typedef uint64_t dev_t;
typedef int64_t blkcnt_t;
typedef int32_t blksize_t;
typedef uint32_t useconds_t;
typedef int32_t suseconds_t;

#endif
