// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * store_make.h - the disk of a command line: --disk, --root, --disk-size, --power-cut.
 */
#ifndef SIM_STORE_MAKE_H
#define SIM_STORE_MAKE_H

#include "board.h"
#include "options.h"
#include "store.h"

/* Opens (and makes, for --root) the medium for the board's disk; a blank one without options.
 * ERR_USER if the board has no disk for them. */
int store_of_options(const struct options *o, const struct board *b, struct store **out,
                     struct err *err);

#endif
