// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * space.h - building another environment, for fork and exec: an embryo, its upage with a struct
 * exos_self, its upcall stack and page map, and the translations it starts with.
 *
 * Everything is done by its maker in one critical section. Frames for it are taken by the
 * maker, filled through scratch places, held for it, and given up at the end. Calls are
 * batched; what is queued is made at the latest by space_finish() and space_start().
 */
#ifndef EXOS_SPACE_H
#define EXOS_SPACE_H

#include "batch.h"
#include "pagemap.h"

#define SPACE_MAPS 80    /* translations it starts with; others come by faults */
#define SPACE_FRAMES 200 /* frames made for it */

/* Lives in the work page (L_WORK), which a child does not inherit. */
struct space {
    struct batch batch;
    uint32_t env;
    int error;               /* first one met; nothing happens after it */
    bool whole;              /* fork: an area's pages stay together, also on the stack */
    struct exo_upage *upage; /* its upage, at a scratch place of ours */
    struct exos_self *self;
    uint32_t nmaps, kept;    /* translations, and how many more only leaves may use */
    uint32_t nframes, nused; /* frames taken for it, and put to use */
    uint32_t mapped;         /* of those the first ones lie at scratch places already */
    uint32_t frames[SPACE_FRAMES];
    struct exo_map maps[SPACE_MAPS];
};
_Static_assert(sizeof(struct space) <= 4096, "work page");

/* An embryo with a copy of the caller's self, but no leaves and no regions. `frames`: how many
 * space_frame() will be wanted about. NULL: no memory. */
struct space *space_begin(uint32_t frames);
/* A new frame of its own, mapped at a scratch place until the next but those promised to
 * space_begin; contents are undefined unless zero. */
void *space_frame(struct space *s, bool zero, uint32_t *frame);
/* A frame of ours becomes also its. */
void space_share(struct space *s, uint32_t frame);
/* A new leaf of its page map for dir[d], empty, mapped until the next one. */
uint32_t *space_leaf(struct space *s, uint32_t d);
/* It starts with this translation, if there is room that its leaves do not need. */
void space_map(struct space *s, uint32_t va_rights, uint32_t frame);
/* Some of the exported tables, then pages of its regions that hold text, as many as there is room for. */
void space_map_text(struct space *s);
/* Translations, upage, upcalls, start state. sp 0: start code sets it. */
void space_finish(struct space *s, exo_word pc, exo_word sp, exo_word arg);
/* It runs, with processor time of its own if `slice`. 0 or the error. */
int space_start(struct space *s, bool slice);
/* A slice nobody owns becomes env's; false: there is none. */
bool space_slice(uint32_t env);
/* After an error: nothing of it remains. */
void space_abandon(struct space *s);

#endif
