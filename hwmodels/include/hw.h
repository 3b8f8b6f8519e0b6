// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hw.h - the contract between the simulator (sim/) and its hardware models (hwmodels/).
 *
 * This is the only public header of hwmodels/. It holds
 *   1. the machine as guest code sees it: physical map, core control block, trap causes,
 *      hardware table (the guest's own description is exo/include/exo/machine.h and
 *      exo/include/exo/hwtable.h; tests/unit checks that the two agree);
 *   2. the contract of a model: one const struct hw_model a model, all state in an instance,
 *      no globals, so that many machines live in one process;
 *   3. the environment a model is given. It reaches nothing else.
 *
 * Time is virtual and counted in cycles. Nothing here may depend on host time.
 * Who is at fault picks the verb: user error (bad board) is reported by create() through
 * struct hw_err; guest error by env->guest_error(); our own bug is an assert().
 */
#ifndef HW_H
#define HW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Version of this contract. A plugin built against another value is refused. */
#define HW_ABI 1u

/* ---- 1. The machine -------------------------------------------------------------- */

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

/*
 * Hardware table: what the machine tells its kernel, at HW_TABLE_BASE. Little endian, the
 * same layout on every ISA. All pa/size in bytes.
 */
#define HW_TABLE_MAGIC 0x484f5845u /* "EXOH" */
#define HW_TABLE_VERSION 1u
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

/* ---- 2. Models -------------------------------------------------------------------- */

/* Where a create() says what is wrong with its parameters (a user error). */
struct hw_err {
    char msg[256]; /* one sentence: property, what was wrong, what was expected */
};

enum hw_param_type { HW_PARAM_U64, HW_PARAM_BOOL, HW_PARAM_STRING };

/* One parameter of a model = one property of its device-tree node. */
struct hw_param {
    const char *name; /* property, e.g. "exo,entries" */
    enum hw_param_type type;
    const char *unit; /* "cycles", "entries", "bytes", "bits", "" */
    uint64_t def, min, max;
    const char *def_string; /* default of a HW_PARAM_STRING */
    const char *help;       /* one line */
};

/* The parsed value of params[i]; checked against min/max before create() sees it. */
struct hw_value {
    uint64_t u;
    const char *s;
};

/* ---- 3. The environment of a model -------------------------------------------------- */

/* Trace event kinds. A record is struct hw_trace_record; docs/trace.md is its reference. */
enum hw_event {
    HW_EV_TRAP = 1,   /* a = cause, b = EPC */
    HW_EV_RETURN = 2, /* return from trap: a = PC, b = stack pointer */
    HW_EV_FAULT = 3,  /* memory fault: a = exact or page address, b = cause */
    HW_EV_CALL = 4,   /* exokernel call: a = number, b = first argument */
    HW_EV_RESULT = 5, /* its return: a = number, b = result */
    HW_EV_MISS = 6,   /* TLB miss: a = page address, b = access */
    HW_EV_WALK = 7,   /* hardware walk: a = page address, b = levels read */
    HW_EV_INSERT =
        8, /* TLB entry written: a = page address | asid, b = physical page | perms */
    HW_EV_EVICT = 9,    /* TLB entry lost: the same */
    HW_EV_FLUSH = 10,   /* TLB flush: a = scope, b = asid or address */
    HW_EV_IRQ = 11,     /* line change: a = line, b = level; of a banked line
                         * | (core + 1) << 8 */
    HW_EV_TIMER = 12,   /* timer armed: a = deadline */
    HW_EV_CONTEXT = 13, /* running environment changed: a = old, b = new */
    HW_EV_CONSOLE = 14, /* byte written: a = byte */
    HW_EV_WAIT = 15,    /* core went idle / woke: a = 1 / 0 */
    HW_EV_HALT = 16,    /* a = status */
    HW_EV_CODE = 17,    /* code page written, translations dropped: a = physical page */
    HW_EV_GUEST = 256   /* + number: written by the kernel through HW_CORE_TRACE_EVENT */
};

