// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * time.c - what user code can learn of time goes into the log, which must not depend on the host
 * or on where the core was stopped: counters on riscv64; elsewhere they trap (traps_*.S).
 */
#include "user.h"

START;

int user_main(void)
{
#if defined(__riscv)
    for (unsigned i = 0; i < 8; i++) {
        unsigned long cycle, insns;
        __asm__ volatile("rdcycle %0\nrdinstret %1" : "=r"(cycle), "=r"(insns));
        call(CALL_LOG, cycle, insns);
    }
#endif
    return 0;
}
