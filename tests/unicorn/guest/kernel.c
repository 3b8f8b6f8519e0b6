// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kernel.c - the kernel of the core tests: logs every trap, serves the calls of machine.h, lets
 * the rig map pages that fault. entry_<isa>.S saves the registers to struct frame and back.
 */
#include "kernel.h"
#include <exo/machine.h>

static struct guest_log *const gl = (struct guest_log *)LOG_BASE;
static uint64_t on_fault;

uint32_t mmio_read(uint32_t off)
{
    return *(volatile uint32_t *)(uintptr_t)(M_CORE_BASE + off);
}

void mmio_write(uint32_t off, uint32_t value)
{
    *(volatile uint32_t *)(uintptr_t)(M_CORE_BASE + off) = value;
}

static uint64_t read64(uint32_t off)
{
    uint32_t lo = mmio_read(off);
    return lo | (uint64_t)mmio_read(off + 4) << 32;
}

static void write64(uint32_t off, uint64_t v)
{
    mmio_write(off, (uint32_t)v);
    mmio_write(off + 4, (uint32_t)(v >> 32));
}

static void device(uint32_t reg, uint32_t value)
{
    mmio_write(RIG_DEVICE - M_CORE_BASE + reg, value);
}

static void panic(const char *text)
{
    mmio_write(M_PANIC, (uint32_t)(uintptr_t)text);
    for (;;)
        mmio_read(M_COREID);
}

static void note(uint32_t cause, uint64_t epc, uint64_t bad, uint64_t page)
{
    if (gl->n < LOG_MAX)
        gl->entry[gl->n] = (struct log_entry){cause, 0, epc, bad, page};
    gl->n++;
}

static uint64_t serve(uint64_t number, uint64_t a0, uint64_t a1)
{
    switch (number) {
    case CALL_EXIT:
        mmio_write(M_HALT, (uint32_t)a0);
        for (;;)
            mmio_read(M_COREID);
    case CALL_NULL: return 0;
    case CALL_LOG: note(LOG_VALUE, a0, a1, 0); return 0;
    case CALL_ON_FAULT: on_fault = a0; return 0;
    case CALL_POKE: *(volatile uint32_t *)(uintptr_t)a0 = (uint32_t)a1; return 0;
    case CALL_DMA: device(RIG_DMA, (uint32_t)a0); return 0;
    case CALL_FP:
        mmio_write(M_FPU, 1);
        fp_double();
        mmio_write(M_FPU, 0);
        return 0;
    case CALL_IPI: mmio_write(M_IPI, mmio_read(M_COREID)); return 0;
    default: panic("unknown call");
    }
    return 0;
}

static void interrupt(void)
{
    gl->irqs++;
    device(RIG_IRQ_ACK, 1);
    mmio_write(M_IPI_CLEAR, 1);
}

void kernel_trap(struct frame *f)
{
    uint32_t cause = mmio_read(M_CAUSE);
    gl->traps++;
    switch (cause & M_CAUSE_CODE) {
    case M_CAUSE_IRQ: interrupt(); return;
    case M_CAUSE_SYSCALL:
        *frame_result(f) = serve(*frame_number(f), *frame_arg(f, 0), *frame_arg(f, 1));
        return;
    case M_CAUSE_TLB_MISS: device(RIG_MAP, mmio_read(M_BADPAGE)); return;
    default: break;
    }
    note(cause, read64(M_EPC), read64(M_BADVADDR), read64(M_BADPAGE));
    if (!on_fault)
        panic("fault nobody expected");
    write64(M_EPC, on_fault);
}

void kernel_start(struct frame *f)
{
    write64(M_KSP, (uintptr_t)f);
    mmio_write(M_VECTOR, (uint32_t)(uintptr_t)kernel_vector);
    write64(M_EPC, USER_BASE);
    write64(M_USP, USER_STACK);
    mmio_write(M_CONTEXT, 1);
}