struct hw_trace_record { /* little endian, 32 bytes */
    uint64_t cycle;
    uint16_t event, core;
    uint32_t env;
    uint64_t a, b;
};
_Static_assert(sizeof(struct hw_trace_record) == 32, "trace record layout");

/*
 * What a model may use. `host` is passed back as the first argument of every function.
 * Devices are created before cores; all functions may be called from any model callback
 * except where noted.
 */
struct hw_env {
    void *host;
    const char *node; /* device-tree path, for messages */
    /* Cycle now: of the core whose access is being served, else of the machine. */
    uint64_t (*now)(void *host);
    /* Drive the node's interrupt line. */
    void (*irq)(void *host, bool level);
    /* The same for a banked line, of which each core sees its own level (per-core timer). A
     * node uses either irq or irq_core, never both. */
    void (*irq_core)(void *host, unsigned core, bool level);
    /* Register read() and write() only: charge the core whose access is being served (the
     * machine passes it to hw_cpu_ops.charge). */
    void (*charge)(void *host, uint64_t cycles);
    /* Call the model's event(tag) at cycle `at` (or as soon as possible after). One deadline
     * per tag: a new one replaces the old. `at` = UINT64_MAX cancels. tag < 16. */
    void (*event)(void *host, uint32_t tag, uint64_t at);
    /* Guest memory. 0, or -1 if [pa, pa+len) is not all RAM. */
    int (*dma_read)(void *host, uint64_t pa, void *to, size_t len);
    int (*dma_write)(void *host, uint64_t pa, const void *from, size_t len);
    /* Seeded by the board and --seed; one stream a model instance. */
    uint64_t (*random)(void *host);
    void (*trace)(void *host, enum hw_event ev, uint64_t a, uint64_t b);
    /* The guest misused the device: reported once per distinct message, never fatal. */
    void (*guest_error)(void *host, const char *fmt, ...)
        __attribute__((format(printf, 2, 3)));
    /* Console class only: bytes to and from the user. in() returns the number of bytes read. It
     * waits for the user (no virtual time passes, so a run depends only on what is typed, never
     * on when): 0 = end of input. Call it only when the guest asks for a byte. */
    void (*console_out)(void *host, const uint8_t *bytes, size_t n);
    size_t (*console_in)(void *host, uint8_t *bytes, size_t max);
    /* MMU class only: translations the cpu may have cached changed; drop them. */
    void (*mmu_changed)(void *host);
    /* MMU class only: a register write with the broadcast bit: the machine calls
     * hw_mmu_ops.broadcast(op, a, b) of every other core's instance. */
    void (*mmu_broadcast)(void *host, uint32_t op, uint64_t a, uint64_t b);
    /* INTC class only: request (or drop) an interrupt at a core. */
    void (*core_irq)(void *host, unsigned core, bool level);
};

/* Operations every device (not cpu) has. Offsets are 32-bit aligned, inside the node's reg. */
struct hw_dev_ops {
    /* values[i] belongs to model->params[i]. 0 and *out, or -1 and err. */
    int (*create)(const struct hw_env *env, const struct hw_value *values, unsigned cores,
                  void **out, struct hw_err *err);
    void (*destroy)(void *dev);
    uint32_t (*read)(void *dev, unsigned core, uint32_t off);
    void (*write)(void *dev, unsigned core, uint32_t off, uint32_t value);
    void (*event)(void *dev, uint32_t tag); /* may be NULL */
    /* State as bytes, the same for the same state. save with buf NULL returns the size. */
    size_t (*save)(void *dev, uint8_t *buf, size_t max);
    int (*restore)(void *dev, const uint8_t *buf, size_t len);
    /* One "name value" line per fact, for the viewer and trap reports. Returns the bytes
     * written, less than max; the text is NUL-terminated and cut if it does not fit. */
    size_t (*describe)(void *dev, char *buf, size_t max);
};

