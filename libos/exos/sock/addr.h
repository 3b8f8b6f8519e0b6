// SPDX-License-Identifier: GPL-2.0-or-later
/* addr.h - between the parts of the socket calls. */
#ifndef EXOS_SOCK_ADDR_H
#define EXOS_SOCK_ADDR_H

#include <sys/socket.h>

#include "drive.h"

/* 0 or a positive errno. */
int addr_in(const struct sockaddr *addr, socklen_t len, struct sock_addr *to);
/* As much as fits *len; then *len is the whole length. NULL: not wanted. */
void addr_out(const struct sock_addr *from, struct sockaddr *addr, socklen_t *len);
/* Of SO_RCVTIMEO, SO_SNDTIMEO: 0 is for ever. */
static inline uint64_t sock_deadline(uint32_t ms)
{
    return ms != 0 ? net_deadline(ms) : NET_FOREVER;
}

#endif
