// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rig.h - a machine small enough to test a CPU model: RAM, one core, a table of mappings behind
 * a tiny TLB, one device, a schedule of interrupts, a hash of the trace.
 */
#ifndef RIG_H
#define RIG_H

#include "guest/machine.h"
#include "hw.h"

#define RIG_RAM (2u << 20)
#define RIG_STACK_PA 0x00080000u
#define RIG_MAX_MAPS 96
#define RIG_MAX_TLB 16
#define RIG_TRACE_MAX 4096

struct rig_map {
    uint64_t va, pa;
    unsigned allowed; /* bits of enum hw_access */
    bool ready;       /* false: TLB miss until the kernel asks for it */
};

struct rig_record {
    uint64_t cycle, a, b;
    uint32_t event, core;
};

/* What the test wants of the machine. */
struct rig_config {
    const char *isa;     /* "riscv64" */
    const char *program; /* "mix", or NULL with code/code_len */
    const void *code;
    size_t code_len;
    uint64_t millicycles; /* per instruction */
    uint64_t trap_cycles;
    unsigned tlb;     /* entries; 0 = every mapping always hits */
    uint64_t step;    /* run() in steps of this many cycles; 0 = as long as it takes */
    uint64_t insns;   /* and of this many instructions (limit()); 0 = no matter */
    uint64_t stop_at; /* one extra stop at this cycle; 0 = none */
    uint64_t irq_at, irq_every; /* interrupts; 0 = none */
    unsigned noise;             /* every noise-th callback says mmu_changed; 0 = never */
    bool snapshot;              /* save and restore at each stop */
    uint64_t limit;             /* cycles; 0 = 50 million */
    bool plain;                 /* leave the BLOCK callback (no inline counting) */
    bool writable_text;         /* the program's first page too */
};

struct rig {
    struct rig_config conf;
    const struct hw_model *model;
    const struct hw_cpu_ops *ops;
    const struct hw_mmu_ops *mmu;
    void *cpu;
    uint8_t *ram, *code_pages;
    uint8_t kernel[0x10000], program[0x20000];
    size_t kernel_len, program_len;
    struct rig_map map[RIG_MAX_MAPS];
    unsigned nmaps;
    struct {
        uint64_t page;
        unsigned map, access;
    } tlb[RIG_MAX_TLB];
    unsigned tlb_next, tlb_used;
    uint64_t misses, noise_count, limits, watches; /* limits, watches: such stops */
    void (*watched)(struct rig *r);                /* called at each of those */
    uint64_t next_irq;
    const void *dma;
    size_t dma_len;
    uint64_t call_counts[16];
    struct hw_exit exit;
    enum hw_stop stop;
    uint64_t hash;
    unsigned nrecords;
    struct rig_record record[RIG_TRACE_MAX];
    char guest_error[200];
};

/* Machine and program as new, with the rest of the configuration: cheaper than a new one. */
void rig_again(struct rig *r, const struct rig_config *conf);
/* Aborts the test program with a message if it cannot. */
struct rig *rig_new(const struct rig_config *conf);
void rig_free(struct rig *r);
void rig_map(struct rig *r, uint64_t va, uint64_t pa, unsigned allowed, bool ready);
/* Blocks that count themselves (hwmodels/cpu/inline.c). */
unsigned rig_inlined(struct rig *r);
void rig_set_mmu(struct rig *r, const struct hw_mmu_ops *mmu);
/* Until something else than a deadline. */
enum hw_stop rig_run(struct rig *r);
struct guest_log *rig_log(struct rig *r);
struct hw_cpu_stats rig_stats(struct rig *r);
uint64_t rig_cycles(struct rig *r);
/* Value of a register as describe() prints it; -1 if there is none of that name. */
uint64_t rig_register(struct rig *r, const char *name);

#define RIG_R 1u
#define RIG_W 2u
#define RIG_X 4u

#endif
