// SPDX-License-Identifier: GPL-2.0-or-later
/* prims_softtlb.c - bindings of a software-refilled TLB for `prims`. See prims.h. */
#include "prims.h"

#define WIRED_SLOT 12

static bool prepare(uintptr_t va)
{
    (void)va;
    return true;
}

/* A binding just made is in the hardware already; one with fewer rights has to be refilled. */
static bool renew(uintptr_t va, uint32_t frame)
{
    return exo_tlb_write(0, 0, va | EXO_R | EXO_W, frame, 0) >= 0 &&
           exo_tlb_protect(0, 0, va | EXO_R, 1) >= 0;
}

static bool keep(uintptr_t va, uint32_t frame)
{
    return exo_tlb_wire(0, 0, WIRED_SLOT, va | EXO_R | EXO_W, frame, 0) >= 0;
}

static bool lose(uintptr_t va)
{
    return exo_tlb_invalidate(0, 0, va, 1) >= 0;
}

const struct prims_mmu prims_softtlb = {
    EXO_MMU_SOFTTLB, prepare, renew, keep, lose, NULL, 0,
};
