// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * extent.c - extents: runs of the disk's units, taken by name, guarded by a capability,
 * held by environments as frames are.
 *
 *   free row --extent_alloc--> held --last extent_free, death, abort--> nobody's
 *      ^                                                                  |
 *      +------------ as soon as no request is under way ------------------+
 *
 * So units are never given to another while the device may still read or write them for
 * the last holder. Extents in use are disjoint.
 *
 * Interface: extent_alloc, extent_hold, extent_free, extent_revoke; extent_check for the
 * kinds.
 */
#include "disk.h"

static uint64_t units; /* of the whole disk */

void extent_init(uint64_t disk_units)
{
    units = disk_units <= UINT32_MAX ? disk_units : UINT32_MAX;
    for (uint32_t i = 0; i < EXO_NEXTENT; i++)
        cap_clear(&machine.extent[i].guard);
}

/* A row in use, or NULL. */
static struct exo_extent *extent_named(exo_word extent)
{
    if (extent >= EXO_NEXTENT || machine.extent[extent].count == 0)
        return NULL;
    return &machine.extent[extent];
}

bool extent_held(uint32_t env, uint32_t extent)
{
    return extent < EXO_NEXTENT && holders_has(machine.extent[extent].holders, env);
}

static void release_if_unused(struct exo_extent *x)
{
    if (x->count == 0 || x->requests != 0 || !holders_none(x->holders))
        return;
    x->first = x->count = 0;
    cap_clear(&x->guard);
    trace(EXO_TRACE_EXTENT, 0, (uint32_t)(x - machine.extent));
}

void extent_take(struct ctx *c, uint32_t extent)
{
    struct exo_extent *x = &machine.extent[extent];
    revoke_done(c->id, EXO_RES_EXTENT, extent);
    disk_extent_taken(c->id, extent);
    holders_remove(x->holders, c->id);
    release_if_unused(x);
}

void extent_env_died(struct ctx *c)
{
    for (uint32_t i = 0; i < EXO_NEXTENT; i++)
        if (holders_has(machine.extent[i].holders, c->id)) {
            holders_remove(machine.extent[i].holders, c->id);
            release_if_unused(&machine.extent[i]);
        }
}

void extent_request_done(uint32_t extent)
{
    machine.extent[extent].requests--;
    release_if_unused(&machine.extent[extent]);
}

/* The capability in env's slot satisfies the extent's guard. */
static int authority(uint32_t env, exo_word cap, const struct exo_extent *x,
                     uint32_t rights)
{
    const struct exo_name *name;
    if (cap_get(env, cap, &name) != 0)
        return -EXO_ECAP;
    return name_satisfies(name, &x->guard, rights) ? 0 : -EXO_EPERM;
}

exo_sword extent_check(uint32_t env, uint32_t extent, exo_word cap, uint32_t rights)
{
    const struct exo_extent *x = extent_named(extent);
    if (x == NULL)
        return -EXO_ENAME;
    if (!holders_has(x->holders, env))
        return -EXO_ENOTHELD;
    return authority(env, cap, x, rights);
}

static bool overlaps(uint32_t first, uint32_t count)
{
    for (uint32_t i = 0; i < EXO_NEXTENT; i++) {
        const struct exo_extent *x = &machine.extent[i];
        if (first < (uint64_t)x->first + x->count && x->first < (uint64_t)first + count)
            return true;
    }
    return false;
}

SYS(extent_alloc)
{
    const struct exo_name *cap;
    if (a0 >= EXO_NEXTENT)
        return -EXO_ENAME;
    struct exo_extent *x = &machine.extent[a0];
    if (x->count != 0)
        return -EXO_EBUSY;
    if (a1 >= units || a2 == 0 || a2 > units - a1)
        return -EXO_ERANGE;
    if (cap_get(c->id, a3, &cap) != 0)
        return -EXO_ECAP;
    if (!(cap->rights & EXO_CAP_W))
        return -EXO_EPERM;
    if (overlaps((uint32_t)a1, (uint32_t)a2))
        return -EXO_EOVERLAP;

    x->first = (uint32_t)a1;
    x->count = (uint32_t)a2;
    x->guard = *cap;
    holders_add(x->holders, c->id);
    trace(EXO_TRACE_EXTENT, c->id, (uint32_t)a0);
    return 0;
}

SYS(extent_hold)
{
    struct ctx *target;
    struct exo_extent *x = extent_named(a0);
    if (x == NULL)
        return -EXO_ENAME;
    int error = env_target(c->id, a1, a2, EXO_CAP_W, &target);
    if (error == 0)
        error = authority(c->id, a2, x, EXO_CAP_R | EXO_CAP_W);
    if (error != 0)
        return error;
    if (holders_has(x->holders, target->id))
        return -EXO_EBUSY;

    holders_add(x->holders, target->id);
    trace(EXO_TRACE_EXTENT, target->id, (uint32_t)a0);
    return 0;
}

SYS(extent_free)
{
    const struct exo_extent *x = extent_named(a0);
    if (x == NULL)
        return -EXO_ENAME;
    if (!holders_has(x->holders, c->id))
        return -EXO_ENOTHELD;

    extent_take(c, (uint32_t)a0);
    return 0;
}

SYS(extent_revoke)
{
    const struct exo_extent *x = extent_named(a0);
    if (x == NULL)
        return -EXO_ENAME;
    return revoke_ask(c, EXO_RES_EXTENT, (uint32_t)a0, &x->guard, a1, a2, a3);
}
