// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * core.h - the common core of the CPU models: what its files share. Private to hwmodels/cpu.
 *
 *   engine.c   Unicorn engines: opening, fills, running, dropping what is stale
 *   meter.c    retired instructions: budgets, blocks, corrections
 *   inline.c   the same inside translated code, without a call
 *   code.c     code pages: nothing stale is executed, by any engine of any core
 *   registers.c  general registers, all at once
 *   step.c     the exact stepper
 *   trap.c     user -> kernel and back, registers, trace
 *   hidden.c   registers Unicorn does not name
 *   fault.c    what to do with each reason a user engine stopped for
 *   control.c  the core control block and kernel accesses to devices
 *   run.c      run(): the loop, stops, deadlines
 *   observe.c  watched addresses, limits, observers
 *   state.c    save, restore, describe, stats
 *   model.c    create, destroy and the small operations
 *   baseline.c plain Unicorn, for `exosim bench`
 *
 * Engines of a core: U runs user code behind the MMU model; K runs kernel code at physical
 * addresses; each has a stepper (P for U, Q for K), opened when first needed, that stops
 * between any two instructions. All share the machine's RAM. The register file of the
 * running mode is in U or K; a stepper borrows it by context copy and gives it back.
 */
#ifndef CPU_CORE_H
#define CPU_CORE_H

#include "isa.h"

#define PAGE_SHIFT 12
#define PAGE_SIZE ((uint64_t)1 << PAGE_SHIFT)
#define PAGE_OF(a) ((a) & ~(PAGE_SIZE - 1))

/*
 * Pages of an engine's own, behind RAM: the first holds stubs and stands in for a page that is not
 * there; in the others a stepper runs copies of the code that an instruction may overwrite
 * (an engine takes a store to the translation it runs for self-modification, and does it twice).
 */
#define SCRATCH_BASE 0xe8001000u /* physical */
#define SCRATCH_PAGES 3
#define SCRATCH_SIZE (SCRATCH_PAGES * PAGE_SIZE)

#define FETCH_SLOTS 64
#define COUNT_SLOTS 4096
#define RAW_MAX 8 /* code pages one instruction may write */
#define CHUNK_MAX 0x3fffffff

enum engine_kind {
    ENGINE_USER,
    ENGINE_KERNEL,
    ENGINE_USER_STEP,
    ENGINE_KERNEL_STEP,
    ENGINES
};

/* Why engine_run() came back. */
enum engine_out {
    OUT_NONE,    /* by itself (a hint instruction): go on */
    OUT_SHORT,   /* the budget does not cover the next block or instruction */
    OUT_SPECIAL, /* the next block (stepper: instruction) holds a special instruction */
    OUT_NEAR,    /* the next block has to be stepped, to stop inside it */
    OUT_WATCH,   /* an observation stops before the next instruction */
    OUT_CALL,    /* system call instruction, retired */
    OUT_INTR,    /* another exception: number in intr */
    OUT_INVALID, /* undefined or forbidden instruction */
    OUT_FILL,    /* a fill was refused: see refused */
    OUT_BROKEN /* the engine reports something the core does not know: uc_err in error */
};

/*
 * Instructions of one engine run. left counts down; what was taken is start - left, exact when
 * the engine stops between blocks and after meter_end() everywhere. The block is the one
 * that was begun last.
 */
struct meter {
    int64_t left;
    uint64_t lib; /* of those taken: in the library window */
    uint32_t id,
        pad; /* inline.c: the block, if not 0: inline_sync() fills in the fields */
    void (*shorted)(uint64_t, uint64_t, uint64_t, struct engine *); /* inline.c */
    int64_t start;
    uint64_t pc; /* of the block */
    uint32_t size, count;
    bool slot; /* the block is the delay slot of the branch that ended the one before */
};

