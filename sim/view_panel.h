// SPDX-License-Identifier: GPL-2.0-or-later
/* view_panel.h - what panels are written with: lines, one below the other, that can be scrolled. */
#ifndef SIM_VIEW_PANEL_H
#define SIM_VIEW_PANEL_H

#include <inttypes.h>

#include "view.h"

/* Lines of a panel, from its scroll position on. */
struct lines {
    struct canvas *c;
    struct rect r;
    int skip; /* lines scrolled away, still to come */
    int y;
};

struct lines view_lines(const struct view *v, struct canvas *c, struct rect r,
                        enum view_panel p);
/* The next line's place; false: it is not visible (but the panel may go on, or is full: lines_full). */
bool lines_next(struct lines *l, struct rect *at);
bool lines_full(const struct lines *l);
/* A line of text; with a thing it can be clicked and is highlighted with what belongs to it. */
void lines_text(struct view *v, struct lines *l, enum tint tint, struct pick p,
                const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* The same behind a square of the thing's colour. */
void lines_owned(struct view *v, struct lines *l, uint32_t env, struct pick p,
                 const char *fmt, ...) __attribute__((format(printf, 5, 6)));

#define NO_PICK ((struct pick){THING_NONE, 0})

/* A mark beside a line: the thing is selected, or belongs to what is. */
void view_mark(struct view *v, struct canvas *c, struct rect line, struct pick p);
/* A square of the colours of all holders (bits), side by side. */
void view_owners(struct canvas *c, struct rect r, uint64_t held, enum tint nobody);
/* A panel without a state to show (a trace file) says so. True: it did. */
bool view_stateless(struct view *v, struct canvas *c, struct rect r);

#endif
