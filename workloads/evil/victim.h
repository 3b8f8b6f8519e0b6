// SPDX-License-Identifier: GPL-2.0-or-later
/* victim.h - the environment that is attacked: works, checks itself, obeys honest orders until
 * the attacker (process `pid`) has ended. Returns the exit status of it all. */
#ifndef EVIL_VICTIM_H
#define EVIL_VICTIM_H

#include <sys/types.h>

int victim(pid_t pid);

#endif
