// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * abi.h - what an environment and the exokernel say to each other.
 *
 * Calls: number = EXO_CALL_BASE + the number in calls.def, in the ISA's system call register;
 * arguments and results in registers:
 *
 *            number  args                    result, second result
 *   riscv64  a7      a0..a5                  a0, a1
 *   aarch64  x8      x0..x5                  x0, x1
 *   x86_64   rax     rdi rsi rdx r10 r8 r9   rax, rdx      (rcx, r11 survive on this machine)
 *   mips32   v0      a0..a3 t0 t1            v0, v1
 *
 * Except for results, calls preserve every register; pct_* and exc_return say otherwise. A
 * number outside [EXO_CALL_BASE, +EXO_CALL_MAX) is not the kernel's: it goes up to the
 * environment as an exception of cause SYSCALL, EPC behind the instruction.
 *
 * A pointer argument whose page is not translated is not an error: the environment gets the
 * memory fault as an exception with EPC at the call instruction, and the call is retried. Only
 * if the fault could not be delivered (no handler, busy) the call is -EXO_EFAULT.
 */
#ifndef EXO_ABI_H
#define EXO_ABI_H

#include <exo/hwtable.h>
#include <exo/param.h>
#include <exo/types.h>

#define EXO_ABI_VERSION 2u

/* Exit status of an environment the kernel ended: exception without a handler able to take it,
 * env_abort, abort of a frame it cannot live without. */
#define EXO_STATUS_DIED 126u
#define EXO_CALL_BASE 0x2000u
#define EXO_CALL_MAX 128u

enum exo_call_number {
#define EXO_CALL(number, name, hw, kinds, params, what) EXO_CALL_##name = (number),
#include <exo/calls.def>
#undef EXO_CALL
};

/* Results of calls, negated. */
enum exo_error {
    EXO_OK = 0,
    EXO_EPERM = 1,       /* capability does not dominate the guard, or lacks the right */
    EXO_ECAP = 2,        /* no capability in that slot, or no such slot */
    EXO_EENV = 3,        /* no such environment, or not in a state for this */
    EXO_EFRAME = 4,      /* no such frame, or not of a type for this */
    EXO_EBUSY = 5,       /* that name is taken, or the other side is not ready */
    EXO_ENOTHELD = 6,    /* the environment does not hold the frame */
    EXO_EVA = 7,         /* bad virtual address: unaligned, out of range */
    EXO_ERANGE = 8,      /* number, length or slot out of range */
    EXO_EINVAL = 9,      /* flags or field not defined */
    EXO_EFAULT = 10,     /* pointer into memory the caller may not access */
    EXO_ENOTABLE = 11,   /* radix: no page table covers this address */
    EXO_EFULL = 12,      /* a table is exhausted */
    EXO_EAGAIN = 13,     /* nothing now */
    EXO_ENODEVCALL = 14, /* this call does not exist on this board */
    EXO_ENOCALL = 15,    /* no such call number */
    EXO_EOVERLAP =
        16,       /* filter could take packets of another's; extent is partly taken */
    EXO_EIO = 17, /* the device said so */
    EXO_EPROGRAM = 18, /* packet filter is not a valid program */
    EXO_ENAME = 19,    /* no such extent, ring or filter */
    EXO_ENOTSUP = 20,  /* this hardware cannot do it, whatever software does */
    EXO_ENOSYS = 21    /* of a library: it has no code for this hardware (yet) */
};

/* ---- translations ---- */
#define EXO_R 0x1u
#define EXO_W 0x2u
#define EXO_X 0x4u
#define EXO_SOFT0                                                                        \
    0x8u /* radix: kept in the entry if the layout has room, for the library */
#define EXO_SOFT1 0x10u
#define EXO_MAP_FLAGS 0x1fu

/* One update of pt_batch / tlb_batch: va without R, W, X unbinds. cap = slot of the caller. */
struct exo_map {
    uint64_t va; /* page address | flags */
    uint32_t frame, cap;
};

