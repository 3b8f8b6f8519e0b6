// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * isa.h - what the common core must know of an instruction set. One const struct cpu_isa a
 * file: riscv64.c, mips32.c, aarch64.c, x86_64.c.
 *
 * Registers are named by their index in gpr[]; every index of this header is one of those. A
 * slot holds 64 bits, little endian, zero extended.
 */
#ifndef CPU_ISA_H
#define CPU_ISA_H

#include "../include/hw.h"
#include <unicorn/unicorn.h>

#define CPU_GPR_MAX 40
#define CPU_FPR_MAX 72
#define CPU_ARG_MAX 6
#define CPU_INSN_MAX 16 /* bytes of the longest instruction */

struct engine;
struct core;

/* What an instruction needs that its engine must not do by itself. */
enum cpu_special {
    CPU_PLAIN = 0,
    CPU_SPECIAL_ILLEGAL, /* would stop the engine or reach host state: traps in user mode */
    CPU_SPECIAL_READ /* reads a counter: answered by special_read() with virtual time */
};

/* An exception of the ISA an engine stopped at. */
struct cpu_exception {
    bool invalid; /* UC_ERR_INSN_INVALID, else the INTR hook was called with number */
    uint32_t number;
    uint64_t pc; /* the engine's PC then */
};

/* Code that load-links from the address in address_reg, ending in a system call. */
struct cpu_link {
    const uint32_t *code;
    size_t len;
    int address_reg, value_reg;
    unsigned words; /* of the reservation: address, value, ... */
};

struct cpu_isa {
    const char *name; /* guest folder, also used in messages */
    enum hw_isa isa;
    uint16_t elf_machine;
    bool elf64;

    uc_arch arch;
    uc_mode mode;
    int cpu_model; /* UC_CPU_*, or -1 for the engine's default */
    int pc_reg;

    /* Registers moved at each trap, the stack pointer among them. */
    const int *gpr;
    const char *const *gpr_name;
    unsigned ngpr;
    /* The floating point / SIMD file, moved by HW_CORE_FPU. 16 bytes a slot. */
    const int *fpr;
    unsigned nfpr;
    /* If nfpr is 0: put values found nowhere else into the first and last register and FCSR. */
    int (*fp_fill)(struct engine *e, uint32_t *first, uint32_t *last, uint32_t *control);

    unsigned sp;     /* index of the stack pointer */
    unsigned sysno;  /* system call number */
    unsigned arg0;   /* first argument of a system call */
    unsigned result; /* its result */
    unsigned c_arg0; /* first argument of a C function (baseline) */

    /* Status flags among gpr[], if an ISA has some that matter to traps (flags_user != 0): what
     * a kernel may give to user mode, what is always set there, what kernel mode never has. */
    unsigned flags;
    uint64_t flags_user, flags_fixed, flags_not_kernel;
    bool exceptions_stick; /* user state must be cleaned after each exception */

    unsigned width; /* bytes of every instruction, 0 = they vary */

    const struct cpu_link *link; /* NULL if the ISA has no load-linked */

    /* Bytes of the instruction at p, or 0 if it does not end within max bytes. */
    unsigned (*length)(const struct core *c, const uint8_t *p, size_t max);
    /* NULL if the ISA has none. */
    enum cpu_special (*special)(const uint8_t *p, size_t max);
    /* Do the read at p: change gpr[] (value from core_counter()). */
    void (*special_read)(struct core *c, const uint8_t *p, uint64_t *gpr);
    /* Does this instruction have a delay slot? NULL if the ISA has none. */
    bool (*has_slot)(const uint8_t *p);

    /* Enable what user or kernel code may use, drop privilege if user. 0 or -1. */
    int (*setup)(struct engine *e, bool user);
    /* Is this INTR number the system call instruction? x86-64 uses CPU_INTR_SYSCALL. */
    uint32_t syscall_intr;
    /* Cause of any other exception; *pc = the instruction that did not retire. */
    enum hw_cause (*cause)(struct engine *e, const struct cpu_exception *x, uint64_t *pc);
    /* Candidates for the address a load or store touches, exact; returns how many (<= max). */
    unsigned (*addresses)(const struct core *c, const uint8_t *insn, size_t len,
                          uint64_t pc, const uint64_t *gpr, uint64_t *out, unsigned max);
};

/* The number on_syscall_insn() of engine.c uses where the ISA's call is not an interrupt. */
#define CPU_INTR_SYSCALL 0x10000u

extern const struct cpu_isa cpu_isa_riscv64, cpu_isa_mips32, cpu_isa_aarch64,
    cpu_isa_x86_64;

#endif
