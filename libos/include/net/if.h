// SPDX-License-Identifier: GPL-2.0-or-later
/* net/if.h - interfaces: lo is 1, eth0 is 2 on a machine with a network device. */
#ifndef EXOS_LIBC_NET_IF_H
#define EXOS_LIBC_NET_IF_H

#define IF_NAMESIZE 16

unsigned if_nametoindex(const char *name);
char *if_indextoname(unsigned index, char *name);

#endif
