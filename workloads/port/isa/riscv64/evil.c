// SPDX-License-Identifier: GPL-2.0-or-later
/* evil.c - riscv64: privileged instructions and odd calls for the attacks. See evil.h. */
#include "evil.h"

#define PRIVILEGED(name, text)                                                           \
    static void name(void)                                                               \
    {                                                                                    \
        __asm__ volatile(text ::: "memory", "t0");                                       \
    }

PRIVILEGED(write_satp, "li t0, 0\n csrw satp, t0")
PRIVILEGED(read_satp, "csrr t0, satp")
PRIVILEGED(write_stvec, "li t0, 0x10000\n csrw stvec, t0")
PRIVILEGED(write_mtvec, "li t0, 0x10000\n csrw mtvec, t0")
PRIVILEGED(read_mstatus, "csrr t0, mstatus")
PRIVILEGED(write_sstatus, "li t0, -1\n csrw sstatus, t0")
PRIVILEGED(write_mepc, "li t0, 0x10000\n csrw mepc, t0")
PRIVILEGED(return_machine, "mret")
PRIVILEGED(return_supervisor, "sret")
PRIVILEGED(fence_translations, "sfence.vma")
PRIVILEGED(read_hart, "csrr t0, mhartid")
PRIVILEGED(no_instruction, ".half 0, 0")
PRIVILEGED(write_counter, "li t0, 0\n csrw mcycle, t0")

const struct evil_instruction evil_instructions[] = {
    {"csrw satp (another address space)", write_satp},
    {"csrr satp", read_satp},
    {"csrw stvec (a trap vector)", write_stvec},
    {"csrw mtvec (a trap vector)", write_mtvec},
    {"csrr mstatus", read_mstatus},
    {"csrw sstatus (more privilege)", write_sstatus},
    {"csrw mepc", write_mepc},
    {"mret (to machine mode's return)", return_machine},
    {"sret (to supervisor mode's return)", return_supervisor},
    {"sfence.vma", fence_translations},
    {"csrr mhartid", read_hart},
    {"csrw mcycle (the clock)", write_counter},
    {"an undefined instruction", no_instruction},
    {0},
};

exo_sword evil_odd_call(void)
{
    register exo_word a0 __asm__("a0") = 0;
    register exo_word a7 __asm__("a7") = EXO_CALL_BASE + EXO_CALL_null;
    __asm__ volatile("mv s2, gp\n mv s3, tp\n frcsr s4\n"
                     "li gp, 0x10000\n li tp, -1\n li t0, 0xe0\n fscsr t0\n"
                     "ecall\n"
                     "mv gp, s2\n mv tp, s3\n fscsr s4\n"
                     : "+r"(a0)
                     : "r"(a7)
                     : "memory", "t0", "s2", "s3", "s4");
    return (exo_sword)a0;
}

unsigned evil_make_code(void *to, unsigned value)
{
    volatile uint32_t *code = to;
    code[0] = value << 20 | 10u << 7 | 0x13; /* li a0, value */
    code[1] = 0x00008067;                    /* ret */
    return 8;
}

exo_sword evil_raw_call(exo_word number, exo_word a, exo_word b)
{
    register exo_word a0 __asm__("a0") = a;
    register exo_word a1 __asm__("a1") = b;
    register exo_word a7 __asm__("a7") = number;
    __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a7) : "memory");
    return (exo_sword)a0;
}

exo_sword evil_call_on_stack(uintptr_t sp)
{
    register exo_word a0 __asm__("a0") = sp;
    register exo_word a7 __asm__("a7") = EXO_CALL_BASE + EXO_CALL_null;
    __asm__ volatile("mv s2, sp\n mv sp, a0\n ecall\n mv sp, s2\n"
                     : "+r"(a0)
                     : "r"(a7)
                     : "memory", "s2");
    return (exo_sword)a0;
}

_Noreturn void evil_spin(void)
{
    __asm__ volatile("1: j 1b");
    __builtin_unreachable();
}
