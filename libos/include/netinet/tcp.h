// SPDX-License-Identifier: GPL-2.0-or-later
/* netinet/tcp.h - options of TCP sockets. */
#ifndef EXOS_LIBC_NETINET_TCP_H
#define EXOS_LIBC_NETINET_TCP_H

#define TCP_NODELAY 1
#define TCP_MAXSEG 2 /* read only */
#define TCP_KEEPIDLE 4
#define TCP_KEEPINTVL 5
#define TCP_KEEPCNT 6

#endif
