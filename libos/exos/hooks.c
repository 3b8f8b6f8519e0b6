// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hooks.c - one small dispatch function for each hook of port/hooks.def: this board's backend's, or
 * hook_missing() if that has none. Code of the fault path does not come here (upcall.c).
 */
#include "hooks.h"

#include <exos/hook.h>

#include "disk.h"
#include "nic.h"
#include "self.h"

static const char *missing;

int hook_missing(uint32_t class_, uint32_t number, const char *name)
{
    if (missing == NULL)
        missing = name;
    exo_note(EXOS_HOOK_MARK | class_ << 8 | number);
    return -EXO_ENOSYS;
}

const char *exos_hook_missing(void)
{
    return missing;
}

void exos_hook_clear(void)
{
    missing = NULL;
}

bool mmu_missing(void)
{
    if (exos_mmu != NULL)
        return false;
    uint32_t kind = HWTABLE->mmu_kind;
    const struct mmu_ops *ops = kind < EXO_MMU_KINDS ? exos_backends[kind] : NULL;
    if (ops == NULL || ops->bind == NULL)
        hook_missing(EXO_HW_MMU, MMU_HOOK_bind, "mmu.bind");
    else
        hook_missing(EXO_HW_MMU, MMU_HOOK_window, "mmu.window");
    return true;
}

/* The error, if the hook returns errors. */
#define MISSING(class_, number, name, type)                                              \
    (hook_missing(class_, number, name), _Generic((type){0}, int                         \
                                                  : -EXO_ENOSYS, default                 \
                                                  : (type){0}))

#define HOOK_mmu(name, type, params, args, contract)                                     \
    type mmu_##name params                                                               \
    {                                                                                    \
        const struct mmu_ops *ops = exos_mmu;                                            \
        return ops != NULL && ops->name != NULL                                          \
                   ? ops->name args                                                      \
                   : MISSING(EXO_HW_MMU, MMU_HOOK_##name, "mmu." #name, type);           \
    }
#define OPTION(class, name, type, params, args, otherwise, contract)                     \
    type class##_##name params                                                           \
    {                                                                                    \
        const struct class##_ops *ops = exos_##class;                                    \
        return ops != NULL && ops->name != NULL ? ops->name args : (otherwise);          \
    }
#define HOOK_disk(name, type, params, args, contract)                                    \
    type disk_##name params                                                              \
    {                                                                                    \
        const struct disk_ops *ops = disk_backend();                                     \
        return ops != NULL && ops->name != NULL                                          \
                   ? ops->name args                                                      \
                   : MISSING(EXO_HW_DISK, DISK_HOOK_##name, "disk." #name, type);        \
    }
#define HOOK_nic(name, type, params, args, contract)                                     \
    type nic_##name params                                                               \
    {                                                                                    \
        const struct nic_ops *ops = nic_backend();                                       \
        return ops != NULL && ops->name != NULL                                          \
                   ? ops->name args                                                      \
                   : MISSING(EXO_HW_NIC, NIC_HOOK_##name, "nic." #name, type);           \
    }
#include "hooks.def"
