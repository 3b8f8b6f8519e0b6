// SPDX-License-Identifier: GPL-2.0-or-later
/* evil.c - aarch64: privileged instructions and odd calls for the attacks. See evil.h. */
#include "evil.h"

#define PRIVILEGED(name, text)                                                           \
    static void name(void)                                                               \
    {                                                                                    \
        __asm__ volatile(text ::: "memory", "x9");                                       \
    }

PRIVILEGED(write_ttbr0, "mov x9, #0\n msr ttbr0_el1, x9")
PRIVILEGED(read_ttbr0, "mrs x9, ttbr0_el1")
PRIVILEGED(write_vbar, "mov x9, #0x10000\n msr vbar_el1, x9")
PRIVILEGED(write_sctlr, "mov x9, #0\n msr sctlr_el1, x9")
PRIVILEGED(write_elr, "mov x9, #0x10000\n msr elr_el1, x9")
PRIVILEGED(write_spsr, "mov x9, #5\n msr spsr_el1, x9")
PRIVILEGED(return_exception, "eret")
PRIVILEGED(flush_tlb, "tlbi vmalle1")
PRIVILEGED(mask_interrupts, "msr daifset, #15")
PRIVILEGED(select_stack, "msr spsel, #1")
PRIVILEGED(read_current_el, "mrs x9, currentel")
PRIVILEGED(hypervisor_call, "hvc #0")
PRIVILEGED(monitor_call, "smc #0")
PRIVILEGED(read_host_clock, "mrs x9, cntvct_el0")
PRIVILEGED(no_instruction, ".inst 0")

const struct evil_instruction evil_instructions[] = {
    {"msr ttbr0_el1 (another address space)", write_ttbr0},
    {"mrs ttbr0_el1", read_ttbr0},
    {"msr vbar_el1 (a trap vector)", write_vbar},
    {"msr sctlr_el1 (no translation)", write_sctlr},
    {"msr elr_el1", write_elr},
    {"msr spsr_el1", write_spsr},
    {"eret", return_exception},
    {"tlbi vmalle1", flush_tlb},
    {"msr daifset (mask interrupts)", mask_interrupts},
    {"msr spsel", select_stack},
    {"mrs currentel", read_current_el},
    {"hvc", hypervisor_call},
    {"smc", monitor_call},
    {"mrs cntvct_el0 (the host's clock)", read_host_clock},
    {"an undefined instruction", no_instruction},
    {0},
};

exo_sword evil_odd_call(void)
{
    register exo_word x0 __asm__("x0") = 0;
    register exo_word x8 __asm__("x8") = EXO_CALL_BASE + EXO_CALL_null;
    __asm__ volatile("mrs x19, nzcv\n mrs x20, fpcr\n mrs x21, tpidr_el0\n"
                     "mov x9, #0xf0000000\n msr nzcv, x9\n"
                     "mov x9, #0x03c00000\n msr fpcr, x9\n"
                     "mov x9, #0x10000\n msr tpidr_el0, x9\n mov x18, #-1\n"
                     "svc #0\n"
                     "msr nzcv, x19\n msr fpcr, x20\n msr tpidr_el0, x21\n"
                     : "+r"(x0)
                     : "r"(x8)
                     : "memory", "cc", "x9", "x18", "x19", "x20", "x21");
    return (exo_sword)x0;
}

unsigned evil_make_code(void *to, unsigned value)
{
    volatile uint32_t *code = to;
    code[0] = 0x52800000u | value << 5; /* mov w0, value */
    code[1] = 0xd65f03c0u;              /* ret */
    return 8;
}

exo_sword evil_raw_call(exo_word number, exo_word a, exo_word b)
{
    register exo_word x0 __asm__("x0") = a;
    register exo_word x1 __asm__("x1") = b;
    register exo_word x8 __asm__("x8") = number;
    __asm__ volatile("svc #0" : "+r"(x0), "+r"(x1) : "r"(x8) : "memory");
    return (exo_sword)x0;
}

exo_sword evil_call_on_stack(uintptr_t sp)
{
    register exo_word x0 __asm__("x0") = sp;
    register exo_word x8 __asm__("x8") = EXO_CALL_BASE + EXO_CALL_null;
    __asm__ volatile("mov x19, sp\n mov sp, x0\n svc #0\n mov sp, x19\n"
                     : "+r"(x0)
                     : "r"(x8)
                     : "memory", "x19");
    return (exo_sword)x0;
}

_Noreturn void evil_spin(void)
{
    __asm__ volatile("1: b 1b");
    __builtin_unreachable();
}
