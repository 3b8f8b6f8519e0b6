// SPDX-License-Identifier: GPL-2.0-or-later
/* regions.h - what the files of the regions backend share: see regions.c, regions_place.c. */
#ifndef EXOS_PORT_MMU_REGIONS_H
#define EXOS_PORT_MMU_REGIONS_H

#include "vm.h"

struct regions_window { /* pages 0 = empty */
    uint32_t va, frame, pages;
};

/* In struct exos_self.backend. */
struct regions_state {
    uint32_t owner;        /* environment the rest is about */
    uint32_t count, power; /* of the hardware; 0: not read yet */
    uint32_t fixed;        /* the first ones, which stay */
    uint32_t next;         /* whose turn it is to be replaced, from fixed on */
    uint32_t loads;        /* counts; see put() */
    uint32_t hint;         /* frame at which the search for a run begins */
    struct regions_window window[EXO_NWINDOW];
};
_Static_assert(sizeof(struct regions_state) <= sizeof(((struct exos_self *)0)->backend),
               "self has no room for the windows");

int regions_place(uint32_t va, uint32_t pages);
uint32_t regions_run(uint32_t n);

#endif
