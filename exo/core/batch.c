// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * batch.c - several calls for one trap. Each is what it would be alone: checked when its turn
 * comes, against what those before it did. Only calls that cannot fault, block or end the
 * caller are taken, so nothing is ever done twice and the loop always comes back. The
 * machine sees the trap of batch only: what is in it is told by a trace event.
 */
#include "core_priv.h"

#define ARGS 6
static const bool taken[EXO_CALL_MAX] = {
#define EXO_CALL(number, name, hw, kinds, params, what)
#define EXO_BATCHED(name) [EXO_CALL_##name] = true,
#include <exo/calls.def>
#undef EXO_CALL
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
    trace(EXO_TRACE_BATCHED, b->number, (uint32_t)b->arg[0]);
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
