// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * panic.c - how the machine ends: a panic is the kernel's own bug or a machine it cannot drive;
 * a halt is the normal end.
 */
#include "core_priv.h"

_Noreturn void kernel_panic(const char *message)
{
    for (;;) {
        arch_mmio_write(M_CORE_BASE + M_PANIC, (uint32_t)arch_pa(message));
        arch_mmio_write(M_CORE_BASE + M_WAIT, 0);
    }
}

_Noreturn void machine_halt(uint32_t status)
{
    for (;;) {
        arch_mmio_write(M_CORE_BASE + M_HALT, status & 0xff);
        arch_mmio_write(M_CORE_BASE + M_WAIT, 0);
    }
}

/* Power off: takes the root capability, which nobody but the kernel has unless a later boot
 * protocol hands it out. */
SYS(halt)
{
    const struct exo_name *cap;
    if (cap_get(c->id, a1, &cap) != 0)
        return -EXO_ECAP;
    if (cap->len != 0 || !(cap->rights & EXO_CAP_W))
        return -EXO_EPERM;
    if (a0 > 0xff)
        return -EXO_ERANGE;
    machine_halt((uint32_t)a0);
}
