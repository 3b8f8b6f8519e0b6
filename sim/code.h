// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * code.h - what a core is about to execute, in words: instructions (capstone), and the function and
 * line they come from. Images are read once and kept; what the stepper and the viewer share.
 */
#ifndef SIM_CODE_H
#define SIM_CODE_H

#include "kernel_view.h"
#include "machine.h"

struct code;

/* For a machine; view may be NULL: then only the kernel's code has names. Both stay the caller's. */
struct code *code_open(const struct machine *m, const struct kernel_view *view);
void code_close(struct code *c);

/* "sort_lines (workloads/sort.c:88)" of what a core executes at pc; "" if nothing is known. */
void code_where(struct code *c, unsigned core, bool kernel, uint64_t pc, char *text,
                size_t max);
/* The instruction at pc of a core: its length, 0 if there is none (or no translation). */
unsigned code_instruction(struct code *c, unsigned core, uint64_t pc, char *text,
                          size_t max);

#endif
