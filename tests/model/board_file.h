// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * board_file.h - the built-in boards (*.dtb, in the directory BOARD_DIR) as the tests read them: a
 * reader of their own, so that what is tested is the board and not the simulator's reader.
 */
#ifndef BOARD_FILE_H
#define BOARD_FILE_H

#include "rig.h"

/* Device tree of boards/NAME.dtb, or of a file if there is a slash in name; malloc'ed. Aborts if it cannot be read. */
void *board_load(const char *name);
/* The node's properties as parameters of model m; set needs RIG_MAX_VALUES elements. An exo,
 * property that m does not have aborts. Strings point into fdt. */
void board_params(const void *fdt, int node, const struct hw_model *m,
                  struct rig_set *set);
/* The same of the board's MMU; returns its model. */
const struct hw_model *board_mmu(const void *fdt, struct rig_set *set);

#endif
