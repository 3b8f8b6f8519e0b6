// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * control.c - the core control block, and kernel accesses to device registers.
 *
 * Callbacks of the kernel engine. Nothing here stops the engine (the access would be repeated):
 * a stop is noted and taken when the block ends.
 */
#include "core.h"
#include <inttypes.h>
#include <string.h>

static void end_block(struct core *c)
{
    for (int i = 0; i < ENGINES; i++)
        if (c->engine[i].running)
            meter_stop(&c->engine[i]);
}

static void ask_stop(struct core *c, enum core_stop why)
{
    if (why > c->stop)
        c->stop = why;
    end_block(c);
}

void core_kick(void *cpu)
{
    struct core *c = cpu;
    c->kicked = true;
    end_block(c);
}

static uint32_t low(struct core *c, uint64_t v)
{
    c->latch = (uint32_t)(v >> 32);
    return (uint32_t)v;
}

static uint32_t high(const struct core *c, uint64_t v)
{
    return c->isa->elf64 ? (uint32_t)(v >> 32) : 0;
}

static uint32_t read_core(struct core *c, uint32_t off)
{
    switch (off) {
    case HW_CORE_EPC_LO: return (uint32_t)c->epc;
    case HW_CORE_EPC_HI: return high(c, c->epc);
    case HW_CORE_USP_LO: return (uint32_t)c->usp;
    case HW_CORE_USP_HI: return high(c, c->usp);
    case HW_CORE_CAUSE: return c->cause;
    case HW_CORE_BADVADDR_LO: return (uint32_t)trap_badaddr(c);
    case HW_CORE_BADVADDR_HI: return high(c, trap_badaddr(c));
    case HW_CORE_BADPAGE_LO: return (uint32_t)c->badpage;
    case HW_CORE_BADPAGE_HI: return high(c, c->badpage);
    case HW_CORE_KSP_LO: return (uint32_t)c->ksp;
    case HW_CORE_KSP_HI: return high(c, c->ksp);
    case HW_CORE_VECTOR: return c->vector;
    case HW_CORE_MISS_VECTOR: return c->miss_vector;
    case HW_CORE_CONTEXT: return c->context;
    case HW_CORE_ID: return c->w.core;
    case HW_CORE_COUNT: return c->w.cores;
    case HW_CORE_CYCLES_LO: return low(c, core_counter(c, CORE_CYCLES));
    case HW_CORE_USER_LO: return low(c, core_counter(c, CORE_USER));
    case HW_CORE_LIB_LO: return low(c, core_counter(c, CORE_LIB));
    case HW_CORE_KERNEL_LO: return low(c, core_counter(c, CORE_KERNEL));
    case HW_CORE_CYCLES_HI:
    case HW_CORE_USER_HI:
    case HW_CORE_LIB_HI:
    case HW_CORE_KERNEL_HI: return c->latch;
    case HW_CORE_FPU: return c->fpu;
    case HW_CORE_PENDING: return core_pending(c);
    default:
        c->env.guest_error(c->env.host, "read of core register 0x%x, which is not one",
                           off);
        return 0;
    }
}

static void set_half(const struct core *c, uint64_t *v, bool hi, uint32_t half)
{
    if (!hi)
        *v = (*v & ~(uint64_t)UINT32_MAX) | half;
    else if (c->isa->elf64)
        *v = (*v & UINT32_MAX) | (uint64_t)half << 32;
}

static void set_context(struct core *c, uint32_t value)
{
    if (value == c->context)
        return;
    uint32_t old = c->context;
    c->context = value;
    c->env.trace(c->env.host, HW_EV_CONTEXT, old, value);
}

static void halt(struct core *c, uint32_t status)
{
    c->exit.status = status & 0xffu;
    c->exit.cause = 0;
    ask_stop(c, STOP_HALT);
}

/* The message lies in guest memory: bounded, printable. */
static void panic(struct core *c, uint32_t pa)
{
    char *to = c->exit.message;
    size_t n = 0;
    while (n + 1 < sizeof c->exit.message && (uint64_t)pa + n < c->w.ram_size) {
        unsigned char ch = c->w.ram[pa + n];
        if (ch == 0)
            break;
        to[n++] = ch >= 0x20 && ch < 0x7f ? (char)ch : '?';
    }
    to[n] = 0;
    c->exit.cause = c->cause;
    ask_stop(c, STOP_PANIC);
}

static void write_core(struct core *c, uint32_t off, uint32_t value)
{
    switch (off) {
    case HW_CORE_EPC_LO: set_half(c, &c->epc, false, value); break;
    case HW_CORE_EPC_HI: set_half(c, &c->epc, true, value); break;
    case HW_CORE_USP_LO: set_half(c, &c->usp, false, value); break;
    case HW_CORE_USP_HI: set_half(c, &c->usp, true, value); break;
    case HW_CORE_KSP_LO: set_half(c, &c->ksp, false, value); break;
    case HW_CORE_KSP_HI: set_half(c, &c->ksp, true, value); break;
    case HW_CORE_VECTOR: c->vector = value; break;
    case HW_CORE_MISS_VECTOR: c->miss_vector = value; break;
    case HW_CORE_CONTEXT: set_context(c, value); break;
    case HW_CORE_WAIT: ask_stop(c, STOP_WAIT); break;
    case HW_CORE_HALT: halt(c, value); break;
    case HW_CORE_FPU: trap_fpu(c, value != 0); break;
    case HW_CORE_TRACE_A: c->trace_a = value; break;
    case HW_CORE_TRACE_B: c->trace_b = value; break;
    case HW_CORE_TRACE_EVENT:
        c->env.trace(c->env.host, (enum hw_event)(HW_EV_GUEST + (value & 0x7fffu)),
                     c->trace_a, c->trace_b);
        break;
    case HW_CORE_REPORT: c->w.report(c->env.host, c->w.core, value); break;
    case HW_CORE_PANIC: panic(c, value); break;
    case HW_CORE_IPI:
        if (value < c->w.cores)
            c->w.ipi(c->env.host, c->w.core, value);
        else
            c->env.guest_error(c->env.host, "interprocessor interrupt to core %u of %u",
                               value, c->w.cores);
        break;
    case HW_CORE_IPI_CLEAR: c->ipi = false; break;
    default:
        c->env.guest_error(c->env.host, "write of core register 0x%x, which is not one",
                           off);
    }
}

uint64_t control_read(uc_engine *uc, uint64_t off, unsigned size, void *core)
{
    (void)uc;
    struct core *c = core;
    if (size != 4 || off % 4 != 0) {
        c->env.guest_error(c->env.host, "device register read of %u bytes at 0x%" PRIx64,
                           size, HW_MMIO_BASE + off);
        return 0;
    }
    if (off < HW_CORE_SIZE)
        return read_core(c, (uint32_t)off);
    return c->w.mmio_read(c->env.host, c->w.core, (uint32_t)(HW_MMIO_BASE + off));
}

void control_write(uc_engine *uc, uint64_t off, unsigned size, uint64_t value, void *core)
{
    (void)uc;
    struct core *c = core;
    if (size != 4 || off % 4 != 0) {
        c->env.guest_error(c->env.host, "device register write of %u bytes at 0x%" PRIx64,
                           size, HW_MMIO_BASE + off);
        return;
    }
    if (off < HW_CORE_SIZE)
        write_core(c, (uint32_t)off, (uint32_t)value);
    else
        c->w.mmio_write(c->env.host, c->w.core, (uint32_t)(HW_MMIO_BASE + off),
                        (uint32_t)value);
}
