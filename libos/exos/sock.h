// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sock.h - what descriptors need of sockets. `object` is what socket() gave file_open(); flags
 * are O_* of the open file. Without a network stack in the program (nothing in it makes a
 * socket) these are not there, and nobody calls them.
 */
#ifndef EXOS_SOCK_H
#define EXOS_SOCK_H

#include <sys/stat.h>

#define WEAK __attribute__((weak))

/* -1 and errno. */
WEAK ssize_t sock_read(unsigned object, void *buf, size_t n, uint32_t flags);
WEAK ssize_t sock_write(unsigned object, const void *buf, size_t n, uint32_t flags);
WEAK int sock_stat(unsigned object, struct stat *st);
/* The last reference is gone. Called without locks; a program without sockets may be the one that
 * finds an unreferenced row another process left: it leaves that to one that has them. */
WEAK void sock_close(unsigned object);
/* fork made a child, environment env, that has not run yet. */
WEAK void sock_forked(uint32_t env);

#undef WEAK
#endif
