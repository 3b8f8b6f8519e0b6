// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mmu.h - a backend: what exos needs of an MMU kind, one const struct each in
 * libos/port/mmu/<kind>.c, picked at start from the hardware table. hooks.def says what each
 * function is to do. Results are 0 or a negative enum exo_error. va arguments are page addresses,
 * "| rights" EXO_R/W/X added. An environment of 0 is the caller's own.
 */
#ifndef EXOS_PORT_MMU_H
#define EXOS_PORT_MMU_H

#include <stdbool.h>

#include <exo/user.h>

#include "batch.h"

/* Code and constants of the fault path. */
#define WIRED __attribute__((section(".text.wired"), noinline))
#define WIRED_DATA __attribute__((section(".rodata.wired")))

struct mmu_ops {
    uint32_t kind; /* enum exo_mmu_kind */
    /* EXO_CALL_*: what bind() calls, (env, cap, va, frame, cap), and unbind(), (env, cap, va,
     * pages), if one call can do it; else 0. Where that of bind() fails, bind() may know more. */
    uint32_t bind_call, unbind_call;
    const char *name;
#define HOOK_mmu(name, type, params, args, contract) type(*name) params;
#include "hooks.def"
};

#define EXO_KIND_MMU(number, name, NAME) extern const struct mmu_ops mmu_##name;
#include <exo/kinds.def>

/* mmu_bind() ...: the hook of this board's backend. */
#define HOOK_mmu(name, type, params, args, contract) type mmu_##name params;
#include "hooks.def"
/* No backend for this MMU that a process can live on; says then what is missing. */
bool mmu_missing(void);

/* For backends, from exos: a frame of the caller's, 0 if there is none. */
uint32_t frame_take(void);
void frame_give_back(uint32_t frame);
/* n of them at once; how many there were. */
uint32_t frame_take_many(uint32_t *frames, uint32_t n);
/* Pages of the fault path's text and their frames: i-th, false behind the last. */
bool vm_wired_text(uint32_t i, uint32_t *va, uint32_t *frame);

#endif
