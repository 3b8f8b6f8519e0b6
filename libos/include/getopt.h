// SPDX-License-Identifier: GPL-2.0-or-later
/* getopt.h - getopt alone lives in unistd.h. */
#ifndef EXOS_LIBC_GETOPT_H
#define EXOS_LIBC_GETOPT_H

#include <unistd.h>

#endif