/* One update of region_batch: pages 0 empties the window. */
struct exo_region {
    uint64_t va; /* page address | EXO_R/W/X */
    uint32_t frame, pages;
    uint32_t window, cap;
};
_Static_assert(sizeof(struct exo_region) == 24, "region layout");
/* What region_read tells of a window; all 0 of an empty one. */
enum exo_region_field {
    EXO_REGION_VA = 0, /* page address | EXO_R/W/X */
    EXO_REGION_FRAME = 1,
    EXO_REGION_COUNT = 2 /* pages */
};

/*
 * One call of batch(). Those that concern frames, environments, capabilities, slices and single
 * translations can be batched; any other (it takes a pointer, or gives the processor away) is
 * -EXO_EINVAL. If the first call fails its error is the result; later ones say so by the count.
 */
struct exo_batch {
    uint32_t number; /* EXO_CALL_* */
    uint32_t pad;
    uint64_t arg[6];
};

/* ---- capabilities and guards ---- */
#define EXO_CAP_R 0x1u /* read: bind read-only, examine */
#define EXO_CAP_W 0x2u /* write: bind writable, control */
#define EXO_CAP_G 0x4u /* derive from it, grant it */
#define EXO_CAP_ALL 0x7u

/* A dominates B if A's name is a prefix of B's. A capability satisfies a guard if it dominates
 * it and both have the right asked for. len 0xff: no guard / empty slot. */
struct exo_name {
    uint8_t len, rights;
    uint8_t byte[EXO_CAP_NAME_MAX];
} __attribute__((aligned(8)));
_Static_assert(sizeof(struct exo_name) == 8, "capability layout");
#define EXO_NAME_NONE 0xffu

/*
 * Control of an environment, and taking a resource, needs EXO_CAP_W; cap_derive and cap_grant need
 * EXO_CAP_G in what is passed on, and an empty slot to put it. A slot number out of range is an
 * empty slot: -EXO_ECAP. Control of oneself (e = 0 or one's own number) needs no capability.
 *
 * A boot program number k (from 1) gets slot 0 = name {k}, all rights. Children get copies or
 * derivations by cap_grant. Nobody but the kernel has the root capability (empty name).
 */

/* ---- exported tables: mapped read-only at EXO_EXPORT_VA by the boot loader; their frames have
 * type EXPORT and anyone may bind them read-only anywhere ---- */
enum exo_frame_type {
    EXO_FRAME_FREE = 0,
    EXO_FRAME_KERNEL = 1,
    EXO_FRAME_EXPORT = 2, /* readable by all */
    EXO_FRAME_MODULE = 3, /* boot module: readable by all */
    EXO_FRAME_USER = 4,
    EXO_FRAME_TABLE = 5 /* page table: its holders may bind it read-only */
};

/*
 * Frames. An environment holds a frame by frame_alloc or frame_hold, until frame_free, revocation
 * or death. To bind it (tlb_write, pt_map ...) the address space's environment must hold it, and
 * the capability named must satisfy one of its two guards: R to bind it at all, R and W to bind
 * it writable. Bindings are authorised when they are made; they end when the holding
 * ends, or when frame_guard changes a second guard that was there (all of them, for all
 * environments: ask again). frame_guard with rights 0 removes the second guard; it is
 * -EXO_EBUSY while a frame with one is pinned.
 *   frame_alloc finds the bytes zero (exo_frame.zero stays 1 until a writable binding is made),
 * unless the capability dominates the guard of the frame's last life: then zero may be 0, and
 * the old bytes, which it could have read before, are still there.
 *   A frame that is an environment's upage or page table is -EXO_EBUSY to frame_free.
 */
struct exo_frame {
    uint32_t next_free, prev_free; /* free list by frame number; 0 ends it */
    uint16_t holders;              /* environments that hold it */
    uint16_t maps;                 /* radix: entries that point to it */
    uint8_t type;                  /* enum exo_frame_type */
    uint8_t zero;                  /* 1: all bytes are known to be zero */
    uint16_t pins;                 /* upages, predicates, (later) DMA */
    struct exo_name guard[2];
};
_Static_assert(sizeof(struct exo_frame) == 32, "frame table layout");

