// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * calls_gen.h - what the call fuzzer does next: arguments by the kinds of calls.def, mostly
 * plausible, sometimes wild; structures in the caller's memory; little plays of several calls
 * that reach deep states random calls rarely find.
 */
#ifndef CALLS_GEN_H
#define CALLS_GEN_H

#include "calls_model.h"

uint64_t rnd(void);
uint32_t below(uint32_t n); /* 0 .. n-1 */
void rnd_seed(uint64_t seed);
exo_word wild(void);
/* An argument of kind `kind`, the index-th of call `number`, made by environment me. */
exo_word pick(char kind, uint32_t number, uint32_t index, uint32_t me);
exo_word pick_page(void);
#define POOL_VA 0x580000u /* pages for bindings */

/* One call with result and everything checked. */
exo_sword do_call(uint32_t core, uint32_t number, const exo_word arg[6]);
/* One random thing on a core that runs a program. */
void do_something(uint32_t core);
uint32_t pick_held(uint32_t env); /* a frame that the environment holds */
exo_word pick_frame(uint32_t me); /* any, with luck an interesting one */
/* A frame taken for env (0: the caller) by name; 0 if that fails. */
uint32_t take(uint32_t core, exo_word env, exo_word cap);
void poke(uint32_t env, uint64_t va, const void *from, uint32_t bytes);
#define POKE_VA (HOST_DATA_VA + 0x400)

/* -- calls_net.c -- */
void play_net(uint32_t core);
void play_net_device(void);

/* -- calls_disk_gen.c -- */
void poke_request(uint32_t env);
void play_disk(uint32_t core);
void play_disk_done(void);
extern uint64_t steps_done;
extern uint64_t calls_done[EXO_CALL_MAX], calls_good[EXO_CALL_MAX];

#endif
