// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * softtlb.c - backend for the software-refilled TLB. The kernel caches bindings behind the
 * hardware TLB and may forget any but the wired ones; what is forgotten comes back as an
 * exception and is bound again from the page map. So there is no structure to build, and
 * what the fault path itself runs on is wired.
 *
 *   wired slot   0 upcall stack   1 upage   2, 3 text of the fault path
 */
#include <exo/hwtable.h>

#include "layout.h"
#include "mmu.h"

WIRED static int softtlb_bind(uint32_t va_rights, uint32_t frame)
{
    return (int)exo_tlb_write(0, 0, va_rights, frame, 0);
}

static int softtlb_batch(uint32_t env, const struct exo_map *maps, uint32_t n)
{
    for (uint32_t i = 0; i < n; i += EXO_BATCH_MAX) {
        uint32_t count = n - i < EXO_BATCH_MAX ? n - i : EXO_BATCH_MAX;
        exo_sword r = exo_tlb_batch(env, 0, (exo_word)&maps[i], count);
        if (r < 0)
            return (int)r;
    }
    return 0;
}

static int softtlb_unbind(uint32_t va, uint32_t pages)
{
    return (int)exo_tlb_invalidate(0, 0, va, pages);
}

static int softtlb_protect(uint32_t va_rights, uint32_t pages)
{
    return (int)exo_tlb_protect(0, 0, va_rights, pages);
}

static int softtlb_window(struct batch *b, uint32_t env, uint32_t upage, uint32_t upstack)
{
    BATCH(b, tlb_wire, env, 0, 0, L_UPSTACK | EXO_R | EXO_W, upstack);
    BATCH(b, tlb_wire, env, 0, 1, L_UPAGE | EXO_R | EXO_W, upage);
    uint32_t va, frame;
    for (uint32_t i = 0; vm_wired_text(i, &va, &frame); i++)
        BATCH(b, tlb_wire, env, 0, 2 + i, va | EXO_R | EXO_X, frame);
    return 0;
}

/* There is nothing to build. */
static int softtlb_space(struct batch *b, uint32_t env, const struct exo_map *maps,
                         uint32_t n)
{
    (void)b, (void)env, (void)maps, (void)n;
    return 0;
}

WIRED_DATA const struct mmu_ops mmu_softtlb = {
    .kind = EXO_MMU_SOFTTLB,
    .name = "softtlb",
    .bind_call = EXO_CALL_tlb_write,
    .unbind_call = EXO_CALL_tlb_invalidate,
    .bind = softtlb_bind,
    .batch = softtlb_batch,
    .unbind = softtlb_unbind,
    .protect = softtlb_protect,
    .window = softtlb_window,
    .space = softtlb_space,
};
