// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * data.h - the data folder: built-in boards, kernel images, programs, the list of calls.
 *
 *   DATA/boards/NAME.dtb, NAME.dts
 *   DATA/guest/calls.tsv, hooks.tsv
 *   DATA/guest/<isa>/exo-softtlb, exo-radix, <program>, modules, bench.list, cc.flags
 *
 * DATA is, in this order: $EXOSIM_DATA; the folder above the one exosim itself lies in (the build
 * folder, for build/sim/exosim, or <prefix>/share/exosim); the build folder known at compile time.
 */
#ifndef SIM_DATA_H
#define SIM_DATA_H

#include <stdbool.h>
#include <stddef.h>

/* The folder; never NULL. Found once, then kept. */
const char *data_dir(void);
/* DATA/<fmt...>, to be freed by the caller. */
char *data_path(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The source tree it was built from: $EXOSIM_SOURCE, or the one known at compile time. It need not
 * be there. */
const char *data_source(void);
bool data_exists(const char *path);

/* Lines of a text file without comments (#) and empty lines; NULL-terminated, freed as one block
 * by free(). NULL if the file is not there. */
char **data_lines(const char *path, size_t *n);

#endif
