// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rules.h - contract tests of Unicorn itself: what hwmodels/cpu relies on, rule by rule, so that a new
 * release is checked, not trusted. Small machine code for each ISA over identity-mapped RAM.
 */
#ifndef RULES_H
#define RULES_H

#include <CUnit/CUnit.h>
#include <stdbool.h>
#include <stdint.h>
#include <unicorn/unicorn.h>

#define RAM_SIZE 0x200000u
#define CODE 0x10000u
#define DATA 0x20000u
#define MMIO 0xf0000000u

/* One instruction each. */
enum snippet {
    INC,   /* a = a + 1 */
    LOAD,  /* a = word at b: 8 bytes on the 64-bit ISAs */
    STORE, /* word at b = a */
    NEXT,  /* jump to the next instruction: ends the block (MIPS: with its slot) */
    CALL,  /* system call */
    UNDEF, /* undefined instruction */
    BREAK, /* breakpoint */
    SNIPPETS
};

struct isa {
    const char *name;
    uc_arch arch;
    int mode, model;
    int pc, a, b;
    unsigned word;      /* bytes LOAD and STORE move */
    uint32_t call_intr; /* 0: it is an instruction hook */
    uint8_t code[SNIPPETS][8], len[SNIPPETS];
};

enum { RISCV, AARCH64, X86, MIPS, ISAS };
extern const struct isa isas[ISAS];

/* An engine with RAM, exits enabled, and hooks that note what happens. */
struct uni {
    const struct isa *isa;
    uc_engine *uc;
    uint8_t *ram;
    uint64_t end; /* where put() writes next */
    /* fills: refuse this access to this page */
    uint64_t refuse_page;
    int refuse_type;             /* uc_mem_type, 0 = none */
    int grant;                   /* perms to grant; 0 = only what was asked for */
    uint64_t move_from, move_to; /* page at another physical address */
    unsigned fills;
    uint64_t fill_at[64];
    int fill_type[64];
    /* blocks */
    unsigned blocks;
    uint64_t block_pc[64];
    uint32_t block_size[64];
    const void *block_return[64];
    unsigned stop_at_block; /* stop when this many have begun; 0 = never */
    bool flush_in_block;
    /* interrupts */
    unsigned intrs;
    uint32_t intr;
    uint64_t intr_pc;
    /* device */
    unsigned reads, writes;
    unsigned access_size[8];
    bool stop_in_block; /* set by a device write: the next block stops */
    unsigned insns;     /* CODE hook */
    uint64_t insn_pc;
    uint64_t stop_at_insn;
};

struct uni *uni_new(unsigned isa);
void uni_free(struct uni *u);
void uni_hook_blocks(struct uni *u);
void uni_hook_insns(struct uni *u);
/* Append instructions at u->end. */
void uni_put(struct uni *u, enum snippet s);
void uni_bytes(struct uni *u, const void *bytes, size_t n);
void uni_begin(struct uni *u, uint64_t at); /* clear what was noted, next put() is at */
uc_err uni_run(struct uni *u, uint64_t pc);
uint64_t uni_get(struct uni *u, int reg);
void uni_set(struct uni *u, int reg, uint64_t value);

extern CU_TestInfo rules_stop_tests[], rules_code_tests[], rules_fault_tests[],
    rules_state_tests[], rules_x86_tests[];

#endif
