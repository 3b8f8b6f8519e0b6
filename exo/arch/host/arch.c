// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * arch.c - arch.h over the host's simulated machine. Registers of a context: 0 call number and
 * result, 1..6 arguments, 7 second result, 8..11 scratch (the last is the number register on
 * real ISAs; here a register of its own). host_core.fp stands for the FP registers.
 */
#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const unsigned arch_call_bytes = 4;
const uint64_t arch_va_end = 0x80000000u;

#define OUTSIDE_BASE                                                                     \
    0xe0000000u /* addresses of kernel data that is not in the RAM array */
static const void *outside[64];
static unsigned noutside;

void *arch_phys(uint64_t pa)
{
    if (pa >= host.ram_size) {
        fprintf(stderr, "kernel uses physical address %#llx\n", (unsigned long long)pa);
        abort();
    }
    return host.ram + pa;
}

uint64_t arch_pa(const void *p)
{
    const uint8_t *b = p;
    if (b >= host.ram && b < host.ram + host.ram_size)
        return (uint64_t)(b - host.ram);
    for (unsigned i = 0; i < noutside; i++)
        if (outside[i] == p)
            return OUTSIDE_BASE + i;
    if (noutside == sizeof outside / sizeof outside[0])
        abort();
    outside[noutside] = p;
    return OUTSIDE_BASE + noutside++;
}

const void *host_outside(uint32_t pa)
{
    return pa - OUTSIDE_BASE < noutside ? outside[pa - OUTSIDE_BASE] : arch_phys(pa);
}

exo_word arch_call_number(const struct ctx *c)
{
    return c->regs[0];
}

exo_word arch_arg(const struct ctx *c, unsigned i)
{
    return c->regs[1 + i];
}

void arch_set_arg(struct ctx *c, unsigned i, exo_word v)
{
    c->regs[1 + i] = v;
}

void arch_set_result(struct ctx *c, exo_word r)
{
    c->regs[0] = r;
}

void arch_set_result2(struct ctx *c, exo_word r)
{
    c->regs[7] = r;
}

uint64_t arch_scratch(const struct ctx *c, unsigned i)
{
    return c->regs[8 + i];
}

void arch_set_scratch(struct ctx *c, unsigned i, uint64_t v)
{
    c->regs[8 + i] = v;
}

void arch_ctx_reset(struct ctx *c)
{
    memset(c->regs, 0, sizeof c->regs);
    memset(c->fp, 0, sizeof c->fp);
    c->hilo[0] = c->hilo[1] = 0;
    c->pc = c->sp = c->flags = 0;
}

void arch_fp_save(struct ctx *c)
{
    memcpy(c->fp, host_core[host.current].fp, sizeof host_core[0].fp);
}

void arch_fp_restore(const struct ctx *c)
{
    memcpy(host_core[host.current].fp, c->fp, sizeof host_core[0].fp);
}

uint32_t arch_xchg(volatile uint32_t *p, uint32_t v)
{
    uint32_t old = *p;
    if (old != 0) { /* one thread: the holder would have to run to let go */
        fprintf(stderr, "big lock is taken where it must be free\n");
        abort();
    }
    *p = v;
    return old;
}

void arch_store_release(volatile uint32_t *p, uint32_t v)
{
    *p = v;
}
