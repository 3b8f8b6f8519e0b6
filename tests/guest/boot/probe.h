// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * probe.h - <isa>.S: one instruction, run with every register known before and after.
 *
 * probe_*(in, out) loads all registers but the stack pointer from in[], executes the one
 * instruction, stores them all to out[], and puts everything back. In between the stack
 * pointer is `out`. Register n of the ISA is in[n]; probe_isa says which is which.
 */
#ifndef PROBE_H
#define PROBE_H

#include <exo/user.h>

#define PROBE_REGS 32
#define PROBE_FP 32

struct probe_isa {
    uint32_t regs;   /* in[0 .. regs-1] */
    uint32_t unused; /* mask: not a register, or the stack pointer */
    uint8_t number, result, result2, arg0, arg1, address, count;
    uint8_t store_bytes, break_bytes;
};
extern const struct probe_isa probe_isa;

void probe_call(const exo_word *in, exo_word *out);  /* system call */
void probe_break(const exo_word *in, exo_word *out); /* breakpoint */
void probe_store(const exo_word *in, exo_word *out); /* a word to address in[address] */
void probe_spin(const exo_word *in, exo_word *out);  /* counts in[count] down to 0 */

/* The ISA's floating point registers to and from memory. */
void probe_fp_load(const uint64_t *from);
void probe_fp_store(uint64_t *to);
extern const uint32_t probe_fp_bytes; /* how much of them is meaningful */

/*
 * Exception entry: copies struct exo_save to trap_log, counts in trap_count, adds
 * trap_skip to save.epc, and returns by exc_return. Touches only the scratch registers.
 */
void trap_handler(void);
extern struct exo_save trap_log;
extern uint32_t trap_count;
extern uint32_t trap_skip;

void pct_reply(
    void); /* EXO_ENV_PCT entry of the server: pct_call back to whoever entered */
void pct_resume(void); /* of the client: where probe_call goes on */

#endif