/* INTC class: lines of the other devices end here. */
struct hw_intc_ops {
    struct hw_dev_ops dev;
    void (*line)(void *dev, unsigned line, bool level);
    /* A banked line changed for one core (hw_env.irq_core). */
    void (*line_core)(void *dev, unsigned core, unsigned line, bool level);
};

struct hw_mmu_stats {
    uint64_t misses, walks, faults, inserts, flushes;
};

struct hw_mmu_entry {
    uint64_t pa;      /* physical address of the byte at va */
    unsigned allowed; /* bit (1 << enum hw_access) for each access allowed */
    unsigned page_shift;
};

/*
 * MMU class: one instance per core; register accesses reach the accessing core's instance.
 *
 * lookup() is pure: no cost, no state, no trace. The engine's own TLB asks at times that
 * depend on the host, so nothing the guest can see may happen in it.
 * miss() is called by the core at an exact instruction when lookup() said no: it walks,
 * charges *cycles, changes state, traces; it returns 0 (retry; lookup() now allows the
 * access) or the enum hw_cause to trap with.
 * A replacement or flush that removes a translation calls env->mmu_changed() if the entry may
 * have been handed out by lookup() since the last call. Replacement must not depend on hits.
 */
struct hw_mmu_ops {
    struct hw_dev_ops dev;
    enum hw_mmu_kind kind;
    bool (*lookup)(void *mmu, uint64_t va, enum hw_access access,
                   struct hw_mmu_entry *out);
    int (*miss)(void *mmu, uint64_t va, enum hw_access access, uint64_t *cycles);
    void (*stats)(void *mmu, struct hw_mmu_stats *out);
    /* Register write with the broadcast bit: do the same to this (another core's) instance. */
    void (*broadcast)(void *mmu, uint32_t op, uint64_t a, uint64_t b);
    /* log2 of the page size and number of virtual address bits */
    unsigned (*page_shift)(void *mmu);
    /* The parameters the kernel needs, for the hardware table (documented order). */
    unsigned (*table_params)(void *mmu, uint64_t params[HW_MAX_PARAMS]);
};

/* Why a core came back from run(). */
enum hw_stop {
    HW_STOP_DEADLINE, /* cycles >= the deadline given */
    HW_STOP_WAIT,     /* idle; cycles is where it went idle */
    HW_STOP_HALT,     /* powered off; exit.status */
    HW_STOP_PANIC,    /* kernel said so; exit.message */
    HW_STOP_DEAD /* kernel trapped, jumped nowhere, or the vector is unset; exit.message */
};

struct hw_exit {
    uint32_t status;
    char message[256];
    uint64_t pc, badvaddr; /* pc and in_kernel: filled for every stop */
    uint32_t cause;
    bool in_kernel;
};

struct hw_cpu_stats {
    uint64_t user, lib, kernel; /* retired instructions */
    uint64_t traps[HW_CAUSE_COUNT];
    uint64_t steps;   /* instructions taken by the exact stepper */
    uint64_t flushes; /* engine TLB flushes (host effort, not part of the trace) */
};

/* What a core is given besides its struct hw_env. */
struct hw_cpu_wiring {
    uint8_t *ram; /* host mapping of all RAM, page aligned */
    uint64_t ram_size;
    unsigned core, cores;
    const struct hw_mmu_ops *mmu;
    void *mmu_dev;
    /* Device registers outside the core control block. */
    uint32_t (*mmio_read)(void *host, unsigned core, uint32_t pa);
    void (*mmio_write)(void *host, unsigned core, uint32_t pa, uint32_t value);
    /* Exokernel calls: numbers in [first, first+count) trace as HW_EV_CALL and are counted. */
    uint32_t call_first, call_count;
    uint64_t *call_counts; /* count elements, incremented by the core */
    /* One byte per 4 KiB of RAM, shared by all cores and kept by them: 1 = some engine may hold
     * translations of this page, so nobody may have write access to it without telling. */
    uint8_t *code_pages;
    /* A core is about to run code of page pa (withdraw write access everywhere), or to write a
     * page marked as code (drop translations everywhere). The machine passes both on to
     * every core, the caller included, as hw_cpu_ops.code_executed / code_written. */
    void (*code_executed)(void *host, unsigned core, uint64_t pa);
    void (*code_written)(void *host, unsigned core, uint64_t pa);
    /* HW_CORE_REPORT and HW_CORE_IPI, served by the machine. */
    void (*report)(void *host, unsigned core, uint32_t pa);
    void (*ipi)(void *host, unsigned from, unsigned to);
};

