// SPDX-License-Identifier: GPL-2.0-or-later
/* alloca.h - memory of the calling function's stack frame. */
#ifndef EXOS_LIBC_ALLOCA_H
#define EXOS_LIBC_ALLOCA_H

#define alloca(n) __builtin_alloca(n)

#endif
