// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mmu.h - a backend: what exos needs of an MMU kind, one const struct each in
 * libos/port/mmu/<kind>.c, picked at start from the hardware table. Results are 0 or a
 * negative enum exo_error. va arguments are page addresses, "| rights" EXO_R/W/X added.
 * An environment of 0 is the caller's own.
 */
#ifndef EXOS_PORT_MMU_H
#define EXOS_PORT_MMU_H

#include <exo/user.h>

#include "batch.h"

/* Code and constants of the fault path. */
#define WIRED __attribute__((section(".text.wired"), noinline))
#define WIRED_DATA __attribute__((section(".rodata.wired")))

struct mmu_ops {
    uint32_t kind;        /* enum exo_mmu_kind */
    uint32_t bind_call;   /* EXO_CALL_*: what bind() calls, (env, cap, va, frame, cap) */
    uint32_t unbind_call; /* what unbind() calls, (env, cap, va, pages) */
    const char *name;
    /* One translation of the caller. Part of the fault path: lives in .text.wired, touches
     * only registers and the stack, except for making what the MMU kind lacks (a table). */
    int (*bind)(uint32_t va_rights, uint32_t frame);
    /* Many, of any environment whose space was made. */
    int (*batch)(uint32_t env, const struct exo_map *maps, uint32_t n);
    int (*unbind)(uint32_t va, uint32_t pages);
    /* Cut the rights of those of the caller's translations that exist. */
    int (*protect)(uint32_t va_rights, uint32_t pages);
    /* The pages an upcall runs on, of the caller or of an embryo, are bound already: make them
     * guaranteed if the kind knows that. Queues its calls, like space(). */
    void (*window)(struct batch *b, uint32_t env, uint32_t upage, uint32_t upstack);
    /* An embryo gets what must exist before batch(env, maps, n). */
    int (*space)(struct batch *b, uint32_t env, const struct exo_map *maps, uint32_t n);
};

extern const struct mmu_ops mmu_softtlb, mmu_radix;

/* For backends, from exos: a frame of the caller's, 0 if there is none. */
uint32_t frame_take(void);
void frame_give_back(uint32_t frame);
/* n of them at once; how many there were. */
uint32_t frame_take_many(uint32_t *frames, uint32_t n);
/* Pages of the fault path's text and their frames: i-th, false behind the last. */
bool vm_wired_text(uint32_t i, uint32_t *va, uint32_t *frame);

#endif