/*
 * Environments. The guard is the capability of env_create; the child starts with nothing: no
 * frames, capabilities, slices, translations. Death (exit, env_destroy, env_abort, an exception
 * nobody takes, abort of a frame it cannot live without) releases all it has at once; the row
 * with its status stays until env_free, by its parent or by whoever controls it. Freeing a
 * parent makes its children's parent 0. One that runs on another core dies when that core
 * enters the kernel: until then env_free is -EXO_EBUSY, everything else -EXO_EENV.
 *   The machine powers off with the exit status of boot program 1 when no environment is READY
 * or SLEEP. If all that is left waits for what cannot come any more, and program 1 lives, that
 * is a deadlock and a kernel panic.
 */
enum exo_env_state {
    EXO_ENV_STATE_FREE = 0,
    EXO_ENV_STATE_EMBRYO = 1,
    EXO_ENV_STATE_READY = 2,
    EXO_ENV_STATE_SLEEP = 3, /* waits for its predicate */
    EXO_ENV_STATE_PCT = 4,   /* waits to be entered */
    EXO_ENV_STATE_DEAD = 5
};
/* In the exported row, READY and PCT may lag by up to a slice: transfers do not stop to say so. */

struct exo_env_public {
    uint32_t id, state;
    uint32_t parent, status; /* exit status once dead */
    uint32_t upage_frame, root_frame;
    uint32_t frames;     /* held */
    uint32_t donated_to; /* pct_call: who runs in its slices, 0 nobody */
    uint64_t cycles;     /* processor time used */
    uint64_t excess;     /* owed: paid back by skipped slices */
    struct exo_name guard;
    uint64_t reserved;
};
_Static_assert(sizeof(struct exo_env_public) == 64, "environment table layout");

/* First page of the exported tables. Offsets from the start of the window. */
struct exo_kinfo {
    uint32_t abi, page_shift;
    uint32_t nframes, first_free; /* head of the free list, 0 = none */
    uint32_t free_frames, nenv;
    uint32_t hwtable_off; /* struct exo_hw_table */
    uint32_t frames_off;  /* struct exo_frame[nframes] */
    uint32_t envs_off;    /* struct exo_env_public[EXO_NENV] */
    uint32_t slices_off;  /* uint8_t owner[EXO_NCORE][EXO_NSLICE], 0 = free */
    uint32_t export_frame, export_pages; /* the window itself: consecutive frames */
    uint32_t cores, io_off;              /* struct exo_io_public */
    uint32_t extents_off;                /* struct exo_extent[EXO_NEXTENT] */
    uint32_t rings_off;                  /* struct exo_ring[EXO_NRING] */
    uint32_t filters_off;                /* struct exo_filter[EXO_NFILTER] */
    uint32_t pad;
};

/* ---- upcalls ---- */

/*
 * env_set fields. Entries are addresses; 0 = none. -EXO_EBUSY while another core runs it. UPAGE:
 * the environment must hold the frame, and the capability (also to set one's own) must
 * satisfy its guard for R and W, because the kernel will write it; value 0 takes it away. A pinned
 * frame cannot be freed.
 */
enum exo_env_field {
    EXO_ENV_PC = 0, /* start state: embryo only */
    EXO_ENV_SP = 1,
    EXO_ENV_ARG = 2, /* first argument register */
    EXO_ENV_UPAGE =
        3, /* frame number of its struct exo_upage: held by env, then pinned */
    EXO_ENV_EXCEPTION = 4, /* synchronous: faults, illegal, foreign system calls */
    EXO_ENV_PROLOGUE = 5,  /* slice begins, after slice_end */
    EXO_ENV_EPILOGUE = 6,  /* slice is over: save state, call slice_end */
    EXO_ENV_REVOKE = 7,    /* give up upage.revoke_frame by upage.revoke_deadline */
    EXO_ENV_PCT = 8,       /* entered by pct_call / pct_send */
    EXO_ENV_FIELDS = 9
};

enum exo_upcall {
    EXO_UP_EXCEPTION = 1,
    EXO_UP_PROLOGUE = 2,
    EXO_UP_EPILOGUE = 3,
    EXO_UP_REVOKE = 4
};

