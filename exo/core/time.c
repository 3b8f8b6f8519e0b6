// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * time.c - cycles, counters and each core's one-shot timer. Reading the low half of a 64-bit
 * counter latches the high half. Results of 64 bits travel in two registers on a 32-bit ISA.
 */
#include "core_priv.h"

uint64_t core_read64(uint32_t reg)
{
    uint32_t lo = arch_mmio_read(M_CORE_BASE + reg);
    uint32_t hi = arch_mmio_read(M_CORE_BASE + reg + 4);
    return (uint64_t)hi << 32 | lo;
}

uint64_t time_now(void)
{
    return core_read64(M_CYCLES);
}

void timer_arm(struct core *me, uint64_t at)
{
    (void)me; /* the timer is banked: each core reaches its own */
    if (at == NEVER) {
        arch_mmio_write(machine.timer + M_TIMER_CONTROL, 0);
        return;
    }
    arch_mmio_write(machine.timer + M_TIMER_DEADLINE, (uint32_t)at);
    arch_mmio_write(machine.timer + M_TIMER_DEADLINE + 4, (uint32_t)(at >> 32));
}

uint32_t page_shift(void)
{
    return machine.page_shift;
}

/* Two shifts: shifting a 32-bit exo_word by 32 at once would be undefined. */
static exo_sword result64(struct ctx *c, uint64_t value)
{
    arch_set_result2(c, sizeof(exo_word) == 4 ? (exo_word)(value >> 32) : 0);
    return (exo_sword)value;
}

SYS(time)
{
    return result64(c, time_now());
}

SYS(counter)
{
    struct core *me = &cores[c->core];
    switch (a0) {
    case EXO_COUNTER_CYCLES: return result64(c, time_now());
    case EXO_COUNTER_USER: return result64(c, core_read64(M_INSN_USER));
    case EXO_COUNTER_LIB: return result64(c, core_read64(M_INSN_LIB));
    case EXO_COUNTER_KERNEL: return result64(c, core_read64(M_INSN_KERNEL));
    case EXO_COUNTER_ENV:
        core_charge(me, time_now());
        return result64(c, machine.env[c->id].cycles);
    default: return -EXO_ERANGE;
    }
}
