// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hwtable.h - the hardware table: what the machine tells the kernel at M_TABLE_BASE, and what
 * the kernel shows every environment read-only (struct exo_kinfo.hwtable_off). Same layout
 * on every ISA, little endian. Sizes in bytes.
 */
#ifndef EXO_HWTABLE_H
#define EXO_HWTABLE_H

#include <exo/types.h>

#define EXO_HW_MAGIC 0x484f5845u /* "EXOH" */
#define EXO_HW_VERSION 2u
#define EXO_HW_NAME_MAX 32
#define EXO_HW_MAX_DEVICES 16
#define EXO_HW_MAX_MODULES 32
#define EXO_HW_MAX_PARAMS 32

enum exo_isa {
    EXO_ISA_RISCV64 = 1,
    EXO_ISA_AARCH64 = 2,
    EXO_ISA_X86_64 = 3,
    EXO_ISA_MIPS32 = 4
};
/* EXO_MMU_SOFTTLB, EXO_DISK_PIO ...: kinds.def */
enum exo_mmu_kind {
#define EXO_KIND_MMU(number, name, NAME) EXO_MMU_##NAME = (number),
#include <exo/kinds.def>
    EXO_MMU_KINDS = 16 /* room for as many, 0 is none */
};
enum exo_disk_kind {
#define EXO_KIND_DISK(number, name, NAME) EXO_DISK_##NAME = (number),
#include <exo/kinds.def>
    EXO_DISK_KINDS = 16
};
enum exo_nic_kind {
#define EXO_KIND_NIC(number, name, NAME) EXO_NIC_##NAME = (number),
#include <exo/kinds.def>
    EXO_NIC_KINDS = 16
};
enum exo_hw_class {
    EXO_HW_CPU = 1,
    EXO_HW_MMU = 2,
    EXO_HW_INTC = 3,
    EXO_HW_TIMER = 4,
    EXO_HW_CONSOLE = 5,
    EXO_HW_DISK = 6,
    EXO_HW_NIC = 7
};

struct exo_hw_device {
    char compatible[EXO_HW_NAME_MAX];
    uint32_t class_, base, irq, nparams;
    uint32_t kind, pad; /* exo_mmu_kind, exo_disk_kind, exo_nic_kind; else 0 */
    uint64_t params[EXO_HW_MAX_PARAMS];
};

enum exo_module_kind {
    EXO_MODULE_PROGRAM = 1, /* started at boot, an environment each */
    EXO_MODULE_FILE = 2,    /* data: --file NAME=PATH */
    EXO_MODULE_LIBRARY = 3  /* a program that can be exec'ed by name */
};

struct exo_hw_module {
    char name[EXO_HW_NAME_MAX];
    uint64_t pa, size;
    uint64_t args_pa; /* NUL-separated argv */
    uint32_t args_len, argc;
    uint32_t kind, pad;
};

struct exo_hw_table {
    uint32_t magic, version;
    uint32_t isa, mmu_kind;
    uint32_t cores, page_shift;
    uint64_t ram_size, free_base, seed, cycles_per_second;
    char board[EXO_HW_NAME_MAX];
    uint32_t ndevices, nmodules;
    struct exo_hw_device device[EXO_HW_MAX_DEVICES];
    struct exo_hw_module module[EXO_HW_MAX_MODULES];
};

/* Written for the machine when an environment dies of a trap (M_REPORT). */
struct exo_hw_report {
    uint32_t env, cause;
    uint64_t epc, badvaddr, sp;
    char program[EXO_HW_NAME_MAX];
};

#endif