/*
 * Where the kernel leaves what it had to take. On an upcall (exception, epilogue, revocation) all
 * registers are as the interrupted code left them except EXO_NSCRATCH scratch registers,
 * whose values are in scratch[], the stack pointer, which is kept (the handler switches), and
 * the PC. scratch registers in order, used by kernel at entry and restored by exc_return:
 *
 *   riscv64 t0 t1 t2 a7    aarch64 x9 x10 x11 x8    x86_64 rcx rdx r11 rax    mips32 k0 k1 t8 v0
 *
 * The last one is the ISA's system call number register: exc_return itself is a call, so
 * whoever resumes an arbitrary context must be able to have it restored from here.
 *
 * The handler may use the scratch registers at once (their contents are unspecified); it finds
 * the page at EXO_UPAGE_VA, or wherever the library OS mapped its upage frame. Status flags
 * (x86 rflags, aarch64 NZCV) are kept.
 *
 * busy is set by the kernel on delivery: until the handler clears it (having copied save away),
 * no asynchronous upcall comes, and another exception kills the environment. exc_return
 * clears it.
 *
 * Asynchronous upcalls that meet busy or critical, or find no entry, set their bit in missed. An
 * epilogue is then lost: notice the bit before the grace is over and call slice_end. A revocation
 * is offered again at later kernel entries until it is delivered, done, or due;
 * revoke_frame and revoke_deadline are already there.
 *
 * The prologue is not delivered this way: it is where slice_end goes on, registers as they were
 * at the call, save and busy untouched (they may hold what the epilogue left). Without a
 * prologue slice_end returns 0.
 */
#define EXO_NSCRATCH 4
struct exo_save {
    uint64_t epc, sp, badvaddr;
    uint32_t cause, upcall; /* CAUSE register; enum exo_upcall */
    uint64_t scratch[EXO_NSCRATCH];
};

struct exo_upage {
    uint32_t busy; /* 0: see above */
    uint32_t
        critical; /* 4: nonzero: defer asynchronous upcalls (robust critical section) */
    uint32_t
        missed; /* 8: 1 << enum exo_upcall deferred or lost meanwhile; library clears */
    uint32_t pad;
    struct exo_save save;  /* 16 */
    uint32_t revoke_frame; /* 80: number of the frame, extent, ring or filter asked for */
    uint32_t revoke_kind;  /* enum exo_resource */
    uint64_t revoke_deadline; /* cycle */
    uint32_t repo_count;      /* frames taken by abort since start; ring below */
    uint32_t repo_pad;
    uint32_t repo[EXO_NREPO]; /* enum exo_resource << 28 | number */
    uint8_t library[];        /* the rest of the page is the library's */
};
_Static_assert(offsetof(struct exo_upage, save) == 16, "upage layout");
_Static_assert(sizeof(struct exo_save) == 64, "save area layout");

/*
 * Slices. Each core runs its positions in order, free ones and those whose owner cannot run are
 * skipped. At the end of a slice the environment that runs gets its epilogue and
 * EXO_GRACE_CYCLES to call slice_end; without an epilogue, or when the grace is over, the
 * kernel saves and restores everything itself. Time used behind the end is the owner's excess;
 * whole slices of it are paid by skipping. yield(env) gives the rest of the slice to env
 * (-EXO_EBUSY if it sleeps or runs on another core), or to whoever env's slices go to. Every
 * environment may take a free position.
 *
 * Revocation. frame_revoke takes a capability that satisfies the frame's first guard for W: the
 * owner may reclaim what it shared. The holder gets the REVOKE upcall when it next runs; if it
 * sleeps it is woken for that (sleep returns -EXO_EAGAIN); in state PCT it cannot be told. If it
 * still holds the frame after `grace` cycles the kernel breaks its bindings, ends its holding
 * and writes the frame into upage.repo[repo_count++ % EXO_NREPO]; a predicate that names it
 * ends (sleep returns -EXO_ENOTHELD). If the frame is its upage or a page table it dies,
 * status EXO_STATUS_DIED.
 */

/* First argument register of a boot program: EXO_ARGS_VA. */
struct exo_args {
    uint32_t argc, len;
    uint32_t env, module; /* own environment; module index in the hardware table */
    char strings[];       /* NUL-separated */
};

/*
 * What the boot loader mapped into a boot program, left at upage.library: one run per stretch
 * of consecutive pages in consecutive frames with the same flags (text bound straight to its
 * module's frames, data, stack, args, upage, exported tables). A library OS needs the frame
 * names to manage, share and give up what it was born with; the area is its own afterwards.
 */
