// SPDX-License-Identifier: GPL-2.0-or-later
/* resolve.h - addresses of a host's name. */
#ifndef EXOS_SOCK_RESOLVE_H
#define EXOS_SOCK_RESOLVE_H

#include <stdint.h>

#define RESOLVE_MAX 8

/* How many addresses (host byte order), or EAI_*. "localhost", /etc/hosts, then DNS. */
int resolve(const char *host, uint32_t ip[RESOLVE_MAX]);

#endif