struct engine {
    struct meter meter; /* first: inline.c */
    struct core *core;
    uc_engine *uc;
    enum engine_kind kind;
    bool kernel, stepper;
    bool window;         /* housekeeping: fills are the identity */
    bool no_inline;      /* tests: leave the callback */
    bool running;        /* inside uc_emu_start() */
    uintptr_t code_low;  /* lowest address of translated code seen */
    bool peek;           /* come back with OUT_NEAR before the first block */
    bool code_full;      /* flush it before it runs */
    bool flush;          /* its TLB holds something withdrawn */
    uint32_t generation; /* of its TLB: counts flushes */
    uint32_t *wrote;     /* per page: generation in which write access was given */
    uint8_t *holds;      /* per page: 1 = it may hold translations */
    uint64_t *drops;     /* pages whose translations must go */
    size_t ndrops, max_drops;
    struct {
        uint64_t va, pa;
        uint32_t generation;
    } fetched[FETCH_SLOTS]; /* va -> pa of code pages given in a generation */
    /* registers.c: what it is known to hold */
    uint64_t reg[CPU_GPR_MAX];
    int reg_id[CPU_GPR_MAX];
    void *reg_at[CPU_GPR_MAX];
    bool reg_known;
    enum engine_out out;
    uint32_t intr;
    uint32_t special_count; /* OUT_SPECIAL, OUT_NEAR: instructions of that block */
    uc_err error;
    struct {
        uint64_t va;
        enum hw_access access;
        bool valid;
    } refused;
    /* Steppers only. */
    uint64_t last_pc; /* instruction begun last */
    bool last_slot;   /* it has a delay slot */
    bool raw;         /* let one instruction write pages marked as code: noted here */
    uint64_t raw_va;  /* page of the instruction */
    uint64_t raw_page[RAW_MAX];
    unsigned nraw;
    bool slot;  /* last_pc is itself a delay slot */
    bool ahead; /* stand in for the page behind: translation looks ahead, we do not */
    uint64_t ahead_va;
};

/* Stops asked for in a device callback, taken at the end of the kernel's block. */
enum core_stop { STOP_NO, STOP_WAIT, STOP_HALT, STOP_PANIC };

struct call_note { /* a system call on its way, per context */
    uint32_t context, number;
    uint64_t epc;
    bool valid;
};
#define CALL_NOTES 64

struct inline_block { /* inline.c: a block by number; size 0 = unused */
    uint64_t pc;
    uint32_t size, count;
};
#define INLINE_BLOCKS 65536u
#define INLINE_PROBES 8u

struct core {
    const struct cpu_isa *isa;
    struct hw_env env;
    struct hw_cpu_wiring w;
    uint64_t npages;
    unsigned mmu_shift;

    struct engine engine[ENGINES];
    uc_context *spare;  /* register file on its way to or from a stepper */
    uc_context *splice; /* of hidden.c */
    size_t fp_at, fp_len, link_at, link_len;
    uc_context *clean; /* user engine, never run: no pending branch */
    uint8_t *scratch;  /* SCRATCH_BASE's pages */

    /* time */
    uint64_t cycle, deadline;
    int64_t
        milli; /* thousandths of a cycle not yet in cycle; below 0: charged too early */
    uint64_t milli_per_insn, trap_cycles, return_cycles;
    uint64_t user, lib, kernel_insns;
    uint64_t traps[HW_CAUSE_COUNT], steps, flushes;

    /* mode and register moves */
    bool kernel;
    bool unclean;              /* the user engine has just raised an exception */
    bool in_slot;              /* user pc is a delay slot whose branch has retired */
    uint64_t pc;               /* of the next instruction */
    uint64_t gpr[CPU_GPR_MAX]; /* the user's, as of the last trap */

    /* trap unit */
    uint64_t epc, usp, badpage, badaddr, ksp;
    uint32_t cause, vector, miss_vector, context;
    uint32_t latch, trace_a, trace_b;
    uint64_t fpr[CPU_FPR_MAX][2];
    void *fpr_at[CPU_FPR_MAX];
    int fpr_id[CPU_FPR_MAX];
    bool fpu;
    bool badaddr_known;
    uint8_t bad_insn[CPU_INSN_MAX];
    size_t bad_insn_len;
    uint64_t bad_pc;
    bool irq, ipi, waiting;

