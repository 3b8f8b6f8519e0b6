// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * machine.c - registers of the simulated machine: core control block, timer, interrupt
 * controller, console (exo/machine.h says what they do). Every access costs a cycle, so that
 * time moves inside the kernel.
 */
#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct host host;
struct host_core host_core[HOST_NCORE];

const void *host_outside(uint32_t pa);

static bool timer_due(uint32_t core)
{
    return host_core[core].armed && host.cycles >= host_core[core].deadline;
}

static uint32_t lines(uint32_t core)
{
    uint32_t up = (timer_due(core) ? 1u << HOST_TIMER_LINE : 0) |
                  (host_disk_line() ? 1u << HOST_DISK_LINE : 0) |
                  (host_nic_line() ? 1u << HOST_NIC_LINE : 0);
    return up & host_core[core].enabled;
}

bool host_pending(uint32_t core)
{
    return lines(core) != 0 || host_core[core].ipi;
}

static void bad(const char *what, uint32_t pa)
{
    fprintf(stderr, "kernel %s device address %#x\n", what, pa);
    abort();
}

static uint32_t latched(struct host_core *k, uint64_t v)
{
    k->latch = v;
    return (uint32_t)v;
}

static uint32_t core_read(uint32_t reg)
{
    struct host_core *k = &host_core[host.current];
    uint64_t mask = (1u << host.page_shift) - 1;
    switch (reg) {
    case M_BADVADDR: return latched(k, k->badvaddr);
    case M_BADPAGE: return latched(k, k->badvaddr & ~mask);
    case M_CYCLES: return latched(k, host.cycles);
    case M_INSN_USER: return latched(k, 0x100000001u);
    case M_INSN_LIB: return latched(k, 0x200000002u);
    case M_INSN_KERNEL: return latched(k, 0x300000003u);
    case M_BADVADDR + 4:
    case M_BADPAGE + 4:
    case M_CYCLES + 4:
    case M_INSN_USER + 4:
    case M_INSN_LIB + 4:
    case M_INSN_KERNEL + 4: return (uint32_t)(k->latch >> 32);
    case M_COREID: return host.current;
    case M_CORES: return host.cores;
    case M_PENDING: return host_pending(host.current);
    default: bad("reads", M_CORE_BASE + reg); return 0;
    }
}

static void note_event(uint32_t event)
{
    struct host_core *k = &host_core[host.current];
    host.event[host.events++ % 256] = (struct host_event){event, k->trace_a, k->trace_b};
}

static void core_write(uint32_t reg, uint32_t value)
{
    struct host_core *k = &host_core[host.current];
    switch (reg) {
    case M_CONTEXT: k->context = value; break;
    case M_MISS_VECTOR:
    case M_VECTOR: break;
    case M_WAIT:
        if (!host_pending(host.current))
            host_leave(HOST_IDLE);
        break;
    case M_HALT:
        host.halted = true;
        host.status = value;
        host_leave(HOST_HALTED);
        break;
    case M_PANIC:
        host.panicked = true;
        snprintf(host.message, sizeof host.message, "%s",
                 (const char *)host_outside(value));
        host_leave(HOST_PANIC);
        break;
    case M_TRACE_A: k->trace_a = value; break;
    case M_TRACE_B: k->trace_b = value; break;
    case M_TRACE_EVENT: note_event(value); break;
    case M_REPORT:
        memcpy(&host.report, host_outside(value), sizeof host.report);
        host.reports++;
        break;
    case M_IPI:
        if (value >= host.cores)
            bad("interrupts a core beyond the last:", value);
        host_core[value].ipi = true;
        break;
    case M_IPI_CLEAR: k->ipi = false; break;
    default: bad("writes", M_CORE_BASE + reg);
    }
}

static uint32_t console_read(uint32_t reg)
{
    if (reg == M_CONSOLE_STATUS)
        return host.in_len > 0 ? 1 : host.in == NULL ? 2 : 0;
    if (host.in_len == 0)
        return 0x100;
    host.in_len--;
    return (uint8_t)*host.in++;
}

static void console_write(uint32_t value)
{
    if (host.out_len < sizeof host.out)
        host.out[host.out_len++] = (char)value;
}

static void timer_write(uint32_t reg, uint32_t value)
{
    struct host_core *k = &host_core[host.current];
    switch (reg) {
    case M_TIMER_DEADLINE:
        k->deadline = (k->deadline & 0xffffffff00000000u) | value;
        break;
    case M_TIMER_DEADLINE + 4:
        k->deadline = (k->deadline & 0xffffffffu) | (uint64_t)value << 32;
        k->armed = true;
        break;
    case M_TIMER_CONTROL: k->armed = false; break;
    default: bad("writes", HOST_TIMER_BASE + reg);
    }
}

uint32_t arch_mmio_read(uint32_t pa)
{
    uint32_t reg = pa & 0xfff;
    host.cycles++;
    switch (pa & ~0xfffu) {
    case M_CORE_BASE: return core_read(reg);
    case HOST_MMU_BASE: return host_mmu_read(host.current, reg);
    case HOST_CONSOLE_BASE: return console_read(reg);
    case HOST_DISK_BASE: return host_disk_read(reg);
    case HOST_NIC_BASE: return host_nic_read(reg);
    case HOST_INTC_BASE:
        if (reg == M_INTC_PENDING)
            return lines(host.current);
        break;
    default: break;
    }
    bad("reads", pa);
    return 0;
}

void arch_mmio_write(uint32_t pa, uint32_t value)
{
    uint32_t reg = pa & 0xfff;
    host.cycles++;
    switch (pa & ~0xfffu) {
    case M_CORE_BASE: core_write(reg, value); break;
    case HOST_MMU_BASE: host_mmu_write(host.current, reg, value); break;
    case HOST_TIMER_BASE: timer_write(reg, value); break;
    case HOST_CONSOLE_BASE: console_write(value); break;
    case HOST_DISK_BASE: host_disk_write(reg, value); break;
    case HOST_NIC_BASE: host_nic_write(reg, value); break;
    case HOST_INTC_BASE:
        if (reg != M_INTC_ENABLE)
            bad("writes", pa);
        host_core[host.current].enabled = value;
        break;
    default: bad("writes", pa);
    }
}
