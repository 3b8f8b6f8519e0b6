// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * view_pair.h - two viewers side by side, of the same programs on two boards, aligned at exokernel
 * calls (align.h). Stepping goes by rows of the aligned list; any key that is not one of its own goes
 * to the side that has the focus.
 */
#ifndef SIM_VIEW_PAIR_H
#define SIM_VIEW_PAIR_H

#include "align.h"
#include "view.h"
#include "view_observed.h"

struct view_pair {
    struct view *side[2]; /* borrowed */
    const struct calls *calls;
    struct align al;
    uint64_t aligned[2]; /* records known when it was made */
    size_t row;
    int focus;
    int scroll;
    bool help;
    /* by calls of the library's API instead: runs of their own find them */
    bool by_api;
    struct view_observed observed[2];
    struct api api;
    const struct options *o;
    const struct registry *models;
};

/* Both are at their beginning; runs them to their ends first, a piece at a time. */
void view_pair_open(struct view_pair *p, struct view *a, struct view *b,
                    const struct calls *calls, const struct options *o,
                    const struct registry *models);
void view_pair_close(struct view_pair *p);
void view_pair_draw(struct view_pair *p, struct canvas *c, int w, int h);
void view_pair_key(struct view_pair *p, const struct canvas *c, const char *key);
void view_pair_click(struct view_pair *p, const struct canvas *c, int x, int y);
void view_pair_tick(struct view_pair *p, double seconds, uint64_t ns);
bool view_pair_busy(const struct view_pair *p);

#endif
