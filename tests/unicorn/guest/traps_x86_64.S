/* SPDX-License-Identifier: GPL-2.0-or-later */
/* traps_x86_64.S - trap cases: what the core must report of each. */
#include "machine.h"
#include <exo/machine.h>
#define ACCESS(c, a) ((c) | (a) << 8)
    .section .text.start, "ax"
    .globl _start
_start:
    CASE M_CAUSE_ILLEGAL, 0, 1
    nop
2:  ud2
    CASE M_CAUSE_BREAK, 0, 2
    nop
    xor %eax, %eax
2:  int3
    CASE M_CAUSE_ILLEGAL, 0, 1
    nop
2:  int $0x80
    CASE M_CAUSE_ILLEGAL, 0, 1
    nop
2:  int $13
    CASE M_CAUSE_ILLEGAL, 0, 1
    nop
2:  cli
    CASE M_CAUSE_ILLEGAL, 0, 1
    nop
2:  hlt
    CASE M_CAUSE_ILLEGAL, 0, 1
    nop
2:  in $0x60, %al
    CASE M_CAUSE_ILLEGAL, 0, 1
    mov $0x3f8, %edx
2:  out %al, %dx
    CASE M_CAUSE_ILLEGAL, 0, 1
    nop
2:  rep insb
    CASE M_CAUSE_ILLEGAL, 0, 1
    nop
2:  rdtsc
    CASE M_CAUSE_ILLEGAL, 0, 1
    nop
2:  rdtscp
    CASE M_CAUSE_ILLEGAL, 0, 0
2:  rdrand %eax
    CASE M_CAUSE_ILLEGAL, 0, 0
2:  mov %cr0, %rax
    CASE M_CAUSE_ILLEGAL, 0, 0
2:  mov %rax, %cr4
    CASE M_CAUSE_ILLEGAL, 0, 0
2:  wrmsr
    CASE M_CAUSE_ILLEGAL, 0, 0
2:  swapgs
    CASE M_CAUSE_ILLEGAL, 0, 0
2:  sysretq
    CASE M_CAUSE_ILLEGAL, 0, 0
2:  lgdt (%rsp)
    CASE M_CAUSE_ILLEGAL, 0, 0
2:  invlpg (%rsp)
    CASE M_CAUSE_ILLEGAL, 0, 0
2:  .byte 0xc5, 0xf8, 0x58, 0xc1 /* vaddps: there is no AVX */
    CASE M_CAUSE_ILLEGAL, 0, 5
    push $0
    push $0
    push $0
    push $0
    push $0
2:  iretq
    CASE M_CAUSE_ARITH, 0, 3
    xor %ecx, %ecx
    nopw (%rax, %rax)
    mov $7, %eax
2:  div %ecx
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE + 12, 2
    mov $PAGE_NONE, %ebx
    nop
2:  mov 12(%rbx), %eax
    nop
    CASE ACCESS(M_CAUSE_PAGE, 1), PAGE_NONE + 0x28, 3
    mov $PAGE_NONE, %r12d
    mov $4, %r13d
    xor %eax, %eax
2:  mov %rax, 8(%r12, %r13, 8)
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE + 1, 1
    mov $PAGE_NONE - 0x7f, %ebx
2:  add 0x80(%rbx), %cl
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE + 0x30, 0
2:  movabs PAGE_NONE + 0x30, %al
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE + 0x34, 0
2:  mov PAGE_NONE + 0x34, %eax
    CASE ACCESS(M_CAUSE_PAGE, 1), PAGE_NONE + 0x38, 1
    mov $PAGE_NONE + 0x40, %esp
2:  push %rax
    CASE ACCESS(M_CAUSE_PAGE, 1), PAGE_NONE + 0x38, 1
    mov $PAGE_NONE + 0x40, %esp
2:  call 3f
3:  nop
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE + 0x40, 1
    mov $PAGE_NONE + 0x40, %esp
2:  ret
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE + 0x48, 1
    mov $PAGE_NONE + 0x48, %ebp
2:  leave
    CASE ACCESS(M_CAUSE_PROT, 1), PAGE_RO, 11 /* eight iterations fit before the page */
    mov $PAGE_RO - 8, %edi
    mov $20, %ecx
    xor %eax, %eax
2:  rep stosb
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE + 3, 3
    mov $PAGE_NONE + 3, %esi
    mov $PAGE_RW, %edi
    cld
2:  movsb
    CASE ACCESS(M_CAUSE_PAGE, 1), PAGE_NONE + 5, 3
    mov $PAGE_RW, %esi
    mov $PAGE_NONE + 5, %edi
    cld
2:  movsb
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE + 0x10, 1
    mov $PAGE_NONE, %eax
2:  movups 0x10(%rax), %xmm0
    CASE ACCESS(M_CAUSE_PAGE, 0), PAGE_NONE, 1
    mov $PAGE_NONE - 4, %eax
2:  mov (%rax), %rax
    CASE ACCESS(M_CAUSE_PROT, 1), PAGE_RO + 4, 1
    mov $PAGE_RO, %eax
2:  incl 4(%rax)
    CASE ACCESS(M_CAUSE_PROT, 1), PAGE_RO + 8, 1
    mov $PAGE_RO, %eax
2:  lock xaddl %ecx, 8(%rax)
    CASE ACCESS(M_CAUSE_PAGE, 2), PAGE_NONE, 2
    mov $PAGE_NONE, %eax
    jmp *%rax
2:
    CASE ACCESS(M_CAUSE_PROT, 2), PAGE_NX + 3, 2
    mov $PAGE_NX + 3, %eax
    jmp *%rax
2:
    CASE ACCESS(M_CAUSE_BUS, 0), PAGE_NO_RAM + 8, 1
    mov $PAGE_NO_RAM, %eax
2:  mov 8(%rax), %rax
    CASE ACCESS(M_CAUSE_BUS, 1), PAGE_DEVICE + 0x64, 1
    mov $PAGE_DEVICE, %eax
2:  mov %ecx, 0x64(%rax)
    .balign CASE_SIZE, 0
