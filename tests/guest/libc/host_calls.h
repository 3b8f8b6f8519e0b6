// SPDX-License-Identifier: GPL-2.0-or-later
/* host_calls.h - how a host test bends the system under the C library; see host_calls.c. */
#ifndef HOST_CALLS_H
#define HOST_CALLS_H

#include <setjmp.h>
#include <stddef.h>

extern size_t host_heap_limit; /* bytes sbrk may hand out in all */
extern size_t host_io_limit;   /* bytes a read or write moves at most */
extern int host_maps_fail;     /* mmap returns MAP_FAILED */
extern jmp_buf *host_abort_jump;
extern char host_errors[256];

#endif
