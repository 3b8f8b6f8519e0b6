// SPDX-License-Identifier: GPL-2.0-or-later
/* tables.c - the exokernel's exported tables as an attacker reads them. See evil.h. */
#include "evil.h"

const struct exo_hw_table *evil_hardware(void)
{
    return (const struct exo_hw_table *)(uintptr_t)(EXO_EXPORT_VA +
                                                    EVIL_KINFO->hwtable_off);
}

volatile const struct exo_frame *evil_frame(uint32_t frame)
{
    return (volatile const struct exo_frame *)(uintptr_t)(EXO_EXPORT_VA +
                                                          EVIL_KINFO->frames_off) +
           frame;
}

volatile const struct exo_env_public *evil_env(uint32_t env)
{
    return (volatile const struct exo_env_public *)(uintptr_t)(EXO_EXPORT_VA +
                                                               EVIL_KINFO->envs_off) +
           env;
}

volatile const uint8_t *evil_slices_of(uint32_t core)
{
    return (volatile const uint8_t *)(uintptr_t)(EXO_EXPORT_VA + EVIL_KINFO->slices_off) +
           core * EXO_NSLICE;
}

uintptr_t evil_page(void)
{
    return (uintptr_t)1 << EVIL_KINFO->page_shift;
}

/* There is no call that tells: find who holds a frame that only the caller holds. */
uint32_t evil_self(void)
{
    uint32_t frame = evil_take_frame(), self = 0;
    for (uint32_t env = 1; env < EXO_NENV && frame != 0 && self == 0; env++) {
        uint32_t state = evil_env(env)->state;
        if (state == EXO_ENV_STATE_FREE || state == EXO_ENV_STATE_DEAD)
            continue;
        if (exo_frame_hold(frame, env, 0) == -EXO_EBUSY)
            self = env;
        else if (evil_frame(frame)->holders > 1)
            return 0; /* another of ours holds it now: the caller must be alone */
    }
    exo_frame_free(frame);
    return self;
}

uint32_t evil_frame_of_type(uint8_t type)
{
    for (uint32_t i = 1; i < EVIL_KINFO->nframes; i++)
        if (evil_frame(i)->type == type)
            return i;
    return 0;
}

uint32_t evil_take_frame(void)
{
    for (unsigned tries = 0; tries < 100; tries++) {
        uint32_t frame = EVIL_KINFO->first_free;
        if (frame == 0 || exo_frame_alloc(frame, 0) == 0)
            return frame;
    }
    return 0;
}

const char *evil_own_page(uintptr_t va, uint32_t *frame)
{
    *frame = evil_take_frame();
    if (*frame == 0)
        return "no free frame";
    WORKS(evil_mmu->prepare(va));
    WORKS(evil_mmu->bind(0, va | EXO_R | EXO_W, *frame, 0));
    return NULL;
}

volatile struct exo_upage *evil_upage(void)
{
    uintptr_t va = EVIL_ARENA + (EVIL_ARENA_PAGES - 1) * evil_page();
    uint32_t frame = evil_env(evil_self())->upage_frame;
    if (evil_mmu->prepare(va) < 0 || evil_mmu->bind(0, va | EXO_R | EXO_W, frame, 0) < 0)
        return NULL;
    return (volatile struct exo_upage *)va;
}

uint32_t evil_free_env(void)
{
    for (uint32_t env = 1; env < EXO_NENV; env++)
        if (evil_env(env)->state == EXO_ENV_STATE_FREE)
            return env;
    return 0;
}
