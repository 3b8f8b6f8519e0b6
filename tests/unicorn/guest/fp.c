// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fp.c - the kernel's window to the FP registers: it doubles register 1 (MIPS: the pair 2) and
 * leaves the others. Exits 0 if that is what happened, with rounding mode and flags kept.
 */
#include "user.h"

START;

static double in[4] = {1.25, -3.5, 1e10, 0.0625};
static double out[4];

static void through_kernel(void)
{
#if defined(__riscv)
    __asm__ volatile(
        "fsrmi 2\nfld f1, 0(%0)\nfld f0, 8(%0)\nfld f15, 16(%0)\nfld f31, 24(%0)\n"
        "li a7, 7\necall\n"
        "fsd f1, 0(%1)\nfsd f0, 8(%1)\nfsd f15, 16(%1)\nfsd f31, 24(%1)" ::"r"(in),
        "r"(out)
        : "a0", "a7", "ft0", "ft1", "fa5", "ft11", "memory");
#elif defined(__aarch64__)
    __asm__ volatile(
        "ldr d1, [%0]\nldr d0, [%0, #8]\nldr d15, [%0, #16]\nldr d31, [%0, #24]\n"
        "mov x8, #7\nsvc #0\n"
        "str d1, [%1]\nstr d0, [%1, #8]\nstr d15, [%1, #16]\nstr d31, [%1, #24]" ::"r"(
            in),
        "r"(out)
        : "x0", "x8", "v0", "v1", "v15", "v31", "memory");
#elif defined(__x86_64__)
    __asm__ volatile(
        "movsd (%1), %%xmm1\nmovsd 8(%1), %%xmm0\nmovsd 16(%1), %%xmm7\n"
        "movsd 24(%1), %%xmm15\nfldpi\n"
        "mov $7, %%eax\nsyscall\n"
        "movsd %%xmm1, (%2)\nmovsd %%xmm0, 8(%2)\nmovsd %%xmm7, 16(%2)\n"
        "movsd %%xmm15, 24(%2)\nfldpi\nfsubrp\nftst\nfnstsw %%ax\nand $0x4000, %%eax\n"
        "mov %%eax, %0\nffree %%st(0)"
        : "=m"(*(int *)&in[3])
        : "D"(in), "S"(out)
        : "rax", "xmm0", "xmm1", "xmm7", "xmm15", "memory");
#else
    __asm__ volatile(
        "ldc1 $f2, 0(%0)\nldc1 $f0, 8(%0)\nldc1 $f14, 16(%0)\nldc1 $f30, 24(%0)\n"
        "li $2, 7\nsyscall\n"
        "sdc1 $f2, 0(%1)\nsdc1 $f0, 8(%1)\nsdc1 $f14, 16(%1)\nsdc1 $f30, 24(%1)" ::"r"(
            in),
        "r"(out)
        : "$2", "$4", "$f0", "$f1", "$f2", "$f3", "$f14", "$f15", "$f30", "$f31",
          "memory");
#endif
}

int user_main(void)
{
    double last = in[3];
    through_kernel();
    if (out[0] != 2.5)
        return 1;
    if (out[1] != -3.5 || out[2] != 1e10 || out[3] != last)
        return 2;
#if defined(__riscv)
    unsigned long mode;
    __asm__ volatile("frrm %0" : "=r"(mode));
    if (mode != 2)
        return 3;
#elif defined(__x86_64__)
    if (*(int *)&in[3] != 0x4000) /* pi - pi: the x87 stack came through */
        return 3;
#endif
    return 0;
}