#define EXO_BOOT_MAGIC 0x544f4f42u /* "BOOT" */
struct exo_boot_run {
    uint32_t va, frame, pages, flags; /* EXO_R/W/X */
};
struct exo_boot {
    uint32_t magic, nruns;
    struct exo_boot_run run[];
};

/* ---- protected control transfer ----
 * pct_call(env, accept): the caller enters state PCT, accepting only env `accept` (0: any), the
 * rest of its slice and its coming slices run env; env, which must be in state PCT and accept
 * the caller, goes on at its EXO_ENV_PCT entry in its own address space. All registers pass as
 * they are, SP included, except: result register = caller's environment number. A reply is
 * a pct_call back. pct_send: the same, but the caller stays runnable after its call, its
 * slices stay its own, and only the current slice is given. Nothing is saved for pct_call: save
 * what you need before. FP registers pass too. pct_wait: waits like pct_call, gives nothing.
 *
 * -EXO_EBUSY: env does not wait, or not for the caller; -EXO_EINVAL: the caller has no entry of its
 * own to be answered at. If the environment that one waits for (accept, or the one called) dies,
 * it goes on at its entry with result -EXO_EENV, all other registers and SP 0.
 */

/*
 * ---- wakeup predicates: sum of products over 32-bit words of memory held by the caller (or of
 * exported and module pages). sleep returns 0 when it holds (at once if it does already),
 * -EXO_EAGAIN and -EXO_ENOTHELD as under Revocation. Addresses are translated when sleep is called;
 * their frames are pinned until it returns. Looked at whenever a core chooses a slice. ----
 */
enum exo_pred_op {
    EXO_PRED_EQ = 0, /* *(uint32_t *)va == value */
    EXO_PRED_NE = 1,
    EXO_PRED_GE = 2,   /* unsigned */
    EXO_PRED_TIME = 3, /* cycle >= value */
    EXO_PRED_DEAD = 4  /* environment number va is dead or free */
};
struct exo_pred {
    uint32_t op;
    uint32_t or_;       /* 1: this term starts a new product */
    uint64_t va, value; /* EQ, NE, GE: va aligned to 4, value below 2^32 */
};

enum exo_counter {
    EXO_COUNTER_CYCLES = 0,
    EXO_COUNTER_USER = 1,   /* instructions of the application, on this core */
    EXO_COUNTER_LIB = 2,    /* of the library OS */
    EXO_COUNTER_KERNEL = 3, /* of the exokernel */
    EXO_COUNTER_ENV = 4     /* processor cycles used by the caller */
};

/* Guest trace events (M_TRACE_EVENT), named in the trace after HW_EV_GUEST. */
enum exo_trace {
    EXO_TRACE_UPCALL = 1,    /* a = env, b = enum exo_upcall */
    EXO_TRACE_SLICE = 2,     /* slice begins: a = env, b = slot */
    EXO_TRACE_SLICE_END = 3, /* a = env, b = excess cycles */
    EXO_TRACE_REVOKE = 4,    /* a = env, b = frame */
    EXO_TRACE_ABORT = 5,     /* a = env, b = frame */
    EXO_TRACE_WAKE = 6,      /* a = env */
    EXO_TRACE_DEATH = 7,     /* a = env, b = status */
    EXO_TRACE_CREATE = 8,    /* a = env, b = parent */
    EXO_TRACE_PCT = 9,       /* slow path only: a = from, b = to */
    EXO_TRACE_FORCED = 10,   /* epilogue did not finish in time: a = env */
    EXO_TRACE_EXTENT = 11,   /* extent taken / freed: a = env (0: freed), b = extent */
    EXO_TRACE_RING = 12,     /* ring made / freed: a = env (0: freed), b = ring */
    EXO_TRACE_FILTER = 13, /* filter bound / freed: a = ring + 1 (0: freed), b = filter */
    EXO_TRACE_PACKET =
        14, /* packet put into a ring: a = ring, b = filter << 16 | bytes */
    EXO_TRACE_BATCHED = 15 /* a call made by batch: a = number, b = its first argument */
};

#include <exo/io.h>

#endif
