// SPDX-License-Identifier: GPL-2.0-or-later
/* hooks.h - numbers of the hooks of port/hooks.def, and what to do about one that is missing. */
#ifndef EXOS_HOOKS_H
#define EXOS_HOOKS_H

#include <errno.h>
#include <exo/abi.h>
#include <stdbool.h>
#include <stdint.h>

enum mmu_hook {
#define HOOK_mmu(name, type, params, args, contract) MMU_HOOK_##name,
#include "hooks.def"
    MMU_HOOKS
};
enum disk_hook {
#define HOOK_disk(name, type, params, args, contract) DISK_HOOK_##name,
#include "hooks.def"
    DISK_HOOKS
};
enum nic_hook {
#define HOOK_nic(name, type, params, args, contract) NIC_HOOK_##name,
#include "hooks.def"
    NIC_HOOKS
};

/* Remembers it (exos/hook.h) and notes it in the trace. class_: enum exo_hw_class. -EXO_ENOSYS. */
int hook_missing(uint32_t class_, uint32_t number, const char *name);

/* A hook's result that no second try will change: it is missing, or the hardware cannot. */
static inline bool hook_cannot(int result)
{
    return result == -EXO_ENOSYS || result == -EXO_ENOTSUP;
}

/* errno for a negative enum exo_error: ENOSYS or ENOTSUP if it is one of those, else `other`. */
static inline int hook_errno(int result, int other)
{
    return result == -EXO_ENOSYS ? ENOSYS : result == -EXO_ENOTSUP ? ENOTSUP : other;
}

#endif
