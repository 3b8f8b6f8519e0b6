// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * drive.h - the network stack in a process of exos. Its state lies in the session's area AREA_NET with the
 * packet ring, under one mutex; whoever makes a network call enters, which takes packets from the
 * ring and runs timers, and whoever waits does so until what it waits for has come.
 *
 *   | struct drive | ring head | ring slots | struct net, buffers |     each on a page of its own
 *
 * What two processes may both wait for is a word: the ring's `produced`, net->activity.
 */
#ifndef EXOS_SOCK_DRIVE_H
#define EXOS_SOCK_DRIVE_H

#include "net/sock_core.h"
#include "session.h"

/* Enter: the stack, locked; NULL and errno (ENOSYS, ENOMEM). */
struct net *net_enter(void);
void net_leave(struct net *net);
#define NET_FOREVER UINT64_MAX
/* The cycle at which this process last entered or woke, and that many ms later: for who is inside. */
uint64_t net_cycles(void);
uint64_t net_deadline(uint32_t ms);
/* Entered; leave, sleep until something happened (or one of the terms in more[n], n <= 3, holds,
 * or the deadline has come), enter again. 0, EINTR, or ETIMEDOUT if the deadline is over. */
int net_wait(struct net *net, uint64_t deadline, const struct exo_pred *more, unsigned n);
/* Wait until the machine has an address, or is without a device. 0 or errno. */
int net_configured(struct net *net, uint64_t deadline);

/* A row of the socket table behind a descriptor, or -1 and errno; *flags: O_* of it. */
int sock_of(int fd, uint32_t *flags);
int sock_fail(int error);

#endif
