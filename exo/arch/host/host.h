// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * host.h - the exokernel on the host: the same exo/core and exo/mmu/<kind>.c, compiled with
 * EXO_CHECK over a small simulated machine, so that tests and fuzzers drive kernel_trap under
 * sanitizers. There is no guest code: the test plays every program, one trap at a time.
 *
 *   test:  host_boot() -> host_call(core, EXO_CALL_x, ...) -> host_tick(core) -> ...
 *          each runs the kernel on that core until it returns to user mode, idles, or ends
 *
 * Kernel and machine are global, one of each a process: fork for a second one (tests/unit does).
 * Cores are coroutines of one thread; a core that idles inside kernel_trap is suspended there.
 *
 * host_<kind>.c model the MMU kinds with caches that forget nothing they are
 * not told to: a missing invalidation is visible as a stale entry (host_entries()).
 */
#ifndef EXO_ARCH_HOST_H
#define EXO_ARCH_HOST_H

#include "core_priv.h"
#include "host_disk.h"
#include "host_nic.h"

#define HOST_NCORE EXO_NCORE
#define HOST_MMU_BASE 0xf0001000u
#define HOST_INTC_BASE 0xf0002000u
#define HOST_TIMER_BASE 0xf0003000u
#define HOST_CONSOLE_BASE 0xf0004000u
#define HOST_TIMER_LINE 3u
#define HOST_CODE_VA                                                                     \
    0x400000u /* programs made by host_setup: two pages, read and execute */
#define HOST_DATA_VA                                                                     \
    0x500000u /* and one page of data and one of zeroes, read and write */
#define HOST_TRAP_CYCLES 100u

enum host_stop {
    HOST_USER,   /* some environment runs */
    HOST_IDLE,   /* the core waits */
    HOST_HALTED, /* powered off: host.status */
    HOST_PANIC   /* host.message */
};

struct host_config {
    uint32_t cores, frames, programs;
    uint32_t page_shift; /* 0: 12 */
    const char *args;    /* NUL-separated, of each program */
    uint32_t args_len, argc;
    const uint8_t *image; /* program instead of the built-in one */
    uint32_t image_size;
    uint32_t
        variant; /* radix: 0 Sv39-like, 1 two levels of 10 bits with 4-byte entries */
    uint32_t asid_bits;  /* 0: 6, an identifier for each environment; fewer: shared */
    uint32_t disk_kind;  /* enum exo_disk_kind; 0: no disk */
    uint32_t disk_depth; /* queue: 0 HOST_DISK_DEPTH */
    uint32_t nic_kind;   /* enum exo_nic_kind; 0: no network */
};

struct host_event {
    uint32_t event, a, b;
};

/* What the hardware would let the running program do with a page. */
struct host_entry {
    uint64_t va;
    uint32_t frame, asid;
    uint32_t flags; /* EXO_R/W/X */
};

struct host {
    uint8_t *ram;
    uint32_t ram_size, page_shift, cores;
    uint64_t cycles;
    uint32_t current; /* core whose code runs */
    bool halted, panicked;
    uint32_t status;
    char message[256];
    struct exo_hw_report report; /* the last one */
    uint32_t reports;
    char out[65536]; /* console output */
    uint32_t out_len;
    const char *in;
    uint32_t in_len;
    struct host_event event[256]; /* ring */
    uint32_t events;
};
extern struct host host;

/* -- drive.c -- */
/* AddressSanitizer says once a process that it does not like coroutines: before forking. */
void host_first_switch(void);
void host_setup(const struct host_config *config);
/* Put the table into RAM again after a test changed its copy (host_table()). */
struct exo_hw_table *host_table(void);
enum host_stop host_boot(void); /* all cores; what core 0 does then */
enum host_stop host_stop(uint32_t core);
/* The context a core runs in user mode, NULL if it idles or the machine is off. */
struct ctx *host_running(uint32_t core);
uint32_t host_env(uint32_t core); /* its number, 0 */
/* What assembly does when it transfers control without C. */
void host_set_running(uint32_t core, struct ctx *c);
enum host_stop host_trap(uint32_t core, uint32_t cause, uint64_t badvaddr);
/* The running program makes a call. Result register, or HOST_GONE if it does not run any more. */
#define HOST_GONE ((exo_sword)-99999)
exo_sword host_call(uint32_t core, uint32_t number, exo_word a0, exo_word a1, exo_word a2,
                    exo_word a3, exo_word a4, exo_word a5);
/* The running program touches memory: false if its environment got an exception or died. */
bool host_access(uint32_t core, uint64_t va, uint32_t flag, uint8_t **byte);
bool host_load32(uint32_t core, uint64_t va, uint32_t *value);
bool host_store32(uint32_t core, uint64_t va, uint32_t value);
void host_advance(uint64_t cycles); /* time passes, nothing else */
/* Deliver what is pending to a core: interrupt a program, go on after an idle wait. */
enum host_stop host_poll(uint32_t core);
/* Let time pass until this core's timer interrupts. */
enum host_stop host_tick(uint32_t core);
/* Whatever is next for a machine whose cores all idle; false if nothing ever is. */
bool host_next_event(void);
uint32_t host_count_events(uint32_t event);

/* -- machine.c -- */
struct host_core {
    uint64_t deadline, badvaddr, latch;
    bool armed, ipi;
    uint32_t enabled, context, trace_a, trace_b;
    uint64_t fp[2]; /* stands for the FP registers */
};
extern struct host_core host_core[HOST_NCORE];
bool host_pending(uint32_t core);
/* The machine ends or waits inside the kernel: drive.c leaves the coroutine. */
void host_leave(enum host_stop why);

/* -- mmu: host_<kind>.c -- */
uint32_t host_mmu_read(uint32_t core, uint32_t reg);
void host_mmu_write(uint32_t core, uint32_t reg, uint32_t value);
void host_mmu_describe(struct exo_hw_device *dev, const struct host_config *config);
/* One access by the core's user mode: 0 and *pa, or the cause to trap with. */
uint32_t host_mmu_translate(uint32_t core, uint64_t va, uint32_t flag, uint64_t *pa);
/* Everything cached in a core's MMU. Returns the number, at most max. */
uint32_t host_entries(uint32_t core, struct host_entry *out, uint32_t max);
extern const uint32_t host_mmu_kind;
/* The kind's calls, for tests that ask all kinds the same. */
struct host_mmu_calls {
    uint32_t bind, unbind, protect,
        batch;     /* EXO_CALL_*: (env, cap, va, frame, fcap) ... */
    uint32_t wire; /* (env, cap, slot, va, frame, fcap); 0: the kind loses no binding */
    uint32_t first, last; /* all of the kind's calls lie between */
};
extern const struct host_mmu_calls host_mmu_calls;

#endif
