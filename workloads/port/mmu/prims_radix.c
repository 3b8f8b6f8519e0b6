// SPDX-License-Identifier: GPL-2.0-or-later
/* prims_radix.c - bindings in hardware-walked page tables for `prims`. See prims.h. */
#include "prims.h"

#include <exo/machine.h>

static uint32_t levels(void)
{
    const struct exo_hw_table *t =
        (const struct exo_hw_table *)(uintptr_t)(EXO_EXPORT_VA +
                                                 PRIMS_KINFO->hwtable_off);
    for (uint32_t i = 0; i < t->ndevices; i++)
        if (t->device[i].class_ == EXO_HW_MMU)
            return (uint32_t)t->device[i].params[M_RADIX_LEVELS];
    return 0;
}

/* Every table on the way that is not there yet. */
static bool prepare(uintptr_t va)
{
    for (uint32_t level = levels() - 1; level-- > 0;) {
        uint32_t frame = prims_take_frame();
        exo_sword r = frame != 0 ? exo_pt_table(0, 0, va, level, frame) : -EXO_EFULL;
        if (r < 0 && frame != 0)
            exo_frame_free(frame);
        if (r < 0 && r != -EXO_EBUSY)
            return false;
    }
    return true;
}

static bool renew(uintptr_t va, uint32_t frame)
{
    return exo_pt_map(0, 0, va | EXO_R | EXO_W, frame, 0) >= 0 &&
           exo_pt_protect(0, 0, va | EXO_R, 1) >= 0;
}

/* A page table forgets nothing. */
static bool keep(uintptr_t va, uint32_t frame)
{
    return exo_pt_map(0, 0, va | EXO_R | EXO_W, frame, 0) >= 0;
}

static bool lose(uintptr_t va)
{
    return exo_pt_unmap(0, 0, va, 1) >= 0;
}

const struct prims_mmu prims_radix = {
    EXO_MMU_RADIX, prepare, renew, keep, lose, NULL, 0,
};
