// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ctx.h - struct ctx, the part of an environment that assembly touches. The same layout on
 * every ISA (64-bit slots, little endian), so that a 32-bit entry.S uses the low words and
 * leaves the high ones zero. KSP points at the running environment's ctx (or at its core's
 * idle ctx), so on a trap the stack pointer register is the address of this struct.
 *
 * Offsets for assembly are the CTX_* constants; ctx.c asserts them.
 */
#ifndef EXO_CORE_CTX_H
#define EXO_CORE_CTX_H

#define CTX_SCRATCH 0    /* 4 x 8: kernel entry's own scratch space */
#define CTX_UPAGE 32     /* physical address of struct exo_upage, 0 = none */
#define CTX_EXC_ENTRY 40 /* EXO_ENV_EXCEPTION, 0 = none */
#define CTX_KSTACK 48    /* top of the C stack of the core it runs on */
#define CTX_PCT_ENTRY 56
#define CTX_STATE 64  /* u32, enum exo_env_state */
#define CTX_ACCEPT 68 /* u32, state PCT: environment it accepts, 0 = any */
#define CTX_ID 72     /* u32 */
#define CTX_ASID 76   /* u32 */
#define CTX_ROOT 80   /* radix: physical address of the root table */
#define CTX_PC 88
#define CTX_SP 96
#define CTX_FLAGS 104   /* x86 rflags, aarch64 NZCV */
#define CTX_REGS 112    /* 32 x 8, order chosen by arch/<isa>: see its regs.h */
#define CTX_HILO 368    /* 2 x 8: mips HI, LO */
#define CTX_DONATED 384 /* u32: pct_call gave its slices to this one, 0 = nobody */
#define CTX_CORE 388    /* u32: core it runs on */
#define CTX_SAVE 392    /* where assembly delivers exceptions: see ctx_update_save() */
#define CTX_ARCH 400    /* arch's own constant */
#define CTX_MMU 408     /* physical address of the MMU's registers (mmu_env_init) */
#define CTX_SWITCH 416 /* the same if assembly may switch to this address space, else 0 */
#define CTX_MISS 424   /* softtlb, hashed: nonzero: a miss goes to mmu_trap() first */
#define CTX_FP 512 /* 576 bytes: FP/SIMD registers, layout by arch (16-byte aligned) */
#define CTX_SIZE 1088

#ifndef __ASSEMBLER__
#include <exo/abi.h>

struct ctx {
    uint64_t scratch[4];
    uint64_t upage, exc_entry, kstack, pct_entry;
    uint32_t state, accept;
    uint32_t id, asid;
    uint64_t root;
    uint64_t pc, sp, flags;
    uint64_t regs[32];
    uint64_t hilo[2];
    uint32_t donated, core;
    uint64_t save, arch, mmu, switch_, miss;
    uint64_t none[10]; /* stands in for a upage: none[0] = 1, always busy */
    uint64_t fp[72];
} __attribute__((aligned(64)));
_Static_assert(offsetof(struct ctx, upage) == CTX_UPAGE, "ctx layout");
_Static_assert(offsetof(struct ctx, state) == CTX_STATE, "ctx layout");
_Static_assert(offsetof(struct ctx, root) == CTX_ROOT, "ctx layout");
_Static_assert(offsetof(struct ctx, regs) == CTX_REGS, "ctx layout");
_Static_assert(offsetof(struct ctx, donated) == CTX_DONATED, "ctx layout");
_Static_assert(offsetof(struct ctx, save) == CTX_SAVE, "ctx layout");
_Static_assert(offsetof(struct ctx, miss) == CTX_MISS, "ctx layout");
_Static_assert(offsetof(struct ctx, fp) == CTX_FP, "ctx layout");
_Static_assert(sizeof(struct ctx) == CTX_SIZE, "ctx layout");

/*
 * Assembly delivers an exception to c->save without asking whether there is a upage and a
 * handler: where one is missing, save is c->none, which is always busy, and busy goes to
 * kernel_trap. Call this after every change of upage or exc_entry, also at death. Assembly
 * runs without the lock: never change them while c runs on another core.
 */
static inline void ctx_update_save(struct ctx *c)
{
    c->none[0] = 1;
    c->save = c->upage != 0 && c->exc_entry != 0 ? c->upage : (uintptr_t)c->none;
}
#endif

#endif
