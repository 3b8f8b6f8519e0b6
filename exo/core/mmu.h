// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mmu.h - the seam between the exokernel's core and exo/mmu/<kind>.c. It is not a common MMU
 * abstraction for applications: the calls they see (tlb_*, pt_*) differ by kind and live in the
 * kind's file as sys_<name>(). This is only what the core itself needs: to switch, to read a
 * caller's memory, to boot the first programs, to abort a binding, to die.
 */
#ifndef EXO_CORE_MMU_H
#define EXO_CORE_MMU_H

#include "arch.h"

/* Once, on core 0: read parameters from the hardware table. boot_alloc(bytes) gives zeroed, page
 * aligned kernel memory (physical = arch_pa). Panics on a machine it cannot drive. */
void mmu_init(const struct exo_hw_device *dev, void *(*boot_alloc)(size_t bytes));
/* Every core: initialise its own MMU registers. */
void mmu_init_core(void);

/* A fresh embryo has no translations; ctx->asid is set here. */
void mmu_env_init(struct ctx *c);
/* Break every translation of the environment, drop the frame references (frame_unmapped) and
 * table frames. Must not be running on another core. */
void mmu_env_destroy(struct ctx *c);
/* Make c's address space this core's. */
void mmu_switch(const struct ctx *c);

/* Physical address of va if c may do the access, else negative enum exo_error; *cause is the
 * fault the hardware would report (M_CAUSE_* | access bits). */
int mmu_translate(struct ctx *c, uint64_t va, unsigned access, uint64_t *pa,
                  uint32_t *cause);

/* A trap of cause TLB_MISS / PAGE / PROT: true if dealt with (refilled), else it is the
 * environment's. */
bool mmu_trap(struct ctx *c, uint32_t cause, uint64_t badpage);

/* Boot loader only: bind va in embryo c; tables come from frame_boot_alloc(c). flags EXO_R/W/X. */
void mmu_boot_map(struct ctx *c, uint64_t va, uint32_t frame, uint32_t flags);

/* Guaranteed translation of the upage, if the kind needs one (softtlb and hashed wire it). */
void mmu_wire_upage(struct ctx *c, uint32_t frame);

/* Break every translation to frame in environment c (0: in all), on every core. */
void mmu_break_frame(struct ctx *c, uint32_t frame);

/* Invariants of the kind's tables: true if they hold, else *what says which does not. */
bool inv_mmu(const char **what);

/* -- provided by exo/core/frame.c for the kinds -- */
struct exo_frame *frame_get(uint32_t frame); /* NULL if no such frame */
bool frame_held(uint32_t env, uint32_t frame);
void frame_mapped(uint32_t frame);   /* one more entry points to it */
void frame_unmapped(uint32_t frame); /* one fewer; may free it */
/* May `env`, using capability slot cap, bind frame with flags? 0 or negative enum exo_error. Checks
 * type, holding and guards. TABLE, EXPORT, MODULE frames: read only (MODULE also X). */
int frame_may_bind(uint32_t env, uint32_t holder, exo_word cap, uint32_t frame,
                   uint32_t flags);
uint32_t frame_boot_alloc(uint32_t env, uint8_t type); /* panics when out of memory */
/* Held, unmapped, unpinned: zeroed. 0 or negative enum exo_error. */
int frame_make_table(uint32_t env, uint32_t frame);
void frame_drop_table(uint32_t env, uint32_t frame); /* back to the holder as USER */

/* -- provided by exo/core/env.c -- */
/* Environment named by a call's (env, cap) pair: 0 = caller. 0 or negative enum exo_error. */
int env_target(uint32_t caller, exo_word env, exo_word cap, uint8_t right,
               struct ctx **out);
struct ctx *env_ctx(uint32_t env);
bool env_runs(uint32_t env); /* on some core, now */
uint32_t page_shift(void);

/* -- calls: sys_<name>, one prototype each from calls.def -- */
typedef exo_sword sys_fn(struct ctx *c, exo_word a0, exo_word a1, exo_word a2,
                         exo_word a3, exo_word a4);
#define EXO_CALL(number, name, hw, kinds, params, what) sys_fn sys_##name;
#include <exo/calls.def>
#undef EXO_CALL

/* A call that must read the caller's memory and cannot: leaves the fault in the environment and
 * the call is retried after its handler ran. Return this from a sys_fn. */
#define SYS_RETRY ((exo_sword)-1000)
/* Copy from the caller's memory. 0, SYS_RETRY or -EXO_EFAULT. */
exo_sword copy_from_user(struct ctx *c, void *to, exo_word from, size_t len);

_Noreturn void kernel_panic(const char *message);

#endif
