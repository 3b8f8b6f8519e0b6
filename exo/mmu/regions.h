// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * regions.h - what the files of the regions kind share: regions.c (the windows of each
 * environment, the seam to the core), regions_calls.c (region_* and inv_mmu).
 */
#ifndef EXO_MMU_REGIONS_H
#define EXO_MMU_REGIONS_H

#include "kept.h"

#define RIGHTS (EXO_R | EXO_W | EXO_X)
#define WINDOW_BOOT 0x100u /* put there by the kernel for a boot program */

/* Window i of an environment is the hardware's window i while it runs. */
struct window {
    exo_word va;
    uint32_t pages, frame; /* pages 0 = empty */
    uint32_t flags;        /* EXO_R/W/X, WINDOW_BOOT */
};

struct regions {
    uint32_t base, shift, count, nframes;
    bool power, shared; /* sizes are powers of two; several cores */
    exo_word va_end, page_mask;
    struct window window[EXO_NENV][EXO_NWINDOW];
    struct kept kept;             /* boot runs; what is wired is a window */
    uint32_t boot_next[EXO_NENV]; /* boot windows replace each other in turn */
    uint8_t loaded[EXO_NCORE];    /* environment whose windows a core holds, 0 = nobody */
};
extern struct regions regions;

/* Put the window there, or empty it with pages 0; the hardware follows. */
void window_put(const struct ctx *t, uint32_t i, const struct window *w);
/* Could the hardware hold it? 0 or negative enum exo_error. */
int window_check(exo_word va, exo_word pages);

static inline bool window_has_frame(const struct window *w, uint32_t frame)
{
    return frame - w->frame < w->pages;
}

static inline bool window_has_va(const struct window *w, exo_word va)
{
    return (va - w->va) >> regions.shift < w->pages && va >= w->va;
}

#endif
