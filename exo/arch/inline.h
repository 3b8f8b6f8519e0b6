// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * inline.h - the shortest functions of arch.h, for the machine: the kernel runs at
 * physical addresses, and an ABI register is a slot of ctx.regs that regs.h of the ISA
 * names. exo/arch/host has functions instead (EXO_HOST).
 */
#ifndef EXO_ARCH_INLINE_H
#define EXO_ARCH_INLINE_H

#include "regs.h"

static inline uint32_t arch_mmio_read(uint32_t pa)
{
    return *(volatile uint32_t *)(uintptr_t)pa;
}

static inline void arch_mmio_write(uint32_t pa, uint32_t value)
{
    *(volatile uint32_t *)(uintptr_t)pa = value;
}

static inline void *arch_phys(uint64_t pa)
{
    return (void *)(uintptr_t)pa;
}

static inline uint64_t arch_pa(const void *p)
{
    return (uintptr_t)p;
}

static inline exo_word arch_call_number(const struct ctx *c)
{
    return (exo_word)c->regs[REG_NUMBER];
}

static inline exo_word arch_arg(const struct ctx *c, unsigned i)
{
    static const uint8_t args[] = REG_ARGS;
    return (exo_word)c->regs[args[i]];
}

static inline void arch_set_arg(struct ctx *c, unsigned i, exo_word v)
{
    static const uint8_t args[] = REG_ARGS;
    c->regs[args[i]] = v;
}

static inline void arch_set_result(struct ctx *c, exo_word r)
{
    c->regs[REG_RESULT] = r;
}

static inline void arch_set_result2(struct ctx *c, exo_word r)
{
    c->regs[REG_RESULT2] = r;
}

#endif
