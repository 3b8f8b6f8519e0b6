// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * context.c - arch.h for every instruction set: the parts that differ only in which
 * register is which. That is regs.h of the ISA: REG_COUNT slots of ctx.regs; REG_NUMBER,
 * REG_ARGS, REG_RESULT, REG_RESULT2, REG_SCRATCHES as slots; CALL_BYTES, USER_VA_END,
 * FLAGS_RESET. The shortest functions are in inline.h.
 */
#include "arch.h"
#include "asm.h"

_Static_assert(CALL_BASE == EXO_CALL_BASE && CALL_MAX == EXO_CALL_MAX &&
                   1 << CALL_MAX_SHIFT == CALL_MAX,
               "asm.h");
_Static_assert(CALL_EXC_RETURN == EXO_CALL_exc_return, "asm.h");
_Static_assert(CALL_PCT_CALL == EXO_CALL_pct_call && EXO_CALL_null == 0, "asm.h");
_Static_assert(UP_BUSY == offsetof(struct exo_upage, busy), "asm.h");
_Static_assert(UP_EPC == offsetof(struct exo_upage, save.epc), "asm.h");
_Static_assert(UP_SP == offsetof(struct exo_upage, save.sp), "asm.h");
_Static_assert(UP_BADVADDR == offsetof(struct exo_upage, save.badvaddr), "asm.h");
_Static_assert(UP_CAUSE == offsetof(struct exo_upage, save.cause), "asm.h");
_Static_assert(UP_UPCALL == offsetof(struct exo_upage, save.upcall), "asm.h");
_Static_assert(UP_SCRATCH0 == offsetof(struct exo_upage, save.scratch), "asm.h");
_Static_assert(UP_SCRATCH3 == UP_SCRATCH0 + 8 * (EXO_NSCRATCH - 1), "asm.h");
_Static_assert(UPCALL_EXCEPTION == EXO_UP_EXCEPTION, "asm.h");
_Static_assert(STATE_READY == EXO_ENV_STATE_READY, "asm.h");
_Static_assert(STATE_PCT == EXO_ENV_STATE_PCT, "asm.h");
_Static_assert(KERNEL_STACK_SIZE == 1 << KSTACK_SHIFT, "asm.h");
_Static_assert(sizeof((struct ctx *)0)->none >= UP_SCRATCH3 + 8, "stand-in for a upage");
_Static_assert(REG_COUNT <= sizeof((struct ctx *)0)->regs / 8, "regs.h");

static const uint8_t scratches[EXO_NSCRATCH] = REG_SCRATCHES;

const unsigned arch_call_bytes = CALL_BYTES;
const uint64_t arch_va_end = USER_VA_END;

uint64_t arch_scratch(const struct ctx *c, unsigned i)
{
    return c->regs[scratches[i]];
}

void arch_set_scratch(struct ctx *c, unsigned i, uint64_t v)
{
    c->regs[scratches[i]] = v;
}

void arch_ctx_reset(struct ctx *c)
{
    for (unsigned i = 0; i < sizeof c->regs / sizeof c->regs[0]; i++)
        c->regs[i] = 0;
    for (unsigned i = 0; i < sizeof c->fp / sizeof c->fp[0]; i++)
        c->fp[i] = 0;
    c->hilo[0] = c->hilo[1] = 0;
    c->pc = c->sp = 0;
    c->flags = FLAGS_RESET;
    arch_fp_reset(c);
}

/* The compiler makes them of the ISA's own atomics. */
uint32_t arch_xchg(volatile uint32_t *p, uint32_t v)
{
    return __atomic_exchange_n(p, v, __ATOMIC_ACQUIRE);
}

void arch_store_release(volatile uint32_t *p, uint32_t v)
{
    __atomic_store_n(p, v, __ATOMIC_RELEASE);
}
