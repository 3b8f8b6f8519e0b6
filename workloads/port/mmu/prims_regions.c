// SPDX-License-Identifier: GPL-2.0-or-later
/* prims_regions.c - bindings by base/limit windows for `prims`. See prims.h. */
#include "prims.h"

#define WINDOW 14 /* the library takes those with low numbers first */

static bool prepare(uintptr_t va)
{
    (void)va;
    return true;
}

/* A window is in the hardware at once: there is nothing to refill. */
static bool renew(uintptr_t va, uint32_t frame)
{
    return exo_region_set(0, 0, WINDOW, va | EXO_R, frame, 1) >= 0;
}

static bool keep(uintptr_t va, uint32_t frame)
{
    return exo_region_set(0, 0, WINDOW + 1, va | EXO_R | EXO_W, frame, 1) >= 0;
}

/* The window that shows va, with all else it shows. */
static bool lose(uintptr_t va)
{
    exo_word page = (exo_word)1 << PRIMS_KINFO->page_shift;
    for (exo_word i = 0; i < EXO_NWINDOW; i++) {
        exo_sword first = exo_region_read(0, 0, i, EXO_REGION_VA);
        exo_sword pages = exo_region_read(0, 0, i, EXO_REGION_COUNT);
        if (pages > 0 && va - ((exo_word)first & ~(page - 1)) < (exo_word)pages * page)
            return exo_region_clear(0, 0, i, 1) >= 0;
    }
    return true;
}

const struct prims_mmu prims_regions = {
    EXO_MMU_REGIONS, prepare, renew, keep, lose, NULL, 0,
};
