// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * canvas.h - a picture of the viewer as a list of boxes and texts, before anything is drawn: panels
 * write it, view_draw.c makes pixels of it, canvas_dump() makes text of it (for tests and for
 * those who cannot see), a click finds what lies under it.
 *
 * Measures are pixels; texts stand in cells of cw by ch pixels, one a character, so the layout does
 * not depend on the font.
 */
#ifndef SIM_CANVAS_H
#define SIM_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Colours by meaning. The first CANVAS_OWNERS after TINT_OWNER are environments'. */
enum tint {
    TINT_GROUND, /* behind everything */
    TINT_PANEL,  /* a panel's ground */
    TINT_RAISED, /* a title, a selected row */
    TINT_TEXT,
    TINT_DIM,    /* text that matters less */
    TINT_BRIGHT, /* selection, focus */
    TINT_WARN,   /* died, failed, taken by force */
    TINT_FREE,   /* a resource nobody has */
    TINT_KERNEL,
    TINT_EXPORT, /* what the kernel shows */
    TINT_MODULE,
    TINT_MARK, /* marks on coloured squares */
    TINT_OWNER
};
#define CANVAS_OWNERS 8u
#define TINTS ((unsigned)TINT_OWNER + CANVAS_OWNERS)

/* What a thing in the picture is: for clicks and for highlighting. */
enum thing {
    THING_NONE,
    THING_ENV,
    THING_FRAME,
    THING_PAGE, /* virtual address of the current environment */
    THING_EXTENT,
    THING_RING,
    THING_EVENT, /* record number, from 0 */
    THING_PLACE, /* a place on the timeline: records from the start */
    THING_PANEL
};
struct pick {
    enum thing thing;
    uint64_t id;
};

struct rect {
    int x, y, w, h;
};

enum op_kind { OP_FILL, OP_BOX, OP_TEXT };
struct canvas_op {
    enum op_kind kind;
    struct rect at; /* of a text: where it begins; w, h unused */
    struct rect clip;
    enum tint tint;
    size_t text; /* offset in canvas.text, ended by NUL */
};

struct canvas_hit {
    struct rect at;
    struct pick pick;
};

struct canvas {
    int w, h;   /* pixels */
    int cw, ch; /* of a cell */
    struct rect clip;
    struct canvas_op *op;
    size_t nops, cap_ops;
    char *text;
    size_t ntext, cap_text;
    struct canvas_hit *hit;
    size_t nhits, cap_hits;
};

/* Empty it, for a picture of this size. The first use is on zeroed memory. */
void canvas_begin(struct canvas *c, int w, int h, int cw, int ch);
void canvas_free(struct canvas *c);

void canvas_clip(struct canvas *c, struct rect r);
void canvas_fill(struct canvas *c, struct rect r, enum tint tint);
/* The outline only, inside r. */
void canvas_box(struct canvas *c, struct rect r, enum tint tint);
/* One line of printable ASCII; anything else is shown as '?'. Returns its width in pixels. */
int canvas_text(struct canvas *c, int x, int y, enum tint tint, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* A click inside r means this. */
void canvas_hit(struct canvas *c, struct rect r, enum thing thing, uint64_t id);
/* What lies at a pixel: the last one written. */
struct pick canvas_pick(const struct canvas *c, int x, int y);

/* The colour of an environment; environments more than CANVAS_OWNERS apart share one. */
enum tint tint_owner(uint32_t env);
const char *tint_name(enum tint t);
/* 0xrrggbb */
uint32_t tint_rgb(enum tint t);

/* Texts as lines of characters, and behind them, a line a colour, how many boxes are filled with it. */
void canvas_dump(const struct canvas *c, struct rect r, FILE *to);

#endif
