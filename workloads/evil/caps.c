// SPDX-License-Identifier: GPL-2.0-or-later
/* caps.c - attacks on capabilities: forging, raising, dominating the wrong way. */
#include "evil.h"

/* The victim's guard is {1}; the attacker's {1,0} begins with it, but is not a prefix of it. */
static const char *wrong_way(void)
{
    REFUSED(exo_env_set(evil_shared->victim, 0, EXO_ENV_EXCEPTION, 0x400000), EXO_EPERM);
    return NULL;
}

static const char *longer_name(void)
{
    for (exo_word byte = 0; byte < 3; byte++) {
        WORKS(exo_cap_derive(0, 8, byte, EXO_CAP_ALL));
        REFUSED(exo_env_set(evil_shared->victim, 8, EXO_ENV_EXCEPTION, 0x400000),
                EXO_EPERM);
        REFUSED(exo_frame_hold(evil_shared->secret_frame, 0, 8), EXO_EPERM);
        WORKS(exo_cap_drop(8));
    }
    return NULL;
}

static const char *empty_slots(void)
{
    for (exo_word slot = 1; slot < EXO_NCAP; slot++)
        REFUSED(exo_env_set(evil_shared->victim, slot, EXO_ENV_EXCEPTION, 0x400000),
                EXO_ECAP);
    return NULL;
}

static const char *no_slots(void)
{
    static const exo_word slot[] = {EXO_NCAP,
                                    EXO_NCAP + 1,
                                    255,
                                    256,
                                    0x10000,
                                    (exo_word)-1,
                                    (exo_word)1 << (sizeof(exo_word) * 8 - 1)};
    for (unsigned i = 0; i < sizeof slot / sizeof *slot; i++) {
        REFUSED(exo_env_set(evil_shared->victim, slot[i], EXO_ENV_PC, 0), EXO_ECAP);
        REFUSED(exo_cap_derive(slot[i], 8, 1, EXO_CAP_R), EXO_ECAP);
        REFUSED(exo_cap_derive(0, slot[i], 1, EXO_CAP_R), EXO_ECAP);
        REFUSED(exo_cap_drop(slot[i]), EXO_ECAP);
    }
    return NULL;
}

static const char *more_rights(void)
{
    WORKS(exo_cap_derive(0, 8, 1, EXO_CAP_R | EXO_CAP_G));
    REFUSED(exo_cap_derive(8, 9, 1, EXO_CAP_R | EXO_CAP_W), EXO_EPERM);
    REFUSED(exo_cap_derive(8, 9, 1, EXO_CAP_ALL), EXO_EPERM);
    REFUSED(exo_cap_derive(0, 9, 1, EXO_CAP_ALL + 1), EXO_EINVAL);
    REFUSED(exo_frame_alloc(EVIL_KINFO->first_free, 8), EXO_EPERM);
    REFUSED(exo_env_create(evil_free_env(), 8), EXO_EPERM);
    return NULL;
}

static const char *derive_ungranted(void)
{
    WORKS(exo_cap_derive(0, 8, 1, EXO_CAP_R | EXO_CAP_W));
    REFUSED(exo_cap_derive(8, 9, 1, EXO_CAP_R), EXO_EPERM);
    REFUSED(exo_cap_grant(0, 0, 8, 9), EXO_EPERM);
    return NULL;
}

static const char *too_long_name(void)
{
    exo_word slot = 0;
    for (unsigned len = 2; len < EXO_CAP_NAME_MAX; len++, slot++)
        WORKS(exo_cap_derive(slot, slot + 1, 7, EXO_CAP_ALL));
    REFUSED(exo_cap_derive(slot, slot + 1, 7, EXO_CAP_ALL), EXO_EFULL);
    REFUSED(exo_cap_derive(0, 12, 0x100, EXO_CAP_R), EXO_ERANGE);
    return NULL;
}

static const char *overwrite_slot(void)
{
    REFUSED(exo_cap_derive(0, 0, 1, EXO_CAP_ALL), EXO_EBUSY);
    REFUSED(exo_cap_grant(0, 0, 0, 0), EXO_EBUSY);
    return NULL;
}

static const char *grant_to_victim(void)
{
    REFUSED(exo_cap_grant(evil_shared->victim, 0, 0, 12), EXO_EPERM);
    return NULL;
}

static const char *root(void)
{
    REFUSED(exo_halt(0, 0), EXO_EPERM);
    REFUSED(exo_halt(0, 9), EXO_ECAP);
    return NULL;
}

/* A capability that is gone must not work any longer, nor what it was copied from suffer. */
static const char *dropped(void)
{
    uint32_t frame = evil_take_frame();
    WORKS(exo_cap_derive(0, 8, 1, EXO_CAP_ALL));
    WORKS(exo_frame_guard(frame, 0, 8, EXO_CAP_R));
    WORKS(exo_cap_drop(8));
    WORKS(evil_mmu->prepare(EVIL_ARENA));
    REFUSED(evil_mmu->bind(0, EVIL_ARENA | EXO_R, frame, 8), EXO_ECAP);
    REFUSED(exo_cap_drop(8), EXO_ECAP);
    return NULL;
}

const struct evil_attack evil_caps[] = {
    {"use a name that the guard is a prefix of", wrong_way, false},
    {"use names derived from it", longer_name, false},
    {"use empty slots", empty_slots, false},
    {"use slots that do not exist", no_slots, false},
    {"derive more rights than there are", more_rights, false},
    {"derive and grant without the right to", derive_ungranted, false},
    {"derive a name beyond its length", too_long_name, false},
    {"overwrite a capability", overwrite_slot, false},
    {"put a capability into the victim's slots", grant_to_victim, false},
    {"power off without the root capability", root, false},
    {"use a dropped capability", dropped, false},
    {0},
};