    enum core_stop stop;
    bool kicked; /* come back from run() */
    struct hw_exit exit;
    bool dead;
    unsigned stuck; /* runs without any progress */
    struct call_note note[CALL_NOTES];

    /* variable-width ISAs: instructions of a block, by physical address */
    struct {
        uint64_t key;
        uint16_t count;
        uint8_t special;
    } counts[COUNT_SLOTS];
    /*
     * observe.c. A kernel block is paid for whole when it begins, as a main engine does it, so that what
     * the guest reads of the time is the same if it is stepped; prepaid of its instructions have
     * not retired yet.
     */
    uint32_t prepaid;
    bool hit;           /* an observation asks to stop */
    uint64_t limit_at;  /* stop when core_retired() has reached it */
    uint64_t passed_at; /* no watch stops while it is this: where run() began */
    struct hw_observer observer;
    uint64_t watch[2][HW_WATCH_MAX]; /* of user, of kernel mode: ascending */
    unsigned nwatch[2];

    struct inline_block block[INLINE_BLOCKS];
    bool inline_full; /* forget all blocks, and the translations with their numbers */
};

/* engine.c */
int engine_open(struct core *c, enum engine_kind kind, struct hw_err *err);
void engine_close(struct engine *e);
struct engine *core_engine(struct core *c,
                           enum engine_kind kind); /* opens it; NULL: cannot */
/* Run from pc with the budget given; the meter is exact after it. *pc = where it stopped. */
enum engine_out engine_run(struct engine *e, uint64_t *pc, int64_t budget);
void engine_settle(
    struct engine *e); /* do flushes and drops that wait; not while running */
void engine_drop(struct engine *e, uint64_t pa);
void engine_watch_code(struct engine *e, const void *in_code);
void engine_drop_scratch(struct engine *e);
/* Run a stub of the ISA at SCRATCH_BASE until its system call instruction. 0 or -1. */
int engine_stub(struct engine *e, const void *code, size_t len);
/* Host address of the code byte at va, NULL if e cannot fetch it now. */
const uint8_t *engine_code(struct engine *e, uint64_t va);

/* meter.c */
void meter_block(uc_engine *uc, uint64_t pc, uint32_t size, void *engine);
void meter_insn(uc_engine *uc, uint64_t pc, uint32_t size, void *engine);
/* The run ended at pc inside the block: give back what did not retire. */
void meter_end(struct engine *e, uint64_t pc);
void meter_begin(struct engine *e, uint64_t pc, int64_t budget);
void meter_stop(struct engine *e); /* make it stop at the next block */
uint64_t meter_taken(const struct engine *e);
/* Time was charged to the running engine: the deadline is nearer by as many instructions, exactly as
 * if it had stopped and begun a new run here. */
void meter_shorten(struct core *c);
/* May a block of count instructions begin? The kernel may pass its deadline by a block. */
static inline bool meter_covers(const struct engine *e, uint32_t count)
{
    return e->meter.left >= count || (e->kernel && e->meter.left > 0);
}
/* Of those taken: not prepaid. */
uint64_t meter_unpaid(const struct engine *e);
/* Instructions from `from` up to, not including, `to`, in one block. */
uint32_t meter_distance(struct engine *e, uint64_t from, uint64_t to);
unsigned meter_length(struct engine *e, uint64_t pc);
void meter_forget(struct core *c); /* code changed */
static inline bool meter_in_library(uint64_t pc)
{
    return pc - HW_LIB_WINDOW_LO < HW_LIB_WINDOW_HI - HW_LIB_WINDOW_LO;
}