struct hw_baseline {
    struct {
        uint64_t va, file_size, mem_size;
        const uint8_t *bytes;
    } segment[8];
    unsigned nsegments;
    uint64_t entry, sp, arg; /* a C function entry(arg), given as in the ISA's C ABI */
};

/*
 * CPU class: one instance per core. It owns the trap unit and the core control block.
 */
struct hw_cpu_ops {
    enum hw_isa isa;
    const char *elf_name; /* "riscv64": folder of guest programs */
    uint16_t elf_machine; /* EM_* its programs must have */
    bool elf64;
    int (*create)(const struct hw_env *env, const struct hw_value *values,
                  const struct hw_cpu_wiring *wiring, void **out, struct hw_err *err);
    void (*destroy)(void *cpu);
    /* Kernel mode, interrupts masked, PC = entry. */
    void (*reset)(void *cpu, uint64_t entry, uint64_t cycle);
    /* Run until cycles >= deadline or another stop. In user mode the stop and the delivery of
     * a pending interrupt are at the exact instruction; kernel mode may pass the deadline by
     * at most one basic block. */
    enum hw_stop (*run)(void *cpu, uint64_t deadline, struct hw_exit *exit);
    uint64_t (*cycles)(void *cpu);
    void (*set_cycles)(void *cpu, uint64_t cycle); /* idle time passes */
    void (*charge)(void *cpu,
                   uint64_t cycles); /* hw_env.charge: in an access of this core */
    void (*set_irq)(void *cpu, bool level);
    void (*set_ipi)(void *cpu, bool level);
    /* Safe in any callback: end run() at the next boundary so that a nearer deadline counts. */
    void (*kick)(void *cpu);
    void (*mmu_changed)(void *cpu);
    /* Page pa now holds code: hand out no write access to it any more. */
    void (*code_executed)(void *cpu, uint64_t pa);
    /* [pa, pa+len) was or will be written (another core, DMA, a loader): drop translations. */
    void (*code_written)(void *cpu, uint64_t pa, uint64_t len);
    uint32_t (*context)(void *cpu); /* HW_CORE_CONTEXT */
    void (*stats)(void *cpu, struct hw_cpu_stats *out);
    size_t (*save)(void *cpu, uint8_t *buf, size_t max);
    int (*restore)(void *cpu, const uint8_t *buf, size_t len);
    size_t (*describe)(void *cpu, char *buf,
                       size_t max); /* registers, "name value" lines */
    /* exosim bench's baseline: run a program image in a plain engine without any hook or model
     * until its first system call; *ns = host time of that run, *result = its first argument
     * register then. 0, or -1 and err. */
    int (*baseline)(const struct hw_baseline *image, uint64_t *ns, uint64_t *result,
                    struct hw_err *err);
};

/* One const struct a model. `ops` is hw_cpu_ops, hw_mmu_ops, hw_intc_ops or hw_dev_ops. */
struct hw_model {
    uint32_t abi; /* HW_ABI */
    enum hw_class class_;
    const char *compatible; /* "exo,mmu-softtlb" */
    const char *summary;    /* one line */
    const struct hw_param *params;
    size_t nparams;
    const void *ops;
};

/* The table of built-in models (hwmodels/models.c), one row each, NULL-terminated. */
extern const struct hw_model *const hw_models[];

/* What a plugin (--plugin FILE.so) exports: a NULL-terminated table of models. */
#define HW_PLUGIN_SYMBOL "exosim_plugin_models"

#endif
