// SPDX-License-Identifier: GPL-2.0-or-later
/* view_frame.h - parts of the picture that are no panels. */
#ifndef SIM_VIEW_FRAME_H
#define SIM_VIEW_FRAME_H

#include "view.h"

/* The whole run, as far as it is known: who ran, what happened, where the cursor is. */
void view_draw_timeline(struct view *v, struct canvas *c, struct rect r);

/* One panel with its frame and name. */
void view_draw_panel(struct view *v, struct canvas *c, enum view_panel p, struct rect r);

#endif
