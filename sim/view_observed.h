// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * view_observed.h - the calls of the library's API that a program makes, found by a run of its own
 * that is observed (apicalls.h), a piece at a time, beside the one that is looked at.
 */
#ifndef SIM_VIEW_OBSERVED_H
#define SIM_VIEW_OBSERVED_H

#include "align.h"
#include "apicalls.h"

struct view_observed {
    struct session s;
    struct apicalls_watch *watch;
    struct apicalls calls;
    bool open, done;
};

/* The same board and programs as the session that is viewed. */
int view_observed_open(struct view_observed *ob, const char *board,
                       const struct options *o, const struct registry *models,
                       const struct calls *calls, const struct api *api, struct err *err);
/* Runs on for about ns of host time (0: to the end); true: it has ended. */
bool view_observed_run(struct view_observed *ob, uint64_t ns);
void view_observed_close(struct view_observed *ob);
/* Its calls as items to align: places are cycles. *n of them; free() it. */
struct align_item *view_observed_items(const struct view_observed *ob, size_t *n);

#endif
