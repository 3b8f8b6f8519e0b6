// SPDX-License-Identifier: GPL-2.0-or-later
/* memory.c - attacks by address: what is not the environment's must not answer. */
#include "evil.h"

static const char *read_kernel(void)
{
    return evil_must_fault(evil_read, EVIL_KERNEL_VA, SIGSEGV, 0);
}

static const char *write_kernel(void)
{
    return evil_must_fault(evil_write, EVIL_KERNEL_VA, SIGSEGV, 0);
}

static const char *run_kernel(void)
{
    return evil_must_fault(evil_jump, EVIL_KERNEL_VA, SIGSEGV, 0);
}

static const char *read_page_zero(void)
{
    return evil_must_fault(evil_read, 8, SIGSEGV, 0);
}

static const char *read_hardware_table(void)
{
    return evil_must_fault(evil_read, M_TABLE_BASE, SIGSEGV, 0);
}

/* The register that powers the machine off. */
static const char *write_core_control(void)
{
    return evil_must_fault(evil_write, M_CORE_BASE + M_HALT, SIGSEGV, SIGBUS);
}

static const char *read_core_control(void)
{
    return evil_must_fault(evil_read, M_CORE_BASE + M_EPC, SIGSEGV, SIGBUS);
}

static const char *write_devices(void)
{
    const struct exo_hw_table *t = evil_hardware();
    for (uint32_t i = 0; i < t->ndevices; i++)
        if (t->device[i].base != 0)
            TRY(evil_must_fault(evil_write, t->device[i].base, SIGSEGV, SIGBUS));
    return NULL;
}

static const char *run_devices(void)
{
    return evil_must_fault(evil_jump, M_CORE_BASE, SIGSEGV, SIGBUS);
}

static const char *read_end_of_space(void)
{
    return evil_must_fault(evil_read, UINTPTR_MAX - 15, SIGSEGV, SIGBUS);
}

static const char *read_middle_of_space(void)
{
    return evil_must_fault(evil_read, UINTPTR_MAX / 2 + 1, SIGSEGV, SIGBUS);
}

static const char *run_end_of_space(void)
{
    return evil_must_fault(evil_jump, UINTPTR_MAX - 15, SIGSEGV, SIGBUS);
}

static const char *run_middle_of_space(void)
{
    return evil_must_fault(evil_jump, UINTPTR_MAX / 2 + 1, SIGSEGV, SIGBUS);
}

/* The same address is the victim's secret in the victim's address space. */
static const char *read_secret(void)
{
    struct evil_fault got;
    uintptr_t va = evil_shared->secret_va;
    if (evil_faults(evil_read, va, &got))
        return NULL;
    if (*(volatile uint32_t *)va == EVIL_SECRET)
        return "the victim's secret can be read";
    return NULL;
}

static const char *write_exported(void)
{
    return evil_must_fault(evil_write, EXO_EXPORT_VA, SIGSEGV, 0);
}

static const char *write_frame_table(void)
{
    return evil_must_fault(evil_write, (uintptr_t)evil_frame(evil_shared->secret_frame),
                           SIGSEGV, 0);
}

static const char *run_exported(void)
{
    return evil_must_fault(evil_jump, EXO_EXPORT_VA, SIGSEGV, 0);
}

static const char *write_own_text(void)
{
    return evil_must_fault(evil_write, (uintptr_t)write_own_text, SIGSEGV, 0);
}

const struct evil_attack evil_memory[] = {
    {"read the kernel by address", read_kernel, false},
    {"write the kernel by address", write_kernel, false},
    {"jump into the kernel", run_kernel, false},
    {"read page zero", read_page_zero, false},
    {"read the hardware table where the kernel has it", read_hardware_table, false},
    {"read the core's control block", read_core_control, false},
    {"power the machine off by its register", write_core_control, false},
    {"write the registers of every device", write_devices, false},
    {"jump into device registers", run_devices, false},
    {"read the last bytes of the address space", read_end_of_space, false},
    {"read the middle of the address space", read_middle_of_space, false},
    {"jump to the end of the address space", run_end_of_space, false},
    {"jump to the middle of the address space", run_middle_of_space, false},
    {"read the victim's secret at the victim's address", read_secret, false},
    {"write the exported tables", write_exported, false},
    {"write the victim's row of the frame table", write_frame_table, false},
    {"run the exported tables", run_exported, false},
    {"write the program's own text", write_own_text, false},
    {0},
};
