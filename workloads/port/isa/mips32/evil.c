// SPDX-License-Identifier: GPL-2.0-or-later
/* evil.c - mips32: privileged instructions and odd calls for the attacks. See evil.h. */
#include "evil.h"

#define PRIVILEGED(name, text)                                                           \
    static void name(void)                                                               \
    {                                                                                    \
        __asm__ volatile(".set push\n .set noreorder\n .set noat\n" text                 \
                         "\n .set pop" ::                                                \
                             : "memory", "$8");                                          \
    }

PRIVILEGED(read_status, "mfc0 $8, $12")
PRIVILEGED(write_status, "mtc0 $0, $12")
PRIVILEGED(write_epc, "mtc0 $0, $14")
PRIVILEGED(write_entry_hi, "mtc0 $0, $10")
PRIVILEGED(write_tlb_random, "tlbwr")
PRIVILEGED(write_tlb_index, "tlbwi")
PRIVILEGED(read_tlb, "tlbr")
PRIVILEGED(probe_tlb, "tlbp")
PRIVILEGED(return_exception, "eret")
PRIVILEGED(disable_interrupts, "di $8")
PRIVILEGED(enable_interrupts, "ei $8")
PRIVILEGED(wait_interrupt, "wait")
PRIVILEGED(cache_operation, "cache 0, 0($sp)")
PRIVILEGED(no_instruction, ".word 0x70000000 | 0x3e")

const struct evil_instruction evil_instructions[] = {
    {"mfc0 status", read_status},
    {"mtc0 status (kernel mode)", write_status},
    {"mtc0 epc", write_epc},
    {"mtc0 entryhi (another address space)", write_entry_hi},
    {"tlbwr", write_tlb_random},
    {"tlbwi", write_tlb_index},
    {"tlbr", read_tlb},
    {"tlbp", probe_tlb},
    {"eret", return_exception},
    {"di (mask interrupts)", disable_interrupts},
    {"ei", enable_interrupts},
    {"wait", wait_interrupt},
    {"cache", cache_operation},
    {"an undefined instruction", no_instruction},
    {0},
};

exo_sword evil_odd_call(void)
{
    register exo_word v0 __asm__("$2") = EXO_CALL_BASE + EXO_CALL_null;
    __asm__ volatile(".set push\n .set noreorder\n .set noat\n"
                     "move $16, $28\n lui $28, 1\n li $26, -1\n li $27, -1\n li $1, -1\n"
                     "mtlo $27\n mthi $27\n"
                     "syscall\n"
                     "move $28, $16\n .set pop"
                     : "+r"(v0)
                     :
                     : "memory", "$1", "$3", "$16", "$26", "$27", "hi", "lo");
    return (exo_sword)v0;
}

unsigned evil_make_code(void *to, unsigned value)
{
    volatile uint32_t *code = to;
    code[0] = 0x03e00008;          /* jr ra */
    code[1] = 0x24020000u | value; /* li v0, value */
    return 8;
}

exo_sword evil_raw_call(exo_word number, exo_word a, exo_word b)
{
    register exo_word v0 __asm__("$2") = number;
    register exo_word v1 __asm__("$3") = 0;
    register exo_word a0 __asm__("$4") = a;
    register exo_word a1 __asm__("$5") = b;
    __asm__ volatile("syscall" : "+r"(v0), "+r"(v1) : "r"(a0), "r"(a1) : "memory");
    return (exo_sword)v0;
}

exo_sword evil_call_on_stack(uintptr_t sp)
{
    register exo_word v0 __asm__("$2") = EXO_CALL_BASE + EXO_CALL_null;
    register exo_word a0 __asm__("$4") = sp;
    __asm__ volatile(".set push\n .set noreorder\n"
                     "move $16, $29\n move $29, $4\n syscall\n move $29, $16\n .set pop"
                     : "+r"(v0)
                     : "r"(a0)
                     : "memory", "$3", "$16");
    return (exo_sword)v0;
}

_Noreturn void evil_spin(void)
{
    __asm__ volatile(".set push\n .set noreorder\n 1: b 1b\n nop\n .set pop");
    __builtin_unreachable();
}
