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

/* One call with result and everything checked. */
exo_sword do_call(uint32_t core, uint32_t number, const exo_word arg[6]);
/* One random thing on a core that runs a program. */
void do_something(uint32_t core);
extern uint64_t steps_done;
extern uint64_t calls_done[EXO_CALL_MAX], calls_good[EXO_CALL_MAX];

#endif