/* inline.c */
/* The engine's first translated block is at in_code: may it be rewritten? */
void inline_open(struct engine *e, const void *in_code);
/* The block that called back with pc and size, and returns to returns_to, counts itself now. */
void inline_block(struct engine *e, const void *returns_to, uint64_t pc, uint32_t size,
                  uint32_t count);
void inline_sync(struct engine *e); /* pc, size and count of the block begun last */

/* code.c */
void code_mark(struct core *c, uint64_t pa);
void code_store(struct core *c, uint64_t pa);
void core_code_executed(void *cpu, uint64_t pa);
void core_code_written(void *cpu, uint64_t pa, uint64_t len);
static inline bool code_is_marked(const struct core *c, uint64_t pa)
{
    return c->w.code_pages[pa >> PAGE_SHIFT] != 0;
}

/* registers.c */
void registers_init(struct engine *e);
const uint64_t *registers_get(struct engine *e);
void registers_put(struct engine *e, const uint64_t *value);

/* step.c */
/* Up to max instructions in the stepper of the current mode, from c->pc. */
enum engine_out step_run(struct core *c, int64_t max, struct engine **ran);
/* One instruction that stores to a page it runs in. */
enum engine_out step_raw(struct core *c, struct engine **ran);

/* trap.c */
void trap_enter(struct core *c, enum hw_cause cause, uint32_t access, uint64_t epc,
                bool bd);
void trap_return(struct core *c);
void trap_fault_address(struct core *c, uint64_t page, uint64_t pc);
uint64_t trap_badaddr(struct core *c);
void trap_fpu(struct core *c, bool on);

/* hidden.c */
#define LINK_WORDS 3
int hidden_find(struct core *c);
void link_get(struct core *c, struct engine *e, uint64_t link[LINK_WORDS]);
void link_put(struct core *c, struct engine *e, const uint64_t link[LINK_WORDS]);
size_t fp_size(const struct core *c); /* bytes, at most sizeof core.fpr */
void fp_get(struct core *c, struct engine *e, void *to);
void fp_put(struct core *c, struct engine *e, const void *from);
void fp_keep_only(struct core *c, struct engine *e, uc_context *context);

/* fault.c */
void user_stopped(struct core *c, struct engine *ran, enum engine_out out);
void kernel_stopped(struct core *c, struct engine *ran, enum engine_out out);
bool pc_in_slot(struct core *c, struct engine *ran);
__attribute__((format(printf, 2, 3))) void core_die(struct core *c, const char *fmt, ...);

/* control.c */
uint64_t control_read(uc_engine *uc, uint64_t off, unsigned size, void *core);
void control_write(uc_engine *uc, uint64_t off, unsigned size, uint64_t value,
                   void *core);

/* run.c */
int64_t
core_budget(const struct core *c); /* instructions until the deadline, at least 1 */
enum hw_stop core_run(void *cpu, uint64_t deadline, struct hw_exit *exit);
uint64_t
core_now(const struct core *c); /* cycle, also in the middle of an engine's run */
void core_charge(struct core *c, uint64_t insns);
void core_account(struct core *c, struct engine *e); /* meter -> totals and time */
enum core_counter { CORE_CYCLES, CORE_USER, CORE_LIB, CORE_KERNEL };
uint64_t core_counter(const struct core *c, enum core_counter which);

/* observe.c */
void core_observe(void *cpu, const struct hw_observer *observer);
void core_watch(void *cpu, const struct hw_watch *watch, unsigned n);
void core_limit(void *cpu, uint64_t n);
uint64_t core_retired(void *cpu);
void observe_begin(struct core *c); /* run() begins here */
/* Instructions that may retire before the limit. */
int64_t observe_left(const struct core *c);
/* Must the block be stepped, for a stop inside it? */
bool observe_near(const struct engine *e, uint64_t pc, uint32_t size);
/* Does an observation stop before the block or instruction at pc? Then it is noted. */
bool observe_stops(struct engine *e, uint64_t pc);
/* n instructions from pc on retired; n < 0: did not. */
void observe_retired(struct engine *e, uint64_t pc, int64_t n);
void observe_prepay(struct core *c, uint32_t n);
void observe_refund(struct core *c); /* the rest of the block will not retire */

