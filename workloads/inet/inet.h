// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * inet.h - what the network programs share: addresses by name, connections, whole transfers.
 *
 * Functions that fail say why on standard error, beginning with inet_program, and return -1.
 */
#ifndef WORKLOADS_INET_H
#define WORKLOADS_INET_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

extern const char *inet_program; /* set by main() */

void inet_complain(const char *what, int error);
/* 1..65535, or -1 */
int inet_port(const char *s);
/* Decimal with an optional k, M or G (powers of 1024). */
bool inet_number(const char *s, unsigned long long max, unsigned long long *n);
int inet_resolve(const char *host, int port, struct sockaddr_in *addr);
/* type: SOCK_STREAM or SOCK_DGRAM. A socket, connected. */
int inet_connect(const char *host, int port, int type);
/* A socket that listens (SOCK_STREAM) or receives there; host NULL: any of our addresses. */
int inet_listen(const char *host, int port, int type);
/* All n bytes, or -1. */
int inet_send(int fd, const void *p, size_t n);
/* n bytes; fewer if the other side ends; -1. */
long inet_receive(int fd, void *p, size_t n);
double inet_seconds(void); /* since some point in the past */

#endif
