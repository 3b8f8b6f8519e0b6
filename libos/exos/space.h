// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * space.h - building another environment, for fork and exec: an embryo, its upage with a struct
 * exos_self, its upcall stack and page map, and the translations it starts with.
 *
 * Everything is done by its maker in one critical section. Frames for it are taken by the
 * maker, filled through scratch places, held for it, and given up at the end.
 */
#ifndef EXOS_SPACE_H
#define EXOS_SPACE_H

#include "pagemap.h"

#define SPACE_MAPS 64   /* translations it starts with; others come by faults */
#define SPACE_FRAMES 32 /* frames made for it */

struct space {
    uint32_t env;
    int error;               /* first one met; nothing happens after it */
    struct exo_upage *upage; /* its upage, at a scratch place of ours */
    struct exos_self *self;
    uint32_t nmaps, nframes;
    struct exo_map maps[SPACE_MAPS];
    uint32_t frames[SPACE_FRAMES];
};

#define SPACE_UPAGE 1 /* scratch places */
#define SPACE_LEAF 2
#define SPACE_PAGE 3

/* An embryo with a copy of the caller's self, but no leaves and no regions. */
void space_begin(struct space *s);
/* A new frame of its own, mapped at the scratch place; contents are undefined unless zero. */
void *space_frame(struct space *s, unsigned place, bool zero, uint32_t *frame);
/* A frame of ours becomes also its. */
void space_share(struct space *s, uint32_t frame);
/* A new leaf of its page map for dir[d], empty, mapped at SPACE_LEAF. */
uint32_t *space_leaf(struct space *s, uint32_t d);
/* It starts with this translation, if there is room. */
void space_map(struct space *s, uint32_t va_rights, uint32_t frame);
/* All pages of its regions that hold text, and some of the exported tables. */
void space_map_text(struct space *s);
/* Translations, upage, upcalls, start state. Afterwards it can run. */
void space_finish(struct space *s, exo_word pc, exo_word sp, exo_word arg);
/* Processor time of its own; core and slot are chosen by the library. */
void space_slice(uint32_t env);
/* After an error: nothing of it remains. */
void space_abandon(struct space *s);

#endif
