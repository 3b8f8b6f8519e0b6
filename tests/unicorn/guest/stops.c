// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stops.c - ways for a machine to stop, chosen by the rig (struct guest_log, choice). Exits 42
 * if nothing else happens.
 */
#include "user.h"
#include <exo/machine.h>

START;

static void poke(uintptr_t pa, uint32_t value)
{
    call(CALL_POKE, pa, value);
}

int user_main(void)
{
    const volatile struct guest_log *log = (const volatile struct guest_log *)LOG_VA;
    switch (log->choice) {
    case CHOICE_PAGE_ZERO: poke(0x10, 1); break;
    case CHOICE_NO_RAM: poke(0x6ffff000, 1); break;
    case CHOICE_NO_VECTOR:
        poke(M_CORE_BASE + M_VECTOR, 0);
        call(CALL_NULL, 0, 0);
        break;
    case CHOICE_WAIT: poke(M_CORE_BASE + M_WAIT, 1); break;
    case CHOICE_IPI: call(CALL_IPI, 0, 0); return log->irqs == 1 ? 42 : 1;
    case CHOICE_HALT: poke(M_CORE_BASE + M_HALT, 300); break;
    case CHOICE_PANIC: poke(M_CORE_BASE + M_PANIC, log->argument); break;
    case CHOICE_NO_REGISTER: poke(M_CORE_BASE + 0x400, 1); break;
    case CHOICE_LOOP:
        for (;;)
            __asm__ volatile("");
    default: break;
    }
    return 42;
}
