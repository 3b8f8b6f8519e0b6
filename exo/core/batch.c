// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * batch.c - several calls for one trap. Each is what it would be alone: checked when its turn
 * comes, against what those before it did. Only calls that cannot fault, block or end the
 * caller are taken, so nothing is ever done twice and the loop always comes back.
 */
#include "core_priv.h"

#define ARGS 6
#define TAKES(name) [EXO_CALL_##name] = true
static const bool taken[EXO_CALL_MAX] = {
    TAKES(null),         TAKES(slice_alloc), TAKES(slice_free),  TAKES(env_create),
    TAKES(env_set),      TAKES(env_run),     TAKES(env_free),    TAKES(cap_derive),
    TAKES(cap_grant),    TAKES(cap_drop),    TAKES(frame_alloc), TAKES(frame_hold),
    TAKES(frame_free),   TAKES(frame_guard), TAKES(tlb_write),   TAKES(tlb_invalidate),
    TAKES(tlb_flush),    TAKES(tlb_wire),    TAKES(tlb_protect), TAKES(pt_root),
    TAKES(pt_table),     TAKES(pt_map),      TAKES(pt_unmap),    TAKES(pt_protect),
    TAKES(extent_alloc), TAKES(extent_hold), TAKES(extent_free), TAKES(ring_hold),
    TAKES(ring_free),    TAKES(filter_free),
};

/* A call sees its arguments in the argument registers, too (tlb_wire has six). */
static exo_sword one(struct ctx *c, const struct exo_batch *b)
{
    if (b->number >= EXO_CALL_MAX || !taken[b->number])
        return -EXO_EINVAL;
    for (unsigned i = 0; i < ARGS; i++) {
        if (b->arg[i] != (exo_word)b->arg[i])
            return -EXO_ERANGE;
        arch_set_arg(c, i, (exo_word)b->arg[i]);
    }
    return call_here(b->number)(c, (exo_word)b->arg[0], (exo_word)b->arg[1],
                                (exo_word)b->arg[2], (exo_word)b->arg[3],
                                (exo_word)b->arg[4]);
}

SYS(batch)
{
    struct exo_batch calls[EXO_CALLS_MAX];
    exo_word kept[ARGS];
    if (a1 > EXO_CALLS_MAX)
        return -EXO_ERANGE;
    exo_sword error = copy_from_user(c, calls, a0, a1 * sizeof calls[0]);
    if (error != 0)
        return error;

    exo_word done = 0;
    for (unsigned i = 0; i < ARGS; i++)
        kept[i] = arch_arg(c, i);
    while (done < a1 && (error = one(c, &calls[done])) >= 0)
        done++;
    for (unsigned i = 0; i < ARGS; i++)
        arch_set_arg(c, i, kept[i]);
    return done > 0 || error >= 0 ? (exo_sword)done : error;
}
