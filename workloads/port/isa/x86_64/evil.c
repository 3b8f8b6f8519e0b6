// SPDX-License-Identifier: GPL-2.0-or-later
/* evil.c - x86_64: privileged instructions and odd calls for the attacks. See evil.h. */
#include "evil.h"

#define PRIVILEGED(name, text)                                                           \
    static void name(void)                                                               \
    {                                                                                    \
        __asm__ volatile(text ::: "memory", "cc", "rax", "rcx", "rdx");                  \
    }

static struct {
    uint16_t limit;
    uint64_t base;
} __attribute__((packed)) table __attribute__((used)) = {0xffff, 0x10000};

PRIVILEGED(halt, "hlt")
PRIVILEGED(clear_interrupts, "cli")
PRIVILEGED(set_interrupts, "sti")
PRIVILEGED(write_cr3, "xorl %%eax, %%eax\n movq %%rax, %%cr3")
PRIVILEGED(read_cr3, "movq %%cr3, %%rax")
PRIVILEGED(write_cr0, "xorl %%eax, %%eax\n movq %%rax, %%cr0")
PRIVILEGED(write_msr,
           "movl $0xc0000082, %%ecx\n xorl %%eax, %%eax\n xorl %%edx, %%edx\n wrmsr")
PRIVILEGED(read_msr, "movl $0xc0000080, %%ecx\n rdmsr")
PRIVILEGED(invalidate_page, "invlpg (%%rsp)")
PRIVILEGED(read_port, "movw $0x60, %%dx\n inb %%dx, %%al")
PRIVILEGED(write_port, "movw $0x64, %%dx\n movb $0xfe, %%al\n outb %%al, %%dx")
PRIVILEGED(swap_gs, "swapgs")
PRIVILEGED(return_fast, "movl $0x10000, %%ecx\n sysretq")
PRIVILEGED(no_instruction, "ud2")
PRIVILEGED(read_host_clock, "rdtsc")
PRIVILEGED(flush_caches, "wbinvd")

static void load_idt(void)
{
    __asm__ volatile("lidt %0" ::"m"(table));
}

static void load_gdt(void)
{
    __asm__ volatile("lgdt %0" ::"m"(table));
}

static void load_task(void)
{
    __asm__ volatile("ltr %%ax" ::"a"(8));
}

const struct evil_instruction evil_instructions[] = {
    {"hlt", halt},
    {"cli", clear_interrupts},
    {"sti", set_interrupts},
    {"mov to cr3 (another address space)", write_cr3},
    {"mov from cr3", read_cr3},
    {"mov to cr0 (no translation)", write_cr0},
    {"wrmsr (another system call entry)", write_msr},
    {"rdmsr", read_msr},
    {"invlpg", invalidate_page},
    {"in", read_port},
    {"out", write_port},
    {"swapgs", swap_gs},
    {"sysretq", return_fast},
    {"lidt (a trap vector)", load_idt},
    {"lgdt", load_gdt},
    {"ltr", load_task},
    {"wbinvd", flush_caches},
    {"rdtsc (the host's clock)", read_host_clock},
    {"an undefined instruction", no_instruction},
    {0},
};

/* Direction, alignment check and nested task flags set: the kernel's code must not inherit them. */
exo_sword evil_odd_call(void)
{
    exo_word rax = EXO_CALL_BASE + EXO_CALL_null;
    __asm__ volatile("pushfq\n popq %%rbx\n"
                     "movq %%rbx, %%r12\n orq $0x44400, %%r12\n pushq %%r12\n popfq\n"
                     "syscall\n"
                     "pushq %%rbx\n popfq\n cld\n"
                     : "+a"(rax)
                     :
                     : "memory", "cc", "rbx", "rcx", "r11", "r12", "rdx");
    return (exo_sword)rax;
}

unsigned evil_make_code(void *to, unsigned value)
{
    volatile uint8_t *code = to;
    code[0] = 0xb8; /* mov eax, value */
    for (unsigned i = 0; i < 4; i++)
        code[1 + i] = (uint8_t)(value >> 8 * i);
    code[5] = 0xc3; /* ret */
    return 6;
}

exo_sword evil_raw_call(exo_word number, exo_word a, exo_word b)
{
    exo_word rax = number, rdx = 0;
    __asm__ volatile("syscall"
                     : "+a"(rax), "+d"(rdx)
                     : "D"(a), "S"(b)
                     : "memory", "cc", "rcx", "r11");
    return (exo_sword)rax;
}

exo_sword evil_call_on_stack(uintptr_t sp)
{
    exo_word rax = EXO_CALL_BASE + EXO_CALL_null;
    __asm__ volatile("movq %%rsp, %%rbx\n movq %1, %%rsp\n syscall\n movq %%rbx, %%rsp\n"
                     : "+a"(rax)
                     : "r"(sp)
                     : "memory", "cc", "rbx", "rcx", "r11", "rdx");
    return (exo_sword)rax;
}

_Noreturn void evil_spin(void)
{
    __asm__ volatile("1: jmp 1b");
    __builtin_unreachable();
}
