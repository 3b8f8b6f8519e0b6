// SPDX-License-Identifier: GPL-2.0-or-later
/* loop.h - sockets on 127.0.0.1; each of these ends the program where it cannot do its work. */
#ifndef CONFORM_NETWORK_LOOP_H
#define CONFORM_NETWORK_LOOP_H

#include <netinet/in.h>

struct sockaddr_in loop_address(uint16_t port);
/* What getsockname says of it. */
struct sockaddr_in own_address(int fd);
/* A listening TCP socket, or a UDP socket, bound to a free port, which *at names. */
int loop_listener(struct sockaddr_in *at);
int loop_datagrams(struct sockaddr_in *at);
/* Both ends of a TCP connection. */
void loop_pair(int fd[2]);

#define SOCKADDR(a) ((struct sockaddr *)(a))

#endif
