// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * core_priv.h - the exokernel's own state, shared by the files of exo/core and by its checkers
 * (inv.c, exo/arch/host). Each struct and group of functions says which file owns it. Nothing
 * here is allocated after boot; all tables are sized by param.h or by the machine's memory.
 *
 * Everything is protected by the big lock (lock.c), held from kernel_trap's first to its last
 * statement; an idle core gives it up while it waits.
 */
#ifndef EXO_CORE_PRIV_H
#define EXO_CORE_PRIV_H

#include "mmu.h"

#define UNUSED __attribute__((unused))

/* mem.c; on the host the C library's. */
void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);

/* Head of the implementation of call `name`; a0..a4 are its arguments in calls.def's order. */
#define SYS(name)                                                                        \
    exo_sword sys_##name(struct ctx *c UNUSED, exo_word a0 UNUSED, exo_word a1 UNUSED,   \
                         exo_word a2 UNUSED, exo_word a3 UNUSED, exo_word a4 UNUSED)

/* A call that leaves the caller's result register alone: it died, or its registers were given
 * away. Return this from a sys_fn. */
#define SYS_NONE ((exo_sword)-1001)

#define NEVER UINT64_MAX

/* -- boot.c: the machine we run on, constant after boot -- */
struct machine {
    uint32_t cores, page_shift, page_size, nframes, mmu_kind;
    uint32_t timer, intc, console; /* register bases, 0 = none */
    uint32_t timer_line;           /* masks in the interrupt controller */
    uint32_t disk_line, nic_line;  /* 0: none */
    uint32_t disk_kind, nic_kind;  /* that a driver knows, 0: none */
    const struct exo_hw_table *table;
    struct exo_kinfo *kinfo;      /* first page of the exported window */
    struct exo_frame *frame;      /* [nframes], exported */
    struct exo_env_public *env;   /* [EXO_NENV], exported */
    uint8_t (*slice)[EXO_NSLICE]; /* [EXO_NCORE], exported: owner, 0 = free */
    struct exo_io_public *io;     /* exported */
    struct exo_extent *extent;    /* [EXO_NEXTENT], exported; NULL: no disk */
    struct exo_ring *ring;        /* [EXO_NRING], exported; NULL: no network */
    struct exo_filter *filter;    /* [EXO_NFILTER], exported; NULL: no network */
};
extern struct machine machine;

/* -- env.c -- */
struct pred_term {
    uint32_t op, or_;
    const volatile uint32_t *word; /* EQ, NE, GE: in a pinned frame */
    uint32_t frame;                /* the pinned frame, 0 = none */
    uint32_t env;                  /* DEAD */
    uint64_t value;
};

/* What the kernel knows of an environment beside its ctx and its exported row. */
struct env {
    struct exo_name cap[EXO_NCAP];
    uint64_t prologue, epilogue, revoke; /* entries, 0 = none */
    uint32_t *held;                      /* a bit per frame */
    uint32_t module;                     /* boot module it descends from */
    uint32_t on_core;                    /* 1 + core it runs on, 0 = on none */
    uint32_t npred;                      /* state SLEEP: terms below */
    uint32_t nrevoke;                    /* revocations pending for it */
    uint32_t kill_status;
    bool killed;         /* to die at its core's next kernel entry */
    bool wants_prologue; /* called slice_end */
    struct pred_term pred[EXO_NPRED];
};
extern struct env envs[EXO_NENV];

void env_table_init(void *(*boot_alloc)(size_t bytes));
/* Take a free environment: embryo with empty slots, guard and parent as given. */
void env_make(uint32_t id, const struct exo_name *guard, uint32_t parent,
              uint32_t module);
void env_state(struct ctx *c, uint32_t state); /* also in the exported row */
/* Bring the exported rows up to date with what assembly changed in ctxs. */
void env_publish(void);
bool env_valid(exo_word id); /* 1 .. EXO_NENV-1 */

/* -- death.c -- */
/* The environment dies now: everything it has is released. Must not run on another core. */
void env_die(struct ctx *c, uint32_t status);
/* It dies now, or, if another core runs it, at that core's next kernel entry. */
void env_kill(struct ctx *c, uint32_t status);
/* It dies of a trap: report it to the machine. */
void env_die_of(struct ctx *c, const struct exo_save *save);
_Noreturn void machine_stuck(void); /* nothing will ever happen again */

