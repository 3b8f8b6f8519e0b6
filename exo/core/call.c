// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * call.c - dispatch of exokernel calls, made from calls.def. A call of other hardware is not
 * linked in: its weak symbol is null, and it answers -EXO_ENODEVCALL.
 */
#include "core_priv.h"

#define LINK_ALL
#define LINK_SOFTTLB __attribute__((weak))
#define LINK_RADIX __attribute__((weak))
#define EXO_CALL(number, name, hw, kinds, params, what) LINK_##hw sys_fn sys_##name;
#include <exo/calls.def>
#undef EXO_CALL

struct call {
    sys_fn *fn;
    bool exists; /* somewhere */
};

static const struct call calls[EXO_CALL_MAX] = {
#define EXO_CALL(number, name, hw, kinds, params, what) [number] = {sys_##name, true},
#include <exo/calls.def>
#undef EXO_CALL
};

static exo_sword call(struct ctx *c, exo_word number)
{
    const struct call *row = &calls[number];
    if (!row->exists)
        return -EXO_ENOCALL;
    if (row->fn == NULL)
        return -EXO_ENODEVCALL;
    return row->fn(c, arch_arg(c, 0), arch_arg(c, 1), arch_arg(c, 2), arch_arg(c, 3),
                   arch_arg(c, 4));
}

void call_dispatch(struct ctx *c)
{
    exo_sword result = call(c, arch_call_number(c) - EXO_CALL_BASE);
    if (result != SYS_RETRY && result != SYS_NONE)
        arch_set_result(c, (exo_word)result);
}

SYS(null)
{
    return 0;
}
