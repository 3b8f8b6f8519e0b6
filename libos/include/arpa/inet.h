// SPDX-License-Identifier: GPL-2.0-or-later
/* arpa/inet.h - Internet addresses as text. */
#ifndef EXOS_LIBC_ARPA_INET_H
#define EXOS_LIBC_ARPA_INET_H

#include <netinet/in.h>

/* "1.2.3.4", also the forms with fewer numbers, octal and hexadecimal ones. 1 if it is one. */
int inet_aton(const char *s, struct in_addr *addr);
in_addr_t inet_addr(const char *s);
char *inet_ntoa(struct in_addr addr);
/* Four decimal numbers only. AF_INET only, others EAFNOSUPPORT. */
int inet_pton(int family, const char *s, void *addr);
const char *inet_ntop(int family, const void *addr, char *s, socklen_t n);

#endif
