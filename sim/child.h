// SPDX-License-Identifier: GPL-2.0-or-later
/* child.h - run another program and wait for it. */
#ifndef SIM_CHILD_H
#define SIM_CHILD_H

#include "err.h"

/* argv is NULL-terminated; argv[0] is looked up in PATH. 0 and *status = its exit status, or
 * ERR_USER if it cannot be run or was killed. */
int child_run(char *const *argv, int *status, struct err *err);

/* The same without an output of its own: what it writes to standard output and error is put in
 * words, cut if need be and ended by a NUL. env: "NAME=VALUE" strings that are added to the
 * environment, NULL-terminated, or NULL. */
int child_ask(char *const *argv, char *const *env, int *status, char *words, size_t max,
              struct err *err);

#endif