/* -- cap.c; these are asked all the time, so they are here -- */
typedef uint64_t __attribute__((may_alias)) name_bits;
extern const uint64_t name_prefix[EXO_CAP_NAME_MAX + 1];
/* a's name is a prefix of b's */
static inline bool name_dominates(const struct exo_name *a, const struct exo_name *b)
{
    if (a->len > b->len || b->len > EXO_CAP_NAME_MAX)
        return false;
    uint64_t differ = *(const name_bits *)a ^ *(const name_bits *)b;
    return (differ & name_prefix[a->len]) == 0;
}
static inline bool name_satisfies(const struct exo_name *cap,
                                  const struct exo_name *guard, uint32_t rights)
{
    return (cap->rights & guard->rights & rights) == rights && name_dominates(cap, guard);
}
/* Capability in a slot of environment id: 0 or -EXO_ECAP. */
static inline int cap_get(uint32_t id, exo_word slot, const struct exo_name **out)
{
    if (slot >= EXO_NCAP || envs[id].cap[slot].len == EXO_NAME_NONE)
        return -EXO_ECAP;
    *out = &envs[id].cap[slot];
    return 0;
}
void cap_clear(struct exo_name *slot);

/* -- frame.c -- */
/* Frames below boot_end and [export_first, +export_count) and modules are never free. */
void frame_table_init(uint32_t boot_end, uint32_t export_first, uint32_t export_count);
struct exo_frame *frame_named(exo_word frame); /* NULL if no such frame; 0 is none */
void *frame_bytes(uint32_t frame);
void frame_pin(uint32_t frame);
void frame_unpin(uint32_t frame);
void frame_add_holder(uint32_t env, uint32_t frame);
/* Break env's bindings to the frame and take it from env; the last one frees it. */
void frame_take(struct ctx *c, uint32_t frame);
void frame_take_all(struct ctx *c); /* at death: bindings are already gone */
/* Does the capability in env's slot satisfy one of the frame's guards? 0 or negative error. */
int frame_authority(uint32_t env, exo_word cap, const struct exo_frame *f,
                    uint32_t rights);

/* -- core.c: what a processor is doing -- */
enum slice_phase { SLICE_NONE, SLICE_RUN, SLICE_GRACE };
struct core {
    uint32_t id;
    struct ctx *running; /* whose registers, translations and FP state are on this core */
    struct ctx *next;    /* whom to resume; NULL: the slice is over, choose */
    bool idle;
    bool fp_passed; /* protected control transfer: FP registers go along */
    enum slice_phase phase;
    uint32_t slot, owner; /* position and owner of the running slice */
    uint64_t slice_end;
    uint64_t since; /* processor time of `running` is charged from here */
};
extern struct core cores[EXO_NCORE];

void core_init(uint32_t id);
void core_follow(struct core *me, struct ctx *c); /* c runs here, not whom we believed */
struct ctx *core_go_on(struct core *me);          /* the context to resume */
void core_forget(struct ctx *c);                  /* it died: no core has it any more */
void core_charge(struct core *me, uint64_t now);
void core_interrupt(struct core *me, struct ctx *c);
void core_wake_idle(void); /* somebody became runnable */

/* -- time.c -- */
uint64_t time_now(void);
uint64_t core_read64(uint32_t reg);
void timer_arm(struct core *me, uint64_t at); /* NEVER disarms */

/* -- slice.c -- */
/* The environment that runs in o's slices: itself, or whoever it donated to; NULL: nobody. */
struct ctx *slice_runner(const struct core *me, uint32_t o);
struct ctx *slice_choose(struct core *me);
bool slice_any_runnable(void);
void slice_close(struct core *me, uint64_t now);
void slice_tick(struct core *me, struct ctx *c, uint64_t now);
void slice_arm(struct core *me);
void slice_prologue(struct ctx *c); /* it goes on after slice_end */
void slice_drop_all(uint32_t env);

/* -- sleep.c -- */
void sleep_wake(uint64_t now);     /* wake those whose predicate holds */
uint64_t sleep_next(uint64_t now); /* earliest time after now that a predicate names */
void sleep_end(struct ctx *c, exo_sword result);
void sleep_release(struct env *e); /* unpin the predicate's frames */
bool sleep_uses(const struct env *e, uint32_t frame);

