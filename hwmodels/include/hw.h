// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hw.h - the contract between the simulator (sim/) and its hardware models (hwmodels/).
 *
 * With hw_machine.h, which it includes, it is the only public header of hwmodels/. It holds
 *   1. (hw_machine.h) the machine as guest code sees it;
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

#include "hw_machine.h"

/* Version of this contract. A plugin built against another value is refused. */
#define HW_ABI 3u

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
    HW_EV_DISK_START =
        18, /* request begins: a = first unit, b = enum hw_disk_op << 32 | count */
    HW_EV_DISK_DONE = 19, /* and ends: a the same, b = status << 40 | op << 32 | count */
    HW_EV_NIC_TX = 20,    /* frame leaves: a = bytes, b = hash of them */
    HW_EV_NIC_RX = 21,    /* frame taken by the device: the same */
    HW_EV_NIC_DROP = 22,  /* frame lost for want of room: the same */
    HW_EV_GUEST = 256 /* + number: written by the kernel through HW_CORE_TRACE_EVENT */
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
    /*
     * DISK class only: the medium. Its size is fixed when the machine is made: that of the image,
     * 0 = there is no image (the model says how big a blank disk is by calling store_blank in
     * create(), once; all its bytes are hw_disk_ops.blank; --disk-size may overrule the size: ask
     * store_size again). Reads and writes outside the size are -1. A write is on the medium, for
     * power cuts, according to hw_disk_ops.persist; store_flush makes everything written so far
     * durable. Each store_write counts as one write, but for those in create(), which are the
     * factory's. In event() and in register accesses; in event() the power fails at once.
     */
    uint64_t (*store_size)(void *host);
    int (*store_blank)(void *host, uint64_t size);
    int (*store_read)(void *host, uint64_t off, void *to, size_t len);
    int (*store_write)(void *host, uint64_t off, const void *from, size_t len);
    void (*store_flush)(void *host);
    /* NIC class only: put a frame (Ethernet, without FCS, 14..HW_FRAME_MAX bytes) on the wire. The
     * wire takes as long as hw_nic_ops.bits_per_second says: returns the cycle at which the
     * frame's last bit (and the gap behind it) has left. The model decides when it is
     * ready for the next. */
    uint64_t (*net_send)(void *host, const uint8_t *frame, size_t len);
    /* NIC class only: the station address the machine gives this device, 48 bits, first byte of
     * the address in bits 47..40. Constant. */
    uint64_t (*net_mac)(void *host);
    /* Cycles in a second of the board's clock, for devices whose costs are times (a disk's seek, a
     * wire's rate). Constant. */
    uint64_t clock_hz;
};

/* Ethernet frame with the longest payload, without FCS; the shortest that is delivered. */
#define HW_FRAME_MAX 1514u
#define HW_FRAME_MIN 60u

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

enum hw_disk_op {
    HW_DISK_READ = 1,
    HW_DISK_WRITE = 2, /* flash: program a page */
    HW_DISK_FLUSH = 3,
    HW_DISK_ERASE = 4 /* flash */
};

struct hw_disk_stats {
    uint64_t reads, writes, flushes, erases; /* requests completed */
    uint64_t bytes_read, bytes_written, errors;
};

/*
 * What a power cut does to writes the device had accepted. ORDERED: each is durable in order, the
 * one under way may be torn. CACHED: those since the last flush may have reached the
 * medium or not, in any order. A torn write keeps a prefix of whole `atom` bytes units (ORDERED)
 * or any set of them (CACHED).
 */
enum hw_persist { HW_PERSIST_ORDERED = 1, HW_PERSIST_CACHED = 2 };

/* DISK class. */
struct hw_disk_ops {
    struct hw_dev_ops dev;
    enum hw_disk_kind kind;
    uint8_t blank; /* byte an unwritten medium is made of: 0, or 0xff for erased flash */
    enum hw_persist (*persist)(void *dev, uint32_t *atom);
    void (*stats)(void *dev, struct hw_disk_stats *out);
    /* For the hardware table, in the documented order (exo/machine.h). */
    unsigned (*table_params)(void *dev, uint64_t params[HW_MAX_PARAMS]);
};

struct hw_nic_stats {
    uint64_t tx_frames, tx_bytes, rx_frames, rx_bytes, rx_dropped, interrupts;
};

/* NIC class. receive() is called by the machine at the virtual time a frame has come in whole
 * (HW_FRAME_MIN..HW_FRAME_MAX bytes, no FCS); the device takes it or drops it. */
struct hw_nic_ops {
    struct hw_dev_ops dev;
    enum hw_nic_kind kind;
    void (*receive)(void *dev, const uint8_t *frame, size_t len);
    uint64_t (*bits_per_second)(void *dev);
    void (*stats)(void *dev, struct hw_nic_stats *out);
    unsigned (*table_params)(void *dev, uint64_t params[HW_MAX_PARAMS]);
    /* Would it take this frame now, or lose it for want of room? A router waits (802.3x) until
     * there is room; other stations do not. NULL: always. */
    bool (*ready)(void *dev, const uint8_t *frame, size_t len);
};

/* Why a core came back from run(). */
enum hw_stop {
    HW_STOP_DEADLINE, /* cycles >= the deadline given */
    HW_STOP_WAIT,     /* idle; cycles is where it went idle */
    HW_STOP_HALT,     /* powered off; exit.status */
    HW_STOP_PANIC,    /* kernel said so; exit.message */
    HW_STOP_WATCH,    /* a watch or an observer asked for it: "Observation" below */
    HW_STOP_LIMIT,    /* so many instructions have retired as limit() said */
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

/*
 * Observation, for debuggers and reports. Nothing the guest can see depends on it: neither its
 * time nor the trace. A core that is not observed runs at full speed.
 */
struct hw_observer {
    void *arg;
    /* n instructions retired, from pc on in a straight line; n < 0: that many of those told of, from pc
     * on, did not retire after all. NULL: nobody wants to know. */
    void (*retired)(void *arg, unsigned core, uint32_t context, bool in_kernel,
                    uint64_t pc, int64_t n);
    /* Before every basic block, and every instruction that is stepped: true stops there
     * (HW_STOP_WATCH). Not asked at the place run() begins. NULL: nobody asks. */
    bool (*before)(void *arg, unsigned core, uint32_t context, bool in_kernel,
                   uint64_t pc);
};

struct hw_watch {
    uint64_t pc;
    bool kernel; /* of kernel mode, else of user mode, whatever the environment */
};
#define HW_WATCH_MAX 1024u

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
    /* Observation. observe: NULL ends it. watch: run() stops before the instruction at any of these
     * n <= HW_WATCH_MAX addresses, but not where it begins; on an ISA with delay slots not inside one.
     * limit: the next run()s stop when exactly n more instructions have retired, in kernel mode too;
     * UINT64_MAX: no limit. retired: how many have, exactly, where the core has stopped. */
    void (*observe)(void *cpu, const struct hw_observer *observer);
    void (*watch)(void *cpu, const struct hw_watch *watch, unsigned n);
    void (*limit)(void *cpu, uint64_t n);
    uint64_t (*retired)(void *cpu);
    /* exosim bench's baseline: run a program image in a plain engine without any hook or model
     * until its first system call; *ns = host time of that run, *result = its first argument
     * register then. 0, or -1 and err. */
    int (*baseline)(const struct hw_baseline *image, uint64_t *ns, uint64_t *result,
                    struct hw_err *err);
};

/* One const struct a model. `ops` is the class's: hw_cpu_ops, hw_mmu_ops, hw_intc_ops, hw_disk_ops,
 * hw_nic_ops, else hw_dev_ops. */
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
