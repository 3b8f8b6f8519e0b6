// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * call.c - dispatch of exokernel calls. calls.def says on which hardware a call exists;
 * at boot that and the hardware table make the table of this board, so that a call costs
 * one load and a jump. A call the board lacks answers -EXO_ENODEVCALL, linked in or not
 * (calls of other hardware than all boards have are weak symbols: null where their driver
 * is not linked).
 *
 * Interface: call_init, call_dispatch, call_here (core_priv.h); the calls null, note.
 */
#include "core_priv.h"

/* What calls.def calls hardware: class << 8 | kind, 0 for any kind; 0 is every board. */
enum { CLASS_MMU = 1, CLASS_DISK = 2, CLASS_NIC = 3 };
enum hardware {
#define EXO_KIND(class, number, name, NAME)                                              \
    HW_##class##_##NAME = CLASS_##class << 8 | (number),
#include <exo/kinds.def>
    HW_ALL = 0,
    HW_DISK = CLASS_DISK << 8,
    HW_NIC = CLASS_NIC << 8
};

/* LINK(ALL) is nothing, any other is weak. */
#define LINK_ALL ~,
#define LINK_SECOND(a, b, ...) b
#define LINK_PICK(...) LINK_SECOND(__VA_ARGS__)
#define LINK(hw) LINK_PICK(LINK_##hw, __attribute__((weak)), ~)
#define EXO_CALL(number, name, hw, kinds, params, what) LINK(hw) sys_fn sys_##name;
#include <exo/calls.def>
#undef EXO_CALL

static const struct {
    sys_fn *fn;
    enum hardware hardware;
    bool exists; /* somewhere */
} calls[EXO_CALL_MAX] = {
#define EXO_CALL(number, name, hw, kinds, params, what)                                  \
    [number] = {sys_##name, HW_##hw, true},
#include <exo/calls.def>
#undef EXO_CALL
};

static sys_fn *table[EXO_CALL_MAX]; /* of this board, complete */

static SYS(no_call)
{
    return -EXO_ENOCALL;
}

static SYS(no_device_call)
{
    return -EXO_ENODEVCALL;
}

static bool board_has(enum hardware hardware)
{
    uint32_t kind = hardware & 0xff, here = 0;
    switch (hardware >> 8) {
    case CLASS_MMU: here = machine.mmu_kind; break;
    case CLASS_DISK: here = machine.disk_kind; break;
    case CLASS_NIC: here = machine.nic_kind; break;
    default: return hardware == HW_ALL;
    }
    return here != 0 && (kind == 0 || kind == here);
}

void call_init(void)
{
    for (uint32_t i = 0; i < EXO_CALL_MAX; i++) {
        bool here = calls[i].fn != NULL && board_has(calls[i].hardware);
        table[i] = here              ? calls[i].fn
                   : calls[i].exists ? sys_no_device_call
                                     : sys_no_call;
    }
}

sys_fn *call_here(uint32_t number)
{
    return table[number];
}

void call_dispatch(struct ctx *c, uint32_t number)
{
    exo_sword result = table[number](c, arch_arg(c, 0), arch_arg(c, 1), arch_arg(c, 2),
                                     arch_arg(c, 3), arch_arg(c, 4));
    if (result != SYS_RETRY && result != SYS_NONE)
        arch_set_result(c, (exo_word)result);
}

SYS(null)
{
    return 0;
}

SYS(note)
{
    return 0;
}
