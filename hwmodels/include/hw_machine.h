// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hw_machine.h - part 1 of the contract of hw.h: the machine as guest code sees it: physical map,
 * core control block, trap causes, hardware table. The guest's own description is
 * exo/include/exo/machine.h and exo/include/exo/hwtable.h; tests/unit checks that the two agree.
 */
#ifndef HW_MACHINE_H
#define HW_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Physical map
 *
 *   0x00000000  +------------------+
 *               | page 0: never    |  touching it in kernel mode is a bus error
 *   0x00001000  | hardware table   |  struct hw_table, written by the simulator (12 KiB)
 *   0x00010000  | kernel image     |  linked here (HW_KERNEL_BASE)
 *               | boot modules     |  page aligned, listed in the hardware table
 *               | RAM              |
 *   ram_size    +------------------+  at most HW_RAM_MAX
 *   0xf0000000  | core control     |  banked: every core sees its own
 *   0xf0001000  | devices          |  32-bit registers, 32-bit aligned accesses only
 *               +------------------+
 */
#define HW_TABLE_BASE 0x00001000u
#define HW_TABLE_MAX 0x00003000u
#define HW_KERNEL_BASE 0x00010000u
#define HW_RAM_MAX 0x70000000u
#define HW_MMIO_BASE 0xf0000000u
#define HW_MMIO_END 0xf1000000u
#define HW_CORE_BASE 0xf0000000u
#define HW_CORE_SIZE 0x1000u

/*
 * Core control block (the trap unit), at HW_CORE_BASE. 64-bit values are LO then HI; on a
 * 32-bit ISA the HI half reads as 0 and ignores writes. Reading a LO of a counter latches HI.
 * A 64-bit ISA may access a LO/HI pair at once: that is the LO access, then the HI access.
 *
 * On a trap the hardware records EPC, CAUSE, BADVADDR and the user stack pointer (in USP),
 * loads the stack pointer from KSP, masks interrupts, enters kernel mode and jumps to VECTOR.
 * All other registers keep their user values: saving them is the kernel's own code.
 * The ISA's system call instruction executed in kernel mode is return-from-trap: stack
 * pointer from USP, PC from EPC, user mode, interrupts unmasked.
 *
 * EPC: for SYSCALL the instruction after the system call; for all others the instruction
 * that did not retire (it is retried by return-from-trap). On MIPS a trap in a delay slot
 * gives the address of the branch and sets HW_CAUSE_BD; the branch did not retire either.
 */
enum hw_core_reg {
    HW_CORE_EPC_LO = 0x00,
    HW_CORE_EPC_HI = 0x04,
    HW_CORE_USP_LO = 0x08,
    HW_CORE_USP_HI = 0x0c,
    HW_CORE_CAUSE = 0x10,       /* ro: enum hw_cause, HW_CAUSE_BD, HW_CAUSE_ACCESS */
    HW_CORE_BADVADDR_LO = 0x18, /* ro: exact address of the access that faulted */
    HW_CORE_BADVADDR_HI = 0x1c,
    HW_CORE_BADPAGE_LO = 0x20, /* ro: the same, rounded down to the MMU's page */
    HW_CORE_BADPAGE_HI = 0x24,
    HW_CORE_KSP_LO = 0x28, /* stack pointer loaded on a trap */
    HW_CORE_KSP_HI = 0x2c,
    HW_CORE_VECTOR = 0x30,  /* physical address of the one trap vector */
    HW_CORE_CONTEXT = 0x34, /* id of the running environment: for trace and statistics */
    HW_CORE_ID = 0x38,      /* ro: this core, 0 .. count-1 */
    HW_CORE_COUNT = 0x3c,   /* ro: cores of the machine */
    HW_CORE_CYCLES_LO = 0x40,
    HW_CORE_CYCLES_HI = 0x44,
    HW_CORE_USER_LO =
        0x48, /* ro: instructions retired in user mode outside the library window */
    HW_CORE_USER_HI = 0x4c,
    HW_CORE_LIB_LO =
        0x50, /* ro: instructions retired in user mode inside the library window */
    HW_CORE_LIB_HI = 0x54,
    HW_CORE_KERNEL_LO = 0x58, /* ro: instructions retired in kernel mode */
    HW_CORE_KERNEL_HI = 0x5c,
    HW_CORE_WAIT = 0x60,    /* wo: idle until an interrupt is pending for this core */
    HW_CORE_HALT = 0x64,    /* wo: power the machine off; value = exit status (0..255) */
    HW_CORE_FPU = 0x68,     /* rw: 1 = kernel mode may touch the FP/SIMD registers */
    HW_CORE_PENDING = 0x6c, /* ro: 1 = an interrupt is pending for this core */
    HW_CORE_TRACE_A = 0x70, /* wo: first argument of the next trace event */
    HW_CORE_TRACE_B = 0x74, /* wo: second argument */
    HW_CORE_TRACE_EVENT = 0x78, /* wo: emit event of this number (HW_EV_GUEST + value) */
    HW_CORE_REPORT = 0x7c,    /* wo: physical address of a struct hw_report: guest died */
    HW_CORE_PANIC = 0x80,     /* wo: physical address of a NUL-terminated message */
    HW_CORE_IPI = 0x84,       /* wo: raise an interprocessor interrupt on core VALUE */
    HW_CORE_IPI_CLEAR = 0x88, /* wo: drop this core's interprocessor interrupt */
    HW_CORE_MISS_VECTOR =
        0x8c /* physical address of the vector of HW_CAUSE_TLB_MISS, as the
                                 * R3000 has one; 0 = VECTOR */
};

