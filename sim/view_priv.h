// SPDX-License-Identifier: GPL-2.0-or-later
/* view_priv.h - what the files of the viewer's model share. See view.h. */
#ifndef SIM_VIEW_PRIV_H
#define SIM_VIEW_PRIV_H

#include "view.h"

/* The machine is where it was wanted: reads what there is. */
void view_arrive(struct view *v, uint64_t cursor);
/* The job is over, not well. */
void view_job_end(struct view *v, const char *why);
/* Runs towards a place, for ns of host time (0: until it is there). True: there, or at the end. */
bool view_travel(struct view *v, enum travel_axis axis, uint64_t value, uint64_t ns);
/* view_pc.c: an address or a function's name; the jobs of going to addresses. */
int view_pc_add(struct view *v, const char *what, struct err *err);
void view_pc_find(struct view *v, bool back);
void view_pc_forward(struct view *v, uint64_t ns);
void view_pc_backward(struct view *v, uint64_t ns);
void view_unwatch(struct view *v);
void view_who_piece(struct view *v, uint64_t ns);
/* Back to where the watched frame changed hands, or to a breakpoint behind that. */
void view_who_before(struct view *v);
uint64_t view_host_ns(void);
/* view_move.c: to the nearest selectable thing of the focused panel in a direction; half a panel up (-1)
 * or down. */
void view_move(struct view *v, const struct canvas *c, int dx, int dy);
void view_scroll(struct view *v, const struct canvas *c, int dir);
/* A key while a line is being typed. */
void view_prompt_key(struct view *v, const char *key);

#endif
