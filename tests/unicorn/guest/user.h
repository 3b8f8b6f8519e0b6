/* SPDX-License-Identifier: GPL-2.0-or-later */
/* user.h - system calls of the test programs, in C. */
#ifndef GUEST_USER_H
#define GUEST_USER_H

#include "machine.h"

static inline uintptr_t call(uintptr_t number, uintptr_t x, uintptr_t y)
{
#if defined(__riscv)
    register uintptr_t n __asm__("a7") = number;
    register uintptr_t a __asm__("a0") = x;
    register uintptr_t b __asm__("a1") = y;
    __asm__ volatile("ecall" : "+r"(a) : "r"(n), "r"(b) : "memory");
    return a;
#elif defined(__aarch64__)
    register uintptr_t n __asm__("x8") = number;
    register uintptr_t a __asm__("x0") = x;
    register uintptr_t b __asm__("x1") = y;
    __asm__ volatile("svc #0" : "+r"(a) : "r"(n), "r"(b) : "memory");
    return a;
#elif defined(__x86_64__)
    uintptr_t a = number;
    __asm__ volatile("syscall" : "+a"(a) : "D"(x), "S"(y) : "memory");
    return a;
#else
    register uintptr_t n __asm__("$2") = number;
    register uintptr_t a __asm__("$4") = x;
    register uintptr_t b __asm__("$5") = y;
    __asm__ volatile("syscall" : "+r"(n) : "r"(a), "r"(b) : "memory");
    return n;
#endif
}

int user_main(void);
void _start(void);
#if defined(__mips__)
#define START                                                                            \
    __asm__(".section .text.start,\"ax\"\n.globl _start\n_start: jal user_main\nnop\n"   \
            "move $4, $2\nli $2, 1\nsyscall\n.text")
#elif defined(__riscv)
#define START                                                                            \
    __asm__(".section .text.start,\"ax\"\n.globl _start\n_start: call user_main\n"       \
            "li a7, 1\necall\n.text")
#elif defined(__aarch64__)
#define START                                                                            \
    __asm__(".section .text.start,\"ax\"\n.globl _start\n_start: bl user_main\n"         \
            "mov x8, #1\nsvc #0\n.text")
#else
#define START                                                                            \
    __asm__(".section .text.start,\"ax\"\n.globl _start\n_start: call user_main\n"       \
            "mov %eax, %edi\nmov $1, %eax\nsyscall\n.text")
#endif
#endif
