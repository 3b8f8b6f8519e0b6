// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exhaustion.c - taking all there is of everything. The victim must get on with what it has, the
 * kernel must say that there is no more, and all of it must come back.
 */
#include "evil.h"

static const char *victim_suffers(void)
{
    return evil_victim_lives() ? NULL : "the victim does not get on";
}

static const char *all_frames(void)
{
    uint32_t n = 0;
    while (evil_take_frame() != 0)
        n++;
    TRY(victim_suffers());
    if (n < 16 || EVIL_KINFO->first_free != 0)
        return evil_wrong("only %u frames could be taken", (unsigned)n);
    return NULL;
}

static const char *all_environments(void)
{
    static uint32_t mine[EXO_NENV];
    uint32_t n = 0, env;
    while ((env = evil_free_env()) != 0) {
        WORKS(exo_env_create(env, 0));
        mine[n++] = env;
    }
    const char *wrong = victim_suffers();
    for (env = 1; env < EXO_NENV && !wrong; env++) {
        exo_sword r = exo_env_create(env, 0);
        if (r != -EXO_EBUSY)
            wrong = evil_result("env_create of a taken name", r, EXO_EBUSY);
    }
    for (uint32_t i = 0; i < n; i++) {
        WORKS(exo_env_destroy(mine[i], 0, 0));
        WORKS(exo_env_free(mine[i], 0));
    }
    return wrong;
}

static const char *all_slices(void)
{
    uint32_t n = 0;
    for (uint32_t core = 0; core < EVIL_KINFO->cores; core++)
        for (uint32_t slot = 0; slot < EXO_NSLICE; slot++)
            if (exo_slice_alloc(core, slot, 0, 0) == 0)
                n++;
    if (n == 0)
        return "no slice could be taken";
    return victim_suffers();
}

static const char *all_slots(void)
{
    for (exo_word slot = 1; slot < EXO_NCAP; slot++)
        WORKS(exo_cap_derive(0, slot, slot, EXO_CAP_ALL));
    REFUSED(exo_cap_derive(0, EXO_NCAP, 1, EXO_CAP_ALL), EXO_ECAP);
    return victim_suffers();
}

/* Somebody to revoke from who will never answer. */
static const char *all_revocations(void)
{
    uint32_t env = evil_free_env(), n = 0;
    exo_sword r = 0;
    WORKS(exo_env_create(env, 0));
    while (r == 0 && n <= EXO_NREVOKE) {
        uint32_t frame = evil_take_frame();
        WORKS(exo_frame_hold(frame, env, 0));
        r = exo_frame_revoke(frame, env, 0, 0x7fffffff);
        n += r == 0;
    }
    const char *wrong = victim_suffers();
    WORKS(exo_env_destroy(env, 0, 0));
    WORKS(exo_env_free(env, 0));
    if (r != -EXO_EFULL)
        return evil_wrong("after %u revocations: %ld", (unsigned)n, (long)r);
    return wrong;
}

/* More bindings than any translation buffer has entries. */
static const char *all_bindings(void)
{
    uint32_t frame = evil_take_frame();
    for (uint32_t i = 0; i < EXO_NSTLB + 500; i++) {
        uintptr_t va = 0x60000000 + i * evil_page();
        if (evil_mmu->prepare(va) < 0 || evil_mmu->bind(0, va | EXO_R, frame, 0) < 0)
            break; /* out of frames for tables is an end, too */
    }
    return victim_suffers();
}

static const char *all_holders(void)
{
    uint32_t frame = evil_take_frame(), env = evil_free_env();
    WORKS(exo_env_create(env, 0));
    WORKS(exo_frame_hold(frame, env, 0));
    exo_sword r = exo_frame_hold(frame, env, 0);
    WORKS(exo_env_destroy(env, 0, 0));
    WORKS(exo_env_free(env, 0));
    if (r != -EXO_EBUSY)
        return evil_result("frame_hold by the same environment", r, EXO_EBUSY);
    if (evil_frame(frame)->holders != 1)
        return "a dead environment still holds a frame";
    return NULL;
}

const struct evil_attack evil_exhaustion[] = {
    {"take all frames", all_frames, false},
    {"take all environments", all_environments, false},
    {"take all slices", all_slices, false},
    {"fill all capability slots", all_slots, false},
    {"ask for too many revocations", all_revocations, false},
    {"bind more pages than there are entries", all_bindings, false},
    {"hold a frame twice", all_holders, false},
    {0},
};
