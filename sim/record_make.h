// SPDX-License-Identifier: GPL-2.0-or-later
/* record_make.h - the record of a command line: --record, --replay. */
#ifndef SIM_RECORD_MAKE_H
#define SIM_RECORD_MAKE_H

#include "board.h"
#include "loader.h"
#include "options.h"
#include "record.h"
#include "store.h"

/* Opens what o asks for, NULL if nothing: a new record, or one of the same machine: board, options,
 * programs, files and disk, by hash. */
int record_of_options(const struct options *o, const struct board *b,
                      const struct load_plan *plan, struct store *store,
                      struct record **out, struct err *err);
/* What makes a run this run, as text: board, options, programs, files and disk, by hash. free() it. */
int record_identity(const struct options *o, const struct board *b,
                    const struct load_plan *plan, struct store *store, char **text,
                    struct err *err);

#endif
