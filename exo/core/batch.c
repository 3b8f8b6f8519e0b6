// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * batch.c - several calls for one trap. Each is what it would be alone: checked when its turn
 * comes, against what those before it did. Only calls that cannot fault, block or end the
 * caller are taken, so nothing is ever done twice and the loop always comes back.
 */
#include "core_priv.h"

#define LINK_ALL
#define LINK_SOFTTLB __attribute__((weak))
#define LINK_RADIX __attribute__((weak))
#define LINK_DISK __attribute__((weak))
#define LINK_DISK_PIO __attribute__((weak))
#define LINK_DISK_QUEUE __attribute__((weak))
#define LINK_DISK_FLASH __attribute__((weak))
#define LINK_NIC __attribute__((weak))
#define LINK_NIC_PIO __attribute__((weak))
#define LINK_NIC_RING __attribute__((weak))
#define LINK_NIC_STEER __attribute__((weak))
#define EXO_CALL(number, name, hw, kinds, params, what) LINK_##hw sys_fn sys_##name;
#include <exo/calls.def>
#undef EXO_CALL

#define ARGS 6
#define TAKES(name) [EXO_CALL_##name] = {sys_##name, true}
static const struct {
    sys_fn *fn;
    bool taken;
} rows[EXO_CALL_MAX] = {
    TAKES(null),       TAKES(slice_alloc), TAKES(slice_free),  TAKES(env_create),
    TAKES(env_set),    TAKES(env_run),     TAKES(env_free),    TAKES(cap_derive),
    TAKES(cap_grant),  TAKES(cap_drop),    TAKES(frame_alloc), TAKES(frame_hold),
    TAKES(frame_free), TAKES(frame_guard), TAKES(tlb_write),   TAKES(tlb_invalidate),
    TAKES(tlb_flush),  TAKES(tlb_wire),    TAKES(tlb_protect), TAKES(pt_root),
    TAKES(pt_table),   TAKES(pt_map),      TAKES(pt_unmap),    TAKES(pt_protect),
};

/* A call sees its arguments in the argument registers, too (tlb_wire has six). */
static exo_sword one(struct ctx *c, const struct exo_batch *b)
{
    if (b->number >= EXO_CALL_MAX || !rows[b->number].taken)
        return -EXO_EINVAL;
    if (rows[b->number].fn == NULL)
        return -EXO_ENODEVCALL;
    for (unsigned i = 0; i < ARGS; i++) {
        if (b->arg[i] != (exo_word)b->arg[i])
            return -EXO_ERANGE;
        arch_set_arg(c, i, (exo_word)b->arg[i]);
    }
    return rows[b->number].fn(c, (exo_word)b->arg[0], (exo_word)b->arg[1],
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
