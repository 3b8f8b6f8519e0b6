// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * call.c - dispatch of exokernel calls. calls.def says on which hardware a call exists;
 * at boot that and the hardware table make the table of this board, so that a call costs
 * one load and a jump. A call the board lacks answers -EXO_ENODEVCALL, linked in or not
 * (calls of other hardware than all boards have are weak symbols: null where their driver
 * is not linked).
 *
 * Interface: call_init, call_dispatch, call_here (core_priv.h); the call null.
 */
#include "core_priv.h"

enum hardware {
    HW_ALL,
    HW_SOFTTLB,
    HW_RADIX,
    HW_DISK,
    HW_DISK_PIO,
    HW_DISK_QUEUE,
    HW_DISK_FLASH,
    HW_NIC,
    HW_NIC_PIO,
    HW_NIC_RING,
    HW_NIC_STEER
};

#define WEAK __attribute__((weak))
#define LINK_ALL
#define LINK_SOFTTLB WEAK
#define LINK_RADIX WEAK
#define LINK_DISK WEAK
#define LINK_DISK_PIO WEAK
#define LINK_DISK_QUEUE WEAK
#define LINK_DISK_FLASH WEAK
#define LINK_NIC WEAK
#define LINK_NIC_PIO WEAK
#define LINK_NIC_RING WEAK
#define LINK_NIC_STEER WEAK
#define EXO_CALL(number, name, hw, kinds, params, what) LINK_##hw sys_fn sys_##name;
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
    switch (hardware) {
    case HW_ALL: return true;
    case HW_SOFTTLB: return machine.mmu_kind == EXO_MMU_SOFTTLB;
    case HW_RADIX: return machine.mmu_kind == EXO_MMU_RADIX;
    case HW_DISK: return machine.disk_kind != 0;
    case HW_DISK_PIO: return machine.disk_kind == EXO_DISK_PIO;
    case HW_DISK_QUEUE: return machine.disk_kind == EXO_DISK_QUEUE;
    case HW_DISK_FLASH: return machine.disk_kind == EXO_DISK_FLASH;
    case HW_NIC: return machine.nic_kind != 0;
    case HW_NIC_PIO: return machine.nic_kind == EXO_NIC_PIO;
    case HW_NIC_RING: return machine.nic_kind == EXO_NIC_RING;
    case HW_NIC_STEER: return machine.nic_kind == EXO_NIC_STEER;
    default: return false;
    }
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
