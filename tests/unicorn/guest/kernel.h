/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kernel.h - the seam between kernel.c and entry_<isa>.S of the core tests. */
#ifndef GUEST_KERNEL_H
#define GUEST_KERNEL_H

#include "machine.h"

/* Registers as entry_<isa>.S saves them, the order is its own. KSP points here. */
struct frame {
    uint64_t reg[64];
};

#if defined(__riscv)
#define REG_NUMBER 17
#define REG_ARG 10
#define REG_RESULT 10
#elif defined(__aarch64__)
#define REG_NUMBER 8
#define REG_ARG 0
#define REG_RESULT 0
#elif defined(__x86_64__) /* rax rdi rsi ... */
#define REG_NUMBER 0
#define REG_ARG 1
#define REG_RESULT 0
#else
#define REG_NUMBER 2
#define REG_ARG 4
#define REG_RESULT 2
#endif

static inline uint64_t *frame_number(struct frame *f)
{
    return &f->reg[REG_NUMBER];
}
static inline uint64_t *frame_arg(struct frame *f, int i)
{
    return &f->reg[REG_ARG + i];
}
static inline uint64_t *frame_result(struct frame *f)
{
    return &f->reg[REG_RESULT];
}

void kernel_vector(void);
void kernel_start(struct frame *f);
void kernel_trap(struct frame *f);
void fp_double(void); /* FP register 1 += itself, in assembly */
#endif