/* CAUSE, bits 7..0 */
enum hw_cause {
    HW_CAUSE_IRQ = 0,       /* interrupt controller or IPI asks for this core */
    HW_CAUSE_SYSCALL = 1,   /* system call instruction in user mode */
    HW_CAUSE_TLB_MISS = 2,  /* software-refilled MMU has no entry */
    HW_CAUSE_PAGE = 3,      /* translation does not exist */
    HW_CAUSE_PROT = 4,      /* translation exists and forbids the access */
    HW_CAUSE_ILLEGAL = 5,   /* undefined or privileged instruction */
    HW_CAUSE_BREAK = 6,     /* breakpoint instruction */
    HW_CAUSE_UNALIGNED = 7, /* misaligned access the ISA does not do */
    HW_CAUSE_ARITH = 8,     /* overflow, divide error, trap instruction */
    HW_CAUSE_BUS = 9,       /* physical address with nothing (or a device) behind it */
    HW_CAUSE_FP = 10,       /* floating point exception */
    HW_CAUSE_COUNT = 11
};
#define HW_CAUSE_CODE 0x000000ffu
#define HW_CAUSE_ACCESS 0x00000300u /* bits 9..8: enum hw_access of a memory fault */
#define HW_CAUSE_ACCESS_SHIFT 8
#define HW_CAUSE_BD 0x80000000u

enum hw_access { HW_READ = 0, HW_WRITE = 1, HW_FETCH = 2 };

/* Library window: user-mode instructions whose PC lies in it count as library's. Guest
 * programs place the library OS's text there (libos/exos link script). */
#define HW_LIB_WINDOW_LO 0x10000000u
#define HW_LIB_WINDOW_HI 0x18000000u

enum hw_isa {
    HW_ISA_RISCV64 = 1,
    HW_ISA_AARCH64 = 2,
    HW_ISA_X86_64 = 3,
    HW_ISA_MIPS32 = 4
};
enum hw_mmu_kind {
    HW_MMU_SOFTTLB = 1,
    HW_MMU_RADIX = 2,
    HW_MMU_HASHED = 3,
    HW_MMU_REGIONS = 4
};
enum hw_disk_kind { HW_DISK_PIO = 1, HW_DISK_QUEUE = 2, HW_DISK_FLASH = 3 };
enum hw_nic_kind { HW_NIC_PIO = 1, HW_NIC_RING = 2, HW_NIC_STEER = 3 };

/*
 * Hardware table: what the machine tells its kernel, at HW_TABLE_BASE. Little endian, the
 * same layout on every ISA. All pa/size in bytes.
 */
#define HW_TABLE_MAGIC 0x484f5845u /* "EXOH" */
#define HW_TABLE_VERSION 2u
#define HW_NAME_MAX 32
#define HW_MAX_DEVICES 16
#define HW_MAX_MODULES 32
#define HW_MAX_PARAMS 32

enum hw_class {
    HW_CLASS_CPU = 1,
    HW_CLASS_MMU = 2,
    HW_CLASS_INTC = 3,
    HW_CLASS_TIMER = 4,
    HW_CLASS_CONSOLE = 5,
    HW_CLASS_DISK = 6,
    HW_CLASS_NIC = 7
};

struct hw_table_device {
    char compatible[HW_NAME_MAX]; /* NUL padded, e.g. "exo,mmu-softtlb" */
    uint32_t class_;              /* enum hw_class */
    uint32_t base;                /* physical address of the registers */
    uint32_t irq;                 /* line, or 0xffffffff */
    uint32_t nparams;
    uint32_t kind, pad;             /* hw_mmu_kind, hw_disk_kind, hw_nic_kind; else 0 */
    uint64_t params[HW_MAX_PARAMS]; /* the model's parameters, in its documented order */
};

enum hw_module_kind { HW_MODULE_PROGRAM = 1, HW_MODULE_FILE = 2, HW_MODULE_LIBRARY = 3 };

/* PROGRAM: started by the kernel at boot, one environment each. LIBRARY: a program that can be
 * exec'ed by name. FILE: data (--file NAME=PATH). */
struct hw_table_module {
    char name[HW_NAME_MAX];
    uint64_t pa, size; /* page aligned start; the rest of the last page is zero */
    uint64_t args_pa;  /* NUL-separated argv, argc strings; 0 if none */
    uint32_t args_len, argc;
    uint32_t kind, pad;
};

struct hw_table {
    uint32_t magic, version;
    uint32_t isa, mmu_kind;
    uint32_t cores, page_shift;
    uint64_t ram_size;
    uint64_t free_base; /* first byte behind kernel image and modules */
    uint64_t seed;
    uint64_t
        cycles_per_second; /* nominal clock of the board, for libraries' idea of time */
    char board[HW_NAME_MAX];
    uint32_t ndevices, nmodules;
    struct hw_table_device device[HW_MAX_DEVICES];
    struct hw_table_module module[HW_MAX_MODULES];
};
_Static_assert(sizeof(struct hw_table) <= HW_TABLE_MAX,
               "hardware table outgrew its place");

/* HW_CORE_REPORT: the kernel describes an environment that died of a trap. */
struct hw_report {
    uint32_t env, cause;
    uint64_t epc, badvaddr, sp;
    char program[HW_NAME_MAX];
};

#endif
