// SPDX-License-Identifier: GPL-2.0-or-later
/* child.h - run another program and wait for it. */
#ifndef SIM_CHILD_H
#define SIM_CHILD_H

#include "err.h"

/* argv is NULL-terminated; argv[0] is looked up in PATH. 0 and *status = its exit status, or
 * ERR_USER if it cannot be run or was killed. */
int child_run(char *const *argv, int *status, struct err *err);

#endif
