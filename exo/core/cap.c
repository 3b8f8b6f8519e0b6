// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cap.c - hierarchical capabilities. A capability is a name of up to EXO_CAP_NAME_MAX bytes with
 * rights; it dominates every name it is a prefix of. Names live in the kernel's slots only:
 * programs say slot numbers, so a capability cannot be forged.
 *
 * Interface: name_dominates, name_satisfies and cap_get (core_priv.h), cap_clear; cap_derive, cap_grant, cap_drop.
 */
#include "core_priv.h"

/* The first n bytes of a name, as it lies in memory (little endian). */
const uint64_t name_prefix[EXO_CAP_NAME_MAX + 1] = {
    0,
    0xff0000u,
    0xffff0000u,
    0xffffff0000u,
    0xffffffff0000u,
    0xffffffffff0000u,
    0xffffffffffff0000u,
};

void cap_clear(struct exo_name *slot)
{
    *slot = (struct exo_name){.len = EXO_NAME_NONE};
}

SYS(cap_derive)
{
    const struct exo_name *from;
    if (cap_get(c->id, a0, &from) != 0)
        return -EXO_ECAP;
    if (a1 >= EXO_NCAP)
        return -EXO_ECAP;
    if (envs[c->id].cap[a1].len != EXO_NAME_NONE)
        return -EXO_EBUSY;
    if (a2 > 0xff)
        return -EXO_ERANGE;
    if (a3 & ~(exo_word)EXO_CAP_ALL)
        return -EXO_EINVAL;
    if (!(from->rights & EXO_CAP_G) || (a3 & from->rights) != a3)
        return -EXO_EPERM;
    if (from->len >= EXO_CAP_NAME_MAX)
        return -EXO_EFULL;

    struct exo_name name = *from;
    name.byte[name.len++] = (uint8_t)a2;
    name.rights = (uint8_t)a3;
    envs[c->id].cap[a1] = name;
    return 0;
}

SYS(cap_grant)
{
    struct ctx *target;
    int error = env_target(c->id, a0, a1, EXO_CAP_W, &target);
    if (error != 0)
        return error;
    const struct exo_name *from;
    if (cap_get(c->id, a2, &from) != 0)
        return -EXO_ECAP;
    if (a3 >= EXO_NCAP)
        return -EXO_ECAP;
    if (!(from->rights & EXO_CAP_G))
        return -EXO_EPERM;
    struct exo_name *to = &envs[target->id].cap[a3];
    if (to->len != EXO_NAME_NONE)
        return -EXO_EBUSY;

    *to = *from;
    return 0;
}

SYS(cap_drop)
{
    const struct exo_name *cap;
    if (cap_get(c->id, a0, &cap) != 0)
        return -EXO_ECAP;

    cap_clear(&envs[c->id].cap[a0]);
    return 0;
}
