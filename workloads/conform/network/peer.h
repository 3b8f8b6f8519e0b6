// SPDX-License-Identifier: GPL-2.0-or-later
/* peer.h - for programs with NEEDS_PEER: the other machine, which echoes on port 7 (peer.c). */
#ifndef CONFORM_NETWORK_PEER_H
#define CONFORM_NETWORK_PEER_H

#include <netinet/in.h>

#define PEER_PORT 7

/* 169.254.1.2, port 7. */
struct sockaddr_in peer_address(void);
/* A TCP connection to it, waiting for it to listen; datagrams are answered from then on, too. -1
 * and errno where that fails. */
int peer_connect(void);

#endif
