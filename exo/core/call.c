// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * call.c - dispatch of exokernel calls, made from calls.def. A call of other hardware is not
 * linked in: its weak symbol is null, and it answers -EXO_ENODEVCALL.
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

struct call {
    sys_fn *fn;
    bool exists; /* somewhere */
};

static const struct call calls[EXO_CALL_MAX] = {
#define EXO_CALL(number, name, hw, kinds, params, what) [number] = {sys_##name, true},
#include <exo/calls.def>
#undef EXO_CALL
};

void call_dispatch(struct ctx *c, uint32_t number)
{
    const struct call *row = &calls[number];
    exo_sword result = row->exists ? -EXO_ENODEVCALL : -EXO_ENOCALL;
    if (row->fn != NULL)
        result = row->fn(c, arch_arg(c, 0), arch_arg(c, 1), arch_arg(c, 2),
                         arch_arg(c, 3), arch_arg(c, 4));
    if (result != SYS_RETRY && result != SYS_NONE)
        arch_set_result(c, (exo_word)result);
}

SYS(null)
{
    return 0;
}