/* -- revoke.c -- */
uint64_t revoke_next(void); /* earliest deadline */
void revoke_expire(uint64_t now);
void revoke_deliver(struct ctx *c); /* upcall to the environment about to run */
/* The body of every <kind>_revoke call: ask env for a resource that exists and has this guard,
 * with the caller's capability `cap`; taken at +grace. 0 or negative error. */
exo_sword revoke_ask(struct ctx *c, enum exo_resource kind, uint32_t number,
                     const struct exo_name *guard, exo_word env, exo_word cap,
                     exo_word grace);
void revoke_done(uint32_t env, enum exo_resource kind, uint32_t number);
void revoke_drop_all(uint32_t env);

/* -- copy.c -- */
#define M_ACCESS_READ 0u
#define M_ACCESS_WRITE 1u
/* Physical address of a byte of the caller's memory: 0, SYS_RETRY or -EXO_EFAULT. */
exo_sword user_address(struct ctx *c, uint64_t va, unsigned access, uint64_t *pa);

/* -- ipc.c -- */
void pct_partner_died(uint32_t dead);

/* -- upcall.c -- */
struct exo_upage *upage_of(const struct ctx *c); /* NULL if it has none */
/* Synchronous: deliver, or the environment dies of it. */
void upcall_exception(struct ctx *c, uint32_t cause, uint64_t epc, uint64_t badvaddr);
bool upcall_can_except(const struct ctx *c);
/* Asynchronous: false (and noted in upage.missed) if busy, critical or without entry. */
bool upcall_async(struct ctx *c, enum exo_upcall kind, uint64_t entry);

/* -- call.c -- */
void call_init(void); /* when the board is known */
void call_dispatch(struct ctx *c, uint32_t number);
sys_fn *call_here(uint32_t number); /* what answers it on this board */
/* -- export.c -- */
/* Bytes of the window for this machine; lay it out at `base`. */
uint32_t export_size(const struct exo_hw_table *t, uint32_t nframes);
void export_init(void *base, uint32_t bytes);
/* -- elf.c -- */
struct elf_segment {
    uint64_t va, offset, file_size, mem_size;
    uint32_t flags; /* EXO_R/W/X */
};
/* Entry and number of program headers of a static executable. 0 or negative ELF_*. */
int elf_open(const uint8_t *image, uint64_t size, bool wide, uint64_t *entry,
             uint32_t *count);
/* Program header i: 1 = to be loaded, 0 = not, negative ELF_*. */
int elf_segment(const uint8_t *image, uint64_t size, bool wide, uint32_t i,
                struct elf_segment *out);
enum elf_error {
    ELF_SHORT = 1,   /* truncated header, table or segment */
    ELF_MAGIC = 2,   /* not an ELF file */
    ELF_CLASS = 3,   /* wrong word size or byte order */
    ELF_TYPE = 4,    /* not a static executable */
    ELF_TABLE = 5,   /* program header table of a wrong form */
    ELF_SEGMENT = 6, /* segment sizes contradict each other */
    ELF_ADDRESS = 7  /* segment or entry outside the program's addresses */
};
const char *elf_message(int error);
/* -- program.c -- */
void program_load(uint32_t env, uint32_t module);

/* -- console.c, lock.c, panic.c, inv.c -- */
void lock_take(void);
void lock_give(void);
static inline void kernel_lock(void)
{
    if (machine.cores > 1)
        lock_take();
}
static inline void kernel_unlock(void)
{
    if (machine.cores > 1)
        lock_give();
}
_Noreturn void machine_halt(uint32_t status);
/* In a predicate: it does not hold, and this is what. */
#define INV(condition)                                                                   \
    do {                                                                                 \
        if (!(condition)) {                                                              \
            *what = "invariant: " #condition;                                            \
            return false;                                                                \
        }                                                                                \
    } while (0)
bool inv_frames(const char **what);
bool inv_envs(const char **what);
bool inv_caps(const char **what);
bool inv_slices(const char **what);
bool inv_revoke(const char **what);
bool inv_sleep(const char **what);
bool inv_export(const char **what);
bool inv_all(const char **what);

static inline void trace(enum exo_trace event, uint32_t a, uint32_t b)
{
    arch_mmio_write(M_CORE_BASE + M_TRACE_A, a);
    arch_mmio_write(M_CORE_BASE + M_TRACE_B, b);
    arch_mmio_write(M_CORE_BASE + M_TRACE_EVENT, event);
}

#endif