/* state.c */
size_t core_save(void *cpu, uint8_t *buf, size_t max);
int core_restore(void *cpu, const uint8_t *buf, size_t len);
size_t core_describe(void *cpu, char *buf, size_t max);
void core_stats(void *cpu, struct hw_cpu_stats *out);

/* baseline.c */
int core_baseline(const struct cpu_isa *isa, const struct hw_baseline *image,
                  uint64_t *ns, uint64_t *result, struct hw_err *err);

/* model.c */
int core_create(const struct cpu_isa *isa, const struct hw_env *env,
                const struct hw_value *values, const struct hw_cpu_wiring *wiring,
                void **out, struct hw_err *err);
void core_destroy(void *cpu);
void core_reset(void *cpu, uint64_t entry, uint64_t cycle);
uint64_t core_cycles(void *cpu);
void core_set_cycles(void *cpu, uint64_t cycle);
void core_charge_cycles(void *cpu, uint64_t cycles);
void core_set_irq(void *cpu, bool level);
void core_set_ipi(void *cpu, bool level);
void core_kick(void *cpu);
void core_mmu_changed(void *cpu);
uint32_t core_context(void *cpu);
extern const struct hw_param core_params[];
#define CORE_NPARAMS 4

static inline bool core_pending(const struct core *c)
{
    return c->irq || c->ipi;
}

/* The row of a model table for one ISA. */
#define CPU_MODEL(NAME, TEXT, ISA, NUMBER, EM, WIDE)                                     \
    static int create_##NAME(const struct hw_env *env, const struct hw_value *values,    \
                             const struct hw_cpu_wiring *w, void **out,                  \
                             struct hw_err *err)                                         \
    {                                                                                    \
        return core_create(&(ISA), env, values, w, out, err);                            \
    }                                                                                    \
    static int baseline_##NAME(const struct hw_baseline *image, uint64_t *ns,            \
                               uint64_t *result, struct hw_err *err)                     \
    {                                                                                    \
        return core_baseline(&(ISA), image, ns, result, err);                            \
    }                                                                                    \
    static const struct hw_cpu_ops ops_##NAME = {                                        \
        .isa = NUMBER,                                                                   \
        .elf_name = #NAME,                                                               \
        .elf_machine = EM,                                                               \
        .elf64 = WIDE,                                                                   \
        .create = create_##NAME,                                                         \
        .destroy = core_destroy,                                                         \
        .reset = core_reset,                                                             \
        .run = core_run,                                                                 \
        .cycles = core_cycles,                                                           \
        .set_cycles = core_set_cycles,                                                   \
        .charge = core_charge_cycles,                                                    \
        .set_irq = core_set_irq,                                                         \
        .set_ipi = core_set_ipi,                                                         \
        .kick = core_kick,                                                               \
        .mmu_changed = core_mmu_changed,                                                 \
        .code_executed = core_code_executed,                                             \
        .code_written = core_code_written,                                               \
        .context = core_context,                                                         \
        .stats = core_stats,                                                             \
        .save = core_save,                                                               \
        .restore = core_restore,                                                         \
        .describe = core_describe,                                                       \
        .observe = core_observe,                                                         \
        .watch = core_watch,                                                             \
        .limit = core_limit,                                                             \
        .retired = core_retired,                                                         \
        .baseline = baseline_##NAME,                                                     \
    };                                                                                   \
    const struct hw_model hw_cpu_##NAME = {                                              \
        .abi = HW_ABI,                                                                   \
        .class_ = HW_CLASS_CPU,                                                          \
        .compatible = "exo,cpu-" #NAME,                                                  \
        .summary = TEXT,                                                                 \
        .params = core_params,                                                           \
        .nparams = CORE_NPARAMS,                                                         \
        .ops = &ops_##NAME,                                                              \
    }

#endif
