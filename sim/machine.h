// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * machine.h - a board come to life: RAM, model instances wired to each other, and virtual time.
 *
 * Time. Every core counts its own cycles. Whoever is behind runs next, up to the first of: the
 * next event, the board's quantum past the next core behind it, --max-cycles. An event is
 * delivered when every core that is not idle has reached it. So the interleaving is a function
 * of the board, the programs, the inputs and the seed. Virtual time moves only in a core's
 * run(), by charge(), and when all cores are idle (it jumps to the next event).
 *
 * A machine has no global state: many can live in one process.
 */
#ifndef SIM_MACHINE_H
#define SIM_MACHINE_H

#include "board.h"
#include "bus.h"
#include "calls.h"
#include "console.h"
#include "event.h"
#include "loader.h"
#include "net.h"
#include "record.h"
#include "store.h"
#include "trace.h"

struct machine;

struct machine_setup {
    const struct board *board;
    const struct load_plan *plan;
    const struct calls *calls;
    struct console *console;
    unsigned cores;      /* 0: the board's */
    uint64_t ram_size;   /* 0: the board's */
    uint64_t max_cycles; /* 0: no limit */
    bool seeded;         /* else the board's seed */
    uint64_t seed;
    const char *trace_path; /* NULL: no file */
    struct record *record;  /* of its input from outside, borrowed; NULL: none */
    struct net *net;        /* the network port, borrowed; NULL: one without a wire */
    struct store *store;    /* the disk's medium, borrowed; NULL: a blank one */
    /* The kernel reports an environment that died of a trap. */
    void (*report)(void *arg, struct machine *m, unsigned core,
                   const struct hw_report *r);
    void *report_arg;
};

enum machine_end {
    MACHINE_HALT,        /* status */
    MACHINE_PANIC,       /* the kernel gave up; exit.message */
    MACHINE_DEAD,        /* the kernel trapped; exit */
    MACHINE_LIMIT,       /* --max-cycles */
    MACHINE_STUCK,       /* all cores idle and nothing can wake them */
    MACHINE_CUT,         /* --power-cut: exit.message */
    MACHINE_INTERRUPTED, /* by the user */
    MACHINE_DIVERGED,    /* --replay: not the recorded run; exit.message */
    MACHINE_HOST         /* the host failed; message in exit.message */
};

struct machine_outcome {
    enum machine_end end;
    unsigned core;
    struct hw_exit exit;
};

struct machine_stats {
    uint64_t cycles;
    struct hw_cpu_stats cpu; /* sums */
    struct hw_mmu_stats mmu;
    struct hw_disk_stats disk;
    struct hw_nic_stats nic;
    struct net_stats net;
    uint64_t store_writes; /* of the disk to its medium: what --power-cut counts */
    uint64_t calls[CALLS_MAX];
    uint64_t trace_hash, trace_records, console_bytes;
};

int machine_create(const struct machine_setup *setup, struct machine **out,
                   struct err *err);
/* Where to stop: as soon as one of these is reached by the core that runs, at the next place a
 * core can stop: between any two instructions in user mode, behind a basic block in kernel mode;
 * or at a watch. Stops change nothing of what follows. */
struct machine_until {
    uint64_t cycle, record, instruction; /* EVENT_NEVER: no matter */
    uint64_t hold; /* idle time does not pass beyond this cycle; 0: no matter */
    bool exact;    /* at this very instruction, in kernel mode too */
};
#define MACHINE_UNTIL_END                                                                \
    {                                                                                    \
        EVENT_NEVER, EVENT_NEVER, EVENT_NEVER, 0, false                                  \
    }
/* Run on. True: stopped where it was asked to; false: the machine came to its end, see *out. */
bool machine_advance(struct machine *m, const struct machine_until *until,
                     struct machine_outcome *out);
/* Addresses to stop before, for all cores, in place of those before (hw.h, "Observation"). */
void machine_watch(struct machine *m, const struct hw_watch *watch, unsigned n);
/* Did the last machine_advance() stop at a watch, or because the observer said so? Then by *core. */
bool machine_watched(const struct machine *m, unsigned *core);
/* Called whenever machine_advance() stopped so, before it returns; NULL: nobody. For those who do not
 * call machine_advance() themselves. */
void machine_on_watch(struct machine *m,
                      void (*fn)(void *arg, struct machine *m, unsigned core), void *arg);
/* Who is told of every instruction that retires; NULL: nobody. */
void machine_observe(struct machine *m, const struct hw_observer *observer);
/* It ends here, by the user's wish. */
void machine_interrupted(struct machine *m, struct machine_outcome *out);
/* How far a machine has come. */
struct machine_place {
    uint64_t record;      /* trace records written */
    uint64_t cycle;       /* machine_reached() */
    uint64_t latest;      /* machine_cycles(): never goes back */
    uint64_t instruction; /* retired by all cores */
};
struct machine_place machine_place_of(const struct machine *m);
/* From a signal handler, or a wire while the machine runs: look at `until` again soon. */
void machine_stop_soon(struct machine *m);
/* Is every core idle? Then only an event goes on. */
bool machine_idle(const struct machine *m);
/* Cycle of the core that runs next, or when all are idle of what comes next (EVENT_NEVER:
 * nothing). */
uint64_t machine_reached(const struct machine *m);
/* To the end. */
void machine_run(struct machine *m, struct machine_outcome *out);
void machine_get_stats(const struct machine *m, struct machine_stats *out);
void machine_core_stats(const struct machine *m, unsigned core, struct hw_cpu_stats *cpu,
                        struct hw_mmu_stats *mmu, uint64_t *cycles);
/* Frees everything; ERR_USER if the trace file is incomplete. */
int machine_destroy(struct machine *m, struct err *err);

const struct machine_setup *machine_setup_of(const struct machine *m);
unsigned machine_cores(const struct machine *m);
enum hw_isa machine_isa(const struct machine *m);
uint64_t machine_cycles(const struct machine *m);
unsigned machine_page_shift(const struct machine *m);
const struct trace *machine_trace(const struct machine *m);
/* Be given the trace's records, a full buffer at a time (trace.h); NULL: no more. After going back they
 * come again. */
void machine_tap(struct machine *m,
                 void (*tap)(void *arg, uint64_t first, const struct hw_trace_record *r,
                             size_t n),
                 void *arg);
/* The next instructions' bytes at an address of a core, as it would fetch them: how many, up to n; 0 if
 * the address is not translated now. */
size_t machine_peek_code(const struct machine *m, unsigned core, uint64_t va, void *to,
                         size_t n);
/* The same for what user mode may read, write or fetch there, whatever the core does now. */
size_t machine_peek_user(const struct machine *m, unsigned core, uint64_t va, void *to,
                         size_t n);
/* What the i-th model of a class says of itself, "name value" lines; false if there is none. */
bool machine_describe_device(const struct machine *m, enum hw_class class_, unsigned i,
                             char *text, size_t max);
/* n bytes of RAM at pa; false if they are not all RAM. */
bool machine_peek(const struct machine *m, uint64_t pa, void *to, size_t n);
struct bus *machine_bus(struct machine *m);
/* The core that runs next, or of which the turn is. */
unsigned machine_current(const struct machine *m);
/* Program counter of a core when it last stopped. */
uint64_t machine_pc(const struct machine *m, unsigned core, bool *in_kernel);
uint32_t machine_context(const struct machine *m, unsigned core);
/* Bytes of guest RAM the host holds in memory now. */
uint64_t machine_resident_ram(const struct machine *m);
/* A core's registers, "name value" lines. */
size_t machine_describe(const struct machine *m, unsigned core, char *buf, size_t max);

#endif
