// SPDX-License-Identifier: GPL-2.0-or-later
/* prims_hashed.c - bindings in a hashed page table for `prims`. See prims.h. */
#include "prims.h"

#include <exo/hpt.h>
#include <exo/machine.h>

#define WIRED_SLOT 12

static bool prepare(uintptr_t va)
{
    (void)va;
    return true;
}

/* A binding that changes is told to the TLB: the next access is searched for. */
static bool renew(uintptr_t va, uint32_t frame)
{
    return exo_hpt_insert(0, 0, va | EXO_R | EXO_W, frame, 0, 0) >= 0 &&
           exo_hpt_protect(0, 0, va | EXO_R, 1) >= 0;
}

static bool keep(uintptr_t va, uint32_t frame)
{
    return exo_hpt_wire(0, 0, WIRED_SLOT, va | EXO_R | EXO_W, frame, 0) >= 0;
}

static bool lose(uintptr_t va)
{
    return exo_hpt_evict(0, 0, va, 1) >= 0;
}

static uint32_t vsid(uintptr_t segment)
{
    uint32_t space = ((const struct exo_args *)(uintptr_t)EXO_ARGS_VA)->env;
    return (space << 4 | (uint32_t)segment) * M_HPT_VSID_FACTOR;
}

/* The low bits of VSID ^ page index are the group: pages whose index differs in higher bits only
 * have both groups in common, and in the next segment of 256 MiB those whose low bits make up
 * for the other VSID. Sixteen of them fill the two groups. */
static uintptr_t rival(uintptr_t va, unsigned i)
{
    uint32_t shift = PRIMS_KINFO->page_shift;
    uintptr_t groups = (uintptr_t)exo_hpt_table(EXO_HPT_GROUPS), segment = va >> 28;
    uintptr_t here = ((uintptr_t)1 << (28 - shift)) / groups; /* of a segment */
    uintptr_t page = va >> shift ^ vsid(segment) ^ vsid(segment + i / here);
    return (segment + i / here) << 28 | ((page & (groups - 1)) + i % here * groups)
                                            << shift;
}

const struct prims_mmu prims_hashed = {
    EXO_MMU_HASHED, prepare, renew, keep, lose, rival, 2 * M_HPT_GROUP + 1,
};
